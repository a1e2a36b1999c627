import { hex } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
import type { TlsFacts } from "./facts.ts";
import type { ConnectionSecrets, KeyLog, KeyLogOrigin } from "./key-log.ts";
import { maximumFragment } from "./record.ts";

/** The secrets of one connection over all key logs. */
export interface FoundSecrets {
  /** The client random that they belong to, in hex. */
  readonly random: string;
  readonly secrets: ConnectionSecrets;
  /** Ordinals of the sources that have some of them. */
  readonly sources: number[];
  /** A connection of the capture has this random. */
  used: boolean;
}

/** One place that secrets came from. */
export interface SecretsSource {
  readonly name: string;
  readonly origin: KeyLogOrigin;
  /** Connections that it has secrets of. */
  connections: number;
  /** What of it could not be used, for people; without the secrets themselves. */
  readonly complaints: string[];
}

/**
 * The secrets that a pass over a capture may use, by client random.
 *
 * Invariants: a secret that several logs have is the first one's; entries grow when a log is added, so a connection
 * that asks again sees what came in the meantime; `#held` counts what `hold` took and `release` has not given back.
 */
export class TlsSecrets {
  readonly sources: SecretsSource[] = [];
  readonly #connections = new Map<string, FoundSecrets>();
  /** By the first eight bytes of the random, all that facts keep: the frame behind which the last secret came. */
  readonly #lastCame = new Map<string, number>();
  readonly #buffers: Uint8Array[] = [];
  #lent = 0;
  #held = 0;
  /** Connections of the logs that were not seen yet, once somebody asked for them. */
  #unseen: Set<FoundSecrets> | undefined;
  #trials: number = limits.secretTrials;

  constructor(logs: readonly KeyLog[] = []) {
    for (const log of logs) this.add(log);
  }

  /** The capture is read once more: no connection of it has been seen. */
  beginAgain(): void {
    for (const found of this.#connections.values()) found.used = false;
    this.#unseen = undefined;
    this.#trials = limits.secretTrials;
  }

  /** `afterFrame` is the frame that was read before, where the log came with the capture. */
  add(log: KeyLog, afterFrame = -1): void {
    const ordinal = this.#sourceOf(log);
    const source = this.sources[ordinal];
    source.complaints.push(...log.complaints);
    for (const [random, secrets] of log.connections) {
      let found = this.#connections.get(random);
      if (found === undefined) {
        found = { random, secrets: {}, sources: [], used: false };
        this.#connections.set(random, found);
        this.#unseen?.add(found);
      }
      if (!found.sources.includes(ordinal)) {
        found.sources.push(ordinal);
        source.connections++;
      }
      Object.assign(found.secrets, { ...secrets, ...found.secrets });
      this.#lastCame.set(random.slice(0, 16), afterFrame);
    }
  }

  /** Connections that there are secrets of. */
  get size(): number {
    return this.#connections.size;
  }

  /** How many of them belong to no connection that was seen; over all sources, and of one. */
  unused(source?: number): number {
    let count = 0;
    for (const { used, sources } of this.#connections.values()) {
      if (!used && (source === undefined || sources.includes(source))) count++;
    }
    return count;
  }

  /** Those of connections that were seen, by client random in hex. */
  *inUse(): Iterable<readonly [random: string, secrets: ConnectionSecrets]> {
    for (const [random, { used, secrets }] of this.#connections) if (used) yield [random, secrets];
  }

  /** Of a connection by the 32 bytes of its ClientHello random. */
  find(bytes: Uint8Array, start: number): FoundSecrets | undefined {
    const found = this.#connections.get(hex(bytes, start, start + 32));
    if (found !== undefined) this.#use(found);
    return found;
  }

  /**
   * Of a connection whose ClientHello is missing: the first that fit, of those that no other connection has. `cost`: how
   * many trials one of them takes.
   */
  tryUnseen(fit: (secrets: ConnectionSecrets, random: string) => boolean, cost = 1): FoundSecrets | undefined {
    this.#unseen ??= new Set([...this.#connections.values()].filter(({ used }) => !used));
    for (const found of this.#unseen) {
      if (this.#trials < cost) return undefined;
      this.#trials -= cost;
      if (!fit(found.secrets, found.random)) continue;
      this.#use(found);
      return found;
    }
    return undefined;
  }

  /** Whether secrets came behind the connection's hello that it could not be decrypted without. */
  cameLateFor({ randomHigh, randomLow, helloFrame, keys, decryptionStopped }: TlsFacts): boolean {
    if (keys !== undefined && decryptionStopped !== true) return false;
    return (this.#lastCame.get(randomPrefix(randomHigh, randomLow)) ?? -1) >= helloFrame;
  }

  /** Whether secrets came behind packets that belong to no connection that was seen: to one without hello, perhaps. */
  get anyCameUnused(): boolean {
    return [...this.#connections.values()].some(
      ({ used, random }) => !used && (this.#lastCame.get(random.slice(0, 16)) ?? -1) > 0,
    );
  }

  /** Room for a record that arrives in pieces; undefined when too many are open. To be given back. */
  takeBuffer(): Uint8Array | undefined {
    const buffer = this.#buffers.pop();
    if (buffer !== undefined || this.#lent >= limits.openRecords) return buffer;
    this.#lent++;
    return new Uint8Array(maximumFragment);
  }

  giveBuffer(buffer: Uint8Array): void {
    this.#buffers.push(buffer);
  }

  /** Asks to keep so many bytes until they can be decrypted. */
  hold(bytes: number): boolean {
    if (this.#held + bytes > limits.heldRecordsTotal) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }

  #use(found: FoundSecrets): void {
    found.used = true;
    this.#unseen?.delete(found);
  }

  /** The blocks of one capture are one source. */
  #sourceOf({ name, origin }: KeyLog): number {
    const known = this.sources.findIndex(
      (source) => origin === "capture" && source.origin === origin && source.name === name,
    );
    return known >= 0 ? known : this.sources.push({ name, origin, connections: 0, complaints: [] }) - 1;
  }
}

/** The beginning of a random in hex: eight bytes, given as two int32. */
export function randomPrefix(high: number, low: number): string {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
