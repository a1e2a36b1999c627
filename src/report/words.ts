import { targetTls } from "../flow/target-tls.ts";
import { targetName } from "../finding/wording.ts";
import type { CaptureReport, Flow, Route, TlsReport } from "../flow/model.ts";
import { isGranted, serverRefusal } from "../gomod/failure.ts";
import type { Evidence } from "../grade.ts";
import type { PathStatus, PathVerdict } from "../pki/verdict.ts";
import type { Meaning } from "./style.ts";

/*
 * What a flow is called in a few words, the same in every format. The texts are not sanitised yet.
 */

/** The label, with a question mark where nothing but the client's program speaks for it. */
export function labelText(flow: Flow): string {
  return flow.labelEvidence.grade === "unknown" ? `${flow.label}?` : flow.label;
}

/** Host and port of the target; the port of https goes without saying. */
export function targetText({ target, targets = [target] }: Flow): string {
  const further = targets.length - 1;
  return targetName(target) + (further > 0 ? ` +${further}` : "");
}

/** The route in a word or two; a proxy's refusal stands beside it. */
export function routeText(flow: Flow): string {
  const { route } = flow;
  if (route.kind === "direct") return "direct";
  const name = (routeNames[route.kind] ?? route.kind) + (route.overTls ? "/TLS" : "");
  if (route.kind === "http-forward") return route.status === 407 ? `${name} 407` : name;
  if (route.status === undefined) {
    return route.attempts.some(({ answerBytes }) => answerBytes !== undefined) ? `${name} refused` : `${name} ?`;
  }
  return isGranted(flow, route.status) ? name : `${name} ${route.status}`;
}

/**
 * Version and outcome of the handshake with the target: `1.3 ok`, `1.2 rejected`, `no answer`; no version where none was
 * captured, `refused` where the server broke it off with an alert, and `unseen` where the server answered and the capture does not show what.
 */
export function tlsText(flow: Flow): string {
  const tls = targetTls(flow);
  if (tls === undefined) return "-";
  if (tls.strangeAnswer !== undefined) return "not TLS";
  if (tls.negotiatedVersion === undefined) {
    if (tls.verdict.value !== "undecided" || serverRefusal(tls) !== undefined) return outcome(tls);
    return flow.stage === "established" ? "unseen" : "no answer";
  }
  return `${tls.negotiatedVersion.replace(/^TLS ?v?/, "")} ${outcome(tls)}`;
}

/** What a table's colour says of the handshake. */
export function tlsMeaning(tls: TlsReport | undefined): Meaning | undefined {
  if (tls === undefined) return undefined;
  if (tls.verdict.value === "rejected" || tls.strangeAnswer !== undefined) return "error";
  return tls.verdict.value === "accepted" ? "good" : undefined;
}

/** The path verdict; `short` in at most twelve cells. */
export function pathText(tls: TlsReport | undefined, short: boolean): string {
  if (tls === undefined || (tls.resumed && tls.path.status === "not-visible")) return "-";
  const { status, remarks, certainty } = tls.path;
  const doubt = certainty === undefined || certainty === "proved" ? "" : "?";
  if (short) return shortStatus[status] + doubt + (remarks.length > 0 ? "*" : "");
  const notes = remarks.length > 0 ? ` (${remarks.join(", ")})` : "";
  return status + (certainty === undefined ? "" : `, ${certainty}`) + notes;
}

/** What a table's colour says of the path. */
export function pathMeaning(path: PathVerdict | undefined): Meaning | undefined {
  if (path === undefined || path.status === "not-visible") return undefined;
  if (path.status !== "complete") return "error";
  return path.remarks.length > 0 ? "warning" : "good";
}

/**
 * How far the flow came, and how it ended where that was before its end. The Go command resets the connections that it
 * has no more use for: a reset after the handshake says nothing.
 */
export function stageText(flow: Flow): string {
  const established = flow.stage === "established" || flow.stage === "http";
  const peaceful = flow.closed === "fin" || flow.closed === "capture-end" || flow.closed === "idle";
  return peaceful || (established && flow.closed === "reset") ? flow.stage : `${flow.stage}, ${flow.closed}`;
}

/** What people call a capture file: standard input has no name of its own. */
export function fileText(name: string): string {
  return name === "-" ? "standard input" : name;
}

/** A statement's ground in brackets: `(seen, frame 12)`. */
export function evidenceText(evidence: Evidence, capture: CaptureReport): string {
  const frame = evidence.frame === undefined ? "" : `, ${frameText(evidence.frame, capture)}`;
  return `${evidence.because} (${evidence.grade}${frame})`;
}

/** A frame as Wireshark counts it; with the file's name where several files were read as one. */
export function frameText(frame: number, capture: CaptureReport): string {
  const file = capture.files.length > 1 ? capture.files.findLast((each) => each.firstFrame <= frame) : undefined;
  if (file === undefined) return `frame ${frame}`;
  return `frame ${frame - file.firstFrame + 1} of ${fileText(file.name)}`;
}

/** Several frames in a line; the first dozen, the rest counted. */
export function framesText(frames: readonly number[], capture: CaptureReport): string {
  const shown = frames.slice(0, 12);
  const more = frames.length > shown.length ? ` and ${frames.length - shown.length} more` : "";
  if (capture.files.length > 1) return shown.map((frame) => frameText(frame, capture)).join(", ") + more;
  return `${frames.length === 1 ? "frame" : "frames"} ${shown.join(", ")}${more}`;
}

function outcome(tls: TlsReport): string {
  if (tls.verdict.value === "rejected") return "rejected";
  if (serverRefusal(tls) !== undefined) return "refused";
  if (tls.verdict.unused === true) return "unused";
  if (tls.verdict.value === "undecided") return "?";
  return tls.resumed ? "resumed" : "ok";
}

/** What a route through a proxy is called. */
export const routeNames: Readonly<Partial<Record<Route["kind"], string>>> = {
  "http-connect": "CONNECT",
  "http-forward": "forward",
  socks5: "SOCKS5",
  socks4: "SOCKS4",
};

const shortStatus: Record<PathStatus, string> = {
  complete: "complete",
  malformed: "malformed",
  expired: "expired",
  "not-yet-valid": "not yet",
  "no-san": "no SAN",
  "name-mismatch": "wrong name",
  "not-permitted": "bad CA",
  "self-signed": "self-signed",
  "missing-intermediate": "missing CA",
  "unknown-authority": "unknown CA",
  "not-visible": "hidden",
};

/** `flow 3`, `flows 0, 1, 2`; the first twelve, and how many more there are. */
export function flowsText(flows: readonly number[], unlisted = 0): string {
  const shown = flows.slice(0, 12).join(", ");
  const rest = Math.max(0, flows.length - 12) + unlisted;
  const more = rest > 0 ? ` and ${rest} more` : "";
  return `${flows.length === 1 ? "flow" : "flows"} ${shown}${more}`;
}
