import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { renderCsv } from "../../src/report/csv.ts";
import { renderFlow } from "../../src/report/flow-text.ts";
import { renderJson } from "../../src/report/json.ts";
import { wholeText } from "../build/report-text.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { plainStyle } from "../../src/report/style.ts";
import { renderText } from "../../src/report/text.ts";
import { bytesInput } from "../build/inputs.ts";
import { Random } from "../build/random.ts";
import { capturesFolder } from "../captures/truth.ts";

/*
 * Captures with bytes changed, cut, repeated, swapped and put together: whatever comes of it, nothing is thrown, the
 * JSON fits its schema, and no control character reaches a report.
 */
const sources = [
  "a02-default-tls12/capture.pcap",
  "b05-connect-badchain/capture.pcap",
  "b07-connect-407/capture.pcap",
  "b20-socks5/capture.pcap",
  "b32-http-forward/capture.pcap",
  "c31-sum-missing-issuing-of-two-tls12/capture.pcap",
  "d09-formats/any-sll1.pcap",
  "d09-formats/any-sll2.pcap",
  "d20-noise/capture.pcap",
];
const mutantsEach = 60;
const control = /(?![\n\t])\p{Cc}/u;
const anchors = TrustAnchors.fromPem(
  [readFileSync(join(capturesFolder, "b05-connect-badchain/roots.pem"), "utf8")],
  "x",
);
const schema = JSON.parse(
  readFileSync(new URL("../../schema/analysis.schema.json", import.meta.url), "utf8"),
) as object;
const isValid = new Ajv2020({ allErrors: false }).compile(schema);

describe("mutated captures", () => {
  it.each(sources)("%s: nothing but reports comes out", async (source) => {
    const original = readFileSync(join(capturesFolder, source));
    const random = new Random(source.length * 7919);
    for (let mutant = 0; mutant < mutantsEach; mutant++) {
      const bytes = mutate(original, random);
      const analysis = await analyze([bytesInput(bytes, 1 + random.below(5000))], { anchors });
      const json = wholeText(renderJson(analysis));
      expect(isValid(JSON.parse(json)), `mutant ${mutant}: ${JSON.stringify(isValid.errors)}`).toBe(true);
      const options = { width: 80, style: plainStyle, noise: true, verbose: true };
      const texts = [renderText(analysis, options), renderMarkdown(analysis, true), renderCsv(analysis, true)];
      for (const flow of [...analysis.flows()].slice(0, 5)) texts.push(renderFlow(flow, analysis, options));
      for (const text of texts) expect([...text].join("").replaceAll("\r\n", "\n")).not.toMatch(control);
    }
  });
});

/** Half of the mutants keep the file whole and damage packets only: those reach every layer. */
function mutate(original: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = original.slice();
  if (random.below(2) === 0) return damagePackets(bytes, random);
  for (let rounds = 1 + random.below(4); rounds > 0; rounds--) bytes = random.of(mutations)(bytes, random);
  return bytes;
}

/** Changes bytes inside the records of a little-endian pcap file, and swaps and repeats whole records' content. */
function damagePackets(bytes: Uint8Array, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const packets: Uint8Array[] = [];
  for (let at = 24; at + 16 <= bytes.length; at += 16 + view.getUint32(at + 8, true)) {
    packets.push(bytes.subarray(at + 16, at + 16 + view.getUint32(at + 8, true)));
  }
  for (let count = 1 + random.below(80); count > 0; count--) {
    const packet = packets[random.below(packets.length)];
    if (packet.length === 0) continue;
    if (random.below(8) === 0) packet.set(packets[random.below(packets.length)].subarray(0, packet.length).slice());
    else
      packet[random.below(packet.length)] =
        random.below(4) === 0 ? random.below(256) : packet[random.below(packet.length)];
  }
  return bytes;
}

const mutations: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  /** Single bytes anywhere. */
  (bytes, random) => {
    for (let count = 1 + random.below(60); count > 0; count--) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  /** Values that lengths and counters dislike. */
  (bytes, random) => {
    const values = [0, 1, 0x7f, 0x80, 0xff];
    for (let count = 1 + random.below(20); count > 0; count--) {
      const at = random.below(bytes.length);
      bytes.fill(random.of(values), at, Math.min(bytes.length, at + 1 + random.below(4)));
    }
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, 1 + random.below(bytes.length)).slice(),
  /** A piece is left out. */
  (bytes, random) => {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(3000))]);
  },
  /** A piece comes again somewhere else. */
  (bytes, random) => {
    const from = random.below(bytes.length);
    const to = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + random.below(4000)), bytes.subarray(to)]);
  },
  /** A piece of the capture turns into another one of the same length. */
  (bytes, random) => {
    const length = random.below(2000);
    bytes.copyWithin(random.below(bytes.length), random.below(bytes.length), random.below(bytes.length) + length);
    return bytes;
  },
];
