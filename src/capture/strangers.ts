import { latin1, utf8 } from "../bytes/text.ts";

/*
 * Files that are no capture that can be read here: what they look like, and what to do. Magics of capture formats as
 * in Wireshark's wiretap, of others as in file(1).
 */

interface Stranger {
  readonly looksLike: string;
  readonly remedy: string;
}

const convert = "convert it: editcap -F pcapng IN OUT.pcapng";
const unpack = (command: string): string => `decompress it first: ${command}`;

const byMagic: readonly (readonly [magic: string, looksLike: string, remedy: string])[] = [
  ["snoop\0\0\0", "a snoop capture (Solaris)", convert],
  ["TRSNIFF data    \x1a", "a Network General Sniffer capture", convert],
  ["XCP\0", "a NetXRay capture", convert],
  ["GMBU", "a Microsoft Network Monitor capture", convert],
  ["RTSS", "a Microsoft Network Monitor 1.x capture", convert],
  ["iptrace ", "an iptrace capture (AIX)", convert],
  ["\x7fver", "a Peek capture (LiveAction, Savvius)", convert],
  ["PK\x03\x04", "a zip archive", "unpack it and give the capture inside"],
  ["\xfd7zXZ\0", "an xz file", unpack("xz -d")],
  ["BZh", "a bzip2 file", unpack("bzip2 -d")],
  ["7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give the capture inside"],
  ["Rar!", "a RAR archive", "unpack it and give the capture inside"],
  ["\x7fELF", "a program", "give a capture file"],
  ["SQLite format 3\0", "an SQLite database", "give a capture file"],
  ["%PDF-", "a PDF document", "give a capture file"],
  ["version https://git-lfs", "a Git LFS pointer", "fetch the file itself: git lfs pull"],
  ["-----BEGIN CERTIFICATE", "a PEM file of certificates", "give a capture file"],
];

const byText: readonly (readonly [pattern: RegExp, looksLike: string, remedy: string])[] = [
  [/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY/, "a private key", "give a capture file"],
  [/^-----BEGIN /, "a PEM file", "give a capture file"],
  [
    /^\s*<(!doctype html|html)\b/i,
    "an HTML page",
    "the download gave a page instead of the capture; fetch the file itself",
  ],
  [/^\s*<\?xml\b|^\s*<pdml\b/i, "an XML text", "save the packets themselves as pcapng"],
  [
    /^(#.*\n)*(CLIENT_RANDOM|SERVER_HANDSHAKE_TRAFFIC_SECRET|CLIENT_HANDSHAKE_TRAFFIC_SECRET) /,
    "a TLS key log",
    "give the capture here, and the key log as a key log",
  ],
  [
    /^(tcpdump: |reading from file|(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3,9} \S)/,
    "what tcpdump prints, a text log",
    "record the packets themselves: tcpdump -w FILE",
  ],
  [
    /^\s*\d+ +\d+\.\d+ +\S+ +(→|->) /,
    "what tshark prints, a text log",
    "record the packets themselves: tshark -w FILE",
  ],
  [/^\s*[{[]/, "JSON", "give the capture that it was made from"],
];

/** Says what a file's first bytes look like, and what to do. */
export function describeStranger(bytes: Uint8Array): string {
  const { looksLike, remedy } = strangerOf(bytes);
  return `this is not a capture in pcap or pcapng format; it looks like ${looksLike}: ${remedy}`;
}

/** What the first bytes of a file that is no capture look like: `a text file`. */
export function looksLike(bytes: Uint8Array): string {
  return strangerOf(bytes).looksLike;
}

function strangerOf(bytes: Uint8Array): Stranger {
  const head = latin1(bytes, 0, Math.min(bytes.length, 512));
  return knownMagic(head) ?? lanalyzer(bytes) ?? erf(bytes) ?? text(bytes, head) ?? unknown;
}

const unknown: Stranger = {
  looksLike: "nothing that is known here",
  remedy: "if Wireshark opens it, save it there as pcapng, or run editcap -F pcapng IN OUT.pcapng",
};

function knownMagic(head: string): Stranger | undefined {
  const found = byMagic.find(([magic]) => head.startsWith(magic));
  if (found !== undefined) return { looksLike: found[1], remedy: found[2] };
  if (head.startsWith("ustar", 257))
    return { looksLike: "a tar archive", remedy: "unpack it and give the capture inside" };
  return undefined;
}

function text(bytes: Uint8Array, head: string): Stranger | undefined {
  const plain = head.startsWith("\xff\xfe") ? head.slice(2).replaceAll("\0", "") : utf8(bytes, 0, head.length);
  // The last character may be cut.
  if (Array.from(plain.slice(0, -1)).some(isBinary)) return undefined;
  const found = byText.find(([pattern]) => pattern.test(plain.replace(/^\ufeff/, "")));
  if (found !== undefined) return { looksLike: found[1], remedy: found[2] };
  return { looksLike: "a text file", remedy: "give a capture file" };
}

/** Control characters that no text has, and what is not UTF-8; tab, line ends and escape sequences are met. */
function isBinary(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x09 || (code > 0x0d && code < 0x1b) || code === 0xfffd;
}

/** Records of type 2 and length 2, little-endian: a trace header, regular or cyclic, first. */
function lanalyzer(bytes: Uint8Array): Stranger | undefined {
  if (bytes.length < 8 || bytes[1] !== 0x10 || (bytes[0] !== 0x01 && bytes[0] !== 0x07)) return undefined;
  const length = bytes[2] | (bytes[3] << 8);
  const next = 4 + length;
  if (next + 2 <= bytes.length && bytes[next + 1] !== 0x10) return undefined;
  return { looksLike: "a LANalyzer capture", remedy: convert };
}

/** Records of timestamp 8, type 1, flags 1, record length 2 (big-endian), loss 2, wire length 2: no magic, so a chain. */
function erf(bytes: Uint8Array): Stranger | undefined {
  let at = 0;
  let records = 0;
  while (at + 16 <= bytes.length && records < 8) {
    const type = bytes[at + 8] & 0x7f;
    const length = (bytes[at + 10] << 8) | bytes[at + 11];
    if (type === 0 || type > 48 || length < 16) return undefined;
    at += length;
    records++;
  }
  return records > 1 && at <= bytes.length + 0xffff
    ? { looksLike: "an ERF capture (Endace)", remedy: convert }
    : undefined;
}
