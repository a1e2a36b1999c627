import { describe, expect, it } from "vitest";
import { Packet, TcpFlag } from "../../src/packet/packet.ts";
import { Moment, type StreamConsumer } from "../../src/stream/consumer.ts";
import { ConnectionTable, type ConnectionSink } from "../../src/stream/table.ts";

/** Sends the first segments of connections, in little time. */
class BareWire implements ConnectionSink {
  readonly moment = new Moment();
  readonly packet = new Packet();
  readonly table = new ConnectionTable(this.moment, this);

  constructor() {
    this.packet.bytes = new Uint8Array(4096);
    this.packet.view = new DataView(this.packet.bytes.buffer);
    this.packet.destinationAddress = 4;
  }

  open(): StreamConsumer {
    throw new Error("nothing here has payload");
  }

  close(): void {
    // The facts are of no use here.
  }

  syn(from: number, to: number): void {
    const { packet, moment } = this;
    moment.frame++;
    packet.view.setUint32(0, from);
    packet.view.setUint32(4, to);
    packet.sourcePort = 40_000;
    packet.destinationPort = 443;
    packet.flags = TcpFlag.Syn;
    packet.sequence = moment.frame;
    packet.identification = moment.frame & 0xffff;
    this.table.accept(packet);
  }
}

describe("memory", () => {
  it("stays small for a scan of many hosts, and says what was folded", () => {
    const wire = new BareWire();
    for (let host = 0; host < 150_000; host++) wire.syn(0x0a000001, 0x0b000000 + host);
    wire.table.endOfCapture();
    expect([...wire.table.payloadFree()]).toHaveLength(1000);
    expect(wire.table.folded()).toMatchObject([{ client: "10.0.0.1", ports: "443", count: 149_000 }]);
    expect(wire.table.folded()[0]).not.toHaveProperty("server");
  });
});
