import { limits } from "../limits.ts";
import { TcpFlag, type Packet } from "../packet/packet.ts";
import type { Moment } from "./consumer.ts";
import { distance, payloadSequence } from "./sequence.ts";

/*
 * The last segments of every direction, to tell a frame captured twice from a segment sent twice, and to notice that
 * bytes already delivered come again with another content.
 *
 *     ring     one a direction, 16 entries of 8 words
 *     entry    sequence of the first payload byte, acknowledgment, flags and window (bit 30: cut by the snap length),
 *              length, IP identification with hop limit and interface, time in wrapping microseconds, hash of the
 *              payload, hash of its first 16 bytes (0: there is none, or nobody reads the direction)
 *
 * Invariants: segment number n of a direction stands in entry n modulo 16; callers count, so `noted` says which entries
 * mean something. The first two entries of the rings stand apart, so that a connection of a packet or two touches little
 * memory. The bytes themselves are gone: content is compared by hash, whole for the first `limits.comparedBytes` of a
 * direction and for short segments, by its first 16 and last 4 bytes otherwise; only ranges that begin or lie alike can
 * be compared.
 */

export class RecentSegments {
  #early: Int32Array = noWords;
  #further: Int32Array = noWords;
  /** What `#seek` points into. */
  #words: Int32Array = new Int32Array(0);

  /** Writes down a segment, the one after `noted` others; its content too when that is `watched`. */
  note(ring: number, noted: number, packet: Packet, moment: Moment, base: number, watched: boolean): void {
    const at = this.#seek(ring, noted & (ringEntries - 1));
    const words = this.#words;
    const start = payloadSequence(packet);
    words[at] = start;
    words[at + 1] = packet.acknowledgment;
    words[at + 2] = shape(packet);
    words[at + 3] = packet.payloadLength;
    words[at + 4] = origin(packet, moment);
    words[at + 5] = microseconds(moment);
    if (!watched || packet.payloadLength === 0) {
      words[at + 6] = words[at + 7] = unknownContent;
      return;
    }
    const { payloadStart, payloadEnd } = packet;
    const head = headHash(packet, payloadStart, payloadEnd);
    words[at + 6] = wholeHash(packet, payloadStart, payloadEnd, isWhole(base, start), head);
    words[at + 7] = head;
  }

  /**
   * Whether the packet is another copy of a frame that was just seen: the same IP packet by its identification, or,
   * where there is none, the same segment at another interface or hop that has seen it more often than this one, or
   * sooner than any retransmission. The last says nothing of bare acknowledgments and RSTs, which hosts repeat at
   * once: they count only with `doubled`, when other frames of the connection came twice.
   */
  isDuplicate(ring: number, noted: number, packet: Packet, moment: Moment, base: number, doubled: boolean): boolean {
    const entries = Math.min(noted, ringEntries);
    const start = payloadSequence(packet);
    const flagsAndWindow = shape(packet);
    const here = origin(packet, moment);
    const atOnce = doubled || takesSequence(packet);
    let copiesHere = 0;
    let elsewhere = here;
    let copiesElsewhere = 0;
    for (let entry = 0; entry < entries; entry++) {
      const at = this.#seek(ring, entry);
      const words = this.#words;
      if (!this.#isAlike(at, packet, start, flagsAndWindow)) continue;
      const since = Math.abs((microseconds(moment) - words[at + 5]) | 0);
      const there = words[at + 4];
      if (there >>> 16 !== here >>> 16 || since > nearMicroseconds(packet)) continue;
      if (!this.#hasContent(at, packet, isWhole(base, start))) continue;
      if (packet.identification !== 0 || (atOnce && there === here && since < sameTapMicroseconds)) return true;
      if (there === here) copiesHere++;
      else if (elsewhere === here || elsewhere === there) {
        elsewhere = there;
        copiesElsewhere++;
      }
    }
    return copiesHere < copiesElsewhere;
  }

  /** Whether the packet's payload contradicts a segment that came before, as far as hashes can tell. */
  contradicts(ring: number, noted: number, packet: Packet, base: number): boolean {
    const entries = Math.min(noted, ringEntries);
    const start = payloadSequence(packet);
    const captured = packet.payloadEnd - packet.payloadStart;
    for (let entry = 0; entry < entries; entry++) {
      const at = this.#seek(ring, entry);
      const words = this.#words;
      const length = words[at + 3];
      const skip = distance(start, words[at]);
      if (skip < 0 || words[at + 6] === unknownContent || (words[at + 2] & snapped) !== 0) continue;
      const head = Math.min(length, headBytes);
      if (skip + head > captured) continue;
      const from = packet.payloadStart + skip;
      const covers = skip + length <= captured;
      const hash = contentHash(packet, from, from + (covers ? length : head), !covers || isWhole(base, words[at]));
      if (hash !== words[at + (covers ? 6 : 7)]) return true;
    }
    return false;
  }

  /** Whether a payload of exactly that place and length is among the last segments. */
  has(ring: number, noted: number, sequence: number, length: number): boolean {
    for (let entry = Math.min(noted, ringEntries) - 1; entry >= 0; entry--) {
      const at = this.#seek(ring, entry);
      const words = this.#words;
      if (words[at] === sequence && words[at + 3] === length) return true;
    }
    return false;
  }

  #isAlike(at: number, packet: Packet, start: number, flagsAndWindow: number): boolean {
    const words = this.#words;
    if (words[at + 1] !== packet.acknowledgment || words[at] !== start) return false;
    return words[at + 2] === flagsAndWindow && words[at + 3] === packet.payloadLength;
  }

  #hasContent(at: number, packet: Packet, whole: boolean): boolean {
    const known = this.#words[at + 6];
    return known === unknownContent || known === contentHash(packet, packet.payloadStart, packet.payloadEnd, whole);
  }

