import type { Frame } from "../capture/frame.ts";
import { Step } from "../packet/header-cursor.ts";
import { HeaderTrace } from "../packet/header-trace.ts";
import { Protocol } from "../packet/ip.ts";
import { PacketKind } from "../packet/packet.ts";
import type { AddressMap } from "./address-map.ts";
import { payloadSequence } from "../stream/sequence.ts";
import { adjustChecksum, sumOfChanges } from "./checksum.ts";
import { dnsPlaces } from "./dns-places.ts";
import type { FramePlan } from "./frame-plan.ts";
import { overwritten, type Replacement } from "./replacements.ts";
import { offsetOf } from "./tap.ts";

/** What the survey says of one side of a connection, with the bytes that stand for others. */
export interface RewrittenSide {
  readonly base: number;
  readonly offset: number;
  readonly skippedFrom: number;
  readonly replacements: readonly Replacement[];
}

export interface RewriterPlan {
  readonly frames: FramePlan;
  readonly sides: ReadonlyMap<number, RewrittenSide>;
  /** Undefined where addresses stay. */
  readonly addresses: AddressMap | undefined;
}

/**
 * Makes of a frame what is written of it.
 *
 * Invariants: `#bytes` up to `#length` is the frame from its first byte on, and offset n there is `n + #shift` of the
 * frame's bytes. No byte is written that the survey did not see a reason for: of segments that no protocol was given, of
 * datagrams that are no DNS and of what is not understood only the headers stay.
 */
export class Rewriter {
  readonly #plan: RewriterPlan;
  readonly #trace = new HeaderTrace();
  #bytes = new Uint8Array(1 << 18);
  #length = 0;
  #shift = 0;

  constructor(plan: RewriterPlan) {
    this.#plan = plan;
  }

  /** The datagram goes on in other frames, which are cut alike: what is left is all that is known of it. */
  get isFragment(): boolean {
    return this.#trace.kind === PacketKind.Fragment;
  }

