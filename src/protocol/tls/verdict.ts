/**
 * How the client took the server's certificate, from the records that can be seen without keys.
 *
 * Libraries differ in when they judge and in what they send then, hence the table by client stack. Go and OpenSSL verify
 * before they send Finished, GnuTLS's users (git, curl) after the whole handshake.
 */
import type { Grade } from "../../grade.ts";
import { alertText, closeNotify, fatal, refusesCertificate, userCanceled } from "./alerts.ts";
import type { ClientStack, HandshakeVerdict, TlsAlert } from "./facts.ts";
import { ContentType } from "./record.ts";
import { protectedRecords, recordSizes, type NotedRecord } from "./record-log.ts";

/** What is known of a handshake when it is judged. */
export interface SeenHandshake {
  readonly stack?: ClientStack["name"] | undefined;
  readonly helloFrame: number;
  readonly negotiatedVersion?: number | undefined;
  readonly cipherSuite?: number | undefined;
  readonly serverHelloFrame: number;
  readonly certificatesSeen: boolean;
  readonly resumed: boolean;
  readonly earlyData: boolean;
  readonly clientCertificateRequested: boolean;
  /** Absent where nothing was. */
  readonly decrypted?: DecryptedHandshake | undefined;
  /** Alerts in clear, or decrypted. */
  readonly alerts: readonly TlsAlert[];
  /** Encrypted records, in order of arrival. */
  readonly records: readonly NotedRecord[];
  /** The client ended the connection in order (FIN). */
  readonly clientEnded: boolean;
  /** Bytes of the client's, of the server's handshake are missing. */
  readonly lost: readonly [client: boolean, server: boolean];
}

/** What was decrypted of a handshake and behind it. Frames are 0 where there was nothing. */
export interface DecryptedHandshake {
  /** Whether records of the client, of the server were. */
  readonly opened: readonly [client: boolean, server: boolean];
  /** The client's Finished. */
  readonly finishedFrame: number;
  /** First application data. */
  readonly dataFrames: readonly [client: number, server: number];
  /** Records behind could not be decrypted: the log lacks a secret, or the secrets do not fit. */
  readonly stopped: boolean;
}

type StackName = ClientStack["name"];
type Closing = Pick<HandshakeVerdict, "value" | "unused"> & { readonly because: string };

/** The client finished the handshake, sent nothing, and closed with an alert (close_notify by its length). */
const closedUnused: Readonly<Record<StackName, Closing>> = {
  go: { value: "accepted", unused: true, because: "Go's spare connection: it dials several and uses one" },
  gnutls: {
    value: "rejected",
    because:
      "GnuTLS programs judge the certificate after the handshake, and git and curl never open a connection in vain",
  },
  openssl: {
    value: "undecided",
    because: "OpenSSL verified the path, but curl compares the name after the handshake and then closes like this",
  },
  browser: { value: "accepted", unused: true, because: "browsers open connections that they may not use" },
  other: { value: "undecided", because: "this client's habits are not known" },
};

/** Whether Finished alone says that the certificate was taken. */
const finishedAccepts: Readonly<Record<StackName, boolean>> = {
  go: true,
  gnutls: false,
  openssl: true,
  browser: true,
  other: false,
};

/** How the client took the certificate, by alerts where they can be read and by the lengths of records elsewhere. */
export function judgeHandshake(seen: SeenHandshake): HandshakeVerdict {
  const refusal = clientAlert(seen);
  if (refusal !== undefined) return refusal;
  if (seen.negotiatedVersion === undefined && seen.records.length === 0) return undecided(unanswered(seen));
  if (!speaksTls13(seen)) return judgeTls12(seen);
  return (seen.decrypted?.opened[0] === true ? judgeDecrypted(seen, seen.decrypted) : undefined) ?? judgeTls13(seen);
}

