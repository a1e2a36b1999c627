import { secondsBetween } from "../flow/timestamp.ts";
import { counted, hostPort } from "../bytes/text.ts";
import type { Analysis, CaptureReport, Flow, HttpReport, ProxyAttempt, Route } from "../flow/model.ts";
import { isProxyHop } from "../flow/target-tls.ts";
import type { ProcessReport } from "../flow/processes.ts";
import { facts, type Fact, type FactOptions } from "./fact-list.ts";
import { visible } from "./sanitize.ts";
import { worstFirst } from "./headline.ts";
import { renderFinding } from "./finding-text.ts";
import { renderTls } from "./tls-text.ts";
import { bytesText, durationText } from "./units.ts";
import { evidenceText, frameText, labelText, routeText } from "./words.ts";

/** Everything known about one flow, for a terminal. */
export function* renderFlow(flow: Flow, analysis: Analysis, options: FactOptions): Iterable<string> {
  const { capture } = analysis;
  const title = `Flow ${flow.id}: ${hostPort(flow.target.host, flow.target.port)}, ${labelText(flow)}`;
  yield `${options.style("heading", visible(title))}\n`;
  yield* facts(connectionFacts(flow, capture), options);
  yield* section("Meaning", meaningFacts(flow, capture), options);
  yield* section("DNS", dnsFacts(flow, analysis), options);
  yield* section("Stages", stageFacts(flow, capture), options);
  yield* section("Proxy", proxyFacts(flow.route, flow, capture), options);
  for (const [at, tls] of flow.tls.entries()) {
    const where = isProxyHop(flow, at) ? "TLS to the proxy" : "TLS";
    yield `\n${options.style("heading", where)}\n`;
    yield* renderTls(tls, capture, options);
  }
  yield* section("HTTP", httpFacts(flow, capture), options);
  yield* section(
    "Damage",
    flow.problems.map((problem): Fact => [problem.code, `${problem.detail} (${frameText(problem.frame, capture)})`]),
    options,
  );
  if (flow.moreProblems !== undefined) yield* facts([["and", counted(flow.moreProblems, "more problem")]], options);
  for (const finding of worstFirst(analysis.findings)) {
    if (finding.flows.includes(flow.id)) yield* renderFinding(finding, capture, options);
  }
}

function* section(title: string, list: readonly Fact[], options: FactOptions): Iterable<string> {
  if (list.every(([, text]) => text === undefined || text === "")) return;
  yield `\n${options.style("heading", title)}\n`;
  yield* facts(list, options);
}

function lastFrameText({ frames }: Flow, capture: CaptureReport): string {
  return capture.files.length > 1 ? frameText(frames.last, capture) : `${frames.last}`;
}

function processText({ name, pid, path, frame }: ProcessReport): string {
  return `${name}, ${path === undefined ? "" : `${path}, `}pid ${pid} (frame ${frame})`;
}

function connectionFacts(flow: Flow, capture: CaptureReport): Fact[] {
  const span = durationText(secondsBetween(flow.start, flow.end));
  const by = flow.closedBy === undefined ? "" : ` by the ${flow.closedBy}`;
  return [
    ["client", hostPort(flow.client.address, flow.client.port)],
    ["server", hostPort(flow.server.address, flow.server.port)],
    ["process", flow.process === undefined ? undefined : processText(flow.process)],
    ["layers", flow.layers.join(" > ")],
    ["time", flow.start === undefined ? undefined : `${flow.start}, ${span}`],
    [
      "frames",
      `${flow.frames.count}, from ${frameText(flow.frames.first, capture)} to ${lastFrameText(flow, capture)}`,
    ],
    ["bytes", `${bytesText(flow.bytes.clientToServer)} sent, ${bytesText(flow.bytes.serverToClient)} received`],
    ["opened", flow.opened],
    ["closed", `${flow.closed}${by}`],
    ["disturbed", disturbances(flow).join(", ")],
    ["same as", flow.sameAs === undefined ? undefined : `flow ${flow.sameAs}, captured at another interface`],
    ["behind", flow.upstreamOf === undefined ? undefined : `the proxy of flow ${flow.upstreamOf}: its upstream leg`],
    ...(flow.icmp ?? []).map((icmp): Fact => {
      const mtu = icmp.mtu === undefined ? "" : `, next hop takes ${icmp.mtu} bytes`;
      return [
        "ICMP",
        `type ${icmp.type} code ${icmp.code} from ${icmp.from}${mtu} (${frameText(icmp.frame, capture)})`,
      ];
    }),
  ];
}

