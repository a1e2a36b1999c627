import { describe, expect, it } from "vitest";
import { QuotedSegment } from "../../src/packet/icmp.ts";
import { Packet, TcpFlag } from "../../src/packet/packet.ts";
import { Dialogue, Wire } from "../build/segments.ts";

const { Ack, Fin, Rst, Syn } = TcpFlag;

function talk(caps = {}): { wire: Wire; dialogue: Dialogue } {
  const wire = new Wire(caps);
  return { wire, dialogue: new Dialogue(wire) };
}

describe("an ordinary connection", () => {
  it("delivers both directions, ends with both FINs and counts", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("hello ");
    dialogue.says("server");
    dialogue.answers("hello client");
    dialogue.goodbye();
    const [facts] = wire.finish();
    expect(wire.told[0].text).toEqual(["hello server", "hello client"]);
    expect(wire.told[0].ends).toEqual([["fin"], ["fin"]]);
    expect(wire.told[0].chunks[0]).toEqual([
      { text: "hello ", frame: 4 },
      { text: "server", frame: 5 },
    ]);
    expect(facts).toMatchObject({
      id: 0,
      clientAddress: "10.0.0.1",
      clientPort: 40000,
      serverAddress: "192.0.2.1",
      serverPort: 443,
      opened: "handshake",
      closed: "fin",
      closedBy: 0,
      frames: 9,
      firstFrame: 1,
      lastFrame: 9,
      bytes: [12, 12],
      lost: [0, 0],
      unacknowledged: [0, 0],
      retransmittedSegments: 0,
      outOfOrderSegments: 0,
      duplicateFrames: 0,
      syns: 1,
      synAckFrame: 2,
      firstSequence: [1000, 5000],
      largestSegment: [6, 12],
      oneSided: false,
      interfaceIds: [0],
    });
    expect(wire.problems).toEqual([]);
  });

  it("keeps IPv6 endpoints and both orders of the key", () => {
    const wire = new Wire();
    new Dialogue(wire, { client: "[2001:db8::1]:40000", server: "[2001:db8::2]:443" }).handshake().says("a");
    new Dialogue(wire, { client: "[2001:db8::2]:40000", server: "[2001:db8::1]:443" }).handshake().says("b");
    const facts = wire.finish();
    expect(facts.map((each) => [each.clientAddress, each.serverAddress, each.bytes[0]])).toEqual([
      ["2001:db8::1", "2001:db8::2", 1],
      ["2001:db8::2", "2001:db8::1", 1],
    ]);
  });

  it("goes on over the wrap of the sequence numbers", () => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire, { isn: [-3, 0x7ffffffe] }).handshake();
    for (const text of ["ab", "cd", "ef"]) {
      dialogue.says(text);
      dialogue.answers(text.toUpperCase());
    }
    dialogue.goodbye(1);
    const [facts] = wire.finish();
    expect(wire.told[0].text).toEqual(["abcdef", "ABCDEF"]);
    expect(facts).toMatchObject({ closed: "fin", closedBy: 1, bytes: [6, 6] });
  });
});

