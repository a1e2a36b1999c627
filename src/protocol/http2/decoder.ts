/*
 * Invariants: a direction is read until it is opaque, and never again; `#tunnelled` is the first CONNECT stream, whose
 * content is held until it is granted and goes to `#inner` afterwards.
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import type { ProblemCode } from "../../problem.ts";
import { Demand, type Direction, type EndReason } from "../../stream/consumer.ts";
import type { HttpExchange } from "../exchange.ts";
import type { Stamp } from "../exchange-notes.ts";
import { HeldBytes } from "../held.ts";
import { InnerLayer } from "../inner-layer.ts";
import type { Decoder, DecoderContext } from "../layer.ts";
import type { Http2Facts } from "./facts.ts";
import type { FieldSection } from "./field-section.ts";
import { Side, type SideListener } from "./side.ts";
import { Streams, type Stream } from "./streams.ts";

const sides = ["client", "server"] as const;

/**
 * HTTP/2: requests and answers of one connection, and the first tunnel in it if there is one.
 *
 * Spec: RFC 9113. A connection joined in its midst is read if it begins with a frame; its fields that refer to earlier
 * ones are unknown, never guessed. Ignores: flow control, priorities, PING and extensions; the content of tunnels but
 * the first.
 */
export class Http2Decoder implements Decoder, SideListener {
  readonly facts: Http2Facts = {
    layer: "http2",
    exchanges: [],
    goAways: [],
  };
  readonly #context: DecoderContext;
  readonly #sides = [new Side(0, this), new Side(1, this)] as const;
  readonly #streams: Streams;
  readonly #opaque = [false, false];
  readonly #ended = [false, false];
  #tunnelled: Stream | undefined;
  readonly #tunnelEnds: [EndReason | undefined, EndReason | undefined] = [undefined, undefined];
  readonly #held = new HeldBytes(limits.tunnelHeld);
  #inner: InnerLayer | undefined;

  /** `asked`: the request of HTTP/1 that was upgraded, which is answered here. */
  constructor(context: DecoderContext, asked?: HttpExchange) {
    this.#context = context;
    this.#streams = new Streams(context, this.facts);
    if (asked !== undefined) this.#streams.upgraded(asked);
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (this.#opaque[direction]) return Demand.Skip;
    try {
      this.#sides[direction].read(bytes, start, end, frame, this.#context.moment);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      const code = error.code === "too-large" ? "message-too-large" : "malformed";
      this.#giveUp(direction, code, `${sides[direction]}: ${error.message}`);
    }
    return this.#opaque[direction] ? Demand.Skip : Demand.More;
  }

  onGap(direction: Direction, length: number): Demand {
    if (this.#opaque[direction]) return Demand.Skip;
    if (this.#sides[direction].skipMissing(length)) return Demand.More;
    this.#giveUp(direction, "bytes-lost", `${length} bytes from the ${sides[direction]} are missing between frames`);
    return Demand.Skip;
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#ended[direction] = true;
    this.#endTunnel(direction, reason);
    this.#sides[direction].clear();
    if (direction === 1) this.#streams.abandonAnswers();
    if (this.#ended[0] && this.#ended[1]) this.#streams.close();
  }

  onLateStart(direction: Direction): void {
    if (direction === 0) this.#streams.requestsLost = true;
    const detail = `the beginning from the ${sides[direction]} is missing: fields that refer to it are unknown`;
    this.#context.problem("http2", "bytes-lost", detail);
  }

  onSection(direction: Direction, id: number, promised: number, section: FieldSection, at: Stamp): void {
    if (promised > 0) this.#streams.promise(promised, section, at);
    else if (direction === 0) this.#request(id, section, at);
    else this.#answer(id, section, at);
  }

  onContent(direction: Direction, id: number, bytes: Uint8Array, start: number, end: number): void {
    const stream = this.#streams.takes(direction, id, end - start);
    if (stream === undefined) return;
    if (stream === this.#tunnelled) this.#tunnel(direction, bytes, start, end);
    if (direction === 0) stream.exchange.requestBytes += end - start;
    else stream.content?.take(bytes, start, end);
  }

  onContentLost(direction: Direction, id: number, length: number): void {
    const stream = this.#streams.takes(direction, id, length);
    if (stream === undefined) return;
    if (stream === this.#tunnelled) this.#inner?.onGap(direction, length);
    if (direction === 0) stream.exchange.requestBytes += length;
    else stream.content?.lose(length);
  }

  onStreamEnd(direction: Direction, id: number): void {
    const stream = this.#streams.at(id);
    if (stream === undefined) return;
    if (stream === this.#tunnelled) this.#endTunnel(direction, "fin");
    this.#streams.end(stream, direction, this.#sides[direction].frame);
  }

  onReset(direction: Direction, id: number, code: number): void {
    if (this.#tunnelled?.id === id) {
      this.#endTunnel(0, "reset");
      this.#endTunnel(1, "reset");
    }
    this.#streams.reset(id, direction, code, this.#sides[direction].frame);
  }

  onSettings(direction: Direction, tableSize: number, frameSize: number): void {
    const own = this.#sides[direction];
    const other = this.#sides[1 - direction];
    // What came before a late start may have said more.
    if (own.late) return;
    other.hpack.allow(tableSize);
    other.largestFrame = Math.max(own.settingsSeen ? other.largestFrame : 0, frameSize);
    own.settingsSeen = true;
  }

  onGoAway(direction: Direction, lastStream: number, code: number): void {
    const { goAways } = this.facts;
    if (goAways.length >= limits.goAways) return;
    goAways.push({ from: sides[direction], lastStream, code, frame: this.#sides[direction].frame });
  }

  #request(id: number, section: FieldSection, at: Stamp): void {
    const stream = this.#streams.request(id, section, at);
    if (stream === undefined) return;
    const connects = stream.exchange.form === "authority";
    this.#context.stage(connects ? "proxy" : "http");
    if (connects) this.#tunnelled ??= stream;
  }

  #answer(id: number, section: FieldSection, at: Stamp): void {
    const stream = this.#streams.answer(id, section, at);
    if (stream === undefined) return;
    const { status, form } = stream.exchange;
    const granted = form === "authority" && status !== undefined && status >= 200 && status < 300;
    this.#streams.takeContent(stream, !granted);
    if (stream !== this.#tunnelled) return;
    if (granted) this.#openTunnel();
    else this.#tunnelled = undefined;
  }

  #openTunnel(): void {
    const inner = new InnerLayer(this.#context.openInner(), this.#context.moment);
    this.#inner = inner;
    inner.begin(0, 0, this.#held);
    inner.tellEnds(this.#tunnelEnds);
  }

  #endTunnel(direction: Direction, reason: EndReason): void {
    if (this.#tunnelEnds[direction] !== undefined) return;
    this.#tunnelEnds[direction] = reason;
    this.#inner?.onEnd(direction, reason);
  }

  #tunnel(direction: Direction, bytes: Uint8Array, start: number, end: number): void {
    const { frame } = this.#sides[direction];
    if (this.#inner !== undefined) this.#inner.onData(direction, bytes, start, end, frame);
    else if (direction === 0 && !this.#held.hold(bytes, start, end, frame, this.#context.moment)) {
      this.#tunnelled = undefined;
      this.#held.clear();
    }
  }

  #giveUp(direction: Direction, code: ProblemCode, detail: string): void {
    this.#opaque[direction] = true;
    this.#sides[direction].clear();
    if (direction === 1) this.#streams.abandonAnswers();
    else this.#streams.requestsLost = true;
    this.#inner?.skip(direction);
    this.#context.problem("http2", code, detail);
  }
}
