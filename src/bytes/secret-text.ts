/*
 * The one home of what is a secret in clear text that came over the wire or was printed: reports leave it out, slimming
 * writes over it. Names that secrets go by are those of object stores, forges, proxies and OAuth.
 *
 * Quantifiers in front of what may be missing are bounded, because lines are hostile.
 */

/** Secrets in a line; each match is one. */
export const secretPatterns: readonly RegExp[] = [
  // Userinfo of a URL. A password may hold what had to be percent-encoded, where no port follows the colon.
  /(?<=\/\/)(?:[^/?#\s]+|[^\s/@[\]:?#]{0,100}:(?!\d{0,5}[/?#])[^\s/?#@"']{0,200}[/?#][^\s@"']{0,200})(?=@)/g,
  // By name, in queries, forms, JSON and settings; in a query also what is long and no words.
  /(?<=(?:signature|token|secret|passw(?:or)?d|credential|api[-_]?key|jwt|session_?id)(?:=["']?|["'] ?: ?["'])|[?&#;](?:[\w-]{0,50}key(?:-?id)?|auth|sig|sid|pwd)=)[^\s"',;&#<>]+|(?<=[?&#][\w.%-]{1,50}=)[\w+=-]{20,}(?=[&#\s"'<>]|$)/gi,
  // What a sentence or a quoted field names; without a digit it is a word of the sentence.
  /(?<=(?:authorization|token|secret|passw(?:or)?d|api[-_]?key): ?(?:(?:basic|bearer|token|negotiate|ntlm) )?)(?=[^\s\d]{0,50}\d)[^\s"',;<>]{6,}|(?<=(?:token|secret|password) )(?!v\d)(?=[^\s\d]{0,50}\d)[\w+=.-]{16,}/gi,
];

/** The text without userinfo in URLs, and with `***` for other secrets. */
export function withoutSecrets(text: string): string {
  if (!/[=:]|\/\/|(?:token|secret|password) /i.test(text)) return text;
  return secretPatterns.reduce((rest, pattern) => rest.replace(pattern, "***"), text).replaceAll("//***@", "//");
}
