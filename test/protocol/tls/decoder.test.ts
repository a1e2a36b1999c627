import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { TlsDecoder } from "../../../src/protocol/tls/decoder.ts";
import type { TlsFacts } from "../../../src/protocol/tls/facts.ts";
import { Demand, type Direction } from "../../../src/stream/consumer.ts";
import {
  alert,
  bytesOf,
  certificateMessage,
  changeCipherSpec,
  clientHelloBody,
  concat,
  encrypted,
  message,
  record,
  RecordingContext,
  serverName,
} from "../../build/tls.ts";
import { decodeTls } from "../../build/tls-decoding.ts";
import {
  gnutlsHello,
  go119Hello,
  go127Hello,
  helloRetryRequest,
  serverHello12,
  serverHello13,
  serverKeyExchange,
} from "./fixtures.ts";

/** Bytes of a direction, without losses. */
type Turn = readonly [direction: Direction, bytes: Uint8Array];

const client = (...records: readonly Uint8Array[]): Turn => [0, concat(...records)];
const server = (...records: readonly Uint8Array[]): Turn => [1, concat(...records)];

const flight13 = server(serverHello13, changeCipherSpec, encrypted(32), encrypted(2172), encrypted(281), encrypted(69));
const flight12 = server(
  serverHello12,
  record(22, certificateMessage(1200, 900)),
  serverKeyExchange,
  record(22, message(14, new Uint8Array(0))),
);
const keyExchange = record(22, message(16, new Uint8Array(33)));
const clientFinish12 = client(keyExchange, changeCipherSpec, encrypted(40, 22));
const serverFinish12 = server(changeCipherSpec, encrypted(40, 22));

const decode = (turns: readonly Turn[], pieces?: Parameters<typeof decodeTls>[2]): ReturnType<typeof decodeTls> =>
  decodeTls(turns, undefined, pieces);

