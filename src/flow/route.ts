import { hostPort } from "../bytes/text.ts";
import type { Evidence, Grade } from "../grade.ts";
import type { ExchangeFacts, HttpExchange } from "../protocol/exchange.ts";
import { isHttpLayer, type LayerFacts } from "../protocol/layer.ts";
import type { SocksFacts } from "../protocol/socks/facts.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import { authorityOf, isAddress, parseAuthority } from "./authority.ts";
import { inferredRoute, unopenedRoute } from "./hidden-route.ts";
import type { ProxyAttempt, Route, RouteAndTargets, RouteKind, Target } from "./model.ts";
import type { Naming } from "./naming.ts";

/** What a flow's layers say of the way it took and of where it went. */
export function findRoute(connection: ConnectionFacts, layers: readonly LayerFacts[], naming: Naming): RouteAndTargets {
  const at = layers.findIndex(isProxyLayer);
  if (at < 0) {
    const hidden = joinedLate(connection, layers, naming) ?? unopenedTunnel(connection, layers, naming);
    return hidden ?? directRoute(connection, layers, naming);
  }
  const proxy = layers[at];
  const overTls = layers.slice(0, at).some((layer) => layer.layer === "tls");
  const inner = layers.slice(at + 1);
  if (proxy.layer === "socks") return socksRoute(connection, proxy, overTls, inner, naming);
  if (proxy.layer === "tls") return inferredRoute(proxy, proxyOf(connection, naming), naming);
  if (isHttpLayer(proxy)) return httpRoute(connection, proxy, overTls, inner, naming);
  return directRoute(connection, layers, naming);
}

/** How a connection that begins with a dialogue in clear went through its proxy; undefined where it does not. */
export function proxyDialogue([outermost]: readonly LayerFacts[]): RouteKind | undefined {
  if (outermost?.layer === "socks") return outermost.version === 4 ? "socks4" : "socks5";
  if (outermost === undefined || !isHttpLayer(outermost) || !isProxyLayer(outermost)) return undefined;
  return outermost.exchanges.some(isConnect) ? "http-connect" : "http-forward";
}

function isProxyLayer(layer: LayerFacts): boolean {
  if (layer.layer === "socks") return true;
  if (layer.layer === "tls") return layer.inferredTunnel !== undefined;
  return isHttpLayer(layer) && layer.exchanges.some((exchange) => exchange.form === "absolute" || isConnect(exchange));
}

/** Whether a tunnel is asked for; the CONNECT of HTTP/2 that opens a WebSocket is none. */
function isConnect({ form }: HttpExchange): boolean {
  return form === "authority";
}

/**
 * A connection whose beginning is not in the capture, to a server that others went through as through a proxy: its own
 * dialogue came before.
 */
function joinedLate(
  connection: ConnectionFacts,
  layers: readonly LayerFacts[],
  naming: Naming,
): RouteAndTargets | undefined {
  const { opened, serverAddress, serverPort, firstFrame } = connection;
  const kind = opened === "midstream" ? naming.proxyKind(serverAddress, serverPort) : undefined;
  const hello = layers.find((layer) => layer.layer === "tls")?.hello;
  if (kind === undefined || layers.some(isHttpLayer)) return undefined;
  const before =
    hello === undefined
      ? "what was asked of it came before the capture"
      : "the request for the tunnel came before the capture";
  const because = `other connections go through this server as a proxy; ${before}`;
  return {
    route: {
      kind,
      overTls: false,
      proxy: proxyOf(connection, naming),
      attempts: [],
      evidence: { grade: "inferred", because, frame: firstFrame },
    },
    targets: [directTarget(connection, layers, naming)],
  };
}

function unopenedTunnel(
  connection: ConnectionFacts,
  [tls, ...inner]: readonly LayerFacts[],
  naming: Naming,
): RouteAndTargets | undefined {
  if (tls?.layer !== "tls" || inner.length > 0) return undefined;
  return unopenedRoute(tls, proxyOf(connection, naming), naming);
}

function directRoute(connection: ConnectionFacts, layers: readonly LayerFacts[], naming: Naming): RouteAndTargets {
  const target = directTarget(connection, layers, naming);
  return {
    route: {
      kind: "direct",
      overTls: false,
      attempts: [],
      evidence: directEvidence(connection, layers, target, naming),
    },
    targets: [target],
  };
}

function directEvidence(
  connection: ConnectionFacts,
  layers: readonly LayerFacts[],
  target: Target,
  naming: Naming,
): Evidence {
  const [outermost] = layers;
  const { firstFrame: frame } = connection;
  if (outermost === undefined) return { grade: "unknown", because: silence(connection), frame };
  if (outermost.layer === "named") {
    return { grade: "seen", because: `its bytes are ${outermost.protocol}, no proxy dialogue`, frame: outermost.frame };
  }
  const request = layers.find(isHttpLayer)?.exchanges.find(({ requestFrame }) => requestFrame > 0);
  if (outermost.layer === "tls" && request !== undefined) {
    const because = "the request inside TLS is in origin form: it is meant for the server itself";
    return { grade: "decrypted", because, frame: request.requestFrame };
  }
  if (outermost.layer !== "tls") {
    if (request === undefined) return { grade: "unknown", because: "no request on it was captured whole", frame };
    return {
      grade: "seen",
      because: "the request is in origin form: it is meant for the server itself",
      frame: request.requestFrame,
    };
  }
  return tlsEvidence(connection, outermost, target, naming);
}

