import { InputError, systemErrorText } from "./errors.ts";

/**
 * Standard output. Pieces are put together into large writes and wait for a reader that is slower; when the reader has
 * gone (`| head`), the rest is not made at all and nothing is said.
 */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #closed = false;
  #failure: InputError | undefined;
  /** Ends the wait for a slower reader. */
  #goOn: () => void = () => undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#failure = new InputError(`standard output: ${systemErrorText(error)}`);
      this.#close();
    });
    stream.on("close", () => this.#close());
    stream.on("drain", () => this.#goOn());
  }

  /** Borrows: bytes among the pieces, until the next is asked for. Throws: InputError where it cannot be written. */
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

  /** Borrows: the bytes, until all of them are written. Throws: InputError. */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#closed) return;
    await this.#until((resolve) => this.#stream.write(bytes, () => resolve()));
  }

  async #flush(piece: string): Promise<void> {
    if (this.#closed) return;
    await this.#until((resolve) => {
      if (this.#stream.write(piece)) resolve();
    });
  }

  async #until(write: (resolve: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      write(resolve);
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  #close(): void {
    this.#closed = true;
    this.#goOn();
  }
}

/** Characters of one write: what a pipe takes at once. */
const writeLength = 64 << 10;
