import type { Flow, Severity, TlsReport } from "../flow/model.ts";
import { isProxyHop } from "../flow/target-tls.ts";
import type { PathStatus } from "../pki/verdict.ts";
import {
  acceptedNevertheless,
  brokeOffWith,
  certificateWords,
  completeWords,
  lastIssuer,
  remarkWords,
  showing,
  unseenWords,
  type CertificateCase,
} from "./certificate-words.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { targetName } from "./wording.ts";

type BadStatus = Exclude<PathStatus, "complete" | "not-visible">;

const statusRules: Readonly<Record<BadStatus, RuleId>> = {
  malformed: "certificate-malformed",
  expired: "certificate-expired",
  "not-yet-valid": "certificate-not-yet-valid",
  "no-san": "certificate-no-san",
  "name-mismatch": "certificate-name-mismatch",
  "not-permitted": "certificate-not-permitted",
  "self-signed": "certificate-self-signed",
  "missing-intermediate": "missing-intermediate",
  "unknown-authority": "certificate-unknown-authority",
};

/** Verdicts that depend on the trust anchors given here: a client that went on has others. */
const anchorStatuses: readonly PathStatus[] = ["self-signed", "missing-intermediate", "unknown-authority"];

/** What the certificates of a flow, and the client's answer to them, amount to. */
export function* certificateSightings(seen: Seen): Iterable<Sighting> {
  const { flow } = seen;
  for (const [at, layer] of flow.tls.entries()) {
    const ofProxy = isProxyHop(flow, at);
    const met: CertificateCase = { seen, layer, host: hostOf(flow, layer, ofProxy), ofProxy };
    if (layer.certificates.length > 0) yield* visible(met);
    else if (layer.verdict.value === "rejected") yield rejectedUnseen(met);
    else yield* likelyAlone(met);
  }
}

/** Name under which a layer's server was spoken to. */
function hostOf(flow: Flow, layer: TlsReport, ofProxy: boolean): string {
  const { route, target, server } = flow;
  if (layer.serverName !== undefined && layer.echOuter !== true) return layer.serverName.toLowerCase();
  if (ofProxy) return route.proxy?.name ?? server.address;
  /* Behind a proxy whose request was not captured, the target as known is the proxy: the certificate has a better name. */
  const named =
    route.proxy !== undefined && route.target === undefined ? layer.certificates[0]?.dnsNames[0] : undefined;
  return named ?? targetName(target);
}

function* visible(met: CertificateCase): Iterable<Sighting> {
  const { layer } = met;
  const { status } = layer.path;
  if (status === "not-visible") return;
  if (status !== "complete") yield judged(met, status);
  else if (layer.verdict.value === "rejected" && layer.path.remarks.includes("name-not-checked"))
    yield rejectedUnseen(met);
  else if (layer.verdict.value === "rejected") {
    const words = (): ReturnType<typeof completeWords> => completeWords(met);
    yield { ...base(met, words), rule: "certificate-rejected-though-complete", severity: met.seen.severity };
  }
  const remarks = layer.path.remarks.filter((remark) => remark in remarkTexts);
  if (status === "complete" && remarks.length > 0) {
    yield {
      ...base(met, () =>
        remarkWords(
          met,
          remarks.map((remark) => remarkTexts[remark]),
        ),
      ),
      rule: "chain-remark",
      severity: "note",
    };
  }
}

const remarkTexts: Readonly<Record<string, string>> = {
  "out-of-order": "certificates are not in the order of the path",
  "leaf-not-first": "the server's own certificate is not the first",
  unrelated: "a certificate that does not belong to the path is sent along",
  duplicate: "a certificate is sent twice",
  "root-included": "the root is sent along, which no client needs",
};

function judged(met: CertificateCase, status: BadStatus): Sighting {
  const { layer } = met;
  if (layer.verdict.value === "accepted" && anchorStatuses.includes(status) && layer.path.certainty !== "proved") {
    const issuer = lastIssuer(layer);
    return {
      ...base(met, () => acceptedNevertheless(met)),
      subject: issuer,
      rule: "path-not-complete",
      severity: "note",
    };
  }
  return {
    ...base(met, () => certificateWords(met, status)),
    rule: statusRules[status],
    severity: severityOf(met, status),
  };
}

/* What the client did counts; of a flow whose end was not seen, what another client would do. */
function severityOf({ layer, seen }: CertificateCase, status: BadStatus): Severity {
  const { verdict, path } = layer;
  if (verdict.value === "rejected") return seen.severity;
  if (status === "missing-intermediate") return path.certainty === "proved" ? "warning" : "note";
  if (verdict.value === "accepted" || anchorStatuses.includes(status)) return "note";
  return brokeOffWith(layer) === undefined ? "warning" : seen.severity;
}

function rejectedUnseen(met: CertificateCase): Sighting {
  return {
    ...base(met, () => unseenWords(met)),
    rule: "client-rejected-certificate",
    severity: met.seen.severity,
    grade: met.layer.verdict.grade,
  };
}

/* One certificate at most, and a client that took it: then its anchor signed it directly, or it knew the rest. */
function* likelyAlone(met: CertificateCase): Iterable<Sighting> {
  const { inferred, resumed, verdict } = met.layer;
  if (inferred === undefined || resumed || inferred.certificates[1] !== 1) return;
  const { host } = met;
  const size = inferred.certificateBytes;
  const bytes = typeof size === "number" ? `${size}` : `${size[0]} to ${size[1]}`;
  yield {
    ...base(met, () => ({
      title: `${host} seems to send one certificate only`,
      detail:
        `Its Certificate message has ${bytes} bytes: ${inferred.because}. Whether an intermediate is missing cannot be told ` +
        `from that: the client's verdict was ${verdict.value}, and an anchor may have signed the certificate directly.`,
      remedy: `Look at the chain itself: ${showing(met)}`,
    })),
    rule: "certificate-likely-alone",
    severity: "note",
    grade: "inferred",
  };
}

type Base = Omit<Sighting, "rule" | "severity"> & { readonly flow: number };

function base(met: CertificateCase, words: Sighting["words"]): Base {
  const { layer, seen, host } = met;
  const { flow } = seen;
  const frames = [layer.certificates[0]?.frame, layer.verdict.frame, ...layer.alerts.map(({ frame }) => frame)];
  const known = frames.filter((frame) => frame !== undefined && frame > 0) as number[];
  return {
    subject: host,
    grade: layer.certificates.length > 0 ? "seen" : layer.verdict.grade,
    flow: flow.id,
    frames: known.length > 0 ? known : [layer.serverHelloFrame ?? layer.helloFrame ?? flow.frames.first],
    words,
  };
}
