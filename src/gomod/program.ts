import type { HttpReport, ObservedFlow } from "../flow/model.ts";

/**
 * Who speaks on a flow, as far as the wire tells: `git-like` is git or curl by its TLS library; `foreign` says itself
 * that it is neither Go nor a version control program; `stranger` is a TLS library of none of them.
 */
export type Program = "go" | "git" | "git-like" | "browser" | "foreign" | "stranger";

const goAgent = /^(?:Go-http-client\/|GoCommand\/|Go \d|go\/)/;
const versionControlAgent = /^(?:git\/|JGit\/|mercurial\/|SVN\/|git-lfs\/|fossil|Bazaar)/i;

/**
 * Whether a flow was not made by the go command, whatever its requests call themselves: by its hello, or in clear by
 * HTTP/2, which the go command speaks inside TLS alone. A script, a test, or a proxy that passes on what Go asked.
 */
export function isOtherLibrary(flow: ObservedFlow): boolean {
  if (flow.process !== undefined) return false;
  const library = libraryOf(flow);
  const isOther = library === "git-like" || library === "browser";
  return isOther || (flow.layers.includes("h2") && !flow.layers.includes("tls"));
}

/** Which program a User-Agent names; undefined without one. */
export function agentProgram(userAgent: string | undefined): Program | undefined {
  if (userAgent === undefined || userAgent === "") return undefined;
  if (goAgent.test(userAgent)) return "go";
  return versionControlAgent.test(userAgent) ? "git" : "foreign";
}

/** Which program made a request, from its own words or else from its flow. */
export function requestProgram(request: HttpReport, flow: ObservedFlow): Program | undefined {
  return agentProgram(request.userAgent) ?? flowProgram(flow);
}

const goProcess = /^go(?:[-.]?\d[\w.]*)?(?:\.exe)?$/i;
const versionControlProcess = /^(?:git(?:-[\w-]+)?|hg|svn|fossil|bzr)(?:\.exe)?$/i;

function processProgram(name: string): Program {
  if (goProcess.test(name)) return "go";
  return versionControlProcess.test(name) ? "git" : "foreign";
}

/**
 * Which program a flow belongs to: its process is certain where it was recorded, its User-Agents say it plainly, its TLS
 * library is a hint.
 */
export function flowProgram(flow: ObservedFlow): Program | undefined {
  if (flow.process !== undefined) return processProgram(flow.process.name);
  // Mail and file transfer: whatever library speaks TLS there is no go command's.
  if (flow.layers.includes("starttls")) return "foreign";
  const asked = agentProgram(flow.route.userAgent);
  if (asked !== undefined) return asked;
  for (const request of flow.http) {
    const program = agentProgram(request.userAgent);
    if (program !== undefined) return program;
  }
  return libraryOf(flow);
}

function libraryOf({ tls }: ObservedFlow): Program | undefined {
  const stack = tls.findLast((layer) => layer.clientStack !== undefined)?.clientStack?.name;
  return stack === undefined ? undefined : stackPrograms[stack];
}

const stackPrograms: Readonly<Record<string, Program>> = {
  go: "go",
  gnutls: "git-like",
  openssl: "git-like",
  browser: "browser",
  other: "stranger",
};

/** Whether the flow may be of Go 1.24 or newer, as far as its hello and its own words tell. */
export function goFrom124(flow: ObservedFlow): boolean {
  const versions = flow.tls.findLast((layer) => layer.clientStack !== undefined)?.clientStack?.goVersions;
  return versions === undefined || !/^(?:≤|1\.(?:1\d|2[0-3])(?!\d)(?!–1\.2[4-9]))/.test(versions);
}
