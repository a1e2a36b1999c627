/** What the Go command prints when a chain fails: texts of crypto/x509 and crypto/tls, Go 1.19 to 1.26. */
import { ipText, parseIp } from "../bytes/ip-address.ts";
import type { MalformedError } from "../bytes/malformed.ts";
import type { Certificate } from "./certificate.ts";
import { hostLabels, matchesLabels, unbracketed } from "./host-name.ts";

/** An error of Go: of crypto/x509, once with the time of the client in it, or of crypto/tls itself, before or behind that. */
export type GoError =
  | { readonly kind: "text" | "tls"; readonly text: string }
  | { readonly kind: "validity"; readonly side: "before" | "after"; readonly boundary: number };

/** The error as Go prints it from 1.20 on. `time` in epoch seconds. */
export function renderGoError(error: GoError, time: number): string {
  return error.kind === "tls" ? error.text : verifyPrefix + errorText(error, time);
}

/** The same error as Go up to 1.19 prints it. */
export function goErrorBefore120(goError: string): string {
  return goError.startsWith(verifyPrefix) ? goError.slice(verifyPrefix.length) : goError;
}

/** A certificate that Go cannot parse; the same text in every version. */
export function malformedGoError(error: MalformedError): string {
  const prefix = "tls: failed to parse certificate from server: ";
  if (error.what.endsWith(" point")) return `${prefix}${error.what.replace("-", "")} not on curve`;
  const reason = error.code === "trailing" && error.what === "certificate" ? "trailing data" : malformedReason(error);
  return `${prefix}x509: ${reason}`;
}

/** A certificate outside its validity. */
export function validityError({ notBefore, notAfter }: Certificate, time: number): GoError {
  return time < notBefore
    ? { kind: "validity", side: "before", boundary: notBefore }
    : { kind: "validity", side: "after", boundary: notAfter };
}

/** No path to an anchor; `hint` is why the likeliest authority was refused. */
export function unknownAuthorityError(hint?: { readonly text: string; readonly authority: Certificate }): GoError {
  const base = "x509: certificate signed by unknown authority";
  if (hint === undefined) return { kind: "text", text: base };
  const { subject, serial } = hint.authority;
  const name = subject.commonName || subject.organization || `serial:${BigInt(`0x${serial}`)}`;
  const because = `possibly because of ${quoted(hint.text)} while trying to verify candidate authority certificate`;
  return { kind: "text", text: `${base} (${because} ${quoted(name)})` };
}

/** A certificate for another host. Spec: HostnameError of verify.go. */
export function hostNameError(certificate: Certificate, host: string): GoError {
  return { kind: "text", text: `x509: ${hostNameReason(certificate, unbracketed(host))}` };
}

/** A text of Go without variable parts. */
export function goText(text: string): GoError {
  return { kind: "text", text: `x509: ${text}` };
}

/** As Go's %q writes printable text. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

function errorText(error: GoError, time: number): string {
  if (error.kind !== "validity") return error.text;
  const now = rfc3339(time);
  const { side, boundary } = error;
  return `x509: certificate has expired or is not yet valid: current time ${now} is ${side} ${rfc3339(boundary)}`;
}

/** Whole seconds, UTC, as Go's time.RFC3339. */
export function rfc3339(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

function hostNameReason({ extensions, subject }: Certificate, host: string): string {
  if (extensions.rawSubjectAltName === undefined && matchesLabels(subject.commonName, hostLabels(host))) {
    return "certificate relies on legacy Common Name field, use SANs instead";
  }
  const { dnsNames = [], ipAddresses = [] } = extensions.subjectAltName ?? {};
  const isAddress = parseIp(host) !== undefined;
  if (isAddress && ipAddresses.length === 0) {
    return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  }
  const names = isAddress ? ipAddresses.map(ipText) : dnsNames;
  if (names.length >= mostNames) {
    return `certificate is valid for ${names.length} ${isAddress ? "IP SANs" : "names"}, but none matched ${host}`;
  }
  const all = names.join(", ");
  if (all === "") return `certificate is not valid for any names, but wanted to match ${host}`;
  return `certificate is valid for ${all}, not ${host}`;
}

function malformedReason({ what, code }: MalformedError): string {
  if (code === "duplicate" && what === "extension value field") return "certificate contains duplicate extension";
  return reasons.get(what) ?? `malformed ${what}`;
}

const verifyPrefix = "tls: failed to verify certificate: ";

/** From this many on Go gives their number only. */
const mostNames = 100;

/** Where Go does not say `malformed` and the element's name (parser.go, 1.26). */
const reasons = new Map([
  ["two algorithms", "inner and outer signature algorithm identifiers don't match"],
  ["issuer", "invalid RDNSequence"],
  ["modulus", "invalid RSA modulus"],
  ["publicExponent", "invalid RSA public exponent"],
  ["subjectPublicKey", "invalid RSA public key"],
  ["subjectPublicKeyInfo", "malformed spki"],
  ["subject", "invalid RDNSequence"],
  ["key usage", "invalid key usage"],
  ["basic constraints", "invalid basic constraints"],
  ["subject alternative name", "invalid subject alternative name"],
  ["NameConstraints extension", "invalid NameConstraints extension"],
  ["extended key usages", "invalid extended key usages"],
  ["subject key identifier", "invalid subject key identifier"],
  ["authority key identifier", "invalid authority key identifier"],
  ["authority info access", "invalid authority info access"],
  ["CRL distribution points", "invalid CRL distribution points"],
  ["CRL distribution point", "invalid CRL distribution point"],
  ["certificate policies", "invalid certificate policies"],
  ["policy constraints extension", "invalid policy constraints extension"],
  ["policy mappings extension", "invalid policy mappings extension"],
  ["inhibit any policy extension", "invalid inhibit any policy extension"],
]);
