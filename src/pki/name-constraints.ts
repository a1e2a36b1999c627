/** Name constraints over a whole path, as Go checks them (crypto/x509 constraints.go, 1.26). */
import { parseGoUrl } from "../bytes/go-url.ts";
import { ipText, parseIp, shortForm } from "../bytes/ip-address.ts";
import type { Certificate } from "./certificate.ts";
import type { GeneralNames, IpRange, NameConstraints } from "./general-names.ts";
import { quoted } from "./go-error.ts";
import { isDomainName } from "./host-name.ts";
import { parseMailbox } from "./mailbox.ts";

/** A name that a CA certificate of the path does not allow. */
export interface ConstraintBreach {
  /** The CA certificate whose constraints it breaks. */
  readonly constrainedBy: Certificate;
  /** Go's words: `DNS name "a.example" is not permitted by any constraint`. Untrusted text. */
  readonly detail: string;
  /** Too many comparisons: nothing is proved. */
  readonly atLimit?: boolean;
}

/**
 * Checks every name of every certificate against the constraints of those above it.
 *
 * Spec: RFC 5280 §4.2.1.10, with Go's departures: all names count and not only the one asked for, constraints on
 * directory names are not looked at, a wildcard is excluded with any name it may stand for. Shape: `path` goes from
 * the end-entity to the anchor. Returns: the first breach. Cost: takes its comparisons from `budget`.
 */
export function checkNameConstraints(path: readonly Certificate[], budget: Comparisons): ConstraintBreach | undefined {
  for (const [at, { extensions }] of path.entries()) {
    const above = path.slice(at + 1).filter((authority) => authority.extensions.nameConstraints !== undefined);
    if (extensions.subjectAltName === undefined || above.length === 0) continue;
    const names = constrainedNames(extensions.subjectAltName);
    for (const constrainedBy of above) {
      const constraints = constrainedBy.extensions.nameConstraints!;
      const detail = names.malformed ?? firstBreach(names.names, constraints, budget);
      if (budget.left < 0) return { constrainedBy, detail: "too many name constraints", atLimit: true };
      if (detail !== undefined) return { constrainedBy, detail };
    }
  }
  return undefined;
}

/** How many names may still be compared with constraints; below zero once that was too few. */
export interface Comparisons {
  left: number;
}

type Kind = "IP address" | "DNS name" | "URI" | "email address";

interface ConstrainedName {
  readonly kind: Kind;
  /** As Go prints it. */
  readonly text: string;
  /** Domain, host or mailbox domain that constraints apply to. */
  readonly domain: string;
  readonly address?: Uint8Array;
  readonly mailbox?: string;
}

function constrainedNames(names: GeneralNames): { names: ConstrainedName[]; malformed?: string } {
  const all: ConstrainedName[] = [];
  for (const uri of names.uris) {
    const domain = uriDomain(uri);
    if (domain === undefined) return { names: [], malformed: uriTrouble(uri) };
    all.push({ kind: "URI", text: uri, domain });
  }
  for (const email of names.emailAddresses) {
    const mailbox = parseMailbox(email);
    if (mailbox === undefined) return { names: [], malformed: `cannot parse rfc822Name ${quoted(email)}` };
    const domain = mailbox.domain.toLowerCase();
    all.push({ kind: "email address", text: `${mailbox.local}@${domain}`, domain, mailbox: mailbox.local });
  }
  for (const address of names.ipAddresses) all.push({ kind: "IP address", text: ipText(address), domain: "", address });
  for (const domain of names.dnsNames) all.push({ kind: "DNS name", text: domain, domain });
  return { names: all.sort((one, other) => checkOrder.indexOf(one.kind) - checkOrder.indexOf(other.kind)) };
}

/** The host of a URI, lower case, without its port; undefined where no constraint can be applied to it. */
function uriDomain(uri: string): string | undefined {
  const host = hostOf(uri).toLowerCase();
  const domain = host.endsWith("]") ? host : host.replace(/:[^:]*$/, "");
  const unusable = domain === "" || domain.includes(":") || domain.startsWith("[") || parseIp(domain) !== undefined;
  return unusable ? undefined : domain;
}

