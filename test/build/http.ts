/** An HTTP/1 head: the start line and the fields, each ended by CR LF, and the empty line. */
export function head(startLine: string, ...fields: readonly string[]): string {
  return [startLine, ...fields, "", ""].join("\r\n");
}

export function connect(target: string, ...fields: readonly string[]): string {
  return head(`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, "User-Agent: Go-http-client/1.1", ...fields);
}

/** An answer with content of known length. */
export function answer(status: string, content = "", ...fields: readonly string[]): string {
  return head(`HTTP/1.1 ${status}`, ...fields, `Content-Length: ${content.length}`) + content;
}

export const granted = head("HTTP/1.1 200 Connection established");
