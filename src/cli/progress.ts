import { bytesText } from "../report/units.ts";

/** A line on standard error that tells how much of a large capture was read; nothing where nobody looks at it. */
export class Progress {
  #total: number | undefined;
  #read = 0;
  readonly #visible = process.stderr.isTTY;
  readonly #started = Date.now();
  #next = firstMilliseconds;
  #shown = false;

  /** How many bytes there are to read; undefined where nobody knows. */
  expect(total: number | undefined): void {
    this.#total = total;
  }

  /** So many more bytes were read. */
  add(bytes: number): void {
    this.#read += bytes;
    if (!this.#visible) return;
    const elapsed = Date.now() - this.#started;
    if (elapsed < this.#next) return;
    this.#next = elapsed + stepMilliseconds;
    this.#shown = true;
    // A capture with its secrets at the end is read twice.
    const part = this.#total === undefined || this.#read > this.#total ? "" : ` of ${bytesText(this.#total)}`;
    process.stderr.write(
      `\r\u001b[Kread ${bytesText(this.#read)}${part}, ${bytesText((this.#read / elapsed) * 1000)}/s`,
    );
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) process.stderr.write("\r\u001b[K");
    this.#shown = false;
  }
}

/** A capture that is read sooner needs no progress line. */
const firstMilliseconds = 700;
const stepMilliseconds = 200;
