import type { AlertReport, Flow, TlsReport } from "../flow/model.ts";
import { targetTls } from "../flow/target-tls.ts";
import { flowProgram } from "./program.ts";

/** How a flow failed, the stage nearest to the client first. */
type FailureKind =
  | "unanswered"
  | "refused"
  | "proxy-silent"
  | "proxy-refused"
  | "not-tls"
  | "rejected"
  | "server-alert"
  | "reset"
  | "no-answer"
  | "broken-off";

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence without a full stop. */
  readonly because: string;
  /** Where it shows; absent where it shows by what never came. */
  readonly frame?: number | undefined;
}

/** Seconds after which a client that closes has waited in vain rather than changed its mind: Go's handshake gets 10. */
export const patienceSeconds = 5;

/**
 * How a flow failed; undefined where it did not, where it was abandoned in a race, or where the capture does not show
 * the end of it.
 */
export function judgeFailure(flow: Flow): Failure | undefined {
  return unopened(flow) ?? refusedByProxy(flow) ?? badHandshake(flow) ?? unfinished(flow);
}

function unopened({ closed, syns }: Flow): Failure | undefined {
  if (closed === "unanswered") return { kind: "unanswered", because: `${syns} SYN segments had no answer` };
  return closed === "refused" ? { kind: "refused", because: "the server refused the connection" } : undefined;
}

function refusedByProxy(flow: Flow): Failure | undefined {
  const { kind, status, attempts } = flow.route;
  if (kind === "direct") return undefined;
  if (kind === "http-forward") {
    const status = refusalOf(flow);
    return status === undefined ? undefined : { kind: "proxy-refused", because: `the proxy answered ${status}` };
  }
  if (status === undefined) return withoutStatus(flow);
  const frame = attempts.at(-1)?.frame;
  return isGranted(flow, status)
    ? undefined
    : { kind: "proxy-refused", because: `the proxy answered ${status}`, frame };
}

function withoutStatus(flow: Flow): Failure | undefined {
  const { attempts, overTls } = flow.route;
  /* A proxy that breaks TLS off says so by an alert. */
  if (overTls && flow.tls.some((layer) => serverRefusal(layer, flow) !== undefined)) return undefined;
  const strange = flow.strangeAnswer ?? flow.socks?.strangeAnswer;
  if (strange !== undefined) return { kind: "proxy-refused", because: "the proxy answered in another protocol" };
  const last = attempts.at(-1);
  if (last?.answerBytes !== undefined) {
    return { kind: "proxy-refused", because: "the proxy answered, and opened no tunnel", frame: last.frame };
  }
  const unanswered = last !== undefined && flow.tls.length <= (overTls ? 1 : 0);
  /* What the recorder missed of the proxy's may have been its answer. */
  if (!unanswered || flow.lost.serverToClient > 0 || !hasEnded(flow) || abandoned(flow)) return undefined;
  return { kind: "proxy-silent", because: "the proxy never answered the request" };
}

/**
 * The status with which a forward proxy refused every request in absolute form that a flow carried: it wants credentials,
 * forbids the target, or did not reach it. All but 407 may be the target's own words; who said so the answer seldom tells.
 */
export function refusalOf({ http }: Pick<Flow, "http">): number | undefined {
  const status = http[0]?.status;
  if (status === undefined || !refusals.has(status)) return undefined;
  return http.every((exchange) => exchange.status === status) ? status : undefined;
}

const refusals: ReadonlySet<number> = new Set([403, 407, 502, 503, 504]);

/** Whether a proxy did what it was asked: Go takes 200 alone for a granted CONNECT, libcurl any 2xx. A SOCKS4 grant is 90, a SOCKS5 one 0. */
export function isGranted(flow: Flow, status: number): boolean {
  if (flow.route.kind === "socks4") return status === 90;
  if (flow.route.kind === "socks5") return status === 0;
  return status === 200 || (status > 200 && status < 300 && flowProgram(flow) !== "go");
}

function badHandshake(flow: Flow): Failure | undefined {
  for (const layer of flow.tls) {
    /* An answer may be to what the recorder missed before the hello: a CONNECT, a SOCKS dialogue. */
    if (layer.strangeAnswer !== undefined && flow.lost.clientToServer === 0)
      return { kind: "not-tls", because: "the answer to the ClientHello was no TLS" };
    const { value, because, frame } = layer.verdict;
    if (value === "rejected") return { kind: "rejected", because, frame };
    const refusal = serverRefusal(layer, flow);
    if (refusal !== undefined) {
      const { description = "(encrypted)", frame } = refusal;
      return { kind: "server-alert", because: `the server sent alert ${description}`, frame };
    }
  }
  return undefined;
}

