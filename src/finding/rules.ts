import type { Severity } from "../flow/model.ts";
import { isSettingRule, settingRules, type SettingRuleId } from "./setting-rules.ts";

/** What a rule says, and how bad it can be. */
export interface Rule {
  /** Worst first. */
  readonly severities: readonly Severity[];
  /** One line, for lists of rules. */
  readonly meaning: string;
}

function rule(severities: string, meaning: string): Rule {
  return { severities: severities.split(" ") as Severity[], meaning };
}

/** By what became of the flow: lost, made good by another, or no business of Go's as far as can be told. */
const byOutcome = "error warning note";
/** Worse where something failed on that way. */
const contradiction = "error warning";

const wireRules = {
  "missing-intermediate": rule(byOutcome, "the server does not send a certificate that the path needs"),
  "certificate-expired": rule(byOutcome, "a certificate of the path is past its notAfter"),
  "certificate-not-yet-valid": rule(byOutcome, "a certificate of the path is before its notBefore"),
  "certificate-name-mismatch": rule(byOutcome, "the certificate is for other names than the one asked for"),
  "certificate-no-san": rule(byOutcome, "the certificate names no host in subjectAltName"),
  "certificate-self-signed": rule(byOutcome, "the server's certificate is signed by itself and is no trust anchor"),
  "certificate-unknown-authority": rule(byOutcome, "the path ends at an authority that is no trust anchor"),
  "certificate-not-permitted": rule(
    byOutcome,
    "a certificate of the path may not sign what it signs, or not for this use",
  ),
  "certificate-malformed": rule(byOutcome, "a certificate cannot be parsed as Go parses it"),
  "certificate-rejected-though-complete": rule(
    byOutcome,
    "the client rejected a path that the trust anchors given here accept",
  ),
  "client-rejected-certificate": rule(byOutcome, "the client rejected a certificate that the capture does not show"),
  "path-not-complete": rule("note", "the path ends at no anchor given here, and the client went on all the same"),
  "certificate-likely-alone": rule("note", "record lengths suggest that a server sends one certificate only"),
  "chain-remark": rule("note", "the list of certificates is untidy in a way that Go does not mind"),
  interception: rule("error warning note", "public hosts show certificates of one authority that is not public"),
  "proxy-authentication-required": rule(byOutcome, "the forward proxy wants credentials (407)"),
  "proxy-forbidden": rule(byOutcome, "the forward proxy forbids the target (403)"),
  "proxy-error": rule(byOutcome, "the forward proxy could not reach the target (5xx)"),
  "proxy-other-status": rule(byOutcome, "the forward proxy answered CONNECT with a status that Go does not take"),
  "proxy-no-tunnel": rule(byOutcome, "the forward proxy opened no tunnel, and its answer is inside TLS"),
  "proxy-silent": rule(byOutcome, "the forward proxy did not answer the request for a tunnel"),
  "proxy-unreachable": rule(byOutcome, "no connection to the forward proxy could be opened"),
  "proxy-not-tls": rule(byOutcome, "TLS was spoken to a forward proxy that does not speak it"),
  "proxy-picked-h2": rule(byOutcome, "the forward proxy chose HTTP/2, which Go does not speak to proxies"),
  "proxy-speaks-socks": rule(byOutcome, "an HTTP request went to a SOCKS proxy"),
  "socks-port-speaks-http": rule(byOutcome, "a SOCKS request went to an HTTP proxy"),
  "socks-authentication": rule(byOutcome, "the SOCKS proxy wants other credentials than were offered"),
  "socks-refused": rule(byOutcome, "the SOCKS proxy could not or would not connect to the target"),
  "goproxy-as-forward-proxy": rule(byOutcome, "GOPROXY points at a forward proxy"),
  "proxy-bypassed": rule(contradiction, "Go went direct to a host that the settings send through a proxy"),
  "proxy-not-bypassed": rule(contradiction, "Go asked the proxy for a host that NO_PROXY exempts"),
  "proxy-not-configured": rule(contradiction, "Go asked a proxy that the settings do not name"),
  "no-proxy-covers": rule(byOutcome, "NO_PROXY sends Go direct to a host that it does not reach so"),
  "host-ruled-out": rule(contradiction, "a host was contacted that the settings rule out"),
  "goproxy-no-fallback": rule("warning", "GOPROXY has a comma where only a bar leads on past the failure"),
  "goproxy-off": rule("error note", "GOPROXY=off: nothing is asked"),
  "govcs-forbids": rule("error warning", "GOVCS forbids the version control program of a repository"),
  "private-not-covered": rule("error warning", "a private module is covered by no glob of GOPRIVATE, though nearly"),
  "ssl-cert-without-effect": rule(byOutcome, "Go rejects every certificate, though SSL_CERT_FILE says what to trust"),
  "target-unreachable": rule(byOutcome, "SYN segments to the target had no answer"),
  "target-refused": rule(byOutcome, "the target refused the connection"),
  "broken-ipv6": rule("warning", "IPv6 does not work and IPv4 made up for it"),
  "server-reset": rule(byOutcome, "the server, or something on the way, reset the connection"),
  "name-filter": rule(byOutcome, "a ClientHello that arrived whole was met with a reset or silence"),
  "hello-lost": rule(byOutcome, "a later segment of the ClientHello never arrived"),
  "path-mtu": rule(byOutcome, "large packets get lost on the path"),
  "handshake-stalled": rule(byOutcome, "the server's part of the handshake never completed"),
  "tls-server-alert": rule(byOutcome, "the server broke the handshake off with an alert"),
  "tls-version-old": rule(byOutcome, "the server speaks no TLS version that Go accepts"),
  "target-not-tls": rule(byOutcome, "the target answered a ClientHello with something else"),
  "connect-target-mismatch": rule("warning", "the proxy was asked for one host, the TLS inside asked for another"),
  "dns-failure": rule(byOutcome, "a name could not be resolved"),
  "dns-scheme-word": rule("error", "part of a setting was looked up as a host name"),
  "dns-disagree": rule("warning", "one question had two answers that disagree"),
  "dns-bogus": rule(byOutcome, "a public name resolved to an address that cannot be public"),
  "ambiguous-address": rule("note", "several names share the address that a role rests on"),
  "http-portal": rule(byOutcome, "a module request was answered by a login or block page"),
  "http-error": rule(byOutcome, "a module request in clear was answered with an error status"),
  "http-not-found": rule(byOutcome, "no module of that name was found in clear requests"),
  "http-broken-off": rule("error", "an answer that Go needed did not come, not whole, or is of no use to it"),
  "checksum-mismatch": rule("error", "a download is not what the checksum database or go.sum has"),
  "checksum-refused": rule("error", "an answer of the checksum database does not hold"),
  "checksum-note-unverified": rule("error warning", "a tree head of the checksum database is signed by no known key"),
  "command-error": rule("error warning", "the go command printed an error that nothing in the capture explains"),
  "overlap-differs": rule("warning", "the same bytes of a connection came twice with different content"),
  "capture-damaged": rule("warning", "the file could not be read whole"),
  "capture-snapped": rule("warning note", "a snap length cut payload that was needed"),
  "capture-one-sided": rule("warning", "only one direction of connections was captured"),
  "capture-drops": rule("warning note", "packets are missing in the capture that were on the wire"),
  "capture-unordered": rule("warning note", "frames stand in the file in another order than that of their times"),
  "more-findings": rule("note", "there are more findings than are listed"),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof wireRules | SettingRuleId;

/** Every rule by its id, those about settings last. Ids are stable: people silence them and store them. */
export const rules: Readonly<Record<RuleId, Rule>> = { ...wireRules, ...rulesOfSettings() };

function rulesOfSettings(): Record<SettingRuleId, Rule> {
  const told = Object.entries(settingRules).filter(([id]) => isSettingRule(id));
  return Object.fromEntries(told.map(([id, [, meaning]]) => [id, rule(byOutcome, meaning)])) as Record<
    SettingRuleId,
    Rule
  >;
}
