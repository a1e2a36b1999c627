import { counted } from "../bytes/text.ts";
import type { Flow } from "../flow/model.ts";
import { refusalOf } from "../gomod/failure.ts";
import { addressFilter, serverFilter } from "./filter.ts";
import { helloUnanswered, saysNothingInTls } from "./proxy-hello.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting, Words } from "./sighting.ts";
import { socksSightings } from "./socks.ts";
import { ends, list, outcome, proxyName } from "./wording.ts";

/** What went wrong between the client and a forward proxy. */
export function* proxySightings(seen: Seen): Iterable<Sighting> {
  const { flow, failure } = seen;
  if (failure === undefined) return;
  const sighting = flow.socks === undefined ? httpSighting(seen) : socksSightings(seen);
  if (sighting !== undefined) yield sighting;
}

function httpSighting(seen: Seen): Sighting | undefined {
  const { flow, failure } = seen;
  switch (failure?.kind) {
    case "proxy-refused":
      return refused(seen);
    case "proxy-silent":
      return silent(seen);
    case "not-tls":
    case "no-answer":
      return saysNothingInTls(seen) ? helloUnanswered(seen) : undefined;
    case "broken-off":
    case "reset":
      if (pickedHttp2(flow)) return http2(seen);
      return saysNothingInTls(seen) ? helloUnanswered(seen) : undefined;
    default:
      return undefined;
  }
}

/* A 407 on one connection with credentials on the next is how clients without foresight authenticate. */
function refused(seen: Seen): Sighting | undefined {
  const { flow, recoveredBy } = seen;
  const status = flow.route.kind === "http-forward" ? refusalOf(flow) : flow.route.status;
  if (status === undefined) return unreadAnswer(flow) === undefined ? strange(seen) : withoutTunnel(seen);
  if (status === 407) return recoveredBy === undefined ? unauthenticated(seen) : undefined;
  if (status === 403) return answered(seen, "proxy-forbidden", forbiddenWords);
  return status >= 500 ? answered(seen, "proxy-error", errorWords) : answered(seen, "proxy-other-status", otherWords);
}

function answered(seen: Seen, rule: RuleId, words: (seen: Seen) => Words): Sighting {
  const { flow } = seen;
  const answers = flow.http.map(({ requestFrame, responseFrame }) => responseFrame ?? requestFrame);
  return {
    rule,
    subject: `${proxyName(flow)} ${flow.route.target ?? ""}`,
    severity: seen.severity,
    grade: isUnsigned(flow) ? "inferred" : "seen",
    flow: flow.id,
    frames: flow.route.kind === "http-forward" ? answers : flow.route.attempts.map(({ frame }) => frame),
    words: () => words(seen),
  };
}

function unauthenticated(seen: Seen): Sighting {
  return { ...answered(seen, "proxy-authentication-required", authenticationWords), subject: proxyName(seen.flow) };
}

function authenticationWords(seen: Seen): Words {
  const { flow } = seen;
  const schemes = schemesOf(flow);
  const sent = flow.route.attempts.find(({ credentials }) => credentials !== undefined)?.credentials;
  const offered =
    schemes.length === 0 ? "no scheme" : `the ${schemes.length === 1 ? "scheme" : "schemes"} ${list(schemes)}`;
  const had = sent === undefined ? "no credentials" : `${sent} credentials`;
  return {
    title: `the proxy ${proxyName(flow)} wants authentication (407)${schemes.length === 0 ? "" : `: ${list(schemes)}`}`,
    detail:
      `${asked(flow)} was answered 407 with ${offered}; the request had ${had}. Go sends Basic credentials from the ` +
      "proxy's URL up front, never answers a 407, and knows no NTLM, Negotiate (Kerberos) or Digest." +
      outcome(seen),
    remedy: authenticationRemedy(flow, schemes, sent),
  };
}

function schemesOf({ route, http }: Flow): readonly string[] {
  const challenged = http.flatMap(({ status, challenges }) => (status === 407 ? (challenges ?? []) : []));
  return [...new Set([...route.attempts.flatMap(({ schemes }) => schemes), ...challenged])];
}