describe("segments out of order, again, or never", () => {
  it("puts swapped segments in order and counts the late one", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const first = dialogue.make(0, "first ");
    dialogue.says("second");
    wire.send(first);
    const [facts] = wire.finish();
    expect(wire.told[0].chunks[0]).toEqual([
      { text: "first ", frame: 5 },
      { text: "second", frame: 4 },
    ]);
    expect(facts).toMatchObject({ outOfOrderSegments: 1, retransmittedSegments: 0, lost: [0, 0] });
  });

  it("counts retransmissions and takes only what is new of them", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const abc = dialogue.says("abc");
    dialogue.again(abc, {}, { seconds: 0.3 });
    dialogue.again(abc, { payload: Uint8Array.from([97, 98, 99, 100]) }, { seconds: 0.3 });
    const [facts] = wire.finish();
    expect(wire.told[0].text[0]).toBe("abcd");
    expect(facts).toMatchObject({ retransmittedSegments: 2, overlapsDiffer: 0, bytes: [4, 0] });
  });

  it.each([
    ["the same range", "abXd", 0],
    ["more than before", "abXdef", 0],
  ])("lets the first bytes win and notes the difference: %s", (_name, text, shift) => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const segment = dialogue.says("abcd");
    const payload = Uint8Array.from(text, (character) => character.charCodeAt(0));
    dialogue.again(segment, { payload, sequence: segment.sequence + shift });
    const [facts] = wire.finish();
    expect(wire.told[0].text[0]).toBe(`abcd${text.slice(4)}`);
    expect(facts.overlapsDiffer).toBe(1);
    expect(wire.told[0].problems).toEqual(["overlap-differs"]);
  });

  it("notices a difference against bytes that are still held", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const missing = dialogue.make(0, "ab");
    const held = dialogue.says("cdef");
    dialogue.again(missing, { payload: Uint8Array.from([97, 98, 99, 0]) });
    expect(wire.told[0].text[0]).toBe("abcdef");
    expect(wire.finish()[0].overlapsDiffer).toBe(1);
    expect(held.payload.length).toBe(4);
  });

  it.each([
    ["frames", { after: 1000 }],
    ["seconds", { seconds: 3 }],
  ])("gives an acknowledged hole up after so many %s, not before", (_name, extra) => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.make(0, "lost!");
    dialogue.says("there");
    dialogue.acks(1);
    dialogue.acks(1, { after: 900, seconds: 2.5 });
    expect(wire.told[0].text[0]).toBe("");
    dialogue.acks(1, extra);
    expect(wire.told[0].text[0]).toBe("[5]there");
    expect(wire.finish()[0]).toMatchObject({ lost: [5, 0], bytes: [5, 0] });
  });

  it("waits for a hole that nobody acknowledged, until the end", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.make(0, "lost");
    const there = dialogue.says("there");
    dialogue.again(there, {}, { after: 5000, seconds: 60 });
    expect(wire.told[0].text[0]).toBe("");
    wire.finish();
    expect(wire.told[0].text[0]).toBe("[4]there");
    expect(wire.told[0].ends[0]).toEqual(["capture-end"]);
  });

  it("takes an acknowledgment before its data for no loss", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const data = dialogue.make(0, "data");
    dialogue.acks(1);
    wire.send(data);
    dialogue.says(" more");
    const [facts] = wire.finish();
    expect(wire.told[0].text[0]).toBe("data more");
    expect(facts.lost).toEqual([0, 0]);
  });

  it("makes a gap at once of what the snap length cut", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    wire.send({ ...dialogue.make(0, "abcdef"), captured: 2 });
    dialogue.says("gh");
    expect(wire.told[0].text[0]).toBe("ab[4]gh");
    expect(wire.finish()[0]).toMatchObject({ lost: [4, 0], bytes: [4, 0], snappedSegments: 1 });
  });

  it("stays with one connection whatever comes twice", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const keptAlive = dialogue.says("abc");
    dialogue.acks(1);
    dialogue.again(keptAlive, { sequence: keptAlive.sequence + 2, payload: new Uint8Array(0) }, { seconds: 7200 });
    dialogue.again(keptAlive, { sequence: keptAlive.sequence + 2, payload: Uint8Array.from([0]) }, { seconds: 75 });
    dialogue.says("def");
    expect(wire.told[0].text[0]).toBe("abcdef");
    expect(wire.finish()).toMatchObject([{ retransmittedSegments: 0, overlapsDiffer: 0, frames: 8, lost: [0, 0] }]);
  });

  it("takes the byte of a zero-window probe once and counts no retransmission", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    dialogue.window = 0;
    dialogue.acks(1);
    const probe = dialogue.make(0, "d");
    for (let times = 0; times < 3; times++) dialogue.again(probe, {}, { seconds: 0.5 });
    dialogue.window = 500;
    dialogue.acks(1);
    dialogue.says("ef");
    expect(wire.told[0].text[0]).toBe("abcdef");
    expect(wire.finish()[0]).toMatchObject({ retransmittedSegments: 0, bytes: [6, 0] });
  });

  it("holds nothing and still counts after Skip", () => {
    const { wire, dialogue } = talk();
    wire.skipAfter = 2;
    dialogue.handshake();
    dialogue.says("ab");
    const hole = dialogue.make(0, "cd");
    const held = dialogue.says("efg");
    dialogue.again(held, {}, { seconds: 1 });
    wire.send(hole);
    dialogue.make(0, "gone");
    dialogue.says("end");
    const [facts] = wire.finish();
    expect(wire.told[0].text[0]).toBe("ab");
    expect(wire.told[0].ends[0]).toEqual(["capture-end"]);
    expect(facts).toMatchObject({ bytes: [10, 0], lost: [4, 0], retransmittedSegments: 1, outOfOrderSegments: 1 });
  });
});

