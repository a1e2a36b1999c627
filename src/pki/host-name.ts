/** Names of hosts as Go's crypto/x509 compares them (verify.go VerifyHostname; parser.go domainNameValid). */
import { parseIp, shortForm } from "../bytes/ip-address.ts";

/** Which host the client meant to reach. */
export interface ReferenceName {
  readonly kind: "dns" | "ip";
  readonly value: string;
}

/** What an end-entity certificate says that it is valid for. */
export interface PresentedNames {
  readonly dnsNames: readonly string[];
  /** 4 or 16 bytes each. */
  readonly ipAddresses: readonly Uint8Array[];
}

/**
 * Whether a certificate may stand for a host.
 *
 * Spec: RFC 6125 §6.4 as Go reads it: an address, in brackets or not, only by IP names; a wildcard only as the whole
 * left-most label; names that are no host names only exactly; never the common name.
 */
export function matchesHost(names: PresentedNames, host: string): boolean {
  const address = parseIp(unbracketed(host));
  if (address) return names.ipAddresses.some((candidate) => equalAddresses(candidate, address));
  const wanted = lowerCase(host);
  const labels = hostLabels(wanted);
  const valid = isHostName(wanted, false);
  return names.dnsNames.some((pattern) =>
    valid && isHostName(pattern, true) ? matchesLabels(pattern, labels) : matchesExactly(pattern, wanted),
  );
}

/** Whether a pattern's labels are the host's, the first perhaps `*`. */
export function matchesLabels(pattern: string, labels: readonly string[]): boolean {
  const parts = lowerCase(pattern).split(".");
  if (pattern === "" || parts.length !== labels.length) return false;
  return parts.every((part, at) => part === labels[at] || (at === 0 && part === "*"));
}

/** Lower-case labels of a host, without the final dot. */
export function hostLabels(host: string): string[] {
  return lowerCase(host).replace(/\.$/, "").split(".");
}

/** `[::1]` without its brackets, anything else as it is. */
export function unbracketed(host: string): string {
  return host.length >= 3 && host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

/** Whether a domain may stand in a subjectAltName or, with its leading dot, in name constraints. */
export function isDomainName(domain: string, constraint: boolean): boolean {
  const labels = constraint && domain.startsWith(".") ? domain.slice(1) : domain;
  return domain === "" || labels.split(".").every((label) => domainLabel.test(label));
}

function isHostName(host: string, pattern: boolean): boolean {
  const name = pattern ? host : host.replace(/\.$/, "");
  if (name === "" || name === "*") return false;
  return name.split(".").every((label, at) => hostLabel.test(label) || (pattern && at === 0 && label === "*"));
}

function matchesExactly(one: string, other: string): boolean {
  if (one === "" || one === "." || other === "" || other === ".") return false;
  return lowerCase(one) === lowerCase(other);
}

/** ASCII only: a Kelvin sign must not become a k. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function equalAddresses(one: Uint8Array, other: Uint8Array): boolean {
  const [left, right] = [shortForm(one), shortForm(other)];
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

const hostLabel = /^[a-zA-Z0-9_](?:[a-zA-Z0-9_-])*$/;
const domainLabel = /^[\x21-\x7e]+$/;
