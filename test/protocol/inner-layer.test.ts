import { describe, expect, it } from "vitest";
import { HeldBytes } from "../../src/protocol/held.ts";
import { InnerLayer } from "../../src/protocol/inner-layer.ts";
import { Demand, Moment, type Direction, type StreamConsumer } from "../../src/stream/consumer.ts";
import { asBytes } from "../build/dialogue.ts";

/** Writes down what it hears, and wants no more of the direction in which it heard `enough`. */
class Listener implements StreamConsumer {
  readonly heard: string[] = [];
  readonly #enough: string;

  constructor(enough = "") {
    this.#enough = enough;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    return this.#hear(`${direction} ${Buffer.from(bytes.slice(start, end)).toString()} in ${frame}`);
  }

  onGap(direction: Direction, length: number): Demand {
    return this.#hear(`${direction} lost ${length}`);
  }

  onEnd(direction: Direction, reason: string): void {
    this.#hear(`${direction} ${reason}`);
  }

  #hear(what: string): Demand {
    this.heard.push(what);
    return what === this.#enough ? Demand.Skip : Demand.More;
  }
}

function held(text: string, frame: number): HeldBytes {
  const bytes = new HeldBytes(100);
  bytes.hold(asBytes(text), 0, text.length, frame, new Moment());
  return bytes;
}

const give = (inner: InnerLayer, direction: Direction, text: string): Demand =>
  inner.onData(direction, asBytes(text), 0, text.length, 9);

describe("an inner layer", () => {
  it("hears what was missing and held before what comes, then the ends", () => {
    const listener = new Listener();
    const inner = new InnerLayer(listener, new Moment());
    inner.begin(0, 3, held("abc", 2));
    inner.begin(1, 0, new HeldBytes(1));
    give(inner, 0, "de");
    inner.tellEnds([undefined, "fin"]);
    expect(listener.heard).toEqual(["0 lost 3", "0 abc in 2", "0 de in 9", "1 fin"]);
  });

  it.each([
    ["lost bytes", "0 lost 3", ["0 lost 3"]],
    ["what was held", "0 abc in 2", ["0 lost 3", "0 abc in 2"]],
  ])("hears nothing more of a direction after %s that it had enough of", (_, enough, heard) => {
    const listener = new Listener(enough);
    const inner = new InnerLayer(listener, new Moment());
    inner.begin(0, 3, held("abc", 2));
    expect([give(inner, 0, "de"), inner.onGap(0, 1), inner.demand(0)]).toEqual([Demand.Skip, Demand.Skip, Demand.Skip]);
    expect(give(inner, 1, "x")).toBe(Demand.More);
    expect(listener.heard).toEqual([...heard, "1 x in 9"]);
  });

  it("is spared a direction that its outer layer lost", () => {
    const listener = new Listener();
    const inner = new InnerLayer(listener, new Moment());
    inner.skip(1);
    give(inner, 1, "x");
    inner.onEnd(1, "reset");
    expect(listener.heard).toEqual(["1 reset"]);
  });
});
