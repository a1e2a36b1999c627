/**
 * What the lengths of a TLS 1.3 server's encrypted records say of its certificates.
 *
 *   EncryptedExtensions    6 + …        extensions, list length 2
 *   CertificateRequest     7 + …        only where the server asks for a client certificate
 *   Certificate            8 + Σ (DER + 5)
 *   CertificateVerify      8 + signature
 *   Finished               36 or 52     SHA-256, SHA-384
 *
 * Each message, header included, plus the overhead of its record. OpenSSL, Go, Node and GnuTLS write a record a message:
 * then the Certificate message's size is forced. Others pack the flight: then only the sum is known.
 */
import type { InferredCertificate } from "./facts.ts";
import { protectedRecords, recordSizes, type NotedRecord, type RecordSizes } from "./record-log.ts";

/** A leaf key by the sizes of a CertificateVerify message: header 4, algorithm 2, length 2, signature. */
interface KeyHypothesis {
  readonly key: string;
  readonly verify: readonly [number, number];
  /** Smallest DER of a certificate with such a key: key, signature of the smallest kind, names, dates, extensions. */
  readonly smallest: number;
}

/** ECDSA signatures are DER: two integers, each a byte longer or shorter by chance. */
const keyHypotheses: readonly KeyHypothesis[] = [
  { key: "RSA-2048", verify: [264, 264], smallest: 600 },
  { key: "RSA-3072", verify: [392, 392], smallest: 730 },
  { key: "RSA-4096", verify: [520, 520], smallest: 860 },
  { key: "P-256", verify: [76, 80], smallest: 380 },
  { key: "P-384", verify: [108, 112], smallest: 410 },
  { key: "P-521", verify: [142, 147], smallest: 450 },
  { key: "Ed25519", verify: [72, 72], smallest: 330 },
  { key: "Ed448", verify: [122, 122], smallest: 400 },
  { key: "ML-DSA-44", verify: [2428, 2428], smallest: 1700 },
  { key: "ML-DSA-65", verify: [3317, 3317], smallest: 2300 },
  { key: "ML-DSA-87", verify: [4635, 4635], smallest: 2900 },
];

/** Bytes of a Certificate message besides its entries: header 4, context length 1, list length 3. */
const certificateFrame = 8;
/** Bytes of an entry besides the DER: length 3, extensions length 2. */
const entryFrame = 5;
/** Smallest plausible CA certificate: P-256 key and signature, short names. */
const smallestAuthority = 380;
/** Largest plausible certificate: some hundred names, embedded SCTs. */
const largestCertificate = 6144;
const fullFragment = 16_384;
/** EncryptedExtensions: empty, and with every answer that a server is known to give. */
const extensionsRange = [6, 160] as const;

/** The server's encrypted flight as its records show it. */
export interface ServerFlight {
  readonly clientCertificateRequested: boolean;
  readonly certificate?: InferredCertificate;
  /** Frame of the flight's Finished; 0 where none was told apart. */
  readonly finishedFrame: number;
}

/** The flight of a full handshake; nothing where it did not come to its end. */
export function readServerFlight(
  records: readonly NotedRecord[],
  cipherSuite: number | undefined,
): ServerFlight | undefined {
  const sizes = recordSizes(cipherSuite);
  return separateMessages(protectedRecords(records, 1), sizes) ?? packedMessages(records, sizes);
}

function separateMessages(server: readonly NotedRecord[], sizes: RecordSizes): ServerFlight | undefined {
  for (let at = 3; at < server.length; at++) {
    const key = keyOf(server[at - 1].length - sizes.overhead);
    if (key === undefined || !sizes.finished.includes(server[at].length)) continue;
    const middle = server.slice(1, at - 1);
    const requested = middle.length > 1 && middle[0].length !== fullFragment + sizes.overhead;
    const parts = requested ? middle.slice(1) : middle;
    if (!isOneMessage(parts, sizes)) continue;
    return {
      clientCertificateRequested: requested,
      certificate: exactCertificate(server[0], parts, key, server[at], sizes),
      finishedFrame: server[at].frame,
    };
  }
  return undefined;
}

/** A message longer than a record fills all its records but the last. */
function isOneMessage(parts: readonly NotedRecord[], sizes: RecordSizes): boolean {
  const full = fullFragment + sizes.overhead;
  return parts.every((part, index) => index === parts.length - 1 || part.length === full);
}

