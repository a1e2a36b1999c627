import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Frame } from "../src/capture/frame.ts";
import { CaptureReader } from "../src/capture/reader.ts";
import { analyze } from "../src/analyze.ts";
import { HeaderTrace } from "../src/packet/header-trace.ts";
import { TrustAnchors } from "../src/pki/anchors.ts";
import { renderJson } from "../src/report/json.ts";
import { wholeText } from "./build/report-text.ts";
import { slimCapture, type Slimmed, type SlimOptions } from "../src/slim-capture.ts";
import { parseKeyLog, type KeyLog } from "../src/protocol/tls/key-log.ts";
import {
  answers,
  asks,
  data,
  endHeaders,
  endStream,
  FieldEncoder,
  headers,
  joined,
  preface,
  settings,
} from "./build/http2.ts";
import { bytesInput } from "./build/inputs.ts";
import { fragmented, inIpv4, inIpv6, inTunneledIpv4, inVxlan, lastFirst } from "./build/fragmented.ts";
import { converse } from "./build/tls-conversation.ts";
import { moduleZip } from "./build/module-zip.ts";
import { password, greeting } from "./build/socks.ts";
import { TcpCapture, internetChecksum } from "./build/tcp-capture.ts";

const anchors = TrustAnchors.fromPem([], "none");

async function slim(bytes: Uint8Array, options: SlimOptions = {}): Promise<{ out: Uint8Array; told: Slimmed }> {
  const parts: Uint8Array[] = [];
  const told = await slimCapture(bytesInput(bytes), options, (part) => {
    parts.push(part.slice());
    return Promise.resolve();
  });
  const out = new Uint8Array(Buffer.concat(parts));
  expect(told.bytes).toBe(out.length);
  return { out, told };
}

interface Report {
  flows: Record<string, unknown>[];
  findings: unknown;
  capture: { frames: number; snappedFrames?: number; notUnderstood: unknown };
}

async function report(bytes: Uint8Array, keyLogs: readonly KeyLog[] = []): Promise<Report> {
  return JSON.parse(wholeText(renderJson(await analyze([bytesInput(bytes)], { anchors, keyLogs })))) as Report;
}

/** Slims with addresses kept, and expects that nothing told of flows and in findings is different. */
async function expectSameReport(bytes: Uint8Array): Promise<Uint8Array> {
  const { out } = await slim(bytes, { keepAddresses: true });
  const [before, after] = [await report(bytes), await report(out)];
  expect(after.flows).toEqual(before.flows);
  expect(after.findings).toEqual(before.findings);
  expect(after.capture.frames).toBe(before.capture.frames);
  expect(after.capture.notUnderstood).toEqual(before.capture.notUnderstood);
  return out;
}

const path = "/golang.org/x/text/@v/v0.3.0.zip";
const requestFor = (target: string): string =>
  `GET http://proxy.example${target} HTTP/1.1\r\nHost: proxy.example\r\n\r\n`;
