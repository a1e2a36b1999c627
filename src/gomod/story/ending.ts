import type { Flow, HttpReport } from "../../flow/model.ts";
import { patienceSeconds, type Failure } from "../failure.ts";
import { elapsed } from "./time.ts";

/** Why no whole answer came. */
interface Ending {
  readonly answer: string;
  /** What became of it the capture does not show. */
  readonly open?: true;
}

/**
 * Why Go did not get the whole answer to a request; undefined where it did, as far as can be told: a capture that misses
 * bytes proves no break.
 */
export function endingOf(report: HttpReport, flow: Flow, failure: Failure | undefined): Ending | undefined {
  const { method, status, reset, endFrame } = report;
  if (endFrame !== undefined) return undefined;
  if (reset?.from === "server") return { answer: `the server reset the stream ${partOf(report)} (${reset.error})` };
  if (status !== undefined && (status !== 200 || method !== "GET")) return undefined;
  const ending = isWhole(flow) ? closedWith(report, flow) : undefined;
  if (ending !== undefined || status !== undefined) return ending;
  return failure === undefined ? { answer: "no answer", open: true } : { answer: failure.because };
}

function isWhole({ opened, oneSided, lost, snappedSegments = 0, problems }: Flow): boolean {
  const isSeen = opened === "handshake" && oneSided !== true;
  return isSeen && lost.serverToClient + snappedSegments + problems.length === 0;
}

function closedWith(report: HttpReport, flow: Flow): Ending | undefined {
  const { closed, closedBy } = flow;
  if (closed === "fin" || closed === "reset") {
    if (closedBy === "server") return { answer: `the server closed the connection ${partOf(report)}` };
    if (closedBy === "client") return leftByClient(report, flow);
  }
  if (closed !== "capture-end" || report.status === undefined) return undefined;
  return { answer: `the capture ends ${partOf(report)}`, open: true };
}

/* A command that ends leaves what others of its requests were asking for; one that hangs is ended. */
function leftByClient(report: HttpReport, { end }: Flow): Ending {
  if (report.status !== undefined) return { answer: `the client left ${partOf(report)}`, open: true };
  const waited = elapsed(report.requestTime, end) ?? 0;
  if (waited < patienceSeconds) return { answer: "the client left before an answer came", open: true };
  return { answer: `no answer came in ${Math.round(waited)} s, then the client left` };
}

function partOf({ status }: HttpReport): string {
  return status === undefined ? "before it answered" : `in the middle of the answer ${status}`;
}
