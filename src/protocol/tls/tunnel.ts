/**
 * A CONNECT inside TLS to a proxy, told without keys from the lengths of the outer records.
 *
 *   client   request       61 + 2L                  Go's CONNECT, L = length of "host:port"
 *                          + 29 + base64            with Proxy-Authorization: Basic
 *   server   reply         19 or more               "HTTP/1.1 200 OK", commonly 39
 *   client   hello         5 + ClientHello          the outer hello's size but for the server name
 *   server   flight
 *   client   answer        CCS 6 + 5 + 53, 69, 19   TLS 1.3: Finished, or an alert
 *                          7                        TLS 1.2: an alert in clear
 *
 * Each plus the overhead of the outer record. Go writes what belongs together in one record; a proxy relays in chunks.
 * A proxy that refuses answers the request, and no hello follows.
 */
import type { ClientHelloFacts, HandshakeVerdict, InferredCertificate, InferredTunnel, LoneRequest } from "./facts.ts";
import { certificateWithin } from "./inference.ts";
import { cipherSuiteName } from "./names.ts";
import { ContentType, recordHeaderLength } from "./record.ts";
import { protectedRecords, recordSizes, type NotedRecord } from "./record-log.ts";

/** `CONNECT  HTTP/1.1`, `Host: `, `User-Agent: Go-http-client/1.1` and the line ends. */
const requestFrame = 61;
/** `Proxy-Authorization: Basic ` and the line end; base64 comes in fours. */
const credentialsFrame = 29;
const shortestReply = 19;
/** `1.1.1.1:1` */
const shortestTarget = 9;
const shortestWithCredentials = requestFrame + 2 * shortestTarget + credentialsFrame + 4;
const alertBytes = 2;
/** Extension header 4, list length 2, name type 1, name length 2. */
const serverNameFrame = 9;
const longestHost = 253;
const changeCipherSpecRecord = 6;
const clearAlertRecord = 7;
const defaultPort = ":443".length;

/** What is known of the outer connection. */
export interface OuterConnection {
  readonly hello: ClientHelloFacts;
  readonly negotiatedVersion: number;
  readonly cipherSuite: number;
  readonly records: readonly NotedRecord[];
  readonly clientEnded: boolean;
}

/** Nothing where the lengths do not force a tunnel. Ignores: clients other than Go, CBC suites on the outside. */
export function inferTunnel(outer: OuterConnection): InferredTunnel | undefined {
  const overhead = outerOverhead(outer);
  if (overhead === undefined) return undefined;
  const { records } = outer;
  const client = applicationRecords(outer);
  if (client.length < 2) return undefined;
  const [request, hello] = client;
  const between = serverBetween(records, request, hello);
  const helloBytes = hello.length - overhead - recordHeaderLength;
  const target = targetOf(request.length - overhead, helloBytes - outer.hello.length, outer.hello.serverName);
  if (target === undefined || !between.some((record) => record.length >= shortestReply + overhead)) return undefined;
  const answer = client[2];
  const verdict = answer && judgeInner(client.slice(2), overhead, outer.clientEnded);
  const certificate =
    answer && innerCertificate(outer, serverBetween(records, hello, answer), answer.length - overhead, overhead);
  const reply = between[between.length - 1].length;
  return {
    targetLength: target.length,
    helloBytes,
    because:
      `after Finished: request ${request.length} = ${requestFrame} + 2 × ${target.length}${target.credentials} + ${overhead} overhead, ` +
      `reply ${reply}, then ${hello.length} = a ClientHello of ${helloBytes} bytes + ${recordHeaderLength} + ${overhead}`,
    ...(verdict !== undefined && { verdict }),
    ...(certificate !== undefined && { certificate }),
  };
}

/** Ignores: clients other than Go, CBC suites, requests that do not come in one record. */
export function findLoneRequest(outer: OuterConnection): LoneRequest | undefined {
  const overhead = outerOverhead(outer);
  if (overhead === undefined) return undefined;
  const [request, ...more] = applicationRecords(outer);
  if (request === undefined || more.some(({ length }) => length !== alertBytes + overhead)) return undefined;
  const bytes = request.length - overhead;
  const plain = connectTargetLength(bytes);
  if (plain === undefined ? bytes < shortestWithCredentials : plain < shortestTarget) return undefined;
  const { records } = outer;
  const behind = protectedRecords(records.slice(records.indexOf(request)), 1);
  const said = behind.filter(({ length }) => length !== alertBytes + overhead);
  const answers = outer.negotiatedVersion < 0x0304 ? said : said.slice(ticketsAhead(said));
  const answerFrame = answers.at(-1)?.frame;
  const closed =
    more.length > 0 ||
    records.some(({ direction, contentType }) => direction === 0 && contentType === ContentType.alert);
  return {
    bytes,
    frame: request.frame,
    answers: answers.map(({ length }) => length - overhead),
    ...(answerFrame !== undefined && { answerFrame }),
    closed,
  };
}

/** A server's tickets come first and are of one size; one alone cannot be told from an answer. */
function ticketsAhead(records: readonly NotedRecord[]): number {
  const other = records.findIndex(({ length }) => length !== records[0].length);
  const alike = other < 0 ? records.length : other;
  return alike > 1 ? alike : 0;
}

/** Length of `host:port` in a CONNECT of this size; undefined where it has credentials, whose length nobody knows. */
export function connectTargetLength(request: number): number | undefined {
  const length = (request - requestFrame) / 2;
  return Number.isInteger(length) ? length : undefined;
}

