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

/** Whether GOTOOLCHAIN may have this value. Spec: cmd/go/internal/toolchain, Select; internal/gover, Parse. */
export function isToolchainChoice(text: string): boolean {
  if (text === "auto" || text === "path") return true;
  const [, minimum = text, mode] = /^([^+]*)\+(.*)$/s.exec(text) ?? [];
  const isMode = mode === undefined || mode === "auto" || mode === "path";
  return isMode && (minimum === "local" || toolchainName.test(minimum));
}

const integer = "(?:0|[1-9]\\d*)";
/** `go1.21`, `go1.21.3`, `go1.22rc1`, each with a suffix of its builder. */
const toolchainName = new RegExp(
  `^go1(?:\\.${integer}(?:\\.${integer}|[a-z]+(?:${integer})?)?)?(?:[ \\t-][^\\\\/]*)?$`,
);
