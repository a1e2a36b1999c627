import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import type { Direction } from "../../../src/stream/consumer.ts";
import { alpn, bytesOf, changeCipherSpec, concat, message, record } from "../../build/tls.ts";
import { converse, type ConversationOptions } from "../../build/tls-conversation.ts";
import { decodeTls, type Turn } from "../../build/tls-decoding.ts";
import { clientHello13, keyLog13, Sealer, secrets13, serverHello13 } from "../../build/tls-sealer.ts";

/** Bytes that tell at a glance where they come from. */
function text(length: number, seed: string): Buffer {
  return Buffer.from(seed.repeat(Math.ceil(length / seed.length)).slice(0, length));
}

const script = [text(120, "GET / "), text(40_000, "answer-"), text(7, "again"), text(1, "x")];
const said = (direction: Direction): Buffer => Buffer.concat(script.filter((_, at) => at % 2 === direction));

const noEncryptThenMac = { secureOptions: 1 << 19 };
const old = { minVersion: "TLSv1", ciphers: "DEFAULT:@SECLEVEL=0" } as const;

function suite13(name: string): ConversationOptions {
  return { client: { minVersion: "TLSv1.3", ciphers: name }, server: { ciphers: name } };
}

function suite12(name: string, options: object = {}): ConversationOptions {
  const version = { maxVersion: "TLSv1.2", ciphers: name, ...options } as const;
  return { client: version, server: { ...version, dhparam: "auto" }, key: name.includes("ECDSA") ? "P-256" : "RSA" };
}

const conversations: readonly (readonly [string, ConversationOptions])[] = [
  ...[
    "AES_128_GCM_SHA256",
    "AES_256_GCM_SHA384",
    "CHACHA20_POLY1305_SHA256",
    "AES_128_CCM_SHA256",
    "AES_128_CCM_8_SHA256",
  ].map((name) => [`TLS_${name}`, suite13(`TLS_${name}`)] as const),
  ...[
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-AES128-GCM-SHA256",
    "AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-CCM",
    "ECDHE-ECDSA-AES256-CCM8",
    "AES128-CCM8",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA256",
    "ECDHE-RSA-AES256-SHA384",
    "AES256-SHA256",
    "ECDHE-RSA-CAMELLIA256-SHA384",
  ].map((name) => [name, suite12(name)] as const),
  ["MAC, then AES128-SHA", suite12("ECDHE-RSA-AES128-SHA", noEncryptThenMac)],
  ["MAC, then AES256-SHA384", suite12("ECDHE-RSA-AES256-SHA384", noEncryptThenMac)],
  ["TLS 1.1, encrypt then MAC", suite12("AES128-SHA", { ...old, maxVersion: "TLSv1.1" })],
  ["TLS 1.1, MAC then encrypt", suite12("AES128-SHA", { ...old, ...noEncryptThenMac, maxVersion: "TLSv1.1" })],
  ["TLS 1.0", suite12("AES256-SHA", { ...old, maxVersion: "TLSv1" })],
  ["HelloRetryRequest", { client: { ecdhCurve: "P-521:P-256" }, server: { ecdhCurve: "P-256" } }],
  ["a request for a certificate", { server: { requestCert: true } }],
  ["ALPN", { client: { ALPNProtocols: ["h2"] }, server: { ALPNProtocols: ["h2"] } }],
];

describe("connections of node:tls", () => {
  it.each(conversations)("%s: all that was said is decrypted", async (_, options) => {
    const conversation = await converse({ script, ...options });
    const { facts, context, inner } = decodeTls(conversation.turns, conversation.keyLog);
    expect(context.details).toEqual([]);
    expect(facts.keys).toEqual({ sources: [0], opened: [true, true] });
    expect(inner.bytes[0].equals(said(0))).toBe(true);
    expect(inner.bytes[1].equals(said(1))).toBe(true);
    expect(inner.gaps).toEqual([]);
    expect(inner.ends).toEqual(["0 fin", "1 fin"]);
    expect(facts.certificates.map(({ sha256 }) => sha256)).toEqual(conversation.certificates);
    expect(facts.verdict.value).toBe("accepted");
    expect(facts.alerts.map(({ from, description, grade }) => [from, description, grade])).toContainEqual([
      "client",
      0,
      "decrypted",
    ]);
    expect(facts.applicationData).toEqual([true, true]);
    expect(context.stages).toEqual(["hello", "server-flight", "certificate", "established"]);
  });
});

