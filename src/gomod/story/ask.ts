import { hostPort } from "../../bytes/text.ts";
import { noGoImports } from "../../flow/answer-text.ts";
import type { Flow, HttpReport, Timestamp } from "../../flow/model.ts";
import type { GoExchange, StoryFile } from "../../flow/story.ts";
import type { Grade } from "../../grade.ts";
import type { LoggedAnswer } from "../command-log.ts";
import type { Failure } from "../failure.ts";
import { urlAuthority, type Place } from "../place.ts";
import { present } from "../present.ts";
import { entryAt } from "../proxy-list.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import { statusText } from "../status-text.ts";
import { spokenRequests, type SeenRequest } from "../target-facts.ts";
import { isOtherLibrary, type Program } from "../program.ts";
import { isNoPageOf, isPage, leadsToPlain } from "../requests.ts";
import { endingOf, type Ending } from "./ending.ts";
import { elapsed, microseconds } from "./time.ts";

/** Something that the Go command asked for, from the wire or from its own log. */
export interface Ask {
  readonly client: string;
  readonly place: Place;
  readonly url: string;
  readonly go: GoExchange;
  /** Absent where the answer did not come whole. */
  readonly status?: number;
  /** `200 OK`, Go's words for what failed, or `no answer`. */
  readonly answer: string;
  /** What an error came with. */
  readonly detail?: string;
  /** Why the server refused, in a form that Go does not print. */
  readonly reason?: string;
  /** What Go prints where it could not use what came; absent where its words cannot be told. */
  readonly printed?: string;
  /** What came is not what Go wants: a web page, a damaged file, another version. */
  readonly unusable?: true;
  /** Why Go tried no other entry of GOPROXY, whatever separator follows. */
  readonly last?: string;
  /** Where a page says that code lives. */
  readonly imports?: HttpReport["goImports"];
  /** Some other program than Go or git asked. */
  readonly foreign?: true;
  /** What became of it the capture does not show. */
  readonly open?: true;
  readonly bytes?: number;
  readonly start?: Timestamp;
  readonly seconds?: number;
  readonly redirectedTo?: string;
  /** Key of the exchange that followed the redirect. */
  readonly followedBy?: string;
  /** Key of this exchange; empty for the log's. */
  readonly key: string;
  /** Frame of the request, or its place in the log. */
  readonly order: number;
  readonly flow?: number;
  readonly frame?: number;
  readonly grade: Grade;
}

/** The module proxy that was asked, as GOPROXY would name it. */
export function proxyUrl({ url, go }: Pick<Ask, "url" | "go">): string {
  const root = /^https?:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
  return root + (go.base ?? "");
}

/** Whether an ask got what it asked for. */
export function isServed({ status, unusable }: Ask): boolean {
  return (status === 200 || status === 204) && unusable !== true;
}

/** What a flow asked for. Exchanges without a meaning to Go are left out. */
export function* asksOf(flow: Flow, failure: Failure | undefined): Iterable<Ask> {
  const again = secondAnswers(flow);
  for (const { report, target, exchange, program } of spokenRequests(flow)) {
    const { go } = report;
    if (go === undefined || go.kind === "other") continue;
    const { redirectFlow, redirectExchange } = report;
    const ending = endingOf(report, flow, failure);
    const answered = ending === undefined ? report.responseTime : flow.end;
    const seconds = elapsed(report.requestTime, answered);
    const url = urlOf(report, target);
    const second = again.get(report.path);
    yield {
      client: flow.client.address,
      place: target,
      url,
      go,
      bytes: report.responseBytes,
      ...present({ start: report.requestTime, seconds, redirectedTo: report.redirectTo }),
      ...present({ detail: report.errorText ?? second?.errorText, reason: report.errorReason ?? second?.errorReason }),
      ...present({ imports: report.goImports }),
      ...(ending === undefined ? wholeAnswer(report, go, url) : noAnswer(ending, report, url)),
      ...(redirectFlow !== undefined && { followedBy: `${redirectFlow} ${redirectExchange ?? 0}` }),
      key: `${flow.id} ${exchange}`,
      order: report.requestFrame,
      flow: flow.id,
      frame: report.requestFrame,
      grade: report.grade,
      ...(isForeign(program, flow) && { foreign: true }),
    };
  }
}

/* Go leaves the first of two answers to one 4xx unread, over HTTP/2 mid-way, and prints the text of the second. */
function secondAnswers({ http }: Flow): ReadonlyMap<string, HttpReport> {
  return new Map(http.flatMap((report) => (report.go?.folded === "doubled" ? [[report.path ?? "", report]] : [])));
}

function isForeign(program: Program | undefined, flow: Flow): boolean {
  return program === "foreign" || program === "browser" || (program === "go" && isOtherLibrary(flow));
}

type Answered = Pick<Ask, "status" | "answer" | "detail" | "printed" | "unusable" | "last" | "open">;

