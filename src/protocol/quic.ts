/**
 * Whether a UDP payload begins with a QUIC long header of a version in use.
 *
 * Spec: RFC 8999 §5.1, RFC 9000 §17.2, RFC 9369. Layout: form 1 bit, fixed 1 bit, type-specific 6 bits, version 4
 * bytes, destination connection id (length 1, at most 20 bytes), source connection id (the same).
 */
export function isQuicLong(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 7 || bytes[start] < 0xc0) return false;
  const version =
    ((bytes[start + 1] << 24) | (bytes[start + 2] << 16) | (bytes[start + 3] << 8) | bytes[start + 4]) >>> 0;
  if (version !== 1 && version !== quicVersion2 && version >>> 8 !== draftPrefix) return false;
  const destinationLength = bytes[start + 5];
  const sourceLengthAt = start + 6 + destinationLength;
  if (destinationLength > 20 || sourceLengthAt >= end) return false;
  const sourceLength = bytes[sourceLengthAt];
  return sourceLength <= 20 && sourceLengthAt + 1 + sourceLength <= end;
}

const quicVersion2 = 0x6b3343cf;
const draftPrefix = 0xff0000;
