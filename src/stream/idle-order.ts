import * as column from "./rows.ts";
import { ConnectionBit, type ConnectionRows } from "./rows.ts";

/*
 * Which connection was idle longest, among those that are finished or among those that are not.
 *
 * It is asked rarely and packets come all the time, so nothing is done for a packet: when the answer is wanted, all
 * connections are sorted by their last frame, and that order is used up before it is made again.
 *
 * Invariant: an entry of `#order` from `#next` on is the last frame and the slot of a connection that was of this set
 * when the order was made. Whatever changed since has a later last frame, so the first entry that still holds is the
 * answer. A connection must have moved for its entry to be lost: sorting costs each frame a constant at most.
 */
export class IdleOrder {
  readonly #rows: ConnectionRows;
  readonly #state: number;
  #order = new Float64Array(0);
  #next = 0;

  constructor(rows: ConnectionRows, finished: boolean) {
    this.#rows = rows;
    this.#state = finished ? ConnectionBit.InUse | ConnectionBit.Finished : ConnectionBit.InUse;
  }

  /** The slot idle longest, of the first `slots`; -1 when there is none. Closing it is up to the caller. */
  oldest(slots: number): number {
    for (let sorted = false; ; sorted = true) {
      while (this.#next < this.#order.length) {
        const entry = this.#order[this.#next];
        // The remainder of a double is one too: kept as such, every slot after it would be.
        const slot = (entry % slotLimit) | 0;
        if (this.#isMember(slot) && this.#entry(slot) === entry) return slot;
        this.#next++;
      }
      if (sorted) return -1;
      this.#sort(slots);
    }
  }

  #sort(slots: number): void {
    const order = new Float64Array(slots);
    let length = 0;
    for (let slot = 0; slot < slots; slot++) if (this.#isMember(slot)) order[length++] = this.#entry(slot);
    this.#order = order.subarray(0, length).sort();
    this.#next = 0;
  }

  #isMember(slot: number): boolean {
    return (this.#column(slot, column.state) & (ConnectionBit.InUse | ConnectionBit.Finished)) === this.#state;
  }

  #entry(slot: number): number {
    return (this.#column(slot, column.lastFrame) >>> 0) * slotLimit + slot;
  }

  #column(slot: number, at: number): number {
    return this.#rows.words[column.rowOf(slot) + at];
  }
}

/** More than slots there can be. */
const slotLimit = 2 ** 18;
