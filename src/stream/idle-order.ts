/*
 * Slots in order of their last use: a doubly linked list inside two typed arrays.
 *
 * Invariant: `oldest` and `newest` are -1 exactly when the list is empty; links of slots outside mean nothing.
 */
export class IdleOrder {
  readonly #before: Int32Array;
  readonly #behind: Int32Array;
  oldest = -1;
  newest = -1;
  length = 0;

  constructor(slots: number) {
    this.#before = new Int32Array(slots);
    this.#behind = new Int32Array(slots);
  }

  append(slot: number): void {
    this.#before[slot] = this.newest;
    this.#behind[slot] = -1;
    if (this.newest < 0) this.oldest = slot;
    else this.#behind[this.newest] = slot;
    this.newest = slot;
    this.length++;
  }

  remove(slot: number): void {
    const before = this.#before[slot];
    const behind = this.#behind[slot];
    if (before < 0) this.oldest = behind;
    else this.#behind[before] = behind;
    if (behind < 0) this.newest = before;
    else this.#before[behind] = before;
    this.length--;
  }

  touch(slot: number): void {
    if (slot === this.newest) return;
    this.remove(slot);
    this.append(slot);
  }
}
