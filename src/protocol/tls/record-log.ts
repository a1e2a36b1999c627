import { limits } from "../../limits.ts";
import type { Direction } from "../../stream/consumer.ts";
import { ContentType } from "./record.ts";

/** An encrypted record: what of it is visible. */
export interface NotedRecord {
  readonly direction: Direction;
  readonly contentType: number;
  /** Bytes of the fragment, the record header not counted. */
  readonly length: number;
  readonly frame: number;
}

/**
 * The first encrypted records of both directions, in order of arrival.
 *
 * Invariant: at most `limits.recordLengths` a direction; a record takes two numbers while the connection lives, what it
 * is and its frame.
 */
export class RecordLog {
  readonly counts: [number, number] = [0, 0];
  readonly #noted: number[] = [];

  note(direction: Direction, contentType: number, length: number, frame: number): void {
    if (this.counts[direction] >= limits.recordLengths) return;
    this.counts[direction]++;
    this.#noted.push((direction << 24) | (contentType << 16) | length, frame);
  }

  records(): NotedRecord[] {
    const records: NotedRecord[] = [];
    for (let at = 0; at < this.#noted.length; at += 2) {
      const code = this.#noted[at];
      const direction = code >> 24 === 0 ? 0 : 1;
      const frame = this.#noted[at + 1];
      records.push({ direction, contentType: (code >> 16) & 0xff, length: code & 0xffff, frame });
    }
    return records;
  }
}

/** What a cipher suite of TLS 1.3 adds to a message, and the records that are known by their length. */
export interface RecordSizes {
  /** Inner content type and tag. */
  readonly overhead: number;
  /** A Finished message alone in a record: one length a hash. */
  readonly finished: readonly number[];
  /** An alert alone in a record. */
  readonly alert: number;
}

const hash256Suites: ReadonlySet<number> = new Set([0x1301, 0x1303, 0x1304, 0x1305]);
const ccm8 = 0x1305;
const aes256Gcm = 0x1302;

/** Spec: RFC 8446 §4.4.4, §5.2. Both hashes where the suite is not known. */
export function recordSizes(cipherSuite: number | undefined): RecordSizes {
  const overhead = 1 + (cipherSuite === ccm8 ? 8 : 16);
  const sha256 = 4 + 32 + overhead;
  const sha384 = 4 + 48 + overhead;
  const finished =
    cipherSuite === aes256Gcm
      ? [sha384]
      : cipherSuite !== undefined && hash256Suites.has(cipherSuite)
        ? [sha256]
        : [sha256, sha384];
  return { overhead, finished, alert: 2 + overhead };
}

/** Protected records of TLS 1.3: everything after ServerHello carries this type. */
export function protectedRecords(records: readonly NotedRecord[], direction: Direction): NotedRecord[] {
  return records.filter(
    (record) => record.direction === direction && record.contentType === ContentType.applicationData,
  );
}
