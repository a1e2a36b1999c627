import type { FlowVerdict } from "../gomod/explanation/flow-judge.ts";
import { proxyPlace } from "../gomod/forward-proxy.ts";
import { serverFilter } from "./filter.ts";
import type { RuleId } from "./rules.ts";
import { isOfGo, type Seen, type Sighting, type Words } from "./sighting.ts";
import { symptoms } from "./symptoms.ts";
import { ends, proxyName, purpose, targetName } from "./wording.ts";

/** Flows that contradict the settings given: those were not the settings of the process, or not of this run. */
export function* contradictionSightings(seen: Seen): Iterable<Sighting> {
  const { verdict } = seen;
  if (verdict?.verdict !== "contradicts") return;
  if (verdict.against === "presence") yield ruledOut(seen, verdict);
  /* git has settings of its own that may name a proxy, or none. */
  else if (isOfGo(seen)) yield* wrongWay(seen, verdict);
}

function ruledOut(seen: Seen, { because }: FlowVerdict): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  return against(seen, "host-ruled-out", symptoms.any, () => ({
    title: `${name} was contacted, though ${because}`,
    detail: `By the settings given no flow goes to ${name}${purpose(flow)}. ${otherSettings}`,
    remedy: "Where that process runs, compare: go env GOPROXY GOSUMDB GOPRIVATE GONOPROXY GONOSUMDB GOTOOLCHAIN GOENV",
  }));
}

function* wrongWay(seen: Seen, { route, because }: FlowVerdict): Iterable<Sighting> {
  const { flow } = seen;
  const name = targetName(flow.target);
  if (flow.route.kind === "direct") {
    const { proxy } = route ?? {};
    if (proxy === undefined) return;
    const { variable, source } = proxy;
    yield against(seen, "proxy-bypassed", symptoms.network, () => ({
      title: `Go went direct to ${name}, though ${variable} sends it through ${proxyPlace(proxy)}`,
      detail: `${source} has ${variable}, and NO_PROXY does not exempt ${flow.target.host}${purpose(flow)}. ${otherSettings}`,
      remedy: `Set ${variable} in the environment of that process (go env -w does not reach it): export ${variable}=…; sudo --preserve-env=${variable},NO_PROXY`,
    }));
    return;
  }
  const asked = flow.route.attempts.map(({ frame }) => frame);
  const exempt = route?.kind === "direct" && seen.context.configuration?.httpsProxy !== undefined;
  const sighting = against(seen, exempt ? "proxy-not-bypassed" : "proxy-not-configured", symptoms.proxy, () => ({
    title: exempt
      ? `Go asked the proxy ${proxyName(flow)} for ${name}, which NO_PROXY exempts`
      : `Go asked the proxy ${proxyName(flow)} for ${name}, which the settings given do not name`,
    detail: `By the settings given ${because}. ${otherSettings}`,
    remedy: "Compare the environment of that process with the files given: env | grep -i _proxy",
  }));
  yield { ...sighting, grade: "seen", frames: asked.length > 0 ? asked : sighting.frames };
}

const otherSettings =
  "The process that made this flow had other settings (sudo, a service, an IDE, another step of a build), or the settings given are not those of the run.";

function against(seen: Seen, rule: RuleId, explains: RegExp, words: () => Words): Sighting {
  const { flow } = seen;
  return {
    rule,
    subject: targetName(flow.target),
    severity: "warning",
    grade: "inferred",
    flow: flow.id,
    frames: flow.tls.length === 0 ? ends(flow) : [flow.tls[0].helloFrame ?? flow.frames.first],
    explains,
    words: () => ({ filter: serverFilter(flow.server), ...words() }),
  };
}
