/*
 * What `go … -x` writes to standard error:
 *
 *   # get URL                                       a request is sent
 *   # get URL: 200 OK (0.013s)                      its answer; of a 4xx that is asked twice, the second alone
 *   # get URL: Get "URL": Forbidden                 it failed: a proxy's refusal, TLS, the network
 *   mkdir -p …/vcs # git3 https://host/repository   a repository that is read
 *   go: MODULE@VERSION: reading URL: 404 Not Found  an error, with indented lines that belong to it
 *   go: MODULE@VERSION: read "URL": unexpected EOF  an error: the content of an answer did not come whole
 *   GOAUTH encountered errors for URL:              of every 4xx without credentials; the next line, indented, says why
 */
import { withoutSecrets } from "../bytes/secret-text.ts";
import { limits } from "../limits.ts";
import { parseUrlPlace } from "./place.ts";
import { classifyRequest } from "./requests.ts";
import type { GoRequest } from "./requests.ts";

/** A request or repository that `go … -x` announced. */
export interface LoggedRequest extends GoRequest {
  readonly host: string;
  readonly port: number;
  /** The file that says so. */
  readonly source: string;
}

/** A request or repository of the log with what became of it. */
export interface LoggedAnswer extends LoggedRequest {
  /** Userinfo masked. */
  readonly url: string;
  /** Place among the requests of the log. */
  readonly order: number;
  readonly status?: number | undefined;
  /** The answer broke off: `text` says how. */
  readonly cut?: true;
  /** `404 Not Found`, or Go's words for what failed; empty for a repository; absent where the log has no answer. */
  readonly text?: string;
  readonly seconds?: number;
}

/** What a log says. */
export interface CommandLog {
  /** One request for each place and kind, of discovery one for each import path. */
  readonly requests: readonly LoggedRequest[];
  readonly answers: readonly LoggedAnswer[];
  /** Modules that were added, `module@version`. */
  readonly added: readonly string[];
  /** What Go printed as error, each with the lines that belong to it. */
  readonly errors: readonly { readonly text: string; readonly source: string }[];
}

const requestLine = /^# get (https?:\/\/\S+?)(?:: (.*))?$/;
const repositoryLine = /# git\d* (https?:\/\/\S+)$/;
const addedLine = /^go: added (\S+) (v\S+)$/;
const progress =
  /^go: (?:(?:downloading|added|upgraded|downgraded|removed|finding|found|extracting|creating|adding|updates?|to add|warning|writing) |module \S+ is deprecated|no module dependencies to )/;
const authLine = /^GOAUTH encountered errors for (\S+):$/;
/* The command itself may hold a password. */
const authReason = /^\s+GOAUTH=.*: ([^:]+)$/;
const unauthorized = /: reading (\S+): 40[13] /;
const readError = /: read "([^"]+)": (.+)$/;
const errorLine = /^(?:go(?: get| mod download)?: |verifying )\S|^package \S+ is not a main package$/;

/** Whether a text is what `go get` and `go mod download` print, with or without `-x`. */
export function isCommandLog(text: string): boolean {
  return (
    /^# get https?:\/\//m.test(text) ||
    /^mkdir -p .*# git\d* https?:\/\//m.test(text) ||
    /^go(?: get| mod download)?: \S/m.test(text)
  );
}

/** Reads a log. Ignores: what is neither a request nor an addition nor an error. */
export function parseCommandLog(source: string, text: string): CommandLog {
  const requests = new Map<string, LoggedRequest>();
  const answers = new Answers();
  const added: string[] = [];
  const errors: { text: string; source: string }[] = [];
  const credentials = new MissingCredentials();
  let inError = false;
  for (const whole of text.split(/\r?\n/)) {
    const line = whole.slice(0, limits.logLine);
    if (inError && continued(errors, line)) continue;
    credentials.read(line);
    inError = isError(line) && errors.length < limits.findings;
    if (inError) {
      errors.push({ text: withoutSecrets(line), source });
      answers.cut(line);
    }
    if (addedLine.test(line)) added.push(line.replace(addedLine, "$1@$2"));
    const request = line === whole ? answers.read(line, source) : undefined;
    const key = request === undefined ? "" : requestKey(request);
    if (request === undefined || requests.has(key) || requests.size >= limits.loggedRequests) continue;
    requests.set(key, request);
  }
  for (const error of errors) error.text += credentials.explain(error.text);
  return { requests: [...requests.values()], answers: answers.list, added, errors };
}

/** Why commands of GOAUTH gave no credentials: Go tells it of each 4xx, also where none were needed. */
class MissingCredentials {
  /** URL → reason. */
  readonly #reasons = new Map<string, string>();
  #url = "";

