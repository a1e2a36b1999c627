import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** The log of a checksum database as a plain list of records: every hash is computed from the records, by the definition. */
export class ChecksumLog {
  readonly records: string[];
  readonly #levels: Buffer[][];

  constructor(records: readonly string[]) {
    this.records = [...records];
    this.#levels = [records.map((text) => sha256(Buffer.concat([Buffer.of(0), Buffer.from(text)])))];
    for (let level = this.#levels[0]; level.length > 1; level = this.#levels.at(-1)!) {
      this.#levels.push(
        Array.from({ length: Math.floor(level.length / 2) }, (_, at) => node(level[2 * at], level[2 * at + 1])),
      );
    }
  }

  /** The hash of the tree of the first `size` records. Spec: RFC 6962 §2.1, by its recursion. */
  treeHash(size = this.records.length): Buffer {
    return size === 0 ? sha256(Buffer.alloc(0)) : this.#hash(0, size);
  }

  tile(level: number, index: number, width: number): Uint8Array {
    return Buffer.concat(this.#levels[8 * level].slice(index * 256, index * 256 + width));
  }

  #hash(from: number, to: number): Buffer {
    const count = to - from;
    const level = Math.log2(count);
    if (Number.isInteger(level) && from % count === 0) return this.#levels[level][from / count];
    const left = 2 ** (Math.ceil(level) - 1);
    return node(this.#hash(from, from + left), this.#hash(from + left, to));
  }
}

/** A checksum database with a key of its own. */
export class TestDatabase {
  readonly name: string;
  readonly log: ChecksumLog;
  readonly verifierKey: string;
  readonly #privateKey: KeyObject;
  readonly #keyHash: Buffer;

  constructor(name: string, records: readonly string[]) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const encoded = Buffer.concat([Buffer.of(1), publicKey.export({ type: "spki", format: "der" }).subarray(12)]);
    this.name = name;
    this.log = new ChecksumLog(records);
    this.#privateKey = privateKey;
    this.#keyHash = sha256(Buffer.concat([Buffer.from(`${name}\n`), encoded])).subarray(0, 4);
    this.verifierKey = `${name}+${this.#keyHash.toString("hex")}+${encoded.toString("base64")}`;
  }

  /** The answer to a lookup of a record, under the head of a tree of this size. */
  lookup(record: number, size = this.log.records.length, hash = this.log.treeHash(size)): Buffer {
    const head = `go.sum database tree\n${size}\n${hash.toString("base64")}\n`;
    return Buffer.from(`${record}\n${this.log.records[record]}\n${this.sign(head)}`);
  }

  sign(text: string): string {
    const signature = Buffer.concat([this.#keyHash, sign(null, Buffer.from(text), this.#privateKey)]);
    return `${text}\n\u2014 ${this.name} ${signature.toString("base64")}\n`;
  }
}

/** The text of a record: both hashes of a module version. */
export function sumRecord(module: string, version: string, zip: string, mod: string): string {
  return `${module} ${version} ${zip}\n${module} ${version}/go.mod ${mod}\n`;
}

/** Records that nobody asks for. */
export function otherRecords(count: number): string[] {
  const [zip, mod] = ["A", "B"].map((letter) => `h1:${letter.repeat(43)}=`);
  return Array.from({ length: count }, (_, at) => sumRecord(`example.com/m${at}`, "v1.0.0", zip, mod));
}

function node(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([Buffer.of(1), left, right]));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