describe("frames captured twice", () => {
  it("tells them from retransmissions by the IP identification", () => {
    const { wire, dialogue } = talk();
    const twice = (segment: ReturnType<Dialogue["make"]>, extra = {}): void => {
      wire.send(segment);
      wire.send(segment, { seconds: 0.00002, ...extra });
    };
    twice(dialogue.make(0, "", Syn));
    twice(dialogue.make(1, "", Syn | Ack), { interfaceId: 2 });
    twice(dialogue.make(0, "", Ack), { hopLimit: 63 });
    twice(dialogue.make(0, "abc"));
    twice(dialogue.make(1, "def"));
    expect(wire.told[0].text).toEqual(["abc", "def"]);
    expect(wire.finish()[0]).toMatchObject({
      frames: 10,
      duplicateFrames: 5,
      retransmittedSegments: 0,
      syns: 1,
      interfaceIds: [0, 2],
    });
  });

  it.each([
    ["at once on the same interface", { seconds: 0.00001 }, 1, 0],
    ["later on another interface", { seconds: 0.005, interfaceId: 1 }, 1, 0],
    ["later behind a router", { seconds: 0.005, hopLimit: 63 }, 1, 0],
    ["later on the same interface", { seconds: 0.005 }, 0, 1],
    ["much later on another interface", { seconds: 0.5, interfaceId: 1 }, 0, 1],
  ])("without identification: %s", (_name, extra, duplicates, retransmissions) => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const segment = { ...dialogue.make(0, "abc"), identification: 0 };
    wire.send(segment);
    wire.send(segment, extra);
    expect(wire.finish()[0]).toMatchObject({ duplicateFrames: duplicates, retransmittedSegments: retransmissions });
  });

  it("sees the frames of a second interface that were written a block later", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const block = Array.from({ length: 40 }, (_, at) => dialogue.says(`${at},`));
    block.forEach((segment, at) => wire.send(segment, { interfaceId: 1, seconds: at === 0 ? -0.0395 : 0.001 }));
    expect(wire.finish()[0]).toMatchObject({ duplicateFrames: 40, retransmittedSegments: 0, interfaceIds: [0, 1] });
  });

  it("takes no repeated acknowledgment or RST for a copy, unless the SYN came twice", () => {
    const wire = new Wire();
    for (const [at, copies] of [1, 2].entries()) {
      const dialogue = new Dialogue(wire, { client: `10.0.0.${at}:40000` });
      const send = (segment: ReturnType<Dialogue["make"]>, times: number): void => {
        for (let sent = 0; sent < times; sent++) wire.send({ ...segment, identification: 0 }, { seconds: 0.00001 });
      };
      send(dialogue.make(0, "", Syn), copies);
      send(dialogue.make(1, "", Syn | Ack), copies);
      send(dialogue.make(0, ""), 2);
    }
    expect(wire.finish().map((facts) => facts.duplicateFrames)).toEqual([0, 3]);
  });

  it("without identification, on two interfaces: a retransmission is seen once on each", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const segment = { ...dialogue.make(0, "abc"), identification: 0 };
    wire.send(segment);
    wire.send(segment, { seconds: 0.0001, interfaceId: 1 });
    wire.send(segment, { seconds: 0.005 });
    wire.send(segment, { seconds: 0.0001, interfaceId: 1 });
    expect(wire.finish()[0]).toMatchObject({ duplicateFrames: 2, retransmittedSegments: 1 });
  });
});

