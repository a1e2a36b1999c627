import { hostPort } from "../bytes/text.ts";
import type { LoneRequest, TlsFacts } from "../protocol/tls/facts.ts";
import { connectTargetLength } from "../protocol/tls/tunnel.ts";
import type { ProxyAttempt, Route, RouteAndTargets } from "./model.ts";
import type { Naming } from "./naming.ts";

type Proxy = NonNullable<Route["proxy"]>;

/** CONNECT inside TLS without keys, where the lengths force a tunnel. */
export function inferredRoute(tls: TlsFacts, proxy: Proxy, naming: Naming): RouteAndTargets {
  const { because, targetLength } = tls.inferredTunnel!;
  return hiddenRoute(tls, proxy, naming, { because, targetLength, attempts: [] });
}

/**
 * CONNECT inside TLS without keys that opened no tunnel: what is known to be a proxy was sent one request of that size,
 * and no ClientHello followed. Undefined where nothing but the size speaks for it.
 */
export function unopenedRoute(tls: TlsFacts, proxy: Proxy, naming: Naming): RouteAndTargets | undefined {
  const request = tls.loneRequest;
  if (request === undefined) return undefined;
  const known = naming.tlsProxyReason([tls.hello?.serverName, proxy.name, proxy.address], proxy.port);
  if (known === undefined) return undefined;
  const targetLength = connectTargetLength(request.bytes);
  const size = targetLength === undefined ? "with credentials" : `= 61 + 2 × ${targetLength}`;
  const because = `${known}; after Finished: one request of ${request.bytes} bytes ${size}, and no ClientHello behind it`;
  return hiddenRoute(tls, proxy, naming, { because, targetLength, attempts: attemptsOf(request) });
}

/** The two answers of success that say nothing but that: `HTTP/1.1 200 OK` and `HTTP/1.1 200 Connection established`. */
const bareSuccess: readonly number[] = [19, 39];

/**
 * Go acts on an answer at once: it sends its hello, or closes in good order. When it did neither, no answer had come, and
 * what came before were session tickets. Behind a success it may also have been given up.
 */
function attemptsOf({ frame, answers, answerFrame, closed }: LoneRequest): readonly ProxyAttempt[] {
  if (answerFrame === undefined || !closed) return [{ frame, schemes: [] }];
  if (answers.some((bytes) => bareSuccess.includes(bytes))) return [];
  const answerBytes = answers.reduce((sum, bytes) => sum + bytes, 0);
  return [{ frame: answerFrame, answerBytes, schemes: [] }];
}

interface HiddenConnect {
  readonly because: string;
  /** Length of `host:port`, where the request's size tells it. */
  readonly targetLength: number | undefined;
  readonly attempts: readonly ProxyAttempt[];
}

/** The target is the one known host whose name has the right length, where there is one. */
function hiddenRoute(tls: TlsFacts, place: Proxy, naming: Naming, connect: HiddenConnect): RouteAndTargets {
  const { because, targetLength, attempts } = connect;
  const proxyName = tls.hello?.serverName?.toLowerCase();
  const fitting =
    targetLength === undefined ? [] : naming.hostsOfLength(targetLength, 443).filter((host) => host !== proxyName);
  const [host] = fitting;
  const known = fitting.length === 1;
  const fits = known ? `${host}:443 is the one known host that fits` : `${fitting.length || "no"} known hosts fit`;
  const said = targetLength === undefined ? because : `${because}; ${fits}`;
  return {
    route: {
      kind: "http-connect",
      overTls: true,
      proxy: { ...place, ...(proxyName !== undefined && { name: proxyName }) },
      ...(known && { target: hostPort(host, 443) }),
      attempts,
      evidence: { grade: "inferred", because: said, frame: tls.helloFrame },
    },
    targets: [
      known
        ? { host, port: 443, source: "connect" }
        : { host: proxyName ?? place.address, port: place.port, source: proxyName === undefined ? "address" : "sni" },
    ],
  };
}
