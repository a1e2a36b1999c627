import { open, stat } from "node:fs/promises";
import type { ByteSource, CaptureInput } from "../../src/capture/source.ts";

/** A capture file on disk. */
export async function fileInput(path: string): Promise<CaptureInput> {
  const { size } = await stat(path);
  return {
    name: path,
    reopenable: true,
    size,
    open: async (): Promise<ByteSource> => {
      const file = await open(path);
      return {
        read: async (target) => (await file.read(target, 0, target.length, null)).bytesRead,
        close: () => file.close(),
      };
    },
  };
}

/** A capture in memory, handed out in reads of at most `chunk` bytes. */
export function bytesInput(bytes: Uint8Array, chunk = Infinity, name = "test.pcap"): CaptureInput {
  return {
    name,
    reopenable: true,
    size: bytes.length,
    open: () => {
      let at = 0;
      return Promise.resolve({
        read: (target) => {
          const length = Math.min(target.length, chunk, bytes.length - at);
          target.set(bytes.subarray(at, at + length));
          at += length;
          return Promise.resolve(length);
        },
        close: () => Promise.resolve(),
      });
    },
  };
}
