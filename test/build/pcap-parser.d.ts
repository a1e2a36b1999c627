/** What the tests use of pcap-parser 0.2.1, which ships no types. */
declare module "pcap-parser" {
  import type { Readable } from "node:stream";

  interface PcapPacket {
    readonly header: {
      readonly timestampSeconds: number;
      readonly timestampMicroseconds: number;
      readonly capturedLength: number;
      readonly originalLength: number;
    };
    readonly data: Buffer;
  }

  interface PcapParser {
    on(event: "packet", listener: (packet: PcapPacket) => void): void;
    on(event: "end", listener: () => void): void;
    on(event: "error", listener: (error: Error) => void): void;
  }

  export function parse(input: Readable): PcapParser;
}
