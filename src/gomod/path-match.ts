/*
 * Glob patterns of GOPRIVATE, GONOPROXY, GONOSUMDB and GOINSECURE, as golang.org/x/mod/module.MatchPrefixPatterns and
 * path.Match read them.
 *
 *   *        any run of characters but /
 *   ?        one character but /
 *   [a-z]    one character of a class; [^…] one outside it
 *   \c       c itself
 */

/**
 * Whether a comma list of globs covers a module path: each glob is compared with as many leading path elements as it
 * has itself. Malformed globs match nothing, spaces are not trimmed.
 *
 * Cost: pattern length × path length.
 */
export function matchesGlobs(globs: string, modulePath: string): boolean {
  return globs.split(",").some((written) => {
    const glob = written.endsWith("/") ? written.slice(0, -1) : written;
    if (glob === "") return false;
    const prefix = leadingElements(modulePath, glob.split("/").length);
    return prefix !== undefined && matchesPath(glob, prefix);
  });
}

function leadingElements(path: string, count: number): string | undefined {
  const elements = path.split("/");
  return elements.length < count ? undefined : elements.slice(0, count).join("/");
}

/** Whether a glob is well-formed: others match nothing. */
export function isGlob(pattern: string): boolean {
  return parsePattern(pattern) !== undefined;
}

/** One element of a pattern: a star, or a test for one character. */
type Token = "*" | ((character: string) => boolean);

/** Whether the whole name fits the pattern. A malformed pattern fits nothing. Spec: Go's path.Match. */
export function matchesPath(pattern: string, name: string): boolean {
  const tokens = parsePattern(pattern);
  return tokens !== undefined && matchesTokens(tokens, Array.from(name));
}

/* On a mismatch only the last star gives way: an earlier one could not do better, so no step is tried twice as often. */
function matchesTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current === "*") {
      star = token++;
      starAt = at;
    } else if (current?.(name[at])) {
      token++;
      at++;
    } else if (star >= 0 && name[starAt] !== "/") {
      token = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (tokens[token] === "*") token++;
  return token === tokens.length;
}

function parsePattern(pattern: string): Token[] | undefined {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const character = characters[at];
    if (character === "[") {
      const end = parseClass(characters, at + 1, tokens);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (character === "*") tokens.push("*");
    else if (character === "?") tokens.push((other) => other !== "/");
    else {
      if (character === "\\") at++;
      const literal = characters[at];
      if (literal === undefined) return undefined;
      tokens.push((other) => other === literal);
    }
    at++;
  }
  return tokens;
}

/* Reads a class from behind its bracket and gives the offset behind it; undefined where it is malformed. */
function parseClass(characters: readonly string[], start: number, tokens: Token[]): number | undefined {
  const negated = characters[start] === "^";
  const ranges: [low: string, high: string][] = [];
  let at = negated ? start + 1 : start;
  while (characters[at] !== "]" || ranges.length === 0) {
    const low = classCharacter(characters, at);
    if (low === undefined) return undefined;
    at = low.end;
    let high: { character: string; end: number } | undefined = low;
    if (characters[at] === "-") {
      high = classCharacter(characters, at + 1);
      if (high === undefined) return undefined;
      at = high.end;
    }
    ranges.push([low.character, high.character]);
  }
  const within = (other: string): boolean => ranges.some(([low, high]) => low <= other && other <= high);
  tokens.push((other) => within(other) !== negated);
  return at + 1;
}

function classCharacter(characters: readonly string[], at: number): { character: string; end: number } | undefined {
  const first = characters[at];
  if (first === undefined || first === "-" || first === "]") return undefined;
  if (first !== "\\") return { character: first, end: at + 1 };
  const escaped = characters[at + 1];
  return escaped === undefined ? undefined : { character: escaped, end: at + 2 };
}
