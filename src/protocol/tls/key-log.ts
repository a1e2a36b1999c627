/**
 * NSS key log: one secret a line, as TLS libraries write it to SSLKEYLOGFILE and pcapng files carry it.
 *
 *   label  client random (64 hex digits)  secret (hex)          TLS 1.3 labels, and CLIENT_RANDOM with a master secret
 *   # comment
 *
 * Spec: draft-ietf-tls-keylogfile; pcapng draft §4.7.1. Ignores: secrets of exporters, QUIC and ECH, traffic secrets after a
 * key update (they follow from the first), and `RSA` lines, which name an encrypted premaster secret.
 */
import { hex } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";

/** Secrets of one connection, as far as a log has them. */
export interface ConnectionSecrets {
  /** Up to TLS 1.2. */
  master?: Uint8Array;
  clientEarly?: Uint8Array;
  clientHandshake?: Uint8Array;
  serverHandshake?: Uint8Array;
  clientTraffic?: Uint8Array;
  serverTraffic?: Uint8Array;
}

/** Where secrets came from. */
export type KeyLogOrigin = "file" | "capture";

/** One key log, read. Its secrets are never printed. */
export interface KeyLog {
  /** What the user calls it: a path, or the capture that carries it. Untrusted text. */
  readonly name: string;
  readonly origin: KeyLogOrigin;
  /** By client random in lower-case hex. */
  readonly connections: ReadonlyMap<string, ConnectionSecrets>;
  /** What of it could not be used, for people; without the lines themselves. */
  readonly complaints: readonly string[];
}

/** Reads a key log. Never fails: lines that are none are counted. */
export function parseKeyLog(name: string, bytes: Uint8Array, origin: KeyLogOrigin = "file"): KeyLog {
  const connections = new Map<string, ConnectionSecrets>();
  const counts: Record<LineKind, Tally> = { bad: noLines(), unsupported: noLines(), overflow: noLines() };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let number = 0;
  for (let start = byteOrderMark(bytes); start < text.length;) {
    const newline = text.indexOf(0x0a, start);
    const end = newline < 0 ? text.length : newline;
    number++;
    // The bytes of a line are copied out: a string cut from a longer one would keep all of it.
    const line = end - start > longestLine ? "\0" : text.toString("latin1", start, end).trim();
    const kind = line === "" || line.startsWith("#") ? undefined : readLine(line, connections);
    if (kind !== undefined) count(counts[kind], number);
    start = end + 1;
  }
  return { name, origin, connections, complaints: complaintsOf(counts) };
}

/** Secrets of connections as the text of a key log. */
export function renderKeyLog(connections: Iterable<readonly [random: string, secrets: ConnectionSecrets]>): string {
  let text = "";
  for (const [random, secrets] of connections) {
    for (const [label, place] of places) {
      const secret = secrets[place];
      if (secret !== undefined) text += `${label} ${random} ${hex(secret)}\n`;
    }
  }
  return text;
}

type LineKind = "bad" | "unsupported" | "overflow";

interface Tally {
  lines: number;
  first: number;
}

function noLines(): Tally {
  return { lines: 0, first: 0 };
}

function count(tally: Tally, line: number): void {
  if (tally.lines++ === 0) tally.first = line;
}

/** Takes the line in. Returns why not, where it could not be. */
function readLine(line: string, connections: Map<string, ConnectionSecrets>): LineKind | undefined {
  const [label, random = "", secret = "", ...more] = line.split(/[ \t]+/);
  if (label === "RSA" || label === "PMS_CLIENT_RANDOM") return "unsupported";
  if (!/^[A-Z][A-Z0-9_]+$/.test(label) || more.length > 0) return "bad";
  if (!isHex(random) || !isHex(secret)) return "bad";
  const place = places.get(label);
  if (place === undefined) return undefined;
  if (random.length !== 64 || !lengthsOf(place).includes(secret.length / 2)) return "bad";
  const key = random.toLowerCase();
  let connection = connections.get(key);
  if (connection === undefined) {
    if (connections.size >= limits.keyLogConnections) return "overflow";
    connections.set(key, (connection = {}));
  }
  connection[place] ??= Uint8Array.from(Buffer.from(secret, "hex"));
  return undefined;
}

function isHex(text: string): boolean {
  return text.length > 0 && text.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(text);
}

function lengthsOf(place: keyof ConnectionSecrets): readonly number[] {
  return place === "master" ? [48] : [32, 48];
}

function complaintsOf({ bad, unsupported, overflow }: Record<LineKind, Tally>): string[] {
  const complaints: string[] = [];
  if (bad.lines > 0) {
    complaints.push(`${lines(bad)} not as a key log has them: label, client random, secret; cut or damaged`);
  }
  if (unsupported.lines > 0) {
    complaints.push(
      `${lines(unsupported)} of a kind that is not used (RSA premaster secrets); log CLIENT_RANDOM lines`,
    );
  }
  if (overflow.lines > 0) {
    complaints.push(`${lines(overflow)} beyond the first ${limits.keyLogConnections} connections left out`);
  }
  return complaints;
}

function lines({ lines: number, first }: Tally): string {
  return number === 1 ? `line ${first} is` : `${number} lines, line ${first} first, are`;
}

function byteOrderMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

const places: ReadonlyMap<string, keyof ConnectionSecrets> = new Map([
  ["CLIENT_RANDOM", "master"],
  ["CLIENT_EARLY_TRAFFIC_SECRET", "clientEarly"],
  ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "clientHandshake"],
  ["SERVER_HANDSHAKE_TRAFFIC_SECRET", "serverHandshake"],
  ["CLIENT_TRAFFIC_SECRET_0", "clientTraffic"],
  ["SERVER_TRAFFIC_SECRET_0", "serverTraffic"],
]);

/** Characters: the longest label, 64 of the random, 96 of a secret, with room. */
const longestLine = 512;