/** By the client's messages themselves; nothing where they do not decide. */
function judgeDecrypted(seen: SeenHandshake, decrypted: DecryptedHandshake): HandshakeVerdict | undefined {
  const { finishedFrame, dataFrames } = decrypted;
  // Early data is sent before the server has shown anything.
  const dataFrame = seen.earlyData && finishedFrame === 0 ? 0 : dataFrames[0];
  if (dataFrame > 0) {
    const shape = finishedFrame > 0 ? "client sent Finished, then application data" : "client sent application data";
    return accepted("decrypted", shape, Math.max(dataFrame, finishedFrame));
  }
  if (finishedFrame === 0) return undefined;
  const alert = seen.alerts.find((each) => each.from === "client");
  if (alert === undefined && decrypted.stopped) return undefined;
  const tail = alert?.description === undefined ? "" : `, then alert ${alertText(alert.description)} and no data`;
  return afterFinished(seen, `client sent Finished${tail}`, finishedFrame, alert?.frame, "decrypted");
}

/** Where no ServerHello was seen, encrypted handshake records show TLS 1.2: in 1.3 they look like application data. */
function speaksTls13(seen: SeenHandshake): boolean {
  if (seen.negotiatedVersion !== undefined) return seen.negotiatedVersion >= 0x0304;
  return seen.records.every((record) => record.contentType === ContentType.applicationData);
}

/** In TLS 1.3 every alert but those that close is fatal, whatever its level says: RFC 8446 §6. */
function clientAlert(seen: SeenHandshake): HandshakeVerdict | undefined {
  const alert = seen.alerts.find((each) => each.from === "client" && !closes(each.description));
  if (alert?.description === undefined) return undefined;
  if (alert.level !== fatal && (alert.grade === "seen" || !speaksTls13(seen))) return undefined;
  const name = alertText(alert.description);
  const { frame, grade } = alert;
  const serverSpoke = seen.serverHelloFrame > 0 || seen.certificatesSeen || seen.lost[1];
  const unparsed = alert.description === 50 && seen.certificatesSeen;
  if (serverSpoke && (refusesCertificate(alert.description) || unparsed)) {
    const how = grade === "seen" ? " in clear" : "";
    return { value: "rejected", grade, because: `client sent fatal alert ${name}${how}`, frame };
  }
  const because = `client gave up with alert ${name}, which does not speak of the certificate`;
  return { value: "undecided", grade, because, frame };
}

function closes(description: number | undefined): boolean {
  return description === closeNotify || description === userCanceled;
}

function unanswered(seen: SeenHandshake): string {
  const refusal = serverRefusal(seen);
  if (refusal !== undefined) return `server answered with alert ${alertText(refusal)}`;
  if (seen.lost[0] || seen.lost[1]) return "bytes of the handshake are missing from the capture";
  return seen.helloFrame > 0 ? "no ServerHello followed the ClientHello" : "no handshake was seen";
}

/** What the server's alert says, unless it closes only. */
function serverRefusal({ alerts }: SeenHandshake): number | undefined {
  return alerts.find(({ from, description }) => from === "server" && description !== closeNotify)?.description;
}

function judgeTls12(seen: SeenHandshake): HandshakeVerdict {
  const client = seen.records.filter((record) => record.direction === 0);
  const data = client.find((record) => record.contentType === ContentType.applicationData);
  if (data !== undefined) {
    return accepted("seen", `client went on with application data after ${finishedText(seen)}`, data.frame);
  }
  const finished = client.find((record) => record.contentType === ContentType.handshake);
  if (finished === undefined) {
    if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
    if (seen.serverHelloFrame === 0) return undecided(unanswered(seen));
    return undecided(`client did not answer the server's messages${endText(seen)}`);
  }
  const alert = client.find((record) => record.contentType === ContentType.alert && record !== finished);
  const shape = alert === undefined ? "" : `, then an encrypted alert (type 21, ${alert.length} bytes) and no data`;
  return afterFinished(seen, `client sent ${finishedText(seen)}${shape}`, finished.frame, alert?.frame);
}

function finishedText(seen: SeenHandshake): string {
  return seen.resumed ? "Finished of a resumed session" : "ClientKeyExchange and Finished";
}

