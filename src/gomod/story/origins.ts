import { hostPort } from "../../bytes/text.ts";
import type { StoryOrigin } from "../../flow/story.ts";
import { limits } from "../../limits.ts";
import { parseUrlPlace, type Place } from "../place.ts";
import { present } from "../present.ts";
import { importsOf, isGitRequest } from "../requests.ts";
import type { Ask } from "./ask.ts";
import { requestError } from "./go-error.ts";
import type { Unreached } from "./places.ts";
import { Redirects } from "./redirects.ts";

type GoImport = NonNullable<Ask["imports"]>[number];

interface Repository {
  readonly client: string;
  /** `https://git.example.com/text.git`. */
  readonly url: string;
  /** Host and path as an import path could name them: `git.example.com/text`. */
  readonly path: string;
  readonly base: string;
  readonly flows: Set<number>;
  bytes: number;
  /** Listings of its versions, and answers behind them: of each listing one, the rest is code. */
  listings: number;
  answers: number;
  last: Ask;
}

/**
 * Where modules live by themselves: the pages that told it, the repositories that git read.
 *
 * Invariants: at most so many of each as limits say.
 */
export class OriginBook {
  /** Client and import path → requests for its page, and what they were redirected to. */
  readonly #pages = new Map<string, Ask[]>();
  readonly #repositories = new Map<string, Repository>();

  /** Takes a request for a page or one of git's. */
  note(ask: Ask): void {
    const { go, client } = ask;
    if (go.kind === "discovery") {
      if (go.folded !== "prefix-probe" && go.module !== undefined) this.#notePage(`${client} ${go.module}`, ask);
    } else if (isGitRequest(go.kind)) this.#noteGit(ask, go.repository ?? "");
  }

  #notePage(key: string, ask: Ask): void {
    const held = this.#pages.get(key);
    if (held === undefined) {
      if (this.#pages.size < limits.storyModules) this.#pages.set(key, [ask]);
    } else if (held.length < limits.storyRequests) held.push(ask);
  }

  /* The page asked last, as Go asked for it. */
  #page(client: string, module: string, unreached: Unreached): Ask | undefined {
    const asks = this.#pages.get(`${client} ${module}`);
    if (asks === undefined) return undefined;
    const redirects = new Redirects(
      asks.toSorted((a, b) => a.order - b.order),
      unreached,
    );
    const last = redirects.asks.at(-1);
    return last && redirects.answered(last);
  }

  #noteGit(ask: Ask, repositoryPath: string): void {
    const url = repositoryUrl(ask, repositoryPath);
    const key = `${ask.client} ${url}`;
    let repository = this.#repositories.get(key);
    if (repository === undefined) {
      if (this.#repositories.size >= limits.storyModules) return;
      const path = ask.place.host + repositoryPath.replace(/\.git$/, "");
      repository = {
        client: ask.client,
        url,
        path,
        base: lastElement(path),
        flows: new Set(),
        bytes: 0,
        listings: 0,
        answers: 0,
        last: ask,
      };
      this.#repositories.set(key, repository);
    }
    if (ask.flow !== undefined && repository.flows.size < limits.findingFlows) repository.flows.add(ask.flow);
    repository.bytes += ask.bytes ?? 0;
    if (ask.go.kind === "git-refs") repository.listings++;
    else if (ask.status === 200) repository.answers++;
    if (ask.order >= repository.last.order) repository.last = ask;
  }

  /** Where a module's code was looked for; undefined where nothing of it is visible. */
  of(client: string, module: string, unreached: Unreached): StoryOrigin | undefined {
    const page = this.#page(client, module, unreached);
    const tag = page && tagFor(module, page);
    const repository = this.#repositoryOf(client, module, tag?.root);
    if (repository === undefined) return unread(module, page, tag, unreached);
    return {
      ...present({ discoveredBy: page && placeOf(page), vcs: tag?.vcs }),
      repository: repository.url,
      flows: [...repository.flows].sort((a, b) => a - b),
      bytes: repository.bytes,
      ...(isListed(repository) && { listedOnly: true }),
      ...answerOf(repository.last),
    };
  }

  /** What Go prints where no page told where a module's code is; undefined where one did, or its words are not known. */
  pageError(client: string, module: string, unreached: Unreached): string | undefined {
    const page = this.#page(client, module, unreached);
    if ((page?.status === 200 && page.unusable !== true) || (page !== undefined && tagFor(module, page) !== undefined))
      return undefined;
    const goText = page === undefined && !staticHost.test(module) ? unreached(ownPlace(module))?.goText : undefined;
    const own =
      page === undefined ? goText && `https fetch: Get "https://${module}?go-get=1": ${goText}` : requestError(page);
    return own && `unrecognized import path ${JSON.stringify(page?.go.module ?? module)}: ${own}`;
  }

  /** Modules of which only the origin says something: import paths with a page, repositories named as one. */
  *modules(): Iterable<{ readonly client: string; readonly module: string }> {
    for (const [{ client, go }] of this.#pages.values()) {
      if (go.module !== undefined) yield { client, module: go.module };
    }
    for (const { client, path } of this.#repositories.values()) {
      if (staticHost.test(path)) yield { client, module: path };
    }
  }

  /* By its own path; else by what a page says, or, where no tag was read, by the last element of its name. */
  #repositoryOf(client: string, module: string, root: string | undefined): Repository | undefined {
    const named: Repository[] = [];
    const base = lastElement(module);
    for (const repository of this.#repositories.values()) {
      if (repository.client !== client) continue;
      if (module === repository.path || module.startsWith(`${repository.path}/`)) return repository;
      if (root === undefined ? repository.base === base : isSame(repository.url, root)) named.push(repository);
    }
    return named.length === 1 && this.#pages.has(`${client} ${module}`) ? named[0] : undefined;
  }
}

