/** What is odd in the list of certificates that a server sent, apart from the verdict. */
import type { Certificate } from "./certificate.ts";
import { matchesHost } from "./host-name.ts";
import { SentIssuers } from "./path-search.ts";
import type { PathRemark } from "./verdict.ts";

export interface SentChain {
  /** As sent, the end-entity first. */
  readonly sent: readonly Certificate[];
  /** The path as far as it was built, the end-entity first; may hold certificates that were not sent. */
  readonly path: readonly Certificate[];
  /** Nothing is missing: it ends at an anchor, or at a self-issued certificate. */
  readonly closed: boolean;
  readonly name: string | undefined;
}

/**
 * Remarks on a chain, in a fixed order.
 *
 * `unrelated` needs proof: while an issuer is missing, a CA certificate off the path may belong above the hole.
 */
export function remarksOn(chain: SentChain): PathRemark[] {
  const { sent, path } = chain;
  const remarks: PathRemark[] = [];
  const swapped = evidentEndEntity(chain);
  const related = relatedTo(swapped === undefined ? [...path] : [...path, swapped], sent);
  if (isOutOfOrder(sent, path)) remarks.push("out-of-order");
  if (swapped !== undefined) remarks.push("leaf-not-first");
  if (sent.some((certificate) => !related.has(certificate) && (chain.closed || !isCa(certificate)))) {
    remarks.push("unrelated");
  }
  if (new Set(sent).size < sent.length) remarks.push("duplicate");
  if (sent.slice(1).some((certificate) => certificate.selfIssued && related.has(certificate) && isCa(certificate))) {
    remarks.push("root-included");
  }
  return remarks;
}

/** A later certificate that is what the first should be: not a CA's, and for the name asked for or issued by the first. */
function evidentEndEntity({ sent, name }: SentChain): Certificate | undefined {
  const [first, ...others] = sent;
  const fits = (certificate: Certificate): boolean =>
    name !== undefined && matchesHost(certificate.extensions.subjectAltName ?? noNames, name);
  if (fits(first)) return undefined;
  const later = others.filter((certificate) => !isCa(certificate) && certificate !== first);
  return later.find(fits) ?? (isCa(first) ? later.find((certificate) => issuedBy(certificate, first)) : undefined);
}

/** Everything that a path or its certificates' issuer names lead to, alternatives included. */
function relatedTo(start: readonly Certificate[], sent: readonly Certificate[]): ReadonlySet<Certificate> {
  const issuers = new SentIssuers(sent);
  const related = new Set(start);
  for (const certificate of related) {
    for (const issuer of issuers.issuersOf(certificate)) related.add(issuer);
  }
  return related;
}

/** Whether the path's certificates were sent in another order than the path's. */
function isOutOfOrder(sent: readonly Certificate[], path: readonly Certificate[]): boolean {
  const places = path.map((certificate) => placeOf(certificate, sent)).filter((place) => place >= 0);
  return places.some((place, at) => at > 0 && place < places[at - 1]);
}

/** An anchor may have been sent as another certificate of the same name and key. */
function placeOf(certificate: Certificate, sent: readonly Certificate[]): number {
  const same = sent.findIndex(({ sha256 }) => sha256 === certificate.sha256);
  if (same >= 0) return same;
  return sent.findIndex(
    ({ subject, publicKey }) =>
      Buffer.compare(subject.raw, certificate.subject.raw) === 0 &&
      Buffer.compare(publicKey.raw, certificate.publicKey.raw) === 0,
  );
}

function issuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return Buffer.compare(certificate.issuer.raw, issuer.subject.raw) === 0;
}

function isCa({ extensions, version, selfIssued }: Certificate): boolean {
  return extensions.basicConstraints?.isCa ?? (version < 3 && selfIssued);
}

const noNames = { dnsNames: [], ipAddresses: [] };
