import { hostPort } from "../bytes/text.ts";
import type { Flow } from "../flow/model.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { matchesNoProxy } from "../gomod/forward-proxy.ts";
import { goProxyFor } from "../gomod/prediction/proxy-choice.ts";
import { flowProgram } from "../gomod/program.ts";
import { serverFilter } from "./filter.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { proxyName, purpose, targetName } from "./wording.ts";

/** Flows of the go command that took another way than the settings given prescribe. git's ways are git's own. */
export function* settingSightings(seen: Seen): Iterable<Sighting> {
  const { flow, context } = seen;
  if (context.configuration === undefined || flowProgram(flow) !== "go") return;
  const sighting = flow.route.kind === "direct" ? bypassed(seen) : notBypassed(seen);
  if (sighting !== undefined) yield sighting;
}

function bypassed(seen: Seen): Sighting | undefined {
  const { flow } = seen;
  const { configuration } = seen.context;
  const { target, server } = flow;
  if (configuration === undefined || (target.source !== "sni" && target.source !== "http")) return undefined;
  const scheme = flow.tls.length > 0 ? "https" : "http";
  const { proxy } = goProxyFor(configuration, { scheme, host: target.host, port: target.port });
  if (flow.role === "forward-proxy") return undefined;
  if (proxy === undefined) return scheme === "https" ? onlyForHttp(seen, configuration) : undefined;
  /* A hello with the proxy's own name is the way to a proxy over TLS: what is inside cannot be seen. */
  if (proxy.host === target.host || (proxy.host === server.address && proxy.port === server.port)) return undefined;
  return {
    rule: "proxy-bypassed",
    subject: targetName(target),
    severity: "warning",
    grade: "inferred",
    flow: flow.id,
    frames: [flow.frames.first],
    words: () => ({
      title: `Go went direct to ${targetName(target)}, though ${proxy.variable} sends it through ${hostPort(proxy.host, proxy.port)}`,
      detail:
        `${proxy.source} has ${proxy.variable}, and NO_PROXY does not exempt ${target.host}${purpose(flow)}. The process that made this flow ` +
        "did not have that environment (sudo, a service, an IDE), or the settings given are not those of the run.",
      remedy: `Set ${proxy.variable} in the environment of that process: go env -w does not reach it.`,
      filter: serverFilter(server),
    }),
  };
}

/* HTTP_PROXY is for http:// alone, which Go hardly asks: people set it and mean both. */
function onlyForHttp({ flow, failure }: Seen, configuration: GoConfiguration): Sighting | undefined {
  const { httpsProxy, httpProxy, noProxy } = configuration;
  const { target } = flow;
  if (httpsProxy !== undefined || httpProxy === undefined) return undefined;
  if (matchesNoProxy(noProxy, target.host, target.port)) return undefined;
  const { variable, source } = httpProxy;
  return {
    rule: "proxy-for-http-only",
    subject: source,
    severity: failure === undefined ? "note" : "warning",
    grade: "inferred",
    flow: flow.id,
    frames: [flow.frames.first],
    words: () => ({
      title: `${variable} is set and HTTPS_PROXY is not: Go goes direct to every https:// host`,
      detail: `${source} has ${variable}, which Go uses for http:// alone; module proxies, the checksum database and code hosts are asked over https://, ${targetName(target)} first among them here.`,
      remedy: `If they are to be reached through the proxy, set HTTPS_PROXY=http://${hostPort(httpProxy.host, httpProxy.port)} as well, in the environment of that process.`,
      filter: serverFilter(flow.server),
    }),
  };
}

function notBypassed({ flow, context }: Seen): Sighting | undefined {
  const { noProxy = "", httpsProxy } = context.configuration ?? {};
  const { target } = flow;
  if (noProxy === "" || httpsProxy === undefined || flow.route.kind === "http-forward" || !isAsked(flow))
    return undefined;
  if (!matchesNoProxy(noProxy, target.host, target.port)) return undefined;
  return {
    rule: "proxy-not-bypassed",
    subject: targetName(target),
    severity: "warning",
    grade: "seen",
    flow: flow.id,
    frames: flow.route.attempts.map(({ frame }) => frame),
    words: () => ({
      title: `Go asked the proxy ${proxyName(flow)} for ${targetName(target)}, which NO_PROXY exempts`,
      detail: `By the settings given, NO_PROXY covers ${target.host}. The process that made this flow had another environment.`,
      remedy:
        "Compare the environment of the process with the files given; NO_PROXY goes before no_proxy, and is read once.",
      filter: serverFilter(flow.server),
    }),
  };
}

function isAsked({ target }: Flow): boolean {
  return target.source === "connect" || target.source === "socks";
}
