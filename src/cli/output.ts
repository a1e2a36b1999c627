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

  /** Borrows: the bytes, until the next call. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.#flush(bytes.slice());
  }

  async #flush(piece: string | Uint8Array): Promise<void> {
    if (this.#closed || this.#stream.write(piece)) return;
    await new Promise<void>((resolve) => (this.#goOn = resolve));
  }
}

/** Characters of one write: what a pipe takes at once. */
const writeLength = 64 << 10;