describe("splits and damage", () => {
  const short = [120, 900, 7, 33].map((length, at) => noise(length, at));
  const options: readonly ConversationOptions[] = [
    suite13("TLS_AES_128_GCM_SHA256"),
    suite12("ECDHE-RSA-AES128-GCM-SHA256"),
    suite12("AES128-SHA", { ...old, ...noEncryptThenMac, maxVersion: "TLSv1" }),
  ];
  const recorded = Promise.all(options.map((each) => converse({ ...each, script: short })));

  it("give the same facts and data in every split", async () => {
    for (const { turns, keyLog } of await recorded) {
      const whole = decodeTls(turns, keyLog);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 }), (sizes) => {
          const cut = decodeTls(turns, keyLog, (bytes) => cutsOf(bytes.length, sizes));
          expect({ ...cut.facts, helloSegments: 0 }).toEqual({ ...whole.facts, helloSegments: 0 });
          expect(cut.inner).toEqual(whole.inner);
        }),
        { numRuns: 8, seed: 8 },
      );
    }
  });

  it("never give a wrong byte, whatever is changed", async () => {
    for (const { turns, keyLog } of await recorded) {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (turn, at, flip) => {
          const changed = turns.map(([direction, bytes]) => [direction, Uint8Array.from(bytes)] as const);
          const [, bytes] = changed[turn % turns.length];
          bytes[at % bytes.length] ^= flip;
          expectOnlyTruth(decodeTls(changed, keyLog).inner, short);
        }),
        { numRuns: 40, seed: 9 },
      );
    }
  });

  it("never give a wrong byte, whatever is missing or cut", async () => {
    for (const { turns, keyLog } of await recorded) {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), fc.nat(), (turn, at, length) => {
          const [direction, bytes] = turns[turn % turns.length];
          const start = at % bytes.length;
          const end = Math.min(bytes.length, start + 1 + (length % 300));
          const lossy: Turn[] = [...turns];
          const pieces: Turn[] = [
            [direction, bytes.slice(0, start)],
            [direction, end - start],
            [direction, bytes.slice(end)],
          ];
          lossy.splice(turn % turns.length, 1, ...pieces);
          expectOnlyTruth(decodeTls(lossy, keyLog).inner, short);
          expectOnlyTruth(decodeTls(lossy.slice(0, (turn % turns.length) + 2), keyLog).inner, short);
        }),
        { numRuns: 40, seed: 10 },
      );
    }
  });

  it("say so where the secrets are another connection's, and judge by lengths then", async () => {
    for (const { turns, keyLog } of await recorded) {
      const wrong = keyLog.replace(/ [0-9a-f]+$/gm, (secret) =>
        secret.replace(/[0-9a-f]/g, (digit) => (digit === "0" ? "1" : "0")),
      );
      const { context, facts, inner } = decodeTls(turns, wrong);
      const without = decodeTls(turns, "");
      expect(new Set(context.problems)).toEqual(new Set(["tls decryption-failed"]));
      expect(inner.bytes.map((bytes) => bytes.length)).toEqual([0, 0]);
      expect(facts.keys).toBeUndefined();
      expect(facts.verdict).toEqual(without.facts.verdict);
      expect(facts.applicationData).toEqual(without.facts.applicationData);
      expect(facts.inferred).toEqual(without.facts.inferred);
    }
  });

  it("need no secrets for what goes on without", async () => {
    const [{ turns }] = await recorded;
    const { context, facts } = decodeTls(turns, "");
    expect(context.problems).toEqual([]);
    expect(facts.keys).toBeUndefined();
  });
});

const finished = message(20, Buffer.alloc(32));
const extensions = message(8, Buffer.from("0000", "hex"));

