import { parseUrlPlace } from "../place.ts";
import { present } from "../present.ts";
import type { Ask } from "./ask.ts";
import type { Unreached } from "./places.ts";

/** Requests, with what followed the redirects among them behind the one that was redirected first. */
export class Redirects {
  readonly #byKey = new Map<string, Ask>();
  readonly #unreached: Unreached;
  /** Those that Go asked of its own accord, in their order. */
  readonly asks: readonly Ask[];

  constructor(asks: readonly Ask[], unreached: Unreached) {
    this.#unreached = unreached;
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
    let redirects = 1;
    for (; next.followedBy !== undefined && redirects < maxRedirects; redirects++) {
      const followed = this.#byKey.get(next.followedBy);
      if (followed === undefined) break;
      last = next = followed;
    }
    return this.#given(next, redirects) ?? last;
  }

  /* A redirect that Go did not follow, because it was one too many or led to a place that nobody reached. */
  #given(end: Ask, redirects: number): Ask | undefined {
    const { status = 0, flow, ...rest } = end;
    const { redirectedTo, followedBy, answer } = end;
    if (redirectedTo === undefined || status < 300 || status > 399) return undefined;
    if (redirects === maxRedirects) {
      const printed = `Get "${redirectedTo}": stopped after ${maxRedirects} redirects`;
      return { ...rest, ...present({ flow }), answer: `${answer}, redirect ${maxRedirects} in a row`, printed };
    }
    const place = followedBy === undefined ? parseUrlPlace(redirectedTo) : undefined;
    const failure = place && this.#unreached(place);
    if (place === undefined || failure === undefined) return undefined;
    const { because, goText, flow: failed, frame } = failure;
    const printed = goText && `Get "${redirectedTo}": ${goText}`;
    return { ...rest, place, answer: because, ...present({ printed, flow: failed }), frame };
  }
}

/** Go follows nine, and stops at the tenth. Spec: cmd/go/internal/web, checkRedirect. */
const maxRedirects = 10;
