import type { DatabaseReport, LookupReport, Proof } from "../../flow/checksums.ts";
import { limits } from "../../limits.ts";
import type { LookupAnswer, TileAnswer } from "./evidence.ts";
import { parseLookup, type Lookup, type SumLine, type TreeHead } from "./lookup.ts";
import { checkNote, equalNotes, type Note, type NoteVerdict, type VerifierKey } from "./note.ts";
import { Tiles, Tree, type TreeVerdict } from "./tiles.ts";

/** A lookup with what is proved of it, and the lines it gave. */
export interface JudgedLookup {
  readonly report: LookupReport;
  readonly lines: readonly SumLine[];
}

interface SignedHead {
  readonly tree: Tree;
  readonly key: string;
}

interface OpenLookup {
  readonly answer: LookupAnswer;
  readonly lookup: Lookup;
  readonly verdict: NoteVerdict;
  readonly head: SignedHead | undefined;
}

/**
 * One checksum database by its answers.
 *
 * Invariants: heads of notes whose signature is wrong prove nothing and are not kept; different keys have different
 * timelines. Cost: a head needs a few hundred hashes, a lookup two walks through tiles that are hashed once a head.
 */
export class Database {
  readonly #name: string;
  readonly #keys: readonly VerifierKey[];
  readonly #tiles = new Tiles();
  readonly #heads = new Map<string, SignedHead>();
  /** The note that was checked last: one head stands in the answers of many lookups. */
  #checked: { readonly note: Note; readonly verdict: NoteVerdict } | undefined;
  readonly #judged: (JudgedLookup | OpenLookup)[] = [];

  constructor(name: string, keys: readonly VerifierKey[]) {
    this.#name = name;
    this.#keys = keys;
  }

  /** All tiles come before all lookups. */
  tile({ tile, hashes }: TileAnswer): void {
    this.#tiles.add(tile, hashes);
  }

  lookup(answer: LookupAnswer): void {
    const { content } = answer;
    if (content?.kept === undefined) {
      this.#judged.push(unreadable(answer, content?.because ?? "its content cannot be read"));
      return;
    }
    const lookup = parseLookup(content.kept);
    if ("error" in lookup) {
      this.#judged.push(unreadable(answer, lookup.error));
      return;
    }
    const verdict = this.#verdict(lookup.note);
    const head = verdict.result === "contradicted" ? undefined : this.#head(lookup.head, verdict.key);
    this.#judged.push({ answer, lookup, verdict, head });
  }

  /** The lookups in order, judged when all heads are known: a record may be proved in a later tree. */
  *lookups(): Iterable<JudgedLookup> {
    for (const judged of this.#judged) yield "report" in judged ? judged : this.#judge(judged);
  }

  report(): DatabaseReport {
    const sizes = [...this.#heads.values()].map(({ tree }) => tree.head.size);
    const timeline = this.#timeline();
    return {
      name: this.#name,
      ...(sizes.length > 0 && { treeSize: sizes.reduce((largest, size) => Math.max(largest, size)) }),
      treeHeads: sizes.length,
      tiles: this.#tiles.count,
      ...(timeline !== undefined && { timeline }),
    };
  }

  #verdict(note: Note): NoteVerdict {
    if (this.#checked === undefined || !equalNotes(this.#checked.note, note)) {
      this.#checked = { note, verdict: checkNote(note, this.#keys) };
    }
    return this.#checked.verdict;
  }

  #head(head: TreeHead, key: string): SignedHead | undefined {
    const id = `${key} ${head.size} ${head.hash.toString("hex")}`;
    const known = this.#heads.get(id);
    if (known !== undefined || this.#heads.size >= limits.treeHeads) return known;
    const signed = { tree: new Tree(head, this.#tiles), key };
    this.#heads.set(id, signed);
    return signed;
  }

  #judge({ answer, lookup, verdict, head }: OpenLookup): JudgedLookup {
    const { module, version, flow, frame } = answer;
    const { result, key, because } = verdict;
    return {
      lines: lookup.lines,
      report: {
        module,
        version,
        database: this.#name,
        flow,
        frame,
        record: lookup.record,
        treeSize: lookup.head.size,
        signature: { result, because, key },
        inclusion: head === undefined ? withoutHead(verdict) : this.#inclusion(lookup, head),
      },
    };
  }

  /** In the tree of its own head, else in the largest one that the same key signed, which is where Go looks. */
  #inclusion({ record, text }: Lookup, own: SignedHead): LookupReport["inclusion"] {
    const largest = this.#ofKey(own.key).at(-1)!;
    const verdicts = [...new Set([own.tree, largest.tree])].map((tree) => ({
      tree,
      verdict: tree.includes(record, text),
    }));
    const rank = { proved: 0, contradicted: 1, "not-provable": 2 } as const;
    const [{ tree, verdict }] = verdicts.sort((one, other) => rank[one.verdict.result] - rank[other.verdict.result]);
    const { size } = tree.head;
    return { ...proofOf(verdict, `record ${record} is in the tree of size ${size}`), treeSize: size };
  }

  /** Heads that a key signed, from small to large. */
  #ofKey(key: string): SignedHead[] {
    return [...this.#heads.values()]
      .filter((head) => head.key === key)
      .sort((one, other) => one.tree.head.size - other.tree.head.size);
  }

  #timeline(): Proof | undefined {
    const proofs: Proof[] = [];
    for (const key of new Set([...this.#heads.values()].map((head) => head.key))) {
      const heads = this.#ofKey(key);
      for (const [at, { tree }] of heads.entries()) {
        if (at > 0)
          proofs.push(proofOf(tree.continues(heads[at - 1].tree.head), "each larger tree began as the smaller one"));
      }
    }
    const open = proofs.find(({ result }) => result === "not-provable");
    return proofs.find(({ result }) => result === "contradicted") ?? open ?? proofs[0];
  }
}

function unreadable(answer: LookupAnswer, because: string): JudgedLookup {
  const { module, version, database, flow, frame } = answer;
  const open = { result: "not-provable", because } as const;
  return { lines: [], report: { module, version, database, flow, frame, signature: open, inclusion: open } };
}

function withoutHead({ result, because }: NoteVerdict): Proof {
  if (result === "contradicted") return { result: "not-provable", because };
  return { result: "not-provable", because: `more than ${limits.treeHeads} tree heads` };
}

/** A verdict of tiles in words. */
function proofOf(verdict: TreeVerdict, proved: string): LookupReport["inclusion"] {
  if (verdict.result === "proved") return { result: "proved", because: proved };
  if (verdict.result === "contradicted") return verdict;
  const { missing } = verdict;
  return {
    result: "not-provable",
    because:
      missing.length === 1
        ? `${missing[0]} was not seen`
        : `${missing[0]} and ${missing.length - 1} more tiles were not seen`,
    missingTiles: missing.slice(0, limits.missingTiles),
    ...(missing.length > limits.missingTiles && { moreMissing: missing.length - limits.missingTiles }),
  };
}
