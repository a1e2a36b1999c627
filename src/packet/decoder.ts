import type { Frame } from "../capture/frame.ts";
import { readGre, readGeneve, readVxlan } from "./tunnels.ts";
import { type AssembledDatagram, FragmentTable } from "./fragments.ts";
import { HeaderCursor, Step } from "./header-cursor.ts";
import { readAuthenticationHeader, readExtensionHeader, readFragmentHeader, readIp, readIpv4, readIpv6 } from "./ip.ts";
import {
  linkStep,
  readEthernet,
  readLinuxCooked,
  readLinuxCooked2,
  readLlc,
  readLoopback,
  readMpls,
  readPktap,
  readVlan,
} from "./link.ts";
import type { NotUnderstood, Packet, PacketKind } from "./packet.ts";
import { readCiscoHdlc, readPpp, readPppHdlc, readPppoe } from "./ppp.ts";
import { readIcmp, readTcp, readUdp } from "./transport.ts";

/**
 * Turns frames into packets: the innermost IP packet of a frame, or of the datagram that a fragment completes.
 *
 * Invariants: `packet` is one reused object, whose fields mean something only after a kind that sets them; every frame
 * that yields no packet is counted once in `notUnderstood`, a fragment when its datagram is given up.
 */
export class PacketDecoder {
  readonly packet: Packet;
  /** Frames by the reason for which they, or what is in them, were left alone. */
  readonly notUnderstood: ReadonlyMap<NotUnderstood, number>;
  readonly #cursor = new HeaderCursor();
  readonly #fragments = new FragmentTable();

  constructor() {
    this.packet = this.#cursor.packet;
    this.notUnderstood = this.#cursor.notUnderstood;
  }

  /**
   * Decodes a frame into `packet`. Never throws.
   *
   * Borrows: the packet points into the frame's bytes, or into a buffer of ours, until the next call.
   */
  decode(frame: Frame): PacketKind {
    const cursor = this.#cursor;
    cursor.enterFrame(frame);
    let step = linkStep(cursor, frame.linkType);
    // The usual way first: called by name and in order, these three are inlined.
    if (step === Step.Ethernet) step = readEthernet(cursor);
    if (step === Step.Ipv4) step = readIpv4(cursor);
    if (step === Step.Tcp) step = readTcp(cursor);
    while (step !== Step.Done) {
      step = step === Step.Fragment ? this.#fragments.readFragment(cursor) : readers[step](cursor);
    }
    return cursor.kind;
  }

  /** The datagram that the frame completed; undefined where it completed none, or one within another. */
  get datagram(): AssembledDatagram | undefined {
    return this.#fragments.deliveredIn(this.#cursor.turn);
  }

  /** Of a frame that holds a fragment: the frame of the fragment before, in the same datagram; 0 for the first. */
  get fragmentBefore(): number {
    return this.#fragments.before;
  }

  /** Counts the datagrams that will never be whole. Called once, after the last frame. */
  finish(): void {
    this.#fragments.finish(this.#cursor);
  }
}

/** Steps that read one header of the frame. */
export type HeaderStep = Exclude<Step, typeof Step.Done | typeof Step.Fragment>;

/** Each reads one header and answers what stands behind it. */
export const readers: Readonly<Record<HeaderStep, (cursor: HeaderCursor) => Step>> = {
  [Step.Ethernet]: readEthernet,
  [Step.Vlan]: readVlan,
  [Step.Llc]: readLlc,
  [Step.Mpls]: readMpls,
  [Step.Pppoe]: readPppoe,
  [Step.Ppp]: readPpp,
  [Step.PppHdlc]: readPppHdlc,
  [Step.CiscoHdlc]: readCiscoHdlc,
  [Step.Loopback]: readLoopback,
  [Step.LinuxCooked]: readLinuxCooked,
  [Step.LinuxCooked2]: readLinuxCooked2,
  [Step.Pktap]: readPktap,
  [Step.Ip]: readIp,
  [Step.Ipv4]: readIpv4,
  [Step.Ipv6]: readIpv6,
  [Step.ExtensionHeader]: readExtensionHeader,
  [Step.AuthenticationHeader]: readAuthenticationHeader,
  [Step.FragmentHeader]: readFragmentHeader,
  [Step.Tcp]: readTcp,
  [Step.Udp]: readUdp,
  [Step.Icmp]: readIcmp,
  [Step.Gre]: readGre,
  [Step.Vxlan]: readVxlan,
  [Step.Geneve]: readGeneve,
};
