/**
 * The scheme of credentials, never more: the name as registered, or `other`.
 *
 * A field may hold a bare secret where its scheme should stand, so that only names known beforehand are given back.
 * Spec: RFC 9110 §11.4; names from the IANA HTTP authentication scheme registry, 2025, and those of proxies and forges.
 */
export function knownScheme(credentials: string): string {
  const blank = credentials.search(/[ \t]/);
  const scheme = (blank < 0 ? credentials : credentials.slice(0, blank)).toLowerCase();
  return schemes.get(scheme) ?? "other";
}

/**
 * Schemes of a WWW-Authenticate or Proxy-Authenticate field, in order.
 *
 * Spec: RFC 9110 §11.6.1. A field lists challenges, and each lists parameters, both by commas: an item that begins with
 * a token not followed by `=` opens a challenge. Commas inside quoted strings separate nothing.
 */
export function parseChallenges(value: string): string[] {
  const found: string[] = [];
  for (const item of splitOutsideQuotes(value)) {
    const scheme = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}/.exec(item)?.[0];
    if (scheme === undefined) continue;
    const after = item.slice(scheme.length);
    const blank = after === "" || after.startsWith(" ") || after.startsWith("\t");
    if (blank && !after.trimStart().startsWith("=")) found.push(schemes.get(scheme.toLowerCase()) ?? scheme);
  }
  return found;
}

function splitOutsideQuotes(value: string): string[] {
  const items: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      items.push(value.slice(start, at).trim());
      start = at + 1;
    }
  }
  items.push(value.slice(start).trim());
  return items;
}

const schemes: ReadonlyMap<string, string> = new Map(
  [
    "Basic",
    "Bearer",
    "Concealed",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Mutual",
    "Negotiate",
    "NTLM",
    "Kerberos",
    "OAuth",
    "PrivateToken",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "token",
    "vapid",
    "AWS4-HMAC-SHA256",
  ].map((name) => [name.toLowerCase(), name]),
);