/** A connection of TLS 1.3 that has been established, and what seals its next records. */
function established(): { turns: Turn[]; client: Sealer; server: Sealer } {
  const client = new Sealer(secrets13.CLIENT_HANDSHAKE_TRAFFIC_SECRET);
  const server = new Sealer(secrets13.SERVER_HANDSHAKE_TRAFFIC_SECRET);
  const turns: Turn[] = [
    [0, clientHello13()],
    [1, concat(serverHello13(), changeCipherSpec, server.seal(22, concat(extensions, finished)))],
    [0, concat(changeCipherSpec, client.seal(22, finished))],
  ];
  client.use(secrets13.CLIENT_TRAFFIC_SECRET_0);
  server.use(secrets13.SERVER_TRAFFIC_SECRET_0);
  return { turns, client, server };
}

describe("renegotiation", () => {
  const options = suite12("ECDHE-ECDSA-AES128-GCM-SHA256");
  const lines = (keyLog: string): string[] => keyLog.split("\n").filter((line) => line !== "");

  it("goes on with the keys agreed on anew", async () => {
    const conversation = await converse({ ...options, script, renegotiateAt: 2 });
    expect(lines(conversation.keyLog)).toHaveLength(2);
    const { facts, context, inner } = decodeTls(conversation.turns, conversation.keyLog);
    expect(context.details).toEqual([]);
    expect([inner.bytes[0].equals(said(0)), inner.bytes[1].equals(said(1))]).toEqual([true, true]);
    expect(facts.certificates.map(({ sha256 }) => sha256)).toEqual(conversation.certificates);
  });

  it("ends what can be decrypted where the log lacks the new secret", async () => {
    const conversation = await converse({ ...options, script, renegotiateAt: 2 });
    const { context, inner } = decodeTls(conversation.turns, lines(conversation.keyLog)[0]);
    expect(context.details).toEqual(
      ["client", "server"].map(
        (whose) => expect.stringMatching(`no secret for the ${whose}'s records behind the \\d+ that were`) as string,
      ),
    );
    expect([inner.bytes[0].equals(script[0]), inner.bytes[1].equals(script[1])]).toEqual([true, true]);
  });

  it.each([0, 1])("is not what a first hello seen behind its answer asks for: %s secrets of it", async (known) => {
    const { turns, keyLog } = await converse({ ...options, script });
    const [[, hello], [, answer], ...rest] = turns;
    const late = [[1, answer], [0, hello], ...rest] as const;
    const { context, inner } = decodeTls(late, known === 1 ? keyLog : keyLog13());
    expect(context.details).toEqual([]);
    expect(inner.bytes[0].length).toBe(known === 1 ? said(0).length : 0);
  });
});

it("does not take SSL 3.0 for TLS with wrong secrets", () => {
  const body = concat(Buffer.from("0300", "hex"), Buffer.alloc(32, 8), Buffer.from("00003500", "hex"));
  const turns: Turn[] = [
    [0, clientHello13()],
    [1, concat(record(22, message(2, body)), changeCipherSpec, record(22, Buffer.alloc(64, 9)))],
  ];
  const { context, facts } = decodeTls(turns, `CLIENT_RANDOM ${"07".repeat(32)} ${"22".repeat(48)}\n`);
  expect(context.details).toEqual(["decryption of SSL 3.0 is not supported"]);
  expect(facts.decryptionStopped).toBe(true);
});

