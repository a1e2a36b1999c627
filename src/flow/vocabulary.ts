import { namedProtocols } from "../protocol/layer.ts";

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
/** Worst first. `error`: Go gave up over it; `warning`: it was made good, or would fail another client; `note`: the rest. */
export const severities = ["error", "warning", "note"] as const;
/** One of `severities`. */
export type Severity = (typeof severities)[number];
/** What is named of a layer, outermost first in `layers`. */
export const layerNames = ["http-connect", "socks5", "socks4", "tls", "http/1.1", "h2", ...namedProtocols] as const;
/** One of `layerNames`. */
export type LayerName = (typeof layerNames)[number];
/** Seconds since the epoch with nine decimals would not fit a double: ISO 8601 in UTC with nanoseconds. */
export type Timestamp = string;
/** What a request can mean to Go. */
export const goRequestKinds = [
  "list",
  "info",
  "mod",
  "zip",
  "latest",
  "supported",
  "lookup",
  "tile",
  "discovery",
  "git-refs",
  "git-upload-pack",
  "git-receive-pack",
  "toolchain",
  "storage",
  "telemetry",
  "other",
] as const;
/** One of `goRequestKinds`. */
export type GoRequestKind = (typeof goRequestKinds)[number];
