/**
 * Builds certification paths as Go does (crypto/x509 verify.go buildChains): anchors before intermediates, likelier keys
 * first, backtracking, no certificate twice, at most `limits.signatureChecks` candidates looked at.
 *
 * Invariants: `considered` never passes the limit by more than one; `deadEnd` is the longest path that nothing extends,
 * preferring one whose issuer was found and refused.
 */
import { latin1 } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import { checkAuthority, checkIssued, type Refused } from "./authority.ts";
import { byKeyMatch } from "./certificate-index.ts";
import type { Certificate } from "./certificate.ts";
import { goText, unknownAuthorityError, type GoError } from "./go-error.ts";
import { checkNameConstraints } from "./name-constraints.ts";
import { checkPolicies } from "./policies.ts";

/** What answers for issuers: anchors, known certificates, those that a server sent. */
interface IssuerSource {
  issuersOf(child: Certificate): readonly Certificate[];
}

export interface SearchSources {
  readonly anchors: IssuerSource & { has(certificate: Certificate): boolean };
  readonly intermediates: readonly IssuerSource[];
}

/** A path that ends before an anchor, and who was refused there. */
interface DeadEnd {
  readonly path: readonly Certificate[];
  readonly refused?: Refused;
}

/** What a search found; exactly one of `path` and `goError`. */
export interface SearchResult {
  /** End-entity to anchor. */
  readonly path?: readonly Certificate[];
  /** A path that reached an anchor and was refused as a whole. */
  readonly refusedPath?: { readonly path: readonly Certificate[]; readonly refused: Refused };
  readonly deadEnd?: DeadEnd;
  readonly goError?: GoError;
  /** Every certificate whose validity had a say. */
  readonly consulted: ReadonlySet<Certificate>;
}

/** Certificates that a server sent after its first one, as a source of issuers. */
export class SentIssuers implements IssuerSource {
  readonly #bySubject = new Map<string, Certificate[]>();

  constructor(certificates: Iterable<Certificate>) {
    for (const certificate of certificates) {
      const key = latin1(certificate.subject.raw);
      const same = this.#bySubject.get(key);
      if (same === undefined) this.#bySubject.set(key, [certificate]);
      else if (!same.includes(certificate)) same.push(certificate);
    }
  }

  issuersOf(child: Certificate): readonly Certificate[] {
    return byKeyMatch(this.#bySubject.get(latin1(child.issuer.raw)) ?? [], child);
  }
}

/** Looks for a path from a certificate to an anchor that is good for TLS servers. `time` undefined checks no validity. */
export function searchPath(start: Certificate, sources: SearchSources, time: number | undefined): SearchResult {
  return new PathSearch(sources, time).run(start);
}

/** One certificate's candidates being tried. */
interface Step {
  readonly path: readonly Certificate[];
  readonly child: Certificate;
  /** Go's: that of the last candidate whose signature was good, whatever came of it. */
  error: GoError | undefined;
  hint: { readonly text: string; readonly authority: Certificate } | undefined;
  refused: Refused | undefined;
  /** A path reached an anchor. */
  built: boolean;
  /** An issuer was accepted. */
  extended: boolean;
}

class PathSearch {
  readonly #sources: SearchSources;
  readonly #time: number | undefined;
  readonly #consulted = new Set<Certificate>();
  readonly #comparisons = { left: limits.constraintComparisons };
  #considered = 0;
  #found: readonly Certificate[] | undefined;
  #refusedPath: SearchResult["refusedPath"];
  #constraintError: GoError | undefined;
  /** Paths to an anchor that were refused, by what Go checks first. */
  readonly #refusals = { policies: 0, usages: 0 };
  #deadEnd: DeadEnd | undefined;

  constructor(sources: SearchSources, time: number | undefined) {
    this.#sources = sources;
    this.#time = time;
  }