function disturbances(flow: Flow): string[] {
  const counts: readonly (readonly [number | undefined, string])[] = [
    [flow.syns > 1 ? flow.syns : 0, "SYN segments"],
    [flow.retransmittedSegments, "retransmitted segments"],
    [flow.outOfOrderSegments, "segments out of order"],
    [flow.duplicateFrames, "frames captured twice"],
    [flow.snappedSegments, "segments cut by the snap length"],
    [flow.lost.clientToServer, "bytes of the client not captured"],
    [flow.lost.serverToClient, "bytes of the server not captured"],
    [flow.unacknowledged?.clientToServer, "bytes of the client never acknowledged"],
    [flow.unacknowledged?.serverToClient, "bytes of the server never acknowledged"],
  ];
  const texts = counts
    .filter(([count]) => count !== undefined && count > 0)
    .map(([count, what]) => `${count!} ${what}`);
  return flow.oneSided === true ? [...texts, "only one direction was captured"] : texts;
}

function meaningFacts(flow: Flow, capture: CaptureReport): Fact[] {
  const named = flow.target.source === "address" ? "only its address is known" : `named by ${flow.target.source}`;
  return [
    ["target", `${hostPort(flow.target.host, flow.target.port)}, ${named}`],
    ...(flow.targets ?? []).map((target): Fact => [
      "target",
      `${hostPort(target.host, target.port)}, ${target.source}`,
    ]),
    ["label", `${labelText(flow)}: ${evidenceText(flow.labelEvidence, capture)}`],
    ["role", `${flow.role}: ${evidenceText(flow.roleEvidence, capture)}`],
    ["route", `${routeText(flow)}: ${evidenceText(flow.route.evidence, capture)}`],
    ["sumdb", flow.carriesSumdb ? "a lookup or tile of the checksum database was asked here" : undefined],
  ];
}

/** The answers that gave the address which the client then spoke to. */
function dnsFacts(flow: Flow, analysis: Analysis): Fact[] {
  const named = analysis.dns.filter(
    (exchange) =>
      exchange.client === flow.client.address && exchange.answers.some(({ value }) => value === flow.server.address),
  );
  return named.slice(0, dnsShown).map((exchange): Fact => {
    const answers = exchange.answers.map(({ type, value }) => `${type} ${value}`).join(", ");
    return [exchange.type, `${exchange.name}: ${answers} (${frameText(exchange.frame, analysis.capture)})`];
  });
}

function stageFacts(flow: Flow, capture: CaptureReport): Fact[] {
  return flow.stages.map(({ stage, frame, time }): Fact => {
    const after = durationText(secondsBetween(flow.start, time));
    return [stage, `${after === "" ? "" : `after ${after}, `}${frameText(frame, capture)}`];
  });
}

