import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { TrustAnchors } from "../pki/anchors.ts";
import { systemErrorText, UsageError } from "./errors.ts";
import { printWarning } from "./messages.ts";

/**
 * The trust anchors to judge by: Mozilla's as node carries them, those of a PEM file, of all files of a folder, or,
 * for `system`, those that Go would take on this machine.
 *
 * Throws: UsageError.
 */
export async function readTrustAnchors(roots: string | undefined): Promise<TrustAnchors> {
  if (roots === undefined) {
    // Loaded when a certificate is judged: a capture of TLS 1.3 shows none.
    const texts = (): readonly string[] => process.getBuiltinModule("node:tls").rootCertificates;
    return TrustAnchors.fromPem(texts, `mozilla (Node ${process.versions.node})`);
  }
  const texts = roots === "system" ? await systemTexts() : await textsAt(roots);
  const anchors = TrustAnchors.fromPem(texts, roots);
  if (anchors.report().count === 0) {
    const [damage] = anchors.damaged;
    throw new UsageError(`--roots ${roots}: ${damage === undefined ? "no certificates there" : damage}`, whatToGive);
  }
  for (const damage of anchors.damaged.slice(0, damagesTold)) printWarning(`--roots ${roots}: ${damage}`);
  return anchors;
}

const damagesTold = 5;

/** Spec: Go crypto/x509 root_unix.go, root_linux.go: the first file that can be read, and all files of the folders. */
async function systemTexts(): Promise<string[]> {
  const texts: string[] = [];
  for (const file of listed(process.env["SSL_CERT_FILE"], certificateFiles, (value) => [value])) {
    const text = await readOrNothing(file);
    if (text === undefined) continue;
    texts.push(text);
    break;
  }
  for (const folder of listed(process.env["SSL_CERT_DIR"], certificateFolders, (value) => value.split(":"))) {
    texts.push(...(await folderTexts(folder)));
  }
  return texts;
}

async function textsAt(path: string): Promise<string[]> {
  try {
    return (await stat(path)).isDirectory() ? await folderTexts(path) : [await readFile(path, "latin1")];
  } catch (error) {
    throw new UsageError(`--roots ${path}: ${systemErrorText(error)}`, whatToGive);
  }
}

/** Links to a file of the same folder are its names by hash: Go leaves them out. */
async function folderTexts(folder: string): Promise<string[]> {
  const texts: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() && !(await readlink(path)).includes("/")) continue;
    const text = await readOrNothing(path);
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

async function readOrNothing(path: string): Promise<string | undefined> {
  return readFile(path, "latin1").catch(() => undefined);
}

const whatToGive = "give a PEM file (-----BEGIN CERTIFICATE-----), a folder of such files, or system";

const certificateFiles: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const certificateFolders: readonly string[] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];
