import { limits } from "../../limits.ts";
import { maximumFragment, recordHeaderLength } from "./record.ts";
import type { RecordCipher } from "./record-cipher.ts";

/** The ciphers of one direction, one an epoch. */
export interface Epochs {
  /** First epoch of application data behind the handshake. */
  readonly dataEpoch: number;
  /** Undefined where the secret is not known. Asked for the epochs in order, for one again or the next. */
  cipher(epoch: number): RecordCipher | undefined;
}

/**
 * The keys of one direction, epoch after epoch, and the place in the sequence of records.
 *
 * Records carry no number up to which they could be counted after a loss, but they authenticate with one: the next ones
 * are tried, in this epoch and at the beginning of the next.
 *
 * Invariants: `#sequence` is that of the record behind the last one opened; `#passed` records behind it are certainly
 * gone and up to `#reach` more may be; what trying costs stays proportional to the records that were opened.
 */
export class DirectionKeys {
  /** Records opened so far. */
  opened = 0;
  /** Records passed over before the last one opened, in its epoch. */
  skipped = 0;
  /** Ordinal of the epoch, from 0; -1 before the first. */
  epoch = -1;
  #epochs: Epochs = noEpochs;
  #cipher: RecordCipher | undefined;
  /** The epoch that `#next` belongs to. */
  #nextEpoch = 0;
  #next: RecordCipher | undefined;
  #sequence = 0;
  #passed = 0;
  #reach = 0;
  #trials: number = limits.sequenceTrials;

  /** Goes on to the first of these epochs. */
  begin(epochs: Epochs): void {
    this.#epochs = epochs;
    this.advance();
  }

  /** The cipher of the next epoch, where epochs do not follow from each other. */
  offer(cipher: RecordCipher): void {
    this.#next = cipher;
    this.#nextEpoch = this.epoch + 1;
  }

  /** Goes on to the next epoch. */
  advance(): void {
    const epoch = this.epoch + 1;
    const next = this.#nextEpoch === epoch ? this.#next : undefined;
    this.#enter(epoch, next ?? this.#epochs.cipher(epoch));
  }

  /** Whether no secret is known for this epoch, nor for one behind it. */
  get isBlind(): boolean {
    return this.#cipher === undefined && this.#lookAhead() === undefined;
  }

  /** Bytes that a record of this epoch has more than its content, header included. */
  get overhead(): number {
    return recordHeaderLength + (this.#cipher?.overhead ?? 0);
  }

  /** Whether nothing was passed over, and so the next record has to open. */
  get isCertain(): boolean {
    return this.#cipher !== undefined && this.#passed + this.#reach === 0;
  }

  /** Nobody knows how many records went by before the next one, nor whether that is still of the handshake. */
  joinLate(): void {
    this.#reach = limits.sequenceTrials;
    this.#trials = 4 * limits.sequenceTrials;
  }

  /** A record went by that could not be opened. */
  pass(): void {
    this.#passed++;
  }

  /** So many records were left out, and none of them is missed. */
  leaveOut(records: number): void {
    this.#sequence += records;
  }

  /** Whether records can be opened though one before them was not. */
  get areIndependent(): boolean {
    return this.#cipher !== undefined && this.#cipher.leave === undefined;
  }

  /** So many bytes of records are missing. */
  lose(bytes: number): void {
    this.#passed += Math.max(0, Math.floor(bytes / (maximumFragment + recordHeaderLength)) - 1);
    this.#reach = Math.min(limits.sequenceTrials, this.#reach + Math.ceil(bytes / leastRecord));
  }

  /** The plaintext of the next fragment; undefined when it does not authenticate as any that it may be. */
  open(contentType: number, bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const first = this.#cipher?.open(contentType, bytes, start, end, this.#sequence + this.#passed);
    const plaintext =
      first !== undefined ? this.#arrive(this.#passed, first) : this.#search({ contentType, bytes, start, end });
    this.#cipher?.leave?.(bytes, start, end);
    return plaintext;
  }

  #search(fragment: Fragment): Uint8Array | undefined {
    if (this.isCertain) return undefined;
    return this.#searchHere(fragment) ?? this.#searchNext(fragment);
  }

  #searchHere(fragment: Fragment): Uint8Array | undefined {
    const cipher = this.#cipher;
    if (cipher === undefined) return undefined;
    const named = cipher.namedSequence?.(fragment.bytes, fragment.start) ?? -1;
    if (named >= this.#sequence) {
      const plaintext = this.#try(cipher, fragment, named);
      if (plaintext !== undefined) return this.#arrive(named - this.#sequence, plaintext);
    }
    for (let skip = this.#passed + 1; skip <= this.#passed + this.#reach; skip++) {
      const plaintext = this.#try(cipher, fragment, this.#sequence + skip);
      if (plaintext !== undefined) return this.#arrive(skip, plaintext);
    }
    return undefined;
  }

  #searchNext(fragment: Fragment): Uint8Array | undefined {
    const next = this.#lookAhead();
    if (next === undefined) return undefined;
    for (let sequence = 0; sequence <= this.#passed + this.#reach; sequence++) {
      const plaintext = this.#try(next, fragment, sequence);
      if (plaintext === undefined) continue;
      this.#enter(this.#nextEpoch, next);
      return this.#arrive(sequence, plaintext);
    }
    return undefined;
  }

  #try(cipher: RecordCipher, fragment: Fragment, sequence: number): Uint8Array | undefined {
    if (this.#trials <= 0 || !Number.isSafeInteger(sequence)) return undefined;
    this.#trials--;
    return cipher.open(fragment.contentType, fragment.bytes, fragment.start, fragment.end, sequence);
  }

  #arrive(skipped: number, plaintext: Uint8Array): Uint8Array {
    this.opened++;
    this.skipped = skipped;
    this.#sequence += skipped + 1;
    this.#passed = 0;
    this.#reach = 0;
    this.#trials = Math.min(limits.sequenceTrials, this.#trials + trialsPerRecord);
    return plaintext;
  }

  #enter(epoch: number, cipher: RecordCipher | undefined): void {
    this.epoch = epoch;
    this.#cipher = cipher;
    this.#next = undefined;
    this.#sequence = 0;
  }

  /** The next epoch of which the keys are known: an epoch of the handshake may lack them. */
  #lookAhead(): RecordCipher | undefined {
    let epoch = this.epoch + 1;
    while (this.#next === undefined) {
      this.#nextEpoch = epoch;
      this.#next = this.#epochs.cipher(epoch);
      if (epoch++ >= this.#epochs.dataEpoch) break;
    }
    return this.#next;
  }
}

const noEpochs: Epochs = { dataEpoch: 0, cipher: () => undefined };

interface Fragment {
  readonly contentType: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Header and tag of a record with nothing in it. */
const leastRecord = recordHeaderLength + 16;
/** Trials that an opened record earns: loss of every tenth record stays followed. */
const trialsPerRecord = 8;
