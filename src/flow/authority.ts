/** Splits `host`, `host:port` or `[address]:port`; the host in lower case. Spec: RFC 3986 §3.2. */
export function parseAuthority(authority: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(authority);
  if (match === null) return { host: authority.toLowerCase(), port: defaultPort };
  const host = (match[1] ?? match[2]).toLowerCase();
  const port = match[3] === undefined ? defaultPort : Number(match[3]);
  return { host, port: port <= 0xffff ? port : defaultPort };
}

/** The authority of an absolute-form target, without userinfo. */
export function authorityOf(target: string): string {
  const start = target.indexOf("://") + 3;
  const end = /[/?#]/.exec(target.slice(start))?.index;
  const authority = end === undefined ? target.slice(start) : target.slice(start, start + end);
  return authority.slice(authority.lastIndexOf("@") + 1);
}

/** Whether a host is an IP address in text rather than a name. */
export function isAddress(host: string): boolean {
  return host.includes(":") || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}
