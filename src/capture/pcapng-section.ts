import { addressText, utf8 } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import type { CaptureNotes } from "./notes.ts";
import { padded, type PcapngBlock } from "./pcapng-block.ts";
import { isSlimmed } from "./slim-notes.ts";
import { TimestampScale } from "./timestamp.ts";

/*
 * The blocks of a pcapng section that carry no frame (bodies only; "options" follow each):
 *
 *   SHB   byte-order magic 4, major version 2, minor version 2, section length 8
 *   IDB   link type 2, reserved 2, snap length 4
 *   NRB   records: type 2, length 2, value, padding; until type 0. An address, then names that NUL ends
 *   ISB   interface 4, timestamp 8
 *   DSB   secrets type 4, secrets length 4, secrets
 *   Apple's process block   process id 4; option 2 is the name of the process
 */

const optionComment = 1;

/** An interface of a section: what its frames need. */
export class PcapngInterface {
  /** Over all sections and files of the analysis. */
  readonly id: number;
  readonly linkType: number;
  /** 0 when unlimited. */
  readonly snapLength: number;
  readonly scale: TimestampScale;
  /** Packets the recorder says it dropped. */
  drops = 0;

  constructor(id: number, linkType: number, snapLength: number, scale: TimestampScale) {
    this.id = id;
    this.linkType = linkType;
    this.snapLength = snapLength;
    this.scale = scale;
  }
}

/**
 * A pcapng section: its interfaces by number, and the reader of its blocks without frames.
 *
 * Invariant: `interfaces[n]` is the n-th interface description block of the section.
 */
export class PcapngSection {
  readonly interfaces: PcapngInterface[] = [];
  /** Comments that a frame gets for the process that it names by its ordinal in the section. */
  readonly processes: string[] = [];
  /** Frames were cut or left out, and comments say how: see slim-notes.ts. */
  slimmed = false;
  readonly #notes: CaptureNotes;

  constructor(notes: CaptureNotes) {
    this.#notes = notes;
  }

  /** Takes the options of the section header; the first of a kind wins over all sections. */
  readHeader(block: PcapngBlock): void {
    const { facts } = this.#notes;
    block.openOptions(block.start + 16);
    while (block.nextOption()) {
      if (block.optionCode === optionComment) this.#readComment(block.optionText());
      else if (block.optionCode === 2) facts.hardware ??= this.#notes.text(block.optionText());
      else if (block.optionCode === 3) facts.operatingSystem ??= this.#notes.text(block.optionText());
      else if (block.optionCode === 4) facts.application ??= this.#notes.text(block.optionText());
    }
    this.#checkOptions(block);
  }

