import { Accumulator } from "../bytes/accumulator.ts";
import { Demand, Moment, type Direction, type StreamConsumer } from "../stream/consumer.ts";

/** Bytes that came together: those held up to `end`, from where the piece before ends. */
interface Piece {
  end: number;
  readonly frame: number;
  readonly moment: Moment;
}

/** Reads bytes that came in that frame. Returns false where it stops for good. */
type ReadPiece = (bytes: Uint8Array, start: number, end: number, frame: number) => boolean;

/** Pieces that are told apart; what comes behind counts as part of the last. */
const mostPieces = 1024;

/**
 * Bytes of one direction that wait until it is known what they are.
 *
 * Invariant: `#pieces` cover the bytes held, in order; a replay gives each as of the moment at which it came.
 */
export class HeldBytes extends Accumulator {
  #pieces: Piece[] = [];

  /** Frame that carried the first byte; 0 where nothing is held. */
  get frame(): number {
    return this.#pieces[0]?.frame ?? 0;
  }

  /** Sequence number behind the first bytes, as they came; 0 where nothing is held. */
  get sequenceEnd(): number {
    return this.#pieces[0]?.moment.sequenceEnd ?? 0;
  }

  /** Copies the range in and notes its moment. Returns false, and takes nothing, at the limit. */
  hold(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): boolean {
    if (!this.append(bytes, start, end)) return false;
    const last = this.#pieces.at(-1);
    if (last !== undefined && (last.frame === frame || this.#pieces.length === mostPieces)) {
      last.end = this.length;
      return true;
    }
    const came = new Moment();
    copyMoment(moment, came);
    this.#pieces.push({ end: this.length, frame, moment: came });
    return true;
  }

  override consume(count: number): void {
    super.consume(count);
    this.#pieces = this.#pieces.filter(({ end }) => end > count);
    for (const piece of this.#pieces) piece.end -= count;
  }

  override clear(): void {
    super.clear();
    this.#pieces = [];
  }

  /** Empties itself into the consumer; what that notes bears the moments at which the bytes came. */
  replay(direction: Direction, consumer: StreamConsumer, moment: Moment): Demand {
    let demand: Demand = Demand.More;
    this.giveOut(0, moment, (bytes, start, end, frame) => {
      demand = consumer.onData(direction, bytes, start, end, frame);
      return demand === Demand.More;
    });
    return demand;
  }

  /** Empties itself, from the offset on, piece by piece. Returns false where `read` stopped. */
  giveOut(from: number, moment: Moment, read: ReadPiece): boolean {
    const now = new Moment();
    copyMoment(moment, now);
    const pieces = this.#pieces;
    // Whoever reads may hold again, here or elsewhere, before the last piece is read.
    const bytes = this.detach();
    this.#pieces = [];
    let start = from;
    let goesOn = true;
    for (const piece of pieces) {
      if (!goesOn || piece.end <= start) continue;
      copyMoment(piece.moment, moment);
      goesOn = read(bytes, start, piece.end, piece.frame);
      start = piece.end;
    }
    copyMoment(now, moment);
    return goesOn;
  }
}

/** Makes one moment the other, but for its interface. */
export function copyMoment(from: Moment, to: Moment): void {
  to.frame = from.frame;
  to.seconds = from.seconds;
  to.nanoseconds = from.nanoseconds;
  to.timed = from.timed;
  to.sequenceEnd = from.sequenceEnd;
  to.acknowledgment = from.acknowledgment;
}
