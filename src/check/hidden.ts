import { isIncomplete } from "../compare/observe.ts";
import { counted } from "../bytes/text.ts";
import type { Analysis, CaptureReport, Flow, TlsReport } from "../flow/model.ts";
import type { NotUnderstood } from "../packet/packet.ts";
import type { ProblemCode } from "../problem.ts";
import type { FoldedConnections } from "../stream/facts.ts";

/*
 * What a capture does not show, and why: one clause each, that goes on after `flow 3` or `cannot tell:`. What is hidden
 * may be anything, so that no rule may take it for proof.
 */

/**
 * Why there may be other values in a field of a flow than those that were found, or any although none was: by what the
 * first words of its path ask for.
 */
export function hiddenField(flow: Flow, [first, second]: readonly string[], found: boolean): string | undefined {
  const part = found ? undefined : missingBytes(flow);
  if (first === "http") return hiddenRequests(flow);
  if (first === "target" || first === "targets") return hiddenName(flow);
  if (first !== "tls") return part;
  if (second === "certificates" || second === "path" || second === "clientCertificates") {
    return sealedCertificates(flow) ?? part;
  }
  const sealed = second === "alpn" && flow.tls.some((tls) => isSealed(tls) && tls.negotiatedVersion === "TLS 1.3");
  return sealed && !found ? "agreed on a protocol under encryption" : part;
}

/** Why requests of a flow cannot be seen. */
export function hiddenRequests(flow: Flow): string | undefined {
  const sealed = flow.tls.some(
    (tls) => isSealed(tls) && tls.verdict.value !== "rejected" && tls.verdict.unused !== true,
  );
  return sealed ? "hid the requests in TLS, which no key opens" : missingBytes(flow);
}

/** Why certificates of a flow cannot be seen. */
export function hiddenCertificates(flow: Flow): string | undefined {
  return sealedCertificates(flow) ?? missingBytes(flow);
}

/** Why certificates that the server of a flow sent, or that of a target behind a TLS proxy, are not legible. */
export function sealedCertificates(flow: Flow): string | undefined {
  if (flow.tls.some(hidesCertificates)) return "hid the certificates in TLS 1.3, which no key opens";
  if (flow.route.overTls && flow.tls.length < 2 && flow.tls.some(isSealed)) {
    return "hid the certificates in TLS to the proxy, which no key opens";
  }
  return undefined;
}

/** A server answered, and no certificate can be seen that it should have sent. */
function hidesCertificates({ serverHelloFrame, resumed, certificates }: TlsReport): boolean {
  return serverHelloFrame !== undefined && !resumed && certificates.length === 0;
}

/** Why it is not known what the target of a flow is called. */
export function hiddenName({ target, tls }: Flow): string | undefined {
  if (tls[0]?.echOuter === true) return "hid the name of the target (Encrypted ClientHello)";
  return target.source === "address" ? "named no host" : undefined;
}

function isSealed({ decrypted, serverHelloFrame }: TlsReport): boolean {
  return serverHelloFrame !== undefined && decrypted !== "both";
}

/** Why there may be more to a flow than what is seen of it. */
export function missingBytes(flow: Flow): string | undefined {
  return isIncomplete(flow) ? "came into the capture in part only" : undefined;
}

/** Why flows may be missing in a capture altogether. */
export function hiddenFlows({ capture, summary }: Analysis): string | undefined {
  if (capture.files.some(({ damaged }) => damaged)) return "the capture is damaged: what came later is not there";
  const { joined = 0, underWay = 0 } = summary;
  if (joined > 0) return `the capture begins in the midst of ${counted(joined, "flow")}: what came before is not there`;
  if (underWay > 0)
    return `the capture ends in the midst of ${counted(underWay, "flow")}: what came later is not there`;
  if (capture.interfaceDrops > 0) return `the recorder dropped ${capture.interfaceDrops} packets`;
  return unreadFrames(capture);
}

/** Where a capture is damaged: file, byte and frame; undefined where it is not. */
export function damageText({ files, problems }: CaptureReport): string | undefined {
  const damaged = files.find((file) => file.damaged);
  if (damaged === undefined) return undefined;
  const detail = problems.find(({ code }) => damageCodes.includes(code))?.detail ?? "it could not be read whole";
  return `${damaged.name} is damaged: ${detail}`;
}

const damageCodes: readonly ProblemCode[] = ["capture-cut", "capture-damaged", "capture-unsupported", "capture-empty"];

/** Why connections that are not listed one by one could say otherwise, where they could. */
export function hiddenFolded(
  { folded }: CaptureReport,
  couldBreak: (folded: FoldedConnections) => boolean,
): string | undefined {
  const count = folded.filter(couldBreak).reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return undefined;
  return `${counted(count, "more connection")} without payload ${count === 1 ? "is" : "are"} not listed one by one`;
}

function unreadFrames({ notUnderstood }: CaptureReport): string | undefined {
  const unread = unreadReasons.reduce((sum, reason) => sum + (notUnderstood[reason] ?? 0), 0);
  return unread === 0 ? undefined : `${unread} frames could not be read, and may be of further flows`;
}

/** Reasons that leave what may have been TCP unread. Spec: `NotUnderstood` of packet/. */
const unreadReasons: readonly NotUnderstood[] = [
  "link-type",
  "link-header-cut",
  "ip-header-cut",
  "ip-header-malformed",
  "fragment-incomplete",
  "fragment-limit",
  "tcp-header-cut",
  "tcp-header-malformed",
  "tunnel-header-cut",
  "encapsulation-limit",
];
