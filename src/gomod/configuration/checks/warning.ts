/** A setting that is wrong or that does not do what it looks like. No credentials are in its words. */
export interface ConfigurationWarning {
  readonly id: WarningId;
  /** `error`: Go refuses it or fails. `warning`: it has no effect, or another one. `note`: it depends. */
  readonly severity: "error" | "warning" | "note";
  readonly variable: string;
  /** The file; absent where nothing sets the variable. */
  readonly source?: string;
  readonly title: string;
  readonly reason: string;
  /** What to do, best as a command. */
  readonly mend: string;
}

/** Every kind of warning. */
export const warningIds = [
  "shadowed-by-environment",
  "not-read-from-file",
  "no-such-variable",
  "unknown-to-version",
  "carriage-return",
  "empty-hides-default",
  "no-user-file",
  "modules-off",
  "insecure-flag",
  "goproxy-entry",
  "goproxy-separator",
  "goproxy-quotes",
  "goproxy-userinfo",
  "goproxy-after-end",
  "goproxy-empty",
  "goproxy-forward-proxy",
  "gosumdb-malformed",
  "gosumdb-off-toolchain",
  "gotoolchain-malformed",
  "govcs-malformed",
  "glob-space",
  "glob-never-matches",
  "glob-matches-all",
  "goprivate-overridden",
  "goinsecure-host",
  "goinsecure-checksums",
  "proxy-http-only",
  "proxy-all-only",
  "proxy-case",
  "proxy-tls",
  "proxy-scheme",
  "proxy-unparsable",
  "proxy-place",
  "proxy-port",
  "cgi",
  "no-proxy-never-matches",
  "no-proxy-address",
  "no-proxy-port",
  "no-proxy-wider",
  "no-proxy-git",
  "ssl-cert-ignored",
  "ssl-cert-half",
  "ssl-cert-path",
  "ssl-cert-proxy-git",
] as const;
export type WarningId = (typeof warningIds)[number];
