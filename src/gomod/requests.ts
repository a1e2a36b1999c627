/*
 * What a request means to Go. Module paths and versions stand in the URL with capitals escaped (`!` and lower case)
 * and, in module URLs, the exclamation mark percent-encoded.
 *
 *   BASE/MODULE/@v/list                 versions of a module
 *   BASE/MODULE/@v/VERSION.info|.mod|.zip
 *   BASE/MODULE/@latest
 *   BASE/sumdb/NAME/supported           does this proxy mirror the checksum database NAME?
 *   [BASE/sumdb/NAME]/lookup/MODULE@VERSION
 *   [BASE/sumdb/NAME]/tile/8/LEVEL/N[.p/W]
 *   /PATH?go-get=1                      where does this import path live?
 *   /REPOSITORY/info/refs?service=git-upload-pack, POST /REPOSITORY/git-upload-pack
 */

import type { HttpReport } from "../flow/model.ts";
import type { GoRequestKind } from "../flow/vocabulary.ts";

/** The parts of a request that tell its kind. All text is from the wire and untrusted. */
export interface RequestLine {
  readonly method: string;
  /** With or without a port. */
  readonly host?: string | undefined;
  /** Path and query as sent; may be in absolute form. */
  readonly path: string;
}

/** What a request means to Go. Absent fields do not apply to the kind, or were not written as Go writes them. */
export interface GoRequest {
  readonly kind: GoRequestKind;
  /** Module path, both escapes undone; for discovery the import path. */
  readonly module?: string;
  readonly version?: string;
  /** Path of the module proxy or database under its host, without a slash at its end. */
  readonly base?: string;
  /** Name of the checksum database that a module proxy mirrors. */
  readonly database?: string;
  /** Path of a git repository. */
  readonly repository?: string;
}

/** `example.com/m@v1.0.0`, or the path alone. */
export function moduleName({ module, version }: { readonly module: string; readonly version?: string }): string {
  return version === undefined ? module : `${module}@${version}`;
}

/** The module in which Go distributes toolchains. */
export const toolchainModule = "golang.org/toolchain";

const moduleKinds: ReadonlySet<GoRequestKind> = new Set(["list", "info", "mod", "zip", "latest"]);

/** Whether a request speaks the module proxy protocol; the `/supported` probe does not count. */
export function isModuleRequest(kind: GoRequestKind): boolean {
  return moduleKinds.has(kind);
}

/** Whether a request asks a checksum database, directly or through a module proxy. */
export function isChecksumRequest(kind: GoRequestKind): boolean {
  return kind === "lookup" || kind === "tile";
}

/**
 * Whether a redirect of a module or checksum request seems to lead to a page of another host, to log in or be told no: its
 * path names nothing that was asked for; the query often does. Zips are kept under names of their own.
 */