function silence({ bytes }: ConnectionFacts): string {
  return bytes[0] + bytes[1] === 0 ? "nothing was said on the connection" : "too little was captured to tell";
}

/** Bytes that a handshake and a page about a refusal take; what brings more is an answer to something else. */
const longestRefusal = 64 << 10;

/** TLS without a proxy dialogue before it is direct, unless the server is itself a proxy. */
function tlsEvidence(connection: ConnectionFacts, tls: TlsFacts, target: Target, naming: Naming): Evidence {
  const { hello, helloFrame } = tls;
  const frame = helloFrame > 0 ? helloFrame : connection.firstFrame;
  const first =
    hello === undefined
      ? "it carries TLS whose ClientHello is not in the capture"
      : "its first bytes are a ClientHello";
  const mayBeRefused = tls.loneRequest !== undefined && connection.bytes[1] <= longestRefusal;
  const lone = mayBeRefused ? `, and its one request is as long as a CONNECT that was refused can be` : "";
  const isNamedByDns = naming.namesFor(connection.serverAddress, connection.firstFrame).includes(target.host);
  if (hello !== undefined && target.source === "sni" && isNamedByDns && lone === "") {
    const because = `${first} for ${target.host}, sent to an address that DNS gave for that name`;
    return { grade: "seen", because, frame };
  }
  const asked = hello !== undefined && target.source === "sni" ? ` for ${target.host}` : "";
  const because = `${first}${asked}, no CONNECT or SOCKS before it; a proxy reached over TLS would look alike${lone}`;
  return { grade: "inferred", because, frame };
}

function directTarget(connection: ConnectionFacts, layers: readonly LayerFacts[], naming: Naming): Target {
  const port = connection.serverPort;
  const spoken = spokenTarget(layers, port);
  return spoken ?? addressTarget(connection, naming);
}

/** The name that the innermost hello gives, else the innermost request. */
function spokenTarget(layers: readonly LayerFacts[], port: number): Target | undefined {
  let host: string | undefined;
  for (const layer of layers.toReversed()) {
    if (layer.layer === "tls" && layer.hello?.serverName !== undefined && !layer.hello.echOuter) {
      return { host: layer.hello.serverName.toLowerCase(), port, source: "sni" };
    }
    if (isHttpLayer(layer)) host ??= layer.exchanges[0]?.host;
  }
  return host === undefined ? undefined : { ...parseAuthority(host, port), source: "http" };
}

function addressTarget({ serverAddress, serverPort, firstFrame }: ConnectionFacts, naming: Naming): Target {
  const named = naming.namesFor(serverAddress, firstFrame).at(-1);
  if (named !== undefined) return { host: named, port: serverPort, source: "dns" };
  const sibling = naming.spokenName(serverAddress, serverPort);
  if (sibling !== undefined) return { host: sibling, port: serverPort, source: "sni" };
  return { host: serverAddress, port: serverPort, source: "address" };
}

function httpRoute(
  connection: ConnectionFacts,
  http: ExchangeFacts,
  overTls: boolean,
  inner: readonly LayerFacts[],
  naming: Naming,
): RouteAndTargets {
  const connects = http.exchanges.filter(isConnect);
  if (connects.length === 0) return forwardRoute(connection, http, overTls, naming);
  const last = connects.at(-1)!;
  const asked = last.requestTarget === "" ? undefined : parseAuthority(last.requestTarget, 443);
  const attempts = connects.map((connect) => attemptOf(takenAnswer(connect, inner)));
  const status = attempts[attempts.length - 1].status;
  return {
    route: {
      kind: "http-connect",
      overTls,
      proxy: proxyOf(connection, naming),
      ...(asked !== undefined && { target: hostPort(asked.host, asked.port) }),
      ...(status !== undefined && { status }),
      attempts,
      ...(last.userAgent !== undefined && { userAgent: last.userAgent }),
      evidence: connectEvidence(last, overTls),
    },
    targets: [
      asked === undefined
        ? (spokenTarget(inner, 443) ?? addressTarget(connection, naming))
        : tunnelTarget({ ...asked, source: "connect" }, last.requestFrame, inner, naming),
    ],
  };
}

/**
 * The answer that the client of a CONNECT took. Go reads one, be it interim, and closes (net/http transport.go, dialConn);
 * others read on, and use the tunnel.
 */