const dialogues: readonly (readonly [string, readonly Turn[]])[] = [
  [
    "TLS 1.3, goes on",
    [
      client(go119Hello),
      flight13,
      client(changeCipherSpec, encrypted(69), encrypted(81)),
      server(encrypted(282), encrypted(35)),
    ],
  ],
  ["TLS 1.3, rejected", [client(go127Hello), flight13, client(changeCipherSpec, encrypted(19))]],
  ["TLS 1.2, rejected", [client(go119Hello), flight12, client(alert(2, 42))]],
  [
    "TLS 1.2, goes on",
    [client(go119Hello), flight12, clientFinish12, serverFinish12, client(encrypted(88)), server(encrypted(300))],
  ],
  [
    "git rejects in TLS 1.2",
    [client(gnutlsHello), flight12, clientFinish12, serverFinish12, client(encrypted(26, 21))],
  ],
  [
    "HelloRetryRequest",
    [
      client(go119Hello),
      server(helloRetryRequest),
      client(changeCipherSpec, go119Hello),
      flight13,
      client(encrypted(69), encrypted(81)),
    ],
  ],
  [
    "resumed in TLS 1.2",
    [
      client(go119Hello),
      server(serverHello12, changeCipherSpec, encrypted(40, 22)),
      client(changeCipherSpec, encrypted(40, 22), encrypted(50)),
    ],
  ],
  [
    "an answer that is not TLS",
    [client(go119Hello), server(Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"))],
  ],
  ["a short answer that is not TLS", [client(go119Hello), server(Buffer.from("ERR"))]],
  ["an alert in answer", [client(go119Hello), server(alert(2, 70))]],
];

describe("a TLS connection, split anywhere", () => {
  it.each(dialogues)("gives the same facts: %s", (_name, turns) => {
    const whole = decode(turns);
    const bytewise = decode(turns, (bytes) => Array.from({ length: bytes.length }, (_, index) => index));
    expect(bytewise.facts).toEqual(whole.facts);
    expect(bytewise.context.stages).toEqual(whole.context.stages);
    expect(bytewise.context.problems).toEqual(whole.context.problems);
    turns.forEach(([, bytes], turn) => {
      for (let cut = 1; cut < bytes.length; cut += cut < 12 ? 1 : 61) {
        const { facts } = decode(turns, (_bytes, at) => (at === turn ? [cut] : []));
        if (!isDeepStrictEqual(facts, whole.facts)) expect(facts).toEqual(whole.facts);
      }
    });
  });
});

function factsOf(name: string): TlsFacts {
  return decode(dialogues.find(([each]) => each === name)![1]).facts;
}

describe("a TLS connection", () => {
  it("whose ClientHello has a malformed extension keeps what can be read of it, and says so", () => {
    const malformed = clientHelloBody({ extensions: [serverName("sum.golang.org"), [10, bytesOf("0004 ff")]] });
    const { facts, context } = decode([client(record(22, message(1, malformed))), flight13]);
    expect(facts).toMatchObject({
      hello: { serverName: "sum.golang.org", length: malformed.length + 4 },
      helloFrame: 1,
      serverHelloFrame: 2,
    });
    expect(facts.hello?.ja4).toBeUndefined();
    expect(context.problems).toEqual(["tls malformed"]);
  });

  it("in TLS 1.3 tells hello, verdict and the certificate's size", () => {
    const { facts, context } = decode(dialogues[0][1]);
    expect(facts).toMatchObject({
      helloFrame: 1,
      helloSegments: 1,
      randomHigh: Buffer.from(go119Hello).readInt32BE(11),
      randomLow: Buffer.from(go119Hello).readInt32BE(15),
      serverHelloFrame: 2,
      negotiatedVersion: 0x0304,
      cipherSuite: 0x1302,
      resumed: false,
      certificatesSeen: false,
      verdict: { value: "accepted", grade: "inferred", frame: 3 },
      inferred: { certificateBytes: 2155, leafKey: "RSA-2048", grade: "exact" },
      applicationData: [true, true],
      handshakeLost: false,
    });
    expect(facts.hello?.ja4).toBe("t13d1910h2_9dc949149365_97f8aa674fd9");
    expect(context.stages).toEqual(["hello", "server-flight", "certificate", "established"]);
  });

  it("rejected in TLS 1.3 has an alert by inference and was never established", () => {
    const { facts, context } = decode(dialogues[1][1]);
    expect(facts.verdict).toMatchObject({ value: "rejected", grade: "inferred", frame: 3 });
    expect(facts.alerts).toEqual([{ from: "client", level: 0, frame: 3, grade: "inferred" }]);
    expect(context.stages).toEqual(["hello", "server-flight", "certificate"]);
  });

  it("rejected in TLS 1.2 shows alert and certificates", () => {
    const facts = factsOf("TLS 1.2, rejected");
    expect(facts.verdict).toMatchObject({ value: "rejected", grade: "seen", frame: 3 });
    expect(facts.alerts).toEqual([{ from: "client", level: 2, description: 42, frame: 3, grade: "seen" }]);
    expect(facts.certificates.map(({ der }) => der.length)).toEqual([1200, 900]);
    expect(facts.certificates[0].der[0]).toBe(1);
    expect(facts).toMatchObject({
      certificatesSeen: true,
      certificateFrame: 2,
      alpn: "h2",
    });
  });

  it("accepted in TLS 1.2 went on with data", () => {
    expect(factsOf("TLS 1.2, goes on")).toMatchObject({
      verdict: { value: "accepted", grade: "seen" },
      applicationData: [true, true],
      resumed: false,
    });
  });

  it("closed by git behind the handshake was rejected", () => {
    expect(factsOf("git rejects in TLS 1.2")).toMatchObject({
      verdict: { value: "rejected", grade: "inferred" },
      alerts: [],
    });
  });

  it("with HelloRetryRequest has two hellos", () => {
    const facts = factsOf("HelloRetryRequest");
    expect(facts).toMatchObject({
      helloRetryRequest: true,
      serverHelloFrame: 4,
      verdict: { value: "accepted" },
    });
    expect(facts.secondHello).toBe(facts.hello);
  });

  it("with a known session has no certificate", () => {
    expect(factsOf("resumed in TLS 1.2")).toMatchObject({
      resumed: true,
      certificatesSeen: false,
      verdict: { value: "accepted" },
    });
  });

  it("keeps the first 32 bytes of an answer that is not TLS", () => {
    expect(factsOf("an answer that is not TLS").strangeAnswer).toBe("HTTP/1.1 400 Bad Request\r\nConten");
    expect(factsOf("a short answer that is not TLS").strangeAnswer).toBe("ERR");
    expect(factsOf("an alert in answer").strangeAnswer).toBeUndefined();
  });

  it("counts the frames of a hello that came in several", () => {
    const context = new RecordingContext();
    const decoder = new TlsDecoder(context);
    decoder.onData(0, go127Hello, 0, 700, 4);
    decoder.onData(0, go127Hello, 700, 800, 4);
    decoder.onData(0, go127Hello, 800, go127Hello.length, 6);
    expect(decoder.facts).toMatchObject({ helloFrame: 6, helloSegments: 2 });
  });

  it("reads a hello over several records, and several messages in one", () => {
    const fragment = go119Hello.subarray(5);
    const split = client(
      record(22, fragment.subarray(0, 2)),
      record(22, fragment.subarray(2, 100)),
      record(22, fragment.subarray(100)),
    );
    const packed = server(
      record(
        22,
        concat(
          serverHello12.subarray(5),
          certificateMessage(500),
          message(13, new Uint8Array(3)),
          message(14, new Uint8Array(0)),
        ),
      ),
    );
    const { facts } = decode([
      split,
      packed,
      client(record(22, certificateMessage(70)), keyExchange, changeCipherSpec, encrypted(40, 22)),
    ]);
    expect(facts.hello?.serverName).toBe("proxy.golang.org");
    expect(facts.certificates).toHaveLength(1);
    expect(facts.clientCertificateRequested).toBe(true);
    expect(facts.clientCertificates.map(({ der }) => der.length)).toEqual([70]);
  });

  it("notes the server's refusal of a client without certificate", () => {
    const flight = server(serverHello13, encrypted(23), encrypted(62), encrypted(833), encrypted(281), encrypted(69));
    const { facts } = decode([
      client(go119Hello),
      flight,
      client(encrypted(25), encrypted(69), encrypted(96)),
      server(encrypted(19)),
    ]);
    expect(facts).toMatchObject({ clientCertificateRequested: true, verdict: { value: "accepted" } });
    expect(facts.alerts).toEqual([{ from: "server", level: 0, frame: 4, grade: "inferred" }]);
  });

  it("shares equal hellos and certificates", () => {
    const context = new RecordingContext();
    const [one, other] = [new TlsDecoder(context), new TlsDecoder(context)];
    for (const decoder of [one, other]) {
      decoder.onData(0, go119Hello, 0, go119Hello.length, 1);
      decoder.onData(1, flight12[1], 0, flight12[1].length, 2);
    }
    expect(one.facts.hello).toBe(other.facts.hello);
    expect(one.facts.certificates[1]).toBe(other.facts.certificates[1]);
  });

  it("asks for no more once enough records are noted", () => {
    const data = server(...Array.from({ length: limits.recordLengths + 5 }, () => encrypted(1400)));
    const { skipped, facts } = decode([client(go119Hello), flight13, client(encrypted(69), encrypted(81)), data]);
    expect(skipped).toEqual([false, true]);
    expect(facts.verdict.value).toBe("accepted");
  });
});

describe("damage", () => {
  const badName = client(record(22, message(1, clientHelloBody({ extensions: [serverName("bad name\x1b[2J")] }))));

  it.each<[string, readonly Turn[], string[]]>([
    ["a name that is none", [badName], ["tls malformed"]],
    ["a malformed hello", [client(record(22, message(1, bytesOf("0303"))))], ["tls malformed"]],
    [
      "a malformed ServerHello",
      [client(go119Hello), server(record(22, message(2, bytesOf("0303"))))],
      ["tls malformed"],
    ],
    [
      "a malformed certificate list",
      [client(go119Hello), server(serverHello12, record(22, message(11, bytesOf("000005 000001 aa"))))],
      ["tls malformed"],
    ],
    ["a message over the cap", [client(record(22, bytesOf("01 ffffff")))], ["tls message-too-large"]],
    ["a client that stops speaking TLS", [client(go119Hello, bytesOf("48545450"))], ["tls malformed"]],
    [
      "a server that stops speaking TLS",
      [client(go119Hello), server(serverHello13, bytesOf("48545450"))],
      ["tls malformed"],
    ],
    [
      "more certificates than are kept",
      [
        client(go119Hello),
        server(serverHello12, record(22, certificateMessage(...Array.from({ length: 70 }, () => 9)))),
      ],
      ["tls limit"],
    ],
  ])("is told: %s", (_name, turns, problems) => {
    expect(decode(turns).context.problems).toEqual(problems);
  });

  it("of the certificate does not hide the client's answer", () => {
    const flight = server(serverHello12, record(22, message(11, bytesOf("000005 000001 aa"))));
    expect(decode([client(go119Hello), flight, client(alert(2, 50))]).facts.alerts).toHaveLength(1);
  });

  it("keeps few of many alerts", () => {
    const flood = server(serverHello12, ...Array.from({ length: 500 }, () => alert(1, 90)));
    expect(decode([client(go119Hello), flood]).facts.alerts).toHaveLength(limits.alerts);
  });

  it("never throws, whatever the bytes", () => {
    const chunk = fc.tuple(fc.constantFrom<Direction>(0, 1), fc.uint8Array({ maxLength: 80 }));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (turns) => {
        decode(turns);
        decode([client(go119Hello), flight12, ...turns]);
      }),
      { seed: 8446, numRuns: 80 },
    );
  });

  it("never throws on recorded messages with bytes changed", () => {
    const changes = fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(dialogues.length - 1), changes, (which, edits) => {
        const turns = dialogues[which][1].map(([direction, bytes]): Turn => {
          const changed = bytes.slice();
          for (const [at, value] of edits) changed[at % changed.length] = value;
          return [direction, changed];
        });
        decode(turns);
      }),
      { seed: 5246, numRuns: 100 },
    );
  });
});

