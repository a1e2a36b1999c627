import { hash } from "node:crypto";
import { ByteReader } from "../bytes/byte-reader.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { latin1 } from "../bytes/text.ts";
import { CertificateIndex } from "./certificate-index.ts";
import { locateSubject, sha256Of, type Certificate } from "./certificate.ts";
import { readDistinguishedName } from "./distinguished-name.ts";
import { parsePem } from "./pem.ts";

/**
 * The certificates that a path may end at.
 *
 * An anchor need not be self-signed: an intermediate certificate in the client's pool is trusted like a root, as in Go.
 * Nothing is read before a path or a report wants it, then only the subjects; a certificate is parsed when a path asks.
 *
 * Invariants: every certificate once; `count` is the number of them.
 */
export class TrustAnchors {
  readonly source: string;
  readonly #given: () => Given;
  #loaded: Loaded | undefined;
  #digest: string | undefined;

  private constructor(source: string, given: () => Given) {
    this.source = source;
    this.#given = given;
  }

  /** From PEM texts, such as `tls.rootCertificates`, or what gives them; `source` is what reports name them by. */
  static fromPem(texts: readonly string[] | (() => readonly string[]), source: string): TrustAnchors {
    return new TrustAnchors(source, () => ({ texts: typeof texts === "function" ? texts() : texts, ders: [] }));
  }

  /** Whether something was asked of them yet. */
  get used(): boolean {
    return this.#loaded !== undefined;
  }

  get count(): number {
    return this.#all.ders.length;
  }

  /** Entries that could not be used, one line each. */
  get damaged(): readonly string[] {
    return this.#all.damaged;
  }

  /** Anchors that may have signed a certificate, the likeliest first. */
  issuersOf(child: Certificate): readonly Certificate[] {
    return this.#all.index.issuersOf(child);
  }

  /** Whether a certificate is one of them, byte for byte. */
  has(certificate: Certificate): boolean {
    return this.#all.index.has(certificate);
  }

  /** The DER of the anchors that bear a name. Cost: reads the names of all. */
  named(subject: string): readonly Uint8Array[] {
    return this.#all.ders.filter(
      (der) => readDistinguishedName(new ByteReader(locateSubject(der), "subject"), "subject").text === subject,
    );
  }

  /** These and further ones, under the same name. */
  with(ders: readonly Uint8Array[]): TrustAnchors {
    const { source } = this;
    return new TrustAnchors(source, () => {
      const given = this.#given();
      return { ...given, ders: [...given.ders, ...ders] };
    });
  }

  /** Which anchors judged, for reports: the digest covers the sorted digests of them all. */
  report(): { readonly source: string; readonly count: number; readonly sha256: string } {
    this.#digest ??= digestOfAll(this.#all.ders);
    return { source: this.source, count: this.count, sha256: this.#digest };
  }

  get #all(): Loaded {
    return (this.#loaded ??= load(this.source, this.#given()));
  }
}

interface Given {
  readonly texts: readonly string[];
  readonly ders: readonly Uint8Array[];
}

interface Loaded {
  readonly index: CertificateIndex;
  readonly ders: readonly Uint8Array[];
  readonly damaged: readonly string[];
}

function load(source: string, { texts, ders }: Given): Loaded {
  const pems = texts.map(parsePem);
  const damaged = pems.flatMap((pem) => pem.damaged.map((problem) => `${source}: ${problem}`));
  const index = new CertificateIndex();
  const distinct = new Map<string, Uint8Array>();
  for (const der of [...pems.flatMap(({ certificates }) => certificates), ...ders]) {
    try {
      const subject = locateSubject(der);
      const key = latin1(der);
      if (distinct.has(key)) continue;
      distinct.set(key, der);
      index.add(der, subject);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      damaged.push(`${source}: ${error.message}`);
    }
  }
  return { index, ders: [...distinct.values()], damaged };
}

function digestOfAll(ders: readonly Uint8Array[]): string {
  const digests = ders.map(sha256Of).sort();
  return hash("sha256", digests.join("\n"), "hex");
}
