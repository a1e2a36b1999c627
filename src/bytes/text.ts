const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal, two digits a byte, nothing between. */
export function hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at++) text += hexPairs[bytes[at]];
  return text;
}

/** A code point of a registry as the specifications write it: `0x1301`. */
export function hexCode(value: number, digits = 4): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** One character a byte (ISO 8859-1). Never fails; control bytes are kept, so the text is untrusted. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** UTF-8, with U+FFFD for what is not. The text is untrusted. */
export function utf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** An IPv4 (4 bytes) or IPv6 (16 bytes) address in its canonical text. Spec: RFC 5952 for IPv6. */
export function addressText(bytes: Uint8Array, start: number, length: 4 | 16): string {
  if (length === 4) return `${bytes[start]}.${bytes[start + 1]}.${bytes[start + 2]}.${bytes[start + 3]}`;
  const groups: number[] = [];
  for (let at = start; at < start + 16; at += 2) groups.push((bytes[at] << 8) | bytes[at + 1]);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${addressText(bytes, start + 12, 4)}`;
  }
  const [zerosAt, zeros] = longestZeroRun(groups);
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(":");
  if (zeros < 2) return text(groups);
  return `${text(groups.slice(0, zerosAt))}::${text(groups.slice(zerosAt + zeros))}`;
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best[1]) best = [start, end - start];
    if (end > start) start = end;
  }
  return best;
}

/** `host:port`, with an IPv6 address in brackets; `port` may be a word that stands for one. Spec: RFC 3986 §3.2.2. */
export function hostPort(host: string, port: number | "PORT"): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The words between white space, as Go's strings.Fields has them: unlike `\s` of JavaScript, Go counts U+0085 as white
 * space, and the byte order mark as a letter.
 */
export function fieldsOf(text: string): string[] {
  return text.split(/(?:[^\S\ufeff]|\u0085)+/).filter((field) => field !== "");
}

/** `1 flow`, `3 flows`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
