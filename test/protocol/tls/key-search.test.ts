import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { parseKeyLog } from "../../../src/protocol/tls/key-log.ts";
import { TlsSecrets } from "../../../src/protocol/tls/secrets.ts";
import type { Direction } from "../../../src/stream/consumer.ts";
import { converse, type Conversation, type ConversationOptions } from "../../build/tls-conversation.ts";
import { decodeTls, type Turn } from "../../build/tls-decoding.ts";
import { clientHello13, keyLog13, Sealer, secrets13 } from "../../build/tls-sealer.ts";

const script = ["a request", "an answer of more bytes", "another", "and the last"].map((text) => Buffer.from(text));
const said = (direction: Direction): string => script.filter((_, at) => at % 2 === direction).join("");

function of(direction: Direction, { turns }: Conversation): Turn[] {
  return turns.filter((turn) => turn[0] === direction).map((turn) => [...turn]);
}

function suite(version: "TLSv1.2" | "TLSv1.3", ciphers: string): ConversationOptions {
  const both = { minVersion: version, maxVersion: version, ciphers } as const;
  return { script, client: both, server: both, key: ciphers.includes("RSA") ? "RSA" : "P-256" };
}

/** Secrets of other connections than the one in question. */
const others = [1, 2, 3]
  .flatMap((byte) =>
    ["CLIENT_RANDOM", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"].map(
      (label) =>
        `${label} ${Buffer.alloc(32, byte).toString("hex")} ${Buffer.alloc(label === "CLIENT_RANDOM" ? 48 : 32, byte).toString("hex")}\n`,
    ),
  )
  .join("");

const suites13 = [
  ["TLS_AES_128_GCM_SHA256", 0x1301],
  ["TLS_AES_256_GCM_SHA384", 0x1302],
  ["TLS_CHACHA20_POLY1305_SHA256", 0x1303],
  ["TLS_AES_128_CCM_SHA256", 0x1304],
  ["TLS_AES_128_CCM_8_SHA256", 0x1305],
] as const;

describe("where the ServerHello is missing", () => {
  it.each(suites13)("%s is told by the client's records", async (name, code) => {
    const conversation = await converse(suite("TLSv1.3", name));
    const { facts, inner, context } = decodeTls(of(0, conversation), conversation.keyLog);
    expect(facts.keys).toEqual({ sources: [0], opened: [true, false], tried: "cipher suite" });
    expect([facts.negotiatedVersion, facts.cipherSuite]).toEqual([0x0304, code]);
    expect(inner.bytes[0].toString()).toBe(said(0));
    expect(context.details).toEqual([]);
  });

  it("the server's records behind it are read as well", async () => {
    const conversation = await converse(suite("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"));
    const hello = conversation.turns.findIndex(([direction]) => direction === 1);
    const turns = conversation.turns.flatMap((turn, at): Turn[] => {
      if (at !== hello) return [turn];
      const length = 5 + Buffer.from(turn[1]).readUInt16BE(3);
      return [
        [1, length],
        [1, turn[1].slice(length)],
      ];
    });
    const { facts, inner } = decodeTls(turns, conversation.keyLog);
    expect(facts.keys).toEqual({ sources: [0], opened: [true, true], tried: "cipher suite" });
    expect(inner.bytes.map(String)).toEqual([said(0), said(1)]);
    expect(facts.certificates.map(({ sha256 }) => sha256)).toEqual(conversation.certificates);
  });

  it("data opens though the log lacks the secret of the handshake", () => {
    const sealer = new Sealer(secrets13.CLIENT_HANDSHAKE_TRAFFIC_SECRET);
    const finished = sealer.seal(22, Buffer.from("1400002000".padEnd(72, "0"), "hex"));
    const turns: Turn[] = [
      [0, clientHello13()],
      [0, finished],
      [0, sealer.use(secrets13.CLIENT_TRAFFIC_SECRET_0).seal(23, script[0])],
    ];
    const { inner } = decodeTls(turns, keyLog13(["CLIENT_TRAFFIC_SECRET_0"]));
    expect(inner.bytes[0].toString()).toBe(script[0].toString());
  });

  it("TLS 1.2 stays closed: its keys are made of the server's random too", async () => {
    const conversation = await converse(suite("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"));
    const { facts, inner, context } = decodeTls(of(0, conversation), conversation.keyLog);
    expect(facts.keys).toBeUndefined();
    expect(inner.bytes[0]).toHaveLength(0);
    expect(context.details).toEqual([expect.stringMatching(/^no ServerHello was captured/)]);
  });
});