/** For what Go does not look at. */
const request = requestFor("/bulk");
const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => (n * 7) % 251);
const answer = (length: number): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: ${length}\r\n\r\n`;

describe("bulk", () => {
  const length = 600_000;

  it("is left out of a long answer in clear text, and everything is told as before", async () => {
    const bytes = new TcpCapture()
      .send(0, request)
      .send(1, answer(length))
      .send(1, content(length))
      .send(0, request)
      .send(1, answer(20))
      .send(1, content(20))
      .close()
      .bytes();
    const out = await expectSameReport(bytes);
    expect(out.length).toBeLessThan(bytes.length / 20);
  });

  const stored = content(length);
  it.each([
    ["a module's zip", "goes", moduleZip([{ name: "golang.org/x/text@v0.3.0/a", content: stored, stored: true }])],
    ["one with files of another module", "stays", moduleZip([{ name: "b/a", content: stored, stored: true }])],
    ["one that ends early", "stays", moduleZip([{ name: "a", content: stored, stored: true }]).subarray(0, length)],
    ["what is no zip", "stays", stored],
  ])("of %s %s", async (_, fate, zip) => {
    const bytes = new TcpCapture()
      .send(0, requestFor(path))
      .send(1, answer(zip.length))
      .send(1, zip)
      .send(0, request)
      .send(1, answer(length))
      .send(1, stored)
      .close()
      .bytes();
    const out = await expectSameReport(bytes);
    if (fate === "goes") expect(out.length).toBeLessThan(bytes.length / 20);
    else expect(out.length / bytes.length).toBeCloseTo(0.5, 1);
  });

  it("stays where an answer is short", async () => {
    const bytes = new TcpCapture().send(0, request).send(1, answer(9000)).send(1, content(9000)).close().bytes();
    const out = await expectSameReport(bytes);
    expect(Buffer.from(out).includes(Buffer.from(content(1448)))).toBe(true);
  });

  it.each([
    ["lost segments", true, false],
    ["retransmissions", false, true],
    ["both", true, true],
  ])("is told with its %s", async (_, loses, repeats) => {
    for (const port of [80, 9999]) {
      const capture = new TcpCapture(port).send(0, port === 80 ? request : content(99)).send(1, answer(length));
      const all = content(length);
      for (let at = 0, n = 0; at < length; at += 1448, n++) {
        const segment = all.subarray(at, at + 1448);
        capture.segment(1, segment, 0x18, { lost: loses && n % 170 === 90 });
        if (repeats && n % 150 === 149) capture.again(1, segment, segment.length);
        if (n % 2 === 1) capture.segment(0, "");
      }
      const bytes = capture.send(0, request).send(1, answer(3)).send(1, "abc").close().bytes();
      const out = await expectSameReport(bytes);
      // Behind a loss nothing is cut of what is still read.
      if (!loses || port !== 80) expect(out.length).toBeLessThan(bytes.length / 4);
    }
  });

  it("is left out of what nobody can read, and what the snap length cut stays told", async () => {
    const whole = new TcpCapture(9999).send(0, content(70_000)).send(1, content(400_000)).close();
    const out = await expectSameReport(whole.bytes());
    expect(out.length).toBeLessThan(100_000);
    const cut = whole.bytes(400);
    const { flows } = await report(await expectSameReport(cut));
    expect(flows[0]["snappedSegments"]).toBeGreaterThan(0);
  });

  it("stays out when a slimmed capture is slimmed", async () => {
    const bytes = new TcpCapture().send(0, request).send(1, answer(length)).send(1, content(length)).close().bytes();
    const once = await expectSameReport(bytes);
    const twice = await expectSameReport(once);
    expect(Math.abs(twice.length - once.length)).toBeLessThan(200);
  });

  it("is a capture of whatever content, that was read in whatever pieces", async () => {
    const bytes = new TcpCapture().send(0, request).send(1, answer(length)).send(1, content(length)).bytes();
    const parts: Uint8Array[] = [];
    await slimCapture(bytesInput(bytes, 1000), {}, (part) => Promise.resolve(void parts.push(part.slice())));
    expect(new Uint8Array(Buffer.concat(parts))).toEqual((await slim(bytes)).out);
  });
});

describe("bulk inside TLS, with kept secrets", () => {
  const length = 900_000;
  const zip = content(length);
  const http1 = [request, joined(answer(length), zip), request, joined(answer(20), zip.subarray(0, 20))];
  const chunked = (size: number, count: number): (string | Uint8Array)[] => {
    const chunk = (n: number): Uint8Array =>
      joined(`${size.toString(16)}\r\n`, zip.subarray(n * size, (n + 1) * size), "\r\n");
    const coded = joined("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ...chunks(count, chunk), "0\r\n\r\n");
    return [request, coded, request, joined(answer(20), zip.subarray(0, 20))];
  };
  const client = new FieldEncoder();
  const server = new FieldEncoder();
  const asked = (stream: number): Uint8Array => headers(stream, client.encode(asks("/bulk")), endStream | endHeaders);
  const answered = (stream: number, ...parts: readonly Uint8Array[]): Uint8Array =>
    joined(headers(stream, server.encode(answers(200))), ...parts, data(stream, "", endStream));
  const http2 = [
    joined(preface, settings(), asked(1)),
    joined(settings(), answered(1, ...chunks(50, (n) => data(1, zip.subarray(n << 14, (n + 1) << 14))))),
    asked(3),
    answered(3, data(3, "short")),
  ];

  it.each([
    ["HTTP/1 in TLS 1.3", http1, "TLSv1.3", "none"],
    ["HTTP/1 in TLS 1.2", http1, "TLSv1.2", "none"],
    ["chunks in TLS 1.3", chunked(1 << 14, 50), "TLSv1.3", "none"],
    ["many small chunks in TLS 1.3", chunked(700, 1200), "TLSv1.3", "none"],
    ["HTTP/2 in TLS 1.3", http2, "TLSv1.3", "none"],
    ["HTTP/2 in TLS 1.3", http2, "TLSv1.3", "window"],
    ["HTTP/1 in TLS 1.3", http1, "TLSv1.3", "again"],
    ["HTTP/2 in TLS 1.3", http2, "TLSv1.3", "again"],
    ["HTTP/1 in TLS 1.3", http1, "TLSv1.3", "lost"],
    ["HTTP/2 in TLS 1.3", http2, "TLSv1.3", "early"],
  ] as const)("is left out of %s, and what comes behind is read", async (_, script, version, fate) => {
    const { turns, keyLog } = await converse({
      client: { minVersion: version, maxVersion: version },
      script: script.map((part) => (typeof part === "string" ? Buffer.from(part) : part)),
    });
    const capture = new TcpCapture(443);
    let segments = 0;
    for (const [direction, turn] of turns) {
      for (let at = 0; at < turn.length; at += 1448) {
        const segment = turn.subarray(at, at + 1448);
        const disturbed = direction === 1 && ++segments === 300;
        if (disturbed && fate === "early") capture.again(1, turn.subarray(at + 1448, at + 2896), -segment.length);
        capture.segment(direction, segment, 0x18, { lost: disturbed && fate === "lost" });
        if (disturbed && fate === "again") capture.again(1, segment, segment.length);
        if (segments % 2 === 1) capture.segment((1 - direction) as 0 | 1, "");
        // What acknowledges nothing new opens the window.
        if (fate === "window" && segments % 20 === 1) capture.segment((1 - direction) as 0 | 1, "");
      }
    }
    const bytes = capture.close().bytes();
    const keyLogs = [parseKeyLog("keys", Buffer.from(keyLog))];
    const { out, told } = await slim(bytes, { keepAddresses: true, keepKeys: true, keyLogs });
    expect(told.secrets.kept).toBe(1);
    const [before, after] = [await report(bytes, keyLogs), await report(out)];
    expect(before.flows).toMatchObject([{ http: [{ status: 200 }, { status: 200 }] }]);
    expect(after.flows).toEqual(before.flows);
    expect(after.findings).toEqual(before.findings);
    expect(out.length).toBeLessThan(bytes.length / (["none", "window"].includes(fate) ? 4 : 1.5));
    const again = await slim(out, { keepAddresses: true, keepKeys: true });
    expect((await report(again.out)).flows).toEqual(before.flows);
  });
});

function chunks(count: number, chunk: (n: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, n) => chunk(n));
}

describe("credentials", () => {
  const secret = "c2VjcmV0OnNlY3JldA";
  const clear = [
    ["a field", `Authorization: Basic ${secret}==\r\n`],
    ["a folded field", `Proxy-Authorization: Negotiate\r\n ${secret}==\r\n`],
    ["a cookie", `Cookie: session=${secret}\r\n`],
    ["a field of a forge", `PRIVATE-TOKEN: ${secret}\r\n`],
    ["a host with userinfo", `Host: me:${secret}@proxy.example\r\n`],
    ["a signed location", `Referer: https://storage.example/a?X-Goog-Signature=${secret}&x=1\r\n`],
  ] as const;

  it.each(clear)("are overwritten in %s, split anywhere", async (_, field) => {
    const text = `GET http://user:${secret}@example.com/x HTTP/1.1\r\nHost: example.com\r\n${field}Accept: */*\r\n\r\n`;
    for (const size of [1448, 50, 7]) {
      const bytes = new TcpCapture().send(0, text, size).send(1, answer(3), size).send(1, "abc").close().bytes();
      const { out, told } = await slim(bytes);
      expect(told.credentials).toBeGreaterThan(1);
      const sent = await streamOf(out, 40_000);
      expect(sent).toHaveLength(text.length);
      expect(sent).not.toMatch(/c2V|jcm|V0O|nNl|Y3J/);
      expect(sent).toContain("Accept: */*\r\n\r\n");
    }
  });

  it("are overwritten in segments that come again, before their turn, or behind a loss", async () => {
    const head = Buffer.from(`GET http://example.com/ HTTP/1.1\r\nAuthorization: Bearer ${secret}`);
    const rest = Buffer.from(`${secret}\r\nHost: example.com\r\n\r\n`);
    const again = new TcpCapture().segment(0, head).again(0, head, head.length).segment(0, rest).close().bytes();
    const early = new TcpCapture().again(0, rest, -head.length).segment(0, head).segment(0, rest).close().bytes();
    const torn = new TcpCapture()
      .segment(0, head)
      .segment(0, "A".repeat(30), 0x18, { lost: true })
      .segment(1, "", 0x10)
      .segment(0, rest)
      .close()
      .bytes();
    for (const bytes of [again, early, torn]) {
      const { out } = await slim(bytes);
      expect(Buffer.from(out).toString("latin1")).not.toContain("c2V");
    }
  });

  it("are overwritten in SOCKS messages", async () => {
    const bytes = new TcpCapture(1080)
      .segment(0, greeting(0, 2))
      .segment(1, Uint8Array.of(5, 2))
      .segment(0, password("someone", secret))
      .segment(1, Uint8Array.of(1, 0))
      .segment(0, Uint8Array.of(5, 1, 0, 1, 93, 184, 216, 34, 1, 187))
      .close()
      .bytes();
    const { out } = await slim(bytes);
    const sent = await streamOf(out, 40_000);
    expect(sent).not.toMatch(/someone|c2V/);
    expect(Buffer.from(sent.slice(-6, -2), "latin1")).not.toEqual(Buffer.from([93, 184, 216, 34]));
  });

  it("that no protocol was given are left out with their segments", async () => {
    const capture = new TcpCapture().send(0, request).send(1, answer(1)).send(1, "a").close();
    const late = Buffer.from(`Authorization: Basic ${secret}`);
    const { out } = await slim(capture.again(0, late, -100).bytes());
    expect(Buffer.from(out).toString("latin1")).not.toContain(secret);
  });
});

