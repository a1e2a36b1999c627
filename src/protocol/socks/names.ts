/** A SOCKS5 authentication method. Spec: RFC 1928 §3, IANA SOCKS methods registry, 2025. */
export function methodName(method: number): string {
  return methods.get(method) ?? (method >= 0x80 && method < 0xff ? `private method ${method}` : `method ${method}`);
}

/** A reply code: of SOCKS5 (RFC 1928 §6), or of SOCKS4 (0x5a to 0x5d). */
export function replyName(version: 4 | 5, reply: number): string {
  return (version === 5 ? replies5[reply] : replies4.get(reply)) ?? `reply ${reply}`;
}

const methods: ReadonlyMap<number, string> = new Map([
  [0, "no authentication"],
  [1, "GSSAPI"],
  [2, "user name and password"],
  [3, "challenge-handshake authentication"],
  [5, "challenge-response authentication"],
  [6, "TLS"],
  [7, "NDS authentication"],
  [8, "multi-authentication framework"],
  [9, "JSON parameter block"],
  [0xff, "no acceptable method"],
]);

const replies5 = [
  "succeeded",
  "general SOCKS server failure",
  "connection not allowed by ruleset",
  "network unreachable",
  "host unreachable",
  "connection refused",
  "TTL expired",
  "command not supported",
  "address type not supported",
];

const replies4: ReadonlyMap<number, string> = new Map([
  [90, "request granted"],
  [91, "request rejected or failed"],
  [92, "request rejected: no identd at the client"],
  [93, "request rejected: identd names another user"],
]);
