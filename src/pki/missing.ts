/** Which issuer a server left out, and how sure that is. */
import type { TrustAnchors } from "./anchors.ts";
import { checkValidity } from "./authority.ts";
import { called, calledByName, type Certificate } from "./certificate.ts";
import type { KnownCertificates } from "./known.ts";
import { searchPath, SentIssuers, type SearchSources } from "./path-search.ts";
import type { MissingIssuer, PathVerdict } from "./verdict.ts";

export interface Missing {
  readonly certainty: NonNullable<PathVerdict["certainty"]>;
  readonly issuer: MissingIssuer;
  readonly detail: string;
  /** The whole path where it is proved. */
  readonly path?: readonly Certificate[];
  readonly consulted?: Iterable<Certificate>;
}

interface MissingRequest {
  readonly sent: readonly Certificate[];
  readonly time?: number | undefined;
  readonly anchors: TrustAnchors;
  readonly known: KnownCertificates;
}

/** Looks for the missing issuer of `top`, the last certificate that the search reached; undefined where nothing says so. */
export function findMissing(request: MissingRequest, top: Certificate): Missing | undefined {
  const proved = proveMissing(request);
  if (proved !== undefined) return proved;
  const { sent } = request;
  if (top !== sent[0]) return undefined;
  const issuer = missingIssuer(top);
  const hole = `${calledByName(top.issuer) ?? "a nameless CA"}, which issued ${called(top)}, was not sent`;
  const hint = anchoredSibling(request);
  if (hint.certificate !== undefined) {
    const detail = `${hole}; ${called(hint.certificate)}, which was, leads to a trust anchor`;
    return { certainty: "likely", issuer, detail, consulted: hint.consulted };
  }
  const { consulted } = hint;
  if (top.extensions.embeddedScts) {
    const detail = `${hole}; the certificate is logged as public CAs do, and their roots issue none for servers`;
    return { certainty: "likely", issuer, detail, consulted };
  }
  if (top.extensions.policies?.some((policy) => policy.startsWith(publicPolicy))) {
    const detail = `${hole}; the certificate bears the policy of public CAs, and their roots issue none for servers`;
    return { certainty: "likely", issuer, detail, consulted };
  }
  if (issuer.caIssuers.length === 0) return undefined;
  const detail = `${hole}: it is an intermediate certificate, or a private root that you do not trust`;
  return { certainty: "possible", issuer, detail, consulted };
}

/** A path over certificates known from elsewhere proves what the server left out. */
function proveMissing({ sent, time, anchors, known }: MissingRequest): Missing | undefined {
  const sources = { anchors, intermediates: [new SentIssuers(sent.slice(1)), known] };
  const { path, consulted } = searchPath(sent[0], sources, time);
  if (path === undefined) return undefined;
  const digests = new Set(sent.map(({ sha256 }) => sha256));
  const absent = path.slice(1, -1).filter(({ sha256 }) => !digests.has(sha256));
  const [first] = absent;
  if (first === undefined) return undefined;
  const child = path[path.indexOf(first) - 1];
  const from = known.from(first.sha256);
  const issuer = { ...missingIssuer(child), known: first.sha256, ...(from !== undefined && { knownFrom: from }) };
  const names = absent.map(called).join(" and ");
  const seen = from === undefined ? "" : ` (known from ${from})`;
  return {
    certainty: "proved",
    issuer,
    detail: `the server did not send ${names}${seen}: with ${absent.length === 1 ? "it" : "them"} the path is complete`,
    path,
    consulted,
  };
}

/** A CA certificate that was sent beside the end-entity and leads to an anchor by itself. */
function anchoredSibling({ sent, time, anchors }: MissingRequest): {
  certificate?: Certificate;
  consulted: Set<Certificate>;
} {
  const sources: SearchSources = { anchors, intermediates: [new SentIssuers(sent.slice(1))] };
  const consulted = new Set<Certificate>();
  // Each search has its own cap, so only as many as a real server might send are tried.
  for (const certificate of sent.slice(1, 1 + mostSiblings)) {
    if (certificate.extensions.basicConstraints?.isCa !== true || checkValidity(certificate, time)) continue;
    const search = searchPath(certificate, sources, time);
    for (const each of search.consulted) consulted.add(each);
    if (search.path !== undefined) return { certificate, consulted };
  }
  return { consulted };
}

function missingIssuer({ subject, issuer, serial, extensions }: Certificate): MissingIssuer {
  return {
    for: subject.text === "" ? `serial ${serial}` : subject.text,
    issuer: issuer.text,
    ...(extensions.authorityKeyId !== undefined && { keyId: extensions.authorityKeyId }),
    caIssuers: extensions.caIssuers ?? [],
  };
}

/** CA/B Forum: domain, organization, individual and extended validation. */
const publicPolicy = "2.23.140.1.";

const mostSiblings = 8;
