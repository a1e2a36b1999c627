import { isModuleRequest } from "./requests.ts";
import type { GoRequest } from "./requests.ts";

/**
 * Requests for one file under several paths at one place. What was never found anywhere, while a longer path was asked
 * for beside it or a shorter one was found, is a guess of `go get`.
 */
export class PrefixProbes<Item> {
  /** Place and file → path → requests. */
  readonly #groups = new Map<string, Map<string, Item[]>>();
  readonly #found = new Set<string>();

  note(place: string, request: GoRequest, status: number | undefined, item: Item): void {
    const { module } = request;
    if (module === undefined) return;
    const file = probedFile(request);
    const tells = file !== undefined || isModuleRequest(request.kind) || request.kind === "lookup";
    if (tells && status === 200) this.#found.add(module);
    if (file === undefined) return;
    const key = `${place}${request.base ?? ""} ${file}`;
    const group = this.#groups.get(key) ?? new Map<string, Item[]>();
    this.#groups.set(key, group);
    const others = group.get(module);
    if (others === undefined) group.set(module, [item]);
    else others.push(item);
  }

  /** The requests that were guesses. */
  *folded(): Iterable<Item> {
    for (const group of this.#groups.values()) {
      if (group.size < 2) continue;
      const prefixes = new Set([...group.keys()].flatMap(properPrefixes));
      for (const [path, items] of group) {
        if (this.#found.has(path)) continue;
        const extendsOne = properPrefixes(path).some((prefix) => group.has(prefix) && this.#found.has(prefix));
        if (prefixes.has(path) || extendsOne) yield* items;
      }
    }
  }
}

/** The file by which `go get` tries prefixes: a query, or the page that tells where code lives. */
function probedFile({ kind, version }: GoRequest): string | undefined {
  if (kind === "info") return `${version ?? ""}.info`;
  return kind === "list" || kind === "latest" || kind === "discovery" ? kind : undefined;
}

/** Import paths in use have at most eight elements. */
const maxElements = 12;

function properPrefixes(path: string): string[] {
  const elements = path.split("/", maxElements);
  return elements.slice(1).map((_, at) => elements.slice(0, at + 1).join("/"));
}
