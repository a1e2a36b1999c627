/** The verdict on the certificates that a server sent: the first statement of the list in `checkPath` that applies. */
import { checkCritical, checkLargestKey, checkSmallestKey, checkValidity, type Refused } from "./authority.ts";
import type { TrustAnchors } from "./anchors.ts";
import { called, calledByName, type Certificate } from "./certificate.ts";
import { hostNameError, rfc3339, type GoError } from "./go-error.ts";
import { matchesHost, type ReferenceName } from "./host-name.ts";
import { findMissing, type Missing } from "./missing.ts";
import type { KnownCertificates } from "./known.ts";
import { sourcesUnder, versionRules } from "./go-versions.ts";
import { bearsWantedKey, searchPath, SentIssuers, type SearchResult, type SearchSources } from "./path-search.ts";
import { remarksOn } from "./remarks.ts";
import type { PathRemark, PathVerdict, Refusal } from "./verdict.ts";

export interface PathRequest {
  /** As sent; the first is the end-entity, always. Equal certificates are one object. At least one. */
  readonly sent: readonly Certificate[];
  /** Absent: no name is checked. */
  readonly name?: ReferenceName | undefined;
  /** Seconds since the Unix epoch. Absent: no validity is checked. */
  readonly time?: number | undefined;
  readonly anchors: TrustAnchors;
  readonly known: KnownCertificates;
}

/** A verdict whose Go text is still to be rendered for a time, and whose validity had a say in it. */
export interface PathJudgement {
  readonly verdict: Omit<PathVerdict, "goError">;
  readonly goError?: GoError;
  readonly consulted: ReadonlySet<Certificate>;
}

/**
 * Judges a chain as Go on Linux does, and says more of why.
 *
 * In this order: keys that are too large; the end-entity itself (critical extensions, validity, name); a path to an
 * anchor, whose first key may be too small; an issuer found but refused; a self-issued end; an issuer that is missing,
 * proved, likely or possible; an unknown authority.
 */
export function checkPath(request: PathRequest): PathJudgement {
  const { sent, name, time } = request;
  const [endEntity] = sent;
  const sources = { anchors: request.anchors, intermediates: [new SentIssuers(sent.slice(1))] };
  const search = searchPath(endEntity, sources, time);
  const outcome = checkLargest(sent) ?? checkEndEntity(endEntity, name, time) ?? checkSearch(request, sources, search);
  const { status, detail, missing, refused, goError, consulted = [] } = outcome;
  const path = search.path ?? search.refusedPath?.path ?? search.deadEnd?.path ?? [endEntity];
  return {
    verdict: {
      status,
      ...(missing && { certainty: missing.certainty, missing: missing.issuer }),
      remarks: allRemarks(request, search, outcome, path),
      ...(refused && { refused: refusedReport(refused) }),
      ...(search.path && { anchor: search.path[search.path.length - 1].subject.text }),
      path: path.map(({ subject }) => subject.text),
      detail,
    },
    ...(goError && { goError }),
    consulted: new Set([...sent, ...search.consulted, ...(missing?.consulted ?? []), ...consulted]),
  };
}

function allRemarks(
  { sent, name, time }: PathRequest,
  search: SearchResult,
  { missing, remarks = [] }: Outcome,
  built: readonly Certificate[],
): PathRemark[] {
  const whole = search.path ?? search.refusedPath?.path ?? missing?.path;
  const path = whole ?? built;
  const closed = whole !== undefined || path[path.length - 1].selfIssued;
  const all = [...remarksOn({ sent, path, closed, name: name?.value }), ...remarks];
  if (time === undefined) all.push("time-not-checked");
  if (name === undefined) all.push("name-not-checked");
  return all;
}

interface Outcome {
  readonly status: PathVerdict["status"];
  readonly detail: string;
  readonly goError?: GoError | undefined;
  readonly refused?: Refused;
  readonly missing?: Missing;
  readonly remarks?: readonly PathRemark[];
  /** Beside those of the search: certificates whose validity had a say. */
  readonly consulted?: readonly Certificate[];
}

function checkLargest(sent: readonly Certificate[]): Outcome | undefined {
  for (const certificate of sent) {
    const refused = checkLargestKey(certificate);
    if (refused !== undefined) return refusal(refused);
  }
  return undefined;
}