function takenAnswer(connect: HttpExchange, inner: readonly LayerFacts[]): HttpExchange {
  const { interim, status = 200 } = connect;
  if (interim === undefined || inner.length > 0 || status >= 300) return connect;
  return { ...connect, status: interim.status, reason: interim.reason, responseFrame: interim.frame };
}

function connectEvidence({ requestTarget, requestFrame, responseFrame }: HttpExchange, overTls: boolean): Evidence {
  if (requestFrame > 0) return { grade: readGrade(overTls), because: `CONNECT ${requestTarget}`, frame: requestFrame };
  const because = "an answer of success, then a ClientHello: the CONNECT before was not captured";
  return { grade: "inferred", because, frame: responseFrame };
}

function forwardRoute(
  connection: ConnectionFacts,
  http: ExchangeFacts,
  overTls: boolean,
  naming: Naming,
): RouteAndTargets {
  const forwarded = http.exchanges.filter(({ form }) => form === "absolute");
  const targets = new Map<string, Target>();
  for (const exchange of forwarded) {
    const target: Target = { ...parseAuthority(authorityOf(exchange.requestTarget), 80), source: "http" };
    targets.set(hostPort(target.host, target.port), target);
  }
  const [first] = forwarded;
  const [asked] = targets.keys();
  return {
    route: {
      kind: "http-forward",
      overTls,
      proxy: proxyOf(connection, naming),
      target: asked,
      attempts: forwarded.filter(({ status }) => status === 407).map(attemptOf),
      ...(first.userAgent !== undefined && { userAgent: first.userAgent }),
      evidence: {
        grade: readGrade(overTls),
        because: "the request is in absolute form: it is meant for a proxy",
        frame: first.requestFrame,
      },
    },
    targets: [...targets.values()],
  };
}

/** Where a SOCKS dialogue was decided: the reply, the answer that ended it before, or what was said last. */
function decisiveFrame(socks: SocksFacts): number {
  const refused = Boolean(socks.authenticationStatus) || socks.methodSelected === 0xff;
  if (refused || socks.strangeAnswer !== undefined) return socks.answerFrame;
  return socks.replyFrame || socks.requestFrame || socks.frame;
}

function socksRoute(
  connection: ConnectionFacts,
  socks: SocksFacts,
  overTls: boolean,
  inner: readonly LayerFacts[],
  naming: Naming,
): RouteAndTargets {
  const { targetHost, targetPort, reply, authenticationStatus } = socks;
  const asked = targetHost === undefined ? undefined : { host: targetHost.toLowerCase(), port: targetPort ?? 0 };
  const status = reply ?? (authenticationStatus ? authenticationStatus : undefined);
  const attempt: ProxyAttempt = {
    frame: decisiveFrame(socks),
    ...(status !== undefined && { status }),
    schemes: [],
    ...(authenticationStatus !== undefined && { credentials: "username/password" }),
  };
  return {
    route: {
      kind: socks.version === 4 ? "socks4" : "socks5",
      overTls,
      proxy: proxyOf(connection, naming),
      ...(asked !== undefined && { target: hostPort(asked.host, asked.port) }),
      ...(status !== undefined && { status }),
      attempts: [attempt],
      evidence: {
        grade: readGrade(overTls),
        because: `SOCKS${socks.v4a ? "4a" : socks.version} dialogue`,
        frame: socks.frame,
      },
    },
    targets: [
      asked === undefined
        ? addressTarget(connection, naming)
        : tunnelTarget({ ...asked, source: "socks" }, socks.requestFrame, inner, naming),
    ],
  };
}

/** What is read inside TLS was decrypted. */
function readGrade(insideTls: boolean): Grade {
  return insideTls ? "decrypted" : "seen";
}

/**
 * A tunnel to an IP address is named by the hello inside it, or by DNS where that gave the address for one name only: git
 * resolves names before it asks a SOCKS proxy.
 */
function tunnelTarget(asked: Target, frame: number, inner: readonly LayerFacts[], naming: Naming): Target {
  if (!isAddress(asked.host)) return asked;
  const spoken = spokenTarget(inner, asked.port);
  if (spoken !== undefined) return spoken;
  const names = naming.namesFor(asked.host, frame);
  return names.length === 1 ? { host: names[0], port: asked.port, source: "dns" } : asked;
}

function attemptOf(exchange: HttpExchange): ProxyAttempt {
  return {
    frame: exchange.responseFrame || exchange.requestFrame,
    ...(exchange.status !== undefined && { status: exchange.status }),
    ...(exchange.reason !== undefined && { reason: exchange.reason }),
    schemes: exchange.challenges ?? [],
    ...(exchange.proxyAuthorization !== undefined && { credentials: exchange.proxyAuthorization }),
  };
}

function proxyOf(
  { serverAddress, serverPort, firstFrame }: ConnectionFacts,
  naming: Naming,
): NonNullable<Route["proxy"]> {
  const name = naming.namesFor(serverAddress, firstFrame).at(-1);
  return { address: serverAddress, port: serverPort, ...(name !== undefined && { name }) };
}
