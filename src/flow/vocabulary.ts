/** How a flow reached its target. */
export type RouteKind = "direct" | "http-connect" | "http-forward" | "socks5" | "socks4";
export type Role =
  | "module-proxy"
  | "sumdb"
  | "vcs"
  | "discovery"
  | "toolchain"
  | "storage"
  | "forward-proxy"
  | "dns"
  | "other"
  | "unknown";
export type Label = "sumdb" | "proxied" | "direct" | "other";
export type Severity = "error" | "warning" | "note";
/** Seconds since the epoch with nine decimals would not fit a double: ISO 8601 in UTC with nanoseconds. */
export type Timestamp = string;