function wholeAnswer(report: SeenRequest, go: GoExchange, url: string): Answered {
  const status = report.status!;
  const answer = statusText(status, report.reason);
  if (leadsToPlain(report) && report.redirectFlow === undefined && wantedData.has(go.kind)) {
    const plain = report.redirectTo!;
    return {
      answer: `${answer} to plain HTTP, ${plain}`,
      printed: `Get "${plain}": redirected from secure URL ${url} to insecure URL ${plain}`,
    };
  }
  if (go.kind === "discovery" && isNoPageOf(go.module ?? "", report))
    return uselessPage(report, go.module ?? "", answer);
  const why = status === 200 && wantedData.has(go.kind) ? contentError(report, go, url) : undefined;
  if (why === undefined) return { status, answer };
  const isInfo = go.kind === "info" || go.kind === "latest";
  /* What other files hold Go looks at when it has them. */
  const last = isInfo ? undefined : `Go took the ${isPage(report) ? "page" : "answer"} for the file`;
  return { status, answer: `${answer}, ${why.what}`, unusable: true, ...present({ printed: why.printed, last }) };
}

/* Spec: cmd/go/internal/vcs, ImportMismatchError. */
function uselessPage({ status, goImports = [] }: SeenRequest, path: string, answer: string): Answered {
  const misfits = goImports.map(({ prefix }) => `meta tag ${prefix} did not match import path ${path}`);
  const detail = noGoImports(misfits);
  return { ...present({ status }), answer: `${answer}, ${detail}`, detail, unusable: true };
}

/* What is wrong with the content of an answer, and what Go prints of it, as far as its words can be told. */
function contentError(
  report: SeenRequest,
  go: GoExchange,
  url: string,
): { what: string; printed: string | undefined } | undefined {
  if (isPage(report)) return { what: "a web page", printed: pageError(go, url) };
  const { kind, text } = report.contentError ?? {};
  if (text === undefined) return undefined;
  const isInfo = go.kind === "info" || go.kind === "latest";
  if (kind === "unreadable") {
    return { what: `of no use: ${text}`, printed: isInfo ? invalidResponse(go, url, text) : text };
  }
  const printed = isInfo ? text : `zip for ${go.module ?? ""}@${go.version ?? ""} has ${text}`;
  return { what: `of something else: ${text}`, printed };
}

/* Of a list Go takes the lines that are versions, none of a page. */
const wantedData: ReadonlySet<string> = new Set(["info", "latest", "mod", "zip", "storage", "lookup", "tile"]);

/* Spec: cmd/go/internal/modfetch, proxyRepo; archive/zip. */
function pageError(go: GoExchange, url: string): string | undefined {
  const { kind } = go;
  if (kind === "zip" || kind === "storage") return "zip: not a valid zip file";
  if (kind !== "info" && kind !== "latest") return undefined;
  return invalidResponse(go, url, "invalid character '<' looking for beginning of value");
}

function invalidResponse(go: GoExchange, url: string, why: string): string {
  return `invalid response from proxy "${proxyUrl({ url, go })}": ${why}`;
}

function noAnswer({ answer, goText, open, left }: Ending, { status }: SeenRequest, url: string): Answered {
  const verb = status === undefined ? "Get" : "read";
  const last = left && "the command was ended there";
  return { answer, ...present({ printed: goText && `${verb} "${url}": ${goText}`, last, open }) };
}

/** What the log of a command says was asked for. */
export function loggedAsk(
  answer: LoggedAnswer,
  client: string,
  list: readonly ProxyListEntry[] | undefined,
): Ask | undefined {
  const { host, port, status, text, seconds, order } = answer;
  const { kind, module, version, base, database, repository } = answer;
  if (kind === "other") return undefined;
  const place = { host, port };
  const entry = kind === "discovery" ? undefined : entryAt(list, place, base ?? "")?.text;
  const go: GoExchange = { kind, ...present({ module, version, base, database, repository, entry }) };
  return {
    client,
    place,
    url: answer.url,
    go,
    ...present({ status, seconds }),
    answer: text ?? "no answer",
    ...(text !== undefined &&
      status === undefined && { printed: `${answer.cut === true ? "read" : "Get"} "${answer.url}": ${text}` }),
    key: "",
    order,
    grade: "inferred",
  };
}

/** The status of what came, or what failed where nothing of use did. */
export function resultOf({ status, answer, unusable }: Ask): Pick<StoryFile, "status" | "failure"> {
  return status === undefined || unusable === true ? { failure: answer } : { status };
}

/** The file that an ask got, as the story tells it. */
export function fileOf(ask: Ask, followed: Ask | undefined): StoryFile {
  const last = followed ?? ask;
  return {
    servedBy: hostPort(ask.place.host, ask.place.port),
    ...resultOf(last),
    ...present({ bytes: last.bytes }),
    ...(ask.seconds !== undefined && { seconds: microseconds(ask.seconds + (followed?.seconds ?? 0)) }),
    ...(ask.redirectedTo !== undefined && {
      redirectedTo: followed === undefined ? ask.redirectedTo : hostPort(followed.place.host, followed.place.port),
    }),
    ...present({ flow: last.flow, frame: last.frame }),
    grade: ask.grade,
  };
}

function urlOf({ requestTarget, scheme = "http", path }: SeenRequest, place: Place): string {
  return requestTarget.startsWith("/") ? `${scheme}://${urlAuthority(scheme, place)}${path}` : requestTarget;
}
