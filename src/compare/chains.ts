import { commonNameIn } from "../pki/distinguished-name.ts";
import type { PathStatus } from "../pki/verdict.ts";
import { difference, type Difference } from "./difference.ts";
import type { CertificateMeaning, ChainMeaning, TargetMeaning } from "./meaning.ts";

/**
 * What changed in the certificates of one target. Both sides must have seen some. With `otherAnchors` they were judged by
 * different trust anchors: what these alone explain is not comparable.
 */
export function compareChains(before: TargetMeaning, after: TargetMeaning, otherAnchors = false): Difference[] {
  const gone = before.chains.filter((chain) => !after.chains.some((other) => isSame(chain, other)));
  const come = after.chains.filter((chain) => !before.chains.some((other) => isSame(chain, other)));
  const differences: Difference[] = [];
  const paired = new Set<ChainMeaning>();
  for (const chain of come) {
    const partner =
      gone.find((other) => !paired.has(other) && isSameLeaf(other, chain)) ?? nearestOf(chain, gone, paired);
    if (partner !== undefined) paired.add(partner);
    const was = partner ?? nearestOf(chain, before.chains, new Set());
    if (was !== undefined) differences.push(...compareChain(after.target, was, chain, otherAnchors));
  }
  return differences;
}

function compareChain(target: string, before: ChainMeaning, after: ChainMeaning, otherAnchors: boolean): Difference[] {
  const differences: Difference[] = [];
  if (before.status !== after.status) {
    const common = { target, before: before.status, after: after.status } as const;
    if (otherAnchors && areSameCertificates(before, after) && [before, after].every(dependsOnAnchors)) {
      const text = "The same certificates were judged by other trust anchors: their verdicts cannot be compared.";
      return [difference({ kind: "not-comparable", ...common, grade: "unknown", text })];
    }
    const text = `The server's chain was ${before.status} and is ${after.status}.${missing(before, after)}`;
    differences.push(difference({ kind: "path", ...common, grade: "seen", text }));
  }
  if (isSameLeaf(before, after)) differences.push(...compareRest(target, before, after));
  else differences.push(compareLeaves(target, before, after));
  return differences;
}

/** The same end-entity with other certificates behind it. */
function compareRest(target: string, before: ChainMeaning, after: ChainMeaning): Difference[] {
  const digests = (chain: ChainMeaning): string[] => chain.certificates.map(({ sha256 }) => sha256);
  const was = digests(before);
  const is = digests(after);
  const lost = before.certificates.filter(({ sha256 }) => !is.includes(sha256));
  const gained = after.certificates.filter(({ sha256 }) => !was.includes(sha256));
  const common = { target, before: chainText(before), after: chainText(after), grade: "seen" } as const;
  if (lost.length === 0 && gained.length === 0) {
    if (was.join() === is.join()) return [];
    return [difference({ kind: "chain", ...common, text: "The same certificates come in another order." })];
  }
  const sentences = [
    ...(lost.length > 0 ? [`No longer sent: ${names(lost)}.`] : []),
    ...(gained.length > 0 ? [`Now sent: ${names(gained)}.`] : []),
  ];
  const replaced = lost.length > 0 && lost.length === gained.length && sameAnchor(before, after);
  return [difference({ kind: replaced ? "intermediate" : "chain", ...common, text: sentences.join(" ") })];
}

/** Another end-entity: renewed, of another key type, or somebody else's. */
function compareLeaves(target: string, before: ChainMeaning, after: ChainMeaning): Difference {
  const was = before.certificates[0];
  const is = after.certificates[0];
  const common = { target, grade: "seen" } as const;
  const sameKey = keyFamily(was) === keyFamily(is);
  if (was.issuer === is.issuer && sameKey) {
    const text = `Another certificate by the same issuer, ${is.issuer}, valid to ${day(is)}; the one before to ${day(was)}.`;
    return difference({ kind: "certificate-renewed", ...common, before: day(was), after: day(is), text });
  }
  const swapped = !sameKey && sameOrganization(was.issuer, is.issuer);
  if (sameAnchor(before, after) || was.issuer === is.issuer || swapped) {
    const text = sameKey
      ? `Another intermediate under the same anchor signed it: ${is.issuer} instead of ${was.issuer}.`
      : `The server showed its ${is.publicKey} certificate instead of its ${was.publicKey} one.`;
    const kind = sameKey ? "intermediate" : "certificate-key";
    const [left, right] = sameKey ? [was.issuer, is.issuer] : [was.publicKey, is.publicKey];
    return difference({ kind, ...common, before: left, after: right, text });
  }
  return difference({
    kind: "issuer",
    ...common,
    before: was.issuer,
    after: is.issuer,
    text:
      `The certificate comes from another issuer: ${is.issuer} instead of ${was.issuer}. ` +
      "A proxy that opens TLS and signs again does that; so does a server that changed its authority.",
  });
}

