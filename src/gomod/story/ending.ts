import type { Flow, HttpReport, TlsReport } from "../../flow/model.ts";
import { patienceSeconds, type Failure } from "../failure.ts";
import { present } from "../present.ts";
import { elapsed } from "./time.ts";

/** Why no whole answer came. */
export interface Ending {
  readonly answer: string;
  /** Go's words for it, without the URL; absent where they cannot be told. */
  readonly goText?: string;
  /** What became of it the capture does not show. */
  readonly open?: true;
  /** The client ended while it waited: Go never took it for an error. */
  readonly left?: true;
}

/**
 * Why Go did not get the whole answer to a request; undefined where it did, as far as can be told: a capture that misses
 * bytes proves no break.
 */
export function endingOf(report: HttpReport, flow: Flow, failure: Failure | undefined): Ending | undefined {
  const { method, status, reset, endFrame } = report;
  if (endFrame !== undefined) return undefined;
  if (reset?.from === "server") return resetByServer(reset.error, report);
  /* Of other answers Go does not read the content. */
  if (status !== undefined && (status !== 200 || method !== "GET")) return undefined;
  if (reset !== undefined) return { answer: `the client gave the request up ${partOf(report)}`, open: true };
  const ending = isWhole(flow) ? closedWith(report, flow) : undefined;
  if (ending !== undefined || status !== undefined) return ending;
  return failure === undefined ? { answer: "no answer", open: true } : { answer: failure.because };
}

/* Spec: golang.org/x/net/http2, StreamError. */
function resetByServer(error: string, report: HttpReport): Ending {
  const goText = `stream error: stream ID ${report.stream ?? 0}; ${error.replace(/ \(\d+\)$/, "")}; received from peer`;
  return { answer: `the server reset the stream ${partOf(report)} (${error})`, goText };
}

function isWhole({ opened, oneSided, lost, snappedSegments = 0, problems }: Flow): boolean {
  const isSeen = opened === "handshake" && oneSided !== true;
  return isSeen && lost.serverToClient + snappedSegments + problems.length === 0;
}

function closedWith(report: HttpReport, flow: Flow): Ending | undefined {
  const { closed, closedBy } = flow;
  if (closed === "fin" || closed === "reset") {
    if (closedBy === "server")
      return {
        answer: `the server closed the connection ${partOf(report)}`,
        ...present({ goText: closingText(report, flow) }),
      };
    if (closedBy === "client") return leftByClient(report, flow);
  }
  if (closed !== "capture-end" || report.status === undefined) return undefined;
  return { answer: `the capture ends ${partOf(report)}`, open: true };
}

/* Behind GOAWAY Go has other words, and which ones for a RST depends on what it had read. Spec: net/http, x/net/http2. */
function closingText({ status, stream }: HttpReport, { closed, tls, goAways }: Flow): string | undefined {
  const isOrderly = closed === "fin" || tls.at(-1)?.alerts.some(isServerClose) === true;
  if (!isOrderly || goAways !== undefined) return undefined;
  return status === undefined && stream === undefined ? "EOF" : "unexpected EOF";
}

function isServerClose({ from, description }: TlsReport["alerts"][number]): boolean {
  return from === "server" && description?.startsWith("close_notify") === true;
}

/* A command that ends leaves what others of its requests were asking for; one that hangs is ended. */
function leftByClient(report: HttpReport, { end }: Flow): Ending {
  if (report.status !== undefined) return { answer: `the client left ${partOf(report)}`, open: true };
  const waited = elapsed(report.requestTime, end) ?? 0;
  if (waited < patienceSeconds) return { answer: "the client left before an answer came", open: true };
  return { answer: `no answer came in ${Math.round(waited)} s, then the client left`, left: true };
}

function partOf({ status }: HttpReport): string {
  return status === undefined ? "before it answered" : `in the middle of the answer ${status}`;
}