function proxyFacts(route: Route, flow: Flow, capture: CaptureReport): Fact[] {
  const { proxy, socks } = { proxy: route.proxy, socks: flow.socks };
  const name = proxy?.name === undefined ? "" : `${proxy.name}, `;
  return [
    ["proxy", proxy && `${name}${hostPort(proxy.address, proxy.port)}${route.overTls ? ", over TLS" : ""}`],
    ["asked for", route.target],
    ["user agent", route.userAgent],
    ...route.attempts.map((attempt): Fact => {
      const schemes = attempt.schemes.length === 0 ? "" : `, wants ${attempt.schemes.join(" or ")}`;
      const sent = attempt.credentials === undefined ? "" : `, sent ${attempt.credentials} credentials`;
      return ["attempt", `${attemptAnswer(attempt)}${schemes}${sent} (${frameText(attempt.frame, capture)})`];
    }),
    ["SOCKS", socks && `${socks.version}, offered ${socks.methodsOffered.join(", ") || "no methods"}`],
    ["method", socks?.methodSelected],
    ["signed in", socks?.authenticated === undefined ? undefined : socks.authenticated ? "yes" : "refused"],
    ["asked by", socks?.addressType],
    ["reply", socks?.reply],
    ["answer", socks?.strangeAnswer && `not SOCKS: ${socks.strangeAnswer}`],
  ];
}

function attemptAnswer({ status, reason = "", answerBytes }: ProxyAttempt): string {
  if (status !== undefined) return `${status} ${reason}`.trimEnd();
  return answerBytes === undefined ? "no answer" : `an answer of ${answerBytes} bytes inside TLS, and no tunnel`;
}

function httpFacts(flow: Flow, capture: CaptureReport): Fact[] {
  const lost = flow.problems.some(({ code }) => code === "bytes-lost");
  const shown = flow.http
    .slice(0, httpShown)
    .map((exchange): Fact => ["request", exchangeText(exchange, capture, lost ? "answer not visible" : "no answer")]);
  const more = flow.http.length - shown.length;
  if (more > 0) shown.push(["and", `${counted(more, "more exchange")}; --json lists them`]);
  for (const { from, lastStream, error, frame } of flow.goAways ?? []) {
    shown.push(["GOAWAY", `from the ${from}, last stream ${lastStream}: ${error} (${frameText(frame, capture)})`]);
  }
  if (flow.strangeAnswer !== undefined) shown.push(["answer", `not HTTP: ${flow.strangeAnswer}`]);
  return shown;
}

function exchangeText(exchange: HttpReport, capture: CaptureReport, unanswered: string): string {
  const { method, requestTarget = "", scheme = "http", host } = exchange;
  const place =
    requestTarget.startsWith("/") && host !== undefined ? `${scheme}://${host}${requestTarget}` : requestTarget;
  const time = durationText(secondsBetween(exchange.requestTime, exchange.responseTime));
  const answer =
    exchange.status === undefined
      ? unanswered
      : `${exchange.status} ${exchange.reason ?? ""}`.trimEnd() + `, ${bytesText(exchange.responseBytes)}`;
  const go = exchange.go;
  const meaning = go === undefined ? "" : ` [${[go.kind, go.module, go.version].filter(Boolean).join(" ")}]`;
  const redirect = exchange.redirectTo === undefined ? "" : `, redirected to ${exchange.redirectTo}`;
  const within = time === "" ? "" : `, ${time}`;
  const asked = method === undefined ? "not visible" : `${method} ${place}${meaning}`;
  const frame = exchange.requestFrame === 0 ? (exchange.responseFrame ?? 0) : exchange.requestFrame;
  return `${asked}: ${answer}${refusalText(exchange)}${within}${redirect}${streamText(exchange)} (${frameText(frame, capture)})`;
}

function refusalText({ errorText, errorReason }: HttpReport): string {
  const words = errorText?.replaceAll("\n", " ") ?? errorReason;
  return words === undefined ? "" : `, "${words}"`;
}

/** What HTTP/2 did to the stream, and what of it nobody can know. */
function streamText({ reset, unknownFields }: HttpReport): string {
  const ended = reset === undefined ? "" : `, reset by the ${reset.from}: ${reset.error}`;
  if (unknownFields === undefined) return ended;
  return `${ended}, ${counted(unknownFields, "field")} not known: what came before the capture named them`;
}

/** One name is asked for by every process of a run; a few answers show what it was. */
const dnsShown = 8;

/** A module download asks a few hundred times at most; more is for programs. */
const httpShown = 200;
