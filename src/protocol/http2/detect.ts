/** What a client sends first, in clear and inside TLS. Spec: RFC 9113 §3.4. */
export const preface: Uint8Array = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Whether a client's first bytes are the connection preface. */
export function detectPreface(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  const length = Math.min(end - start, preface.length);
  for (let index = 0; index < length; index++) if (bytes[start + index] !== preface[index]) return "no";
  return length === preface.length ? "yes" : "more";
}

/** Whether a server's first bytes are its SETTINGS, of which at least one is there: RFC 9113 §6.5. */
export function detectSettings(bytes: Uint8Array, start: number, end: number): "yes" | "no" | "more" {
  const count = Math.min(end - start, pattern.length);
  for (let index = 0; index < count; index++) {
    const expected = pattern[index];
    if (expected >= 0 && bytes[start + index] !== expected) return "no";
  }
  if (count > lengthAt && (bytes[start + lengthAt] === 0 || bytes[start + lengthAt] % 6 !== 0)) return "no";
  if (count < pattern.length) return "more";
  const identifier = bytes[start + pattern.length - 1];
  return identifier > 0 && identifier <= largestIdentifier ? "yes" : "no";
}

/** Whether bytes in the midst of something may be a frame's beginning, of a length and type that everybody takes. */
export function detectFrame(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 9 || bytes[start] !== 0 || bytes[start + 5] >= 0x80) return false;
  const length = (bytes[start + 1] << 8) | bytes[start + 2];
  return length <= 16_384 && bytes[start + 3] <= 9;
}

const any = -1;
/** Length below 256, type 4, no flags, stream 0, and the identifier of the first setting. */
const pattern = [0, 0, any, 4, 0, 0, 0, 0, 0, 0, any];
const lengthAt = 2;
/** SETTINGS_NO_RFC7540_PRIORITIES of RFC 9218 is the last one registered by 2025 besides a private one. */
const largestIdentifier = 9;
