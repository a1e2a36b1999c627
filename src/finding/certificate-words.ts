import { counted, hostPort } from "../bytes/text.ts";
import type { TlsReport } from "../flow/model.ts";
import { goErrorBefore120 } from "../pki/go-error.ts";
import type { PathStatus, Refusal } from "../pki/verdict.ts";
import { serverFilter } from "./filter.ts";
import type { Seen, Words } from "./sighting.ts";
import { list, outcome, reaching, shellWord } from "./wording.ts";

/** One TLS layer of a flow and whom it was spoken to. */
export interface CertificateCase {
  readonly seen: Seen;
  readonly layer: TlsReport;
  readonly host: string;
  /** The layer is the hop to a forward proxy. */
  readonly ofProxy: boolean;
}

/** The text to look for in the command's output; Go 1.20 put words in front of it. */
function printedByGo({ path, clientStack }: TlsReport): string {
  if (path.goError === undefined) return "";
  const older = goErrorBefore120(path.goError);
  const mayBeOlder = clientStack?.goVersions?.startsWith("≤") === true && older !== path.goError;
  return mayBeOlder
    ? ` Go prints: ${older}, from 1.20 on after "tls: failed to verify certificate:".`
    : ` Go prints: ${path.goError}.`;
}

/** Words for a path that is not complete. */
export function certificateWords(met: CertificateCase, status: PathStatus): Words {
  const { layer, host } = met;
  const { detail } = layer.path;
  const printed = layer.verdict.value === "accepted" ? "" : printedByGo(layer);
  const words = bodies[status]?.(met) ?? { title: `the certificate of ${host} does not verify`, remedy: "" };
  return {
    title: words.title,
    detail: `${sent(layer)} ${sentence(words.explanation ?? detail)} ${reaction(met)}${printed}${outcome(met.seen)}`,
    remedy: words.remedy,
  };
}

interface Body {
  readonly title: string;
  readonly remedy: string;
  /** In place of the verdict's own sentence. */
  readonly explanation?: string;
}

const bodies: Readonly<Partial<Record<PathStatus, (met: CertificateCase) => Body>>> = {
  "missing-intermediate": missingIntermediate,
  expired: ({ layer, host }) => ({
    title: `${culprit(layer, host)} has expired`,
    remedy: `Renew the certificate on the server of ${host}, and check that the client's clock is right.`,
    explanation: dates(layer),
  }),
  "not-yet-valid": ({ layer, host }) => ({
    title: `${culprit(layer, host)} is not valid yet`,
    remedy: "Check the clocks of the client and of the machine that issued the certificate.",
    explanation: dates(layer),
  }),
  "no-san": ({ host }) => ({
    title: `the certificate of ${host} names no host in subjectAltName`,
    remedy: `Issue the certificate anew with subjectAltName DNS:${host}; Go does not read the common name.`,
  }),
  "name-mismatch": ({ layer, host }) => ({
    title: `the certificate that ${host} sent is not for that name`,
    remedy:
      `Serve a certificate whose subjectAltName has ${host}, or ask for a name that it has; when the address is wrong, ` +
      "correct DNS or the proxy that answers in its place.",
    explanation: `It is for ${namesOf(layer)}, asked for was ${host}.`,
  }),
  "self-signed": ({ host, layer }) => ({
    title: `the certificate of ${host} is signed by itself and is no trust anchor`,
    remedy: `${trust(layer)} Better: serve a certificate of an authority that the client trusts.`,
  }),
  "unknown-authority": ({ host, layer }) => ({
    title: `the certificate of ${host} comes from an authority that is not trusted: ${lastIssuer(layer)}`,
    remedy: trust(layer),
    explanation: unknownAuthority(layer),
  }),
  "not-permitted": ({ host, layer }) => ({
    title: `a certificate of ${host} is not permitted: ${layer.path.refused?.by ?? "refused"}`,
    remedy: `Issue ${layer.path.refused?.subject ?? "the certificate"} anew ${anew(layer.path.refused?.by)}.`,
  }),
  malformed: ({ host }) => ({
    title: `a certificate of ${host} cannot be parsed`,
    remedy: `Issue the certificate of ${host} anew with a current program; Go refuses what it cannot parse.`,
  }),
};

