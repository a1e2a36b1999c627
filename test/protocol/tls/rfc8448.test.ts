import { describe, expect, it } from "vitest";
import type { Direction } from "../../../src/stream/consumer.ts";
import { bytesOf } from "../../build/tls.ts";
import { decodeTls } from "../../build/tls-decoding.ts";
import { traces, type Trace } from "./rfc8448.ts";

function turnsOf(trace: Trace): (readonly [Direction, Uint8Array])[] {
  return trace.records.map((record) => {
    const [side, ...hex] = record.trim().split(/\s+/);
    return [side === "C" ? 0 : 1, bytesOf(hex.join(""))];
  });
}

function keyLogOf(trace: Trace): string {
  const [[, hello]] = turnsOf(trace);
  const random = Buffer.from(hello.subarray(11, 43)).toString("hex");
  return trace.secrets.map(([label, secret]) => `${label} ${random} ${secret}\n`).join("");
}

function traceNamed(name: string): Trace {
  return traces.find((trace) => trace.name === name)!;
}

const fifty = Buffer.from(Array.from({ length: 50 }, (_, at) => at));

describe("the traces of RFC 8448", () => {
  it.each(traces.map((trace) => [trace.name, trace] as const))("%s decrypts to the last alert", (_, trace) => {
    const { facts, context } = decodeTls(turnsOf(trace), keyLogOf(trace));
    expect(context.details).toEqual([]);
    expect(facts.keys?.opened).toEqual([true, true]);
    expect(facts.alerts.map(({ from, description }) => [from, description])).toEqual([
      ["client", 0],
      ["server", 0],
    ]);
  });

  it.each(traces.map((trace) => [trace.name, trace] as const))("%s is the same in every split", (_, trace) => {
    const turns = turnsOf(trace);
    const keyLog = keyLogOf(trace);
    const whole = decodeTls(turns, keyLog);
    for (const size of [1, 2, 3, 7, 16, 61]) {
      const cut = decodeTls(turns, keyLog, (bytes) =>
        Array.from({ length: Math.floor((bytes.length - 1) / size) }, (_each, at) => (at + 1) * size),
      );
      expect({ ...cut.facts, helloSegments: 0 }).toEqual({ ...whole.facts, helloSegments: 0 });
      expect(cut.inner).toEqual(whole.inner);
    }
  });

  it("show the certificate and the data of a simple handshake", () => {
    const trace = traceNamed("Simple 1-RTT Handshake");
    const { facts, inner } = decodeTls(turnsOf(trace), keyLogOf(trace));
    expect(facts.certificates.map(({ der }) => der.length)).toEqual([432]);
    expect(inner.bytes.map((bytes) => bytes.equals(fifty))).toEqual([true, true]);
    expect(facts.verdict).toMatchObject({ value: "accepted", grade: "decrypted" });
  });

  it("show early data before the rest of the client's", () => {
    const trace = traceNamed("Resumed 0-RTT Handshake");
    const { facts, inner } = decodeTls(turnsOf(trace), keyLogOf(trace));
    expect(facts).toMatchObject({ resumed: true, earlyDataAccepted: true });
    expect(inner.bytes[0].toString("latin1")).toBe("ABCDEF" + fifty.toString("latin1"));
    expect(inner.bytes[1].equals(fifty)).toBe(true);
  });

  it("leave out early data whose secret is not known, and say how much it was", () => {
    const trace = traceNamed("Resumed 0-RTT Handshake");
    const keyLog = keyLogOf(trace).replace(/^CLIENT_EARLY.*\n/m, "");
    const { context, inner } = decodeTls(turnsOf(trace), keyLog);
    expect(inner.bytes[0].equals(fifty)).toBe(true);
    // Early data and EndOfEarlyData, with the headers that nobody can tell apart from them.
    expect(inner.gaps).toEqual([[0, 28 + 26]]);
    expect(context.problems).toEqual(["tls bytes-lost"]);
  });

  it("retry with the key share that was asked for", () => {
    const trace = traceNamed("HelloRetryRequest");
    const { facts } = decodeTls(turnsOf(trace), keyLogOf(trace));
    expect(facts).toMatchObject({
      helloRetryRequest: true,
      certificatesSeen: true,
      secondHello: { keyShares: [0x0017] },
    });
  });

  it("show the client's certificate", () => {
    const trace = traceNamed("Client Authentication");
    const { facts } = decodeTls(turnsOf(trace), keyLogOf(trace));
    expect(facts.clientCertificateRequested).toBe(true);
    expect(facts.clientCertificates.map(({ der }) => der.length)).toEqual([438]);
  });

  it("are read the same when all of one direction comes first", () => {
    for (const trace of traces) {
      const turns = turnsOf(trace);
      const sided = ([0, 1] as const).map((side: Direction) => turns.filter(([direction]) => direction === side));
      const { inner, context, facts } = decodeTls([...sided[0], ...sided[1]], keyLogOf(trace));
      expect(context.details).toEqual([]);
      expect(facts.keys?.opened).toEqual([true, true]);
      expect(inner.bytes).toEqual(decodeTls(turns, keyLogOf(trace)).inner.bytes);
    }
  });
});
