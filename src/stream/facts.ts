import type { Direction } from "./consumer.ts";

/** How connections open and close; rows of numbers keep a name by its place here. */
export const openedNames = ["handshake", "midstream", "syn-only"] as const;
export const closedNames = ["fin", "reset", "refused", "unanswered", "idle", "evicted", "capture-end"] as const;
export type ConnectionOpened = (typeof openedNames)[number];
export type ConnectionClosed = (typeof closedNames)[number];

/** An ICMP error that quoted a segment of the connection. */
export interface IcmpError {
  readonly type: number;
  readonly code: number;
  readonly frame: number;
  /** Next-hop MTU of "fragmentation needed" and "packet too big"; absent otherwise. */
  readonly mtu?: number;
  /** Who sent it. */
  readonly from: string;
}

/**
 * What the stream layer knows of one connection when it is finished or evicted. Per-direction pairs are indexed by
 * Direction. Times are seconds and nanoseconds since the epoch.
 */
export interface ConnectionFacts {
  /** Ordinal by first frame over the analysis, from 0, payload-free and folded connections included. */
  readonly id: number;
  readonly addressLength: 4 | 16;
  clientAddress: string;
  clientPort: number;
  serverAddress: string;
  serverPort: number;
  opened: ConnectionOpened;
  closed: ConnectionClosed;
  /** Who sent the first FIN or the RST that counted; absent where neither was seen. */
  closedBy?: Direction;
  firstFrame: number;
  lastFrame: number;
  startSeconds: number;
  startNanoseconds: number;
  endSeconds: number;
  endNanoseconds: number;
  timed: boolean;
  frames: number;
  /** Distinct payload bytes, retransmissions not counted again, lost ones neither. */
  bytes: [number, number];
  lost: [number, number];
  retransmittedSegments: number;
  outOfOrderSegments: number;
  /** Frames captured twice, told from retransmissions. */
  duplicateFrames: number;
  /** Frame and time of the SYN-ACK; frame 0 where none was seen. */
  synAckFrame: number;
  synAckSeconds: number;
  synAckNanoseconds: number;
  /** SYN segments of the client, retransmissions included. */
  syns: number;
  /** Bytes of payload of each direction that the peer never acknowledged by the end (a lost tail, a black hole). */
  unacknowledged: [number, number];
  /** Largest payload of one segment of each direction, bytes. */
  largestSegment: [number, number];
  /** Only one direction was captured although the other must have been there. */
  oneSided: boolean;
  /** First sequence number of each direction as seen (int32): to recognise one connection behind two addresses. */
  firstSequence: [number, number];
  icmp: IcmpError[];
  /** Segments whose payload the snap length cut. */
  snappedSegments: number;
  overlapsDiffer: number;
  interfaceIds: number[];
}

/** Payload-free connections of one client and one outcome, beyond those that are listed one by one. */
export interface FoldedConnections {
  /** An address; `*` for all clients beyond those that are told apart. */
  readonly client: string;
  /** Present when they all went to one server. */
  readonly server?: string;
  /** Ports of the server that were tried, as text with ranges: `1-1024, 3128`; at most 100 characters. */
  readonly ports?: string;
  readonly outcome: ConnectionClosed;
  readonly count: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}