function authenticationRemedy(flow: Flow, schemes: readonly string[], sent: string | undefined): string {
  const proxy = proxyName(flow);
  const basic = schemes.length === 0 || schemes.some((scheme) => scheme.toLowerCase() === "basic");
  if (!basic) {
    return (
      `None of ${list(schemes)} is known to Go: run a local proxy that authenticates for it (cntlm, px, alpaca) and point ` +
      "HTTPS_PROXY at that, or have the proxy allow this client without authentication."
    );
  }
  return sent === undefined
    ? `Set HTTPS_PROXY=http://USER:PASSWORD@${proxy} in the process environment (go env -w does not reach it), with ` +
        "special characters percent-encoded."
    : `Correct the user name and password in HTTPS_PROXY (special characters percent-encoded): ${proxy} did not take them.`;
}

function forbiddenWords(seen: Seen): Words {
  const { flow } = seen;
  const target = flow.route.target ?? flow.target.host;
  return {
    title: `the proxy ${proxyName(flow)} forbids ${target} (403)`,
    detail: `${asked(flow)} was answered 403${reason(flow)}. ${
      isUnsigned(flow) ? unsigned : "The target itself was never reached."
    }${outcome(seen)}`,
    remedy: `Have ${target} allowed on the proxy${alternative(flow)}. If it is to be reached without the proxy, add the host to NO_PROXY.`,
  };
}

/* What else would spare the target. */
function alternative({ role }: Flow): string {
  if (role === "sumdb") {
    return ", or use a module proxy that mirrors the checksum database, or for private modules GOPRIVATE";
  }
  return role === "storage" ? " (large zips of proxy.golang.org are redirected there)" : "";
}

function errorWords(seen: Seen): Words {
  const { flow } = seen;
  const status = flow.route.status ?? refusalOf(flow);
  const target = flow.route.target ?? flow.target.host;
  return {
    title: `the proxy ${proxyName(flow)} could not connect to ${target} (${status ?? "5xx"})`,
    detail: `${asked(flow)} was answered ${status ?? ""}${reason(flow)}: the trouble is behind the proxy, and what it is only the proxy knows.${
      isUnsigned(flow) ? ` ${unsigned}` : ""
    }${outcome(seen)}`,
    remedy: `Look at the log of the proxy: does it resolve ${target}, may it connect there, did it time out?`,
  };
}

function otherWords(seen: Seen): Words {
  const { flow } = seen;
  const { status } = flow.route;
  const interim = status !== undefined && status < 200;
  return {
    title: `the proxy ${proxyName(flow)} answered CONNECT ${flow.route.target ?? flow.target.host} with ${status ?? ""}, which Go does not take`,
    detail: `${asked(flow)} was answered ${status ?? ""}${reason(flow)}. Go takes 200 alone for a tunnel${interim ? ", and the first answer for the last: a 200 behind this one it does not read" : ""}.${outcome(seen)}`,
    remedy:
      status === 404 || status === 405 || status === 400
        ? "The server at that port may be no forward proxy, or not allow CONNECT: check the host and port of HTTPS_PROXY."
        : `Have the proxy answer CONNECT with 200${interim ? " at once" : ""}, or use another proxy.`,
  };
}

function unreadAnswer({ route }: Flow): number | undefined {
  return route.attempts.at(-1)?.answerBytes;
}

function withoutTunnel(seen: Seen): Sighting {
  const { flow } = seen;
  const proxy = proxyName(flow);
  const asked = flow.route.target;
  const target = asked === undefined ? "" : ` to ${asked}`;
  return {
    ...answered(seen, "proxy-no-tunnel", () => ({
      title: `the proxy ${proxy} opened no tunnel${target}`,
      whyHidden: true,
      detail:
        `The client asked for a tunnel inside TLS, closed after an answer of ${counted(unreadAnswer(flow)!, "byte")} (perhaps ` +
        `with a session ticket), and sent no ClientHello through it: the answer was no 200.${outcome(seen)}`,
      remedy:
        "The last words of go's error are the reason that the proxy gave (Forbidden, Proxy Authentication Required), and " +
        `curl -v -x https://${proxy} https://${asked ?? "HOST"}/ shows all of its answer.`,
    })),
    grade: "inferred",
  };
}

/** How a SOCKS server begins: version 5, or the zero and code of a SOCKS4 reply. Other binary protocols have zeros too. */
function isSocksReply(answer: string): boolean {
  const [first, second] = [answer.charCodeAt(0), answer.charCodeAt(1)];
  return first === 5 || (first === 0 && second >= 0x5a && second <= 0x5d);
}

