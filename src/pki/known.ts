import { MalformedError } from "../bytes/malformed.ts";
import { CertificateIndex } from "./certificate-index.ts";
import { locateSubject, sha256Of, type Certificate } from "./certificate.ts";
import { parsePem } from "./pem.ts";

/** A certificate as it was sent or found, with its digest in lower-case hex. */
export interface CertificateBytes {
  readonly sha256: string;
  readonly der: Uint8Array;
}

/**
 * Certificates seen anywhere: in other flows, in files that the user gave. They prove what a server left out; they
 * never complete a path by themselves.
 */
export class KnownCertificates {
  readonly #index = new CertificateIndex();
  /** By digest, where it was first seen. */
  readonly #from = new Map<string, string>();

  /** Starts with the certificates of PEM texts, known by the texts' names. */
  constructor(files: readonly { readonly name: string; readonly text: string }[] = []) {
    for (const { name, text } of files) {
      for (const der of parsePem(text).certificates) {
        this.add({ der, sha256: sha256Of(der) }, name);
      }
    }
  }

  /** Notes a certificate; where it was seen first counts. Malformed ones are left out. Keeps the bytes. */
  add({ sha256, der }: CertificateBytes, from: string): void {
    if (this.#from.has(sha256)) return;
    this.#from.set(sha256, from);
    try {
      this.#index.add(der, locateSubject(der), sha256);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }

  /** Where a certificate was seen: `flow 3`, or the name of a file. */
  from(sha256: string): string | undefined {
    return this.#from.get(sha256);
  }

  /** Certificates that may have issued another one; self-issued ones are nobody's intermediates. */
  issuersOf(child: Certificate): readonly Certificate[] {
    return this.#index.issuersOf(child).filter(({ selfIssued }) => !selfIssued);
  }
}
