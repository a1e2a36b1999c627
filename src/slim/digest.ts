import { createHash } from "node:crypto";
import type { ByteSource, CaptureInput } from "../capture/source.ts";

/** A capture whose bytes, as they are stored, are digested while it is read: all of them, whatever its reader leaves. */
export class DigestedInput implements CaptureInput {
  readonly name: string;
  readonly reopenable: boolean;
  bytes = 0;
  readonly #input: CaptureInput;
  readonly #hash = createHash("sha256");

  constructor(input: CaptureInput) {
    this.#input = input;
    this.name = input.name;
    this.reopenable = input.reopenable;
  }

  /** In hex. Once, when the source was closed. */
  get sha256(): string {
    return this.#hash.digest("hex");
  }

  async open(): Promise<ByteSource> {
    const source = await this.#input.open();
    const read = async (target: Uint8Array): Promise<number> => {
      const count = await source.read(target);
      this.#hash.update(target.subarray(0, count));
      this.bytes += count;
      return count;
    };
    let reading: Promise<number> = Promise.resolve(0);
    return {
      read: (target) => (reading = read(target)),
      close: async () => {
        // A reader that closes may have one more read under way.
        await reading;
        const rest = new Uint8Array(1 << 16);
        while ((await read(rest)) > 0);
        await source.close();
      },
    };
  }
}
