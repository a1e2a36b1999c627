/*
 * TCP sequence numbers as signed 32-bit integers, compared by wrapped subtraction. This file is the only place that
 * does arithmetic on them. Spec: RFC 9293 §3.4. Orders are right for numbers less than 2^31 apart.
 */
import { TcpFlag, type Packet } from "../packet/packet.ts";

/** How far `to` lies behind `from`: positive when it comes later. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** The number `count` bytes after `sequence`; `count` below 2^31. */
export function advance(sequence: number, count: number): number {
  return (sequence + count) | 0;
}

/** Whether `a` comes before `b`. */
export function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** The one of two that comes later. */
export function later(a: number, b: number): number {
  return ((a - b) | 0) < 0 ? b : a;
}

/** Sequence number of a segment's first payload byte: a SYN takes the one before. */
export function payloadSequence({ sequence, flags }: Packet): number {
  return advance(sequence, (flags & TcpFlag.Syn) >> 1);
}
