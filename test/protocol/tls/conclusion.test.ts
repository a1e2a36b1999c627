import { describe, expect, it } from "vitest";
import { conclude, type Notes } from "../../../src/protocol/tls/conclusion.ts";
import { parseClientHello } from "../../../src/protocol/tls/client-hello.ts";
import { clientStack } from "../../../src/protocol/tls/client-stack.ts";
import { ja4 } from "../../../src/protocol/tls/ja4.ts";
import type { ClientHelloFacts, TlsFacts } from "../../../src/protocol/tls/facts.ts";
import { emptyFacts } from "../../../src/protocol/tls/observer.ts";
import { noted } from "../../build/tls.ts";
import { gnutlsHello, go119Hello } from "./fixtures.ts";

function helloFacts(bytes: Uint8Array): ClientHelloFacts {
  const content = parseClientHello(bytes, 9, bytes.length);
  return { ...content, ja4: ja4(content), stack: clientStack(content) };
}

function concluded(records: string, some: Partial<TlsFacts> = {}, more: Partial<Notes> = {}): TlsFacts {
  const hello = helloFacts(go119Hello);
  const seen = { hello, helloFrame: 1, serverHelloFrame: 2, negotiatedVersion: 0x0304, cipherSuite: 0x1302 };
  const facts = { ...emptyFacts(), ...seen, ...some };
  conclude(facts, (text) => text, {
    alerts: [],
    records: noted(records),
    clientEnded: false,
    lost: [false, false],
    ...more,
  });
  return facts;
}

const flight = "Sd32 Sd2172 Sd281 Sd69";

describe("what follows from the notes", () => {
  it.each<[string, string, [boolean, boolean]]>([
    ["nothing", "", [false, false]],
    ["a flight and Finished", `${flight} Cd69`, [false, false]],
    ["tickets and a close", `${flight} Cd69 Cd19 Sd282 Sd282 Sd19`, [false, false]],
    ["requests before tickets", `${flight} Cd69 Cd81 Sd282 Sd282`, [true, false]],
    ["an answer behind the tickets", `${flight} Cd69 Cd81 Sd282 Sd282 Sd35`, [true, true]],
    ["SETTINGS on a spare connection", `${flight} Cd69 Sd282 Sd282 Sd26 Cd19`, [false, true]],
  ])("tells data from tickets in TLS 1.3: %s", (_name, records, expected) => {
    expect(concluded(records).applicationData).toEqual(expected);
  });

  it("tells data by record type in TLS 1.2", () => {
    const old = { negotiatedVersion: 0x0303, cipherSuite: 0xc02f };
    expect(concluded("Ch40 Sh40 Ca26", old).applicationData).toEqual([false, false]);
    expect(concluded("Ch40 Sh40 Cd19 Sd33", old).applicationData).toEqual([true, true]);
  });

  it("makes an alert of a refusal, and none of git's close_notify", () => {
    expect(concluded("Sd32 Sd1110 Sd281 Sd69 Cd19").alerts).toEqual([
      { from: "client", level: 0, frame: 5, grade: "inferred" },
    ]);
    const git = concluded("Sd58 Sd1110 Sd281 Sd69 Cd69 Cd19", { hello: helloFacts(gnutlsHello) });
    expect(git).toMatchObject({ verdict: { value: "rejected" }, alerts: [] });
  });

  it("says nothing of a certificate that was not sent, was seen, compressed or lost", () => {
    const hello = helloFacts(go119Hello);
    const compressed = { ...hello, extensions: [...hello.extensions, 27] };
    expect(concluded(`${flight} Cd69`).inferred).toBeDefined();
    expect(concluded(`${flight} Cd69`, { resumed: true }).inferred).toBeUndefined();
    expect(concluded(`${flight} Cd69`, { certificatesSeen: true }).inferred).toBeUndefined();
    expect(concluded(`${flight} Cd69`, { hello: compressed }).inferred).toBeUndefined();
    expect(concluded(`${flight} Cd69`, {}, { lost: [false, true] }).inferred).toBeUndefined();
  });

  it("may be drawn again when more is known", () => {
    const facts = concluded(`${flight} Cd69`);
    expect(facts.verdict.unused).toBeUndefined();
    conclude(facts, (text) => text, {
      alerts: [],
      records: noted(`${flight} Cd69 Cd19`),
      clientEnded: true,
      lost: [false, false],
    });
    expect(facts.verdict).toMatchObject({ value: "accepted", unused: true });
    expect(facts.alerts).toEqual([]);
  });

  it("finds no tunnel where bytes were lost", () => {
    const hello = { ...helloFacts(go119Hello), serverName: "sproxy.corp.example", length: 280 };
    const records = `${flight} Cd69 Cd118 Sd56 Cd299 Sd2724 Cd97`;
    expect(concluded(records, { hello }).inferredTunnel?.targetLength).toBe(20);
    expect(concluded(records, { hello }, { lost: [true, false] }).inferredTunnel).toBeUndefined();
  });
});