/** Undefined for what cannot be told apart: other clients than Go, and suites that pad. */
function outerOverhead(outer: OuterConnection): number | undefined {
  if (outer.hello.stack?.name !== "go") return undefined;
  if (outer.negotiatedVersion >= 0x0304) return recordSizes(outer.cipherSuite).overhead;
  const suite = cipherSuiteName(outer.cipherSuite);
  if (suite.includes("CHACHA20_POLY1305")) return 16;
  if (/_CCM_8$/.test(suite)) return 16;
  return /_(GCM|CCM)(_|$)/.test(suite) ? 24 : undefined;
}

/** The client's records after its Finished. */
function applicationRecords(outer: OuterConnection): NotedRecord[] {
  const client = protectedRecords(outer.records, 0);
  if (outer.negotiatedVersion < 0x0304) return client;
  const { finished } = recordSizes(outer.cipherSuite);
  const at = client.slice(0, 4).findIndex((record) => finished.includes(record.length));
  return at < 0 ? [] : client.slice(at + 1);
}

function serverBetween(records: readonly NotedRecord[], from: NotedRecord, to: NotedRecord): NotedRecord[] {
  return protectedRecords(records.slice(records.indexOf(from), records.indexOf(to)), 1);
}

interface TargetLength {
  readonly length: number;
  readonly credentials: string;
}

/** The two hellos of one process differ by their server names alone: that gives the host, the request the rest. */
function targetOf(request: number, growth: number, outerName = ""): TargetLength | undefined {
  const host = outerName.length + growth;
  const plain = (request - requestFrame) / 2;
  // No server name is sent for an address; the longest is an IPv6 one.
  if (outerName !== "" && growth === -(serverNameFrame + outerName.length)) {
    return Number.isInteger(plain) && plain >= shortestTarget && plain <= 53
      ? { length: plain, credentials: "" }
      : undefined;
  }
  if (host < 1 || host > longestHost) return undefined;
  // ":1" to ":65535".
  if (Number.isInteger(plain) && plain >= host + 2 && plain <= host + 6) return { length: plain, credentials: "" };
  const length = host + defaultPort;
  const credentials = request - requestFrame - 2 * length;
  const base64 = credentials - credentialsFrame;
  if (base64 < 4 || base64 % 4 !== 0 || base64 > 1024) return undefined;
  return { length, credentials: ` + ${credentials} of credentials` };
}

/** By the rules for Go, each length with the outer overhead and the inner record's header. */
function judgeInner(answer: readonly NotedRecord[], overhead: number, ended: boolean): HandshakeVerdict | undefined {
  const first = answer[0].length - overhead;
  const { frame } = answer[0];
  if (isTls13Alert(first) || first === clearAlertRecord) {
    const because = `inside the tunnel the client answered with ${first} bytes, an alert where its Finished would stand`;
    return { value: "rejected", grade: "inferred", because, frame };
  }
  const finished = finishedBytes.has(first) || first >= smallestTls12Answer;
  if (!finished) return undefined;
  const data = answer.slice(1).find((record) => !closingBytes.has(record.length - overhead));
  const because = `inside the tunnel the client answered with ${first} bytes, Finished`;
  if (data !== undefined) {
    return { value: "accepted", grade: "inferred", because: `${because}, then data`, frame: data.frame };
  }
  if (answer.length === 1 && !ended) return { value: "accepted", grade: "inferred", because, frame };
  return { value: "accepted", unused: true, grade: "inferred", because: `${because}, then closed without data`, frame };
}

/** TLS 1.3: ChangeCipherSpec and Finished in one write. */
const finishedBytes: ReadonlySet<number> = new Set([53, 69].map((size) => changeCipherSpecRecord + 5 + size));
/** TLS 1.2: ClientKeyExchange 5 + 37, ChangeCipherSpec 6, Finished 5 + 32 at the least. */
const smallestTls12Answer = 85;
/** close_notify: inner of TLS 1.3, of 1.2 with AES-GCM and with ChaCha20; outer of 1.3, which looks like data. */
const closingBytes: ReadonlySet<number> = new Set([5 + 19, 5 + 26, 5 + 18, 2]);

function isTls13Alert(length: number): boolean {
  return length === changeCipherSpecRecord + 5 + 19;
}

/** Of the inner server's records only the sum is known: what is not the Certificate and its proof is taken off. */
function innerCertificate(
  outer: OuterConnection,
  flight: readonly NotedRecord[],
  answer: number,
  overhead: number,
): InferredCertificate | undefined {
  if (!finishedBytes.has(answer) && !isTls13Alert(answer)) return undefined;
  const total = flight.reduce((sum, record) => sum + record.length - overhead, 0);
  const hybrid = outer.hello.keyShares.includes(x25519Mlkem768) ? hybridShare : 0;
  return certificateWithin(
    [total - restOfFlight[1] - hybrid, total - restOfFlight[0]],
    `${total} bytes from the inner ServerHello to Finished`,
  );
}

/**
 * ServerHello with an x25519 or P-256 share 5 + 90–155; ChangeCipherSpec 0 or 6; EncryptedExtensions 6–40; Finished 36–52;
 * and 22 of header and overhead for each of one to four records.
 */
const restOfFlight = [95 + 6 + 36 + 22, 160 + 6 + 40 + 52 + 88] as const;
const x25519Mlkem768 = 4588;
/** What an X25519MLKEM768 share of a server has more than an x25519 one. */
const hybridShare = 1088;
