import { commonNameIn } from "../pki/distinguished-name.ts";
import type { PathRemark, PathStatus } from "../pki/verdict.ts";
import { difference, type Difference } from "./difference.ts";
import type { CertificateMeaning, ChainMeaning, TargetMeaning } from "./meaning.ts";
import { sight } from "./words.ts";

/**
 * What changed in the certificates of one target. Both sides must have seen some. Where `otherAnchors` they were judged
 * by different trust anchors: what these alone explain is not comparable.
 */
export function compareChains(
  before: TargetMeaning,
  after: TargetMeaning,
  otherAnchors = (): boolean => false,
): Difference[] {
  const gone = before.chains.filter((chain) => !after.chains.some((other) => isSame(chain, other)));
  const come = after.chains.filter((chain) => !before.chains.some((other) => isSame(chain, other)));
  const where: Where = { target: after.target, grade: sight(before, after) };
  const differences: Difference[] = [];
  const paired = new Set<ChainMeaning>();
  for (const chain of come) {
    const partner =
      gone.find((other) => !paired.has(other) && isSameLeaf(other, chain)) ?? nearestOf(chain, gone, paired);
    if (partner !== undefined) paired.add(partner);
    const was = partner ?? nearestOf(chain, before.chains, new Set());
    if (was !== undefined) differences.push(...compareChain(where, was, chain, otherAnchors));
  }
  return differences;
}

/** What all differences of a chain have in common. */
type Where = Pick<Difference, "target" | "grade">;

function compareChain(
  where: Where,
  before: ChainMeaning,
  after: ChainMeaning,
  otherAnchors: () => boolean,
): Difference[] {
  const differences: Difference[] = [];
  if (before.status !== after.status) {
    const common = { ...where, before: before.status, after: after.status } as const;
    if (areSameCertificates(before, after) && [before, after].every(dependsOnAnchors) && otherAnchors()) {
      const text = "The same certificates were judged by other trust anchors: their verdicts cannot be compared.";
      return [difference({ ...common, kind: "not-comparable", grade: "unknown", text })];
    }
    const proof = missing(before, after);
    const unproved = proof === "" ? [after, before].find(({ certainty }) => certainty !== undefined) : undefined;
    const text = `The server's chain was ${statusText(before)} and is ${statusText(after)}.`;
    differences.push(
      difference({
        kind: "path",
        ...common,
        ...(unproved && { grade: "inferred" }),
        text: text + (unproved === undefined ? proof : doubt(unproved)),
      }),
    );
  }
  if (isSameLeaf(before, after)) return [...differences, ...compareSent(where, before, after, 0)];
  const leaves = compareLeaves(where, before, after);
  const comparesSent =
    leaves.kind === "certificate-renewed" ||
    (leaves.kind === "intermediate" && before.certificates.length !== after.certificates.length);
  const behind = comparesSent ? compareSent(where, before, after, 1) : compareRemarks(where, before, after);
  return [...differences, leaves, ...behind];
}

/** What was sent from one place of the chain on: 1 leaves the end-entity out. */
function compareSent(where: Where, before: ChainMeaning, after: ChainMeaning, from: 0 | 1): Difference[] {
  const [was, is] = [before, after].map(({ certificates }) => certificates.slice(from));
  const lacks = (chain: readonly CertificateMeaning[], { sha256 }: CertificateMeaning): boolean =>
    chain.every((certificate) => certificate.sha256 !== sha256);
  const lost = was.filter((certificate) => lacks(is, certificate));
  const gained = is.filter((certificate) => lacks(was, certificate));
  const common = { ...where, before: chainText(before), after: chainText(after) } as const;
  if (lost.length === 0 && gained.length === 0) {
    const text = rearranged(was, is);
    return text === undefined ? [] : [difference({ kind: "chain", ...common, text })];
  }
  const sentences = [
    ...(lost.length > 0 ? [`No longer sent: ${names(lost)}.`] : []),
    ...(gained.length > 0 ? [`Now sent: ${names(gained)}.`] : []),
  ];
  const isRenewed = lost.every(({ subject }, at) => subject === gained[at]?.subject);
  const replaced = lost.length === gained.length && (isRenewed || sameAnchor(before, after));
  return [difference({ kind: replaced ? "intermediate" : "chain", ...common, text: sentences.join(" ") })];
}

/** How the same certificates come otherwise; undefined where they come alike. */
function rearranged(was: readonly CertificateMeaning[], is: readonly CertificateMeaning[]): string | undefined {
  if (was.length < is.length) return "The same certificates come, some of them more often.";
  if (was.length > is.length) return "The same certificates come, some of them less often.";
  return was.every(({ sha256 }, at) => sha256 === is[at].sha256)
    ? undefined
    : "The same certificates come in another order.";
}