describe("opening", () => {
  it.each<[string, (dialogue: Dialogue) => void, object]>([
    ["never answered", (d) => d.again(d.send(0, "", Syn)), { opened: "syn-only", closed: "unanswered", syns: 2 }],
    [
      "refused",
      (d) => {
        d.send(0, "", Syn);
        d.next[1] = 0;
        d.send(1, "", Rst | Ack);
      },
      { opened: "syn-only", closed: "refused", closedBy: 1 },
    ],
    [
      "a RST that does not acknowledge the SYN",
      (d) => {
        d.send(0, "", Syn);
        d.again({ ...d.make(1, "", Rst | Ack), acknowledgment: 77 });
      },
      { opened: "syn-only", closed: "unanswered" },
    ],
    [
      "half open, then reset by the client",
      (d) => {
        d.send(0, "", Syn);
        d.send(1, "", Syn | Ack);
        d.send(0, "", Rst);
      },
      { opened: "handshake", closed: "reset", closedBy: 0 },
    ],
    [
      "opened from both ends at once",
      (d) => {
        d.send(0, "", Syn);
        d.send(1, "", Syn);
        d.again({ ...d.make(0, ""), flags: Syn | Ack, sequence: 1000 });
        d.again({ ...d.make(1, ""), flags: Syn | Ack, sequence: 5000 });
        d.says("x");
      },
      { opened: "handshake", clientPort: 40000, bytes: [1, 0], syns: 1 },
    ],
    [
      "data in the SYN",
      (d) => {
        d.send(0, "fast", Syn);
        d.send(1, "", Syn | Ack);
        d.says(" open");
      },
      { opened: "handshake", bytes: [9, 0], lost: [0, 0] },
    ],
    [
      "closed without a byte",
      (d) => d.handshake().goodbye(),
      { opened: "handshake", closed: "fin", bytes: [0, 0], synAckFrame: 2 },
    ],
    [
      "refused, asked again with the same number, then accepted",
      (d) => {
        const syn = d.send(0, "", Syn);
        d.again({ ...d.make(1, "", Rst | Ack), sequence: 0 });
        d.again(syn, {}, { seconds: 0.5 });
        d.send(1, "", Syn | Ack);
        d.says("in");
      },
      { opened: "handshake", closed: "capture-end", syns: 2, bytes: [2, 0] },
    ],
  ])("%s", (_name, play, expected) => {
    const { wire, dialogue } = talk();
    play(dialogue);
    const facts = wire.finish();
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject(expected);
  });

  it.each<[string, (dialogue: Dialogue) => void, object]>([
    ["by the ClientHello on odd ports", (d) => d.says("\x16\x03\x01\x00\x05\x01\x00"), { clientPort: 1 }],
    ["by the ServerHello", (d) => d.answers("\x16\x03\x03\x00\x05\x02\x00"), { clientPort: 1 }],
    ["by an HTTP request", (d) => d.says("CONNECT x:1 HTTP/1.1\r\n"), { clientPort: 1 }],
    ["by an HTTP answer", (d) => d.answers("HTTP/1.1 200 OK\r\n"), { clientPort: 1 }],
    ["by the port otherwise", (d) => d.says("\x17\x03\x03"), { clientPort: 9 }],
  ])("midstream: finds the client %s", (_name, play, expected) => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire, { client: "10.0.0.1:1", server: "10.0.0.2:9" });
    play(dialogue);
    expect(wire.finish()[0]).toMatchObject({ opened: "midstream", closed: "capture-end", ...expected });
  });

  it("midstream: loses nothing to a keep-alive, an early acknowledgment or a swap at the start", () => {
    const wire = new Wire();
    const kept = new Dialogue(wire, { client: "10.0.0.1:40001" });
    wire.send({ ...kept.make(0, ""), sequence: 999 });
    kept.acks(1);
    kept.says("abc");
    const early = new Dialogue(wire, { client: "10.0.0.1:40002" });
    const data = early.make(0, "abc");
    early.acks(1);
    wire.send(data);
    const swapped = new Dialogue(wire, { client: "10.0.0.1:40003" });
    const ack = swapped.make(1, "");
    const first = swapped.make(0, "ab");
    const second = swapped.make(0, "c");
    for (const segment of [ack, second, first]) wire.send(segment);
    const facts = wire.finish();
    expect(wire.told.map((told) => told.text[0])).toEqual(["abc", "abc", "abc"]);
    expect(facts.map((each) => each.lost)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("with one direction captured: counts what the other must have sent as lost", () => {
    const { wire, dialogue } = talk();
    dialogue.send(0, "", Syn);
    dialogue.make(1, "", Syn | Ack);
    dialogue.acks(0);
    dialogue.says("request");
    dialogue.make(1, "answer");
    dialogue.acks(0);
    dialogue.send(0, "", Fin | Ack);
    expect(wire.finish()[0]).toMatchObject({
      opened: "handshake",
      closed: "fin",
      oneSided: true,
      bytes: [7, 0],
      lost: [0, 6],
      unacknowledged: [0, 0],
    });
    expect(wire.told[0].text).toEqual(["request", "[6]"]);
  });
});

describe("ending", () => {
  it("counts a RST only in the window", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    wire.send({ ...dialogue.make(1, "", Rst), sequence: 5001 + 1_000_000 });
    wire.send({ ...dialogue.make(1, "", Rst), sequence: 5000 });
    dialogue.answers("def");
    expect(wire.told[0].ends).toEqual([[], []]);
    dialogue.send(1, "", Rst);
    expect(wire.told[0].ends).toEqual([["reset"], ["reset"]]);
    dialogue.answers("ghost");
    const facts = wire.finish();
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({ closed: "reset", closedBy: 1, bytes: [3, 3] });
  });

  it("counts what was on its way when the other side reset the connection, and gives it to nobody", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    dialogue.send(0, "", Rst);
    const late = dialogue.answers("close");
    dialogue.again(late, {}, { seconds: 0.3 });
    dialogue.answers(" notify");
    expect(wire.told[0].text).toEqual(["abc", ""]);
    expect(wire.finish()).toMatchObject([{ closed: "reset", closedBy: 0, bytes: [3, 12], lost: [0, 0] }]);
  });

  it("hands out what is held when a RST came, at the end", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.make(0, "ab");
    dialogue.says("cd");
    dialogue.send(1, "", Rst | Ack);
    expect(wire.told[0].ends).toEqual([[], ["reset"]]);
    expect(wire.finish()).toMatchObject([{ closed: "reset", lost: [2, 0] }]);
    expect(wire.told[0].text[0]).toBe("[2]cd");
    expect(wire.told[0].ends[0]).toEqual(["reset"]);
  });

  it("waits behind a RST for what its sender had, where the frames of the other end lag", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    const [first, second] = [dialogue.make(1, "an"), dialogue.make(1, "swer")];
    dialogue.acks(0);
    const notify = dialogue.make(1, "alert");
    const fin = dialogue.make(1, "", Fin | Ack);
    dialogue.send(0, "", Rst);
    expect(wire.told[0].ends).toEqual([["reset"], []]);
    for (const segment of [first, second, notify, fin]) wire.send(segment);
    expect(wire.told[0].text).toEqual(["abc", "answer"]);
    expect(wire.told[0].ends).toEqual([["reset"], ["reset"]]);
    expect(wire.finish()).toMatchObject([{ closed: "reset", closedBy: 0, bytes: [3, 11], lost: [0, 0] }]);
  });

  it("knows a refusal that was captured before its SYN", () => {
    const { wire, dialogue } = talk();
    const syn = dialogue.make(0, "", Syn);
    const refusal = { ...dialogue.make(1, "", Rst | Ack), sequence: 0 };
    wire.send(refusal);
    wire.send(syn);
    expect(wire.finish()).toMatchObject([{ opened: "syn-only", closed: "refused", closedBy: 1 }]);
  });

  it("reads nothing behind a RST that came before all bytes of the other end", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const hello = dialogue.make(0, "hello");
    dialogue.send(1, "", Rst);
    const answer = dialogue.make(1, "answer");
    wire.send(hello);
    wire.send(answer);
    expect(wire.told[0].text).toEqual(["hello", ""]);
    expect(wire.finish()).toMatchObject([{ closed: "reset", closedBy: 1 }]);
  });

  it("keeps to FIN when a RST follows both", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    dialogue.send(0, "", Fin | Ack);
    dialogue.send(1, "", Fin | Ack);
    dialogue.send(0, "", Rst);
    expect(wire.finish()).toMatchObject([{ closed: "fin", closedBy: 0 }]);
  });

  it("carries FIN in order, and nothing behind it", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const last = dialogue.make(0, "last");
    dialogue.send(0, "", Fin | Ack);
    expect(wire.told).toHaveLength(0);
    dialogue.answers("still");
    expect(wire.told[0].ends).toEqual([[], []]);
    wire.send(last);
    dialogue.says("beyond");
    expect(wire.told[0].text).toEqual(["last", "still"]);
    expect(wire.told[0].ends).toEqual([["fin"], []]);
  });

  it("takes a FIN whose acknowledgment was captured before it", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    const fin = dialogue.make(0, "", Fin | Ack);
    dialogue.answers("bye");
    wire.send(fin);
    dialogue.send(1, "", Fin | Ack);
    dialogue.acks(0);
    expect(wire.told[0].ends).toEqual([["fin"], ["fin"]]);
    expect(wire.finish()).toMatchObject([{ closed: "fin", closedBy: 0, lost: [0, 0] }]);
  });

  it("makes no new connection of late segments", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    const data = dialogue.says("abc");
    dialogue.goodbye();
    const fin = dialogue.make(1, "", Fin | Ack);
    dialogue.again(data, {}, { seconds: 30 });
    dialogue.again(fin, { sequence: fin.sequence - 1 }, { seconds: 30 });
    dialogue.acks(0, { seconds: 30 });
    expect(wire.finish()).toMatchObject([{ closed: "fin", frames: 10, retransmittedSegments: 1 }]);
  });

  it.each([
    ["capture-end", 1],
    ["idle", 301],
  ])("says %s of an open connection that was silent so long", (closed, seconds) => {
    const { wire, dialogue } = talk();
    dialogue.handshake().says("abc");
    new Dialogue(wire, { client: "10.0.0.9:1" }).send(0, "", Syn, { seconds });
    expect(wire.finish()[0].closed).toBe(closed);
  });
});

