import type { Grade } from "../grade.ts";
import type { RouteMeaning, TargetMeaning } from "./meaning.ts";

/** `http-connect over TLS`. */
export function routeKind({ kind, overTls }: RouteMeaning): string {
  return overTls ? `${kind} over TLS` : kind;
}

/** `directly`, `by http-connect through proxy.corp.example:3128`. */
export function routesText(routes: readonly RouteMeaning[]): string {
  const texts = routes.map((route) => {
    if (route.kind === "direct") return "directly";
    return `by ${routeKind(route)}${route.proxy === undefined ? "" : ` through ${route.proxy}`}`;
  });
  return [...new Set(texts)].join(" and ");
}

/** How the way to a target was read: what a proxy is told inside TLS shows by lengths alone where nothing opened it. */
export function routeSight({ routes, refusals, opened }: TargetMeaning): Grade {
  if (!routes.some(({ overTls }) => overTls)) return "seen";
  return opened || refusals.length > 0 ? "decrypted" : "inferred";
}

/** The host of a `host:port`. */
export function hostOf(target: string): string {
  return target.slice(0, target.lastIndexOf(":"));
}

/** How what stands inside TLS was read. */
export function sight(before: TargetMeaning, after: TargetMeaning): Grade {
  return before.opened || after.opened ? "decrypted" : "seen";
}

/** The first of a list, and how many more there are. */
export function few(texts: readonly string[]): string {
  const shown = texts.slice(0, 6).join(", ");
  return texts.length > 6 ? `${shown} and ${texts.length - 6} more` : shown;
}
