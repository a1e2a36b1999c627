import type { Connection } from "./connection.ts";
import type { Direction } from "./consumer.ts";
import type { EndpointIndex } from "./endpoint-index.ts";
import type { ConnectionClosed, ConnectionFacts, ConnectionOpened } from "./facts.ts";
import { isLikelierServer } from "./orientation.ts";
import { distance } from "./sequence.ts";
import type { Side } from "./side.ts";

/** Why the table lets a connection go, when TCP itself did not end it. */
export type LetGo = "idle" | "evicted" | "capture-end";

/** Settles who is the client of a connection that never said: by the ports. */
export function orientByPorts(connection: Connection, index: EndpointIndex): void {
  if (connection.oriented) return;
  const { slot } = connection;
  connection.orient(isLikelierServer(index.port(slot, 0), index.port(slot, 1)) ? 1 : 0);
}

export function openedAs(connection: Connection): ConnectionOpened {
  const a = connection.sides[0];
  const b = connection.sides[1];
  if (!a.synSeen && !b.synSeen) return "midstream";
  return connection.synAckFrame !== 0 || a.acknowledges || b.acknowledges ? "handshake" : "syn-only";
}

/** How the connection ended, whatever came after. A RST behind both FINs changes nothing. */
export function closedAs(connection: Connection, letGo: LetGo): ConnectionClosed {
  const a = connection.sides[0];
  const b = connection.sides[1];
  if (a.finFrame !== 0 && b.finFrame !== 0) return "fin";
  const opened = openedAs(connection);
  if (connection.resetFrame !== 0) {
    return opened === "syn-only" && connection.resetSide !== connection.clientSide ? "refused" : "reset";
  }
  if (connection.firstFinSide >= 0 && isOneSided(connection)) return "fin";
  return opened === "syn-only" ? "unanswered" : letGo;
}

/** One end was never seen, though the other acknowledges what it sent. */
export function isOneSided(connection: Connection): boolean {
  const a = connection.sides[0];
  const b = connection.sides[1];
  return (!a.seen && b.acknowledges) || (!b.seen && a.acknowledges);
}

export function closedBySide(connection: Connection, closed: ConnectionClosed): number {
  if (closed === "reset" || closed === "refused") return connection.resetSide;
  return connection.firstFinSide;
}

/** Freezes what is known of a connection that has ended. */
export function finishedFacts(connection: Connection, index: EndpointIndex, letGo: LetGo): ConnectionFacts {
  orientByPorts(connection, index);
  const { slot, clientSide } = connection;
  const serverSide = (clientSide ^ 1) as Direction;
  const client = connection.sides[clientSide];
  const server = connection.sides[serverSide];
  const closed = closedAs(connection, letGo);
  const bySide = closedBySide(connection, closed);
  const pair = (pick: (side: Side) => number): [number, number] => [pick(client), pick(server)];
  return {
    id: connection.id,
    addressLength: index.addressLength(slot),
    clientAddress: index.addressText(slot, clientSide),
    clientPort: index.port(slot, clientSide),
    serverAddress: index.addressText(slot, serverSide),
    serverPort: index.port(slot, serverSide),
    opened: openedAs(connection),
    closed,
    ...(bySide >= 0 && { closedBy: (bySide ^ clientSide) as Direction }),
    firstFrame: connection.firstFrame,
    lastFrame: connection.lastFrame,
    startSeconds: connection.startSeconds,
    startNanoseconds: connection.startNanoseconds,
    endSeconds: connection.endSeconds,
    endNanoseconds: connection.endNanoseconds,
    timed: connection.timed,
    frames: connection.frames,
    bytes: pair((side) => side.assembler?.bytes ?? 0),
    lost: pair((side) => side.assembler?.lost ?? 0),
    retransmittedSegments: client.retransmitted + server.retransmitted,
    outOfOrderSegments: (client.assembler?.lateSegments ?? 0) + (server.assembler?.lateSegments ?? 0),
    duplicateFrames: connection.duplicateFrames,
    synAckFrame: connection.synAckFrame,
    synAckSeconds: connection.synAckSeconds,
    synAckNanoseconds: connection.synAckNanoseconds,
    syns: connection.syns,
    finFrames: pair((side) => side.finFrame),
    resetFrame: connection.resetFrame,
    lastDataFrames: pair((side) => side.lastDataFrame),
    lastDataSeconds: pair((side) => side.lastDataSeconds),
    lastDataNanoseconds: pair((side) => side.lastDataNanoseconds),
    unacknowledged: [unacknowledged(client, server), unacknowledged(server, client)],
    retransmitted: pair((side) => side.retransmitted),
    largestSegment: pair((side) => side.largestSegment),
    oneSided: isOneSided(connection),
    firstSequence: pair((side) => side.firstSequence),
    icmp: connection.icmp ?? [],
    snappedSegments: connection.snappedSegments,
    ...(connection.segmentsOutside > 0 && { segmentsOutside: connection.segmentsOutside }),
    overlapsDiffer: connection.overlapsDiffer,
    interfaceIds: [connection.interfaceId, ...(connection.interfaceIds ?? [])],
  };
}

/** Payload that the peer, where it was captured, never acknowledged. */
function unacknowledged(side: Side, peer: Side): number {
  if (side.assembler === undefined || !peer.seen) return 0;
  return Math.max(0, distance(side.acknowledged, side.high));
}