describe("addresses", () => {
  const text =
    "CONNECT 93.184.216.34:443 HTTP/1.1\r\nHost: 93.184.216.34:443\r\nUser-Agent: Agent/93.0.0.1\r\nVia: 10.1.2.3\r\n\r\n";

  it("become others of their kind and length wherever they stand, and checksums stay right", async () => {
    const bytes = new TcpCapture(3128)
      .send(0, text)
      .send(1, "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n")
      .close()
      .bytes();
    const { out } = await slim(bytes);
    const sent = await streamOf(out, 40_000);
    expect(sent).toBe(text.replaceAll("93.184.216.34", "198.51.100.10").replace("10.1.2.3", "10.0.0.1"));
    expect(Buffer.from(out).includes(Buffer.from([93, 184, 216, 34]))).toBe(false);
    expect(Buffer.from(out).includes(Buffer.from([10, 1, 2, 3]))).toBe(false);
    expect(await wrongChecksums(out)).toBe(0);
    const { flows } = await report(out);
    expect(flows).toMatchObject([{ route: { target: "198.51.100.10:443" } }]);
  });

  it("stay with keepAddresses", async () => {
    const bytes = new TcpCapture(3128).send(0, text).close().bytes();
    expect(await streamOf((await slim(bytes, { keepAddresses: true })).out, 40_000)).toBe(text);
  });
});

