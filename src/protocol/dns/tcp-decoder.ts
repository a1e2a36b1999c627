/*
 * DNS over TCP. Spec: RFC 1035 §4.2.2, RFC 7766.
 *
 *   length   2   of the message
 *   message  length
 */
import { Accumulator } from "../../bytes/accumulator.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { limits } from "../../limits.ts";
import { Demand, type Direction } from "../../stream/consumer.ts";
import type { Decoder, DecoderContext, NamedFacts } from "../layer.ts";
import type { DnsPath } from "./log.ts";
import { isPlausibleDns, isPlausibleHeader } from "./message.ts";

/**
 * Cuts both directions into messages for the log of the capture.
 *
 * Invariant: `#held[d]` is empty or begins with a length prefix whose message is not complete.
 */
export class DnsTcpDecoder implements Decoder {
  readonly facts: NamedFacts;
  readonly #context: DecoderContext;
  readonly #held = [new Accumulator(limits.dnsMessage + 2), new Accumulator(limits.dnsMessage + 2)] as const;
  #opaque = false;

  constructor(context: DecoderContext) {
    this.#context = context;
    this.facts = { layer: "named", protocol: "dns", frame: context.moment.frame };
  }

  onData(direction: Direction, bytes: Uint8Array, start: number, end: number): Demand {
    if (this.#opaque) return Demand.Skip;
    try {
      this.#cut(direction, bytes, start, end);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#giveUp();
      this.#context.problem("dns", "malformed", `message over TCP: ${error.message}`, error.offset);
    }
    return this.#opaque ? Demand.Skip : Demand.More;
  }

  onGap(direction: Direction, length: number): Demand {
    if (!this.#opaque) {
      const from = direction === 0 ? "client" : "server";
      this.#context.problem("dns", "bytes-lost", `${length} bytes from the ${from} are missing between DNS messages`);
      this.#giveUp();
    }
    return Demand.Skip;
  }

  onEnd(direction: Direction): void {
    this.#held[direction].clear();
  }

  #cut(direction: Direction, bytes: Uint8Array, start: number, end: number): void {
    const held = this.#held[direction];
    let at = start;
    while (at < end) {
      if (held.length === 0 && end - at >= 2) {
        const messageEnd = at + 2 + ((bytes[at] << 8) | bytes[at + 1]);
        if (messageEnd <= end) {
          this.#message(direction, bytes, at + 2, messageEnd);
          at = messageEnd;
          continue;
        }
      }
      const wanted = held.length < 2 ? 2 : 2 + ((held.bytes[0] << 8) | held.bytes[1]);
      const taken = Math.min(end - at, wanted - held.length);
      held.append(bytes, at, at + taken);
      at += taken;
      if (held.length < 2 || held.length < 2 + ((held.bytes[0] << 8) | held.bytes[1])) continue;
      this.#message(direction, held.bytes, 2, held.length);
      held.clear();
    }
  }

  #message(direction: Direction, bytes: Uint8Array, start: number, end: number): void {
    const { clientAddress, clientPort, serverAddress, serverPort } = this.#context.endpoints;
    const path: DnsPath =
      direction === 0
        ? {
            source: clientAddress,
            sourcePort: clientPort,
            destination: serverAddress,
            destinationPort: serverPort,
            transport: "tcp",
          }
        : {
            source: serverAddress,
            sourcePort: serverPort,
            destination: clientAddress,
            destinationPort: clientPort,
            transport: "tcp",
          };
    this.#context.dns.message(bytes, start, end, path, this.#context.moment);
  }

  #giveUp(): void {
    this.#opaque = true;
    this.#held[0].clear();
    this.#held[1].clear();
  }
}

/**
 * Whether a stream begins with a DNS message. On port 53 its header suffices; elsewhere the whole of a message of
 * ordinary size must be plausible.
 */
export function detectDnsTcp(bytes: Uint8Array, start: number, end: number, serverPort: number): "yes" | "no" | "more" {
  const available = end - start;
  if (available < 2) return available === 1 && serverPort !== 53 && bytes[start] > 1 ? "no" : "more";
  const length = (bytes[start] << 8) | bytes[start + 1];
  if (length < 17 || (serverPort !== 53 && length > 512)) return "no";
  if (available < 14) return "more";
  if (!isPlausibleHeader(bytes, start + 2)) return "no";
  if (serverPort === 53) return "yes";
  if (available < 2 + length) return "more";
  return isPlausibleDns(bytes, start + 2, start + 2 + length) ? "yes" : "no";
}
