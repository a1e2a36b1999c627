import { compressionOf } from "../capture/compression.ts";
import { looksLike } from "../capture/strangers.ts";

/** What a file is, in words for somebody who named it for something else: `a packet capture`, `a private key`. */
export function contentKind(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (captureMagics.has(Buffer.from(bytes.subarray(0, 4)).toString("hex"))) return "a packet capture";
  return compressionOf(bytes, 0, bytes.length) === "none" ? looksLike(bytes) : "a compressed file";
}

/** pcap with microseconds, with nanoseconds and modified, in both byte orders; pcapng. */
const captureMagics: ReadonlySet<string> = new Set([
  "a1b2c3d4",
  "d4c3b2a1",
  "a1b23c4d",
  "4d3cb2a1",
  "a1b2cd34",
  "34cdb2a1",
  "0a0d0d0a",
]);
