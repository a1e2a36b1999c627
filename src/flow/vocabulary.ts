/** How a flow reached its target. */
export const routeKinds = ["direct", "http-connect", "http-forward", "socks5", "socks4"] as const;
/** One of `routeKinds`; the hop to a proxy may be TLS besides. */
export type RouteKind = (typeof routeKinds)[number];
/** What a target is for. */
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
/** One of `roles`. */
export type Role = (typeof roles)[number];
/** In the order in which reports name them. */
export const labels = ["proxied", "sumdb", "direct", "other"] as const;
/** One of `labels`: the one word for a flow. */
export type Label = (typeof labels)[number];
/** `error`: Go gave up over it; `warning`: it was made good, or would fail another client; `note`: the rest. */
export type Severity = "error" | "warning" | "note";
/** Seconds since the epoch with nine decimals would not fit a double: ISO 8601 in UTC with nanoseconds. */
export type Timestamp = string;
