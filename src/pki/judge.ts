/**
 * Judges chains and describes certificates, each distinct one once.
 *
 * Invariants: a cached judgement is used only while no certificate that had a say in it passes a bound of its validity;
 * equal certificates are parsed once and are one object; what is
 * handed out is frozen, because many flows share it.
 */
import { ipText } from "../bytes/ip-address.ts";
import { MalformedError } from "../bytes/malformed.ts";
import type { TrustAnchors } from "./anchors.ts";
import { recallCertificate } from "./certificate-memory.ts";
import type { Certificate } from "./certificate.ts";
import { malformedGoError, renderGoError, rfc3339, type GoError } from "./go-error.ts";
import type { ReferenceName } from "./host-name.ts";
import type { CertificateBytes, KnownCertificates } from "./known.ts";
import { checkPath, type PathJudgement } from "./path.ts";
import type { CertificateSummary, PathVerdict } from "./verdict.ts";

export class ChainJudge {
  readonly #anchors: TrustAnchors;
  readonly #known: KnownCertificates;
  readonly #parsed = new Map<string, Certificate | MalformedError>();
  readonly #judged = new Map<string, CachedJudgement[]>();
  readonly #summaries = new Map<string, CertificateSummary>();

  constructor(anchors: TrustAnchors, known: KnownCertificates) {
    this.#anchors = anchors;
    this.#known = known;
  }

  /**
   * The verdict on certificates in the order sent, for a name and at a time (epoch seconds), each of which may be
   * absent and is then not checked. Never throws for what certificates hold.
   */
  judge(sent: readonly CertificateBytes[], name: ReferenceName | undefined, time: number | undefined): PathVerdict {
    if (sent.length === 0) return notVisible;
    const key = [name?.value ?? "", ...sent.map(({ sha256 }) => sha256)].join(" ");
    let entries = this.#judged.get(key);
    if (entries === undefined) this.#judged.set(key, (entries = []));
    let cached = entries.find((entry) => holdsAt(entry, time));
    if (cached === undefined) {
      cached = this.#judgeAfresh(sent, name, time);
      Object.freeze(cached.verdict);
      entries.push(cached);
    }
    const { verdict, goError } = cached;
    if (goError === undefined || time === undefined) return verdict;
    return { ...verdict, goError: renderGoError(goError, time) };
  }

  /** A certificate in the words of reports; of a malformed one only digest and length are known. */
  summarize({ sha256, der }: CertificateBytes): CertificateSummary {
    let summary = this.#summaries.get(sha256);
    if (summary === undefined) {
      const parsed = this.#parse({ sha256, der });
      summary = parsed instanceof MalformedError ? malformedSummary(sha256, der.length) : summaryOf(parsed);
      this.#summaries.set(sha256, Object.freeze(summary));
    }
    return summary;
  }

  #judgeAfresh(
    sent: readonly CertificateBytes[],
    name: ReferenceName | undefined,
    time: number | undefined,
  ): CachedJudgement {
    const certificates: Certificate[] = [];
    for (const [at, bytes] of sent.entries()) {
      const parsed = this.#parse(bytes);
      if (parsed instanceof MalformedError) return { verdict: malformedVerdict(parsed, at), ...always };
      certificates.push(parsed);
    }
    const judgement = checkPath({
      sent: certificates,
      name,
      time,
      anchors: this.#anchors,
      known: this.#known,
    });
    return cachedFor(judgement, time);
  }

  #parse({ sha256, der }: CertificateBytes): Certificate | MalformedError {
    let parsed = this.#parsed.get(sha256);
    if (parsed === undefined) {
      parsed = recallCertificate(der, sha256);
      this.#parsed.set(sha256, parsed);
    }
    return parsed;
  }
}

/** A verdict and the span of time for which it holds: `since` ≤ t, `after` < t, t ≤ `until`, t < `before`. */
interface CachedJudgement {
  readonly verdict: PathVerdict;
  /** Names the time: to be rendered for each. */
  readonly goError?: GoError;
  readonly timed: boolean | undefined;
  readonly since: number;
  readonly after: number;
  readonly until: number;
  readonly before: number;
}

function holdsAt({ timed, since, after, until, before }: CachedJudgement, time: number | undefined): boolean {
  if (timed !== undefined && timed !== (time !== undefined)) return false;
  return time === undefined || (since <= time && after < time && time <= until && time < before);
}

function cachedFor({ verdict, goError, consulted }: PathJudgement, time: number | undefined): CachedJudgement {
  const rendered = goError === undefined ? verdict : { ...verdict, goError: renderGoError(goError, time ?? 0) };
  if (time === undefined) return { verdict: rendered, ...always, timed: false };
  let { since, after, until, before } = always;
  for (const { notBefore, notAfter } of consulted) {
    if (notBefore <= time) since = Math.max(since, notBefore);
    else before = Math.min(before, notBefore);
    if (notAfter >= time) until = Math.min(until, notAfter);
    else after = Math.max(after, notAfter);
  }
  const namesTime = goError?.kind === "validity";
  return { verdict: rendered, ...(namesTime && { goError }), timed: true, since, after, until, before };
}

const always = { timed: undefined, since: -Infinity, after: -Infinity, until: Infinity, before: Infinity };

const notVisible: PathVerdict = {
  status: "not-visible",
  remarks: [],
  path: [],
  detail: "no certificate could be seen",
};

function malformedVerdict(error: MalformedError, at: number): PathVerdict {
  const which = at === 0 ? "the first certificate" : `certificate ${at + 1}`;
  return {
    status: "malformed",
    remarks: [],
    path: [],
    goError: malformedGoError(error),
    detail: `${which} cannot be parsed: ${error.message}`,
  };
}

function summaryOf(certificate: Certificate): CertificateSummary {
  const { extensions, publicKey, signatureAlgorithm } = certificate;
  const { dnsNames = [], ipAddresses = [] } = extensions.subjectAltName ?? {};
  return {
    sha256: certificate.sha256,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    notBefore: rfc3339(certificate.notBefore),
    notAfter: rfc3339(certificate.notAfter),
    dnsNames,
    ...(ipAddresses.length > 0 && { ipAddresses: ipAddresses.map(ipText) }),
    caIssuers: extensions.caIssuers ?? [],
    ...(extensions.subjectKeyId !== undefined && { subjectKeyId: extensions.subjectKeyId }),
    ...(extensions.authorityKeyId !== undefined && { authorityKeyId: extensions.authorityKeyId }),
    publicKey: publicKey.text,
    signatureAlgorithm: signatureAlgorithm.name,
    isCa: extensions.basicConstraints?.isCa ?? false,
    length: certificate.der.length,
  };
}

function malformedSummary(sha256: string, length: number): CertificateSummary {
  const unknown = { subject: "", issuer: "", serial: "", notBefore: "", notAfter: "", publicKey: "" };
  return { sha256, ...unknown, signatureAlgorithm: "", dnsNames: [], caIssuers: [], isCa: false, length };
}
