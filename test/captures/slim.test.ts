import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/index.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { parseKeyLog, type KeyLog } from "../../src/protocol/tls/key-log.ts";
import { renderJson } from "../../src/report/json.ts";
import { wholeText } from "../build/report-text.ts";
import { slimCapture, type SlimOptions } from "../../src/slim-capture.ts";
import { bytesInput } from "../build/inputs.ts";
import { capturesFolder, scenarios } from "./truth.ts";

const files = scenarios().flatMap((scenario) =>
  readdirSync(join(capturesFolder, scenario))
    .filter((file) => /\.pcap/.test(file))
    .map((file) => [scenario, file] as const),
);

/** What the report says of flows, names and findings; not of the file, nor of proofs, which need the bulk. */
async function reportOf(scenario: string, bytes: Uint8Array, keyLogs: readonly KeyLog[] = []): Promise<Report> {
  const path = (name: string): string => join(capturesFolder, scenario, name);
  const names = ["go-env.json", "env.json"].filter((name) => existsSync(path(name)));
  const analysis = await analyze([bytesInput(bytes)], {
    anchors: TrustAnchors.fromPem([readFileSync(path("roots.pem"), "utf8")], "roots.pem"),
    configuration: mergeConfigurations(
      names.map((name) => parseConfigurationText(name, readFileSync(path(name), "utf8"))),
    ),
    ...(keyLogs.length > 0 && { keyLogs }),
  });
  const report = JSON.parse(wholeText(renderJson(analysis))) as Report;
  return Object.fromEntries(Object.entries(report).filter(([key]) => key !== "capture" && key !== "checksums"));
}

type Report = Readonly<Record<string, unknown>>;

async function slimmed(bytes: Uint8Array, options: SlimOptions): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await slimCapture(bytesInput(bytes), options, (part) => Promise.resolve(void parts.push(part.slice())));
  return new Uint8Array(Buffer.concat(parts));
}

/** Addresses are others; everything else is to be the same. */
function withoutAddresses(report: Report): unknown {
  const text = JSON.stringify(report);
  const ipv4 = /(?<![\w.])\d+\.\d+\.\d+\.\d+(?!\w)/g;
  const ipv6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/g;
  return JSON.parse(text.replace(ipv4, "ADDRESS").replace(ipv6, "ADDRESS"));
}

/** Of zips that were left out no checksum is proved any more. */
function withoutProofs(report: Report): unknown {
  return JSON.parse(JSON.stringify(report).replaceAll('"result":"proved"', '"result":"not-provable"'));
}

/** The capture with the nth TCP segment that carries data sent once more, at once. Ethernet, little-endian. */
function sentAgain(capture: Buffer, nth: number): Buffer {
  const parts = [capture.subarray(0, 24)];
  let segments = 0;
  for (let at = 24; at < capture.length;) {
    const record = capture.subarray(at, at + 16 + capture.readUInt32LE(at + 8));
    at += record.length;
    parts.push(record);
    const ip = 16 + 14;
    const isTcp = record.readUInt16BE(ip - 2) === 0x0800 && record[ip + 9] === 6;
    if (!isTcp) continue;
    const headers = 20 + (record[ip + 20 + 12] >>> 4) * 4;
    if (record.readUInt16BE(ip + 2) === headers || segments++ !== nth) continue;
    const again = Buffer.from(record);
    again.writeUInt16BE((again.readUInt16BE(ip + 4) ^ 0x5555) & 0xffff, ip + 4);
    parts.push(again);
  }
  return Buffer.concat(parts);
}

describe("a slimmed capture gives the report of its original", () => {
  // Its secrets are not in the slimmed one: compared below.
  it.each(files.filter(([, file]) => !file.startsWith("dsb")))("%s/%s, for others to see", async (scenario, file) => {
    const bytes = readFileSync(join(capturesFolder, scenario, file));
    const after = await reportOf(scenario, await slimmed(bytes, {}));
    expect(withoutAddresses(after)).toEqual(withoutAddresses(await reportOf(scenario, bytes)));
  });

  it("with a segment sent again, before and behind where the protocols stop to read", async () => {
    const scenario = "e02-list-404-410-direct";
    const capture = readFileSync(join(capturesFolder, scenario, "capture.pcap"));
    for (let nth = 150; nth < 175; nth++) {
      const bytes = sentAgain(capture, nth);
      expect(bytes.length).toBeGreaterThan(capture.length);
      const after = await reportOf(scenario, await slimmed(bytes, { keepAddresses: true }));
      expect(after, `segment ${nth}`).toEqual(await reportOf(scenario, bytes));
    }
  });

  // Where the snap length cut the hellos, no secret is in use, and none is written.
  const opened = files.filter(
    ([scenario, file]) => existsSync(join(capturesFolder, scenario, "tls.keys")) && !file.startsWith("snap"),
  );
  it.each(opened)("%s/%s, with its secrets", async (scenario, file) => {
    const bytes = readFileSync(join(capturesFolder, scenario, file));
    const keyLogs = [parseKeyLog("tls.keys", readFileSync(join(capturesFolder, scenario, "tls.keys")))];
    const out = await slimmed(bytes, { keepAddresses: true, keepKeys: true, keyLogs });
    expect(withoutProofs(await reportOf(scenario, out))).toEqual(
      withoutProofs(await reportOf(scenario, bytes, keyLogs)),
    );
  });
});
