import { counted, hostPort } from "../bytes/text.ts";
import { entryAt, type ProxyListEntry } from "../gomod/proxy-list.ts";
import { isChecksumRequest, isGitRequest, leadsToPlain, toolchainModule } from "../gomod/requests.ts";
import type { TargetedRequest } from "../gomod/target-facts.ts";
import type { Loss } from "./losses.ts";
import type { Words } from "./sighting.ts";
import { forwardProxyMeant, gaveUp, list } from "./wording.ts";

/** What a request that can be read was answered, where that was not what the go command wanted. */
export interface Answer extends TargetedRequest {
  readonly flow: number;
  /** 0 where none came. */
  readonly status: number;
  /** What Go gave up over it. */
  readonly lost: Loss | undefined;
}

/** The words with what was lost: answers over which Go gave modules up. */
export function withLoss(words: Words, lost: readonly Answer[]): Words {
  if (lost.length === 0) return words;
  const modules = [...new Set(lost.map((answer) => answer.lost!.module))];
  return { ...words, detail: words.detail + gaveUp(modules) };
}

/** Words for a page where the protocol expects data. */
export function portalWords(answers: readonly Answer[]): Words {
  const [first] = answers;
  const { redirectTo, contentType } = first.report;
  const what =
    redirectTo === undefined
      ? `${first.status} with ${contentType ?? "a page"}`
      : `${first.status}, a redirect to ${redirectTo}`;
  const [wanted, source, variable] = isChecksumRequest(first.request.kind)
    ? ["checksum", "checksum database", "GOSUMDB"]
    : ["module", "module proxy", "GOPROXY"];
  return {
    title: `${place(first)} answers ${wanted} requests with a page: a login or block page`,
    detail: `${asked(answers)} ${answers.length === 1 ? "was" : "were"} answered ${what}. No ${source} does so: something on the way answers in its place, or the URL in ${variable} is a web page's.`,
    remedy: `Open the URL in a browser and log in there, have the host allowed, or correct ${variable} (the path of the repository's Go endpoint).`,
  };
}

/** Words for an error status. */
export function errorWords(answers: readonly Answer[], proxyList?: readonly ProxyListEntry[]): Words {
  const [first] = answers;
  const separator = entryAt(proxyList, first.target, first.request.base ?? "")?.separator;
  const statuses = [...new Set(answers.map(({ status }) => String(status)))];
  return {
    title: `${place(first)} answered ${list(statuses)} to ${kindName(first)}`,
    detail: `${asked(answers)} ${answers.length === 1 ? "was" : "were"} answered ${list(statuses)}${said(answers)}. ${consequence(first)} Go asks twice for a 4xx over https since 1.24; that is no retry of its own making.`,
    remedy: errorRemedy(answers, separator),
  };
}

/* The server's own words, where it gave some: of two answers to one 4xx Go reads the second. */
function said(answers: readonly Answer[]): string {
  const { path } = answers[0].report;
  const reports = answers.map(({ report }) => report).filter((report) => report.path === path);
  const errorText = reports.find((report) => report.errorText !== undefined)?.errorText;
  const errorReason = reports.find((report) => report.errorReason !== undefined)?.errorReason;
  if (errorText !== undefined) return ` (${quoted(errorText)})`;
  return errorReason === undefined ? "" : ` (${quoted(errorReason)}, in a form that Go does not print)`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\n", " ").replace(/(?<![.:\s])[.:\s]+$/, "")}"`;
}

function consequence({ request, status }: Answer): string {
  if (request.kind === "supported") return "Go takes 200 for a mirror, 404 and 410 for none, and fails on all else.";
  if (isChecksumRequest(request.kind)) return "Without the checksum database's answer Go does not accept the module.";
  if (isGitRequest(request.kind)) return "git cannot fetch the repository without that.";
  return status === 404 || status === 410 ? "" : 'Only 404 and 410 lead on to the next entry of GOPROXY behind ",".';
}

function errorRemedy(answers: readonly Answer[], separator: ProxyListEntry["separator"] | undefined): string {
  const [{ request, status, target }] = answers;
  if (request.kind === "supported")
    return `Have ${target.host} answer 404 (or 200, when it mirrors the checksum database) to /sumdb/…/supported.`;
  if (isChecksumRequest(request.kind)) {
    return status === 404 || status === 410
      ? `The database knows no ${request.module ?? "such module"}: for a private module set GOPRIVATE (or GONOSUMDB) to its path.`
      : "Set GONOSUMDB or GOPRIVATE for private modules, or use a module proxy that mirrors the database.";
  }
  if (status === 401 || status === 403 || isGitRequest(request.kind)) return rightsRemedy(answers);
  return `Look at the log of ${target.host}; ${pastErrors(separator)}.`;
}

/* Whether credentials were sent tells what is wrong with them. */
function rightsRemedy(answers: readonly Answer[]): string {
  const [{ request, status, target, report }] = answers;
  const isGit = isGitRequest(request.kind);
  if (report.go?.kind === "storage" && !isGit) {
    return "Go gives no credentials where a redirect leads: the URL must grant access by itself. Look how the module proxy signs it and for how long, at the clocks of both, and at what changes queries on the way.";
  }
  const sent = answers.find((answer) => answer.report.authorization !== undefined)?.report.authorization;
  if (sent !== undefined && (status === 401 || status === 403)) {
    const origin = isGit ? "git's credential helper, ~/.netrc" : "GOPROXY, ~/.netrc, GOAUTH";
    return `The credentials that were sent (${sent}) do not do for ${target.host}: try them with curl -u, check them where they come from (${origin}), and what that user may read.`;
  }
  if (status === 403 && !isGit) return `Have the module allowed on ${target.host}, or give credentials in .netrc.`;
  return `Give credentials: GOAUTH or a .netrc entry for ${target.host} (Go sends them over https only), for git a credential helper.`;
}

/* What follows the entry of GOPROXY that failed, where that is known, says whether Go can go on. */
function pastErrors(separator: ProxyListEntry["separator"] | undefined): string {
  if (separator === "|")
    return 'the "|" behind it in GOPROXY lets Go go on past such errors, as long as a later entry serves';
  if (separator === "")
    return 'it is the last entry of GOPROXY: to have Go go on, name another one behind it and a "|"';
  return 'to go on past such errors separate the entries of GOPROXY with "|"';
}

/** Words for modules, pages and repositories that are not there. */
export function notFoundWords(answers: readonly Answer[]): Words {
  const [first] = answers;
  const { kind, repository = "?" } = first.request;
  const module = first.report.go?.module ?? first.request.module ?? "?";
  const answered = first.status === 200 ? "with a page that has nothing for Go" : "404 or 410";
  const was = `${asked(answers)} ${answers.length === 1 ? "was" : "were"} answered ${answered}${said(answers)}.`;
  if (kind === "discovery") {
    return {
      title: `${place(first)} does not tell where ${module} lives`,
      detail: `${was} No page with a go-import tag came.`,
      remedy: `Check the import path; its host must answer https://${module}?go-get=1 with a go-import meta tag.`,
    };
  }
  if (isGitRequest(kind)) {
    return {
      title: `${place(first)} has no repository ${repository}`,
      detail: `${was} Hosts say so too where a repository is private and no credentials came.`,
      remedy:
        "Check the path; for a private repository give git credentials (a credential helper, or insteadOf with ssh).",
    };
  }
  const wanted = answers.filter(({ lost }) => lost !== undefined);
  const modules = [...new Set((wanted.length > 0 ? wanted : answers).map(({ request }) => request.module ?? "?"))];
  const { base = "" } = first.request;
  const inBase = base === "" ? "" : `, and whether ${base} is the path of that proxy in GOPROXY`;
  const lacksZip = wanted.length > 0 && wanted.every(({ request }) => request.kind === "zip");
  return {
    title: `${place(first)} has no ${lacksZip ? ".zip of " : ""}${list(modules, 3)}`,
    detail:
      `${was} Go then tries the next entry of GOPROXY, and it asks for ` +
      "prefixes of a path that are no modules: those are normal.",
    remedy: modules.includes(toolchainModule)
      ? "Set GOTOOLCHAIN=local, or a version that exists and that GOPROXY serves."
      : `Check the path and version${inBase}; for a private module set GOPRIVATE, so that it is fetched from its origin.`,
  };
}

