import { limits } from "../limits.ts";
import type { ProblemCode, ProblemLayer } from "../problem.ts";
import { Demand, type Direction, type EndReason, type Moment, type StreamConsumer } from "../stream/consumer.ts";
import { portsTell } from "../stream/orientation.ts";
import type { ContentWatch, CountedBytes } from "./content.ts";
import type { Protocol } from "./detect.ts";
import { Detector, type DetectorHost } from "./detector.ts";
import type { DnsLog } from "./dns/log.ts";
import { DnsTcpDecoder } from "./dns/tcp-decoder.ts";
import type { HttpExchange } from "./exchange.ts";
import { Http1Decoder } from "./http1/decoder.ts";
import { Http2Decoder } from "./http2/decoder.ts";
import type { Decoder, DecoderContext, Endpoints, LayerFacts, NamedProtocol, Stage } from "./layer.ts";
import { InnerLayer } from "./inner-layer.ts";
import { leftAlone, StartTlsWatch } from "./named.ts";
import { SocksDecoder } from "./socks/decoder.ts";
import type { CertificateStore } from "./tls/certificate-store.ts";
import type { ClientHelloStore } from "./tls/client-hello-store.ts";
import { TlsDecoder } from "./tls/decoder.ts";
import { BehindSsl2Hello } from "./tls/ssl2-hello.ts";
import type { TlsSecrets } from "./tls/secrets.ts";

/** What a flow gives to its stack; the stack adds the nesting. */
export type FlowContext = Omit<DecoderContext, "openInner" | "openLate" | "endpoints">;

/** The connection as the stream layer knows it when its first payload comes. */
export interface StackConnection extends Endpoints {
  /** Some SYN was captured, so client and server are not guessed. */
  readonly synSeen: boolean;
  /** Both SYNs were: no message before the first one is missing unnoticed. */
  readonly beginningSeen: boolean;
}

/**
 * The protocols of one connection, nested as they open: told by bytes, never by port alone.
 *
 * Invariants: `layers` has one entry a decoder opened, outermost first, and never more than limits.layers; every
 * direction given to a decoder is the true one, `swapped` or not.
 */
export class ProtocolStack implements StreamConsumer, DecoderContext {
  layers: readonly LayerFacts[] = [];
  readonly context: FlowContext;
  /** The connection was joined late, and its bytes say that the other side is the client. */
  swapped = false;
  readonly moment: Moment;
  readonly certificates: CertificateStore;
  readonly hellos: ClientHelloStore;
  readonly secrets: TlsSecrets | undefined;
  readonly content: ContentWatch | undefined;
  readonly counted: CountedBytes | undefined;
  readonly dns: DnsLog;
  readonly #connection: StackConnection;
  readonly #outermost: Detector;
  /** So many layers have the one inside which may have been joined in its midst. */
  #layersBeforeLate: number | undefined;

  constructor(context: FlowContext, connection: StackConnection) {
    this.context = context;
    this.moment = context.moment;
    this.certificates = context.certificates;
    this.hellos = context.hellos;
    this.content = context.content;
    this.counted = context.counted;
    this.secrets = context.secrets;
    this.dns = context.dns;
    this.#connection = connection;
    if (!connection.beginningSeen) this.#layersBeforeLate = 0;
    this.#outermost = new Detector(new Opening(this, !connection.synSeen, !connection.synSeen));
  }

  /** Between whom the flow runs, the client being the one that speaks as such. */
  get endpoints(): Endpoints {
    const { clientAddress, clientPort, serverAddress, serverPort } = this.#connection;
    if (!this.swapped) return { clientAddress, clientPort, serverAddress, serverPort };
    return {
      clientAddress: serverAddress,
      clientPort: serverPort,
      serverAddress: clientAddress,
      serverPort: clientPort,
    };
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    if (bytes === this.moment.slimmed) return this.#onSlimmed(direction, bytes, start, end, frame);
    return this.#outermost.onData(this.#true(direction), bytes, start, end, frame);
  }