function checkEndEntity(
  endEntity: Certificate,
  name: ReferenceName | undefined,
  time: number | undefined,
): Outcome | undefined {
  const critical = checkCritical(endEntity);
  if (critical !== undefined) return refusal(critical);
  const invalid = checkValidity(endEntity, time);
  if (invalid !== undefined) {
    const { status, detail, goError } = refusal(invalid);
    return { status, detail, goError };
  }
  if (name === undefined) return undefined;
  const names = endEntity.extensions.subjectAltName ?? { dnsNames: [], ipAddresses: [] };
  if (matchesHost(names, name.value)) return undefined;
  const goError = hostNameError(endEntity, name.value);
  if (endEntity.extensions.rawSubjectAltName === undefined) {
    return {
      status: "no-san",
      detail: `${called(endEntity)} has no subjectAltName; a common name counts no more`,
      goError,
    };
  }
  return { status: "name-mismatch", detail: `${called(endEntity)} is not valid for ${name.value}`, goError };
}

function checkSearch(request: PathRequest, sources: SearchSources, search: SearchResult): Outcome {
  const { path, refusedPath, deadEnd, goError } = search;
  if (path !== undefined) return completePath(request, sources, path);
  if (refusedPath !== undefined) return { ...refusal(refusedPath.refused), goError };
  const built = deadEnd!.path;
  const top = built[built.length - 1];
  const refused = deadEnd!.refused;
  // One who bears the issuer's name without its key is no issuer, unless the key identifiers insist.
  const forged = refused?.by === "signature" && !bearsWantedKey(top, refused.certificate);
  if (refused !== undefined && !forged) return { ...refusal(refused), goError };
  const beside = forged ? { refused } : {};
  if (top.selfIssued) return { ...selfIssuedEnd(built), goError, ...beside };
  const missing = findMissing(request, top);
  if (missing !== undefined) {
    return { status: "missing-intermediate", detail: missing.detail, goError, missing, ...beside };
  }
  return {
    status: "unknown-authority",
    detail: `${called(top)} was issued by ${calledByName(top.issuer) ?? "a nameless CA"}, which is neither among the certificates sent nor trusted`,
    goError,
    remarks: ["perhaps-missing-intermediate"],
    ...beside,
  };
}

function completePath({ sent, time }: PathRequest, sources: SearchSources, path: readonly Certificate[]): Outcome {
  const [endEntity] = path;
  const weak = checkSmallestKey(endEntity);
  if (weak !== undefined) return refusal(weak);
  let detail = `the path ends at the trust anchor ${called(path[path.length - 1])}`;
  const remarks: PathRemark[] = [];
  const consulted: Certificate[] = [];
  for (const rule of versionRules) {
    const refused = [...(rule.reading ? sent : []), ...path].find((one) => rule.refuses(one) !== undefined);
    if (refused === undefined) continue;
    if (refused !== endEntity && !(rule.reading && sent.includes(refused))) {
      const other = searchPath(endEntity, sourcesUnder(rule, sources), time);
      consulted.push(...other.consulted);
      if (other.path !== undefined) continue;
    }
    detail += `; ${called(refused)} ${rule.refuses(refused)}`;
    remarks.push(rule.remark);
  }
  return { status: "complete", detail, remarks: [...new Set(remarks)], consulted };
}

function selfIssuedEnd(built: readonly Certificate[]): Outcome {
  const top = built[built.length - 1];
  if (built.length === 1) {
    return { status: "self-signed", detail: `${called(top)} is signed by itself and is not a trust anchor` };
  }
  return { status: "unknown-authority", detail: `the path ends at ${called(top)}, which is not a trust anchor` };
}

function refusal(refused: Refused): Outcome {
  const { certificate, by, detail, goError } = refused;
  const status = by === "expired" || by === "not-yet-valid" ? by : "not-permitted";
  return { status, detail: `${called(certificate)} ${detail}${bounds(certificate, by)}`, goError, refused };
}

function bounds({ notBefore, notAfter }: Certificate, by: Refusal): string {
  if (by === "expired") return `: it was valid until ${rfc3339(notAfter)}`;
  return by === "not-yet-valid" ? `: it is valid from ${rfc3339(notBefore)}` : "";
}

function refusedReport({ certificate, by, detail }: Refused): NonNullable<PathVerdict["refused"]> {
  return { subject: certificate.subject.text, by, detail };
}
