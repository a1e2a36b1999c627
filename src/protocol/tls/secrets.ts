import { hex } from "../../bytes/text.ts";
import { maximumFragment } from "./record.ts";
import { limits } from "../../limits.ts";
import type { ConnectionSecrets, KeyLog } from "./key-log.ts";

/** The secrets of one connection over all key logs. */
export interface FoundSecrets {
  readonly secrets: ConnectionSecrets;
  /** Ordinals of the logs that have some of them. */
  readonly sources: number[];
}

/**
 * The secrets that a pass over a capture may use, by client random.
 *
 * Invariants: a secret that several logs have is the first one's; entries grow when a log is added, so a connection
 * that asks again sees what came in the meantime; `#held` counts what `hold` took and `release` has not given back.
 */
export class TlsSecrets {
  readonly logs: KeyLog[] = [];
  readonly #connections = new Map<string, FoundSecrets>();
  /** First eight bytes of the randoms: all that facts keep. */
  readonly #prefixes = new Set<string>();
  readonly #buffers: Uint8Array[] = [];
  #lent = 0;
  #held = 0;

  constructor(logs: readonly KeyLog[] = []) {
    for (const log of logs) this.add(log);
  }

  add(log: KeyLog): void {
    const ordinal = this.logs.push(log) - 1;
    for (const [random, secrets] of log.connections) {
      let found = this.#connections.get(random);
      if (found === undefined) this.#connections.set(random, (found = { secrets: {}, sources: [] }));
      found.sources.push(ordinal);
      Object.assign(found.secrets, { ...secrets, ...found.secrets });
      this.#prefixes.add(random.slice(0, 16));
    }
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Of a connection by the 32 bytes of its ClientHello random. */
  find(bytes: Uint8Array, start: number): FoundSecrets | undefined {
    return this.#connections.get(hex(bytes, start, start + 32));
  }

  /** Whether some secret belongs to a connection whose random begins like this. */
  covers(randomHigh: number, randomLow: number): boolean {
    return this.#prefixes.has(randomPrefix(randomHigh, randomLow));
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
}

/** Eight bytes, given as two int32, in hex. */
function randomPrefix(high: number, low: number): string {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