function keyOf(verify: number): KeyHypothesis | undefined {
  return keyHypotheses.find((hypothesis) => hypothesis.verify[0] <= verify && verify <= hypothesis.verify[1]);
}

function exactCertificate(
  extensions: NotedRecord,
  parts: readonly NotedRecord[],
  key: KeyHypothesis,
  finished: NotedRecord,
  sizes: RecordSizes,
): InferredCertificate {
  const overhead = parts.length * sizes.overhead;
  const records = parts.reduce((sum, part) => sum + part.length, 0);
  const certificateBytes = records - overhead;
  const list = certificateBytes - certificateFrame;
  const verify = `CertificateVerify fits a leaf key ${key.key}`;
  const because =
    `one message a record (EncryptedExtensions ${extensions.length}, Finished ${finished.length}): ` +
    `${parts.map((part) => part.length).join(" + ")} = ${overhead} overhead + ${certificateFrame} header + ${list} bytes of ` +
    `certificate list, each certificate DER + ${entryFrame}, OCSP and SCTs if any included; ${verify}`;
  return {
    certificateBytes,
    certificates: certificatesIn(list, list, key.smallest),
    leafKey: key.key,
    grade: "exact",
    because,
  };
}

/** How many certificates a list of so many bytes can hold: a range, because sizes differ. */
export function certificatesIn(least: number, most: number, smallestLeaf: number): readonly [number, number] {
  const authorities = Math.floor((most - smallestLeaf - entryFrame) / (smallestAuthority + entryFrame));
  const fewest = Math.max(1, Math.ceil(least / (largestCertificate + entryFrame)));
  return [fewest, Math.max(fewest, 1 + authorities)];
}

function packedMessages(records: readonly NotedRecord[], sizes: RecordSizes): ServerFlight | undefined {
  const answer = records.findIndex((record) => record.direction === 0);
  const flight = protectedRecords(records.slice(0, Math.max(answer, 0)), 1);
  if (flight.length === 0) return undefined;
  const total = flight.reduce((sum, record) => sum + record.length - sizes.overhead, 0);
  const finished = [sizes.finished[0] - sizes.overhead, sizes.finished[sizes.finished.length - 1] - sizes.overhead];
  const certificate = certificateWithin(
    [total - finished[1] - extensionsRange[1], total - finished[0] - extensionsRange[0]],
    `${total} bytes from EncryptedExtensions to Finished packed in ${flight.length} record${flight.length > 1 ? "s" : ""}`,
  );
  return {
    clientCertificateRequested: false,
    ...(certificate !== undefined && { certificate }),
    finishedFrame: flight[flight.length - 1].frame,
  };
}

/** The usual leaf keys: those that public authorities sign. */
const usualKeys = keyHypotheses.filter((hypothesis) => /^(RSA-2048|RSA-4096|P-256|P-384)$/.test(hypothesis.key));

/** A range over the usual leaf keys for a Certificate and a CertificateVerify message of so many bytes together. */
export function certificateWithin(
  together: readonly [least: number, most: number],
  what: string,
): InferredCertificate | undefined {
  const fitting = usualKeys.filter(
    (hypothesis) => together[1] - hypothesis.verify[0] >= certificateFrame + entryFrame + hypothesis.smallest,
  );
  if (fitting.length === 0) return undefined;
  const ranges = fitting.map((hypothesis) => {
    const smallest = certificateFrame + entryFrame + hypothesis.smallest;
    return [Math.max(smallest, together[0] - hypothesis.verify[1]), together[1] - hypothesis.verify[0]] as const;
  });
  const least = Math.min(...ranges.map(([low]) => low));
  const most = Math.max(...ranges.map(([, high]) => high));
  const byKey = fitting.map((hypothesis, index) => `${ranges[index].join("–")} with ${hypothesis.key}`).join(", ");
  const smallestLeaf = Math.min(...fitting.map((hypothesis) => hypothesis.smallest));
  return {
    certificateBytes: [least, most],
    certificates: certificatesIn(least - certificateFrame, most - certificateFrame, smallestLeaf),
    grade: "inferred",
    because: `${what}; the Certificate message has ${byKey}`,
  };
}
