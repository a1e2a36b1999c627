import { createHash } from "node:crypto";
import { MalformedError } from "../bytes/malformed.ts";
import { latin1 } from "../bytes/text.ts";
import { CertificateIndex } from "./certificate-index.ts";
import { locateSubject, type Certificate } from "./certificate.ts";
import { parsePem } from "./pem.ts";

/** A file of anchors: PEM, or the DER of one certificate. */
export interface AnchorFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The certificates that a path may end at.
 *
 * An anchor need not be self-signed: an intermediate certificate in the client's pool is trusted like a root, as in Go.
 * Only subjects are read at first; a certificate is parsed when a path wants it.
 *
 * Invariants: every certificate once; `count` is the number of them.
 */
export class TrustAnchors {
  readonly source: string;
  /** Entries that could not be used, one line each. */
  readonly damaged: readonly string[];
  readonly #index = new CertificateIndex();
  readonly #ders: readonly Uint8Array[];
  #digest: string | undefined;

  private constructor(named: readonly AnchorFile[], source: string, damaged: readonly string[]) {
    const unusable: string[] = [];
    const distinct = new Map<string, Uint8Array>();
    for (const { name, bytes: der } of named) {
      try {
        const subject = locateSubject(der);
        const key = latin1(der);
        if (distinct.has(key)) continue;
        distinct.set(key, der);
        this.#index.add(der, subject);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        unusable.push(`${name}: ${error.message}`);
      }
    }
    this.#ders = [...distinct.values()];
    this.source = source;
    this.damaged = [...damaged, ...unusable];
  }

  /** From PEM texts, such as `tls.rootCertificates`; `source` is what reports name them by. */
  static fromPem(texts: readonly string[], source: string): TrustAnchors {
    return TrustAnchors.#fromTexts(
      texts.map((text) => ({ name: source, text })),
      source,
      [],
    );
  }

  /** From files: PEM where a BEGIN line is found, else DER. */
  static fromFiles(files: readonly AnchorFile[], source: string): TrustAnchors {
    const texts = files.map(({ name, bytes }) => ({ name, bytes, text: latin1(bytes) }));
    const isPem = ({ text }: { readonly text: string }): boolean => text.includes("-----BEGIN ");
    return TrustAnchors.#fromTexts(
      texts.filter(isPem),
      source,
      texts.filter((file) => !isPem(file)),
    );
  }

  static #fromTexts(
    texts: readonly { readonly name: string; readonly text: string }[],
    source: string,
    ders: readonly AnchorFile[],
  ): TrustAnchors {
    const damaged: string[] = [];
    const named: AnchorFile[] = [];
    for (const { name, text } of texts) {
      const pem = parsePem(text);
      named.push(...pem.certificates.map((bytes) => ({ name, bytes })));
      damaged.push(...pem.damaged.map((problem) => `${name}: ${problem}`));
    }
    return new TrustAnchors([...named, ...ders], source, damaged);
  }

  get count(): number {
    return this.#ders.length;
  }

  /** Anchors that may have signed a certificate, the likeliest first. */
  issuersOf(child: Certificate): readonly Certificate[] {
    return this.#index.issuersOf(child);
  }

  has(certificate: Certificate): boolean {
    return this.#index.has(certificate);
  }

  /** Which anchors judged, for reports: the digest covers the sorted digests of them all. */
  report(): { readonly source: string; readonly count: number; readonly sha256: string } {
    this.#digest ??= digestOfAll(this.#ders);
    return { source: this.source, count: this.count, sha256: this.#digest };
  }
}

function digestOfAll(ders: readonly Uint8Array[]): string {
  const digests = ders.map((der) => createHash("sha256").update(der).digest("hex")).sort();
  return createHash("sha256").update(digests.join("\n")).digest("hex");
}
