import type { Direction } from "../../stream/consumer.ts";
import type { TlsAlert, TlsFacts } from "./facts.ts";
import { Extension } from "./client-hello.ts";
import { readServerFlight } from "./inference.ts";
import { protectedRecords, recordSizes, type NotedRecord } from "./record-log.ts";
import { ContentType } from "./record.ts";
import { findLoneRequest, inferTunnel } from "./tunnel.ts";
import { judgeHandshake, type SeenHandshake } from "./verdict.ts";

/** What a decoder noted besides the facts. */
export type Notes = Pick<SeenHandshake, "alerts" | "records" | "clientEnded" | "lost" | "decrypted">;

const tls13 = 0x0304;

/**
 * Writes into the facts what follows from all that was noted so far. May be called again when more is known. `share` gives
 * one copy of equal sentences.
 */
export function conclude(facts: TlsFacts, share: (sentence: string) => string, notes: Notes): void {
  const encrypted13 = (facts.negotiatedVersion ?? 0) >= tls13;
  if (encrypted13) inferFlight(facts, notes);
  facts.applicationData = applicationData(facts, notes);
  // Written out: a spread that more fields follow costs ten times the rest.
  const { alerts, records, clientEnded, lost, decrypted } = notes;
  facts.verdict = judgeHandshake({
    alerts,
    records,
    clientEnded,
    lost,
    decrypted,
    stack: facts.hello?.stack?.name,
    helloFrame: facts.helloFrame,
    negotiatedVersion: facts.negotiatedVersion,
    cipherSuite: facts.cipherSuite,
    serverHelloFrame: facts.serverHelloFrame,
    certificatesSeen: facts.certificatesSeen,
    resumed: facts.resumed,
    earlyData: facts.hello?.earlyData === true && !facts.helloRetryRequest,
    clientCertificateRequested: facts.clientCertificateRequested,
  });
  facts.verdict = { ...facts.verdict, because: share(facts.verdict.because) };
  if (facts.inferred !== undefined) facts.inferred = { ...facts.inferred, because: share(facts.inferred.because) };
  facts.alerts = [...alerts, ...hiddenAlerts(facts, notes)];
  inferInner(facts, notes);
}

function inferFlight(facts: TlsFacts, notes: Notes): void {
  // A compressed Certificate (RFC 8879) has no size to go by.
  const compressed = facts.hello?.extensions.includes(Extension.compressCertificate) === true;
  if (facts.resumed || facts.certificatesSeen || notes.lost[1] || compressed) return;
  if (notes.decrypted?.opened[1] === true) return;
  const flight = readServerFlight(notes.records, facts.cipherSuite);
  if (flight === undefined) return;
  facts.clientCertificateRequested = flight.clientCertificateRequested;
  if (flight.certificate !== undefined) facts.inferred = flight.certificate;
}

/**
 * Refusals that are alerts as far as the lengths tell: the client's in place of its Finished, and the server's first words
 * behind the handshake where it had asked for a certificate.
 */
function hiddenAlerts(facts: TlsFacts, { records, decrypted }: Notes): TlsAlert[] {
  const { alert } = recordSizes(facts.cipherSuite);
  const { verdict } = facts;
  if (verdict.value === "rejected" && verdict.grade !== "seen") {
    if (decrypted?.opened[0] === true) return [];
    const first = protectedRecords(records, 0)[0];
    return first?.length === alert ? [{ from: "client", level: 0, frame: first.frame, grade: verdict.grade }] : [];
  }
  const { clientCertificateRequested, negotiatedVersion = 0 } = facts;
  if (!clientCertificateRequested || negotiatedVersion < tls13 || verdict.unused === true) return [];
  if (decrypted?.opened[1] === true) return [];
  const first = behindFinished(facts.cipherSuite, records, 1)[0];
  return first?.length === alert ? [{ from: "server", level: 0, frame: first.frame, grade: "inferred" }] : [];
}

function inferInner(facts: TlsFacts, notes: Notes): void {
  const { hello, negotiatedVersion, cipherSuite } = facts;
  if (hello === undefined || negotiatedVersion === undefined || cipherSuite === undefined) return;
  if (notes.lost[0] || notes.lost[1] || notes.decrypted !== undefined) return;
  const { records, clientEnded } = notes;
  const outer = { hello, negotiatedVersion, cipherSuite, records, clientEnded };
  const tunnel = inferTunnel(outer);
  if (tunnel !== undefined) facts.inferredTunnel = tunnel;
  const request = findLoneRequest(outer);
  if (request !== undefined) facts.loneRequest = request;
}

/** What was decrypted tells for its direction, lengths for the other and for what stayed closed. */
function applicationData({ negotiatedVersion = 0, cipherSuite }: TlsFacts, notes: Notes): [boolean, boolean] {
  const { records, decrypted } = notes;
  const byLength = negotiatedVersion >= tls13 ? data13(cipherSuite, records) : data12(records);
  if (decrypted === undefined) return byLength;
  const sent = ([0, 1] as const).map((side) =>
    decrypted.opened[side] && !decrypted.stopped ? decrypted.dataFrames[side] > 0 : byLength[side],
  );
  return [sent[0], sent[1]];
}

function data12(records: readonly NotedRecord[]): [boolean, boolean] {
  const sent = (direction: number): boolean =>
    records.some((record) => record.direction === direction && record.contentType === ContentType.applicationData);
  return [sent(0), sent(1)];
}

/** A server's tickets, equal in size and first, and closing alerts are not data. */
function data13(cipherSuite: number | undefined, records: readonly NotedRecord[]): [boolean, boolean] {
  const { alert } = recordSizes(cipherSuite);
  const sent = (direction: Direction): NotedRecord[] =>
    behindFinished(cipherSuite, records, direction).filter((record) => record.length !== alert);
  const server = sent(1);
  return [sent(0).length > 0, server.some((record) => record.length !== server[0].length)];
}

function behindFinished(
  cipherSuite: number | undefined,
  records: readonly NotedRecord[],
  direction: Direction,
): NotedRecord[] {
  const { finished } = recordSizes(cipherSuite);
  const sent = protectedRecords(records, direction);
  // The server's first message is EncryptedExtensions, whatever its length.
  const at = sent.findIndex((record, index) => index >= direction && finished.includes(record.length));
  return at < 0 ? [] : sent.slice(at + 1);
}