/**
 * Certificate messages that could not be read, by their length: certificates come and go whole.
 *
 * Spec: RFC 8446 §4.4.2; an entry is the DER with 3 bytes of length before and 2 of extensions behind it.
 */
export function compareCertificateBytes(
  before: TargetMeaning,
  after: TargetMeaning,
  known: ReadonlyMap<number, string>,
): Difference[] {
  if (before.certificateBytes.length !== 1 || after.certificateBytes.length !== 1) return [];
  const [was] = before.certificateBytes;
  const [is] = after.certificateBytes;
  const change = Math.abs(is - was);
  if (change < leastCertificate) return [];
  const der = change - entryOverhead;
  const name = known.get(der);
  const size =
    name === undefined
      ? `which fits one certificate of ${der} bytes, or several`
      : `which is one certificate of ${der} bytes, the size of ${name}`;
  const direction = is < was ? "shorter" : "longer";
  const advice = is < was ? " If clients refuse it now, an intermediate is no longer sent." : "";
  return [
    difference({
      kind: "certificate-size",
      target: after.target,
      before: `${was} bytes`,
      after: `${is} bytes`,
      grade: "inferred",
      text: `The Certificate message, which cannot be read without keys, is ${change} bytes ${direction}, ${size}.${advice}`,
    }),
  ];
}

/** The size of the smallest certificates in use; what differs by less is another leaf of the same kind. */
const leastCertificate = 300;
const entryOverhead = 5;

function isSame(a: ChainMeaning, b: ChainMeaning): boolean {
  return a.status === b.status && areSameCertificates(a, b);
}

function areSameCertificates(a: ChainMeaning, b: ChainMeaning): boolean {
  if (a.certificates.length !== b.certificates.length) return false;
  return a.certificates.every(({ sha256 }, at) => sha256 === b.certificates[at].sha256);
}

/** Of the other verdicts none could be another one with more or fewer anchors. */
function dependsOnAnchors({ status }: ChainMeaning): boolean {
  return anchorStatuses.includes(status);
}

const anchorStatuses: readonly PathStatus[] = [
  "complete",
  "missing-intermediate",
  "unknown-authority",
  "self-signed",
  "not-permitted",
];

function isSameLeaf(a: ChainMeaning, b: ChainMeaning): boolean {
  return a.certificates[0].sha256 === b.certificates[0].sha256;
}

/** The chain that most likely stood where this one stands: same kind of key, else any. */
function nearestOf(
  chain: ChainMeaning,
  others: readonly ChainMeaning[],
  taken: ReadonlySet<ChainMeaning>,
): ChainMeaning | undefined {
  const free = others.filter((other) => !taken.has(other));
  return free.find((other) => keyFamily(other.certificates[0]) === keyFamily(chain.certificates[0])) ?? free[0];
}

function sameAnchor(a: ChainMeaning, b: ChainMeaning): boolean {
  return a.anchor !== undefined && a.anchor === b.anchor;
}

/** Authorities sign RSA and ECDSA keys with intermediates, and often roots, of their own: all but the name is alike. */
function sameOrganization(a: string, b: string): boolean {
  const rest = (name: string): string => name.replace(/(?:^|,)CN=(?:\\.|[^,\\])*/, "");
  return rest(a) !== "" && rest(a) === rest(b);
}

/** `RSA`, `P`, `Ed25519`: sizes change at renewals. */
function keyFamily({ publicKey }: CertificateMeaning): string {
  return publicKey.split(/[ -]/, 1)[0];
}

/** A missing issuer that the other side sent is named. */
function missing(before: ChainMeaning, after: ChainMeaning): string {
  if (after.status !== "missing-intermediate") return "";
  const last = after.certificates.at(-1);
  const issuer = last && before.certificates.find(({ subject }) => subject === last.issuer);
  return issuer === undefined ? "" : ` ${issuer.subject} was sent before and is not any more.`;
}

function chainText({ certificates }: ChainMeaning): string {
  return certificates.map(({ subject }) => commonNameIn(subject)).join(" ← ");
}

function names(certificates: readonly CertificateMeaning[]): string {
  return certificates.map(({ subject }) => subject).join("; ");
}

function day({ notAfter }: CertificateMeaning): string {
  return notAfter.slice(0, 10);
}
