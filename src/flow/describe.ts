import type { ChainJudge } from "../pki/judge.ts";
import type { LayerFacts } from "../protocol/layer.ts";
import type { SocksFacts } from "../protocol/socks/facts.ts";
import { replyName, methodName } from "../protocol/socks/names.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import { describeHttp } from "./http-report.ts";
import type { Flow, HttpReport, ObservedFlow, StageReached, Target, TlsReport } from "./model.ts";
import type { Naming } from "./naming.ts";
import { findRoute } from "./route.ts";
import type { Twin } from "./twins.ts";
import { stageOrder, type FlowFacts, type StageNotes } from "./store.ts";
import { timestampText } from "./timestamp.ts";
import { describeHiddenTls, describeTls, nameToCheck } from "./tls-report.ts";

/** What describing a flow needs to know of the rest of the capture and of the user's wishes. */
export interface DescribeContext {
  readonly naming: Naming;
  readonly judge: ChainJudge;
  /** Time to judge certificates at instead of the packets' own. */
  readonly at?: number;
  /** Name to judge the certificates of one flow by instead of the one it asked for. */
  readonly host?: { readonly flow: number; readonly name: string };
  twinOf(id: number): Twin | undefined;
}

/** A flow as it was seen: everything but what it means to Go. */
export function describeFlow(facts: FlowFacts, context: DescribeContext): ObservedFlow {
  const { connection, layers, stages } = facts;
  const { route, targets } = findRoute(connection, layers, context.naming);
  const [target] = targets;
  const reached = describeStages(stages, connection.timed);
  const socks = layers.find((layer) => layer.layer === "socks");
  const strange = layers.find((layer) => layer.layer === "http1" && layer.strangeAnswer !== undefined);
  return {
    id: connection.id,
    ...describeConnection(connection),
    ...context.twinOf(connection.id),
    layers: layers.flatMap(layerNames),
    route,
    target,
    ...(targets.length > 1 && { targets }),
    stage: reached.at(-1)?.stage ?? "tcp",
    stages: reached,
    tls: describeTlsLayers(facts, target, context),
    ...(socks !== undefined && { socks: describeSocks(socks) }),
    http: describeExchanges(layers, connection.timed),
    ...(strange?.layer === "http1" && { strangeAnswer: strange.strangeAnswer! }),
    problems: facts.problems,
    ...(facts.moreProblems > 0 && { moreProblems: facts.moreProblems }),
  };
}

type ConnectionReport = Pick<
  Flow,
  | "client"
  | "server"
  | "start"
  | "end"
  | "frames"
  | "bytes"
  | "opened"
  | "closed"
  | "closedBy"
  | "lost"
  | "unacknowledged"
  | "retransmittedSegments"
  | "outOfOrderSegments"
  | "duplicateFrames"
  | "snappedSegments"
  | "oneSided"
  | "syns"
  | "icmp"
>;

function describeConnection(connection: ConnectionFacts): ConnectionReport {
  const { unacknowledged, closedBy } = connection;
  return {
    client: { address: connection.clientAddress, port: connection.clientPort },
    server: { address: connection.serverAddress, port: connection.serverPort },
    ...(connection.timed && {
      start: timestampText(connection.startSeconds, connection.startNanoseconds),
      end: timestampText(connection.endSeconds, connection.endNanoseconds),
    }),
    frames: { first: connection.firstFrame, last: connection.lastFrame, count: connection.frames },
    bytes: bothWays(connection.bytes),
    opened: connection.opened,
    closed: connection.closed,
    ...(closedBy !== undefined && { closedBy: closedBy === 0 ? "client" : "server" }),
    lost: bothWays(connection.lost),
    ...(unacknowledged.some((bytes) => bytes > 0) && { unacknowledged: bothWays(unacknowledged) }),
    retransmittedSegments: connection.retransmittedSegments,
    outOfOrderSegments: connection.outOfOrderSegments,
    duplicateFrames: connection.duplicateFrames,
    ...(connection.snappedSegments > 0 && { snappedSegments: connection.snappedSegments }),
    ...(connection.oneSided && { oneSided: true }),
    syns: connection.syns,
    ...(connection.icmp.length > 0 && { icmp: connection.icmp }),
  };
}

function bothWays([clientToServer, serverToClient]: readonly [number, number]): Flow["bytes"] {
  return { clientToServer, serverToClient };
}

function describeStages(stages: StageNotes, timed: boolean): StageReached[] {
  const reached: StageReached[] = [];
  for (let at = 0; at < stageOrder.length; at++) {
    const frame = stages.frames[at];
    if (frame === 0) continue;
    const stage = stageOrder[at];
    if (timed) reached.push({ stage, frame, time: timestampText(stages.seconds[at], stages.nanoseconds[at]) });
    else reached.push({ stage, frame });
  }
  return reached;
}

function layerNames(layer: LayerFacts): string[] {
  switch (layer.layer) {
    case "tls":
      return layer.inferredTunnel === undefined ? ["tls", ...alpnLayer(layer)] : ["tls", "http-connect", "tls"];
    case "socks":
      return [`socks${layer.version}`];
    case "http1": {
      const connects = layer.exchanges.some(({ method }) => method === "CONNECT");
      const others = layer.exchanges.some(({ method }) => method !== "CONNECT");
      return [...(connects ? ["http-connect"] : []), ...(others || !connects ? ["http/1.1"] : [])];
    }
    case "named":
      return [layer.protocol];
  }
}

/** What was agreed on is a layer once something was said in it. */
function alpnLayer({ alpn, applicationData }: TlsFacts): string[] {
  return alpn === "h2" && (applicationData[0] || applicationData[1]) ? ["h2"] : [];
}

function describeTlsLayers({ connection, layers }: FlowFacts, target: Target, context: DescribeContext): TlsReport[] {
  const tlsLayers = layers.filter((layer) => layer.layer === "tls");
  return tlsLayers.flatMap((facts, at) => {
    const isProxyHop = at < tlsLayers.length - 1 || facts.inferredTunnel !== undefined;
    const asked = context.host?.flow === connection.id && !isProxyHop ? context.host.name : undefined;
    const time = context.at ?? (connection.timed ? connection.startSeconds : undefined);
    const name = asked ?? nameToCheck(facts, target, isProxyHop);
    const report = describeTls(facts, { name, time, judge: context.judge });
    return facts.inferredTunnel === undefined ? [report] : [report, describeHiddenTls(facts.inferredTunnel)];
  });
}

function describeSocks(socks: SocksFacts): NonNullable<Flow["socks"]> {
  const { methodSelected, authenticationStatus, addressType, reply, strangeAnswer } = socks;
  return {
    version: socks.v4a ? "4a" : String(socks.version),
    methodsOffered: socks.methodsOffered.map(methodName),
    ...(methodSelected !== undefined && { methodSelected: methodName(methodSelected) }),
    ...(authenticationStatus !== undefined && { authenticated: authenticationStatus === 0 }),
    ...(addressType !== undefined && { addressType }),
    ...(reply !== undefined && { reply: replyName(socks.version, reply) }),
    ...(strangeAnswer !== undefined && { strangeAnswer }),
  };
}

function describeExchanges(layers: readonly LayerFacts[], timed: boolean): HttpReport[] {
  let scheme: "http" | "https" = "http";
  const reports: HttpReport[] = [];
  for (const layer of layers) {
    if (layer.layer === "tls") scheme = "https";
    if (layer.layer === "http1") {
      for (const exchange of layer.exchanges) reports.push(describeHttp(exchange, scheme, timed));
    }
  }
  return reports;
}
