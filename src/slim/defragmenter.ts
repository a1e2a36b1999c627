import { Frame } from "../capture/frame.ts";
import { type AssembledDatagram } from "../packet/fragments.ts";
import { PacketDecoder } from "../packet/decoder.ts";
import { Step } from "../packet/header-cursor.ts";
import { HeaderTrace } from "../packet/header-trace.ts";
import { PacketKind } from "../packet/packet.ts";
import { adjustChecksum, sumOfChanges } from "./checksum.ts";

/**
 * Makes of the frame that completes a fragmented datagram one that holds all of it, so that it is cut and overwritten as
 * any other. The frames before it are for the survey to drop.
 */
export class Defragmenter {
  readonly #decoder = new PacketDecoder();
  readonly #trace = new HeaderTrace();
  readonly #whole = new Frame();

  /** Takes each frame of the capture in order. Borrows: the frame, which is the one given but for such; until the next. */
  whole(frame: Frame): Frame {
    const kind = this.#decoder.decode(frame);
    const { datagram } = this.#decoder;
    if (kind === PacketKind.Fragment || datagram === undefined) return frame;
    this.#trace.follow(frame);
    const headers = this.#trace.end - frame.start;
    const captured = Math.min(datagram.total, datagram.capturedEnd);
    const bytes = new Uint8Array(headers + captured);
    bytes.set(frame.bytes.subarray(frame.start, frame.start + headers));
    bytes.set(datagram.bytes.subarray(datagram.payloadStart, datagram.payloadStart + captured), headers);
    const view = new DataView(bytes.buffer);
    const originalLength = headers + datagram.total;
    this.#mendHeaders(frame, view, datagram);
    return Object.assign(this.#whole, frame, { bytes, view, start: 0, end: bytes.length, originalLength });
  }

  /** Lengths end with the datagram, which is the last of what every header holds, and nothing says that it is a fragment. */
  #mendHeaders(frame: Frame, view: DataView, datagram: AssembledDatagram): void {
    const { steps, offsets, count, end } = this.#trace;
    const wireEnd = end - frame.start + datagram.total;
    for (let n = 0; n < count; n++) {
      const at = offsets[n] - frame.start;
      if (steps[n] === Step.Ipv4) mendIpv4(frame, view, at, wireEnd - at);
      else if (steps[n] === Step.Ipv6) view.setUint16(at + 4, lengthField(wireEnd - at - 40));
      else if (steps[n] === Step.FragmentHeader) {
        view.setUint8(at, datagram.innerProtocol);
        view.setUint16(at + 2, 0);
      } else if (steps[n] === Step.Udp) {
        view.setUint16(at + 4, lengthField(wireEnd - at));
        // Of a tunnel: none, rather than a wrong one.
        view.setUint16(at + 6, 0);
      } else if (steps[n] === Step.Pppoe) view.setUint16(at + 4, lengthField(wireEnd - at - 6));
    }
  }
}

function mendIpv4(frame: Frame, view: DataView, at: number, length: number): void {
  const dontFragment = 0x4000;
  view.setUint16(at + 2, lengthField(length));
  view.setUint16(at + 6, view.getUint16(at + 6) & dontFragment);
  const changed = new Uint8Array(view.buffer);
  adjustChecksum(changed, at + 10, sumOfChanges(frame.bytes, changed, { start: at, end: at + 8, shift: frame.start }));
}

/** What IP and UDP say where a length has no place in two bytes is 0: up to the end of the frame. */
function lengthField(length: number): number {
  return length > 0xffff ? 0 : length;
}