describe("records of TLS 1.3", () => {
  it("are read after key updates, and without their padding", () => {
    const { turns, client, server } = established();
    const keyUpdate = message(24, Buffer.of(1));
    turns.push([0, client.seal(23, Buffer.from("one "), 100)], [0, client.seal(22, keyUpdate)]);
    turns.push([0, client.use().seal(23, Buffer.from("two "))], [0, client.seal(22, keyUpdate)]);
    turns.push([0, client.use().seal(23, Buffer.from("three"))], [1, server.seal(23, Buffer.from("four"), 16_000)]);
    const { inner, context } = decodeTls(turns, keyLog13());
    expect(context.details).toEqual([]);
    expect(inner.bytes.map(String)).toEqual(["one two three", "four"]);
  });

  it("are found again behind a loss, and the gap is as long as what was in it", () => {
    const { turns, server } = established();
    const texts = Array.from({ length: 40 }, (_, at) => text(300 + at, `${at} `));
    const records = texts.map((each) => server.seal(23, each));
    const all = concat(...records);
    const start = concat(...records.slice(0, 5)).length + 11;
    const end = concat(...records.slice(0, 9)).length + 100;
    turns.push([1, all.slice(0, start)], [1, end - start], [1, all.slice(end)]);
    const { inner, context } = decodeTls(turns, keyLog13());
    const lost = texts.slice(5, 10).reduce((sum, each) => sum + each.length, 0);
    expect(inner.gaps).toEqual([[1, lost]]);
    expect(inner.bytes[1].equals(concat(...texts.slice(0, 5), ...texts.slice(10)))).toBe(true);
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it("keep the frames that they came in when they are found again late", () => {
    const { turns, server } = established();
    turns.push([1, server.seal(23, Buffer.from("lost")).length]);
    for (const each of ["one", "two", "three"]) turns.push([1, server.seal(23, Buffer.from(each))]);
    const { inner } = decodeTls(turns, keyLog13());
    expect(String(inner.bytes[1])).toBe("onetwothree");
    expect(inner.frames[1]).toEqual([5, 6, 7]);
  });

  it("are found again behind a loss that took a key update with it", () => {
    const { turns, server } = established();
    const before = server.seal(23, text(300, "before "));
    const lost = concat(server.seal(23, text(300, "lost ")), server.seal(22, message(24, Buffer.of(0))));
    const after = Array.from({ length: 5 }, (_, at) =>
      (at === 0 ? server.use() : server).seal(23, text(300, "after ")),
    );
    turns.push([1, before], [1, lost.length], [1, concat(...after)]);
    const { inner } = decodeTls(turns, keyLog13());
    expect(inner.bytes[1].length).toBe(6 * 300);
    expect(inner.gaps).toEqual([[1, lost.length]]);
  });

  it("are found again behind a lost Finished", () => {
    const { turns, client } = established();
    const [, , [, flight]] = turns;
    turns.splice(2, 1, [0, (flight as Uint8Array).length]);
    turns.push([0, concat(...Array.from({ length: 4 }, () => client.seal(23, text(200, "data "))))]);
    const { inner, facts } = decodeTls(turns, keyLog13());
    expect(inner.bytes[0].length).toBe(800);
    expect(facts.verdict).toMatchObject({ value: "accepted", grade: "decrypted" });
  });

  it("of the handshake may be closed: data opens by itself", () => {
    const { turns, client, server } = established();
    turns.push([0, client.seal(23, Buffer.from("ask"))], [1, server.seal(23, Buffer.from("answer"))]);
    const { inner, facts } = decodeTls(turns, keyLog13(["CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"]));
    expect(inner.bytes.map(String)).toEqual(["ask", "answer"]);
    expect(facts.verdict).toMatchObject({ value: "accepted", grade: "decrypted" });
  });

  it("of data may be closed: the log lacks their secret", () => {
    const { turns, client, server } = established();
    turns.push([0, client.seal(23, Buffer.from("ask"))], [1, server.seal(23, Buffer.from("answer"))]);
    const labels = ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET"] as const;
    const { context, facts } = decodeTls(turns, keyLog13(labels));
    expect(context.problems).toEqual(["tls decryption-failed", "tls decryption-failed"]);
    expect(context.details[0]).toContain("no secret for the client's records behind the 1 that were decrypted");
    expect(facts.decryptionStopped).toBe(true);
    // Lengths tell then that the client asked: this is no spare connection.
    expect(facts.verdict).toMatchObject({ value: "accepted", grade: "inferred" });
    expect(facts.verdict.unused).toBeUndefined();
    expect(facts.applicationData).toEqual([true, false]);
  });

  it("hold certificates of both sides, which may be compressed", () => {
    const certificate = bytesOf("00 00000b 000006 3004aabbccdd 0000");
    const shrunk = deflateSync(certificate);
    const compressed = message(25, concat(bytesOf("0001 00000f 0000"), Buffer.of(shrunk.length), shrunk));
    for (const sent of [message(11, certificate), compressed]) {
      const { turns } = established();
      const server = new Sealer(secrets13.SERVER_HANDSHAKE_TRAFFIC_SECRET);
      const client = new Sealer(secrets13.CLIENT_HANDSHAKE_TRAFFIC_SECRET);
      turns[1] = [1, concat(serverHello13(), server.seal(22, concat(extensions, sent, finished)))];
      turns[2] = [0, client.seal(22, concat(sent, finished))];
      const { context, facts } = decodeTls(turns, keyLog13());
      expect(context.details).toEqual([]);
      const [certificates, ofClient] = [facts.certificates, facts.clientCertificates].map((sides) =>
        sides.map(({ der }) => Buffer.from(der).toString("hex")),
      );
      expect(certificates).toEqual(["3004aabbccdd"]);
      expect(ofClient).toEqual(certificates);
    }
  });

  it("of one side are enough for what that side says", () => {
    const { turns, client, server } = established();
    turns[0] = [0, clientHello13({ extensions: [alpn("h2")] })];
    const withAlpn = message(8, Buffer.from("0009 0010 0005 0003 02 6832".replaceAll(" ", ""), "hex"));
    const handshake = new Sealer(secrets13.SERVER_HANDSHAKE_TRAFFIC_SECRET);
    turns[1] = [1, concat(serverHello13(), handshake.seal(22, concat(withAlpn, finished)))];
    turns.push([0, client.seal(23, Buffer.from("ask"))], [1, server.seal(23, Buffer.from("answer"))]);
    const labels = ["SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"] as const;
    const { context, facts, inner } = decodeTls(turns, keyLog13(labels));
    expect(facts.keys?.opened).toEqual([false, true]);
    expect(inner.bytes.map(String)).toEqual(["", "answer"]);
    // Without the client's preface bytes do not tell what this is.
    expect(context.opened).toEqual(["http2"]);
  });

  const offer = [[42, new Uint8Array(0)]] as const;

  it("hold refused early data, which is not handed on", () => {
    const { turns, client } = established();
    const early = new Sealer(secrets13.CLIENT_EARLY_TRAFFIC_SECRET);
    const again = concat(...Array.from({ length: 9 }, () => early.seal(23, Buffer.from("GET /early"))));
    turns.splice(0, 1, [0, clientHello13({ extensions: offer })], [0, again]);
    turns.push([0, client.seal(23, Buffer.from("GET /late"))]);
    const { context, inner } = decodeTls(turns, keyLog13());
    expect(String(inner.bytes[0])).toBe("GET /late");
    expect(inner.gaps).toEqual([]);
    expect(context.details).toEqual([]);
  });

  it("before the ServerHello are held up to a cap where the first may be early data", () => {
    const { turns, client } = established();
    const [, flight, clientFinished] = turns;
    const hello: Turn = [0, clientHello13({ extensions: offer })];
    const data = Array.from({ length: 12 }, () => client.seal(23, text(16_000, "data ")));
    const early: Turn[] = [hello, clientFinished, ...data.map((record): Turn => [0, record]), flight];
    const { context, inner } = decodeTls(early, keyLog13());
    expect(inner.bytes[0].length).toBeLessThanOrEqual(limits.heldRecords);
    expect(inner.bytes[0].length).toBeGreaterThan(7 * 16_000);
    expect(context.problems).toContain("tls bytes-lost");
  });
});

/** Bytes of which hardly any others are a part. */
function noise(length: number, seed: number): Buffer {
  return createHash("shake256", { outputLength: length }).update(`${seed}`).digest();
}

function cutsOf(length: number, sizes: readonly number[]): number[] {
  const cuts: number[] = [];
  for (let at = sizes[0], turn = 1; at < length; at += sizes[turn++ % sizes.length]) cuts.push(at);
  return cuts;
}

/** What came out is what was said, but for parts that are missing. */
function expectOnlyTruth(inner: { readonly bytes: readonly Buffer[] }, told: readonly Buffer[]): void {
  for (const direction of [0, 1] as const) {
    const truth = Buffer.concat(told.filter((_, at) => at % 2 === direction));
    let next = 0;
    const strange = inner.bytes[direction].findIndex((byte) => (next = truth.indexOf(byte, next) + 1) === 0);
    expect(strange).toBe(-1);
  }
}