  /** Points `#words` at the array of an entry and returns its offset there. */
  #seek(ring: number, entry: number): number {
    const isEarly = entry < earlyEntries;
    const place = isEarly ? ring * earlyEntries + entry : ring * furtherEntries + entry - earlyEntries;
    this.#words = isEarly ? this.#early : this.#further;
    // Entries that slimming left out are counted and were never written.
    if (place * entryWords >= this.#words.length) this.#grow(ring, entry);
    return place * entryWords;
  }

  /** Gives the array of an entry room for twice as many rings, and points `#words` at it. */
  #grow(ring: number, entry: number): void {
    const entries = entry < earlyEntries ? earlyEntries : furtherEntries;
    const words = new Int32Array(Math.max(firstRings, (ring + 1) * 2) * entries * entryWords);
    words.set(this.#words);
    this.#words = words;
    if (entry < earlyEntries) this.#early = words;
    else this.#further = words;
  }
}

/** A host numbers its packets anew when it sends again; RFC 6864 lets it write 0 instead. */
function nearMicroseconds(packet: Packet): number {
  return packet.identification !== 0 ? identificationMicroseconds : otherTapMicroseconds;
}

function origin(packet: Packet, moment: Moment): number {
  return (packet.identification << 16) | ((packet.hopLimit & 0xff) << 8) | (moment.interfaceId & 0xff);
}

/** The segment has something that is acknowledged: payload, SYN or FIN. */
function takesSequence(packet: Packet): boolean {
  return packet.payloadLength > 0 || (packet.flags & (TcpFlag.Syn | TcpFlag.Fin)) !== 0;
}

/** Flags and window, and whether the payload was cut. */
function shape(packet: Packet): number {
  const cut = packet.payloadEnd - packet.payloadStart < packet.payloadLength ? snapped : 0;
  return (packet.flags << 16) | packet.window | cut;
}

function isWhole(base: number, start: number): boolean {
  return Math.abs(distance(base, start)) < limits.comparedBytes;
}

function microseconds(moment: Moment): number {
  return (Math.imul(moment.seconds, 1_000_000) + ((moment.nanoseconds / 1000) | 0)) | 0;
}

/** Every byte when `whole` or short, otherwise the first 16 and the last 4. */
function contentHash(packet: Packet, from: number, to: number, whole: boolean): number {
  return wholeHash(packet, from, to, whole, headHash(packet, from, to));
}

/** Of the first 16 bytes, or of all where there are fewer. */
function headHash({ view, bytes }: Packet, from: number, to: number): number {
  let hash = 0;
  if (to - from >= headBytes) {
    for (let at = from; at < from + headBytes; at += 4) hash = mixed(hash, view.getInt32(at));
  } else {
    for (let at = from; at < to; at++) hash = mixed(hash, bytes[at]);
  }
  return hash | 1;
}

/** Goes on from the hash of the head. */
function wholeHash({ view }: Packet, from: number, to: number, whole: boolean, head: number): number {
  const length = to - from;
  if (length <= headBytes) return head;
  const last = to - 4;
  let hash = head ^ length;
  if (whole || length <= 64) for (let at = from + headBytes; at < last; at += 4) hash = mixed(hash, view.getInt32(at));
  return mixed(hash, view.getInt32(last)) | 1;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** How many segments of a direction are remembered. */
export const rememberedSegments = 16;
const ringEntries = rememberedSegments;
const entryWords = 8;
const earlyEntries = 2;
const furtherEntries = ringEntries - earlyEntries;
const firstRings = 512;
const noWords = new Int32Array(0);
const headBytes = 16;
const snapped = 1 << 30;
/** No hash is even. */
const unknownContent = 0;
/** The number of an IPv4 packet comes back after 65,536 others, which takes a host longer than this. */
const identificationMicroseconds = 1_000_000;
/** The same frame on another interface or behind a router: its way through the machine. */
const otherTapMicroseconds = 20_000;
/** Shorter than any retransmission timeout, and than a round trip that could have asked for one. */
const sameTapMicroseconds = 200;
