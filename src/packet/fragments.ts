/**
 * Puts IP datagrams together from their fragments.
 *
 * Invariants: a datagram's buffer holds both addresses, then at `payloadAt` its payload; `present[n]` tells whether the
 * n-th 8 bytes of the payload were on the wire, `filled` counts those below `total` (all, while `total` is not known);
 * bytes from `capturedEnd` on were not captured. The first bytes for a place win, and so does the first end: with
 * fragments that start at multiples of 8, whole units decide about single bytes too.
 *
 * Spec: RFC 791 §3.2, RFC 815, RFC 8200 §4.5. Borrows: a finished datagram keeps its buffer until the next frame.
 * Cost: a fixed pool of buffers, taken as needed; a search over those in use for every fragment.
 */
import { limits } from "../limits.ts";
import { type HeaderCursor, Step } from "./header-cursor.ts";
import { protocolStep } from "./ip.ts";
import { type NotUnderstood, PacketKind } from "./packet.ts";

export class FragmentTable {
  /** Frame of the fragment before the last one that was read, of the same datagram; 0 where that was its first. */
  before = 0;
  readonly #datagrams: Datagram[] = [];
  #delivered: Datagram | undefined;
  #isNested = false;

  /** The one datagram that was delivered in a turn: undefined where none was, or one within another. */
  deliveredIn(turn: number): AssembledDatagram | undefined {
    return this.#isNested || this.#delivered?.deliveredTurn !== turn ? undefined : this.#delivered;
  }

  /** Takes the fragment at the cursor. When its datagram is whole, the cursor goes on in that. */
  readFragment(cursor: HeaderCursor): Step {
    const wireLength = cursor.wireEnd - cursor.at;
    // A fragment before the last carries whole units; Linux, too, drops what is over.
    const length = cursor.moreFragments ? wireLength & ~7 : wireLength;
    if (cursor.fragmentOffset + length > longestPayload) return cursor.refuse("ip-header-malformed");
    const datagram = this.#find(cursor) ?? this.#begin(cursor);
    this.before = datagram.lastFrame;
    datagram.add(cursor, length);
    if (!datagram.whole) {
      cursor.kind = PacketKind.Fragment;
      return Step.Done;
    }
    datagram.live = false;
    this.#isNested = this.#delivered?.deliveredTurn === cursor.turn;
    this.#delivered = datagram;
    datagram.deliveredTurn = cursor.turn;
    datagram.enter(cursor);
    return protocolStep(cursor, datagram.innerProtocol);
  }

  /** Gives up what is still incomplete at the end of the capture. */
  finish(cursor: HeaderCursor): void {
    for (const datagram of this.#datagrams) if (datagram.live) abandon(cursor, datagram, "fragment-incomplete");
  }

  #find(cursor: HeaderCursor): Datagram | undefined {
    let found: Datagram | undefined;
    for (const datagram of this.#datagrams) {
      if (!datagram.live) continue;
      if (cursor.frame!.seconds - datagram.seconds > limits.fragmentSeconds) {
        abandon(cursor, datagram, "fragment-incomplete");
      } else if (found === undefined && datagram.matches(cursor)) {
        found = datagram;
      }
    }
    return found;
  }

  #begin(cursor: HeaderCursor): Datagram {
    let free: Datagram | undefined;
    let oldest: Datagram | undefined;
    for (const datagram of this.#datagrams) {
      if (datagram.live) {
        if (oldest === undefined || datagram.turn < oldest.turn) oldest = datagram;
      } else if (datagram.deliveredTurn !== cursor.turn) {
        free ??= datagram;
      }
    }
    if (free === undefined && this.#datagrams.length < mostDatagrams) {
      free = new Datagram();
      this.#datagrams.push(free);
    }
    if (free === undefined) {
      free = oldest!;
      abandon(cursor, free, "fragment-limit");
    }
    free.begin(cursor);
    return free;
  }
}

/** The payload of a datagram that was put together. Borrows: until the next frame. */
export interface AssembledDatagram {
  readonly bytes: Uint8Array;
  readonly payloadStart: number;
  /** Length on the wire, and of what was captured. */
  readonly total: number;
  readonly capturedEnd: number;
  /** IP protocol of the payload. */
  readonly innerProtocol: number;
}

class Datagram implements AssembledDatagram {
  live = false;
  /** Frame, as the cursor counts them, of the first fragment and of the delivery. */
  turn = 0;
  deliveredTurn = 0;
  seconds = 0;
  frames = 0;
  /** Of the latest fragment; 0 before the first. */
  lastFrame = 0;
  interfaceId = 0;
  addressLength: 4 | 16 = 4;
  identification = 0;
  protocol = 0;
  /** What the first fragment says it carries; for IPv6 only that one counts. */
  innerProtocol = 0;
  total = unknownTotal;
  filled = 0;
  capturedEnd = 0;
  readonly bytes = new Uint8Array(payloadAt + longestPayload);
  readonly payloadStart = payloadAt;
  readonly view = new DataView(this.bytes.buffer);
  readonly present = new Uint8Array(units(longestPayload));

