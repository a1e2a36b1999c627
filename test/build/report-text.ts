/** The whole text of a report, from its pieces. */
export function wholeText(pieces: Iterable<string | Uint8Array>): string {
  const bytes: Buffer[] = [];
  for (const piece of pieces) bytes.push(Buffer.from(piece));
  return Buffer.concat(bytes).toString();
}
