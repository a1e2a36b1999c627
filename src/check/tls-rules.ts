import { counted } from "../bytes/text.ts";
import { targetName } from "../finding/wording.ts";
import type { Flow, TlsReport } from "../flow/model.ts";
import type { Grade } from "../grade.ts";
import { commonNameIn } from "../pki/distinguished-name.ts";
import type { CertificateSummary } from "../pki/verdict.ts";
import { everyFlow } from "./flow-rule.ts";
import { matchesGlob } from "./glob.ts";
import { hiddenField, missingBytes, sealedCertificates } from "./hidden.ts";
import type { Plan, Word } from "./rule.ts";

/** No server leaves out a certificate that its path needs. */
export function noMissingIntermediate(): Plan {
  return everyFlow({
    expectation: "no missing intermediate",
    judgesPaths: true,
    holds: (count) => `${counted(count, "flow")} with certificates, none lacks an intermediate`,
    nothing: "no server sent a certificate",
    remedy: "append the missing certificate to the server's chain file; `gomodcap --flow N` names it",
    judge: (flow) => ofCertificates(flow, completeness, takenByGo),
  });
}

function completeness({ path, certificates }: TlsReport, grade: Grade): Word {
  const frames = framesOf(certificates);
  const { missing, certainty } = path;
  if (path.status === "missing-intermediate" && missing !== undefined) {
    const because = `got no certificate of ${missing.issuer}, which ${commonNameIn(missing.for)} needs`;
    if (certainty !== "possible") return { answer: "broken", grade, because, frames };
    return { answer: "broken", grade: "inferred", because: `${because}, or it is a private root`, frames };
  }
  if (path.remarks.includes("perhaps-missing-intermediate")) {
    const because = "had a path to an unknown authority: an intermediate may be missing";
    return { answer: "cannot-tell", grade: "unknown", because, frames };
  }
  return { answer: "holds", grade, because: `had a path that is ${path.status}`, frames };
}

/** Where no certificate is visible: Go takes only a path that it can complete. */
function takenByGo({ verdict, clientStack }: TlsReport): Word | undefined {
  if (verdict.value === "rejected") {
    return { answer: "cannot-tell", grade: "unknown", because: "refused certificates that TLS 1.3 hides" };
  }
  if (verdict.value !== "accepted" || clientStack?.name !== "go") return undefined;
  return { answer: "holds", grade: "inferred", because: "convinced Go, which fetches no intermediates" };
}

/** Certificates that were used outlast the capture by so many days. */
export function certificatesValidFor(days: number): Plan {
  return everyFlow({
    expectation: `certificates valid for ${counted(days, "day")} after the capture`,
    holds: (count) => `${counted(count, "flow")} with certificates, all valid for ${counted(days, "more day")}`,
    nothing: "no server sent a certificate",
    remedy: "renew the certificate, or ask whoever runs the server to",
    judge: (flow) => ofCertificates(flow, (tls, grade) => outlasting(flow, tls, grade, days)),
  });
}

function outlasting({ start }: Flow, { certificates, path }: TlsReport, grade: Grade, days: number): Word {
  const used = certificates.filter(({ subject }, at) => at === 0 || path.path.includes(subject));
  const soonest = used.reduce((first, next) => (next.notAfter < first.notAfter ? next : first));
  const frames = framesOf(used);
  if (start === undefined) {
    return { answer: "cannot-tell", grade: "unknown", because: "bore no time", frames };
  }
  const left = Math.floor((Date.parse(soonest.notAfter) - Date.parse(start)) / millisecondsOfDay);
  const because = `had a certificate of ${commonNameIn(soonest.subject)} that ${expiry(left)}, on ${soonest.notAfter.slice(0, 10)}`;
  return { answer: left < days ? "broken" : "holds", grade, because, frames };
}

function expiry(left: number): string {
  if (left < 0) return `had expired ${counted(-left, "day")} before the capture`;
  return `expires ${counted(left, "day")} after the capture`;
}

const millisecondsOfDay = 86_400_000;

