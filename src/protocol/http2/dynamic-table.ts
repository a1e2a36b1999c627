/** SETTINGS_HEADER_TABLE_SIZE unless told: RFC 9113 §6.5.2. */
export const defaultTableSize = 4096;

/** Entries of the dynamic table of HPACK know their size in bytes as RFC 7541 §4.1 counts it. */
interface Sized {
  readonly size: number;
}

/**
 * The dynamic table of HPACK: first in, first out, under a maximum of bytes.
 *
 * Spec: RFC 7541 §2.3.2, §4. Invariants: the entries from `#first` on are there, the oldest first; `size` is the sum of
 * theirs and never above `#maximum`.
 */
export class DynamicTable<Entry extends Sized> {
  size = 0;
  #maximum = defaultTableSize;
  #entries: Entry[] = [];
  #first = 0;

  /** The entry that came `index` entries ago, counted from 1; undefined where there is none. */
  at(index: number): Entry | undefined {
    const place = this.#entries.length - index;
    return place < this.#first ? undefined : this.#entries[place];
  }

  /** Puts the entry in front; one that is larger than the table empties it. */
  enter(entry: Entry): void {
    this.#evict(Math.max(0, this.#maximum - entry.size));
    if (entry.size > this.#maximum) return;
    this.#entries.push(entry);
    this.size += entry.size;
  }

  resize(maximum: number): void {
    this.#maximum = maximum;
    this.#evict(maximum);
  }

  #evict(allowed: number): void {
    while (this.size > allowed) this.size -= this.#entries[this.#first++].size;
    if (this.#first < 64 || this.#first < this.#entries.length / 2) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }
}
