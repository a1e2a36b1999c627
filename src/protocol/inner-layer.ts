/*
 * Invariant: `#skips[d]` is set once the consumer wants no more of a direction; it hears nothing of that direction
 * afterwards but its end.
 */
import { Demand, type Direction, type EndReason, type Moment, type StreamConsumer } from "../stream/consumer.ts";
import type { HeldBytes } from "./held.ts";

/** Hands bytes on to what is inside a layer, and remembers which direction that wants no more of. */
export class InnerLayer implements StreamConsumer {
  readonly #consumer: StreamConsumer;
  readonly #moment: Moment;
  readonly #skips: [boolean, boolean] = [false, false];

  constructor(consumer: StreamConsumer, moment: Moment) {
    this.#consumer = consumer;
    this.#moment = moment;
  }

  /** What the consumer answered last in this direction. */
  demand(direction: Direction): Demand {
    return this.#skips[direction] ? Demand.Skip : Demand.More;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (this.#skips[direction]) return Demand.Skip;
    return this.#note(direction, this.#consumer.onData(direction, bytes, start, end, frame));
  }

  onGap(direction: Direction, length: number): Demand {
    if (this.#skips[direction]) return Demand.Skip;
    return this.#note(direction, this.#consumer.onGap(direction, length));
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#consumer.onEnd(direction, reason);
  }

  /** Gives what came of a direction before the layer was open: `missing` bytes lost, then what was held. */
  begin(direction: Direction, missing: number, held: HeldBytes): void {
    if (missing > 0) this.onGap(direction, missing);
    if (held.length === 0 || this.#skips[direction]) return;
    this.#note(direction, held.replay(direction, this.#consumer, this.#moment));
  }

  /** Tells the ends of the directions that were over before the layer was open. */
  tellEnds(reasons: readonly (EndReason | undefined)[]): void {
    reasons.forEach((reason, direction) => {
      if (reason !== undefined) this.onEnd(direction as Direction, reason);
    });
  }

  /** Hands on no more of a direction whose bytes can no longer be told apart. */
  skip(direction: Direction): void {
    this.#skips[direction] = true;
  }

  #note(direction: Direction, demand: Demand): Demand {
    if (demand === Demand.Skip) this.#skips[direction] = true;
    return demand;
  }
}
