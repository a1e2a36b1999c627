import type { WarningId } from "../gomod/configuration/checks/warning.ts";

/**
 * How a capture shows that a setting is wrong, or that it does nothing.
 *
 *   unread     what the variable is for happens without it
 *   refused    nothing is asked of those that it names
 *   direct     Go goes to https:// hosts itself, for want of a proxy
 *   place      the way to the forward proxy fails
 *   no-proxy   a proxy is asked for a host that is meant to be exempt
 *   modules    a proxy or the database is asked for a module that is meant to be exempt
 *   origins    code hosts are asked
 *   trust      Go rejects a certificate
 *   toolchain  something as large as a toolchain is downloaded
 *   elsewhere  another finding says it
 *   hidden     not at all
 */
type Evidence =
  | "unread"
  | "refused"
  | "direct"
  | "place"
  | "no-proxy"
  | "modules"
  | "origins"
  | "trust"
  | "toolchain"
  | "elsewhere"
  | "hidden";

/** For each warning of `gomodcap env` how a capture bears it out, and what it means in one line. */
export const settingRules = {
  "shadowed-by-environment": ["unread", "a value of go env -w is not used: the environment has another"],
  "not-read-from-file": ["unread", "a variable stands in the file of go env -w, where nothing reads it"],
  "no-such-variable": ["unread", "no version of Go has a variable of that name"],
  "unknown-to-version": ["hidden", "this version of Go does not know the variable yet"],
  "carriage-return": ["unread", "a value ends in a carriage return, which is part of it"],
  "empty-hides-default": ["refused", "an empty line of the user's file hides the default"],
  "no-user-file": ["hidden", "Go finds no file of go env -w"],
  "modules-off": ["refused", "GO111MODULE=off turns all module settings off"],
  "insecure-flag": ["refused", "-insecure in GOFLAGS is no flag of Go any more"],
  "goproxy-entry": ["refused", "GOPROXY has an entry that Go refuses"],
  "goproxy-separator": ["refused", "the entries of GOPROXY are separated by neither a comma nor a bar"],
  "goproxy-quotes": ["refused", "GOPROXY has quotes in it"],
  "goproxy-userinfo": ["refused", "GOPROXY has credentials in an http:// URL"],
  "goproxy-after-end": ["origins", "entries of GOPROXY behind direct or off are never asked"],
  "goproxy-empty": ["refused", "GOPROXY has no entries"],
  "goproxy-forward-proxy": ["elsewhere", "GOPROXY names the forward proxy"],
  "gosumdb-malformed": ["refused", "GOSUMDB has a value that Go refuses"],
  "gosumdb-off-toolchain": ["toolchain", "with GOSUMDB=off a downloaded toolchain is refused"],
  "gotoolchain-malformed": ["refused", "GOTOOLCHAIN has a value that Go refuses"],
  "govcs-malformed": ["refused", "GOVCS has an entry that Go refuses"],
  "glob-space": ["modules", "a blank in GOPRIVATE or its kin keeps a glob from matching"],
  "glob-never-matches": ["modules", "a glob in GOPRIVATE or its kin can match no module"],
  "glob-matches-all": ["origins", "GOPRIVATE or one of its kin covers every module"],
  "goprivate-overridden": ["hidden", "GONOPROXY or GONOSUMDB takes the place of GOPRIVATE"],
  "goinsecure-host": ["trust", "GOINSECURE is taken for a list of hosts"],
  "goinsecure-checksums": ["hidden", "modules of GOINSECURE are looked up in the checksum database"],
  "proxy-http-only": ["direct", "HTTP_PROXY alone is set, and Go goes direct to https:// hosts"],
  "proxy-all-only": ["direct", "ALL_PROXY alone is set, which git heeds and Go does not"],
  "proxy-case": ["place", "HTTPS_PROXY and https_proxy differ, and so do Go and git"],
  "proxy-tls": ["elsewhere", "HTTPS_PROXY says https:// for a proxy that is probably plain"],
  "proxy-scheme": ["place", "HTTPS_PROXY has a scheme that Go does not know"],
  "proxy-unparsable": ["direct", "HTTPS_PROXY is no URL, and Go goes direct without a word"],
  "proxy-place": ["place", "HTTPS_PROXY leads to a host or port that is hardly meant"],
  "proxy-port": ["place", "HTTPS_PROXY has no port, and Go and git assume different ones"],
  cgi: ["refused", "REQUEST_METHOD is set, and Go refuses HTTP_PROXY"],
  "no-proxy-never-matches": ["no-proxy", "an entry of NO_PROXY can match no host"],
  "no-proxy-address": ["no-proxy", "an address in NO_PROXY covers no names"],
  "no-proxy-port": ["no-proxy", "an entry of NO_PROXY is for another port, and for git nothing"],
  "no-proxy-wider": ["elsewhere", "an entry of NO_PROXY covers more hosts than it seems to"],
  "no-proxy-git": ["no-proxy", "Go and git read an entry of NO_PROXY differently"],
  "ssl-cert-ignored": ["trust", "SSL_CERT_FILE is not read on this system by this version of Go"],
  "ssl-cert-half": ["hidden", "SSL_CERT_FILE or SSL_CERT_DIR alone leaves the other half of the trust anchors"],
  "ssl-cert-path": ["trust", "SSL_CERT_FILE or SSL_CERT_DIR has something that is no path"],
  "ssl-cert-proxy-git": ["hidden", "git does not judge an https:// proxy by SSL_CERT_FILE"],
} as const satisfies Readonly<Record<WarningId, readonly [Evidence, meaning: string]>>;

type Table = typeof settingRules;

/** Warnings that become findings. */
export type SettingRuleId = {
  [Id in WarningId]: Table[Id][0] extends "elsewhere" | "hidden" ? never : Id;
}[WarningId];

/** Whether an id is that of a warning that becomes a finding. */
export function isSettingRule(id: string): id is SettingRuleId {
  const row = (settingRules as Readonly<Record<string, readonly [Evidence, string]>>)[id] as
    readonly [Evidence, string] | undefined;
  return row !== undefined && row[0] !== "elsewhere" && row[0] !== "hidden";
}
