import type { Flow } from "../../src/flow/model.ts";
import { connectionKey, type Messages, type MessagesByConnection } from "./tshark-messages.ts";

/** A kind of flow of which we say more than tshark does. */
interface KnownDifference {
  readonly why: string;
  readonly isMet: (flow: Flow) => boolean;
  /** The flow as tshark sees it. */
  readonly reduced: (flow: Flow) => Flow;
}

/** Where tshark and we differ; everything else has to be the same. */
const knownDifferences: readonly KnownDifference[] = [
  {
    why: "tshark takes what a tunnel inside TLS carries for data, TLS in it included",
    isMet: ({ layers }) => layers.lastIndexOf("tls") > layers.indexOf("tls"),
    reduced: (flow) => ({
      ...flow,
      tls: flow.tls.slice(0, 1),
      http: flow.http.filter(({ method }) => method === "CONNECT"),
    }),
  },
];

/** What we say is said inside the connections of a capture, in the words of the oracle. */
export function messagesOf(flows: Iterable<Flow>): MessagesByConnection {
  const connections: MessagesByConnection = {};
  for (const whole of flows) {
    const flow = knownDifferences.reduce((known, { isMet, reduced }) => (isMet(known) ? reduced(known) : known), whole);
    const client = `${flow.client.address} ${flow.client.port}`;
    const server = `${flow.server.address} ${flow.server.port}`;
    const key = connectionKey(client, server);
    const http1 = flow.http.filter(({ stream }) => stream === undefined);
    const http2 = flow.http.filter(({ stream }) => stream !== undefined);
    const messages: Messages = {
      // An exchange without a method is an answer whose request was not seen.
      requests: http1
        .filter(({ method }) => method !== undefined)
        .map(({ method = "", requestTarget = "", host }) => [
          method,
          requestTarget,
          ...(host === undefined ? [] : [host]),
        ]),
      statuses: http1.flatMap(({ status }) => status ?? []),
      streams: http2.map(({ stream, method, host, path, status }) => ({
        stream: stream!,
        method,
        authority: host,
        path,
        status,
      })),
      alpn: flow.tls.flatMap(({ alpn }) => alpn ?? []),
      alerts: flow.tls.flatMap(({ alerts }) =>
        alerts.map(({ from, level, description }) => [
          from === "client" ? client : server,
          level === "fatal" ? "2" : "1",
          /\((\d+)\)/.exec(description ?? "")?.[1] ?? "",
        ]),
      ),
      certificates: flow.tls.flatMap(({ certificates, clientCertificates }) =>
        [...certificates, ...clientCertificates].map(({ sha256 }) => sha256),
      ),
    };
    if (Object.values(messages).some(({ length }: { length: number }) => length > 0)) connections[key] = messages;
  }
  return connections;
}
