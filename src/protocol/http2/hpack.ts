/*
 * Field compression of HTTP/2. Spec: RFC 7541 §6; a field block is a row of these:
 *
 *   1  index (7)                     a field of the tables
 *   01 name index (6), [name] value  a literal, entered into the dynamic table; index 0: the name is a string
 *   001 size (5)                     new size of the dynamic table, only before the first field
 *   0000, 0001 name index (4) …      a literal that is not entered; with 1, never to be by anybody
 *   string                           Huffman coded (1), length (7), bytes
 *
 * An integer that fills its prefix with ones goes on in bytes of seven bits, the lowest first (§5.1).
 */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { latin1 } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
import { DynamicTable } from "./dynamic-table.ts";
import { decodeHuffman } from "./huffman.ts";
import { staticTable } from "./static-table.ts";

/** Takes the fields of one block, in order. */
export interface FieldSink {
  onField(name: string, value: string): void;
  /** A field that refers to what came before the capture. */
  onUnknownField(): void;
}

/**
 * What of a field's value is wanted: some form of it, or undefined where nobody reads it; so that the table holds no
 * secrets and nothing in vain.
 */
export type KeepValue = (name: string, value: string) => string | undefined;

interface Field {
  /** Undefined where it refers to what came before the capture. */
  readonly name: string | undefined;
  /** Undefined also where nobody wants it. */
  readonly value: string | undefined;
  /** Bytes of both and 32: RFC 7541 §4.1. */
  readonly size: number;
}

/** Decompresses the field blocks of one direction. */
export class HpackDecoder {
  readonly #keep: KeepValue;
  readonly #table = new DynamicTable<Field>();
  /** What the other side lets this one use; undefined while its SETTINGS have not been seen. */
  #allowedSize: number | undefined;
  #joinedLate = false;

  constructor(keep: KeepValue) {
    this.#keep = keep;
  }

  /** Bytes of the dynamic table by RFC 7541 §4.1. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Earlier blocks are not in the capture: what refers to them is unknown, and how large the table may be, too. */
  joinLate(): void {
    this.#joinedLate = true;
    this.#table.resize(limits.hpackTable);
  }

  /**
   * The other side's SETTINGS_HEADER_TABLE_SIZE. A smaller one is not enforced before the size update by which this side
   * obeys it, since that alone tells when it has heard of it (RFC 7541 §4.2).
   */
  allow(size: number): void {
    this.#allowedSize = Math.max(this.#allowedSize ?? 0, size);
  }

  /**
   * Reads one whole field block.
   *
   * Throws: `truncated`, `bad-value`, `bad-encoding`, `too-large`: the table can no longer be trusted then.
   */
  decode(bytes: Uint8Array, start: number, end: number, sink: FieldSink): void {
    const block = new ByteReader(bytes, "field block", start, end);
    let listSize = 0;
    let updates = true;
    while (block.remaining > 0) {
      const first = block.u8();
      if (first >> 5 === 1) {
        if (!updates) throw block.malformed("bad-value");
        this.#resize(readInteger(block, first, 5), block);
        continue;
      }
      updates = false;
      const field = this.#field(block, first);
      listSize += field.size;
      if (listSize > limits.fieldSection) throw block.malformed("too-large");
      if (field.name === undefined) sink.onUnknownField();
      else if (field.value !== undefined) sink.onField(field.name, field.value);
    }
  }

  #field(block: ByteReader, first: number): Field {
    if (first >= 0x80) return this.#at(readInteger(block, first, 7), block);
    const entered = first >= 0x40;
    const field = this.#literal(block, readInteger(block, first, entered ? 6 : 4));
    if (entered) this.#table.enter(field);
    return field;
  }

  #literal(block: ByteReader, nameIndex: number): Field {
    const name = nameIndex === 0 ? readString(block) : this.#at(nameIndex, block).name;
    const value = readString(block);
    const size = (name?.length ?? 0) + value.length + fieldOverhead;
    return { name, value: name === undefined ? undefined : this.#keep(name, value), size };
  }

  #at(index: number, block: ByteReader): Field {
    if (index === 0) throw block.malformed("bad-value");
    if (index <= staticTable.length) {
      const [name, value] = staticTable[index - 1];
      return { name, value, size: name.length + value.length + fieldOverhead };
    }
    const entry = this.#table.at(index - staticTable.length);
    if (entry !== undefined) return entry;
    if (!this.#joinedLate) throw block.malformed("bad-value");
    return unknown;
  }

  #resize(size: number, block: ByteReader): void {
    if (size > (this.#allowedSize ?? limits.hpackTable)) throw block.malformed("bad-value");
    if (size > limits.hpackTable) throw block.malformed("too-large");
    this.#table.resize(size);
  }
}

function readInteger(block: ByteReader, first: number, prefix: number): number {
  const mask = (1 << prefix) - 1;
  let value = first & mask;
  if (value < mask) return value;
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = block.u8();
    value += (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw block.malformed("too-large");
}

function readString(block: ByteReader): string {
  const first = block.u8();
  const bytes = block.slice(readInteger(block, first, 7));
  return latin1(first >= 0x80 ? decodeHuffman(bytes, 0, bytes.length) : bytes);
}

const fieldOverhead = 32;
const unknown: Field = { name: undefined, value: undefined, size: fieldOverhead };
