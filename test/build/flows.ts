import type { Flow, HttpReport, ObservedFlow, Route, RouteKind, Target, TlsReport } from "../../src/flow/model.ts";

/** Splits `host:port`; the port is 443 where none is written. Bracketed IPv6 literals lose their brackets. */
function splitHostPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(text);
  if (match === null) throw new Error(`no host:port: ${text}`);
  return { host: match[1] ?? match[2] ?? "", port: Number(match[3] ?? 443) };
}

/** A target from `host:port`. */
export function target(text: string, source: Target["source"] = "sni"): Target {
  return { ...splitHostPort(text), source };
}

/** A copy without some of its fields. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: readonly K[]): Omit<T, K> {
  const copy = { ...value };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy;
}

/** A finished TLS layer of the Go command that its client accepted. */
export function tls(overrides: Partial<TlsReport> = {}): TlsReport {
  return {
    clientStack: { name: "go", text: "Go 1.24", grade: "inferred", because: "extension order" },
    groups: ["x25519"],
    keyShares: ["x25519"],
    alpnOffered: ["h2", "http/1.1"],
    supportedVersions: ["TLS 1.3", "TLS 1.2"],
    negotiatedVersion: "TLS 1.3",
    helloRetryRequest: false,
    resumed: false,
    helloFrame: 4,
    alerts: [],
    verdict: { value: "accepted", grade: "inferred", because: "Finished, then application data" },
    certificates: [],
    clientCertificates: [],
    path: { status: "not-visible", remarks: [], path: [], detail: "certificates of TLS 1.3 are encrypted" },
    ...overrides,
  };
}

/** The client stack of a TLS layer, by name: `tls({ clientStack: stack("gnutls") })`. */
export function stack(name: "go" | "gnutls" | "openssl" | "browser" | "other"): NonNullable<TlsReport["clientStack"]> {
  return { name, text: name, grade: "inferred", because: "extension order" };
}

/** An answered GET over HTTPS. */
export function http(host: string, path: string, overrides: Partial<HttpReport> = {}): HttpReport {
  return {
    grade: "decrypted",
    method: "GET",
    requestTarget: path,
    scheme: "https",
    host,
    path,
    status: 200,
    version: "HTTP/1.1",
    requestFrame: 8,
    responseFrame: 9,
    requestBytes: 0,
    responseBytes: 100,
    userAgent: "Go-http-client/1.1",
    ...overrides,
  };
}

/** No proxy. */
export function direct(): Route {
  return { kind: "direct", overTls: false, attempts: [], evidence: { grade: "seen", because: "no proxy protocol" } };
}

/** A way through the proxy `name:port`, asked for `asked` and answered with `status`. */
export function through(
  kind: Exclude<RouteKind, "direct">,
  proxy: string,
  asked: string,
  status = kind.startsWith("socks") ? 0 : 200,
  overrides: Partial<Route> = {},
): Route {
  const { host, port } = splitHostPort(proxy);
  return {
    kind,
    overTls: false,
    proxy: { address: "198.51.100.40", port, name: host },
    target: asked,
    status,
    attempts: [{ frame: 4, status, schemes: [] }],
    evidence: { grade: "seen", because: `${kind} request`, frame: 4 },
    ...overrides,
  };
}

/** A flow as it was seen: the Go command speaking TLS to proxy.golang.org, but for what is given. */
export function flow(overrides: Partial<ObservedFlow> = {}): ObservedFlow {
  const id = overrides.id ?? 0;
  return {
    id,
    client: { address: "192.0.2.10", port: 40_000 + id },
    server: { address: "198.51.100.10", port: overrides.target?.port ?? 443 },
    start: `2026-12-01T10:00:${String(id % 60).padStart(2, "0")}.000000000Z`,
    end: `2026-12-01T10:00:${String(id % 60).padStart(2, "0")}.500000000Z`,
    frames: { first: id * 10 + 1, last: id * 10 + 10, count: 10 },
    bytes: { clientToServer: 1000, serverToClient: 3000 },
    opened: "handshake",
    closed: "fin",
    lost: { clientToServer: 0, serverToClient: 0 },
    retransmittedSegments: 0,
    outOfOrderSegments: 0,
    duplicateFrames: 0,
    syns: 1,
    layers: ["tls"],
    route: direct(),
    target: target("proxy.golang.org:443"),
    stage: "established",
    stages: [],
    tls: [tls({ serverName: overrides.target?.host ?? "proxy.golang.org" })],
    http: [],
    problems: [],
    ...overrides,
  };
}

/** A SYN that nobody answered (or that was refused): no layers, nothing sent. */
export function unopened(overrides: Partial<ObservedFlow> = {}): ObservedFlow {
  return flow({
    opened: "syn-only",
    closed: "unanswered",
    bytes: { clientToServer: 0, serverToClient: 0 },
    layers: [],
    stage: "tcp",
    tls: [],
    syns: 7,
    ...overrides,
  });
}

/** A judged flow: proxied by proxy.golang.org, but for what is given. */
export function judgedFlow(overrides: Partial<Flow> = {}): Flow {
  return {
    ...flow(overrides),
    role: "module-proxy",
    roleEvidence: { grade: "inferred", because: "proxy.golang.org is the public Go module mirror" },
    label: "proxied",
    labelEvidence: { grade: "inferred", because: "the target is a module proxy" },
    carriesSumdb: false,
    noise: false,
    ...overrides,
  };
}
