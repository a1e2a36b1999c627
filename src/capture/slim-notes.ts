import type { LeftOutRecords, LeftOutSegments, LeftOutSide } from "./frame.ts";

/*
 * What a slimmed capture says of its original, as pcapng comments that people can read:
 *
 *   section   slimmed by gomodcap 1.0.0, original: sha256 1f…e0, 52428800 bytes, 54000 frames
 *   frame     slimmed: frame 1200; captured 96; sent 90 segments 0 bytes largest 0; received 180 segments 262144 bytes largest 1448
 *
 * A frame without one follows the frame before it, and was captured whole. `captured` counts the bytes that the original
 * has of the frame, where these are not all that were on the wire. `sent` and `received` are segments that were left out
 * before the frame, of its connection: the sender's of the frame, and its peer's. Where secrets are kept,
 *
 *   frame     slimmed: …; records 3 tail 423 content +16384 000040000000000005 +32768
 *
 * says what was in the TLS records left out since the last one that was kept: so many bytes of content, the bytes between
 * in hex; of this frame's payload `tail` bytes belong to the last of them.
 */

/** What stands in the original of a slimmed capture. */
export interface OriginalCapture {
  /** Of the file as it was stored, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly frames: number;
}

/** What a slimmed frame was in the original. */
export interface OriginalFrame {
  /** Its number, where that is not one more than that of the frame before. */
  readonly number?: number;
  /** Bytes captured of it, where they were not all. */
  readonly captured?: number;
  readonly timed: boolean;
  readonly before?: LeftOutSegments;
  readonly records?: LeftOutRecords;
}

/** The comment of the section; `tool` is name and version of what wrote it. */
export function renderOriginal(tool: string, { sha256, bytes, frames }: OriginalCapture): string {
  return `slimmed by ${tool}, original: sha256 ${sha256}, ${bytes} bytes, ${frames} frames`;
}

/** Whether a section's comment says that it was slimmed. */
export function isSlimmed(comment: string): boolean {
  return /^slimmed by gomodcap \S+, original: sha256 [0-9a-f]{64}, /.test(comment);
}

/** The comment of a frame; undefined where there is nothing to say. */
export function renderOriginalFrame({ number, captured, timed, before, records }: OriginalFrame): string | undefined {
  const parts: string[] = [];
  if (number !== undefined) parts.push(`frame ${number}`);
  if (captured !== undefined) parts.push(`captured ${captured}`);
  if (!timed) parts.push("without a time");
  if (before !== undefined) parts.push(`sent ${renderSide(before.sent)}`, `received ${renderSide(before.received)}`);
  if (records !== undefined) parts.push(renderRecords(records));
  return parts.length === 0 ? undefined : `slimmed: ${parts.join("; ")}`;
}

function renderRecords({ count, tail, content }: LeftOutRecords): string {
  const pieces = content.map((piece) => (typeof piece === "number" ? `+${piece}` : Buffer.from(piece).toString("hex")));
  return `records ${count} tail ${tail} content ${pieces.join(" ")}`;
}

function renderSide({ segments, bytes, largest }: LeftOutSide): string {
  return `${segments} segments ${bytes} bytes largest ${largest}`;
}

/** Reads the comment of a frame; undefined for any other. */
export function parseOriginalFrame(comment: string): OriginalFrame | undefined {
  const found = frameComment.exec(comment);
  if (found === null) return undefined;
  const { records, tail, content } = found.groups!;
  const [, number, captured, untimed, ...sides] = found;
  return {
    ...(number !== undefined && { number: Number(number) }),
    ...(captured !== undefined && { captured: Number(captured) }),
    timed: untimed === undefined,
    ...(sides[0] !== undefined && { before: { sent: parseSide(sides, 0), received: parseSide(sides, 3) } }),
    ...(records !== undefined && {
      records: { count: Number(records), tail: Number(tail), content: content.trimStart().split(" ").map(parsePiece) },
    }),
  };
}

function parsePiece(text: string): number | Uint8Array {
  return text.startsWith("+") ? Number(text) : Buffer.from(text, "hex");
}

function parseSide(texts: readonly string[], at: number): LeftOutSide {
  const [segments, bytes, largest] = texts.slice(at, at + 3).map(Number);
  return { segments, bytes, largest };
}

/** Numbers stay exact, and segments and sizes within the words that count them. */
const side = String.raw`(\d{1,8}) segments (\d{1,14}) bytes largest (\d{1,6})`;
const records = String.raw`records (?<records>\d{1,6}) tail (?<tail>\d{1,6}) content(?<content>(?: \+\d{1,9}| (?:[\da-f]{2})+)+)`;
const frameComment = new RegExp(
  String.raw`^slimmed: (?:frame (\d{1,9})(?:; |$))?(?:captured (\d{1,6})(?:; |$))?(?:(without a time)(?:; |$))?(?:sent ${side}; received ${side}(?:; |$))?(?:${records})?$`,
);
