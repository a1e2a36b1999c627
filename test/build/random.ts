/** Cases by a fixed seed: the same on every machine. Spec of the generator: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  /** The parts of some of the lists, in their order, joined. */
  join(...parts: readonly (readonly string[])[]): string {
    return parts.map((part) => this.of(part)).join("");
  }

  /** Up to `most` items of one kind, with one of the separators between two. */
  list(most: number, separators: readonly string[], item: () => string): string {
    let text = "";
    for (let count = this.below(most + 1); count > 0; count--) {
      text += item() + (count > 1 ? this.of(separators) : "");
    }
    return text;
  }

  /** The text, now and then with a character changed, added or taken away. */
  spoilt(text: string, percent: number, characters: string): string {
    if (!this.chance(percent)) return text;
    const at = this.below(text.length + 1);
    const put = this.chance(70) ? characters[this.below(characters.length)] : "";
    return text.slice(0, at) + put + text.slice(at + this.below(2));
  }
}