  get whole(): boolean {
    return this.total !== unknownTotal && this.filled === units(this.total);
  }

  begin(cursor: HeaderCursor): void {
    const { packet, bytes } = cursor;
    this.live = true;
    this.turn = cursor.turn;
    this.seconds = cursor.frame!.seconds;
    this.frames = 0;
    this.lastFrame = 0;
    this.interfaceId = cursor.frame!.interfaceId;
    this.addressLength = packet.addressLength;
    this.identification = cursor.fragmentIdentification;
    this.protocol = cursor.protocol;
    this.total = unknownTotal;
    this.filled = 0;
    this.capturedEnd = longestPayload;
    this.present.fill(0);
    for (let n = 0; n < packet.addressLength; n++) {
      this.bytes[n] = bytes[packet.sourceAddress + n];
      this.bytes[packet.addressLength + n] = bytes[packet.destinationAddress + n];
    }
  }

  /** RFC 791: source, destination, protocol, identification. RFC 8200: without the protocol. Copies on two interfaces stay apart. */
  matches(cursor: HeaderCursor): boolean {
    const { packet, bytes } = cursor;
    if (this.identification !== cursor.fragmentIdentification || this.interfaceId !== cursor.frame!.interfaceId) {
      return false;
    }
    const length = packet.addressLength;
    if (this.addressLength !== length || (length === 4 && this.protocol !== cursor.protocol)) return false;
    for (let n = 0; n < length; n++) {
      if (this.bytes[n] !== bytes[packet.sourceAddress + n]) return false;
      if (this.bytes[length + n] !== bytes[packet.destinationAddress + n]) return false;
    }
    return true;
  }

  add(cursor: HeaderCursor, length: number): void {
    const offset = cursor.fragmentOffset;
    this.frames++;
    this.lastFrame = cursor.frame!.number;
    if (!cursor.moreFragments && this.total === unknownTotal) this.#end(offset + length);
    let end = this.total === unknownTotal ? offset + length : Math.min(offset + length, this.total);
    // A second end before the first one: the unit that it cuts would count as present and not be whole.
    if (end < this.total) end &= ~7;
    if (offset === 0 && length > 0 && this.present[0] === 0) this.innerProtocol = cursor.protocol;
    const afterLast = units(end);
    let unit = this.present.indexOf(0, offset >> 3);
    while (unit >= 0 && unit < afterLast) {
      const next = this.present.indexOf(1, unit);
      const until = next < 0 || next > afterLast ? afterLast : next;
      this.#take(cursor, unit, until, Math.min(until << 3, end));
      unit = this.present.indexOf(0, until);
    }
  }

  enter(cursor: HeaderCursor): void {
    cursor.enterBytes(this.bytes, this.view);
    cursor.packet.sourceAddress = 0;
    cursor.packet.destinationAddress = this.addressLength;
    cursor.at = payloadAt;
    cursor.wireEnd = payloadAt + this.total;
    cursor.end = payloadAt + Math.min(this.total, this.capturedEnd);
  }

  /** Takes the units from `first` up to `until`, none of which is there yet; their bytes end at `to`. */
  #take(cursor: HeaderCursor, first: number, until: number, to: number): void {
    const from = first << 3;
    const source = cursor.at - cursor.fragmentOffset;
    const captured = Math.min(to, cursor.end - source);
    this.present.fill(1, first, until);
    this.filled += until - first;
    if (captured < to) this.capturedEnd = Math.min(this.capturedEnd, Math.max(captured, from));
    if (captured <= from) return;
    this.bytes.set(cursor.bytes.subarray(source + from, source + captured), payloadAt + from);
  }

  #end(total: number): void {
    this.total = total;
    this.filled = 0;
    const last = units(total);
    for (let unit = 0; unit < last; unit++) this.filled += this.present[unit];
  }
}

function abandon(cursor: HeaderCursor, datagram: Datagram, reason: NotUnderstood): void {
  datagram.live = false;
  cursor.count(reason, datagram.frames);
}

function units(length: number): number {
  return (length + 7) >> 3;
}

const payloadAt = 32;
const longestPayload = 65_535;
const unknownTotal = -1;
const mostDatagrams = Math.min(
  limits.fragmentedDatagrams,
  Math.floor(limits.fragmentBytes / (payloadAt + longestPayload + units(longestPayload))),
);
