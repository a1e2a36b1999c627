import { describe, expect, it } from "vitest";
import { parseClientHello } from "../../../src/protocol/tls/client-hello.ts";
import { clientStack } from "../../../src/protocol/tls/client-stack.ts";
import type { ClientHelloFacts } from "../../../src/protocol/tls/facts.ts";
import {
  connectTargetLength,
  findLoneRequest,
  inferTunnel,
  type OuterConnection,
} from "../../../src/protocol/tls/tunnel.ts";
import { noted } from "../../build/tls.ts";
import { gnutlsHello, go119Hello } from "./fixtures.ts";

/** To sproxy.corp.example, three letters longer than proxy.golang.org. */
function outerHello(bytes: Uint8Array = go119Hello): ClientHelloFacts {
  const content = parseClientHello(bytes, 9, bytes.length);
  const longer = { ...content, serverName: "sproxy.corp.example", length: content.length + 3 };
  return { ...longer, ja4: "", stack: clientStack(content) };
}

function outer(records: string, more: Partial<OuterConnection> = {}): OuterConnection {
  const connection = { hello: outerHello(), negotiatedVersion: 0x0304, cipherSuite: 0x1302, clientEnded: false };
  return { ...connection, records: noted(records), ...more };
}

const infer = (records: string, more?: Partial<OuterConnection>) => inferTunnel(outer(records, more));

const proxyFlight = "Sd38 Sd2178 Sd281 Sd69 Cd69";

describe("CONNECT inside TLS to a proxy", () => {
  it.each([
    ["b17: module proxy, goes on", "Cd118 Sd282 Sd282 Sd56 Cd299 Sd2724 Cd97 Sd622 Cd103 Cd109", 20, 277, "accepted"],
    ["b17: module proxy, spare", "Cd118 Sd282 Sd282 Sd56 Cd299 Sd2724 Cd97 Cd41 Cd19", 20, 277, "accepted unused"],
    ["b17: checksum database", "Cd114 Sd282 Sd282 Sd56 Cd297 Sd2704 Cd81 Cd103 Cd110", 18, 275, "accepted"],
    ["rejected, TLS 1.3", "Cd118 Sd56 Cd299 Sd1600 Cd47 Cd19", 20, 277, "rejected"],
    ["rejected, TLS 1.2", "Cd118 Sd56 Cd299 Sd1600 Cd24 Cd19", 20, 277, "rejected"],
    ["goes on, TLS 1.2", "Cd118 Sd56 Cd299 Sd1600 Cd110 Sd68 Cd110", 20, 277, "accepted"],
    ["spare, TLS 1.2", "Cd118 Sd56 Cd299 Sd1600 Cd110 Sd68 Cd48 Cd19", 20, 277, "accepted unused"],
    ["a long port", "Cd122 Sd56 Cd299 Sd2724 Cd97 Cd103", 22, 277, "accepted"],
    ["an address as target", "Cd114 Sd56 Cd274 Sd2724 Cd97 Cd103", 18, 252, "accepted"],
    ["credentials of 20 letters", "Cd167 Sd56 Cd299 Sd2724 Cd97 Cd103", 20, 277, "accepted"],
  ])("%s", (_name, records, targetLength, helloBytes, verdict) => {
    const tunnel = infer(`${proxyFlight} ${records}`)!;
    expect(tunnel).toMatchObject({ targetLength, helloBytes });
    expect(`${tunnel.verdict!.value}${tunnel.verdict!.unused === true ? " unused" : ""}`).toBe(verdict);
    expect(tunnel.verdict!.grade).toBe("inferred");
  });

  it("bounds the inner certificate: 2155 bytes in b17", () => {
    const certificate = infer(`${proxyFlight} Cd118 Sd282 Sd282 Sd56 Cd299 Sd2724 Cd97 Cd41`)!.certificate!;
    const [least, most] = certificate.certificateBytes as [number, number];
    expect(least).toBeLessThanOrEqual(2155);
    expect(most).toBeGreaterThanOrEqual(2155);
    expect(most - least).toBeLessThan(800);
  });

  it("leaves the verdict open while the client has not answered", () => {
    const tunnel = infer(`${proxyFlight} Cd118 Sd56 Cd299 Sd2724`)!;
    expect(tunnel.verdict).toBeUndefined();
    expect(tunnel.because).toContain("118 = 61 + 2 × 20 + 17 overhead");
  });

  it("stands on TLS 1.2 outside too", () => {
    const tunnel = infer("Ch40 Sh40 Cd125 Sd63 Cd306 Sd2731 Cd104 Cd110", {
      negotiatedVersion: 0x0303,
      cipherSuite: 0xc02f,
    });
    expect(tunnel).toMatchObject({ targetLength: 20, helloBytes: 277, verdict: { value: "accepted" } });
  });

  it.each([
    ["h2 (a09)", `${proxyFlight} Cd81 Cd89 Cd54 Sd282 Sd282 Sd35`],
    ["h2 of go 1.27 (a01)", `${proxyFlight} Cd87 Cd100 Cd58 Sd282 Sd282 Sd35`],
    ["a spare connection", `${proxyFlight} Cd69 Cd19`],
    ["a request without a reply", `${proxyFlight} Cd118 Cd299`],
    ["a second record of another size", `${proxyFlight} Cd118 Sd56 Cd350`],
    ["a target that fits no host of that length", `${proxyFlight} Cd150 Sd56 Cd299`],
    ["no Finished", "Sd38 Sd2178 Cd19"],
  ])("is not seen in %s", (_name, records) => {
    expect(infer(records)).toBeUndefined();
  });

  it("is not looked for with other clients and CBC suites", () => {
    const records = `${proxyFlight} Cd118 Sd56 Cd299`;
    expect(infer(records, { hello: outerHello(gnutlsHello) })).toBeUndefined();
    expect(infer(records, { negotiatedVersion: 0x0303, cipherSuite: 0xc013 })).toBeUndefined();
  });
});

