import { join } from "node:path";
import type { Analysis, Flow } from "../flow/model.ts";
import { isProxyHop } from "../flow/target-tls.ts";
import { commonNameIn } from "../pki/distinguished-name.ts";
import { pemText } from "../pki/pem.ts";
import type { CertificateSummary } from "../pki/verdict.ts";
import { fileNamePart } from "../report/sanitize.ts";
import { UsageError, systemErrorText } from "./errors.ts";
import { makeFolder } from "./files.ts";
import { replaceFile } from "./output-file.ts";

/**
 * Writes the certificates of the servers as PEM: one file each, `flow3-1-sum.golang.org.pem`, and what was sent
 * together in `flow3-chain.pem`; those of a proxy that is spoken to over TLS as `flow3-proxy-…`.
 *
 * Returns: how many files. Throws: UsageError.
 */
export async function writeCertificates(analysis: Analysis, folder: string): Promise<number> {
  let written = 0;
  try {
    makeFolder(folder);
    for (const flow of analysis.flows()) {
      for (const [name, text] of certificateFiles(flow, analysis)) {
        await replaceFile(join(folder, name), [text]);
        written++;
      }
    }
  } catch (error) {
    throw new UsageError(`--certs ${folder}: ${systemErrorText(error)}`);
  }
  return written;
}

function* certificateFiles(flow: Flow, analysis: Analysis): Iterable<[name: string, text: string]> {
  for (const [layer, tls] of flow.tls.entries()) {
    const prefix = `flow${flow.id}${isProxyHop(flow, layer) ? "-proxy" : ""}`;
    let chain = "";
    for (const [at, certificate] of tls.certificates.entries()) {
      const der = analysis.certificate(certificate.sha256);
      if (der === undefined) continue;
      const text = pemText(der);
      yield [`${prefix}-${at + 1}-${fileNamePart(nameOf(certificate))}.pem`, text];
      chain += text;
    }
    if (chain !== "") yield [`${prefix}-chain.pem`, chain];
  }
}

/** Its first DNS name, else its common name, else whatever names it. */
function nameOf(certificate: CertificateSummary): string {
  return certificate.dnsNames[0] ?? commonNameIn(certificate.subject);
}
