import { hostPort } from "../bytes/text.ts";
import type { Flow, Target } from "../flow/model.ts";
import type { Seen } from "./sighting.ts";

/** `a, b and c`; beyond `most` the rest are counted. */
export function list(items: readonly string[], most = 5): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  if (shown.length < 2) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

/** A target as people name it: the port only where it is not that of https. */
export function targetName({ host, port }: Pick<Target, "host" | "port">): string {
  return port === 443 ? host : hostPort(host, port);
}

/** The forward proxy of a flow that went, or meant to go, through one. */
export function proxyName({ route, server, target, role }: Flow): string {
  if (route.proxy !== undefined) return hostPort(route.proxy.name ?? route.proxy.address, route.proxy.port);
  return role === "forward-proxy" ? hostPort(target.host, target.port) : hostPort(server.address, server.port);
}

/** A sentence on what came after a failure. */
export function outcome({ flow, recoveredBy, perhapsRecoveredBy, failure, context }: Seen): string {
  if (failure === undefined) return "";
  const lost = context.losses.at(flow.id);
  if (lost !== undefined) return gaveUp([lost.module]);
  if (recoveredBy !== undefined) return ` Flow ${recoveredBy} made it good.${atDatabase(flow, context)}`;
  return perhapsRecoveredBy === undefined
    ? " No later flow of this client made it good."
    : ` Whether flow ${perhapsRecoveredBy} made it good cannot be told: the capture has not all of it.`;
}

/** A sentence on the modules that were lost with it. */
export function gaveUp(modules: readonly string[]): string {
  return ` Go gave up over it: ${list(modules)} did not come.`;
}

/** Detail that ends with an outcome, where Go failed although another flow came through. */
export function failedAllTheSame(detail: string): string {
  return detail.replace(/( Flow \d+) made it good\./, "$1 came through, and yet Go failed.");
}

/* The question for the database goes the way of modules; behind an error its own host is asked for direct alone. */
function atDatabase(flow: Flow, { configuration, outcomes }: Seen["context"]): string {
  const { proxyList = [], checksumDatabase } = configuration ?? {};
  const { host, port } = flow.target;
  if (checksumDatabase === undefined || checksumDatabase.off || checksumDatabase.explicitUrl) return "";
  const isEntry = proxyList.some(({ url }) => url?.host === host && url.port === port);
  if (!isEntry || proxyList.some(({ kind }) => kind === "direct") || outcomes.reached(flow)) return "";
  return " Checksums fail all the same unless that proxy mirrors the database: Go asks its own host behind an error only where GOPROXY has direct.";
}

/** What tells a GOPROXY that names a forward proxy from what was meant, and what to set. */
export function forwardProxyMeant(place: string): { readonly detail: string; readonly remedy: string } {
  return {
    detail:
      "A forward proxy (HTTPS_PROXY) passes requests on; a module proxy (GOPROXY) has modules under its own paths.",
    remedy: `Set HTTPS_PROXY=http://${place}, and GOPROXY to a module proxy (https://proxy.golang.org,direct).`,
  };
}

/** Frames that show a flow, for rules without a closer proof. */
export function ends({ frames }: Flow): readonly number[] {
  return [frames.first, frames.last];
}

/** What the target is for, as an apposition; `end` closes it where the sentence goes on. */
export function purpose({ role }: Flow, end = ""): string {
  const what = purposes[role];
  return what === undefined ? "" : `, ${what}${end}`;
}

const purposes: Readonly<Partial<Record<Flow["role"], string>>> = {
  "module-proxy": "the module proxy",
  sumdb: "the checksum database",
  storage: "where the module proxy's large zips are",
  vcs: "where the code lives",
  discovery: "which tells where the code lives",
  toolchain: "where toolchains come from",
  "forward-proxy": "the forward proxy",
};

/** How openssl s_client goes the way of a flow. */
export function reaching({ route, server, target }: Pick<Flow, "route" | "server" | "target">): string {
  const place = hostPort(server.address, server.port);
  return route.kind === "http-connect"
    ? `-proxy ${place} -connect ${shellWord(hostPort(target.host, target.port))}`
    : `-connect ${place}`;
}

/** Text as one word of a shell: names from the wire are pasted into terminals. */
export function shellWord(text: string): string {
  return /^[\w.:@%+,/[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
