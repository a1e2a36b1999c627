/*
 * Checksums of headers whose bytes were replaced. Spec: RFC 1071, RFC 1624: the new checksum follows from the old one and
 * from what changed, so that what was right stays right though bytes behind were cut, and what a network card was to fill
 * in stays as wrong as it was.
 */

/**
 * What replacing bytes adds to a sum of 16-bit words: `changed` has the range `start` to `end` of `original`, which
 * begins `shift` bytes later there. The word at `except` of `changed` is left out: the checksum itself.
 */
export function sumOfChanges(
  original: Uint8Array,
  changed: Uint8Array,
  { start, end, shift, except = -2 }: { start: number; end: number; shift: number; except?: number },
): number {
  let sum = 0;
  for (let at = start; at < end; at++) {
    const difference = changed[at] - original[at + shift];
    if (difference !== 0 && at !== except && at !== except + 1)
      sum += ((at - start) & 1) === 0 ? difference << 8 : difference;
  }
  return sum;
}

/** Adds changes to the checksum at that offset. */
export function adjustChecksum(bytes: Uint8Array, at: number, changes: number): void {
  if (changes === 0) return;
  const before = (bytes[at] << 8) | bytes[at + 1];
  const sum = (((~before & 0xffff) + changes) % 0xffff) + 0xffff;
  const after = ~(sum % 0xffff) & 0xffff;
  bytes[at] = after >> 8;
  bytes[at + 1] = after & 0xff;
}
