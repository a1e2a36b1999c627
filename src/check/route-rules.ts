import { counted, hostPort } from "../bytes/text.ts";
import { proxyName, targetName } from "../finding/wording.ts";
import type { Flow } from "../flow/model.ts";
import { everyFlow } from "./flow-rule.ts";
import { matchesHost } from "./glob.ts";
import type { Plan, RuleOptions, Word } from "./rule.ts";

/** Every flow of Go's goes through a forward proxy: any, or one of those named. */
export function everyFlowProxied(proxies: readonly string[]): Plan {
  const through = anyOf(proxies);
  return everyFlow({
    expectation: `every flow through ${through}`,
    holds: (count) => `${counted(count, "flow")}, all through ${through}`,
    nothing: "there is no flow that could have gone through a proxy",
    remedy: proxyRemedy,
    judge: (flow) => (isForGo(flow) ? routed(flow, proxies) : undefined),
    foldedCouldBreak: () => true,
  });
}

const proxyRemedy = "set HTTPS_PROXY for the run, and look whether NO_PROXY exempts the host";

/** No flow of Go's reaches its target without a forward proxy. */
export function noDirectRoute(): Plan {
  return everyFlow({
    expectation: "no direct route",
    holds: (count) => `none of ${counted(count, "flow")} reached its target directly`,
    nothing: "there is no flow to look at",
    remedy: proxyRemedy,
    judge: (flow) => (isForGo(flow) ? routed(flow, []) : undefined),
    foldedCouldBreak: () => true,
  });
}

function anyOf(proxies: readonly string[]): string {
  return proxies.length === 0 ? "a proxy" : proxies.join(" or ");
}

/** The checksum database is asked through a forward proxy, or behind the module proxy, and never directly. */
export function sumdbOnlyThroughProxy(proxies: readonly string[]): Plan {
  return everyFlow({
    expectation: `the checksum database only through ${anyOf(proxies)}`,
    holds: (count) => `${counted(count, "flow")} to the checksum database, none direct`,
    nothing: "there is no flow to the checksum database",
    remedy: "take the checksum database out of NO_PROXY, or name one behind the proxy in GOSUMDB",
    judge: (flow, options) => askedForChecksums(flow, proxies, options),
    foldedCouldBreak: () => true,
  });
}

function askedForChecksums(flow: Flow, proxies: readonly string[], { allowEmpty }: RuleOptions): Word | undefined {
  const { role, roleEvidence, route, carriesSumdb } = flow;
  if (role === "sumdb") return withGrade(routed(flow, proxies), roleEvidence.grade);
  if (carriesSumdb) {
    return {
      answer: "holds",
      grade: "decrypted",
      because: `asked ${targetName(flow.target)} for the checksum database`,
    };
  }
  const doubtful = role === "unknown" && flow.label === "direct" && route.kind === "direct" && !allowEmpty;
  if (!doubtful) return undefined;
  return { answer: "cannot-tell", grade: "unknown", because: `${goneTo(flow)}, perhaps a checksum database` };
}

/** A claim is no surer than what it is about. */
function withGrade(word: Word, grade: Word["grade"]): Word {
  if (word.grade !== "seen" || grade === "seen") return word;
  return { ...word, grade, because: `${word.because}, taken for a checksum database` };
}

function routed(flow: Flow, proxies: readonly string[]): Word {
  const { route, opened } = flow;
  if (route.kind !== "direct") {
    const { grade } = route.evidence;
    const because = `went through ${proxyName(flow)} to ${targetName(flow.target)}`;
    const right = proxies.length === 0 || isThrough(flow, proxies);
    return { answer: right ? "holds" : "broken", grade, because };
  }
  if (opened === "midstream") {
    return {
      answer: "cannot-tell",
      grade: "unknown",
      because: "began before the capture, perhaps with a word to a proxy",
    };
  }
  return { answer: "broken", grade: route.evidence.grade, because: goneTo(flow) };
}

function goneTo({ target, server }: Flow): string {
  return `went direct to ${targetName(target)} (${hostPort(server.address, server.port)})`;
}

function isThrough({ route: { proxy }, server }: Flow, proxies: readonly string[]): boolean {
  const { name, address = server.address, port = server.port } = proxy ?? {};
  return [name ?? address, address].some((host) => matchesHost(proxies, host, port));
}

/** Ways to a proxy that refused lead nowhere, and DNS is nobody's route. */
function isForGo({ role, label }: Flow): boolean {
  return label !== "other" && role !== "forward-proxy" && role !== "dns";
}
