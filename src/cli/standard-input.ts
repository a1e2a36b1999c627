import type { ByteSource, CaptureInput } from "../capture/source.ts";
import { InputError, systemErrorText } from "./errors.ts";

/**
 * Standard input as a capture that is still being written.
 *
 * Ctrl-C reaches every program of a pipeline: the first one ends the capture here, and what was read is reported; a
 * second one ends the program.
 */
export class StandardInput implements CaptureInput {
  readonly name = "-";
  readonly reopenable = false;
  failure?: string;
  readonly #onRead: (bytes: number) => void;

  constructor(onRead: (bytes: number) => void) {
    this.#onRead = onRead;
  }

  open(): Promise<ByteSource> {
    if (process.stdin.isTTY) {
      const hint = "pipe a capture into it: tcpdump -U -w - | gomodcap -";
      return Promise.reject(new InputError("standard input is a terminal", hint));
    }
    return Promise.resolve(new StreamSource(process.stdin, this.#onRead, (failure) => (this.failure = failure)));
  }
}

/**
 * Bytes of a readable stream.
 *
 * Invariants: `#rest` is the part of the last chunk that was not given out yet; after Ctrl-C the writer has
 * `lastWordsMilliseconds` to flush and close, then the stream is cut.
 */
class StreamSource implements ByteSource {
  readonly #stream: NodeJS.ReadStream;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #onRead: (bytes: number) => void;
  readonly #fail: (failure: string) => void;
  readonly #interrupt: () => void;
  #interrupted = false;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: NodeJS.ReadStream, onRead: (bytes: number) => void, fail: (failure: string) => void) {
    this.#stream = stream;
    this.#onRead = onRead;
    this.#fail = fail;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#interrupt = () => {
      this.#interrupted = true;
      setTimeout(() => stream.destroy(), lastWordsMilliseconds).unref();
    };
    process.once("SIGINT", this.#interrupt);
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#rest.length === 0) this.#rest = await this.#nextChunk();
    const taken = this.#rest.subarray(0, target.length);
    target.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  close(): Promise<void> {
    process.off("SIGINT", this.#interrupt);
    this.#stream.destroy();
    return Promise.resolve();
  }

  /** Empty at the end. A stream that fails ends the capture, so that what came before is still reported. */
  async #nextChunk(): Promise<Uint8Array> {
    try {
      const next = await this.#chunks.next();
      if (next.done === true) return new Uint8Array(0);
      this.#onRead(next.value.length);
      return next.value;
    } catch (error) {
      if (!this.#interrupted) this.#fail(systemErrorText(error));
      return new Uint8Array(0);
    }
  }
}

const lastWordsMilliseconds = 500;
