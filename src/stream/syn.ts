import { TcpFlag, type Packet } from "../packet/packet.ts";
import type { Connection } from "./connection.ts";
import type { Direction, Moment } from "./consumer.ts";
import { advance, isBefore } from "./sequence.ts";
import type { Side } from "./side.ts";

/*
 * Whether a SYN between endpoints already known belongs to their connection or begins the next one.
 *
 * The same initial sequence number is the same connection, even after a RST: some hosts ask again. Another one is a
 * new connection when the old one has ended (a FIN of either side, a RST) or was never answered. In the midst of an
 * open connection it waits: only a SYN-ACK that acknowledges it makes it one (RFC 9293 §3.10.7.4, RFC 5961 §4.2: the
 * peer of an old connection answers with a challenge ACK instead).
 */

/** The connection goes on, a new one begins, or the answer decides. */
export const SynVerdict = { Same: 0, Anew: 1, Wait: 2 } as const;
export type SynVerdict = (typeof SynVerdict)[keyof typeof SynVerdict];

/** What a SYN or SYN-ACK of one side is; `waiting` is a SYN before it that still waits for its answer. */
export function judgeSyn(
  connection: Connection,
  packet: Packet,
  sideIndex: Direction,
  waiting: WaitingSyn | undefined,
): SynVerdict {
  const side = connection.sides[sideIndex];
  const peer = connection.sides[sideIndex ^ 1];
  if ((packet.flags & TcpFlag.Ack) !== 0) return judgeAnswer(connection, packet, sideIndex, waiting);
  if (isNumberOf(side, packet.sequence)) return SynVerdict.Same;
  if (connection.hasEnded) return SynVerdict.Anew;
  // A simultaneous open (RFC 9293 §3.5), or a SYN that was captured after its answer.
  if (!side.seen) return SynVerdict.Same;
  const unanswered = side.synSeen && !side.acknowledges && !peer.seen;
  return unanswered ? SynVerdict.Anew : SynVerdict.Wait;
}

function judgeAnswer(
  connection: Connection,
  packet: Packet,
  sideIndex: Direction,
  waiting: WaitingSyn | undefined,
): SynVerdict {
  const side = connection.sides[sideIndex];
  const peer = connection.sides[sideIndex ^ 1];
  const { acknowledgment } = packet;
  if (waiting !== undefined && waiting.side !== sideIndex && acknowledgment === advance(waiting.sequence, 1)) {
    return SynVerdict.Anew;
  }
  if (isNumberOf(side, packet.sequence)) return SynVerdict.Same;
  const answers = !side.synSeen && peer.synSeen && isBetween(peer.base, acknowledgment, peer.high);
  return connection.hasEnded && !answers ? SynVerdict.Anew : SynVerdict.Same;
}

/** Whether the side is known to have begun with that initial sequence number. */
function isNumberOf(side: Side, sequence: number): boolean {
  return side.synSeen ? side.firstSequence === sequence : side.known && side.base === advance(sequence, 1);
}

function isBetween(low: number, sequence: number, high: number): boolean {
  return !isBefore(sequence, low) && !isBefore(high, sequence);
}

/** A SYN, and its retransmissions, between endpoints whose connection is still open. */
export class WaitingSyn {
  readonly side: Direction;
  readonly sequence: number;
  readonly firstFrame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  lastFrame: number;
  count = 0;

  constructor(side: Direction, sequence: number, moment: Moment) {
    this.side = side;
    this.sequence = sequence;
    this.firstFrame = this.lastFrame = moment.frame;
    this.seconds = moment.seconds;
    this.nanoseconds = moment.nanoseconds;
  }

  /** It was answered: `connection` began with it. */
  begin(connection: Connection): void {
    connection.startedAt(this.firstFrame, this.seconds, this.nanoseconds);
    connection.begin(this.side, this.sequence, this.count);
  }

  /** It never was: its frames are those of the connection that was open. */
  giveUp(connection: Connection): void {
    connection.addFrames(this.count, this.lastFrame);
  }
}