function hostOf(uri: string): string {
  return parseGoUrl(uri)?.host ?? "";
}

function uriTrouble(uri: string): string {
  return hostOf(uri) === ""
    ? `URI with empty host (${quoted(uri)}) cannot be matched against constraints`
    : `URI with IP (${quoted(uri)}) cannot be matched against constraints`;
}

function firstBreach(
  names: readonly ConstrainedName[],
  constraints: NameConstraints,
  budget: Comparisons,
): string | undefined {
  for (const name of names) {
    if (name.kind === "DNS name" && !isDomainName(name.domain, false)) {
      return `x509: cannot parse dnsName ${quoted(name.text)}`;
    }
    const permitted = matching(name, constraints, true, budget);
    if (permitted.applies && permitted.constraint === undefined) {
      return `${name.kind} ${quoted(name.text)} is not permitted by any constraint`;
    }
    const { constraint } = matching(name, constraints, false, budget);
    if (constraint !== undefined) {
      return `${name.kind} ${quoted(name.text)} is excluded by constraint ${quoted(constraint)}`;
    }
    if (budget.left < 0) return undefined;
  }
  return undefined;
}

/** Whether one side has constraints of the name's kind, and the first that covers the name. */
function matching(
  name: ConstrainedName,
  constraints: NameConstraints,
  permitted: boolean,
  budget: Comparisons,
): { applies: boolean; constraint: string | undefined } {
  const side = permitted ? constraints.permitted : constraints.excluded;
  const take = <T>(list: readonly T[], covers: (item: T) => boolean): T | undefined => {
    budget.left -= list.length;
    return budget.left < 0 ? undefined : list.find(covers);
  };
  switch (name.kind) {
    case "IP address": {
      const range = take(side.ipRanges, (item) => inRange(name.address!, item));
      return { applies: side.ipRanges.length > 0, constraint: range && rangeText(range) };
    }
    case "email address": {
      const constraint = take(side.emailAddresses, (item) => coversMailbox(item, name, permitted));
      return { applies: side.emailAddresses.length > 0, constraint };
    }
    case "URI":
    case "DNS name": {
      const list = name.kind === "URI" ? side.uriDomains : side.dnsNames;
      const constraint = list.includes("") ? "" : take(list, (item) => coversDomain(item, name.domain, permitted));
      return { applies: list.length > 0, constraint };
    }
  }
}

function coversMailbox(constraint: string, name: ConstrainedName, permitted: boolean): boolean {
  if (!constraint.includes("@")) return coversDomain(constraint, name.domain, permitted);
  const exact = parseMailbox(constraint);
  return exact?.local === name.mailbox && exact?.domain.toLowerCase() === name.domain;
}

/** A leading dot asks for at least one more label; the empty constraint covers everything. */
function coversDomain(constraint: string, domain: string, permitted: boolean): boolean {
  const [wanted, name] = [constraint.toLowerCase(), domain.toLowerCase()];
  if (wanted === "" || name === wanted) return true;
  if (name.endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`)) return true;
  if (permitted || !name.startsWith("*")) return false;
  const [parent, wildcardParent] = [withoutFirstLabel(wanted), withoutFirstLabel(name)];
  return parent !== "" && parent === wildcardParent;
}

/** What follows the first label, dot included. */
function withoutFirstLabel(domain: string): string {
  const dot = domain.indexOf(".");
  return dot < 0 ? "" : domain.slice(dot);
}

/** An IPv4-mapped address counts as IPv4 where Go's net.IPNet.Contains says so. */
function inRange(address: Uint8Array, range: IpRange): boolean {
  if (address.length !== range.address.length) return false;
  const [value, base] = [shortForm(address), shortForm(range.address)];
  if (value.length !== base.length) return false;
  const mask = range.mask.subarray(range.mask.length - base.length);
  return value.every((byte, at) => ((byte ^ base[at]) & mask[at]) === 0);
}

function rangeText({ address, mask }: IpRange): string {
  const ones = Array.from(mask).reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  return `${ipText(address)}/${ones}`;
}

const checkOrder: readonly Kind[] = ["IP address", "DNS name", "URI", "email address"];
