import type { Ask } from "./ask.ts";

/** Requests, with what followed the redirects among them behind the one that was redirected first. */
export class Redirects {
  readonly #byKey = new Map<string, Ask>();
  /** Those that Go asked of its own accord, in their order. */
  readonly asks: readonly Ask[];

  constructor(asks: readonly Ask[]) {
    const following = new Set<string>();
    for (const ask of asks) {
      if (ask.key !== "") this.#byKey.set(ask.key, ask);
      if (ask.followedBy !== undefined) following.add(ask.followedBy);
    }
    this.asks = asks.filter(({ key, go }) => !following.has(key) && go.kind !== "storage");
  }

  /** A request as Go prints it: the URL that it asked first, with what came of it at last. */
  answered(ask: Ask): Ask {
    const last = this.last(ask);
    return last === undefined ? ask : { ...last, url: ask.url };
  }

  /** Where the redirects of a request led at last; undefined where there were none, or nobody saw it. */
  last(ask: Ask): Ask | undefined {
    let last: Ask | undefined;
    let next = ask;
    for (let hops = 0; next.followedBy !== undefined && hops < maxRedirects; hops++) {
      const followed = this.#byKey.get(next.followedBy);
      if (followed === undefined) break;
      last = next = followed;
    }
    return last;
  }
}

/** Go follows ten. */
const maxRedirects = 10;
