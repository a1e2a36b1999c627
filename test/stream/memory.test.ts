import { describe, expect, it } from "vitest";
import { Packet, TcpFlag } from "../../src/packet/packet.ts";
import { Moment } from "../../src/stream/consumer.ts";
import { ConnectionTable, type ConnectionSink } from "../../src/stream/table.ts";

/** Sends segments without making anything: what the heap grows by is the table's doing. */
class BareWire implements ConnectionSink {
  readonly moment = new Moment();
  readonly packet = new Packet();
  readonly table = new ConnectionTable(this.moment, this);
  received = 0;

  constructor() {
    this.packet.bytes = new Uint8Array(4096);
    this.packet.view = new DataView(this.packet.bytes.buffer);
    this.packet.destinationAddress = 4;
    this.packet.payloadStart = 64;
  }

  open() {
    return {
      onData: (_direction: number, _bytes: Uint8Array, start: number, end: number) => {
        this.received += end - start;
        return 0 as const;
      },
      onGap: () => 0 as const,
      onEnd: () => undefined,
    };
  }

  close(): void {
    // The facts are of no use here.
  }

  send(hosts: [number, number], ports: [number, number], flags: number, numbers: [number, number], length = 0): void {
    const { packet, moment } = this;
    moment.frame++;
    packet.view.setUint32(0, hosts[0]);
    packet.view.setUint32(4, hosts[1]);
    packet.sourcePort = ports[0];
    packet.destinationPort = ports[1];
    packet.flags = flags;
    packet.sequence = numbers[0] | 0;
    packet.acknowledgment = numbers[1] | 0;
    packet.window = 500;
    packet.identification = moment.frame & 0xffff;
    packet.payloadEnd = 64 + length;
    packet.payloadLength = length;
    this.table.accept(packet);
  }
}

const there: [number, number] = [1, 2];
const back: [number, number] = [2, 1];
const portsThere: [number, number] = [40000, 443];
const portsBack: [number, number] = [443, 40000];

describe("memory", () => {
  it("does not grow with a long ordered stream", () => {
    const wire = new BareWire();
    const numbers: [number, number] = [0, 1];
    const run = (segments: number): void => {
      for (let sent = 0; sent < segments; sent++) {
        wire.send(back, portsBack, TcpFlag.Ack, numbers, 1460);
        numbers[0] = (numbers[0] + 1460) | 0;
        if ((sent & 1) === 0) continue;
        const next = numbers[0];
        numbers[0] = 1;
        numbers[1] = next;
        wire.send(there, portsThere, TcpFlag.Ack, numbers);
        numbers[0] = next;
        numbers[1] = 1;
      }
    };
    wire.send(there, portsThere, TcpFlag.Syn, [0, 0]);
    wire.send(back, portsBack, TcpFlag.Syn | TcpFlag.Ack, [-1, 1]);
    run(50_000);
    // A collection in between makes the difference negative; one object a segment would make it megabytes.
    const before = process.memoryUsage().heapUsed;
    run(50_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
    expect(wire.received).toBe(146_000_000);
  });

  it("stays small for a scan of many hosts, and says what was folded", () => {
    const wire = new BareWire();
    const hosts: [number, number] = [0x0a000001, 0];
    for (let host = 0; host < 150_000; host++) {
      hosts[1] = 0x0b000000 + host;
      wire.send(hosts, portsThere, TcpFlag.Syn, [host, 0]);
    }
    wire.table.endOfCapture();
    expect(wire.table.count).toBe(150_000);
    expect(wire.table.payloadFreeCount).toBe(1000);
    expect(wire.table.folded()).toMatchObject([{ client: "10.0.0.1", ports: "443", count: 149_000 }]);
    expect(wire.table.folded()[0]).not.toHaveProperty("server");
  });
});
