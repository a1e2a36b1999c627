import { hash } from "node:crypto";

/** One file of a module. */
export interface HashedFile {
  /** One character a byte. */
  readonly name: string;
  /** SHA-256 of its content, in lower-case hexadecimal. */
  readonly sha256: string;
}

/**
 * Go's hash of a list of files: `h1:` and the base64 of the SHA-256 over one line a file, in order of their names' bytes.
 *
 * Spec: golang.org/x/mod/sumdb/dirhash, Hash1. Returns undefined where a name has a line feed, which Go refuses.
 */
export function hash1(files: readonly HashedFile[]): string | undefined {
  if (files.some(({ name }) => name.includes("\n"))) return undefined;
  const lines = files
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, sha256 }) => `${sha256}  ${name}\n`);
  return `h1:${hash("sha256", Buffer.from(lines.join(""), "latin1"), "base64")}`;
}

/** The hash of a go.mod file, by the SHA-256 of its content. Spec: cmd/go/internal/modfetch, goModSum. */
export function modHash(sha256: string): string {
  return hash1([{ name: "go.mod", sha256 }])!;
}
