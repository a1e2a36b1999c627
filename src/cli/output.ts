import { once } from "node:events";

/**
 * Standard output. Pieces are put together into large writes and wait for a reader that is slower; when the reader has
 * gone (`| head`), the rest is not made at all and nothing is said.
 */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #closed = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
    });
  }

  async write(pieces: Iterable<string>): Promise<void> {
    let waiting: string[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (this.#closed) return;
      waiting.push(piece);
      length += piece.length;
      if (length < writeLength) continue;
      await this.#flush(waiting.join(""));
      waiting = [];
      length = 0;
    }
    if (length > 0) await this.#flush(waiting.join(""));
  }

  async #flush(text: string): Promise<void> {
    if (this.#closed || this.#stream.write(text)) return;
    await Promise.race([once(this.#stream, "drain"), once(this.#stream, "close")]).catch(() => (this.#closed = true));
  }
}

/** Characters of one write: what a pipe takes at once. */
const writeLength = 64 << 10;