/** Words for answers that did not come, or not whole. */
export function brokenOffWords(answers: readonly Answer[]): Words {
  const [first] = answers;
  const { answer, wanted, module } = first.lost!;
  const title = `${place(first)} did not deliver ${wanted === "code" || wanted === "checksum" ? `the ${wanted}` : `the .${wanted}`} of ${module}: ${answer}`;
  const { status = 0, contentError } = first.report;
  if (leadsToPlain(first.report)) {
    return {
      title,
      detail: `${asked(answers)} came over https and was sent on to plain HTTP, where Go does not follow.`,
      remedy: `Have ${first.target.host} redirect to https:// URLs: behind a proxy that ends TLS, set its public base URL, or have X-Forwarded-Proto passed on.`,
    };
  }
  if (status >= 300 && status < 400) {
    return {
      title,
      detail: `${asked(answers)} was sent on for the tenth time, and Go stops there.`,
      remedy: `Have ${first.target.host} answer instead of redirecting in a circle: compare its rewrite rules with those of the proxies before it.`,
    };
  }
  if (contentError !== undefined) {
    return {
      title,
      detail: `${asked(answers)} was answered with what Go does not take: ${contentError.text}.`,
      remedy: `Fetch it from ${first.target.host} by hand: an empty or cut file is damaged in its store, another version or module comes of a wrong route there.`,
    };
  }
  return {
    title,
    detail: `${asked(answers)} did not get its whole answer.`,
    remedy: `Try again; if it stays so, look at the log of ${first.target.host}, and at what stands between (timeouts, size limits).`,
  };
}

/** Words for GOPROXY at a forward proxy. */
export function forwardProxyWords(answers: readonly Answer[]): Words {
  const [first] = answers;
  /* With its port, which HTTPS_PROXY needs: Go and git take different ones for none. */
  const proxy = hostPort(first.target.host, first.target.port);
  const { detail, remedy } = forwardProxyMeant(proxy);
  return {
    title: `GOPROXY points at ${proxy}, which is a forward proxy`,
    detail: `${asked(answers)}, in origin form: ${first.status} came back. ${detail}`,
    remedy,
  };
}

function place({ target }: Answer): string {
  return target.port === 80 || target.port === 443 ? target.host : hostPort(target.host, target.port);
}

function asked(answers: readonly Answer[]): string {
  const [{ report }] = answers;
  return answers.length === 1
    ? `The request for ${report.path ?? ""}`
    : `${counted(answers.length, "request")}, the first for ${report.path ?? ""},`;
}

function kindName({ request }: Answer): string {
  if (request.kind === "supported") return "the question whether it mirrors the checksum database";
  if (isChecksumRequest(request.kind)) return "a checksum request";
  return isGitRequest(request.kind) ? "git" : "a module request";
}
