import { describe, expect, it } from "vitest";
import { TlsDecoder } from "../../../src/protocol/tls/decoder.ts";
import { parseKeyLog } from "../../../src/protocol/tls/key-log.ts";
import { TlsSecrets } from "../../../src/protocol/tls/secrets.ts";
import { Demand, type Direction } from "../../../src/stream/consumer.ts";
import { RecordingContext } from "../../build/tls.ts";
import { converse, type ConversationOptions } from "../../build/tls-conversation.ts";

type Turn = readonly [direction: Direction, bytes: Uint8Array];

function secretsOf(keyLog: string): TlsSecrets {
  return new TlsSecrets([parseKeyLog("keys", Buffer.from(keyLog))]);
}

/** Feeds the turns, each in pieces; lent blocks are overwritten after each call. */
function decode(
  turns: readonly Turn[],
  keyLog: string,
  pieces: (bytes: Uint8Array, turn: number) => readonly number[] = () => [],
) {
  const context = new RecordingContext(secretsOf(keyLog));
  const decoder = new TlsDecoder(context);
  const skipped = [false, false];
  turns.forEach(([direction, bytes], turn) => {
    let start = 0;
    for (const end of [...pieces(bytes, turn), bytes.length]) {
      const lent = bytes.slice(start, end);
      start = end;
      if (skipped[direction] || lent.length === 0) continue;
      skipped[direction] = decoder.onData(direction, lent, 0, lent.length, turn + 1) === Demand.Skip;
      lent.fill(0xdb);
    }
  });
  decoder.onEnd(0, "fin");
  decoder.onEnd(1, "fin");
  return { facts: decoder.facts, context, inner: context.inner };
}

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
    const { facts, context, inner } = decode(conversation.turns, conversation.keyLog);
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
