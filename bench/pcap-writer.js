import { closeSync, openSync, renameSync, writeSync } from "node:fs";

/**
 * Writes Ethernet, IPv4 and TCP into a classic capture, 10 µs a packet.
 *
 * TCP checksums stay 0, as offload leaves them; nothing that is measured looks at them.
 */
export class PcapWriter {
  #path;
  #file;
  #buffer = Buffer.alloc(8 << 20);
  #used = 0;
  #time = startSeconds * 1_000_000;
  #identification = 0;
  packets = 0;
  bytes = 0;

  constructor(path) {
    this.#path = path;
    this.#file = openSync(`${path}.part`, "w");
    this.#used = Buffer.from("d4c3b2a1020004000000000000000000ffff000001000000", "hex").copy(this.#buffer);
  }

  /**
   * One segment of a connection. Sequence and acknowledgment numbers come from the connection and are moved on.
   * `frameLength` pads the frame, as Ethernet does.
   */
  segment(connection, direction, flags, payload = nothing, start = 0, end = payload.length, frameLength = 60) {
    const from = connection[direction];
    const to = connection[1 - direction];
    const length = 54 + end - start;
    const captured = Math.max(length, frameLength);
    const at = this.#record(captured);
    const buffer = this.#buffer;
    ethernetHeader.copy(buffer, at);
    this.#ipv4(at + 14, from.address, to.address, length - 14);
    buffer.writeUInt16BE(from.port, at + 34);
    buffer.writeUInt16BE(to.port, at + 36);
    buffer.writeUInt32BE(from.sequence, at + 38);
    buffer.writeUInt32BE((flags & Flag.Ack) !== 0 ? to.sequence : 0, at + 42);
    buffer.writeUInt16BE(0x5000 | flags, at + 46);
    buffer.writeUInt16BE(0xfaf0, at + 48);
    buffer.writeUInt32BE(0, at + 50);
    payload.copy(buffer, at + 54, start, end);
    buffer.fill(0, at + length, at + captured);
    from.sequence = (from.sequence + end - start + ((flags & (Flag.Syn | Flag.Fin)) !== 0 ? 1 : 0)) >>> 0;
  }

  /** Gives the file its name: one that was cut short never has it. */
  close() {
    this.#flush();
    closeSync(this.#file);
    renameSync(`${this.#path}.part`, this.#path);
  }

  #record(captured) {
    if (this.#used + 16 + captured > this.#buffer.length) this.#flush();
    const at = this.#used;
    this.#time += 10;
    this.#buffer.writeUInt32LE(Math.floor(this.#time / 1_000_000), at);
    this.#buffer.writeUInt32LE(this.#time % 1_000_000, at + 4);
    this.#buffer.writeUInt32LE(captured, at + 8);
    this.#buffer.writeUInt32LE(captured, at + 12);
    this.#used = at + 16 + captured;
    this.packets++;
    return at + 16;
  }

  #ipv4(at, source, destination, length) {
    const buffer = this.#buffer;
    this.#identification = (this.#identification + 1) & 0xffff;
    buffer.writeUInt32BE((0x45000000 | length) >>> 0, at);
    buffer.writeUInt32BE(((this.#identification << 16) | 0x4000) >>> 0, at + 4);
    buffer.writeUInt32BE(0x40060000, at + 8);
    buffer.writeUInt32BE(source, at + 12);
    buffer.writeUInt32BE(destination, at + 16);
    let sum = 0;
    for (let word = 0; word < 20; word += 2) sum += buffer.readUInt16BE(at + word);
    sum = (sum & 0xffff) + (sum >>> 16);
    buffer.writeUInt16BE(~(sum + (sum >>> 16)) & 0xffff, at + 10);
  }

  #flush() {
    writeSync(this.#file, this.#buffer, 0, this.#used);
    this.bytes += this.#used;
    this.#used = 0;
  }
}

export const Flag = { Fin: 0x01, Syn: 0x02, Rst: 0x04, Psh: 0x08, Ack: 0x10 };

/** 2025-06-01: within the validity of the certificates that are minted. */
export const startSeconds = 1_748_736_000;

const nothing = Buffer.alloc(0);
const ethernetHeader = Buffer.from("0200000000010200000000020800", "hex");
