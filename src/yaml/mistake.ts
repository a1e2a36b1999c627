/** What is wrong in a file that somebody wrote, and where. */
export interface TextMistake {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** One line, no full stop. May quote the file: untrusted. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** `policy.yaml:4:5: there is no rule here`: where editors and terminals look for a place. */
export function mistakeLine(file: string, { line, column, message }: TextMistake): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** Mistakes of a file in its order; the first ones, and how many there are. */
export class TextMistakes {
  readonly #kept: TextMistake[] = [];
  #count = 0;

  add(mistake: TextMistake): void {
    if (this.#count++ < most) this.#kept.push(mistake);
  }

  get count(): number {
    return this.#count;
  }

  get all(): readonly TextMistake[] {
    return this.#kept.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** Of more than these nobody reads. */
const most = 20;