describe("IP fragments", () => {
  const authorization = "Basic c2VjcmV0OnNlY3JldA==";
  const conversation = new TcpCapture()
    .send(0, `GET http://example.com/a HTTP/1.1\r\nProxy-Authorization: ${authorization}\r\nHost: example.com\r\n\r\n`)
    .send(1, answer(300_000))
    .send(1, content(300_000))
    .send(0, request)
    .send(1, answer(20))
    .send(1, content(20))
    .close()
    .bytes();

  it.each([
    ["of IPv4", inIpv4],
    ["of IPv4, the last first", lastFirst(inIpv4)],
    ["of IPv6", inIpv6],
    ["of a tunnel", inVxlan],
    ["inside a tunnel", inTunneledIpv4],
  ])("%s become whole datagrams, and everything is told as before", async (_, fragmenting) => {
    const bytes = fragmented(conversation, fragmenting);
    const out = await expectSameReport(bytes);
    const { flows, capture } = await report(out);
    expect(flows).toMatchObject([{ http: [{ path: "/a" }, { path: "/bulk" }] }]);
    expect(capture).toMatchObject({ notUnderstood: {} });
    expect(out.length).toBeLessThan(bytes.length / 10);
    expect(Buffer.from(out).toString("latin1")).not.toContain(authorization.slice(6));
  });

  it("of datagrams that never become whole keep their headers", async () => {
    let dropped = 0;
    const bytes = fragmented(conversation, (frame) => {
      const pieces = inIpv4(frame);
      return pieces.length === 3 && dropped++ === 0 ? pieces.slice(1) : pieces;
    });
    const { capture } = await report(await expectSameReport(bytes));
    expect(capture).toMatchObject({ notUnderstood: { "fragment-incomplete": 2 } });
  });
});