function strange(seen: Seen): Sighting {
  const { flow } = seen;
  const socks = isSocksReply(flow.strangeAnswer ?? "");
  return answered(seen, socks ? "proxy-speaks-socks" : "proxy-silent", () => ({
    title: socks
      ? `the proxy ${proxyName(flow)} does not speak HTTP: it looks like a SOCKS proxy`
      : `the proxy ${proxyName(flow)} answered in no protocol known`,
    detail: `${asked(flow)} was answered with bytes that are no HTTP.${outcome(seen)}`,
    remedy: `If it is a SOCKS proxy, write HTTPS_PROXY=socks5://${proxyName(flow)}; socks5h:// needs Go 1.23.`,
    filter: serverFilter(flow.server, "tcp.len > 0"),
  }));
}

function silent(seen: Seen): Sighting {
  const { flow } = seen;
  const how = flow.closed === "reset" ? "a reset" : flow.closedBy === "server" ? "a closed connection" : "silence";
  const begun = flow.route.overTls ? 0 : flow.bytes.serverToClient;
  const met = begun === 0 ? how : `${counted(begun, "byte")}, no whole head of an answer, then ${how}`;
  return answered(seen, "proxy-silent", () => ({
    title: `the proxy ${proxyName(flow)} ${begun === 0 ? "did not answer" : "broke off its answer to"} the request for ${flow.route.target ?? flow.target.host}`,
    detail: `${asked(flow)} was met with ${met}.${outcome(seen)}`,
    remedy:
      flow.server.port === 1080
        ? `Port 1080 is usually a SOCKS proxy's: try HTTPS_PROXY=socks5://${proxyName(flow)}.`
        : "Check that this is a forward proxy that allows CONNECT, and look at its log.",
    filter: serverFilter(flow.server, "tcp.len > 0"),
  }));
}

function asked({ route, target }: Flow): string {
  const what = route.target ?? target.host;
  return route.kind === "http-forward" ? `A request for ${what}` : `CONNECT ${what}`;
}

/* An answer to a request in absolute form: the target could have given it, and the proxy handed it on. */
function isUnsigned(flow: Flow): boolean {
  return flow.route.kind === "http-forward" && refusalOf(flow) !== 407;
}

const unsigned = "Whether the proxy said so or the target behind it the answer does not tell.";

function reason({ route, http }: Flow): string {
  const text = (route.kind === "http-forward" ? http[0]?.reason : route.attempts.at(-1)?.reason) ?? "";
  return text === "" ? "" : ` (${text})`;
}

/** A forward proxy that did not answer, or refused. */
export function proxyUnreachable(seen: Seen): Sighting {
  const { flow } = seen;
  const refused = seen.failure?.kind === "refused";
  const proxy = proxyName(flow);
  return {
    rule: "proxy-unreachable",
    subject: proxy,
    severity: seen.severity,
    grade: "seen",
    flow: flow.id,
    frames: ends(flow),
    words: () => ({
      title: refused ? `the proxy ${proxy} refused the connection` : `the proxy ${proxy} cannot be reached`,
      detail: refused
        ? `Nothing listens at ${flow.server.address} port ${flow.server.port}, or a firewall refuses in its place.${outcome(seen)}`
        : `${counted(flow.syns, "SYN segment")} to ${flow.server.address} port ${flow.server.port} had no answer.${outcome(seen)}`,
      remedy: `Check the host and port in HTTPS_PROXY (${proxy}), and whether this client may connect to it.`,
      filter: serverFilter(flow.server),
    }),
  };
}

function pickedHttp2({ role, route, tls }: Flow): boolean {
  return (role === "forward-proxy" || route.overTls) && tls[0]?.alpn === "h2";
}

function http2(seen: Seen): Sighting {
  const { flow } = seen;
  return {
    rule: "proxy-picked-h2",
    subject: proxyName(flow),
    severity: seen.severity,
    grade: "seen",
    flow: flow.id,
    frames: [flow.tls[0].serverHelloFrame ?? flow.frames.first],
    words: () => ({
      title: `the proxy ${proxyName(flow)} chose HTTP/2, which Go does not speak to proxies`,
      detail:
        "Go offers h2 to a proxy over TLS but writes HTTP/1.1 all the same; the command prints malformed HTTP response or EOF." +
        outcome(seen),
      remedy: "Switch HTTP/2 off on the proxy's listener (ALPN http/1.1 only), or use its plain listener with http://.",
      filter: `${addressFilter(flow.server.address)} && tls`,
    }),
  };
}