/** The certificates of servers were issued by one of these. */
export function allowedIssuers(issuers: readonly string[]): Plan {
  return everyFlow({
    expectation: `certificates issued by ${issuers.join(" or ")}`,
    holds: (count) => `${counted(count, "flow")} with certificates, all by issuers that are allowed`,
    nothing: "no server sent a certificate",
    remedy: "if a proxy re-signs TLS here, exempt the host from inspection; if the server changed its issuer, allow it",
    judge: (flow) =>
      ofCertificates(flow, ({ certificates: [leaf] }, grade) => ({
        answer: issuers.some((pattern) => isIssuer(pattern, leaf.issuer)) ? "holds" : "broken",
        grade,
        because: `had a certificate of ${commonNameIn(leaf.subject)} by ${leaf.issuer}`,
        frames: [leaf.frame],
      })),
  });
}

/** The whole name, or one of its attributes: `Google Trust Services*` is an organisation. */
function isIssuer(pattern: string, issuer: string): boolean {
  const values = issuer.split(/(?<!\\)[,+]/).map((attribute) => attribute.slice(attribute.indexOf("=") + 1));
  return [issuer, ...values].some((value) => matchesGlob(pattern, value));
}

/** No TLS below this version, and no exchange without TLS. */
export function tlsAtLeast(version: TlsVersion): Plan {
  return everyFlow({
    expectation: `TLS ${version} or higher`,
    holds: (count) => `${counted(count, "flow")}, all with TLS ${version} or higher`,
    nothing: "no TLS was spoken",
    remedy: "let the server offer a higher version; where there is no TLS at all, use https:// in GOPROXY and GOSUMDB",
    judge: (flow) => (flow.label === "other" ? undefined : versionOf(flow, version)),
  });
}

export const tlsVersions = ["1.0", "1.1", "1.2", "1.3"] as const;
export type TlsVersion = (typeof tlsVersions)[number];

function versionOf(flow: Flow, least: TlsVersion): Word | undefined {
  const spoken = flow.tls.flatMap(({ negotiatedVersion, serverHelloFrame }) =>
    negotiatedVersion === undefined ? [] : [{ version: negotiatedVersion, frame: serverHelloFrame }],
  );
  const rank = (version: string): number => tlsVersions.findIndex((known) => version === `TLS ${known}`);
  const lowest = spoken.toSorted((a, b) => rank(a.version) - rank(b.version)).at(0);
  if (lowest === undefined) {
    if (flow.tls.length === 0 && flow.stage === "http") {
      return { answer: "broken", grade: "seen", because: `spoke to ${targetName(flow.target)} without TLS` };
    }
    const hidden = hiddenField(flow, ["tls", "negotiatedVersion"], false);
    return hidden === undefined ? undefined : { answer: "cannot-tell", grade: "unknown", because: hidden };
  }
  return {
    answer: rank(lowest.version) < tlsVersions.indexOf(least) ? "broken" : "holds",
    grade: "seen",
    because: `spoke ${lowest.version} to ${targetName(flow.target)}`,
    ...(lowest.frame !== undefined && { frames: [lowest.frame] }),
  };
}

/** What all chains of a flow say: broken before open before fine. `sealed` may still know of one that is hidden. */
function ofCertificates(
  flow: Flow,
  judge: (tls: TlsReport, grade: Grade) => Word,
  sealed: (tls: TlsReport) => Word | undefined = () => undefined,
): Word | undefined {
  if (flow.label === "other") return undefined;
  const words = flow.tls
    .filter(({ certificates }) => certificates.length > 0)
    .map((tls) => judge(tls, tls.negotiatedVersion === "TLS 1.3" ? "decrypted" : "seen"));
  const hidden = sealedCertificates(flow) ?? (words.length === 0 ? missingBytes(flow) : undefined);
  const innermost = flow.tls.at(-1);
  if (hidden !== undefined) {
    const known = innermost === undefined ? undefined : sealed(innermost);
    words.push(known ?? { answer: "cannot-tell", grade: "unknown", because: hidden });
  }
  return (["broken", "cannot-tell", "holds"] as const)
    .map((answer) => words.find((word) => word.answer === answer))
    .find((word) => word !== undefined);
}

function framesOf(certificates: readonly (CertificateSummary & { readonly frame: number })[]): readonly number[] {
  return [...new Set(certificates.map(({ frame }) => frame))];
}