describe("ports used again", () => {
  const second = (wire: Wire): Dialogue => new Dialogue(wire, { isn: [900_000, 800_000] });

  it.each<[string, (dialogue: Dialogue) => void, string]>([
    ["after FIN", (d) => d.goodbye(), "fin"],
    ["after one FIN", (d) => d.send(0, "", Fin | Ack), "capture-end"],
    ["after RST", (d) => d.send(1, "", Rst | Ack), "reset"],
    ["without an end", () => undefined, "idle"],
  ])("%s: the SYN that is answered begins a new connection", (name, end) => {
    const { wire, dialogue } = talk();
    dialogue.handshake().says("old");
    end(dialogue);
    const frames = wire.moment.frame;
    second(wire).handshake().says("new");
    const facts = wire.finish();
    expect(facts.map((each) => each.id)).toEqual([0, 1]);
    expect(wire.told.map((told) => told.text[0])).toEqual(["old", "new"]);
    expect(facts[0].frames).toBe(frames);
    expect(facts[1]).toMatchObject({ firstFrame: frames + 1, frames: 4, syns: 1, opened: "handshake" });
    if (name === "without an end") expect(facts[0].closed).toBe("idle");
  });

  it("leaves an open connection alone when the SYN is not answered", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake().says("abc");
    second(wire).send(0, "", Syn);
    dialogue.acks(1);
    dialogue.says("def");
    const facts = wire.finish();
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({ bytes: [6, 0], frames: 7, syns: 1 });
  });

  it("keeps the same number as the same connection, and takes another after silence as the next", () => {
    const { wire, dialogue } = talk();
    dialogue.again(dialogue.send(0, "", Syn), {}, { seconds: 1 });
    second(wire).send(0, "", Syn);
    expect(wire.finish().map((each) => [each.syns, each.closed])).toEqual([
      [2, "unanswered"],
      [1, "unanswered"],
    ]);
  });
});

