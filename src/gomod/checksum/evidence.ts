import type { FlowFacts } from "../../flow/store.ts";
import { limits } from "../../limits.ts";
import type { ContentFacts, HttpExchange } from "../../protocol/exchange.ts";
import { askedDatabase } from "../checksum-database.ts";
import { defaultPort, parsePlace } from "../place.ts";
import { classifyRequest, type GoRequest } from "../requests.ts";
import { parseTilePath, type Tile } from "./tlog.ts";

/** Where something was seen: flow, and frame of the request. */
interface Sighted {
  readonly flow: number;
  readonly frame: number;
}

/** A module's zip or go.mod file that was delivered, at once or by a redirect. */
export interface Download extends Sighted {
  readonly module: string;
  readonly version: string;
  readonly kind: "zip" | "mod";
  readonly h1?: string;
  /** Why there is no hash. */
  readonly because?: string;
}

/** An answer to a lookup. */
export interface LookupAnswer extends Sighted {
  readonly module: string;
  readonly version: string;
  readonly database: string;
  readonly content: ContentFacts | undefined;
}

export interface TileAnswer {
  readonly database: string;
  readonly tile: Tile;
  readonly hashes: Uint8Array;
}

/** All that flows show of checksums. */
export interface ChecksumEvidence {
  readonly downloads: readonly Download[];
  readonly lookups: readonly LookupAnswer[];
  readonly tiles: readonly TileAnswer[];
  /** Downloads and lookups beyond the caps. */
  readonly more: number;
}

interface Redirected extends Sighted {
  readonly request: GoRequest;
  readonly location: string;
}

type Content = ContentFacts | undefined;

/** Gathers the evidence of all flows. `bases` are paths of module proxies known from GOPROXY. */
export function gatherEvidence(flows: Iterable<FlowFacts>, bases: readonly string[]): ChecksumEvidence {
  const gatherer = new Gatherer(bases);
  for (const { connection, layers } of flows) {
    let scheme: "http" | "https" = "http";
    for (const layer of layers) {
      if (layer.layer === "tls") scheme = "https";
      if (!("exchanges" in layer)) continue;
      for (const exchange of layer.exchanges) gatherer.exchange(connection.id, scheme, exchange);
    }
  }
  return gatherer.conclude();
}

class Gatherer {
  readonly #bases: readonly string[];
  readonly #downloads: Download[] = [];
  readonly #lookups: LookupAnswer[] = [];
  readonly #tiles: TileAnswer[] = [];
  readonly #redirected: Redirected[] = [];
  /** Answers that may be where a redirect led, by URL. */
  readonly #files = new Map<string, Sighted & { readonly content: ContentFacts }>();
  /** URLs that gave a file under a name like a module proxy's. */
  readonly #named = new Set<string>();
  #more = 0;

  constructor(bases: readonly string[]) {
    this.#bases = bases;
  }

  exchange(flow: number, scheme: string, exchange: HttpExchange): void {
    const { method, requestTarget: path, host, status = 0, requestFrame: frame } = exchange;
    if (method !== "GET" || status < 200 || status >= 400) return;
    const request = classifyRequest({ method, path, host }, this.#bases);
    const url = absoluteUrl(path, `${scheme}://${host ?? ""}/`);
    if (status >= 300) this.#redirect(request, url, { flow, frame }, exchange.location);
    else if (status === 200) this.#answer(request, url, { flow, frame }, exchange);
  }

  #redirect(request: GoRequest, url: string, sighted: Sighted, location: string | undefined): void {
    if (location === undefined || !isDownload(request)) return;
    this.#redirected.push({ ...sighted, request, location: absoluteUrl(location, url) });
  }

  #answer(request: GoRequest, url: string, sighted: Sighted, exchange: HttpExchange): void {
    const { content, requestTarget } = exchange;
    if (request.kind === "lookup") this.#lookup(request, sighted, databaseOf(request, url), content);
    else if (request.kind === "tile") this.#tile(requestTarget, databaseOf(request, url), content);
    else if (isDownload(request)) {
      this.#named.add(url);
      this.#download(request, sighted, content);
    } else if (content?.h1 !== undefined || content?.because !== undefined)
      this.#files.set(url, { ...sighted, content });
  }

  conclude(): ChecksumEvidence {
    for (const { request, location, flow, frame } of this.#redirected) {
      const file = this.#files.get(location);
      if (file !== undefined) this.#download(request, file, file.content);
      else if (!this.#named.has(location))
        this.#download(request, { flow, frame }, undefined, "it was redirected to a place whose answer cannot be seen");
    }
    return { downloads: this.#downloads, lookups: this.#lookups, tiles: this.#tiles, more: this.#more };
  }

  #download(request: GoRequest, { flow, frame }: Sighted, content: ContentFacts | undefined, unseen?: string): void {
    const { kind, module, version } = request;
    if (module === undefined || version === undefined) return;
    if (this.#downloads.length >= limits.checksumRecords) {
      this.#more++;
      return;
    }
    const because = content?.because ?? unseen ?? "its content cannot be read";
    const made = content?.h1 === undefined ? { because } : { h1: content.h1 };
    this.#downloads.push({ module, version, kind: kind === "mod" ? "mod" : "zip", flow, frame, ...made });
  }

  #lookup({ module, version }: GoRequest, sighted: Sighted, database: string, content: Content): void {
    if (module === undefined || version === undefined) return;
    if (this.#lookups.length < limits.checksumLookups) {
      this.#lookups.push({ module, version, database, content, ...sighted });
    } else {
      this.#more++;
    }
  }

  #tile(path: string, database: string, content: Content): void {
    const tile = parseTilePath(path.slice(path.lastIndexOf("tile/")));
    if (tile === undefined || content?.kept === undefined || !content.complete) return;
    this.#tiles.push({ database, tile, hashes: content.kept });
  }
}

function isDownload({ kind }: GoRequest): boolean {
  return kind === "zip" || kind === "mod";
}

function databaseOf(request: GoRequest, url: string): string {
  const [, scheme = "https", authority = ""] = /^(https?):\/\/([^/?#]*)/.exec(url) ?? [];
  return askedDatabase(request, scheme, parsePlace(authority, defaultPort(scheme)) ?? { host: authority, port: 0 });
}

/** One spelling of a URL, as the base completes it; the text itself where it is none. */
function absoluteUrl(text: string, base: string): string {
  try {
    const url = new URL(text, base);
    url.hash = "";
    return url.href;
  } catch {
    return text;
  }
}
