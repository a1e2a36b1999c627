import { Demand, type Direction, type EndReason, type StreamConsumer } from "../../stream/consumer.ts";
import { InnerLayer } from "../inner-layer.ts";
import type { DecoderContext } from "../layer.ts";
import type { TlsFacts } from "./facts.ts";

/**
 * Hands decrypted application data on to the layer inside.
 *
 * Invariant: the layer opens with the first byte of either direction; what was lost or over before is told it then.
 */
export class ApplicationData {
  /** Frame of the first data of each direction; 0 before. */
  readonly frames: [number, number] = [0, 0];
  readonly #context: DecoderContext;
  readonly #facts: TlsFacts;
  #inner: InnerLayer | undefined;
  readonly #gaps: [number, number] = [0, 0];
  readonly #ended: [EndReason | undefined, EndReason | undefined] = [undefined, undefined];
  /** Nothing of the client's is decrypted. */
  clientIsHidden = false;

  constructor(context: DecoderContext, facts: TlsFacts) {
    this.#context = context;
    this.#facts = facts;
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): void {
    if (start === end) return;
    if (this.frames[direction] === 0) this.frames[direction] = frame;
    this.#inner ??= this.#open();
    this.#inner.onData(direction, bytes, start, end, frame);
  }

  onGap(direction: Direction, length: number): void {
    if (this.#inner === undefined) this.#gaps[direction] += length;
    else this.#inner.onGap(direction, length);
  }

  onEnd(direction: Direction, reason: EndReason): void {
    if (this.#inner === undefined) this.#ended[direction] = reason;
    else this.#inner.onEnd(direction, reason);
  }

  demand(direction: Direction): Demand {
    return this.#inner?.demand(direction) ?? Demand.More;
  }

  /** Bytes tell what they are by their beginning; where that is lost, what was agreed on tells, as far as it was seen. */
  #open(): InnerLayer {
    const inner = new InnerLayer(this.#consumer(), this.#context.moment);
    this.#gaps.forEach((gap, direction) => {
      if (gap > 0) inner.onGap(direction as Direction, gap);
    });
    inner.tellEnds(this.#ended);
    return inner;
  }

  #consumer(): StreamConsumer {
    const { alpn, keys } = this.#facts;
    if (keys?.tried === "both") return this.#context.openLate();
    const lost = this.clientIsHidden || this.#gaps[0] > 0;
    return this.#context.openInner(lost && alpn === "h2" ? "http2" : undefined);
  }
}