/** Chains without a certificate in common, by what is remarkable about each: its order, what is in it too much. */
function compareRemarks(where: Where, before: ChainMeaning, after: ChainMeaning): Difference[] {
  const [was, is] = [before, after].map(({ remarks }) =>
    remarks.flatMap((remark) => remarksOnOrder[remark] ?? []).join(" and "),
  );
  if (was === is) return [];
  const [left, right] = [was || "in order", is || "in order"];
  const text = `The chain comes ${right}; it came ${left} before.`;
  return [difference({ kind: "chain", ...where, before: left, after: right, text })];
}

/** Remarks on what the server sent; the others are on how it was judged. */
const remarksOnOrder: Readonly<Partial<Record<PathRemark, string>>> = {
  "out-of-order": "out of order",
  "leaf-not-first": "with its own certificate not first",
  unrelated: "with an unrelated certificate",
  duplicate: "with a certificate twice",
  "root-included": "with its root",
};

/** Another end-entity: renewed, of another key type, or somebody else's. */
function compareLeaves(where: Where, before: ChainMeaning, after: ChainMeaning): Difference {
  const was = before.certificates[0];
  const is = after.certificates[0];
  const sameKey = keyFamily(was) === keyFamily(is);
  if (areOfOneIssuer(was, is) && sameKey) {
    const common = `Another certificate by the same issuer, ${is.issuer}`;
    if (was.subject !== is.subject) {
      const text = `${common}: of ${is.subject} instead of ${was.subject}.`;
      return difference({ kind: "certificate-renewed", ...where, before: was.subject, after: is.subject, text });
    }
    const text = `${common}, valid to ${day(is)}; the one before to ${day(was)}.`;
    return difference({ kind: "certificate-renewed", ...where, before: day(was), after: day(is), text });
  }
  const [signer, signerBefore] = was.issuer === is.issuer ? [signerOf(is), signerOf(was)] : [is.issuer, was.issuer];
  const signers = { ...where, before: signerBefore, after: signer } as const;
  if (!areOfOneAuthority(before, after, sameKey)) {
    const text =
      `The certificate comes from another issuer: ${signer} instead of ${signerBefore}. ` +
      "A proxy that opens TLS and signs again does that; so does a server that changed its authority.";
    return difference({ kind: "issuer", ...signers, text });
  }
  if (sameKey) {
    const text = `Another intermediate of the same authority signed it: ${signer} instead of ${signerBefore}.`;
    return difference({ kind: "intermediate", ...signers, text });
  }
  const text = `The server shows its ${is.publicKey} certificate instead of its ${was.publicKey} one.`;
  return difference({ kind: "certificate-key", ...where, before: was.publicKey, after: is.publicKey, text });
}

/**
 * The anchor tells. Where a missing intermediate hides it, and for keys of two kinds, which often have two roots, the
 * issuers' names must do.
 */
function areOfOneAuthority(before: ChainMeaning, after: ChainMeaning, sameKey: boolean): boolean {
  const [was, is] = [before.certificates[0], after.certificates[0]];
  if (sameAnchor(before, after) || areOfOneIssuer(was, is)) return true;
  const isHidden = [before, after].some(({ status }) => status === "missing-intermediate");
  return (!sameKey || isHidden) && sameOrganization(was.issuer, is.issuer);
}

/** Whoever signs in another's place can take the name, but not the key. */
function areOfOneIssuer(a: CertificateMeaning, b: CertificateMeaning): boolean {
  const [one, other] = [a.authorityKeyId, b.authorityKeyId];
  return a.issuer === b.issuer && (one === undefined || other === undefined || one === other);
}

function signerOf({ issuer, authorityKeyId = "" }: CertificateMeaning): string {
  return `${issuer} with the key ${authorityKeyId}`;
}

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

/** Issuers that one side lacks and the other sent, which proves that they are missing. */
function missing(before: ChainMeaning, after: ChainMeaning): string {
  const isGone = after.status === "missing-intermediate";
  const [lacking, whole] = isGone ? [after, before] : [before, after];
  if (lacking.status !== "missing-intermediate") return "";
  const wanted = whole.certificates.filter(
    ({ sha256, subject }) =>
      lacking.certificates.every((other) => other.sha256 !== sha256) &&
      lacking.certificates.some(({ issuer }) => issuer === subject),
  );
  if (wanted.length === 0) return "";
  return isGone
    ? ` ${names(wanted)} was sent before and is not any more, which proves that it is missing.`
    : ` ${names(wanted)} is sent now, which proves that it was missing.`;
}

function statusText({ status, certainty }: ChainMeaning): string {
  return certainty === undefined ? status : `${status} (${certainty})`;
}

/** Why it may be something else than a missing intermediate. */
function doubt({ certainty, certificates }: ChainMeaning): string {
  if (certainty !== "possible") return "";
  return ` ${certificates[0].issuer} may as well be a private root that is not trusted here.`;
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
