/**
 * -----BEGIN label-----
 * base64, in lines
 * -----END label-----
 *
 * Anything outside the blocks is ignored, whatever the line ends.
 */

/** The certificates of a PEM text, and what of it could not be used. */
export interface PemCertificates {
  readonly certificates: readonly Uint8Array[];
  /** One line each: where and why. */
  readonly damaged: readonly string[];
}

/**
 * Takes the certificates out of a PEM text.
 *
 * Spec: RFC 7468 §5, with OpenSSL's labels `X509 CERTIFICATE` and `TRUSTED CERTIFICATE`, whose trust settings after the
 * certificate are dropped. Ignores: blocks with other labels. Cost: linear.
 */
export function parsePem(text: string): PemCertificates {
  const certificates: Uint8Array[] = [];
  const damaged: string[] = [];
  let label: string | undefined;
  let begun = 0;
  let body: string[] = [];
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    const [, kind, name] = boundary.exec(line) ?? [];
    if (kind === undefined) {
      if (label !== undefined) body.push(line);
      continue;
    }
    if (label !== undefined && kind === "BEGIN") damaged.push(`line ${begun}: BEGIN ${label} without its END`);
    if (label !== undefined && kind === "END" && certificateLabels.has(label)) {
      const der = name === label ? decodeBody(body) : undefined;
      if (der === undefined) damaged.push(`line ${begun}: ${label} is not valid base64`);
      else certificates.push(label === "TRUSTED CERTIFICATE" ? firstElement(der) : der);
    }
    label = kind === "BEGIN" ? name : undefined;
    begun = at + 1;
    body = [];
  }
  if (label !== undefined) damaged.push(`line ${begun}: BEGIN ${label} without its END`);
  return { certificates, damaged };
}

/** A certificate as PEM text. Spec: RFC 7468 §5.1. */
export function renderPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function decodeBody(lines: readonly string[]): Uint8Array | undefined {
  const base64 = lines.join("").replace(/[ \t]+/g, "");
  if (base64 === "" || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  return Buffer.from(base64, "base64");
}

/** The bytes up to where the outermost length says. */
function firstElement(der: Uint8Array): Uint8Array {
  if (der.length < 4 || der[1] !== 0x82) return der;
  return der.subarray(0, 4 + ((der[2] << 8) | der[3]));
}

const boundary = /^-----(BEGIN|END) ([A-Z0-9 ]+)-----[ \t]*$/;
const certificateLabels = new Set(["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);
