import { readdirSync, readlinkSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { TrustAnchors } from "../pki/anchors.ts";
import { pemText } from "../pki/pem.ts";
import { systemErrorText, UsageError } from "./errors.ts";
import { bytesOf, readBounded, statAt } from "./files.ts";
import { printWarning } from "./messages.ts";

/**
 * The trust anchors to judge by: Mozilla's as node carries them, those of a PEM file, of all files of a folder, or,
 * for `system`, those that Go would take on this machine.
 *
 * Throws: UsageError.
 */
export function readTrustAnchors(roots: string | undefined): TrustAnchors {
  if (roots === undefined) return mozilla;
  const texts = roots === "system" ? systemTexts() : textsAt(roots);
  return usable(TrustAnchors.fromPem(texts, roots), "--roots", "a folder of such files, or system");
}

/** What reports call the anchors of the Node at hand, which change with it. */
export const nodesAnchors = `mozilla (Node ${process.versions.node})`;

/** Loaded when a certificate is judged, which a capture of TLS 1.3 shows none of; once for all captures. */
const mozilla = TrustAnchors.fromPem(() => process.getBuiltinModule("node:tls").rootCertificates, nodesAnchors);

/** The certificates of `--intermediates`, file by file. Throws: UsageError, InputError. */
export function readIntermediates(paths: readonly string[]): { name: string; text: string }[] {
  return paths.map((name) => {
    const text = certificateText(bytesOf(name, "--intermediates"));
    usable(TrustAnchors.fromPem([text], name), "--intermediates", "or the DER of one certificate");
    return { name, text };
  });
}

/** The certificates, if there are any; what of them cannot be used is told. Throws: UsageError. */
function usable(certificates: TrustAnchors, option: string, orElse: string): TrustAnchors {
  const { count, damaged, source } = certificates;
  if (count === 0) {
    const [damage = `${source}: no certificates there`] = damaged;
    throw new UsageError(`${option} ${damage}`, `give a PEM file (-----BEGIN CERTIFICATE-----), ${orElse}`);
  }
  for (const damage of damaged.slice(0, damagesTold)) printWarning(`${option} ${damage}`);
  return certificates;
}

const damagesTold = 5;

/** PEM as it stands; the DER of one certificate, as authorities serve it, as PEM. */
function certificateText(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return text.startsWith("\x30\x82") ? pemText(bytes) : text;
}

/** Spec: Go crypto/x509 root_unix.go, root_linux.go: the first file that can be read, and all files of the folders. */
function systemTexts(): string[] {
  const texts: string[] = [];
  for (const file of listed(process.env["SSL_CERT_FILE"], certificateFiles, (value) => [value])) {
    const text = readOrNothing(file);
    if (text === undefined) continue;
    texts.push(text);
    break;
  }
  for (const folder of listed(process.env["SSL_CERT_DIR"], certificateFolders, (value) => value.split(":"))) {
    texts.push(...folderTexts(folder));
  }
  return texts;
}

function textsAt(path: string): string[] {
  try {
    return statSync(path).isDirectory() ? folderTexts(path) : [certificateText(readBounded(path))];
  } catch (error) {
    throw new UsageError(`--roots ${path}: ${systemErrorText(error)}`, "give a PEM file, a folder of such, or system");
  }
}

/** Links to a file of the same folder are its names by hash: Go leaves them out. */
function folderTexts(folder: string): string[] {
  const texts: string[] = [];
  for (const entry of entriesOf(folder).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() && !readlinkSync(path).includes("/")) continue;
    const text = statAt(path)?.isFile() === true ? readOrNothing(path) : undefined;
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

function listed(
  value: string | undefined,
  otherwise: readonly string[],
  split: (value: string) => string[],
): readonly string[] {
  return value === undefined || value === "" ? otherwise : split(value);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readBounded(path).toString("latin1");
  } catch {
    return undefined;
  }
}

const certificateFiles: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const certificateFolders: readonly string[] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];
