/**
 * A frame of the capture: offsets into the block being read, never a copy.
 *
 * One instance is reused for a whole pass. Borrows: everything is valid until the next `next()` or `fill()` of the
 * reader that filled it.
 */
export class Frame {
  /** From 1, over all files of the analysis. Exact up to 2^53. */
  number = 0;
  /** Time since the Unix epoch; both 0, and `timed` false, where the format gives none (pcapng simple packets). */
  seconds = 0;
  nanoseconds = 0;
  timed = true;
  /** LINKTYPE_ value of the frame's interface. */
  linkType = 0;
  /** Ordinal of the interface over all sections and files of the analysis. */
  interfaceId = 0;
  /** Bytes on the wire; `end - start` is what was captured. */
  originalLength = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  end = 0;
  /** pcapng epb_flags direction bits: 0 unknown, 1 inbound, 2 outbound. */
  direction = 0;
  /** pcapng comments of this frame, if any: recorders put process names there. Untrusted. */
  comments: readonly string[] = noComments;
  /** Bytes at the end that slimming left out: zeros stand for them, and nobody may read these as what was sent. */
  leftOut = 0;
  /** Segments that slimming left out before this frame, of the connection that it belongs to. */
  segmentsBefore: LeftOutSegments | undefined = undefined;
  /** Records of TLS that slimming left out, of which the last one ends in this frame. */
  recordsBefore: LeftOutRecords | undefined = undefined;
}

/** What slimming left out of the decrypted content of a connection, from the last record that was kept on. */
export interface LeftOutRecords {
  readonly count: number;
  /** Bytes of the frame's payload that still belong to the last of them. */
  readonly tail: number;
  /** What they held: so many bytes of the content of answers, or the bytes that stand between those. */
  readonly content: readonly (number | Uint8Array)[];
}

/** What slimming left out of a connection, by who sent it: the sender of the next frame that was kept, and its peer. */
export interface LeftOutSegments {
  readonly sent: LeftOutSide;
  readonly received: LeftOutSide;
}

/** Segments of one side, each the next of its stream. */
export interface LeftOutSide {
  readonly segments: number;
  readonly bytes: number;
  /** Payload of the largest. */
  readonly largest: number;
}

const noComments: readonly string[] = [];
