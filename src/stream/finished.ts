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

/** How the connection opened. A SYN-ACK that was not captured shows by its acknowledgment. */
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

/** The side that ended the connection: of a reset its sender, else who sent the first FIN; -1 where neither was seen. */
export function closedBySide(connection: Connection, closed: ConnectionClosed): number {
  if (closed === "reset" || closed === "refused") return connection.resetSide;
  return connection.firstFinSide;
}

/** Freezes what is known of a connection that has ended. In one literal: spreading takes several times as long. */
export function finishedFacts(connection: Connection, index: EndpointIndex, letGo: LetGo): ConnectionFacts {
  orientByPorts(connection, index);
  const { slot, clientSide } = connection;
  const serverSide = (clientSide ^ 1) as Direction;
  const client = connection.sides[clientSide];
  const server = connection.sides[serverSide];
  const closed = closedAs(connection, letGo);
  const bySide = closedBySide(connection, closed);
  const facts: ConnectionFacts = {
    id: connection.id,
    addressLength: index.addressLength(slot),
    clientAddress: index.addressText(slot, clientSide),
    clientPort: index.port(slot, clientSide),
    serverAddress: index.addressText(slot, serverSide),
    serverPort: index.port(slot, serverSide),
    opened: openedAs(connection),
    closed,
    firstFrame: connection.firstFrame,
    lastFrame: connection.lastFrame,
    startSeconds: connection.startSeconds,
    startNanoseconds: connection.startNanoseconds,
    endSeconds: connection.endSeconds,
    endNanoseconds: connection.endNanoseconds,
    timed: connection.timed,
    frames: connection.frames,
    bytes: [deliveredBy(client), deliveredBy(server)],
    lost: [lostBy(client), lostBy(server)],
    retransmittedSegments: client.retransmitted + server.retransmitted,
    outOfOrderSegments: lateBy(client) + lateBy(server),
    duplicateFrames: connection.duplicateFrames,
    synAckFrame: connection.synAckFrame,
    synAckSeconds: connection.synAckSeconds,
    synAckNanoseconds: connection.synAckNanoseconds,
    syns: connection.syns,
    unacknowledged: [unacknowledged(client, server), unacknowledged(server, client)],
    largestSegment: [client.largestSegment, server.largestSegment],
    oneSided: isOneSided(connection),
    firstSequence: [client.firstSequence, server.firstSequence],
    icmp: connection.icmp ?? [],
    snappedSegments: connection.snappedSegments,
    overlapsDiffer: connection.overlapsDiffer,
    interfaceIds: [connection.interfaceId, ...(connection.interfaceIds ?? [])],
  };
  if (bySide >= 0) facts.closedBy = (bySide ^ clientSide) as Direction;
  return facts;
}

function deliveredBy({ assembler }: Side): number {
  return assembler?.bytes ?? 0;
}

function lostBy({ assembler }: Side): number {
  return assembler?.lost ?? 0;
}

function lateBy({ assembler }: Side): number {
  return assembler?.lateSegments ?? 0;
}

/** Payload that the peer, where it was captured, never acknowledged. */
function unacknowledged(side: Side, peer: Side): number {
  if (side.assembler === undefined || !peer.seen) return 0;
  return Math.max(0, distance(side.acknowledged, side.high));
}