/* git of protocol version 2 asks for the list of versions by itself, then for what it wants of them. */
function isListed({ listings, answers }: Repository): boolean {
  return answers > 0 && answers <= listings;
}

/* The tag for a module: `mod` goes before version control. Spec: cmd/go/internal/vcs, matchGoImport. */
function tagFor(module: string, { imports: goImports = [] }: Ask): GoImport | undefined {
  const fitting = importsOf(module, { goImports });
  return fitting.find(({ vcs }) => vcs === "mod") ?? fitting.at(0);
}

function isSame(url: string, root: string): boolean {
  return url.replace(/(?:\.git)?\/?$/, "") === root.replace(/(?:\.git)?\/?$/, "");
}

/* No repository was read: the page that tells of it, or why there was none, or why its host was not reached. */
function unread(
  module: string,
  page: Ask | undefined,
  tag: GoImport | undefined,
  unreached: Unreached,
): StoryOrigin | undefined {
  const told = page && ofPage(page, tag);
  if (told !== undefined && (tag === undefined || tag.vcs === "mod")) return told;
  const place = tag === undefined ? ownPlace(module) : parseUrlPlace(tag.root);
  const failure = place && unreached(place);
  if (failure === undefined) return told;
  const { because, flow, frame } = failure;
  return {
    ...present({ discoveredBy: told?.discoveredBy, vcs: told?.vcs, repository: told?.repository }),
    flows: flow === undefined ? [] : [flow],
    bytes: 0,
    failure: because,
    frame,
    grade: "inferred",
  };
}

/* Where a page would tell of a module. */
function ownPlace(module: string): Place {
  return { host: module.split("/", 1)[0], port: 443 };
}

/* That a page came is no success yet; where it has a tag, its status does not matter. */
function ofPage(page: Ask, tag: GoImport | undefined): StoryOrigin {
  const { frame, grade } = page;
  const isTold = (page.status === 200 && page.unusable !== true) || tag !== undefined;
  return {
    discoveredBy: placeOf(page),
    ...present({ vcs: tag?.vcs, repository: tag?.root }),
    flows: page.flow === undefined ? [] : [page.flow],
    bytes: 0,
    ...(isTold ? { ...present({ frame }), grade } : answerOf(page)),
  };
}

function placeOf({ place }: Ask): string {
  return hostPort(place.host, place.port);
}

function answerOf({
  status,
  answer,
  open,
  unusable,
  frame,
  grade,
}: Ask): Pick<StoryOrigin, "status" | "failure" | "frame" | "grade"> {
  const isUnknown = (status !== undefined && unusable !== true) || answer === "" || open === true;
  return { ...present({ status, failure: isUnknown ? undefined : answer, frame }), grade };
}

/** Hosts whose import paths the go command maps itself. */
const staticHost = /^(?:github\.com|bitbucket\.org)\/[^/]+\/[^/]+$/;

function repositoryUrl({ url, place }: Ask, repositoryPath: string): string {
  const root = /^https?:\/\/[^/?#]*/.exec(url)?.[0] ?? `https://${hostPort(place.host, place.port)}`;
  return root + repositoryPath;
}

/** Without a major version suffix. */
function lastElement(path: string): string {
  const elements = path.split("/");
  return (/^v\d+$/.test(elements.at(-1) ?? "") ? elements.at(-2) : elements.at(-1)) ?? path;
}
