import type { Direction, EndReason } from "../../stream/consumer.ts";
import { HandshakeReader } from "./handshake.ts";
import { RecordReader, type RecordSink } from "./record.ts";
import type { Resynchronizer } from "./resynchronizer.ts";

/** What is remembered of one direction between its records. */
export class Side {
  readonly reader: RecordReader;
  readonly handshake = new HandshakeReader();
  /** The record that is open, and whether its fragment is in clear. */
  contentType = 0;
  recordLength = 0;
  clear = true;
  /** What is being read now was decrypted. */
  decrypted = false;
  /** Frame of the Finished message that was decrypted; 0 before. */
  finishedFrame = 0;
  changedCipher = false;
  /** First byte of an alert in clear; -1 outside. */
  alertLevel = -1;
  /** Handshake messages are no longer read: one was malformed, or the place between them is lost. */
  deaf = false;
  /** Nothing is read any more. */
  quiet = false;
  /** The last bytes of the record that is open, and where they end: lent, until the record is over. */
  bytes: Uint8Array = nothing;
  bytesEnd = 0;
  /** Bytes that slimming left out and did not tell of yet. */
  leftOut = 0;
  lost = false;
  ended: EndReason | undefined;
  /** Looks for the next record behind missing bytes. */
  resynchronizer: Resynchronizer | undefined;

  constructor(direction: Direction, sink: RecordSink) {
    this.reader = new RecordReader(direction, sink);
  }

  /** It has no more to say. */
  get isOver(): boolean {
    return this.quiet || this.ended !== undefined;
  }
}

const nothing = new Uint8Array(0);
