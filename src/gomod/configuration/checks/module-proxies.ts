import { parseProxyList, type EntryProblem, type ProxyListEntry } from "../../proxy-list.ts";
import type { GoConfiguration } from "../configuration.ts";
import { valueOf } from "../resolution.ts";
import { shownValue } from "../shown.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What is wrong with GOPROXY. Spec: cmd/go/internal/modfetch, proxyList, newProxyRepo. */
export function* moduleProxyWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const value = valueOf(configuration, "GOPROXY");
  const list = parseProxyList(value);
  const common = { variable: "GOPROXY", ...sourceOf(configuration, "GOPROXY") } as const;
  if (list.length === 0 && value !== "") {
    yield {
      ...common,
      id: "goproxy-empty",
      severity: "error",
      title: "GOPROXY has no entries",
      reason: "Go refuses a list of nothing but separators",
      mend: standard,
    };
  }
  for (const entry of list) {
    const wrong = entryWarning(entry);
    if (wrong !== undefined) yield { ...common, ...wrong };
    if (isForwardProxy(entry, configuration)) {
      yield {
        ...common,
        id: "goproxy-forward-proxy",
        severity: "warning",
        title: `GOPROXY names ${entry.text}, which is the forward proxy`,
        reason: "GOPROXY is for servers that hold modules; a forward proxy answers their requests with an error",
        mend: `leave it in HTTPS_PROXY and take it out of GOPROXY: ${standard}`,
      };
    }
  }
  const rest = behindEnd(value);
  if (rest !== "") {
    yield {
      ...common,
      id: "goproxy-after-end",
      severity: "warning",
      title: `${shownValue("GOPROXY", rest)} in GOPROXY is never asked`,
      reason: "direct and off end the list",
      mend: "put it before direct or off",
    };
  }
}

const standard = "go env -w GOPROXY=https://proxy.golang.org,direct";

type Words = Pick<ConfigurationWarning, "id" | "severity" | "title" | "reason" | "mend">;

function entryWarning({ kind, text, problem }: ProxyListEntry): Words | undefined {
  if (/["'“”‘’]/.test(text)) {
    return {
      id: "goproxy-quotes",
      severity: "error",
      title: `GOPROXY has quotes in ${text}`,
      reason: "Go takes them for part of the address; they are for shells, not for files and container variables",
      mend: "write the value without quotes",
    };
  }
  if (kind !== "direct" && kind !== "off" && (text.includes(";") || /\s/.test(text))) {
    return {
      id: "goproxy-separator",
      severity: "error",
      title: `GOPROXY has one entry ${text}, where several are meant`,
      reason: `entries are separated by , or | alone, so Go takes this for one address`,
      mend: "put a comma between them, or | to go on after any error",
    };
  }
  if (problem === undefined) return undefined;
  const id = problem === "userinfo" ? "goproxy-userinfo" : "goproxy-entry";
  const said = { id, severity: "error", title: `the entry ${text} of GOPROXY is refused` } as const;
  return { ...said, ...problems(text)[problem] };
}

function problems(text: string): Record<EntryProblem, Pick<Words, "reason" | "mend">> {
  const word = text.toLowerCase();
  const meant = word === "direct" || word === "off" ? `write ${word} in lower case` : standard;
  return {
    unparsable: { reason: "it is no URL, and Go refuses the whole list before it sends anything", mend: standard },
    "no-scheme": {
      reason: "a word that is neither direct nor off has no meaning, and Go refuses the whole list",
      mend: meant,
    },
    scheme: {
      reason: "module proxies are asked over https, http or from a file:// folder; Go refuses the whole list",
      mend: /^socks/.test(text) ? "set HTTPS_PROXY to the SOCKS proxy instead" : standard,
    },
    "file-host": { reason: "file:// takes a path and nothing else", mend: "write file:///the/folder" },
    userinfo: {
      reason: "Go sends no credentials over http://, and refuses the request",
      mend: "write https:// for it, or take the credentials out",
    },
    "no-host": { reason: "it names no host, or a port that does not exist", mend: standard },
  };
}

function isForwardProxy({ url }: ProxyListEntry, { httpsProxy, httpProxy }: GoConfiguration): boolean {
  return [httpsProxy, httpProxy].some((proxy) => url?.host === proxy?.host && url?.port === proxy?.port && proxy);
}

/* What stands behind direct or off, as written. */
function behindEnd(value: string): string {
  const match = /(?:^|[,|])\s*(?:direct|off)\s*[,|](.*)$/s.exec(value);
  return (match?.[1] ?? "").replace(/^[\s,|]+|(?<![\s,|])[\s,|]+$/g, "");
}
