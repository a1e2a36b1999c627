import { Frame } from "../../src/capture/frame.ts";
import { CaptureReader } from "../../src/capture/reader.ts";
import type { ByteSource, CaptureInput } from "../../src/capture/source.ts";

/** Bytes from spaced hex. */
export function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replace(/\s+/g, ""), "hex"));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A source that gives at most `chunk` bytes a read. */
export function sourceOf(bytes: Uint8Array, chunk = Infinity): ByteSource {
  let at = 0;
  return {
    read: (target) => {
      const length = Math.min(chunk, target.length, bytes.length - at);
      target.set(bytes.subarray(at, at + length));
      at += length;
      return Promise.resolve(length);
    },
    close: () => Promise.resolve(),
  };
}

/** A capture of these bytes. */
export function captureOf(bytes: Uint8Array, chunk = Infinity): CaptureInput {
  return { name: "test.pcap", reopenable: true, open: () => Promise.resolve(sourceOf(bytes, chunk)) };
}

/** A frame copied out of its block. */
export interface CopiedFrame {
  readonly number: number;
  readonly time: readonly [seconds: number, nanoseconds: number] | undefined;
  readonly linkType: number;
  readonly interfaceId: number;
  readonly originalLength: number;
  readonly direction: number;
  readonly comments: readonly string[];
  readonly bytes: string;
}

function copyOf(frame: Frame): CopiedFrame {
  return {
    number: frame.number,
    time: frame.timed ? [frame.seconds, frame.nanoseconds] : undefined,
    linkType: frame.linkType,
    interfaceId: frame.interfaceId,
    originalLength: frame.originalLength,
    direction: frame.direction,
    comments: frame.comments,
    bytes: Buffer.from(frame.bytes.subarray(frame.start, frame.end)).toString("hex"),
  };
}

/** Reads a capture to its end. What a frame lent is overwritten after each call, so that a kept view shows. */
export async function readCapture(
  bytes: Uint8Array,
  chunk = Infinity,
): Promise<{ readonly frames: CopiedFrame[]; readonly reader: CaptureReader; readonly codes: string[] }> {
  const reader = await CaptureReader.open(captureOf(bytes, chunk));
  const frame = new Frame();
  const frames: CopiedFrame[] = [];
  do {
    while (reader.next(frame)) {
      frames.push(copyOf(frame));
      frame.bytes.fill(0xdb, frame.start, frame.end);
    }
  } while (await reader.fill());
  await reader.close();
  return { frames, reader, codes: reader.problems.map((problem) => problem.code) };
}