function over(decoder: TlsDecoder): void {
  decoder.onEnd(0, "fin");
  decoder.onEnd(1, "fin");
}

describe("lost bytes", () => {
  function start(...turns: readonly Turn[]) {
    const context = new RecordingContext();
    const decoder = new TlsDecoder(context);
    for (const [direction, bytes] of turns) decoder.onData(direction, bytes, 0, bytes.length, 1);
    return { decoder, context };
  }

  it("inside an encrypted record cost nothing", () => {
    const { decoder, context } = start(
      client(go119Hello),
      server(serverHello13, encrypted(32), encrypted(2172).subarray(0, 500)),
    );
    expect(decoder.onGap(1, 1000)).toBe(Demand.More);
    const rest = concat(encrypted(2172).subarray(1500), encrypted(281), encrypted(69));
    decoder.onData(1, rest, 0, rest.length, 2);
    expect(decoder.facts.handshakeLost).toBe(false);
    expect(context.problems).toEqual([]);
    decoder.onData(0, encrypted(69), 0, 74, 3);
    over(decoder);
    expect(decoder.facts.inferred?.certificateBytes).toBe(2155);
  });

  it("up to the end of an encrypted record end it", () => {
    const { decoder } = start(
      client(go119Hello),
      server(serverHello13, encrypted(32), encrypted(2172).subarray(0, 500)),
    );
    decoder.onGap(1, 1677);
    const rest = concat(encrypted(281), encrypted(69));
    decoder.onData(1, rest, 0, rest.length, 2);
    over(decoder);
    expect(decoder.facts.inferred?.certificateBytes).toBe(2155);
  });

  it("at the end of the ClientHello leave what stands before", () => {
    const { decoder, context } = start(client(go119Hello.subarray(0, 190)));
    decoder.onGap(0, go119Hello.length - 190);
    decoder.onData(1, flight13[1], 0, flight13[1].length, 2);
    over(decoder);
    const { hello } = decoder.facts;
    expect(decoder.facts).toMatchObject({ handshakeLost: true, helloFrame: 1, negotiatedVersion: 0x0304 });
    expect(hello).toMatchObject({ serverName: "proxy.golang.org", length: 277 });
    expect([hello?.ja4, hello?.stack]).toEqual([undefined, undefined]);
    expect(decoder.facts.verdict.value).toBe("undecided");
    expect(context.problems).toEqual(["tls bytes-lost"]);
    expect(context.stages).toContain("hello");
  });

  it("behind the front of the ClientHello leave the same when nothing follows", () => {
    const { decoder, context } = start(client(go119Hello.subarray(0, 190)));
    over(decoder);
    expect(decoder.facts.hello).toMatchObject({ serverName: "proxy.golang.org" });
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it.each([
    ["before the extensions", 60],
    ["in the header of the message", 7],
  ])("from %s on leave no hello", (_name, end) => {
    const { decoder, context } = start(client(go119Hello.subarray(0, end)));
    decoder.onGap(0, go119Hello.length - end);
    over(decoder);
    expect(decoder.facts.hello).toBeUndefined();
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it("inside a message in clear lose it, not the records behind", () => {
    const flight = flight12[1];
    const { decoder, context } = start(client(go119Hello), server(flight.subarray(0, 600)));
    decoder.onGap(1, 400);
    decoder.onData(1, flight, 1000, flight.length, 2);
    decoder.onData(0, clientFinish12[1], 0, clientFinish12[1].length, 3);
    decoder.onData(0, encrypted(90), 0, 95, 3);
    over(decoder);
    expect(decoder.facts).toMatchObject({
      handshakeLost: true,
      certificatesSeen: false,
      resumed: false,
      verdict: { value: "accepted" },
    });
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it("past the record are searched through for the next", () => {
    const { decoder, context } = start(client(go119Hello), server(serverHello13, encrypted(32).subarray(0, 10)));
    decoder.onGap(1, 900);
    const rest = concat(new Uint8Array(300).fill(0x16), encrypted(281), encrypted(400), encrypted(69), encrypted(30));
    decoder.onData(1, rest, 0, rest.length, 2);
    const answer = concat(encrypted(69), encrypted(81));
    decoder.onData(0, answer, 0, answer.length, 3);
    over(decoder);
    expect(decoder.facts).toMatchObject({
      handshakeLost: true,
      verdict: { value: "accepted" },
      applicationData: [true, false],
    });
    expect(decoder.facts.inferred).toBeUndefined();
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it("of the client's answer leave the verdict open", () => {
    const { decoder } = start(client(go119Hello), flight13, client(changeCipherSpec));
    decoder.onGap(0, 74);
    decoder.onData(0, encrypted(19), 0, 24, 3);
    over(decoder);
    expect(decoder.facts.verdict.value).toBe("undecided");
  });

  it("behind the handshake end the interest", () => {
    const { decoder } = start(client(go119Hello), flight13, client(encrypted(69), encrypted(81)));
    expect(decoder.onGap(0, 5000)).toBe(Demand.Skip);
    expect(decoder.onGap(0, 5000)).toBe(Demand.Skip);
    over(decoder);
    expect(decoder.facts).toMatchObject({ handshakeLost: false, verdict: { value: "accepted" } });
  });

  it("never make it throw", () => {
    const step = fc.oneof(
      fc.record({ direction: fc.constantFrom<Direction>(0, 1), lost: fc.nat(3000) }),
      fc.record({ direction: fc.constantFrom<Direction>(0, 1), from: fc.nat(2500), length: fc.nat(1500) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { decoder } = start(client(go119Hello));
        for (const each of steps) {
          if ("lost" in each) decoder.onGap(each.direction, each.lost);
          else {
            const bytes = (each.direction === 1 ? flight12 : client(go119Hello, keyExchange))[1];
            const from = Math.min(each.from, bytes.length);
            decoder.onData(each.direction, bytes, from, Math.min(bytes.length, from + each.length), 2);
          }
        }
        decoder.onEnd(0, "fin");
        decoder.onEnd(1, "capture-end");
      }),
      { seed: 9293, numRuns: 60 },
    );
  });
});
