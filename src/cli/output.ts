/**
 * Standard output. Pieces are put together into large writes and wait for a reader that is slower; when the reader has
 * gone (`| head`), the rest is not made at all and nothing is said.
 */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #closed = false;
  /** Ends the wait for a slower reader. */
  #goOn: () => void = () => undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#closed = true;
      this.#goOn();
    });
    stream.on("close", () => {
      this.#closed = true;
      this.#goOn();
    });
    stream.on("drain", () => this.#goOn());
  }

  /** Borrows: bytes among the pieces, until the next is asked for. */
  async write(pieces: Iterable<string | Uint8Array>): Promise<void> {
    let waiting: string[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (this.#closed) return;
      const isText = typeof piece === "string";
      if (isText) {
        waiting.push(piece);
        length += piece.length;
        if (length < writeLength) continue;
      }
      if (length > 0) await this.#flush(waiting.join(""));
      if (!isText) await this.writeBytes(piece);
      waiting = [];
      length = 0;
    }
    if (length > 0) await this.#flush(waiting.join(""));
  }

  /** Borrows: the bytes, until all of them are written. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      this.#stream.write(bytes, () => resolve());
    });
  }

  async #flush(piece: string): Promise<void> {
    if (this.#closed || this.#stream.write(piece)) return;
    await new Promise<void>((resolve) => (this.#goOn = resolve));
  }
}

/** Characters of one write: what a pipe takes at once. */
const writeLength = 64 << 10;