  read(line: string): void {
    const reason = authReason.exec(line)?.[1];
    if (this.#url !== "" && reason !== undefined && this.#reasons.size < limits.findings)
      this.#reasons.set(this.#url, reason);
    this.#url = authLine.exec(line)?.[1] ?? "";
  }

  /** What belongs behind an error for want of rights; empty where nothing does. */
  explain(error: string): string {
    const reason = this.#reasons.get(unauthorized.exec(error)?.[1] ?? "");
    return reason === undefined ? "" : `; the command of GOAUTH failed: ${reason}`;
  }
}

function isError(line: string): boolean {
  return errorLine.test(line) && !progress.test(line) && !isSwitch(line);
}

/** `go: MODULE requires go >= 1.26.0; switching to go1.26.2`: cmd/go/internal/toolchain/switch.go. */
function isSwitch(line: string): boolean {
  return line.includes(" requires go >= ") && line.includes("; switching to ");
}

/* A place and what it was asked for; of discovery each import path. */
function requestKey({ kind, host, port, module = "" }: LoggedRequest): string {
  return `${kind} ${host}:${port} ${kind === "discovery" ? module : ""}`;
}

/** Go indents what belongs to an error. Adds such a line to the last one. */
function continued(errors: { text: string }[], line: string): boolean {
  const last = errors.at(-1);
  if (last === undefined || !line.startsWith("\t") || last.text.length > limits.httpText) return false;
  last.text += ` ${withoutSecrets(line.trim())}`;
  return true;
}

function requestOf(url: string, isGet: boolean, source: string): LoggedRequest | undefined {
  const place = parseUrlPlace(url);
  if (place === undefined) return undefined;
  const { scheme, host, port } = place;
  const slash = url.indexOf("/", scheme.length + 3);
  const path = slash < 0 ? "/" : url.slice(slash);
  const request: GoRequest = isGet
    ? classifyRequest({ method: "GET", host, path })
    : { kind: "git-refs", repository: place.path };
  return { ...request, host, port, source };
}

/** Announced requests and their answers: the same URL is answered in the order in which it was asked. */
class Answers {
  readonly list: LoggedAnswer[] = [];
  /** URL → places in the list of requests without an answer. */
  readonly #open = new Map<string, number[]>();

  /** Takes a line; gives the request that it names. */
  read(line: string, source: string): LoggedRequest | undefined {
    const [, url, result] = requestLine.exec(line) ?? [];
    if (url !== undefined) {
      const announced = result === undefined ? undefined : this.#open.get(url)?.shift();
      const request = this.list[announced ?? -1] ?? requestOf(url, true, source);
      if (request !== undefined) this.#take(url, request, result, announced);
      return request;
    }
    const repository = repositoryLine.exec(line)?.[1];
    const request = repository === undefined ? undefined : requestOf(repository, false, source);
    if (request !== undefined) this.#announce(repository!, request, "");
    return request;
  }

  /** Takes an error: of an answer whose content did not come whole the log has the status, too. */
  cut(error: string): void {
    const [, url, why] = readError.exec(error) ?? [];
    const at = url === undefined ? -1 : this.list.findLastIndex((answer) => answer.url === withoutSecrets(url));
    if (at < 0) return;
    this.list[at] = { ...this.list[at], status: undefined, text: withoutSecrets(why), cut: true };
  }

  #take(url: string, request: LoggedRequest, result: string | undefined, announced = this.list.length): void {
    if (result === undefined) {
      const open = this.#open.get(url) ?? [];
      open.push(this.list.length);
      this.#open.set(url, open);
      this.#announce(url, request);
    } else if (announced < limits.loggedRequests) {
      this.list[announced] = { ...request, url: withoutSecrets(url), order: announced, ...parseResult(url, result) };
    }
  }

  #announce(url: string, request: LoggedRequest, text?: string): void {
    if (this.list.length >= limits.loggedRequests) return;
    this.list.push({
      ...request,
      url: withoutSecrets(url),
      order: this.list.length,
      ...(text !== undefined && { text }),
    });
  }
}

function parseResult(url: string, result: string): Pick<LoggedAnswer, "status" | "text" | "seconds"> {
  const [, text = result, seconds] = /^(.*) \((\d+\.\d+)s\)$/.exec(result) ?? [];
  const status = seconds === undefined ? undefined : /^(\d{3})(?: |$)/.exec(text)?.[1];
  return {
    ...(status !== undefined && { status: Number(status) }),
    text: withoutSecrets(text.replace(`Get "${url}": `, "")),
    ...(seconds !== undefined && { seconds: Number(seconds) }),
  };
}
