import { addressText } from "../bytes/text.ts";
import { parseAddress } from "../gomod/ip-address.ts";
import type { AddressMap } from "./address-map.ts";
import type { Edit } from "./edits.ts";

/** Bytes of a stream that others stand for; credentials are overwritten with the same letter. */
export interface Replacement {
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array | undefined;
}

/** The letter that stands for each of a credential. */
export const overwritten = 0x78;

/**
 * What is written instead of what the survey found. Throws: AddressesExhausted.
 *
 * `isKnown` tells, by its canonical text, whether the capture has packets to or from an address, or a DNS answer with it;
 * without a map addresses stay.
 */
export function replacementsOf(
  edits: readonly Edit[],
  addresses: AddressMap | undefined,
  isKnown: (address: string) => boolean,
): Replacement[] {
  const replacements: Replacement[] = [];
  let end = 0;
  for (const { at, length, what } of edits) {
    if (what.kind === "credential") {
      // A line may be found to hold two things at one place; replacements stand side by side.
      const start = Math.max(at, end);
      if (at + length > start) replacements.push({ at: start, length: at + length - start, bytes: undefined });
      end = Math.max(end, at + length);
    } else if (addresses === undefined || at < end) continue;
    else if (what.kind === "address") {
      const bytes = what.bytes.slice();
      addresses.replace(bytes, 0, length === 4 ? 4 : 16);
      replacements.push({ at, length, bytes });
      end = at + length;
    } else {
      const canonical = canonicalText(what.text);
      if (canonical === undefined || !(what.certain || isKnown(canonical))) continue;
      const text = addresses.textFor(what.text);
      if (text === undefined) continue;
      replacements.push({ at, length, bytes: encoder.encode(text) });
      end = at + length;
    }
  }
  return replacements;
}

/** An address literal as reports write it; undefined for anything else. */
export function canonicalText(text: string): string | undefined {
  const address = parseAddress(text);
  return address && addressText(Uint8Array.from(address), 0, address.length === 4 ? 4 : 16);
}

const encoder = new TextEncoder();
