import type { Frame } from "./frame.ts";

/*
 * pcapng timestamps: 64 bits, high word first, counting units of 10^-n or 2^-n seconds since the epoch.
 *
 * Doubles are exact below 2^53, so 64-bit values are divided and multiplied by limbs of 16 and 32 bits; every
 * intermediate below stays under 2^47. `floor(floor(x / a) / b) = floor(x / (a * b))` lets a division go in steps.
 */

const twoTo16 = 0x1_0000;
const twoTo32 = 0x1_0000_0000;
const billion = 1e9;

/**
 * Turns timestamps of one interface into seconds and nanoseconds.
 *
 * Spec: draft-ietf-opsawg-pcapng §4.2, if_tsresol and if_tsoffset. Shape: finer resolutions are cut to nanoseconds;
 * seconds are exact up to 2^53.
 */
export class TimestampScale {
  /** if_tsresol: the exponent n, and whether its base is 2. */
  readonly #exponent: number;
  readonly #binary: boolean;
  readonly #offsetSeconds: number;
  /** Decimal: units per second, at most 10^9, and nanoseconds per unit. */
  readonly #perSecond: number;
  readonly #unitNanoseconds: number;

  constructor(resolution = 6, offsetSeconds = 0) {
    this.#binary = (resolution & 0x80) !== 0;
    this.#exponent = resolution & 0x7f;
    this.#offsetSeconds = offsetSeconds;
    this.#perSecond = 10 ** Math.min(this.#exponent, 9);
    this.#unitNanoseconds = billion / this.#perSecond;
  }

  /** Sets the time of a frame. Cost: three divisions for the decimal resolutions in use. */
  apply(high: number, low: number, frame: Frame): void {
    if (this.#binary) this.#applyBinary(high, low, frame);
    else if (this.#exponent <= 9) this.#applyDecimal(high, low, frame);
    else this.#applyFine(high, low, frame);
    frame.seconds += this.#offsetSeconds;
  }

  #applyDecimal(high: number, low: number, frame: Frame): void {
    const divisor = this.#perSecond;
    const highQuotient = Math.floor(high / divisor);
    const upper = (high - highQuotient * divisor) * twoTo16 + (low >>> 16);
    const upperQuotient = Math.floor(upper / divisor);
    const lower = (upper - upperQuotient * divisor) * twoTo16 + (low & 0xffff);
    const lowerQuotient = Math.floor(lower / divisor);
    frame.seconds = highQuotient * twoTo32 + upperQuotient * twoTo16 + lowerQuotient;
    frame.nanoseconds = (lower - lowerQuotient * divisor) * this.#unitNanoseconds;
  }

  /** Finer than nanoseconds: first divides the count down to nanoseconds. */
  #applyFine(high: number, low: number, frame: Frame): void {
    let quotientHigh = high;
    let quotientLow = low;
    for (let digits = this.#exponent - 9; digits > 0; digits -= 9) {
      const divisor = 10 ** Math.min(digits, 9);
      const highQuotient = Math.floor(quotientHigh / divisor);
      const upper = (quotientHigh - highQuotient * divisor) * twoTo16 + (quotientLow >>> 16);
      const upperQuotient = Math.floor(upper / divisor);
      const lower = (upper - upperQuotient * divisor) * twoTo16 + (quotientLow & 0xffff);
      quotientHigh = highQuotient;
      quotientLow = upperQuotient * twoTo16 + Math.floor(lower / divisor);
    }
    this.#applyDecimal(quotientHigh, quotientLow, frame);
  }

  #applyBinary(high: number, low: number, frame: Frame): void {
    const exponent = this.#exponent;
    if (exponent >= 64) {
      frame.seconds = 0;
      frame.nanoseconds = Math.floor(fractionNanoseconds(high, low) / 2 ** (exponent - 64));
    } else if (exponent > 32) {
      const shift = 64 - exponent;
      frame.seconds = high >>> (exponent - 32);
      frame.nanoseconds = fractionNanoseconds(((high << shift) | (low >>> (32 - shift))) >>> 0, (low << shift) >>> 0);
    } else {
      const whole = 2 ** exponent;
      const fraction = low % whole;
      frame.seconds = high * 2 ** (32 - exponent) + (low - fraction) / whole;
      frame.nanoseconds = fractionNanoseconds(fraction * 2 ** (32 - exponent), 0);
    }
  }
}

/** Nanoseconds in a fraction of a second given as 64 binary places. */
function fractionNanoseconds(high: number, low: number): number {
  let carry = Math.floor(((low & 0xffff) * billion) / twoTo16);
  carry = Math.floor(((low >>> 16) * billion + carry) / twoTo16);
  carry = Math.floor(((high & 0xffff) * billion + carry) / twoTo16);
  return Math.floor(((high >>> 16) * billion + carry) / twoTo16);
}
