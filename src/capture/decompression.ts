import type { InputBlock } from "./input-block.ts";

/** A compressed stream that ends too early or contradicts itself. Everything decoded before it was given. */
export class DecompressionError extends Error {
  override readonly name = "DecompressionError";
  /** Offset into the compressed file. */
  readonly offset: number;

  constructor(offset: number, what: string) {
    super(what);
    this.offset = offset;
  }
}

/** What a decoder notes besides bytes. */
export interface DecompressionNotes {
  /** A content checksum was there and was not computed. */
  checksumSkipped: boolean;
}

/**
 * Decodes a whole compressed file, all its frames or members, piece by piece.
 *
 * Borrows: a piece is valid until the next one is asked for. Throws: DecompressionError.
 */
export type Decoder = (input: InputBlock, notes: DecompressionNotes) => AsyncGenerator<Uint8Array, void>;

/** Waits until `length` bytes are there. Throws: where the stream ends before. */
export async function expect(input: InputBlock, length: number, what: string): Promise<void> {
  if (input.available >= length || (await input.fill(length))) return;
  const end = input.offset + input.available;
  throw new DecompressionError(end, `the compressed stream ends at byte ${end}, inside ${what}`);
}

/** Whether the compressed stream ends here. */
export async function atEnd(input: InputBlock): Promise<boolean> {
  return input.available === 0 && !(await input.fill(1));
}

/** Skippable frames, which LZ4 and Zstandard share: magic 0x184D2A50 to 5F, length 4, that many bytes. */
export function isSkippableMagic(magic: number): boolean {
  return (magic & 0xfffffff0) === 0x184d2a50;
}

/** Moves over a skippable frame whose magic stands at the cursor. */
export async function skipFrame(input: InputBlock): Promise<void> {
  await expect(input, 8, "a skippable frame");
  input.skip(8 + input.view.getUint32(input.start + 4, true));
  if (input.skipping > 0) await input.fill(0);
  if (input.skipping === 0) return;
  throw new DecompressionError(
    input.offset,
    `the compressed stream ends at byte ${input.offset}, inside a skippable frame`,
  );
}
