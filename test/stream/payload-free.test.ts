import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../src/packet/packet.ts";
import { Dialogue, Wire } from "../build/segments.ts";

const { Ack, Rst, Syn } = TcpFlag;

describe("connections without payload", () => {
  it("read back from a row as they were", () => {
    const wire = new Wire({ payloadFreeDetails: 0 });
    const refused = new Dialogue(wire, { client: "[2001:db8::1]:40000", server: "[2001:db8::2]:80", isn: [-7, 0] });
    refused.again(refused.send(0, "", Syn), {}, { seconds: 1 });
    refused.send(1, "", Rst | Ack, { interfaceId: 0 });
    new Dialogue(wire, { client: "10.0.0.1:1" }).handshake().goodbye(1);
    const [first, second] = wire.finish();
    expect(first).toEqual({
      id: 0,
      addressLength: 16,
      clientAddress: "2001:db8::1",
      clientPort: 40000,
      serverAddress: "2001:db8::2",
      serverPort: 80,
      opened: "syn-only",
      closed: "refused",
      closedBy: 1,
      firstFrame: 1,
      lastFrame: 3,
      startSeconds: 1_700_000_000,
      startNanoseconds: 1_000_000,
      endSeconds: 1_700_000_001,
      endNanoseconds: 2_000_000,
      timed: true,
      frames: 3,
      bytes: [0, 0],
      lost: [0, 0],
      retransmittedSegments: 0,
      outOfOrderSegments: 0,
      duplicateFrames: 0,
      synAckFrame: 0,
      synAckSeconds: 0,
      synAckNanoseconds: 0,
      syns: 2,
      unacknowledged: [0, 0],
      largestSegment: [0, 0],
      oneSided: false,
      firstSequence: [-7, 0],
      icmp: [],
      snappedSegments: 0,
      overlapsDiffer: 0,
      interfaceIds: [0],
    });
    expect(second).toMatchObject({
      opened: "handshake",
      closed: "fin",
      closedBy: 1,
      synAckFrame: 5,
    });
  });

  it("says the same from a row and from whole facts for a SYN that was refused or never answered", () => {
    const play = (payloadFreeDetails: number): unknown[] => {
      const wire = new Wire({ payloadFreeDetails });
      const dialogue = new Dialogue(wire, { client: "10.0.0.1:1" });
      dialogue.send(0, "", Syn);
      dialogue.send(1, "", Rst | Ack);
      new Dialogue(wire, { client: "10.0.0.1:2" }).send(0, "", Syn);
      return wire.finish();
    };
    expect(play(0)).toEqual(play(100));
  });

  it("are folded beyond so many of one client and outcome; ids stay", () => {
    const wire = new Wire({ payloadFreeFlows: 3 });
    for (let port = 1; port <= 9; port++) new Dialogue(wire, { server: `192.0.2.1:${port}` }).send(0, "", Syn);
    new Dialogue(wire, { client: "10.0.0.2:7" }).send(0, "", Syn);
    new Dialogue(wire, { client: "10.0.0.3:7" }).handshake().says("x");
    expect(wire.finish().map((facts) => facts.id)).toEqual([0, 1, 2, 9, 10]);
    expect(wire.table.folded()).toEqual([
      {
        client: "10.0.0.1",
        server: "192.0.2.1",
        ports: "4-9",
        outcome: "unanswered",
        count: 6,
        firstFrame: 4,
        lastFrame: 9,
      },
    ]);
    expect(wire.table.payloadFreeById(9)?.clientAddress).toBe("10.0.0.2");
    expect(wire.table.payloadFreeById(5)).toBeUndefined();
    expect(wire.table.payloadFreeById(10)).toBeUndefined();
  });

  it("are folded into one entry when the clients that are told apart run out", () => {
    const wire = new Wire({ payloadFreeFlows: 1, foldedClients: 2 });
    for (let host = 1; host <= 4; host++) {
      for (let port = 1; port <= 2; port++) {
        new Dialogue(wire, { client: `10.0.0.${host}:9`, server: `192.0.2.${host}:${port}` }).send(0, "", Syn);
      }
    }
    wire.finish();
    expect(wire.table.folded().map(({ client, server, ports, count }) => [client, server, ports, count])).toEqual([
      ["10.0.0.1", "192.0.2.1", "2", 1],
      ["10.0.0.2", "192.0.2.2", "2", 1],
      ["*", undefined, "2", 2],
    ]);
  });

  it("are folded when the rows run out", () => {
    const wire = new Wire({ payloadFreeRows: 2 });
    for (let host = 1; host <= 5; host++) new Dialogue(wire, { client: `10.0.0.${host}:9` }).send(0, "", Syn);
    expect(wire.finish()).toHaveLength(2);
    expect(wire.table.folded().reduce((sum, fold) => sum + fold.count, 0)).toBe(3);
  });
});