describe("a request inside TLS that may be a CONNECT", () => {
  const lone = (records: string, more?: Partial<OuterConnection>) => findLoneRequest(outer(records, more));
  const tls12 = { negotiatedVersion: 0x0303, cipherSuite: 0xc02f };

  it.each<[name: string, records: string, answers: number[], closed: boolean]>([
    ["b18: 403", "Cd118 Sd62 Cd19 Sd19", [45], true],
    ["b19: 407 behind two tickets", "Cd118 Sd282 Sd282 Sd3698 Sd19 Cd19", [3681], true],
    ["an answer in two records", "Cd118 Sd65 Sd2017 Cd19", [48, 2000], true],
    ["one ticket or answer", "Cd118 Sd282 Cd19", [265], true],
    ["two tickets alone", "Cd118 Sd282 Sd282 Cd19", [], true],
    ["silence", "Cd118", [], false],
    ["a request with credentials", "Cd161 Sd62 Cd19", [45], true],
  ])("%s", (_name, records, answers, closed) => {
    expect(lone(`${proxyFlight} ${records}`)).toMatchObject({ answers, closed });
  });

  it("is found on TLS 1.2, where tickets come in the handshake and alerts show", () => {
    expect(lone("Ch40 Sh40 Cd125 Sd69 Ca26", tls12)).toMatchObject({ bytes: 101, answers: [45], closed: true });
    expect(lone("Ch40 Sh40 Cd125 Sd69 Sd69", tls12)).toMatchObject({ answers: [45, 45], closed: false });
  });

  it.each([
    ["a tunnel", "Cd118 Sd56 Cd299"],
    ["the preface of HTTP/2", "Cd81 Sd35"],
    ["less than the shortest request", "Cd94 Sd56"],
    ["less than the shortest request with credentials", "Cd127 Sd56"],
    ["a spare connection", "Cd19"],
    ["nothing", ""],
  ])("is not %s", (_name, records) => {
    expect(lone(`${proxyFlight} ${records}`.trim())).toBeUndefined();
  });

  it("is looked for with Go alone", () => {
    expect(lone(`${proxyFlight} Cd118 Sd62 Cd19`, { hello: outerHello(gnutlsHello) })).toBeUndefined();
  });

  it("tells the length of its target where it has no credentials", () => {
    expect([101, 97, 144].map(connectTargetLength)).toEqual([20, 18, undefined]);
  });
});