describe("what is said of the original", () => {
  it("is its digest and size, first of all comments", async () => {
    const bytes = new TcpCapture().send(0, request).bytes();
    const { out, told } = await slim(bytes);
    const comments = await eachFrame(out, () => undefined);
    expect(told.original).toMatchObject({ bytes: bytes.length, frames: told.frames });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(comments[0]).toContain(`original: sha256 ${sha256}, ${bytes.length} bytes, ${told.frames} frames`);
  });

  it("is damage, and the digest is of all bytes", async () => {
    const bytes = new TcpCapture().send(0, request).bytes();
    const cut = new Uint8Array(Buffer.concat([bytes, Buffer.alloc(3_000_000, 0xff)]));
    const { told } = await slim(cut);
    expect(told).toMatchObject({ damaged: true, original: { bytes: cut.length } });
  });
});

/** Payload of the TCP segments from that port, in order. */
async function streamOf(bytes: Uint8Array, port: number): Promise<string> {
  let text = "";
  await eachFrame(bytes, (trace) => {
    const { packet } = trace;
    if (packet.sourcePort !== port) return;
    text += Buffer.from(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toString("latin1");
  });
  return text;
}

async function wrongChecksums(bytes: Uint8Array): Promise<number> {
  let wrong = 0;
  await eachFrame(bytes, ({ packet }, frame) => {
    const at = frame.start + 14;
    const segment = frame.bytes.subarray(at + 20, packet.payloadEnd);
    const pseudo = [...frame.bytes.subarray(at + 12, at + 20), 0, 6, segment.length >> 8, segment.length & 255];
    if (internetChecksum(frame.bytes.subarray(at, at + 20)) !== 0) wrong++;
    if (internetChecksum(Uint8Array.from([...pseudo, ...segment])) !== 0) wrong++;
  });
  return wrong;
}

/** Looks at every frame; returns the comments of the file. */
async function eachFrame(bytes: Uint8Array, look: (trace: HeaderTrace, frame: Frame) => void): Promise<string[]> {
  const reader = await CaptureReader.open(bytesInput(bytes));
  const frame = new Frame();
  const trace = new HeaderTrace();
  do {
    while (reader.next(frame)) {
      trace.follow(frame);
      look(trace, frame);
    }
  } while (await reader.fill());
  await reader.close();
  return reader.facts.comments;
}
