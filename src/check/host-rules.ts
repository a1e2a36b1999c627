import { counted, hostPort } from "../bytes/text.ts";
import { list, targetName } from "../finding/wording.ts";
import type { Flow } from "../flow/model.ts";
import { everyFlow, targetsOf } from "./flow-rule.ts";
import { matchesHost } from "./glob.ts";
import { hiddenName } from "./hidden.ts";
import type { Plan, Word } from "./rule.ts";

/** No flow, of whatever program, may go to or through these hosts. */
export function noFlowTo(hosts: readonly string[]): Plan {
  return everyFlow({
    expectation: `no flow to ${hosts.join(" or ")}`,
    ofAnyProgram: true,
    holds: (count) => `none of ${counted(count, "flow")} went to ${hosts.join(" or ")}`,
    nothing: "there is no flow at all",
    remedy: "find what asks for this host (its frames are named), and take it out of GOPROXY, GOSUMDB or the imports",
    judge: (flow) => avoided(flow, hosts),
    foldedCouldBreak: ({ server }) => server === undefined || couldBe(hosts, server),
  });
}

function avoided(flow: Flow, hosts: readonly string[]): Word | undefined {
  const found = placesOf(flow).find(({ host, port }) => matchesHost(hosts, host, port));
  if (found !== undefined) {
    return { answer: "broken", grade: "seen", because: `went to ${hostPort(found.host, found.port)}` };
  }
  if (flow.noise) return undefined;
  const hidden = hosts.every(isAddress) ? undefined : hiddenName(flow);
  if (hidden === undefined) return { answer: "holds", grade: "seen", because: `went to ${targetName(flow.target)}` };
  return { answer: "cannot-tell", grade: "unknown", because: `${hidden} and went to ${addressOf(flow)}` };
}

/** Everything that a flow names as where it goes, and the addresses that it goes to. */
function placesOf(flow: Flow): readonly { readonly host: string; readonly port: number }[] {
  const { server, route, tls } = flow;
  const places = [...targetsOf(flow), { host: server.address, port: server.port }];
  const names = tls.map(({ serverName, echOuter }) => ({
    host: echOuter === true ? "" : (serverName ?? ""),
    port: flow.target.port,
  }));
  const proxy =
    route.proxy === undefined ? [] : [{ host: route.proxy.name ?? route.proxy.address, port: route.proxy.port }];
  return [...places, ...names, ...proxy].filter(({ host }) => host !== "");
}

/** Flows of Go's may go to these hosts and to no others. */
export function onlyHosts(hosts: readonly string[]): Plan {
  return everyFlow({
    expectation: `only flows to ${list(hosts)}`,
    holds: (count) => `${counted(count, "flow")}, all to hosts that are allowed`,
    nothing: "there is no flow to look at",
    remedy: "add the host to the list if Go may go there; else find which setting or import leads to it",
    judge: (flow) => allowed(flow, hosts),
    foldedCouldBreak: ({ server }) => server === undefined || !matchesHost(hosts, server, 0),
  });
}

function allowed(flow: Flow, hosts: readonly string[]): Word | undefined {
  if (flow.role === "forward-proxy" || flow.role === "dns") return undefined;
  const stranger = targetsOf(flow).find(({ host, port }) => !matchesHost(hosts, host, port));
  if (stranger === undefined) return { answer: "holds", grade: "seen", because: `went to ${targetName(flow.target)}` };
  const hidden = hiddenName(flow);
  if (hidden === undefined || hosts.every(isAddress)) {
    return { answer: "broken", grade: "seen", because: `went to ${targetName(stranger)}` };
  }
  return { answer: "cannot-tell", grade: "unknown", because: `${hidden} and went to ${addressOf(flow)}` };
}

function addressOf({ server }: Flow): string {
  return hostPort(server.address, server.port);
}

/** Whether an address of which neither name nor port is known may be what one of the patterns means. */
function couldBe(hosts: readonly string[], address: string): boolean {
  return hosts.some(
    (pattern) => !isAddress(pattern) || matchesHost([pattern.replace(/(\.[\d*?]+):\d+$/, "$1")], address, 0),
  );
}

/** A pattern that only addresses can fit. */
function isAddress(pattern: string): boolean {
  return /^[.*?]*\d[\d.*?]*(?::\d+)?$/.test(pattern) || /:.*:/.test(pattern);
}
