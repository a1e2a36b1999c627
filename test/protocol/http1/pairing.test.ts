import { describe, expect, it } from "vitest";
import type { HttpExchange } from "../../../src/protocol/exchange.ts";
import { ProtocolStack } from "../../../src/protocol/registry.ts";
import { CertificateStore } from "../../../src/protocol/tls/certificate-store.ts";
import { ClientHelloStore } from "../../../src/protocol/tls/client-hello-store.ts";
import { DnsLog } from "../../../src/protocol/dns/log.ts";
import type { OpenedConnection } from "../../../src/stream/table.ts";
import type { StreamConsumer } from "../../../src/stream/consumer.ts";
import { answer, head } from "../../build/http.ts";
import { Dialogue, Wire, type Segment } from "../../build/segments.ts";

/** Keeps the segments of a conversation instead of sending them. */
class Recorder extends Wire {
  readonly segments: Segment[] = [];

  override send(segment: Segment): void {
    this.segments.push(segment);
  }
}

/** Reads the protocols of the connections on it. */
class ProtocolWire extends Wire {
  readonly #stacks: ProtocolStack[] = [];

  override open(connection: OpenedConnection): StreamConsumer {
    const context = {
      moment: this.moment,
      certificates: new CertificateStore(),
      hellos: new ClientHelloStore(),
      dns: new DnsLog(() => undefined),
      problem: () => undefined,
      stage: () => undefined,
    };
    const stack = new ProtocolStack(context, connection);
    this.#stacks.push(stack);
    return stack;
  }

  get exchanges(): readonly HttpExchange[] {
    return this.#stacks.flatMap(({ layers }) =>
      layers.flatMap((layer) => (layer.layer === "http1" ? layer.exchanges : [])),
    );
  }
}

type Random = (below: number) => number;

function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Say = (direction: 0 | 1, text: string) => void;

/** The segments of a conversation, in pieces of some size. */
function recorded(random: Random, talk: (say: Say) => void): Segment[] {
  const recorder = new Recorder();
  const dialogue = new Dialogue(recorder, { server: "192.0.2.1:80" }).handshake();
  const segmentSize = 60 + random(200);
  talk((direction, text) => {
    for (let at = 0; at < text.length; at += segmentSize) {
      dialogue.send(direction, text.slice(at, at + segmentSize));
      if (random(3) > 0) dialogue.acks(direction === 0 ? 1 : 0);
    }
  });
  dialogue.goodbye();
  return recorder.segments;
}

function answerTo(name: number, random: Random): string {
  return answer(`200 of ${name}`, "x".repeat([0, 20, 150, 400][random(4)]));
}

/** What a client that waits for each answer says, and hears: the answer to `/3` has the reason `of 3`. */
function conversation(random: Random): Segment[] {
  return recorded(random, (say) => {
    for (let name = 0, count = 3 + random(8); name < count; name++) {
      say(
        0,
        random(6) > 0
          ? head(`GET /${name} HTTP/1.1`, "Host: a")
          : head(`POST /${name} HTTP/1.1`, "Content-Length: 3") + "abc",
      );
      say(1, answerTo(name, random));
    }
  });
}

/** The same of a client that asks up to four times before it waits. */
function pipelined(random: Random): Segment[] {
  return recorded(random, (say) => {
    let name = 0;
    for (let rounds = 2 + random(5); rounds > 0; rounds--) {
      const burst = 1 + random(4);
      for (let at = 0; at < burst; at++) say(0, head(`GET /${name + at} HTTP/1.1`, "Host: a"));
      for (let at = 0; at < burst; at++) say(1, answerTo(name++, random));
    }
  });
}

function shuffled(segments: readonly Segment[], random: Random): Segment[] {
  const list = [...segments];
  for (let times = random(20); times > 0; times--) {
    const at = random(list.length - 4);
    const other = at + 1 + random(3);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

function thinned(segments: readonly Segment[], random: Random): Segment[] {
  const list = [...segments];
  for (let times = 1 + random(4); times > 0; times--) list.splice(random(list.length), 1);
  return list;
}

/** One direction as if its frames had come `by` places later than the other's. */
function shifted(segments: readonly Segment[], from: string, by: number): Segment[] {
  const place = (at: number): number => at + (segments[at].from === from ? by : 0);
  return [...segments.keys()].sort((a, b) => place(a) - place(b)).map((at) => segments[at]);
}

const damages: Readonly<Record<string, (segments: readonly Segment[], random: Random) => Segment[]>> = {
  none: (segments) => [...segments],
  "frames out of order": shuffled,
  "lost frames": thinned,
  "frames lost and out of order": (segments, random) => thinned(shuffled(segments, random), random),
  "a start in the midst": (segments, random) => shuffled(segments.slice(random(segments.length - 6)), random),
  "late frames of the client": (segments, random) => thinned(shifted(segments, "10.0.0.1:40000", random(12)), random),
  "late frames of the server": (segments, random) => thinned(shifted(segments, "192.0.2.1:80", random(12)), random),
};

interface Joined {
  readonly asked: number;
  readonly right: number;
  readonly wrong: readonly string[];
}

/** What becomes of conversations that a capture damages. */
function joined(converse: (random: Random) => Segment[], damage: string): Joined {
  const random = randomFrom(7919);
  let asked = 0;
  let right = 0;
  const wrong: string[] = [];
  for (let run = 0; run < 40; run++) {
    const segments = converse(random);
    asked += segments.filter(({ payload }) =>
      /^(GET|POST)/.test(String.fromCharCode(...payload.subarray(0, 4))),
    ).length;
    const wire = new ProtocolWire();
    const pause = random(2) * 1200;
    for (const segment of damages[damage](segments, random)) wire.send(segment, { after: random(3) > 0 ? 0 : pause });
    wire.finish();
    for (const { method, requestTarget, reason } of wire.exchanges) {
      if (method === "" || reason === undefined) continue;
      if (`of ${requestTarget.slice(1)}` === reason) right++;
      else wrong.push(`run ${run}: ${requestTarget} ${reason}`);
    }
  }
  return { asked, right, wrong };
}

describe("answers are joined with their own requests or with none", () => {
  // Of 40 conversations with 260 requests: less than this share would mean that pairs are given up without need.
  it.each([
    ["none", 1],
    ["frames out of order", 0.9],
    ["lost frames", 0.7],
    ["frames lost and out of order", 0.65],
    ["a start in the midst", 0.35],
    ["late frames of the client", 0.5],
    ["late frames of the server", 0.45],
  ])("with %s", (damage, share) => {
    const { asked, right, wrong } = joined(conversation, damage);
    expect(wrong).toEqual([]);
    expect(right / asked).toBeGreaterThanOrEqual(share);
  });

  it.each(Object.keys(damages))("where the client pipelines, with %s", (damage) => {
    const { asked, right, wrong } = joined(pipelined, damage);
    expect(wrong).toEqual([]);
    if (damage === "none") expect(right).toBe(asked);
  });
});
