import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import type { CaptureInput } from "../../src/capture/source.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { parseKeyLog } from "../../src/protocol/tls/key-log.ts";
import { bytesInput } from "../build/inputs.ts";
import { capturesFolder } from "./truth.ts";

const folder = join(capturesFolder, "d09-formats");
const anchors = TrustAnchors.fromPem([readFileSync(join(folder, "roots.pem"), "utf8")], "roots.pem");
const withSecrets = readFileSync(join(folder, "dsb.pcapng"));
const secretsBlock = 0x0000000a;
const packetBlock = 0x00000006;

/** The blocks of a little-endian pcapng file. */
function blocksOf(file: Buffer): { readonly type: number; readonly bytes: Buffer }[] {
  const blocks = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    blocks.push({ type: file.readUInt32LE(at), bytes: file.subarray(at, at + length) });
    at += length;
  }
  return blocks;
}

/** The capture from a packet on, with its secrets behind so many of its other blocks. */
function secretsBehind(count: number, firstPacket = 0): Buffer {
  const packets = blocksOf(withSecrets).filter(({ type }) => type === packetBlock);
  const blocks = blocksOf(withSecrets).filter(
    ({ bytes }) => !packets.slice(0, firstPacket).some((packet) => packet.bytes.equals(bytes)),
  );
  const others = blocks.filter(({ type }) => type !== secretsBlock);
  const secrets = blocks.filter(({ type }) => type === secretsBlock);
  return Buffer.concat([...others.slice(0, count), ...secrets, ...others.slice(count)].map(({ bytes }) => bytes));
}

const last = blocksOf(withSecrets).length - 1;

function analysisOf(input: CaptureInput): Promise<Analysis> {
  return analyze([input], { anchors });
}

function counted(bytes: Buffer): { input: CaptureInput; opened: () => number } {
  const input = bytesInput(bytes);
  let opened = 0;
  const open = (): ReturnType<CaptureInput["open"]> => {
    opened++;
    return input.open();
  };
  return { input: { ...input, open }, opened: () => opened };
}

describe("secrets in a capture", () => {
  it("open its flows wherever they stand; it is read again only where they came late", async () => {
    const expected = await analysisOf(bytesInput(secretsBehind(2)));
    expect([...expected.flows()].map(({ tls }) => tls[0]?.decrypted)).toEqual(["both", "both", "both", "both"]);
    for (const [place, reads] of [
      [2, 1],
      [40, 2],
      [last, 2],
    ] as const) {
      const { input, opened } = counted(secretsBehind(place));
      const analysis = await analysisOf(input);
      expect([...analysis.flows()]).toEqual([...expected.flows()]);
      expect(analysis.capture.keyLog).toEqual(expected.capture.keyLog);
      expect(opened()).toBe(reads);
    }
  });

  it("that come late on standard input are said to, with what to do", async () => {
    const { input, opened } = counted(secretsBehind(last));
    const analysis = await analysisOf({ ...input, reopenable: false });
    expect(opened()).toBe(1);
    const late = analysis.capture.problems.find(({ code }) => code === "secrets-too-late");
    expect(late?.detail).toContain("the secrets of 4 connections");
    expect(late?.detail).toContain("save the capture to a file");
    expect([...analysis.flows()].some(({ tls }) => tls[0]?.decrypted !== undefined)).toBe(false);
  });

  it("are tried on connections that were joined behind their hellos, wherever they stand", async () => {
    const late = secretsBehind(last, 90);
    const { input, opened } = counted(late);
    const flows = [...(await analysisOf(input)).flows()];
    expect(opened()).toBe(2);
    expect(flows.map((flow) => [flow.opened, flow.layers, flow.http.length])).toEqual([
      ["midstream", ["tls", "h2"], 1],
      ["midstream", ["tls", "h2"], 2],
    ]);
    const once = await analysisOf({ ...bytesInput(late), reopenable: false });
    const problem = once.capture.problems.find(({ code }) => code === "secrets-too-late");
    expect(problem?.detail).toContain("without ClientHello that they may open");
  });

  it("that belong to no flow make nobody read twice", async () => {
    const strange = Buffer.from(secretsBehind(last));
    const at = strange.length - blocksOf(strange)[last].bytes.length + 16;
    strange.write(strange.toString("latin1", at).replace(/ [0-9a-f]{64} /g, ` ${"5a".repeat(32)} `), at, "latin1");
    const { input, opened } = counted(strange);
    const analysis = await analysisOf(input);
    expect(opened()).toBe(1);
    expect(analysis.capture.keyLog).toMatchObject({ secrets: 1, usedBy: [], unused: 1 });
  });

  it("stand beside those of files, and each source says what it opened", async () => {
    const keys = readFileSync(join(folder, "tls.keys"), "latin1").split("\n");
    const [, random] = keys[0].split(" ");
    const some = keys.filter((line) => line.includes(random));
    const log = parseKeyLog("some.keys", Buffer.from([...some, "damaged"].join("\n")));
    const analysis = await analyze([bytesInput(secretsBehind(last))], { anchors, keyLogs: [log] });
    const { sources, ...all } = analysis.capture.keyLog!;
    expect(all).toEqual({ secrets: 4, usedBy: [0, 1, 2, 3], unused: 0 });
    expect(sources.map(({ name, origin, secrets, unused }) => [name, origin, secrets, unused])).toEqual([
      ["some.keys", "file", 1, 0],
      ["test.pcap", "capture", 4, 0],
    ]);
    expect(sources[0].usedBy).toHaveLength(1);
    const problem = analysis.capture.problems.find(({ code }) => code === "secrets-damaged");
    expect(problem?.detail).toContain("some.keys: line");
  });

  it("never appear in an analysis", async () => {
    const analysis = await analysisOf(bytesInput(secretsBehind(2)));
    const { capture, findings } = analysis;
    const text = JSON.stringify({ capture, findings, flows: [...analysis.flows()] });
    for (const line of readFileSync(join(folder, "tls.keys"), "latin1").split("\n")) {
      const [, , secret] = line.split(" ");
      if (secret !== undefined) expect(text).not.toContain(secret);
    }
  });
});