describe("bounds", () => {
  it("evicts the connection idle longest, says so once, and follows the others", () => {
    const wire = new Wire({ liveConnections: 2, finishedConnections: 1 });
    const dialogues = [1, 2, 3, 4].map((port) => new Dialogue(wire, { client: `10.0.0.1:${port}` }));
    for (const dialogue of dialogues) dialogue.handshake().says("a");
    dialogues[3].says("b");
    const facts = wire.finish();
    expect(facts.map((each) => [each.closed, each.bytes[0]])).toEqual([
      ["evicted", 1],
      ["evicted", 1],
      ["capture-end", 1],
      ["capture-end", 2],
    ]);
    expect(wire.problems).toEqual(["connection-limit"]);
    expect(wire.table.evicted).toBe(2);
  });

  it("gives holes up at the caps of one direction, and says so once", () => {
    const wire = new Wire({ outOfOrderRanges: 2 });
    const dialogue = new Dialogue(wire).handshake();
    for (const text of ["ab", "cd", "ef", "gh"]) {
      dialogue.make(0, "?");
      dialogue.says(text);
    }
    expect(wire.told[0].text[0]).toBe("[1]ab[1]cd");
    wire.finish();
    expect(wire.told[0].text[0]).toBe("[1]ab[1]cd[1]ef[1]gh");
    expect(wire.problems).toEqual(["out-of-order-limit"]);
  });

  it("holds no more than the total over all connections", () => {
    const wire = new Wire({ outOfOrderTotal: 8192 });
    for (let port = 1; port <= 4; port++) {
      const dialogue = new Dialogue(wire, { client: `10.0.0.1:${port}` }).handshake();
      dialogue.make(0, "?");
      dialogue.says("x".repeat(1000));
    }
    expect(wire.told.map((told) => told.text[0].length)).toEqual([0, 0, 1003, 1003]);
  });

  it("ignores segments and acknowledgments that no window allows", () => {
    const { wire, dialogue } = talk();
    dialogue.handshake();
    dialogue.says("abc");
    const wild = dialogue.make(0, "wild");
    dialogue.next[0] -= 4;
    wire.send({ ...wild, sequence: wild.sequence + 0x20000000 });
    wire.send({ ...dialogue.make(1, ""), acknowledgment: 1000 + 0x50000000 });
    dialogue.says("def", { after: 5000, seconds: 100 });
    expect(wire.told[0].text[0]).toBe("abcdef");
    expect(wire.finish()[0]).toMatchObject({ lost: [0, 0] });
  });
});

describe("ICMP errors", () => {
  it("are noted at the connection whose segment they quote, and nowhere else", () => {
    const { wire, dialogue } = talk();
    dialogue.send(0, "", Syn);
    const packet = new Packet();
    packet.bytes = Uint8Array.from([203, 0, 113, 1, 10, 0, 0, 1, 10, 0, 0, 1, 192, 0, 2, 1]);
    packet.view = new DataView(packet.bytes.buffer);
    const quoted = new QuotedSegment();
    Object.assign(quoted, { type: 3, code: 4, mtu: 1400, sourceAddress: 8, destinationAddress: 12, sourcePort: 40000 });
    quoted.destinationPort = 443;
    wire.table.icmp(packet, quoted);
    quoted.destinationPort = 444;
    wire.table.icmp(packet, quoted);
    expect(wire.finish()[0].icmp).toEqual([{ type: 3, code: 4, mtu: 1400, frame: 1, from: "203.0.113.1" }]);
  });
});
