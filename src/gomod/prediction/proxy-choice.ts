import type { GoConfiguration } from "../configuration/configuration.ts";
import { noProxyReason, type ForwardProxy } from "../forward-proxy.ts";
import { parseGoUrl } from "../../bytes/go-url.ts";
import { defaultPort } from "../place.ts";

/** Where a request must go: to the host itself, through a proxy, or nowhere. */
export interface ProxyChoice {
  readonly kind: "direct" | "proxy" | "refused";
  /** Present for `proxy`. */
  readonly proxy?: ForwardProxy;
  /** The rule that decided, as a sentence without its full stop; no credentials. */
  readonly because: string;
  /** What is not known and might decide otherwise, as a sentence without its full stop; absent where nothing is. */
  readonly open?: string;
}

/** Where a request is meant for. */
export interface Destination {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Absent where it does not show. */
  readonly path?: string;
}

/** The destination of a URL; undefined where it has none. The host is as written: localhost counts in lower case only. */
export function destinationOf(url: string): Destination | undefined {
  const parsed = parseGoUrl(url);
  if (parsed === undefined || parsed.hostname === "") return undefined;
  const port = parsed.port === "" ? defaultPort(parsed.scheme) : Number(parsed.port);
  return { scheme: parsed.scheme, host: parsed.hostname, port, path: parsed.path };
}

/**
 * The proxy that the go command uses for a request.
 *
 * Spec: golang.org/x/net/http/httpproxy, proxyForURL.
 */
export function goProxyFor(configuration: GoConfiguration, { scheme, host, port }: Destination): ProxyChoice {
  const { httpsProxy, httpProxy, noProxy, goVersion, variables } = configuration;
  if (scheme !== "https" && scheme !== "http") return { kind: "direct", because: `Go has no proxy for ${scheme}://` };
  const name = scheme === "https" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = scheme === "https" ? httpsProxy : httpProxy;
  if (proxy === undefined) return { kind: "direct", because: unsetReason(configuration, name) };
  if (scheme === "http" && (variables.get("REQUEST_METHOD")?.value ?? "") !== "") {
    return {
      kind: "refused",
      because: "REQUEST_METHOD is set, so Go takes itself for a CGI program and refuses HTTP_PROXY",
    };
  }
  const entry = noProxyReason(noProxy, host, port, goVersion);
  if (entry === "localhost")
    return { kind: "direct", because: `${host} is this machine, which Go never asks a proxy for` };
  if (entry !== undefined) return { kind: "direct", because: `the entry ${entry} of NO_PROXY covers ${host}` };
  return { kind: "proxy", proxy, because: `${proxy.variable} is for ${scheme}:// and NO_PROXY does not cover ${host}` };
}

function unsetReason({ variables }: GoConfiguration, name: string): string {
  const set = [name, name.toLowerCase()].find((each) => (variables.get(each)?.value ?? "") !== "");
  if (set !== undefined) return `${set} is no URL, which Go takes for no proxy`;
  const scheme = name === "HTTPS_PROXY" ? "https" : "http";
  return `${name} is not set, and Go has no other proxy for ${scheme}://`;
}