  readInterface(block: PcapngBlock): void {
    if (block.length < 8) {
      this.#malformed(block, "the interface description block is shorter than its fields");
      return;
    }
    if (this.interfaces.length >= limits.interfaces) {
      const detail = `the section describes more than ${limits.interfaces} interfaces; frames of the others are left out`;
      this.#notes.problemOnce("interfaces", "limit", block.offset, detail);
      return;
    }
    const linkType = block.u16(block.start);
    const snapLength = block.u32(block.start + 4);
    const options = this.#readInterfaceOptions(block);
    const scale = new TimestampScale(options.resolution, options.offsetSeconds);
    this.interfaces.push(new PcapngInterface(this.#notes.nextInterface++, linkType, snapLength, scale));
    this.#notes.interface(linkType, snapLength, options.name, options.filter);
  }

  /** Drops are totals so far: the last block of an interface counts. */
  readStatistics(block: PcapngBlock): void {
    const entry = block.length < 12 ? undefined : this.interfaces[block.u32(block.start)];
    if (entry === undefined) {
      this.#malformed(block, "the interface statistics block names no interface of its section");
      return;
    }
    let drops = 0;
    let told = false;
    block.openOptions(block.start + 12);
    while (block.nextOption()) {
      const counted = block.optionCode === 5 || block.optionCode === 7;
      if (counted && block.optionLength === 8) {
        drops += block.u64(block.optionStart);
        told = true;
      } else if (block.optionCode === optionComment) this.#notes.comment(block.optionText());
    }
    this.#checkOptions(block);
    if (told) this.countDrops(entry, drops - entry.drops);
  }

  countDrops(entry: PcapngInterface, more: number): void {
    entry.drops += more;
    this.#notes.facts.interfaceDrops += more;
  }

  readNames(block: PcapngBlock): void {
    let at = block.start;
    while (at + 4 <= block.end) {
      const type = block.u16(at);
      const length = block.u16(at + 2);
      const value = at + 4;
      if (type === 0) return;
      if (value + length > block.end) {
        this.#malformed(block, "a name resolution record runs over the end of its block");
        return;
      }
      if (type === 1) this.#readName(block, value, value + length, 4);
      else if (type === 2) this.#readName(block, value, value + length, 16);
      at = value + padded(length);
    }
  }

  readSecrets(block: PcapngBlock): void {
    const start = block.start + 8;
    const length = block.length < 8 ? Infinity : block.u32(block.start + 4);
    if (start + length > block.end) {
      this.#malformed(block, "the decryption secrets block is shorter than its secrets");
      return;
    }
    this.#notes.secret(block.u32(block.start), block.bytes.subarray(start, start + length), block.offset);
  }

  readProcess(block: PcapngBlock): void {
    if (block.length < 4 || this.processes.length >= limits.recordedProcesses) return;
    let name = "";
    block.openOptions(block.start + 4);
    while (block.nextOption()) if (block.optionCode === 2) name = block.optionText().slice(0, longestName);
    this.processes.push(`PID: ${block.u32(block.start)}\nCmd: ${name}`);
  }

  #readComment(text: string): void {
    if (isSlimmed(text)) this.slimmed = true;
    this.#notes.comment(text);
  }

  #readInterfaceOptions(block: PcapngBlock): InterfaceOptions {
    const options: InterfaceOptions = { resolution: 6, offsetSeconds: 0, name: "", filter: "" };
    block.openOptions(block.start + 8);
    while (block.nextOption()) {
      const { optionCode: code, optionStart: at, optionLength: length } = block;
      if (code === optionComment) this.#notes.comment(block.optionText());
      else if (code === 2) options.name = block.optionText();
      else if (code === 9 && length === 1) options.resolution = block.view.getUint8(at);
      // The first byte tells the language: 0 is the expression as text, 1 is BPF code.
      else if (code === 11 && length > 1 && block.bytes[at] === 0) options.filter = block.optionText().slice(1);
      else if (code === 14 && length === 8) options.offsetSeconds = block.i64(at);
    }
    this.#checkOptions(block);
    return options;
  }

  #readName(block: PcapngBlock, start: number, end: number, addressLength: 4 | 16): void {
    if (end - start < addressLength) return;
    const text = utf8(block.bytes, start + addressLength, end);
    const names = text.split("\0").filter((name) => name !== "" && name.length <= longestName);
    if (names.length === 0) return;
    if (this.#notes.names.length < limits.resolvedNames) {
      const address = addressText(block.bytes, start, addressLength);
      this.#notes.names.push({ address, names: names.slice(0, namesOfAddress) });
      return;
    }
    const detail = `the file names more than ${limits.resolvedNames} addresses; the others are not used`;
    this.#notes.problemOnce("names", "limit", block.offset, detail);
  }

  #checkOptions(block: PcapngBlock): void {
    if (block.overrun) this.#malformed(block, "an option runs over the end of its block; those before it are used");
  }

  #malformed(block: PcapngBlock, what: string): void {
    this.#notes.problem("malformed", block.offset, `${what} (block at byte ${block.offset})`);
  }
}

interface InterfaceOptions {
  resolution: number;
  offsetSeconds: number;
  name: string;
  filter: string;
}

/** Characters of a DNS name, RFC 1035 §2.3.4, and of the name of a process. */
const longestName = 255;
/** Names kept of one address: hosts of a content network have dozens. */
const namesOfAddress = 16;
