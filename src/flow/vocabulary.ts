/** How a flow reached its target. */
export const routeKinds = ["direct", "http-connect", "http-forward", "socks5", "socks4"] as const;
export type RouteKind = (typeof routeKinds)[number];
export const roles = [
  "module-proxy",
  "sumdb",
  "vcs",
  "discovery",
  "toolchain",
  "storage",
  "forward-proxy",
  "dns",
  "other",
  "unknown",
] as const;
export type Role = (typeof roles)[number];
/** In the order in which reports name them. */
export const labels = ["proxied", "sumdb", "direct", "other"] as const;
export type Label = (typeof labels)[number];
export type Severity = "error" | "warning" | "note";
/** Seconds since the epoch with nine decimals would not fit a double: ISO 8601 in UTC with nanoseconds. */
export type Timestamp = string;
