import { ethernet, ipv4, tcp } from "./packet.ts";
import { pcapFile, type PcapRecord } from "./pcap.ts";

/** What a test leaves out of a capture, or does to a segment. */
export interface SegmentFate {
  /** It was sent and acknowledged, and is not in the capture. */
  readonly lost?: boolean;
}

/**
 * A TCP connection as frames of a pcap file, with right checksums; 10.1.2.3:40000 to 93.184.216.34 unless told. Every
 * segment takes a millisecond.
 */
export class TcpCapture {
  readonly #records: PcapRecord[] = [];
  readonly #addresses: readonly [string, string];
  readonly #ports: readonly [number, number];
  readonly #sequences: [number, number] = [4_294_960_000, 7000];
  #identification = 1;

  constructor(serverPort = 80, addresses: readonly [client: string, server: string] = ["0a010203", "5db8d822"]) {
    this.#ports = [40_000, serverPort];
    this.#addresses = addresses;
    this.segment(0, "", 0x02);
    this.segment(1, "", 0x12);
    this.segment(0, "", 0x10);
  }

  /** Sends bytes in segments of at most `size`, the other side acknowledging every second one. */
  send(direction: 0 | 1, payload: string | Uint8Array, size = 1448): this {
    const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
    for (let at = 0, n = 0; at < bytes.length; at += size, n++) {
      this.segment(direction, bytes.subarray(at, at + size));
      if (n % 2 === 1) this.segment((1 - direction) as 0 | 1, "");
    }
    return this;
  }

  /** One segment, the next of its side. */
  segment(direction: 0 | 1, payload: string | Uint8Array, flags = 0x18, fate: SegmentFate = {}): this {
    const bytes = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
    if (fate.lost !== true) this.again(direction, bytes, 0, flags);
    const syn = (flags & 2) >> 1;
    this.#sequences[direction] = (this.#sequences[direction] + bytes.length + syn + (flags & 1)) >>> 0;
    return this;
  }

  /** Sends bytes that end `back` bytes before what comes next, or begin there with 0: again, or before their turn. */
  again(direction: 0 | 1, bytes: Uint8Array, back: number, flags = 0x18): this {
    const other = (1 - direction) as 0 | 1;
    const segment = tcp(bytes, {
      sourcePort: this.#ports[direction],
      destinationPort: this.#ports[other],
      sequence: (this.#sequences[direction] - back) >>> 0,
      acknowledgment: this.#sequences[other],
      flags,
    });
    const source = this.#addresses[direction];
    const destination = this.#addresses[other];
    const packet = ipv4(segment, { source, destination, identification: this.#identification++ });
    writeChecksum(packet, 10, packet.subarray(0, 20));
    const pseudo = Buffer.concat([packet.subarray(12, 20), Uint8Array.of(0, 6, segment.length >> 8, segment.length)]);
    writeChecksum(packet, 36, Buffer.concat([pseudo, packet.subarray(20)]));
    this.#record(ethernet(0x0800, packet));
    return this;
  }

  close(): this {
    return this.segment(0, "", 0x11).segment(1, "", 0x11).segment(0, "", 0x10);
  }

  #record(bytes: Uint8Array): void {
    const n = this.#records.length;
    this.#records.push({ seconds: 1_790_000_000 + Math.floor(n / 1000), fraction: (n % 1000) * 1000, bytes });
  }

  get frames(): number {
    return this.#records.length;
  }

  bytes(snapLength = 262_144): Uint8Array {
    const cut = this.#records.map((record) => ({
      ...record,
      bytes: record.bytes.subarray(0, snapLength),
      original: record.bytes.length,
    }));
    return pcapFile(cut, { snapLength });
  }
}

/** The internet checksum over bytes whose own field is zero, or right. Spec: RFC 1071. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum += (at & 1) === 0 ? bytes[at] << 8 : bytes[at];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function writeChecksum(packet: Uint8Array, at: number, covered: Uint8Array): void {
  const checksum = internetChecksum(covered);
  packet[at] = checksum >> 8;
  packet[at + 1] = checksum & 0xff;
}
