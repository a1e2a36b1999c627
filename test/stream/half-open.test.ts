import { describe, expect, it } from "vitest";
import { TcpFlag } from "../../src/packet/packet.ts";
import { Dialogue, Wire } from "../build/segments.ts";

const { Ack, Rst, Syn } = TcpFlag;

/** Spec: RFC 9293 §3.5.1, figure 9: the server still has the connection that the client has forgotten. */
describe("a client that asks again for a connection it has forgotten", () => {
  it.each([860_000_000, 70_000, -70_000])("is not told by the old numbers where it stands: %i ahead", (ahead) => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire);
    const syn = dialogue.send(0, "", Syn);
    const old = dialogue.make(1, "", Ack);
    wire.send({ ...old, sequence: 900_000, acknowledgment: syn.sequence + ahead });
    const reset = dialogue.make(0, "", Rst);
    wire.send({ ...reset, sequence: syn.sequence + ahead, acknowledgment: 0 });
    dialogue.again(syn, {}, { seconds: 3 });
    dialogue.send(1, "", Syn | Ack);
    dialogue.acks(0);
    dialogue.says("hello");
    dialogue.answers("welcome");
    dialogue.says(" again", { seconds: 15 });
    dialogue.goodbye();
    const facts = wire.finish();
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({ frames: 12, syns: 2, opened: "handshake", closed: "fin", lost: [0, 0] });
    expect(wire.told[0].text).toEqual(["hello again", "welcome"]);
    expect(wire.problems).toEqual([]);
  });

  it("has its answer's absence from the capture believed once it acknowledges", () => {
    const wire = new Wire();
    const dialogue = new Dialogue(wire);
    dialogue.send(0, "", Syn);
    dialogue.make(1, "", Syn | Ack);
    dialogue.acks(0);
    dialogue.make(0, "unseen");
    dialogue.acks(1);
    dialogue.says("seen", { seconds: 5 });
    const [facts] = wire.finish();
    expect(wire.told[0].text[0]).toBe("[6]seen");
    expect(facts.lost).toEqual([6, 0]);
  });
});
