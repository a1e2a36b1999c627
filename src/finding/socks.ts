import { serverFilter } from "./filter.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting, Words } from "./sighting.ts";
import { list, outcome, proxyName, targetName } from "./wording.ts";

/** What went wrong between the client and a SOCKS proxy; undefined where the trouble is elsewhere. */
export function socksSightings(seen: Seen): Sighting | undefined {
  const { socks } = seen.flow;
  const { kind } = seen.failure ?? {};
  if (socks === undefined || (kind !== "proxy-refused" && kind !== "proxy-silent")) return undefined;
  if (socks.strangeAnswer !== undefined) return sighting(seen, "socks-port-speaks-http", notSocks(seen));
  if (socks.methodSelected === noMethod) return sighting(seen, "socks-authentication", noMethodWords(seen));
  if (socks.authenticated === false) return sighting(seen, "socks-authentication", badCredentials(seen));
  if (socks.reply !== undefined) return sighting(seen, "socks-refused", refusedWords(seen, socks.reply));
  return sighting(seen, "proxy-silent", {
    title: `the SOCKS proxy ${proxyName(seen.flow)} did not answer`,
    detail: `The SOCKS dialogue broke off before a reply.${outcome(seen)}`,
    remedy: "Check that this port is a SOCKS proxy's, and look at its log.",
  });
}

const noMethod = "no acceptable method";

function sighting(seen: Seen, rule: RuleId, words: Words): Sighting {
  const { flow, severity } = seen;
  const subject = rule === "socks-refused" ? `${proxyName(flow)} ${flow.route.target ?? ""}` : proxyName(flow);
  const [attempt] = flow.route.attempts;
  return {
    rule,
    subject,
    severity,
    grade: "seen",
    flow: flow.id,
    frames: [attempt?.frame ?? flow.frames.first],
    words: () => ({ filter: serverFilter(flow.server, "tcp.len > 0"), ...words }),
  };
}

function notSocks(seen: Seen): Words {
  const { flow } = seen;
  const answer = flow.socks?.strangeAnswer ?? "";
  const http = answer.startsWith("HTTP/");
  return {
    title: `the proxy ${proxyName(flow)} does not speak SOCKS${http ? ": it is an HTTP proxy" : ""}`,
    detail: `The SOCKS greeting was answered with: ${answer.trim()}.${outcome(seen)}`,
    remedy: `Write HTTPS_PROXY=http://${proxyName(flow)} in place of socks5://.`,
  };
}

function noMethodWords(seen: Seen): Words {
  const { flow } = seen;
  const offered = flow.socks?.methodsOffered ?? [];
  return {
    title: `the SOCKS proxy ${proxyName(flow)} takes none of the authentication methods offered`,
    detail: `The client offered ${list(offered)}; the answer was 0xff, no acceptable method.${outcome(seen)}`,
    remedy: `Give credentials: HTTPS_PROXY=socks5://USER:PASSWORD@${proxyName(flow)}. Go knows no GSSAPI.`,
  };
}

function badCredentials(seen: Seen): Words {
  const proxy = proxyName(seen.flow);
  return {
    title: `the SOCKS proxy ${proxy} did not take the user name and password`,
    detail: `The authentication of RFC 1929 was answered with a failure.${outcome(seen)}`,
    remedy: "Correct the credentials in HTTPS_PROXY; special characters must be percent-encoded.",
  };
}

function refusedWords(seen: Seen, reply: string): Words {
  const { flow } = seen;
  const target = flow.route.target ?? targetName(flow.target);
  const byAddress = flow.socks?.addressType === "ipv4" || flow.socks?.addressType === "ipv6";
  return {
    title: `the SOCKS proxy ${proxyName(flow)} did not connect to ${target}: ${reply}`,
    detail:
      `The request for ${target} was answered "${reply}".` +
      `${byAddress ? " It was asked for by address: git resolves names itself under socks5://, and lets the proxy do so under socks5h://." : ""}${outcome(seen)}`,
    remedy: remedies[reply] ?? `Look at the log of the proxy: can it resolve and reach ${target}?`,
  };
}

const remedies: Readonly<Record<string, string>> = {
  "connection not allowed by ruleset": "Have the target allowed by the proxy's rules, or exempt it with NO_PROXY.",
  "address type not supported": "The proxy does not resolve names: use one that does, for Go always sends names.",
  "command not supported": "The proxy does not allow CONNECT: use another.",
};