function judgeTls13(seen: SeenHandshake): HandshakeVerdict {
  const sizes = recordSizes(seen.cipherSuite);
  const client = protectedRecords(seen.records, 0);
  if (client.length === 0) {
    if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
    if (isJoinedLate(seen)) return undecided("the beginning of the connection is not in the capture");
    return undecided(`client did not answer the server's flight${endText(seen)}`);
  }
  if (seen.lost[0] || seen.earlyData || isJoinedLate(seen)) return judgeByDataAlone(seen, client);
  const steps = seen.clientCertificateRequested || client[0].length === emptyCertificate + sizes.overhead ? 4 : 1;
  const flight = client.slice(0, steps);
  const finishedAt = flight.findIndex((record) => sizes.finished.includes(record.length));
  const refusal = flight.slice(0, finishedAt < 0 ? steps : finishedAt).find((record) => record.length === sizes.alert);
  if (refusal !== undefined) {
    const because = `client's first encrypted record has ${refusal.length} bytes: a fatal alert where Finished (${sizes.finished.join(" or ")}) would stand`;
    return { value: "rejected", grade: "inferred", because, frame: refusal.frame };
  }
  if (finishedAt < 0) return judgeByDataAlone(seen, client);
  const finished = client[finishedAt];
  const rest = client.slice(finishedAt + 1);
  const data = rest.find((record) => record.length !== sizes.alert);
  const shape = `client sent Finished (${finished.length} bytes)`;
  if (data !== undefined) {
    return accepted("inferred", `${shape}, then application data (${data.length} bytes)`, data.frame);
  }
  const alert = rest[0];
  const tail = alert === undefined ? "" : `, then an alert (${alert.length} bytes) and no data`;
  return afterFinished(seen, shape + tail, finished.frame, alert?.frame);
}

/** Neither hello was captured: the first record to be seen may be any, and the alert that closes is as long as a refusal. */
function isJoinedLate(seen: SeenHandshake): boolean {
  return seen.helloFrame === 0 && seen.serverHelloFrame === 0;
}

/** A client's Certificate message without a certificate: header 4, context length 1, list length 3. */
const emptyCertificate = 8;

/** Where the first record is missing or is early data, only an exchange of data tells. */
function judgeByDataAlone(seen: SeenHandshake, client: readonly NotedRecord[]): HandshakeVerdict {
  const first = seen.records.indexOf(client[0]);
  const answered = seen.records.slice(first).some((record) => record.direction === 1);
  if (client.length >= 3 && answered) {
    return accepted("inferred", "client and server went on exchanging encrypted records", client[2].frame);
  }
  if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
  if (isJoinedLate(seen)) return undecided("the beginning of the connection is not in the capture");
  return undecided(`client's first encrypted record (${client[0].length} bytes) is neither Finished nor an alert`);
}

/** `grade` is that of the Finished and what followed; what a client means by closing then stays inferred. */
function afterFinished(
  seen: SeenHandshake,
  shape: string,
  finishedFrame: number,
  alertFrame: number | undefined,
  grade: Grade = "inferred",
): HandshakeVerdict {
  const stack = seen.stack ?? "other";
  const refusal = serverRefusal(seen);
  if (refusal !== undefined) {
    const story = `${shape}, and the server broke off with alert ${alertText(refusal)}`;
    return finishedAccepts[stack] ? accepted(grade, story, finishedFrame) : undecided(story);
  }
  const closing = closedUnused[stack];
  const because = `${shape}; ${closing.because}`;
  if (alertFrame !== undefined) {
    const certainly = finishedAccepts[stack] ? grade : "inferred";
    const verdict = { value: closing.value, grade: certainly, because, frame: alertFrame } as const;
    return closing.unused === true ? { ...verdict, unused: true } : verdict;
  }
  if (!finishedAccepts[stack]) return undecided(`${shape} and nothing more${endText(seen)}`);
  if (!seen.clientEnded || closing.unused !== true) return accepted(grade, shape, finishedFrame);
  return { ...accepted(grade, because, finishedFrame), unused: true };
}

function endText(seen: SeenHandshake): string {
  return seen.clientEnded ? " and closed" : "";
}

function accepted(grade: Grade, because: string, frame: number): HandshakeVerdict {
  return { value: "accepted", grade, because, frame };
}

function undecided(because: string): HandshakeVerdict {
  return { value: "undecided", grade: "unknown", because };
}