/**
 * The alert with which a server, the proxy's or the target's, breaks off: a fatal one; an encrypted one where a client
 * certificate was asked for, as TLS 1.3 clients learn only behind their Finished that they lack one, before anything that
 * the client asked for, or in place of a proxy's answer to it.
 */
export function serverRefusal(
  { alerts, verdict, clientCertificateRequested }: TlsReport,
  flow?: Flow,
): AlertReport | undefined {
  const isUnanswered = flow?.route.overTls === true && flow.tls.length === 1 && flow.route.status === undefined;
  return alerts.find(({ from, level, description, frame }) => {
    if (from !== "server") return false;
    if (level !== undefined || description !== undefined) return level === "fatal";
    const asked = verdict.value === "accepted" && verdict.unused !== true ? (verdict.frame ?? 0) : 0;
    return clientCertificateRequested === true && (isUnanswered || frame < asked);
  });
}

function unfinished(flow: Flow): Failure | undefined {
  if (flow.opened === "midstream" || flow.oneSided === true || !hasEnded(flow)) return undefined;
  const resetByServer = flow.closed === "reset" && flow.closedBy === "server";
  const handshaken = flow.stage === "http" || (flow.stage === "established" && !isUnfinishedInside(flow));
  if (handshaken && flow.http.every(({ status }) => status !== undefined)) return undefined;
  if (resetByServer) return { kind: "reset", because: `the server reset the connection ${whenReset(flow)}` };
  return handshaken || isUnread(flow) ? undefined : unfinishedHandshake(flow);
}

/* Of what the server said nothing may have been read, and the client's last words may be what the recorder missed. */
function isUnread({ stage, snappedSegments, bytes, lost }: Flow): boolean {
  if (lost.clientToServer > 0 || (stage === "hello" && lost.serverToClient > 0)) return true;
  return snappedSegments !== undefined && bytes.serverToClient > 0;
}

/** When the server reset a connection, as the end of a sentence. */
export function whenReset({ stage, bytes, lost }: Flow): string {
  const spoken = bytes.clientToServer + bytes.serverToClient + lost.clientToServer + lost.serverToClient > 0;
  return stage === "tcp" && spoken ? "amid bytes that could not be read" : afterStage[stage];
}

/* The stages of TLS to a proxy are those of the way there. */
function isUnfinishedInside(flow: Flow): boolean {
  return flow.route.overTls && targetTls(flow)?.verdict.value === "undecided";
}

/* Go abandons the losers of a race at any stage, at once and itself: that is no failure. */
function unfinishedHandshake(flow: Flow): Failure | undefined {
  if (flow.stage === "tcp" || flow.stage === "proxy") return undefined;
  if (flow.closedBy !== "server" && duration(flow) < patienceSeconds) return undefined;
  return flow.stage === "hello"
    ? { kind: "no-answer", because: "no answer came to the ClientHello" }
    : { kind: "broken-off", because: "the handshake was never finished" };
}

const afterStage: Readonly<Record<Flow["stage"], string>> = {
  tcp: "before anything was said",
  proxy: "in the proxy dialogue",
  hello: "after the ClientHello",
  "server-flight": "in the handshake",
  certificate: "in the handshake",
  established: "after the handshake",
  http: "before it answered a request",
};

/* A FIN of one end is an end: who hangs never sends its own. */
function hasEnded(flow: Flow): boolean {
  const { closed, closedBy } = flow;
  return closed === "fin" || closed === "reset" || closed === "idle" || closedBy !== undefined || isSwallowed(flow);
}

/** Segments sent again without any acknowledgment behind which a FIN waits in the sender's queue, never on the wire. */
const vainSegments = 3;

function isSwallowed({ unacknowledged, retransmittedSegments }: Flow): boolean {
  return (unacknowledged?.clientToServer ?? 0) > 0 && retransmittedSegments >= vainSegments;
}

/* Left by the client while the other end still had time: a lost race, or the command's own end. */
function abandoned(flow: Flow): boolean {
  if (flow.closed === "fin" || flow.closed === "idle" || flow.closedBy === "server") return false;
  return duration(flow) < patienceSeconds;
}

function duration({ start, end }: Flow): number {
  return start === undefined || end === undefined ? 0 : (Date.parse(end) - Date.parse(start)) / 1000;
}
