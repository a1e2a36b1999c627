import type { Frame } from "../capture/frame.ts";
import { readers } from "./decoder.ts";
import { HeaderCursor, Step } from "./header-cursor.ts";
import { linkStep } from "./link.ts";
import { PacketKind, type Packet } from "./packet.ts";

/**
 * Where the headers of a frame stand: every one that the decoder reads on its way to the innermost packet.
 *
 * Invariant: `steps[n]` begins at offset `offsets[n]` of the frame's bytes, for n below `count`. Fragments are not put
 * together: the way ends at the first of them. Borrows: as Frame and Packet.
 */
export class HeaderTrace {
  readonly steps: Step[] = [];
  readonly offsets: number[] = [];
  count = 0;
  readonly packet: Packet;
  readonly #cursor = new HeaderCursor();

  constructor() {
    this.packet = this.#cursor.packet;
  }

  /** What the way ended with; `Fragment` where the rest is for the datagram. */
  get kind(): PacketKind {
    return this.#cursor.kind;
  }

  /** Where the bytes behind the headers stand in their datagram; 0 in the first fragment, which has its next header. */
  get fragmentOffset(): number {
    return this.#cursor.fragmentOffset;
  }

  /** Offset of the byte behind the last header that was understood. */
  get end(): number {
    return this.#cursor.at;
  }

  /** Goes through the headers of a frame. Never throws. */
  follow(frame: Frame): void {
    const cursor = this.#cursor;
    this.count = 0;
    cursor.enterFrame(frame);
    let step = linkStep(cursor, frame.linkType);
    while (step !== Step.Done) {
      this.steps[this.count] = step;
      this.offsets[this.count++] = cursor.at;
      if (step === Step.Fragment) {
        cursor.kind = PacketKind.Fragment;
        return;
      }
      step = readers[step](cursor);
    }
  }
}