  /** The bytes to write. Borrows: until the next call. Throws: AddressesExhausted. */
  rewrite(frame: Frame): Uint8Array {
    const trace = this.#trace;
    trace.follow(frame);
    this.#copy(frame, Math.min(this.#endOf(frame), frame.end - frame.leftOut));
    if (trace.kind === PacketKind.Tcp) this.#replaceInSegment(frame);
    if (this.#plan.addresses !== undefined) this.#replaceAddresses(this.#plan.addresses);
    this.#mendChecksums(frame);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Where what is kept of the frame ends. */
  #endOf(frame: Frame): number {
    const { kind, end, packet } = this.#trace;
    const { payloadStart, payloadEnd } = packet;
    switch (kind) {
      case PacketKind.Tcp:
        return this.#endOfSegment(frame);
      case PacketKind.Udp:
        return Math.min(payloadEnd, payloadStart + this.#plan.frames.payload(frame.number));
      case PacketKind.Icmp:
        return Math.min(payloadEnd, this.#endOfIcmp());
      case PacketKind.Fragment:
        return this.#trace.fragmentOffset === 0 ? end + transportHeader : end;
      default:
        return end;
    }
  }

  #endOfSegment({ number }: Frame): number {
    const { packet } = this.#trace;
    const { payloadStart, payloadEnd } = packet;
    if (payloadStart === payloadEnd) return payloadEnd;
    const side = this.#plan.sides.get(this.#plan.frames.sender(number));
    if (side === undefined) return payloadStart;
    const offset = offsetOf(side.base, payloadSequence(packet));
    if (offset >= side.skippedFrom || offset >= side.offset) return payloadStart;
    return Math.min(payloadEnd, payloadStart + Math.min(this.#plan.frames.payload(number), side.offset - offset));
  }

  /** What an error quotes, up to the ports and the sequence number, which are all that is read; else the header. */
  #endOfIcmp(): number {
    const { bytes, payloadStart: start } = this.#trace.packet;
    if (!this.#isError()) return start + icmpHeader;
    const isIpv6 = bytes[start + icmpHeader] >> 4 === 6;
    return start + icmpHeader + (isIpv6 ? 40 : (bytes[start + icmpHeader] & 15) << 2) + 8;
  }

  #isError(): boolean {
    const { bytes, payloadStart, payloadEnd, protocol } = this.#trace.packet;
    if (payloadEnd - payloadStart < icmpHeader + 20) return false;
    const type = bytes[payloadStart];
    return protocol === Protocol.Icmp ? icmpErrors.has(type) : type < 128;
  }

  /** Copies the frame up to there, and keeps zeros of what follows the packet at the link. */
  #copy(frame: Frame, end: number): void {
    const { packet, kind } = this.#trace;
    const isWhole = kind === PacketKind.Tcp && end === packet.payloadEnd && frame.leftOut === 0;
    this.#shift = frame.start;
    this.#length = (isWhole ? frame.end : end) - frame.start;
    if (this.#length > this.#bytes.length) this.#bytes = new Uint8Array(this.#length);
    this.#bytes.set(frame.bytes.subarray(frame.start, end));
    this.#bytes.fill(0, end - frame.start, this.#length);
  }

  #replaceInSegment({ number }: Frame): void {
    const side = this.#plan.sides.get(this.#plan.frames.sender(number));
    if (side === undefined || side.replacements.length === 0) return;
    const { packet } = this.#trace;
    const first = packet.payloadStart - this.#shift;
    const offset = offsetOf(side.base, payloadSequence(packet));
    const end = offset + this.#length - first;
    for (let n = firstBehind(side.replacements, offset); n < side.replacements.length; n++) {
      const { at, length, bytes } = side.replacements[n];
      if (at >= end) return;
      const last = Math.min(end, at + length);
      for (let to = Math.max(at, offset); to < last; to++) {
        this.#bytes[first + to - offset] = bytes === undefined ? overwritten : bytes[to - at];
      }
    }
  }

  #replaceAddresses(addresses: AddressMap): void {
    const { steps, offsets, count, kind } = this.#trace;
    for (let n = 0; n < count; n++) this.#replaceInHeader(addresses, steps[n], offsets[n] - this.#shift);
    if (kind === PacketKind.Icmp && this.#isError()) this.#replaceQuoted(addresses);
    if (kind === PacketKind.Udp) this.#replaceInDatagram(addresses);
  }

  #replaceInHeader(addresses: AddressMap, step: Step, at: number): void {
    const bytes = this.#bytes;
    switch (step) {
      case Step.Ethernet:
        if (at + 12 > this.#length) return;
        addresses.replaceMac(bytes, at);
        addresses.replaceMac(bytes, at + 6);
        break;
      case Step.LinuxCooked:
        if (bytes[at + 5] === 6) addresses.replaceMac(bytes, at + 6);
        break;
      case Step.LinuxCooked2:
        if (bytes[at + 11] === 6) addresses.replaceMac(bytes, at + 12);
        break;
      case Step.Ipv4:
      case Step.Ipv6:
        this.#replaceInIp(addresses, at);
        break;
      default:
    }
  }

  #replaceInIp(addresses: AddressMap, at: number): void {
    const isIpv4 = this.#bytes[at] >> 4 === 4;
    const [length, first] = isIpv4 ? [4 as const, at + 12] : [16 as const, at + 8];
    if (first + 2 * length > this.#length) return;
    addresses.replace(this.#bytes, first, length);
    addresses.replace(this.#bytes, first + length, length);
    // Options record routes: they become "no operation".
    if (isIpv4) this.#bytes.fill(1, at + 20, Math.min(this.#length, at + ((this.#bytes[at] & 15) << 2)));
  }

  #replaceQuoted(addresses: AddressMap): void {
    const { packet } = this.#trace;
    const at = packet.payloadStart - this.#shift + icmpHeader;
    this.#replaceInIp(addresses, at);
    if (this.#bytes[at] >> 4 === 4) this.#mendIpv4(packet.bytes, at);
  }

  #replaceInDatagram(addresses: AddressMap): void {
    const start = this.#trace.packet.payloadStart - this.#shift;
    if (this.#length <= start) return;
    for (const { at, length, kind, blank } of dnsPlaces(this.#bytes, start, this.#length) ?? []) {
      if (kind === "blank") this.#bytes.fill(blank, at, at + length);
      else addresses.replace(this.#bytes, at, length === 4 ? 4 : 16);
    }
  }

  #mendChecksums(frame: Frame): void {
    const { steps, offsets, count, kind } = this.#trace;
    let addresses = 0;
    for (let n = 0; n < count; n++) {
      const at = offsets[n] - this.#shift;
      if (steps[n] === Step.Ipv4) {
        this.#mendIpv4(frame.bytes, at);
        addresses = this.#changes(frame.bytes, at + 12, at + 20);
      } else if (steps[n] === Step.Ipv6) addresses = this.#changes(frame.bytes, at + 8, at + 40);
    }
    const field = checksumFields.get(kind);
    const { protocol } = this.#trace.packet;
    if (field === undefined) return;
    const start = offsets[count - 1] - this.#shift;
    const at = start + field;
    if (at + 2 > this.#length || (kind === PacketKind.Udp && this.#bytes[at] === 0 && this.#bytes[at + 1] === 0))
      return;
    const pseudoHeader = protocol === Protocol.Icmp ? 0 : addresses;
    adjustChecksum(this.#bytes, at, pseudoHeader + this.#changes(frame.bytes, start, this.#length, at));
  }

  #mendIpv4(original: Uint8Array, at: number): void {
    const end = Math.min(this.#length, at + ((this.#bytes[at] & 15) << 2));
    if (at + 12 <= end) adjustChecksum(this.#bytes, at + 10, this.#changes(original, at, end, at + 10));
  }

  #changes(original: Uint8Array, start: number, end: number, except?: number): number {
    const range = { start, end: Math.min(end, this.#length), shift: this.#shift };
    return sumOfChanges(original, this.#bytes, except === undefined ? range : { ...range, except });
  }
}

/** Index of the first replacement that ends behind the offset. */
function firstBehind(replacements: readonly Replacement[], offset: number): number {
  let low = 0;
  let high = replacements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (replacements[middle].at + replacements[middle].length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Offsets of the checksum in the headers that have one over the whole packet. */
const checksumFields: ReadonlyMap<PacketKind, number> = new Map([
  [PacketKind.Tcp, 16],
  [PacketKind.Udp, 6],
  [PacketKind.Icmp, 2],
]);
/** ICMP errors that quote a packet: unreachable, quench, redirect, time exceeded, parameter problem. */
const icmpErrors: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Type, code, checksum and the word behind it. */
const icmpHeader = 8;
/** The fixed part of a TCP header. */
const transportHeader = 20;