function missingIntermediate({ layer, host, ofProxy }: CertificateCase): Body {
  const { missing, certainty } = layer.path;
  const issuer = missing?.issuer ?? lastIssuer(layer);
  const how = { proved: "does not send", likely: "very likely does not send", possible: "perhaps does not send" };
  const known =
    missing?.knownFrom === undefined
      ? ""
      : ` That certificate is known from ${missing.knownFrom} and completes the path.`;
  const doubt = {
    proved: "",
    likely: " That it is an intermediate, and no private root, is very likely but not proved.",
    possible: " It may be an intermediate, or a private root that is not trusted here: that is not proved.",
  };
  const keyId = missing?.keyId === undefined ? "" : ` (subject key id ${missing.keyId})`;
  const from =
    missing === undefined || missing.caIssuers.length === 0 ? "" : `, to be had from ${missing.caIssuers.join(" or ")}`;
  const private_ = certainty === "possible" ? ` If it is a private root of your own, ${addToRoots}` : "";
  return {
    title: `${host} ${how[certainty ?? "possible"]} its intermediate certificate ${issuer}`,
    explanation:
      `${issuerOf(layer)} was not ` +
      `sent and is no trust anchor.${known}${doubt[certainty ?? "possible"]} Go never fetches certificates from caIssuers, as browsers and Windows do.`,
    remedy:
      `On ${ofProxy ? "the proxy" : "the server of"} ${host}, append the certificate ${issuer}${keyId}${from} in PEM to the ` +
      `file that holds the server's certificate, behind that (nginx: ssl_certificate; Apache: SSLCertificateFile), and ` +
      `reload.${private_}`,
  };
}

/* The sentence before lists the certificates. */
function issuerOf({ certificates, path }: TlsReport): string {
  return certificates.length === 1 ? "Its issuer" : `The issuer of ${path.missing?.for ?? "the last one"}`;
}

/** Words for a path that is complete by the anchors given, and was rejected. */
export function completeWords(met: CertificateCase): Words {
  const { layer, host, seen } = met;
  const { remarks } = layer.path;
  const timeless = remarks.includes("time-not-checked");
  const why = timeless
    ? "Its dates were not checked, for the frames have no time (--at TIME checks them); or the client's roots differ from those that judged here."
    : "The client's roots differ from those that judged here, or its clock does; which cannot be seen.";
  const otherGo = remarks.some((remark) => remark === "older-go-refuses" || remark === "newer-go-refuses")
    ? ` Or it is another version of Go, which refuses it: ${layer.path.detail}.`
    : "";
  return {
    title: `the client rejected the certificate of ${host}, which is complete by the trust anchors given here`,
    detail: `${sent(layer)} The path ends at ${layer.path.anchor ?? "an anchor"}. ${reaction(met)} ${why}${otherGo}${outcome(seen)}`,
    remedy:
      "Give the client's own roots with --roots, and look at SSL_CERT_FILE and SSL_CERT_DIR in its environment: a wrong " +
      "path there is ignored without a word.",
  };
}

/** Words for a rejection of which the certificate is not visible: that it happened, never why. */
export function unseenWords(met: CertificateCase): Words {
  const { layer, host, seen, ofProxy } = met;
  const { status, detail } = layer.path;
  const why =
    status === "complete"
      ? " Its path is complete by the trust anchors given here; for which name it was asked the capture does not show."
      : detail && ` The certificate is not visible: ${detail}.`;
  const { inferred } = layer;
  const fits =
    inferred === undefined
      ? ""
      : ` By the record lengths the server sent ${range(inferred.certificates)} (${inferred.grade}: ${inferred.because}).`;
  return {
    title: `the client rejected the certificate of ${host}${ofProxy ? " (a forward proxy)" : ""}`,
    whyHidden: true,
    detail:
      `${reaction(met)}${why} Every failed verification looks like this: an unknown authority, a missing intermediate, a ` +
      `wrong name or a date; the capture does not tell which.${fits}${outcome(seen)}`,
    remedy:
      `Look at the error that the command prints (x509: …), or at the chain: ${showing(met)}. ` +
      `When every host fails alike, look at the client's roots and at proxies that re-sign.`,
    filter: serverFilter(seen.flow.server, "tls"),
  };
}

/** The command that shows the chain of a server over the way that the flow went. */
export function showing({ layer, seen: { flow }, ofProxy }: CertificateCase): string {
  const way = ofProxy ? `-connect ${hostPort(flow.server.address, flow.server.port)}` : reaching(flow);
  const name = layer.serverName === undefined ? "" : ` -servername ${shellWord(layer.serverName)}`;
  return `openssl s_client ${way}${name} -showcerts </dev/null`;
}

