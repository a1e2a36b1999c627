import type { ObservedFlow } from "../flow/model.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import { forwardProxies } from "./prediction/git-proxy.ts";
import { placeKey } from "./place.ts";

const proxyPorts: ReadonlyMap<number, string> = new Map([
  [3128, "an HTTP proxy's (Squid)"],
  [1080, "a SOCKS proxy's"],
]);

/** Where forward proxies are, from the configuration and from flows that spoke to one. Independent of their order. */
export class ProxyPlaces {
  readonly #configured = new Map<string, string>();
  /** Place → lowest id of a flow that spoke to a proxy there. */
  readonly #spoken = new Map<string, number>();

  constructor(configuration: GoConfiguration | undefined) {
    if (configuration === undefined) return;
    for (const { host, port, variable, source } of forwardProxies(configuration)) {
      const place = placeKey(host, port);
      if (!this.#configured.has(place)) this.#configured.set(place, `${variable} in ${source}`);
    }
  }

  observe(flow: ObservedFlow): void {
    const { kind, proxy } = flow.route;
    if (kind === "direct") return;
    const places = [placeKey(flow.server.address, flow.server.port)];
    if (proxy?.name !== undefined) places.push(placeKey(proxy.name, proxy.port));
    for (const place of places) {
      const earlier = this.#spoken.get(place);
      if (earlier === undefined || flow.id < earlier) this.#spoken.set(place, flow.id);
    }
  }

  /**
   * Why the far end of a flow without proxy dialogue is a forward proxy; undefined where nothing shows that it is one,
   * or where the flow named another target.
   */
  reason(flow: ObservedFlow): string | undefined {
    const { server, target } = flow;
    const places = [placeKey(target.host, target.port)];
    if (target.source !== "sni" && target.source !== "http") places.push(placeKey(server.address, server.port));
    for (const place of places) {
      const variable = this.#configured.get(place);
      if (variable !== undefined) return `${variable} names ${place} as proxy`;
    }
    for (const place of places) {
      const sibling = this.#spoken.get(place);
      if (sibling !== undefined && sibling !== flow.id) return `flow ${sibling} spoke to a proxy at ${place}`;
    }
    const usual = proxyPorts.get(server.port);
    return usual !== undefined && flow.layers.length === 0 ? `port ${server.port} is ${usual}` : undefined;
  }

  /** Whether a forward proxy is at this place, as far as settings and other flows tell. */
  has(host: string, port: number): boolean {
    const place = placeKey(host, port);
    return this.#configured.has(place) || this.#spoken.has(place);
  }
}

/** Whether a flow's target is but the proxy it went through: what is behind it was not told. */
export function isOwnProxy({ server, target, route }: ObservedFlow): boolean {
  if (route.kind === "direct" || target.port !== server.port) return false;
  return target.host === route.proxy?.name || target.host === server.address;
}
