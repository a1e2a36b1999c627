import type { Flow, TlsReport } from "./model.ts";

type Layered = Pick<Flow, "route" | "tls">;

/** The TLS layer that speaks with the target; undefined where none was seen but one to a proxy. */
export function targetTls({ route, tls }: Layered): TlsReport | undefined {
  return route.overTls && tls.length < 2 ? undefined : tls.at(-1);
}

/** Whether the TLS layer at this place of `flow.tls` speaks with a proxy rather than with the target. */
export function isProxyHop(flow: Layered, at: number): boolean {
  return flow.tls[at] !== targetTls(flow);
}