export function leadsToPage(kind: GoRequestKind, location: string, host = ""): boolean {
  const [, authority, path = ""] = /^https?:\/\/([^/?#]*)([^?#]*)/i.exec(location) ?? [];
  if (kind === "zip" || authority === undefined || authority.toLowerCase() === host.toLowerCase()) return false;
  return !/\/(?:@v\/|@latest|lookup\/|tile\/)/.test(path);
}

/**
 * Whether an answer sends a request that came over https on to plain HTTP: Go gives such a request up, whatever GOINSECURE
 * says of a module proxy. Spec: cmd/go/internal/web, securityPreservingHTTPClient.
 */
export function leadsToPlain({ scheme, status = 0, redirectTo = "" }: HttpReport): boolean {
  return scheme === "https" && status >= 300 && status < 400 && /^http:\/\//i.test(redirectTo);
}

/** Whether an answer is a page for people, which nothing that Go asks for but discovery is. */
export function isPage({ status, contentType = "" }: Pick<HttpReport, "status" | "contentType">): boolean {
  return status === 511 || (status === 200 && /^text\/html\b/i.test(contentType));
}

/** The go-import tags of a page that are for an import path. Spec: cmd/go/internal/vcs, matchGoImport. */
export function importsOf(path: string, { goImports = [] }: Pick<HttpReport, "goImports">): GoImports {
  return goImports.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
}

type GoImports = NonNullable<HttpReport["goImports"]>;

/** Whether a page that came tells nothing of an import path. */
export function isNoPageOf(path: string, report: Pick<HttpReport, "status" | "goImports" | "contentError">): boolean {
  const { status, goImports, contentError } = report;
  return status === 200 && importsOf(path, report).length === 0 && (goImports ?? contentError) !== undefined;
}

/** Whether a request is git's own. */
export function isGitRequest(kind: GoRequestKind): boolean {
  return kind === "git-refs" || kind === "git-upload-pack" || kind === "git-receive-pack";
}

/**
 * Tells what a request is for, by its own words alone. `bases` are paths of module proxies known from elsewhere
 * (GOPROXY); without them the module path is taken to begin at the first element with a dot.
 */
export function classifyRequest(request: RequestLine, bases: readonly string[] = []): GoRequest {
  const { path, query } = splitTarget(request.path);
  const host = (request.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (/(?:^|&)go-get=1(?:&|$)/.test(query)) return discovery(host, path);
  const git = gitRequest(request.method, path, query);
  if (git !== undefined) return git;
  if (request.method === "POST") return { kind: host === "telemetry.go.dev" ? "telemetry" : "other" };
  if (request.method !== "GET" && request.method !== "HEAD") return { kind: "other" };
  /* Its names look like module requests, behind a path of their own. */
  if (host === "storage.googleapis.com" && path.startsWith("/proxy-golang-org-prod/")) return { kind: "storage" };
  return checksumRequest(path) ?? moduleRequest(path, bases) ?? fileRequest(host, path) ?? { kind: "other" };
}

function splitTarget(target: string): { path: string; query: string } {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, "");
  const mark = origin.indexOf("?");
  return mark < 0 ? { path: origin, query: "" } : { path: origin.slice(0, mark), query: origin.slice(mark + 1) };
}

function discovery(host: string, path: string): GoRequest {
  const module = unescapePercent(`${host}${path}`.replace(/\/$/, ""));
  return module === undefined || host === "" ? { kind: "discovery" } : { kind: "discovery", module };
}

function gitRequest(method: string, path: string, query: string): GoRequest | undefined {
  const last = gitEnds.find((end) => path.endsWith(end) && path[path.length - end.length - 1] === "/");
  if (last === undefined) return undefined;
  const repository = path.slice(0, -last.length - 1);
  if (last !== "info/refs") return method === "POST" ? { kind: last, repository } : undefined;
  const service = /(?:^|&)service=([^&]*)/.exec(query)?.[1];
  if (service === "git-receive-pack") return { kind: "git-receive-pack", repository };
  return service === undefined || service === "git-upload-pack" ? { kind: "git-refs", repository } : undefined;
}

const gitEnds = ["info/refs", "git-upload-pack", "git-receive-pack"] as const;

const checksumShape = /^(.*?)\/(supported|lookup\/.+|tile\/\d+\/(?:data|\d+)\/(?:x\d{3}\/)*\d{3}(?:\.p\/\d+)?)$/s;

function checksumRequest(path: string): GoRequest | undefined {
  const [, before = "", last = ""] = checksumShape.exec(path) ?? [];
  if (last === "") return undefined;
  const [, proxyBase, database] = /^(.*)\/sumdb\/([^/]+)$/s.exec(before) ?? [];
  const place = database === undefined ? { base: before } : { base: proxyBase ?? "", database };
  if (last === "supported") return database === undefined ? undefined : { kind: "supported", ...place };
  if (last.startsWith("tile/")) return { kind: "tile", ...place };
  const at = last.lastIndexOf("@");
  const version = unescapeCase(last.slice(at + 1));
  if (at < 0 || version === undefined || !/^v\d[^/]*$/.test(version)) return undefined;
  return { kind: "lookup", ...named(last.slice("lookup/".length, at)), version, ...place };
}

function moduleRequest(path: string, bases: readonly string[]): GoRequest | undefined {
  const slash = path.lastIndexOf("/");
  const last = path.slice(slash + 1);
  const isLatest = last === "@latest" && slash >= 0;
  if (!isLatest && (last === "" || !path.endsWith("/@v", slash))) return undefined;
  const { base, module } = splitBase(path.slice(0, isLatest ? slash : slash - "/@v".length), bases);
  const place = { ...named(module), base };
  if (isLatest) return { kind: "latest", ...place };
  if (last === "list") return { kind: "list", ...place };
  const [, written = "", kind = ""] = /^(.+)\.(info|mod|zip)$/s.exec(last) ?? [];
  if (kind === "") return undefined;
  const version = unescapeCase(written);
  return { kind: kind as GoRequestKind, ...place, ...(version === undefined ? {} : { version }) };
}

function splitBase(path: string, bases: readonly string[]): { base: string; module: string } {
  const known = bases.find((base) => base !== "" && path.startsWith(`${base}/`));
  if (known !== undefined) return { base: known, module: path.slice(known.length + 1) };
  /* The first element of a module path that can be fetched has a dot (module.CheckPath). */
  const elements = path.split("/");
  const dotted = elements.findIndex((element) => element.includes("."));
  const start = dotted < 0 ? 1 : dotted;
  return { base: elements.slice(0, start).join("/"), module: elements.slice(start).join("/") };
}

function named(escaped: string): { module?: string } {
  const module = unescapeCase(escaped);
  return module === undefined || module === "" ? {} : { module };
}

function fileRequest(host: string, path: string): GoRequest | undefined {
  const toolchain = /\/(go\d[^/]*)\.(?:zip|tar\.gz|msi|pkg)$/.exec(path);
  const download = /^\/(?:dl|go)\//.test(path) && ["go.dev", "golang.org", "dl.google.com"].includes(host);
  if (toolchain !== null && download) return { kind: "toolchain", version: toolchain[1] };
  return host === "telemetry.go.dev" ? { kind: "telemetry" } : undefined;
}

/* Undoes the percent escape and then Go's: `!b` is `B`. Undefined where the text is not escaped as Go does it. */
function unescapeCase(text: string): string | undefined {
  const plain = unescapePercent(text);
  if (plain?.includes("!") !== true) return plain;
  if (/!(?![a-z])/.test(plain)) return undefined;
  return plain.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function unescapePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
