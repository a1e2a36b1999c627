import { hostPort } from "../bytes/text.ts";
import type { Flow } from "../flow/model.ts";
import type { GoConfiguration } from "../gomod/configuration/configuration.ts";
import { forwardProxies } from "../gomod/prediction/git-proxy.ts";
import type { Place } from "../gomod/place.ts";
import { serverFilter } from "./filter.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting, Words } from "./sighting.ts";
import { forwardProxyMeant, outcome } from "./wording.ts";

/** Ports on which a forward proxy is likelier than anything else. */
const proxyPorts: readonly number[] = [1080, 3128, 8080, 8118, 8888];
/** The one of them that no module proxy has by itself. */
const squidPort = 3128;

/** Whether GOPROXY can only be mistaken in naming a place: a setting has it as forward proxy, or its port says so. */
export function isForwardProxy({ host, port }: Place, configuration: GoConfiguration | undefined): boolean {
  if (port === squidPort) return true;
  if (configuration === undefined) return false;
  return [...forwardProxies(configuration)].some((proxy) => proxy.host === host && proxy.port === port);
}

/** Whether a flow without a proxy dialogue was meant for a forward proxy. */
function towardsProxy({ flow, context }: Seen): boolean {
  if (flow.role === "forward-proxy") return true;
  if (flow.route.kind !== "direct") return false;
  if (placesOf(flow).some((place) => isForwardProxy(place, context.configuration))) return true;
  return !isGoproxy(flow, context.configuration) && proxyPorts.includes(flow.server.port);
}

/**
 * Whether a ClientHello to a forward proxy found no TLS: an answer of another kind, or none though all of it arrived. Where
 * bytes got lost it is the way that fails.
 */
export function saysNothingInTls(seen: Seen): boolean {
  const { flow, failure } = seen;
  if (!towardsProxy(seen)) return false;
  if (failure?.kind === "not-tls") return true;
  if (flow.stage !== "hello" || flow.unacknowledged !== undefined || flow.icmp !== undefined) return false;
  return flow.outOfOrderSegments === 0 && flow.lost.clientToServer + flow.lost.serverToClient === 0;
}

function placesOf({ target, server }: Flow): readonly Place[] {
  return [target.host, server.address].map((host) => ({ host, port: server.port }));
}

function isGoproxy(flow: Flow, configuration: GoConfiguration | undefined): boolean {
  const places = placesOf(flow);
  return (configuration?.proxyList ?? []).some(
    ({ url }) => url !== undefined && places.some(({ host, port }) => url.host === host && url.port === port),
  );
}

/**
 * A ClientHello that a forward proxy met with other words than TLS, or with none: https:// for a plain proxy, be it in
 * HTTPS_PROXY or in a GOPROXY that should not name it at all.
 */
export function helloUnanswered(seen: Seen): Sighting {
  const { flow, context } = seen;
  const answer = flow.tls.find(({ strangeAnswer }) => strangeAnswer !== undefined)?.strangeAnswer;
  const asGoproxy = isGoproxy(flow, context.configuration);
  const place = hostPort(flow.target.host, flow.server.port);
  const rule: RuleId = asGoproxy ? "goproxy-as-forward-proxy" : "proxy-not-tls";
  return {
    rule,
    subject: place,
    severity: seen.severity,
    grade: answer === undefined ? "inferred" : "seen",
    flow: flow.id,
    frames: [flow.tls[0]?.helloFrame ?? flow.frames.first, flow.frames.last],
    words: () => {
      const met = `The client opened with a ClientHello; the answer was ${answer === undefined ? silence(flow) : `no TLS: ${answer.trim()}`}.`;
      const doubt = answer === undefined ? " A proxy that hangs or turns this client away looks the same." : "";
      const words = asGoproxy
        ? { title: `GOPROXY points at ${place}, which looks like a forward proxy`, ...forwardProxyMeant(place) }
        : schemeWords(place, answer !== undefined);
      return {
        ...words,
        detail: `${met} ${words.detail}${doubt}${outcome(seen)}`,
        filter: serverFilter(flow.server, "(tcp.len > 0 || tcp.flags.reset == 1)"),
      };
    },
  };
}

function silence({ closed, closedBy }: Flow): string {
  if (closedBy !== "server") return "silence";
  return closed === "reset" ? "a reset" : "a closed connection";
}

function schemeWords(place: string, spoke: boolean): Words {
  return {
    title: spoke
      ? `the proxy ${place} does not speak TLS, but the client does to it`
      : `the proxy ${place} did not answer the client's TLS`,
    detail:
      "That is what https:// in HTTPS_PROXY does with a proxy that expects plain HTTP: the scheme says how to speak to the proxy, " +
      "not for which requests it is.",
    remedy: `Set HTTPS_PROXY=http://${place} (http, not https). When GOPROXY names that place, set the forward proxy in HTTPS_PROXY instead.`,
  };
}
