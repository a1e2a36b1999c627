import { hostPort } from "../bytes/text.ts";

/*
 * Patterns of policies: `*` stands for any run of characters, `?` for one; all others for themselves.
 */

/** Whether the whole text fits the pattern. Cost: pattern length × text length at worst. */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    if (pattern[next] === "*") {
      star = next++;
      starAt = at;
    } else if (pattern[next] === "?" || pattern[next] === text[at]) {
      next++;
      at++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}

/** Whether a host fits one of the patterns, case aside; a pattern that ends in a port is for that port only. */
export function matchesHost(patterns: readonly string[], host: string, port: number): boolean {
  const name = host.toLowerCase();
  const place = hostPort(name, port);
  return patterns.some((written) => {
    const pattern = written.toLowerCase();
    return matchesGlob(pattern, name) || matchesGlob(pattern, place);
  });
}