describe("where the ClientHello is missing", () => {
  const suites12 = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA"];
  const cases = [
    ...suites13.map(([name]) => [name, suite("TLSv1.3", name)] as const),
    ...suites12.map((name) => [name, suite("TLSv1.2", name)] as const),
  ];

  it.each(cases)("%s: the connection of the key log is told by the server's records", async (_, options) => {
    const conversation = await converse(options);
    const { facts, inner, context } = decodeTls(of(1, conversation), others + conversation.keyLog);
    expect(facts.keys).toEqual({ sources: [0], opened: [false, true], tried: "client random" });
    expect(inner.bytes[1].toString()).toBe(said(1));
    expect(facts.certificates.map(({ sha256 }) => sha256)).toEqual(conversation.certificates);
    expect(context.details).toEqual([]);
  });

  it("nothing is read where the log has other connections alone", async () => {
    const conversation = await converse(suite("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
    const { facts, inner, context } = decodeTls(of(1, conversation), others);
    expect(facts.keys).toBeUndefined();
    expect(inner.bytes[1]).toHaveLength(0);
    expect(context.details).toEqual([expect.stringMatching(/^no ClientHello was captured/)]);
  });
});

describe("where neither hello was seen", () => {
  it.each(suites13)("%s: connection and suite are told by what was said behind the handshake", async (name, code) => {
    const conversation = await converse(suite("TLSv1.3", name));
    // The client's Finished comes with its first words, the server's tickets with its own.
    const opened = [2, 3, 4].map((from) => decodeTls(conversation.turns.slice(from), others + conversation.keyLog));
    for (const { facts, context } of opened) {
      expect(facts.keys).toEqual({ sources: [0], opened: [true, true], tried: "both" });
      expect([facts.negotiatedVersion, facts.cipherSuite]).toEqual([0x0304, code]);
      expect(context.opened).toEqual(["late"]);
    }
    expect(opened.map(({ inner }) => inner.bytes.map(String))).toEqual([
      [said(0), said(1)],
      ["another", said(1)],
      ["another", "and the last"],
    ]);
    expect(opened.map(({ context }) => context.problems)).toEqual([["tls bytes-lost"], [], []]);
  });

  it("the place in the sequence is found as far as trials reach", () => {
    const from = (records: number): ReturnType<typeof decodeTls> => {
      const sealer = new Sealer(secrets13.CLIENT_TRAFFIC_SECRET_0);
      const sealed = Array.from({ length: records + 2 }, () => sealer.seal(23, script[0]));
      return decodeTls([[0, Buffer.concat(sealed.slice(records))]], keyLog13(["CLIENT_TRAFFIC_SECRET_0"]));
    };
    const twice = script[0].toString().repeat(2);
    expect([0, 1, limits.sequenceTrials - 1].map((records) => from(records).inner.bytes[0].toString())).toEqual([
      twice,
      twice,
      twice,
    ]);
    const beyond = from(limits.sequenceTrials + 1);
    expect(beyond.inner.bytes[0]).toHaveLength(0);
    expect(beyond.context.details).toEqual([expect.stringContaining("begin the capture before the connection")]);
  });

  it("times and frames are those at which the records came", () => {
    const sealer = new Sealer(secrets13.SERVER_TRAFFIC_SECRET_0);
    const other = new Sealer(secrets13.CLIENT_HANDSHAKE_TRAFFIC_SECRET).seal(22, script[2]);
    const client = new Sealer(secrets13.CLIENT_TRAFFIC_SECRET_0).seal(23, script[0]);
    const { inner } = decodeTls(
      [
        [0, other],
        [0, client],
        [1, sealer.seal(23, script[1])],
      ],
      keyLog13(),
    );
    expect(inner.bytes.map(String)).toEqual([script[0].toString(), script[1].toString()]);
    expect(inner.frames).toEqual([[2], [3]]);
  });

  it("TLS 1.2 stays closed, and that is said", async () => {
    const conversation = await converse(suite("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"));
    const { facts, context } = decodeTls(conversation.turns.slice(4), conversation.keyLog);
    expect(facts.keys).toBeUndefined();
    expect(context.details).toEqual([expect.stringMatching(/^no ClientHello was captured/)]);
  });
});

it("no wrong byte is read of one direction, whatever is changed", async () => {
  const conversation = await converse(suite("TLSv1.3", "TLS_AES_128_GCM_SHA256"));
  fc.assert(
    fc.property(fc.constantFrom<Direction>(0, 1), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (...change) => {
      const [direction, turn, at, flip] = change;
      const turns = of(direction, conversation).map(([from, bytes]): Turn => [from, (bytes as Uint8Array).slice()]);
      const bytes = turns[turn % turns.length][1] as Uint8Array;
      bytes[at % bytes.length] ^= flip;
      const { inner } = decodeTls(turns, conversation.keyLog);
      const [first, second] = script.filter((_, ordinal) => ordinal % 2 === direction).map(String);
      expect(["", first, second, first + second]).toContain(inner.bytes[direction].toString());
    }),
    { numRuns: 60, seed: 4 },
  );
});

describe("TlsSecrets.tryUnseen", () => {
  const random = (ordinal: number): string => ordinal.toString(16).padStart(64, "0");
  const secretsOf = (count: number): TlsSecrets => {
    const lines = Array.from({ length: count }, (_, ordinal) => `CLIENT_RANDOM ${random(ordinal)} ${"07".repeat(48)}`);
    return new TlsSecrets([parseKeyLog("keys", Buffer.from(lines.join("\n")))]);
  };

  it("offers each connection until one has it, and those that come later", () => {
    const secrets = secretsOf(3);
    secrets.find(Buffer.from(random(0), "hex"), 0);
    expect(secrets.tryUnseen((_, offered) => offered === random(1))?.used).toBe(true);
    const offered: string[] = [];
    expect(secrets.tryUnseen((_, each) => offered.push(each) < 0)).toBeUndefined();
    expect(offered).toEqual([random(2)]);
    secrets.add(parseKeyLog("more", Buffer.from(`CLIENT_RANDOM ${random(9)} ${"07".repeat(48)}`)));
    expect(secrets.tryUnseen((_, each) => each === random(9))?.sources).toEqual([1]);
    expect(secrets.unused()).toBe(1);
  });

  it("tries no more than a pass may", () => {
    const secrets = secretsOf(1000);
    let tried = 0;
    const fit = (): boolean => ++tried < 0;
    for (let connection = 0; connection * 1000 < limits.secretTrials + 5000; connection++) secrets.tryUnseen(fit);
    expect(tried).toBe(limits.secretTrials);
  });
});
