import type { ChainJudge } from "../pki/judge.ts";
import type { GoAway } from "../protocol/http2/facts.ts";
import { errorName } from "../protocol/http2/names.ts";
import { isHttpLayer, stageOrder, type LayerFacts } from "../protocol/layer.ts";
import type { SocksFacts } from "../protocol/socks/facts.ts";
import { replyName, methodName } from "../protocol/socks/names.ts";
import type { TlsFacts } from "../protocol/tls/facts.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import { describeHttp } from "./http-report.ts";
import type { Flow, HttpReport, ObservedFlow, Route, StageReached, Target, TlsReport } from "./model.ts";
import type { Naming } from "./naming.ts";
import type { ProcessLog } from "./processes.ts";
import { findRoute } from "./route.ts";
import type { Twin } from "./twins.ts";
import type { LayerName } from "./vocabulary.ts";
import type { FlowFacts, StageNotes } from "./store.ts";
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
  readonly processes: ProcessLog;
}

/**
 * A flow as it was seen: everything but what it means to Go.
 *
 * Cost: made once a flow and walk, so in one literal to which the rarer parts are added. Spreading each of them makes
 * objects of many shapes: measured, ten times as slow to make, and to read.
 */
export function describeFlow(facts: FlowFacts, context: DescribeContext): ObservedFlow {
  const { connection, layers } = facts;
  const { route, targets } = findRoute(connection, layers, context.naming);
  const [target] = targets;
  const stages = describeStages(facts.stages, connection.timed);
  const flow: Mutable<ObservedFlow> = {
    id: connection.id,
    client: { address: connection.clientAddress, port: connection.clientPort },
    server: { address: connection.serverAddress, port: connection.serverPort },
    frames: { first: connection.firstFrame, last: connection.lastFrame, count: connection.frames },
    bytes: bothWays(connection.bytes),
    opened: connection.opened,
    closed: connection.closed,
    lost: bothWays(connection.lost),
    retransmittedSegments: connection.retransmittedSegments,
    outOfOrderSegments: connection.outOfOrderSegments,
    duplicateFrames: connection.duplicateFrames,
    syns: connection.syns,
    layers: namesOfLayers(layers, route),
    route,
    target,
    stage: stages.length === 0 ? "tcp" : stages[stages.length - 1].stage,
    stages,
    tls: describeTlsLayers(facts, target, context),
    http: describeExchanges(layers, connection.timed),
    problems: facts.problems,
  };
  if (targets.length > 1) flow.targets = targets;
  if (facts.moreProblems > 0) flow.moreProblems = facts.moreProblems;
  addRarely(flow, connection, context.twinOf(connection.id));
  const process = context.processes.of(connection);
  if (process !== undefined) flow.process = process;
  addDialogues(flow, layers);
  return flow;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What not every connection has. */
function addRarely(flow: Mutable<ObservedFlow>, connection: ConnectionFacts, twin: Twin | undefined): void {
  const { closedBy, unacknowledged } = connection;
  if (connection.timed) {
    flow.start = timestampText(connection.startSeconds, connection.startNanoseconds);
    flow.end = timestampText(connection.endSeconds, connection.endNanoseconds);
  }
  if (closedBy !== undefined) flow.closedBy = closedBy === 0 ? "client" : "server";
  if (unacknowledged[0] > 0 || unacknowledged[1] > 0) flow.unacknowledged = bothWays(unacknowledged);
  if (connection.snappedSegments > 0) flow.snappedSegments = connection.snappedSegments;
  if (connection.oneSided) flow.oneSided = true;
  if (connection.icmp.length > 0) flow.icmp = connection.icmp;
  if (twin !== undefined) Object.assign(flow, twin);
}

function addDialogues(flow: Mutable<ObservedFlow>, layers: readonly LayerFacts[]): void {
  for (const layer of layers) {
    if (layer.layer === "socks") flow.socks ??= describeSocks(layer);
    if (layer.layer === "http2" && layer.goAways.length > 0) flow.goAways ??= layer.goAways.map(describeGoAway);
    if (layer.layer === "http1" && layer.strangeAnswer !== undefined) flow.strangeAnswer ??= layer.strangeAnswer;
  }
}

function bothWays([clientToServer, serverToClient]: readonly [number, number]): Flow["bytes"] {
  return { clientToServer, serverToClient };
}

function describeStages(stages: StageNotes, timed: boolean): StageReached[] {
  const reached: StageReached[] = [];
  for (let at = 0; at < stageOrder.length; at++) {
    const frame = stages[3 * at];
    if (frame === 0) continue;
    const stage = stageOrder[at];
    if (timed) reached.push({ stage, frame, time: timestampText(stages[3 * at + 1], stages[3 * at + 2]) });
    else reached.push({ stage, frame });
  }
  return reached;
}

function namesOfLayers(layers: readonly LayerFacts[], { overTls }: Route): readonly LayerName[] {
  const names = namesAlone(layers);
  return overTls && names === tlsAlone ? hiddenConnect : names;
}

function namesAlone(layers: readonly LayerFacts[]): readonly LayerName[] {
  return layers.length === 1
    ? layerNames(layers[0], undefined)
    : layers.flatMap((layer, at) => layerNames(layer, layers[at + 1]));
}

const tlsAlone: readonly LayerName[] = Object.freeze(["tls"]);
/** Of the dialogue with the proxy nothing but its lengths was seen. */
const hiddenConnect: readonly LayerName[] = Object.freeze(["tls", "http-connect"]);

function layerNames(layer: LayerFacts, inner: LayerFacts | undefined): readonly LayerName[] {
  switch (layer.layer) {
    case "tls":
      if (layer.inferredTunnel !== undefined) return ["tls", "http-connect", "tls"];
      return inner === undefined && speaksHttp2(layer) ? ["tls", "h2"] : tlsAlone;
    case "socks":
      return [`socks${layer.version}`];
    case "http1": {
      const connects = layer.exchanges.some(({ method }) => method === "CONNECT");
      const others = layer.exchanges.some(({ method }) => method !== "CONNECT");
      if (!connects) return ["http/1.1"];
      return others ? ["http-connect", "http/1.1"] : ["http-connect"];
    }
    case "http2":
      return layer.exchanges.some(({ form }) => form === "authority") ? ["h2", "http-connect"] : ["h2"];
    case "named":
      return [layer.protocol];
  }
}

/** What was agreed on is a layer once something was said in it, also where nobody could read it. */
function speaksHttp2({ alpn, applicationData }: TlsFacts): boolean {
  return alpn === "h2" && (applicationData[0] || applicationData[1]);
}

function describeTlsLayers({ connection, layers }: FlowFacts, target: Target, context: DescribeContext): TlsReport[] {
  const reports: TlsReport[] = [];
  const innermost = layers.findLast(({ layer }) => layer === "tls");
  const time = context.at ?? (connection.timed ? connection.startSeconds : undefined);
  for (const layer of layers) {
    if (layer.layer !== "tls") continue;
    const isProxyHop = layer !== innermost || layer.inferredTunnel !== undefined;
    const asked = context.host?.flow === connection.id && !isProxyHop ? context.host.name : undefined;
    const name = asked ?? nameToCheck(layer, target, isProxyHop);
    reports.push(describeTls(layer, { name, time, judge: context.judge }));
    if (layer.inferredTunnel !== undefined) reports.push(describeHiddenTls(layer.inferredTunnel));
  }
  return reports;
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
  let insideTls = false;
  const reports: HttpReport[] = [];
  for (const layer of layers) {
    if (layer.layer === "tls") insideTls = true;
    if (!isHttpLayer(layer)) continue;
    for (const exchange of layer.exchanges) reports.push(describeHttp(exchange, insideTls, timed));
  }
  return reports;
}

function describeGoAway({ from, lastStream, code, frame }: GoAway): NonNullable<Flow["goAways"]>[number] {
  return { from, lastStream, error: errorName(code), frame };
}