/** Words for a path that ends nowhere here and did not stop the client. */
export function acceptedNevertheless({ layer, host }: CertificateCase): Words {
  return {
    title: `the client went on with ${host}, though its path ends at no anchor known here: ${lastIssuer(layer)}`,
    detail:
      `${sent(layer)} ${sentence(layer.path.detail)} The client trusts an anchor that the roots given here lack, or it did not verify ` +
      "(GOINSECURE, http.sslVerify=false).",
    remedy: "Nothing, if that authority is yours: give the client's roots with --roots to judge by them.",
  };
}

/** Words for a complete path whose certificates were sent untidily. */
export function remarkWords({ layer, host }: CertificateCase, remarks: readonly string[]): Words {
  return {
    title: `the certificates of ${host} are complete but untidy: ${remarks.join("; ")}`,
    detail: `${sent(layer)} Go takes certificates after the first in any order and ignores surplus; other clients may not.`,
    remedy: `Serve the server's certificate first, then each issuer after what it issued, without the root: ${list(layer.path.path)}.`,
  };
}

function sent({ certificates }: TlsReport): string {
  const subjects = certificates.map(({ subject }) => subject || "(empty subject)");
  return `The server sent ${counted(certificates.length, "certificate")}: ${list(subjects, 4)}.`;
}

function reaction({ layer }: CertificateCase): string {
  const { verdict, alerts } = layer;
  const alert = alerts.find(({ from, description }) => from === "client" && description !== undefined);
  const at = verdict.frame === undefined ? "" : ` in frame ${verdict.frame}`;
  if (verdict.value === "undecided") {
    const broken = brokeOffWith(layer);
    return broken === undefined ? "How the client took it was not seen." : `The client broke off with alert ${broken}.`;
  }
  const how =
    alert === undefined || verdict.value === "accepted" ? verdict.because : `alert ${alert.description ?? ""}`;
  return `The client ${verdict.value} it${at}: ${how}.`;
}

/** The fatal alert of a client that does not say that it is about the certificate. */
export function brokeOffWith({ alerts }: TlsReport): string | undefined {
  return alerts.find(({ from, level }) => from === "client" && level === "fatal")?.description;
}

function culprit({ path, certificates }: TlsReport, host: string): string {
  const subject = path.refused?.subject;
  if (subject === undefined || subject === certificates[0]?.subject) return `the certificate of ${host}`;
  return `the authority ${subject} of ${host}`;
}

function dates(layer: TlsReport): string {
  const subject = layer.path.refused?.subject ?? layer.certificates[0]?.subject;
  const certificate = layer.certificates.find((candidate) => candidate.subject === subject);
  if (certificate === undefined) return layer.path.detail;
  return `${subject ?? ""} is valid from ${certificate.notBefore} to ${certificate.notAfter}: ${layer.path.detail}`;
}

function namesOf({ certificates }: TlsReport): string {
  const [first] = certificates;
  const names = [...(first?.dnsNames ?? []), ...(first?.ipAddresses ?? [])];
  return names.length === 0 ? "no name at all" : list(names);
}

function unknownAuthority({ path }: TlsReport): string {
  const hint = path.remarks.includes("perhaps-missing-intermediate")
    ? " Perhaps the server leaves an intermediate out, and the authority above it is trusted; that is not proved."
    : "";
  return `${sentence(path.detail)}${hint} A proxy that re-signs traffic looks the same.`;
}

/** The issuer that the path lacks at its end: where an anchor would have to be. */
export function lastIssuer({ certificates, path }: TlsReport): string {
  if (path.missing !== undefined) return path.missing.issuer;
  const top = certificates.find(({ subject }) => subject === path.path.at(-1));
  return (top ?? certificates.at(-1))?.issuer ?? "unknown";
}

function trust(layer: TlsReport): string {
  return `If ${lastIssuer(layer)} is an authority of your own, ${addToRoots}`;
}

const addToRoots =
  "add its certificate to the client's roots (update-ca-certificates, or SSL_CERT_FILE=/path/to/all-roots.pem) and to " +
  "git's (http.sslCAInfo).";

function range([least, most]: readonly [number, number]): string {
  return least === most ? counted(least, "certificate") : `${least} to ${most} certificates`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === "" || /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** What a certificate that was refused must have instead. */
function anew(by: Refusal | undefined): string {
  if (by === "sha1" || by === "md5") return "with a signature by SHA-256 or better";
  if (by === "key-size") return "with an RSA key of 2048 to 8192 bits, or an elliptic one";
  if (by === "algorithm" || by === "signature") return "with a key and a signature that Go can verify";
  return "with the extensions that its use needs";
}