  run(start: Certificate): SearchResult {
    this.#consulted.add(start);
    const isAnchor = this.#sources.anchors.has(start);
    const error = isAnchor ? this.#accept([start]) : this.#extend([start]).error;
    const shared = {
      consulted: this.#consulted,
      ...(this.#refusedPath !== undefined && { refusedPath: this.#refusedPath }),
      ...(this.#deadEnd !== undefined && { deadEnd: this.#deadEnd }),
    };
    if (this.#found !== undefined) return { ...shared, path: this.#found };
    const noValidChains = this.#refusals.policies > 0 ? this.#noValidChains() : undefined;
    const goError = this.#constraintError ?? noValidChains ?? this.#refusedPath?.refused.goError ?? error;
    return { ...shared, goError: goError ?? unknownAuthorityError() };
  }

  /** Go's buildChains. */
  #extend(path: readonly Certificate[]): { built: boolean; error: GoError | undefined } {
    const child = path[path.length - 1];
    const step: Step = {
      path,
      child,
      error: undefined,
      hint: undefined,
      refused: undefined,
      built: false,
      extended: false,
    };
    for (const { authority, isAnchor } of this.#candidates(child)) {
      if (++this.#considered > limits.signatureChecks) {
        step.refused ??= {
          certificate: child,
          by: "limit",
          detail: "has too many possible issuers",
          goError: limitError,
        };
        step.error = limitError;
        break;
      }
      if (authority.publicKey.algorithm === "unknown" || isInPath(authority, path)) continue;
      this.#consider(step, authority, isAnchor);
      if (this.#found !== undefined || step.error === limitError) break;
    }
    if (!step.extended) this.#noteDeadEnd(path, step.refused);
    return { built: step.built, error: step.built ? undefined : (step.error ?? unknownAuthorityError(step.hint)) };
  }

  #consider(step: Step, authority: Certificate, isAnchor: boolean): void {
    const { child, path } = step;
    this.#consulted.add(authority);
    const forged = checkIssued(child, authority);
    const invalid = forged ?? checkAuthority(authority, path.length, isAnchor, this.#time);
    if (forged === undefined) step.error = invalid?.goError;
    if (invalid !== undefined) {
      if (invalid.goError.kind === "text") step.hint ??= { text: invalid.goError.text, authority };
      step.refused = likelier(step.refused, invalid, child, authority);
      return;
    }
    step.extended = true;
    if (isAnchor) {
      this.#accept([...path, authority]);
      step.built = true;
      return;
    }
    const { built, error } = this.#extend([...path, authority]);
    step.built ||= built;
    step.error = error;
  }

  *#candidates(child: Certificate): Iterable<{ authority: Certificate; isAnchor: boolean }> {
    for (const authority of this.#sources.anchors.issuersOf(child)) yield { authority, isAnchor: true };
    for (const source of this.#sources.intermediates) {
      for (const authority of source.issuersOf(child)) yield { authority, isAnchor: false };
    }
  }

  /** Checks that need the whole path. Gives why it was refused. */
  #accept(path: readonly Certificate[]): GoError | undefined {
    const refused = this.#checkWhole(path);
    if (refused === undefined) {
      this.#found = path;
      return undefined;
    }
    this.#refusedPath ??= { path, refused };
    return refused.goError;
  }

  /** In Go's order. */
  #checkWhole(path: readonly Certificate[]): Refused | undefined {
    const demand = checkPolicies(path);
    if (demand !== undefined) {
      this.#refusals.policies++;
      return { ...demand, by: "policy", goError: this.#noValidChains() };
    }
    const usage = checkExtendedKeyUsage(path);
    if (usage !== undefined) {
      this.#refusals.usages++;
      return usage;
    }
    const breach = checkNameConstraints(path, this.#comparisons);
    if (breach === undefined) return undefined;
    const text = `a root or intermediate certificate is not authorized to sign for this name: ${breach.detail}`;
    this.#constraintError ??= goText(text);
    return {
      certificate: breach.constrainedBy,
      by: breach.atLimit ? "limit" : "name-constraints",
      detail: `does not allow a name below it: ${breach.detail}`,
      goError: goText(text),
    };
  }

  /** Go counts what it refused where policies were part of it. */
  #noValidChains(): GoError {
    const { policies, usages } = this.#refusals;
    const incompatible = usages === 0 ? "" : `${usages} candidate chains with incompatible key usage, `;
    return goText(`no valid chains built: ${incompatible}${policies} candidate chains with invalid policies`);
  }

  #noteDeadEnd(path: readonly Certificate[], refused: Refused | undefined): void {
    const best = this.#deadEnd;
    const longer = best === undefined || path.length > best.path.length;
    const tells = best !== undefined && path.length === best.path.length && !best.refused && refused !== undefined;
    if (longer || tells) this.#deadEnd = { path, ...(refused !== undefined && { refused }) };
  }
}

/** The refusal to tell of: a true issuer's before that of one who only bears its name. */
function likelier(
  held: Refused | undefined,
  next: Refused,
  child: Certificate,
  authority: Certificate,
): Refused | undefined {
  if (held === undefined) return next;
  if (held.by !== "signature") return held;
  if (next.by !== "signature") return next;
  return bearsWantedKey(child, held.certificate) || !bearsWantedKey(child, authority) ? held : next;
}

/** Whether an authority's key identifier is the very one that a certificate names. */
export function bearsWantedKey(child: Certificate, authority: Certificate): boolean {
  const wanted = child.extensions.authorityKeyId;
  return wanted !== undefined && wanted === authority.extensions.subjectKeyId;
}

/** Go's alreadyInChain: same subject, key and subjectAltName, whatever the certificate. */
function isInPath(candidate: Certificate, path: readonly Certificate[]): boolean {
  for (const certificate of path) {
    if (Buffer.compare(candidate.subject.raw, certificate.subject.raw) !== 0) continue;
    if (Buffer.compare(candidate.publicKey.raw, certificate.publicKey.raw) !== 0) continue;
    const [names, others] = [candidate.extensions.rawSubjectAltName, certificate.extensions.rawSubjectAltName];
    if (names === undefined || others === undefined) return names === others;
    if (Buffer.compare(names, others) === 0) return true;
  }
  return false;
}

/** Usages nest: whoever lists any must list server authentication. Spec: RFC 5280 §4.2.1.12, as Go nests it. */
function checkExtendedKeyUsage(path: readonly Certificate[]): Refused | undefined {
  for (const certificate of path.toReversed()) {
    const usages = certificate.extensions.extendedKeyUsages ?? [];
    if (usages.length === 0 || usages.includes(serverAuth) || usages.includes(anyUsage)) continue;
    return {
      certificate,
      by: "extended-key-usage",
      detail: "is not for TLS servers by its extended key usage",
      goError: goText("certificate specifies an incompatible key usage"),
    };
  }
  return undefined;
}

const limitError = goText("signature check attempts limit reached while verifying certificate chain");
const serverAuth = "1.3.6.1.5.5.7.3.1";
const anyUsage = "2.5.29.37.0";
