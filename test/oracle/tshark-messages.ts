import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** A stream of HTTP/2 on which a request was seen. */
interface StreamMessages {
  readonly stream: number;
  method?: string | undefined;
  authority?: string | undefined;
  path?: string | undefined;
  /** The final one. */
  status?: number | undefined;
}

/** What is said inside one connection, each in order. */
export interface Messages {
  /** Method, target and Host of requests of HTTP/1. */
  readonly requests: string[][];
  /** Final statuses of HTTP/1. */
  readonly statuses: number[];
  readonly streams: readonly StreamMessages[];
  /** Protocols that servers chose. */
  readonly alpn: string[];
  /** Sender, level and description. */
  readonly alerts: string[][];
  /** SHA-256 of the certificates that either side sent. */
  readonly certificates: string[];
}

/** By `connectionKey`; connections in which nothing is said are left out. */
export type MessagesByConnection = Record<string, Messages>;

/** One name for both directions of a connection. Shape: two of `address port`. */
export function connectionKey(one: string, other: string): string {
  return [one, other].sort().join(" ");
}

/**
 * Reads with tshark what is said inside the connections of a capture, out-of-order segments put right, decrypted with
 * the key log if there is one.
 */
export function readMessages(path: string, keyLog: string | undefined): MessagesByConnection {
  // An answer that ends with the connection is shown as it begins: inside TLS tshark does not see that end.
  const reassembly = ["tcp.reassemble_out_of_order:TRUE", "http.desegment_body:FALSE"];
  const preferences = [...reassembly, ...(keyLog ? [`tls.keylog_file:${keyLog}`] : [])];
  const output = execFileSync(
    "tshark",
    ["-n", "-2", "-r", path, "-Y", "tls or http or http2", "-T", "pdml", "-J", "ip ipv6 tcp tls http http2"].concat(
      preferences.flatMap((preference) => ["-o", preference]),
    ),
    { maxBuffer: 1 << 30, stdio: ["ignore", "pipe", "ignore"] },
  );
  const connections = new Map<string, Gathered>();
  for (const packet of output.toString("latin1").split("<packet>").slice(1)) gather(connections, packet);
  const messages = [...connections].map(([key, { streams, ...rest }]) => {
    const asked = [...streams.values()].filter(({ method }) => method !== undefined);
    return [key, { ...rest, streams: asked.sort((a, b) => a.stream - b.stream) }] as const;
  });
  return Object.fromEntries(messages.filter(([, one]) => Object.values(one).some(({ length }) => length > 0)));
}

type Gathered = Omit<Messages, "streams"> & { readonly streams: Map<number, StreamMessages> };

/** Fields stand in the order of the bytes: what is read belongs to the message, or the stream, that was named last. */
function gather(connections: Map<string, Gathered>, packet: string): void {
  const last = new Map<string, string>();
  const endpoint = (which: "src" | "dst"): string =>
    `${last.get(`ip.${which}`) ?? last.get(`ipv6.${which}`)} ${last.get(`tcp.${which}port`)}`;
  let connection = nothing();
  for (const [, name, shown, , hex] of packet.matchAll(
    /<field name="([^"]+)"[^>]* show="([^"]*)"( value="([^"]*)")?/g,
  )) {
    const value = unescaped(shown);
    last.set(name, value);
    if (name === "tcp.stream") {
      const key = connectionKey(endpoint("src"), endpoint("dst"));
      connection = connections.get(key) ?? nothing();
      connections.set(key, connection);
    } else if (name.startsWith("http2.")) gatherHttp2(connection, name, value, Number(last.get("http2.streamid")));
    else if (name.startsWith("http.")) gatherHttp1(connection, name, value);
    else if (name === "tls.handshake.extensions_alpn_str" && last.get("tls.handshake.type") !== "1")
      connection.alpn.push(value);
    else if (name === "tls.alert_message.desc")
      connection.alerts.push([endpoint("src"), last.get("tls.alert_message.level")!, value]);
    else if (name === "tls.handshake.certificate")
      connection.certificates.push(createHash("sha256").update(Buffer.from(hex, "hex")).digest("hex"));
  }
}

function nothing(): Gathered {
  return { requests: [], statuses: [], streams: new Map(), alpn: [], alerts: [], certificates: [] };
}

function gatherHttp1({ requests, statuses }: Gathered, name: string, value: string): void {
  if (name === "http.request.method") requests.push([value]);
  else if (name === "http.request.uri" || name === "http.host") requests.at(-1)?.push(value);
  else if (name === "http.response.code" && (value === "101" || Number(value) >= 200)) statuses.push(Number(value));
}

function gatherHttp2({ streams }: Gathered, name: string, value: string, stream: number): void {
  const of = streams.get(stream) ?? { stream };
  streams.set(stream, of);
  if (name === "http2.headers.method") of.method = value;
  else if (name === "http2.headers.authority") of.authority = value;
  else if (name === "http2.headers.path") of.path = value;
  else if (name === "http2.headers.status" && Number(value) >= 200) of.status = Number(value);
}

function unescaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]);
}
