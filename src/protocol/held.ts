import { Accumulator } from "../bytes/accumulator.ts";
import { Moment, type Demand, type Direction, type StreamConsumer } from "../stream/consumer.ts";

/**
 * Bytes of one direction that wait until it is known what they are.
 *
 * Invariant: the moment noted is that of the first byte held; a replay gives all of them as of then.
 */
export class HeldBytes extends Accumulator {
  readonly #first = new Moment();
  /** Frame that carried the first byte. */
  frame = 0;

  /** Copies the range in and notes its moment if it is the first. Returns false, and takes nothing, at the limit. */
  hold(bytes: Uint8Array, start: number, end: number, frame: number, moment: Moment): boolean {
    if (this.length === 0) {
      this.frame = frame;
      copyMoment(moment, this.#first);
    }
    return this.append(bytes, start, end);
  }

  /** Empties itself into the consumer; what that notes bears the moment at which the bytes came. */
  replay(direction: Direction, consumer: StreamConsumer, moment: Moment): Demand {
    const { bytes, length } = this;
    const now = new Moment();
    copyMoment(moment, now);
    this.clear();
    copyMoment(this.#first, moment);
    const demand = consumer.onData(direction, bytes, 0, length, this.frame);
    copyMoment(now, moment);
    return demand;
  }
}

/** Makes one moment the other, but for its interface. */
export function copyMoment(from: Moment, to: Moment): void {
  to.frame = from.frame;
  to.seconds = from.seconds;
  to.nanoseconds = from.nanoseconds;
  to.timed = from.timed;
}