  /** Bytes that slimming left out are missing for the protocols, not for TCP. */
  #onSlimmed(direction: Direction, bytes: Uint8Array, start: number, end: number, frame: number): Demand {
    const kept = Math.max(start, Math.min(end, this.moment.leftOutFrom));
    let demand: Demand = Demand.More;
    if (kept > start) demand = this.#outermost.onData(this.#true(direction), bytes, start, kept, frame);
    return demand === Demand.More && kept < end ? this.onGap(direction, end - kept) : demand;
  }

  onGap(direction: Direction, length: number): Demand {
    return this.#outermost.onGap(this.#true(direction), length);
  }

  onEnd(direction: Direction, reason: EndReason): void {
    this.#outermost.onEnd(this.#true(direction), reason);
  }

  problem(layer: ProblemLayer, code: ProblemCode, detail: string, offset?: number): void {
    this.context.problem(layer, code, detail, offset);
  }

  stage(stage: Stage): void {
    this.context.stage(stage);
  }

  openInner(named?: NamedProtocol | "http2", asked?: HttpExchange): StreamConsumer {
    if (named === undefined) return new Detector(new Opening(this));
    return this.open(named, this.moment.frame, asked);
  }

  openLate(): StreamConsumer {
    this.#layersBeforeLate = this.layers.length;
    return new Detector(new Opening(this, true));
  }

  /** Opens the protocol as the next layer. */
  open(protocol: Protocol, frame: number, asked?: HttpExchange): StreamConsumer {
    if (this.layers.length >= limits.layers) {
      this.problem(
        "flow",
        "limit",
        `more than ${limits.layers} protocols inside each other: the innermost is left alone`,
      );
      return leftAlone;
    }
    switch (protocol) {
      case "tls":
        return this.#decoder(new TlsDecoder(this));
      case "ssl2-hello":
        return new BehindSsl2Hello(this.#decoder(new TlsDecoder(this)));
      case "http1":
        return this.#decoder(new Http1Decoder(this, { joinedLate: this.layers.length === this.#layersBeforeLate }));
      case "http-tunnel":
        return this.#decoder(new Http1Decoder(this, { connectMissed: true }));
      case "http2":
        return this.#decoder(new Http2Decoder(this, asked));
      case "socks":
        return this.#decoder(new SocksDecoder(this));
      case "dns-tcp":
        return this.#decoder(new DnsTcpDecoder(this));
      default:
        return this.#named(protocol, frame);
    }
  }

  #decoder(decoder: Decoder): Decoder {
    this.#addLayer(decoder.facts);
    return decoder;
  }

  #named(protocol: NamedProtocol, frame: number): StreamConsumer {
    this.#addLayer({ layer: "named", protocol, frame });
    if (protocol !== "smtp" && protocol !== "imap" && protocol !== "pop3" && protocol !== "ftp") return leftAlone;
    return new StartTlsWatch({
      commanded: () => this.#addLayer({ layer: "named", protocol: "starttls", frame: this.moment.frame }),
      open: () => new InnerLayer(this.openInner(), this.moment),
    });
  }

  /** A new list: one that grows has room for sixteen more, where most connections have one layer. */
  #addLayer(facts: LayerFacts): void {
    this.layers = this.layers.concat(facts);
  }

  #true(direction: Direction): Direction {
    return this.swapped ? ((1 - direction) as Direction) : direction;
  }
}

/** One place where a protocol is to be told: the connection itself, or the inside of a layer. */
class Opening implements DetectorHost {
  readonly joinedLate: boolean;
  readonly reversible: boolean;
  readonly #stack: ProtocolStack;

  constructor(stack: ProtocolStack, joinedLate = false, reversible = false) {
    this.#stack = stack;
    this.joinedLate = joinedLate;
    this.reversible = reversible;
  }

  get moment(): Moment {
    return this.#stack.moment;
  }

  get serverPort(): number {
    return this.#stack.endpoints.serverPort;
  }

  get portsTell(): boolean {
    const { clientPort, serverPort } = this.#stack.endpoints;
    return portsTell(clientPort, serverPort);
  }

  swap(): void {
    this.#stack.swapped = !this.#stack.swapped;
  }

  open(protocol: Protocol, frame: number): StreamConsumer {
    return this.#stack.open(protocol, frame);
  }
}
