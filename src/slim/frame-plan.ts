/*
 * What becomes of each frame, by its number: 8 bytes a frame.
 *
 * Invariants: a frame of which nothing was said is kept whole; what is `held` whole is never cut afterwards, and what
 * was dropped never comes back, because it is counted in the sums of what was left out. The sender of a TCP segment is the
 * id of its connection, times two, plus the side that sent it. A frame with a fragment has no segment: in its place stands
 * the frame before it of its datagram.
 */
export class FramePlan {
  readonly #chunks: Uint32Array[] = [];

  /** Cuts the payload to so many bytes. */
  cut(frame: number, payload: number): void {
    if (this.#word(frame, 0) !== held) this.#set(frame, 0, payload + 1);
  }

  /** Keeps the payload whole, whatever is cut of it before or after. */
  hold(frame: number): void {
    if (!this.isDropped(frame)) this.#set(frame, 0, held);
  }

  drop(frame: number): void {
    this.#set(frame, 0, dropped);
  }

  isDropped(frame: number): boolean {
    return this.#word(frame, 0) === dropped;
  }

  /** Bytes of payload that are kept; Infinity where it is kept whole. */
  payload(frame: number): number {
    const word = this.#word(frame, 0);
    return word === whole || word >= dropped ? Infinity : word - 1;
  }

  sentBy(frame: number, sender: number): void {
    this.#set(frame, 1, sender + 1);
  }

  /** -1 where the frame carried no TCP segment. */
  sender(frame: number): number {
    return this.#word(frame, 1) - 1;
  }

  /** Says which frame holds the fragment before this one's, 0 for none. */
  fragmentAfter(frame: number, before: number): void {
    this.#set(frame, 1, before);
  }

  /** Drops a frame with a fragment, and those with the fragments before it. */
  dropFragments(last: number): void {
    for (let frame = last; frame !== 0; frame = this.#word(frame, 1)) this.drop(frame);
  }

  #word(frame: number, column: number): number {
    return this.#chunks.at(frame >>> chunkBits)?.[((frame & chunkMask) << 1) + column] ?? 0;
  }

  #set(frame: number, column: number, value: number): void {
    const chunk = frame >>> chunkBits;
    while (this.#chunks.length <= chunk) this.#chunks.push(new Uint32Array(2 << chunkBits));
    this.#chunks[chunk][((frame & chunkMask) << 1) + column] = value;
  }
}

const chunkBits = 16;
const chunkMask = (1 << chunkBits) - 1;
const whole = 0;
const dropped = 0xfffffffe;
const held = 0xffffffff;
