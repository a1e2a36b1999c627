import { utf8 } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
import type { ContentError, ContentFacts } from "../../protocol/exchange.ts";
import type { GoRequest } from "../requests.ts";
import { KeptContent, type ContentReading } from "./content-sinks.ts";

/** Reads what a module proxy says of a version: JSON with a `Version`. */
export class InfoContent implements ContentReading {
  readonly #kept = new KeptContent(limits.keptContent, false);
  readonly #asked: GoRequest;

  constructor(asked: GoRequest) {
    this.#asked = asked;
  }

  push(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#kept.push(bytes, start, end);
  }

  finish(complete: boolean): Pick<ContentFacts, "error" | "because"> {
    const { kept, because } = this.#kept.finish(complete);
    const error = kept && infoError(utf8(kept), this.#asked);
    return { ...(because !== undefined && { because }), ...(error !== undefined && { error }) };
  }
}

/**
 * What Go has against an .info file or the answer to `@latest`; undefined where it takes it.
 *
 * Spec: cmd/go/internal/modfetch, proxyRepo.Stat; encoding/json. Ignores: times that Go cannot parse.
 */
export function infoError(json: string, { kind, module = "", version = "" }: GoRequest): ContentError | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { kind: "unreadable", text: syntaxError(json) };
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    return {
      kind: "unreadable",
      text: `json: cannot unmarshal ${typeName(value)} into Go value of type modfetch.RevInfo`,
    };
  }
  const named = Object.entries(value ?? {}).findLast(([key]) => key.toLowerCase() === "version")?.[1] as unknown;
  if (typeof (named ?? "") !== "string") {
    const text = `json: cannot unmarshal ${typeName(named)} into Go struct field RevInfo.Version of type string`;
    return { kind: "unreadable", text };
  }
  if (kind !== "info" || named === version || !isVersionOf(module, version)) return undefined;
  const other = ((named ?? "") as string).slice(0, limits.httpText);
  return { kind: "other", text: `proxy returned info for version ${other} instead of requested version` };
}

/* The commonest of Go's words; where another character is wrong they only begin like Go's. */
function syntaxError(json: string): string {
  const [first = ""] = json.trimStart();
  if (first === "") return "unexpected end of JSON input";
  if (/[[{"\-\dtfn]/.test(first)) return "invalid character";
  return `invalid character ${first === "'" ? String.raw`'\''` : `'${first}'`} looking for beginning of value`;
}

function typeName(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}

/*
 * Whether a version is written whole, and has the major version of its path: of a branch, or of v2.0.0 under a path
 * without /v2, another version may be answered. Spec: golang.org/x/mod/module, Check.
 */
function isVersionOf(module: string, version: string): boolean {
  const [, major, incompatible] = /^v(\d+)\.\d+\.\d+(?:-[\dA-Za-z.-]+)?(\+incompatible)?$/.exec(version) ?? [];
  if (major === undefined) return false;
  const [, dotted, slashed] = /(?:gopkg\.in\/.*\.v(\d+)(?:-unstable)?|\/v(\d+))$/.exec(module) ?? [];
  const wanted = dotted ?? slashed;
  return wanted === undefined ? Number(major) < 2 || incompatible !== undefined : major === wanted;
}
