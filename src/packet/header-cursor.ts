import type { Frame } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import { type NotUnderstood, Packet, PacketKind } from "./packet.ts";

/** Which header stands at the cursor: what a reader answers, and what the decoder reads next. */
export const Step = {
  /** Nothing more to read; `HeaderCursor.kind` says what came out. */
  Done: 0,
  Ethernet: 1,
  Vlan: 2,
  Llc: 3,
  Mpls: 4,
  Pppoe: 5,
  Ppp: 6,
  PppHdlc: 7,
  CiscoHdlc: 8,
  Loopback: 9,
  LinuxCooked: 10,
  LinuxCooked2: 11,
  Pktap: 12,
  Ip: 13,
  Ipv4: 14,
  Ipv6: 15,
  ExtensionHeader: 16,
  AuthenticationHeader: 17,
  FragmentHeader: 18,
  Fragment: 19,
  Tcp: 20,
  Udp: 21,
  Icmp: 22,
  Gre: 23,
  Vxlan: 24,
  Geneve: 25,
} as const;
export type Step = (typeof Step)[keyof typeof Step];

/**
 * Where the decoder stands in a frame, shared by all header readers.
 *
 * Invariants: `at <= end <= wireEnd`, `end` is where the captured bytes of the current layer stop and `wireEnd` where
 * they stopped on the wire; both only ever shrink within one buffer. `headersLeft` falls with every header that can
 * repeat, so that a frame is left after a bounded number of steps.
 */
export class HeaderCursor {
  readonly packet = new Packet();
  readonly notUnderstood = new Map<NotUnderstood, number>();
  frame: Frame | undefined = undefined;
  bytes: Uint8Array = this.packet.bytes;
  view: DataView = this.packet.view;
  at = 0;
  end = 0;
  wireEnd = 0;
  headersLeft = 0;
  kind: PacketKind = PacketKind.None;
  /** Counts frames: tells what belongs to the current one. */
  turn = 0;
  /** IP protocol of a fragment's or extension header's content. */
  protocol = 0;
  fragmentOffset = 0;
  moreFragments = false;
  fragmentIdentification = 0;

  /** Stands at the link header of a frame. Borrows: the frame's bytes, until the next frame. */
  enterFrame(frame: Frame): void {
    const captured = frame.end - frame.start;
    const onWire = frame.originalLength > captured ? frame.originalLength : captured;
    this.frame = frame;
    this.turn++;
    this.kind = PacketKind.None;
    this.headersLeft = limits.encapsulation;
    this.enterBytes(frame.bytes, frame.view);
    this.at = frame.start;
    this.end = frame.end;
    // The original length is four bytes of the file that nothing vouches for.
    this.wireEnd = frame.start + (onWire > limits.captureBlock ? Math.max(captured, limits.captureBlock) : onWire);
  }

  /** Goes over to another buffer; the caller sets the offsets. */
  enterBytes(bytes: Uint8Array, view: DataView): void {
    if (this.bytes === bytes) return;
    this.bytes = bytes;
    this.view = view;
    this.packet.bytes = bytes;
    this.packet.view = view;
  }

  /** Whether the next `length` bytes were captured. */
  has(length: number): boolean {
    return this.at + length <= this.end;
  }

  /** Ends the current layer `length` bytes from here, when that is nearer: what follows is padding. */
  limitTo(length: number): void {
    const wireEnd = this.at + length;
    if (wireEnd >= this.wireEnd) return;
    this.wireEnd = wireEnd;
    if (wireEnd < this.end) this.end = wireEnd;
  }

  /** Takes one of the headers that may repeat. False when the frame has had its share. */
  takeHeader(): boolean {
    return --this.headersLeft >= 0;
  }

  /** Gives the frame up for a reason, which is counted. */
  refuse(reason: NotUnderstood): Step {
    this.count(reason, 1);
    this.kind = PacketKind.None;
    return Step.Done;
  }

  /** The next header is not whole: `cut` when it was on the wire and only not captured, `malformed` otherwise. */
  refuseShort(length: number, cut: NotUnderstood, malformed: NotUnderstood): Step {
    return this.refuse(this.at + length <= this.wireEnd ? cut : malformed);
  }

  count(reason: NotUnderstood, frames: number): void {
    this.notUnderstood.set(reason, (this.notUnderstood.get(reason) ?? 0) + frames);
  }
}
