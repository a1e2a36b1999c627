/** A version of the Go command, as far as its rules differ. */
export interface GoVersion {
  /** `go1.21.13`, as given. */
  readonly text: string;
  /** 21 of `go1.21.13`. */
  readonly minor: number;
}

/** Reads `go1.21.13`, `1.21`, `go version go1.21.13 linux/amd64` or `devel go1.28-4ab1c2d`; undefined for other texts. */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = /(?:^|\s|go)(1\.(\d{1,3})(?:[.a-z-]\S*)?)(?:\s|$)/.exec(text.trim());
  return match === null ? undefined : { text: `go${match[1]}`, minor: Number(match[2]) };
}

/** Whether a rule that came with Go 1.`minor` holds. An unknown version counts as the newest. */
export function since(minor: number, version: GoVersion | undefined): boolean {
  return version === undefined || version.minor >= minor;
}

/** Whether GOTOOLCHAIN may have this value. Spec: cmd/go/internal/toolchain, Select. */
export function isToolchainChoice(text: string): boolean {
  return /^(?:auto|path|(?:local|(?:[^+]*-)?go1[0-9a-z.-]*)(?:\+(?:auto|path))?)$/.test(text);
}
