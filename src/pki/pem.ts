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

/** A certificate as PEM. Spec: RFC 7468 §2: lines of 64 characters. */
export function pemText(der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
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
  let at = text.indexOf(begin);
  while (at >= 0) {
    const bodyStart = text.indexOf(dashes, at + begin.length) + dashes.length;
    const bodyEnd = bodyStart < dashes.length ? -1 : text.indexOf(dashes, bodyStart);
    const label = text.slice(at + begin.length, bodyStart - dashes.length);
    if (bodyEnd < 0 || !text.startsWith(`${end}${label}${dashes}`, bodyEnd)) {
      damaged.push(`${place(text, at, damaged)}: BEGIN without its END`);
    } else if (certificateLabels.has(label)) {
      const der = decodeBody(text.slice(bodyStart, bodyEnd));
      if (der === undefined) damaged.push(`${place(text, at, damaged)}: ${label} is not valid base64`);
      else certificates.push(label === "TRUSTED CERTIFICATE" ? firstElement(der) : der);
    }
    at = bodyEnd < 0 ? -1 : text.indexOf(begin, bodyEnd);
  }
  return { certificates, damaged };
}

/** Where damage is: lines are counted for the first few only, which keeps a hostile file linear. */
function place(text: string, at: number, damaged: readonly string[]): string {
  if (damaged.length >= mostPlaces) return `character ${at}`;
  return `line ${text.slice(0, at).split(/\r\n|\r|\n/).length}`;
}

function decodeBody(body: string): Uint8Array | undefined {
  const base64 = body.replace(/\s+/g, "");
  return base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, "base64") : undefined;
}

/** The bytes up to where the outermost length says. */
function firstElement(der: Uint8Array): Uint8Array {
  if (der.length < 4 || der[1] !== 0x82) return der;
  return der.subarray(0, 4 + ((der[2] << 8) | der[3]));
}

const dashes = "-----";
const begin = "-----BEGIN ";
const end = "-----END ";
const mostPlaces = 16;
const certificateLabels = new Set(["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);
