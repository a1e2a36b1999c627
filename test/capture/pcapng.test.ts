import { describe, expect, it } from "vitest";
import { bytesOf, concat, readCapture } from "../build/capture-input.ts";
import { PcapngBuilder } from "../build/pcapng.ts";

const payload = bytesOf("01 02 03 04 05");
const ng = new PcapngBuilder();
const big = new PcapngBuilder(false);
const start = concat(ng.section(), ng.interface());

describe("PcapngReader", () => {
  it("reads sections of either byte order, and numbers interfaces over all of them", async () => {
    const time = 1_700_000_000_123_456n;
    const file = concat(
      ...[ng, big, ng].flatMap((builder, index) => [
        builder.section([
          [1, "a run"],
          [2, "a machine"],
          [3, "Linux"],
          [4, "dumpcap"],
        ]),
        builder.interface(index, 96 - index),
        builder.interface(113),
        builder.enhanced({ bytes: payload, time }),
        builder.enhanced({ bytes: payload, interface: 1, time: time + 1n }),
      ]),
    );
    const { frames, reader, codes } = await readCapture(file);
    expect(codes).toEqual([]);
    expect(frames.map((frame) => [frame.number, frame.interfaceId, frame.linkType, frame.bytes, frame.time])).toEqual(
      [0, 113, 1, 113, 2, 113].map((linkType, index) => [
        index + 1,
        index,
        linkType,
        "0102030405",
        [1_700_000_000, 123_456_000 + (index % 2) * 1000],
      ]),
    );
    expect(reader.facts).toMatchObject({
      format: "pcapng",
      linkTypes: [0, 113, 1, 2],
      snapLength: 94,
      hardware: "a machine",
      operatingSystem: "Linux",
      application: "dumpcap",
      comments: ["a run", "a run", "a run"],
    });
    expect(reader.position).toEqual({ framesBefore: 6, interfacesBefore: 6 });
  });

  it.each([
    ["microseconds", undefined, 1_500_000_123_456n, [1_500_000, 123_456_000]],
    ["nanoseconds", 9, 1_700_000_000_123_456_789n, [1_700_000_000, 123_456_789]],
    ["milliseconds", 3, 1_700_000_000_123n, [1_700_000_000, 123_000_000]],
    ["picoseconds", 12, 1_000_000_123_456_789_999n, [1_000_000, 123_456_789]],
    ["seconds", 0, 1_700_000_000n, [1_700_000_000, 0]],
    ["1/1024 seconds", 0x8a, 1_700_000_000n * 1024n + 512n, [1_700_000_000, 500_000_000]],
  ] as const)("reads timestamps in %s", async (_, resolution, time, expected) => {
    const options = resolution === undefined ? [] : ([[9, ng.u8(resolution)]] as const);
    const file = concat(ng.section(), ng.interface(1, 0, options), ng.enhanced({ bytes: payload, time }));
    expect((await readCapture(file)).frames[0].time).toEqual(expected);
  });

  it("adds if_tsoffset, in the byte order of the section", async () => {
    for (const builder of [ng, big]) {
      const options = [[14, builder.i64(-3600n)]] as const;
      const frame = builder.enhanced({ bytes: payload, time: 3_601_000_000n });
      const { frames } = await readCapture(concat(builder.section(), builder.interface(1, 0, options), frame));
      expect(frames[0].time).toEqual([1, 0]);
    }
  });

  it("tells the interfaces' names and filters", async () => {
    const file = concat(
      ng.section(),
      ng.interface(1, 96, [
        [2, "eth0"],
        [11, "\0tcp port 443"],
      ]),
      ng.interface(113, 0, [
        [2, "any\0"],
        [11, bytesOf("01 28 00")],
      ]),
    );
    expect((await readCapture(file)).reader.facts.interfaces).toEqual([
      { linkType: 1, snapLength: 96, name: "eth0", filter: "tcp port 443" },
      { linkType: 113, snapLength: 0, name: "any", filter: "" },
    ]);
  });

  it("tells direction and comments of a frame, and passes over options it does not know", async () => {
    const options = [
      [1, "PID: 7"],
      [2988, "custom"],
      [2, ng.u32(2)],
      [1, "and more"],
    ] as const;
    const { frames } = await readCapture(
      concat(start, ng.enhanced({ bytes: payload, options }), ng.enhanced({ bytes: payload })),
    );
    expect(frames.map((frame) => [frame.direction, frame.comments])).toEqual([
      [2, ["PID: 7", "and more"]],
      [0, []],
    ]);
  });

  it("keeps the process of Apple's blocks as a comment of its frames", async () => {
    const process = ng.block(0x80000001, ng.u32(123), ng.options([[2, "go"]]));
    const options = [[0x8001, ng.u32(0)]] as const;
    const { frames } = await readCapture(concat(start, process, ng.enhanced({ bytes: payload, options })));
    expect(frames[0].comments).toEqual(["PID: 123\nCmd: go"]);
  });

  it("reads simple packets, which have no time, up to the snap length of the first interface", async () => {
    const file = concat(ng.section(), ng.interface(1, 4), ng.simple(5, payload), ng.simple(3, payload.subarray(0, 3)));
    const { frames, codes } = await readCapture(file);
    expect(frames.map((frame) => [frame.time, frame.bytes, frame.originalLength])).toEqual([
      [undefined, "01020304", 5],
      [undefined, "010203", 3],
    ]);
    expect(codes).toEqual(["no-timestamp", "snapped"]);
  });

  it("reads the obsolete packet block, and its drops", async () => {
    const packet = { bytes: payload, time: 1_000_001n, options: [[2, ng.u32(1)]] as const };
    const { frames, reader, codes } = await readCapture(concat(start, ng.obsolete(packet, 3), ng.obsolete(packet)));
    expect(frames[1]).toMatchObject({ number: 2, time: [1, 1000], direction: 1, bytes: "0102030405" });
    expect([reader.facts.interfaceDrops, codes]).toEqual([3, ["interface-drops"]]);
  });

  it("sums the drops of the interfaces, of which the last statistics count", async () => {
    const file = concat(
      start,
      ng.interface(),
      ng.statistics(0, [[5, ng.i64(9n)]]),
      ng.statistics(0, [
        [5, ng.i64(2n)],
        [7, ng.i64(3n)],
      ]),
      ng.statistics(1, [[5, ng.i64(100n)]]),
      ng.statistics(1, [[4, ng.i64(77n)]]),
    );
    expect((await readCapture(file)).reader.facts.interfaceDrops).toBe(105);
  });

  it("keeps names of addresses", async () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    const names = ng.names(
      [1, concat(bytesOf("c0 00 02 01"), text("proxy.golang.org\0goproxy\0"))],
      [3, bytesOf("00 01 02 03 04 05")],
      [2, concat(bytesOf("2001 0db8 0000 0000 0000 0000 0000 0001"), text("sum.golang.org\0"))],
    );
    expect((await readCapture(concat(start, names))).reader.names).toEqual([
      { address: "192.0.2.1", names: ["proxy.golang.org", "goproxy"] },
      { address: "2001:db8::1", names: ["sum.golang.org"] },
    ]);
  });

  it("keeps decryption secrets, and says once that they are there", async () => {
    const secrets = bytesOf("43 4c 49 45 4e 54");
    const frame = ng.enhanced({ bytes: payload });
    const file = concat(start, ng.secrets(0x544c534b, secrets), frame, ng.secrets(0x544c534b, secrets));
    const { reader, codes } = await readCapture(file);
    expect(reader.secrets.map((block) => [block.type, block.afterFrame, block.bytes])).toEqual([
      [0x544c534b, 0, secrets],
      [0x544c534b, 1, secrets],
    ]);
    expect(codes).toEqual(["secrets-present"]);
    expect(JSON.stringify(reader.problems)).not.toContain("CLIENT");
  });

  it("keeps no more secrets than its cap", async () => {
    const block = ng.secrets(0x544c534b, new Uint8Array(3 << 20));
    const { reader, codes } = await readCapture(concat(start, block, block, block));
    expect([reader.secrets.length, codes]).toEqual([1, ["secrets-present", "limit"]]);
  });

  it("passes over unknown blocks, and counts those that Wireshark numbers", async () => {
    const frame = ng.enhanced({ bytes: payload });
    const file = concat(start, ng.block(0x77), frame, ng.block(0xbad, ng.u32(32473)), frame, ng.block(9), frame);
    const { frames, reader, codes } = await readCapture(file);
    expect(frames.map((each) => each.number)).toEqual([1, 3, 5]);
    expect([reader.facts.frames, codes]).toEqual([5, []]);
  });

  it.each([
    ["an interface that was not described", ng.enhanced({ bytes: payload, interface: 7 }), "interface-unknown"],
    ["more captured bytes than the block has", ng.enhanced({ bytes: payload, captured: 600 }), "malformed"],
    ["a captured length of 4 GiB", ng.enhanced({ bytes: payload, captured: 0xffffffff }), "malformed"],
    ["an enhanced packet without its fields", ng.block(6, ng.u32(0)), "malformed"],
    ["an obsolete packet without its fields", ng.block(2, ng.u32(0)), "malformed"],
    ["a simple packet without its field", ng.block(3), "malformed"],
  ])("counts and leaves out a frame with %s", async (_, block, code) => {
    const frame = ng.enhanced({ bytes: payload });
    const { frames, codes, reader } = await readCapture(concat(start, frame, block, frame));
    expect(frames.map((each) => each.number)).toEqual([1, 3]);
    expect([codes, reader.facts.damaged]).toEqual([[code], true]);
  });

  it.each([
    ["statistics of no interface", ng.statistics(3, [])],
    ["statistics without fields", ng.block(5)],
    ["an interface without fields", ng.block(1)],
    ["secrets longer than their block", ng.block(10, ng.u32(1, 100))],
    ["secrets without fields", ng.block(10)],
    ["a name longer than its block", ng.block(4, ng.u16(1, 100), ng.u32(1))],
    ["an option longer than its block", ng.block(1, ng.u32(1, 0), ng.u16(2, 100))],
    ["an option of a frame longer than its block", ng.block(6, ng.u32(0, 0, 0, 0, 0), ng.u16(1, 100))],
  ])("goes on after %s", async (_, block) => {
    const { frames, codes, reader } = await readCapture(concat(start, block, ng.enhanced({ bytes: payload })));
    expect(frames.at(-1)?.bytes).toBe("0102030405");
    expect([codes, reader.facts.damaged]).toEqual([["malformed"], false]);
  });

  it.each([
    ["a length below that of an empty block", concat(ng.u32(6, 8), ng.u32(8))],
    ["a length that is not whole words", concat(ng.u32(6, 13), bytesOf("00"), ng.u32(13))],
    ["two lengths that differ", concat(ng.u32(6, 12), ng.u32(16))],
    ["a byte-order magic that is none", ng.block(0x0a0d0d0a, ng.u32(0x11223344, 1, 0, 0))],
    ["a section header without fields", ng.block(0x0a0d0d0a, ng.u32(0x1a2b3c4d))],
  ])("ends at a block with %s, and names its byte", async (_, block) => {
    const frame = ng.enhanced({ bytes: payload });
    const before = concat(start, frame);
    const { frames, codes, reader } = await readCapture(concat(before, block, frame));
    expect([frames.length, codes, reader.facts.damaged]).toEqual([1, ["capture-damaged"], true]);
    expect(reader.problems[0]).toMatchObject({ offset: before.length, frame: 1 });
  });

  it("refuses a section of another version", async () => {
    const { codes, reader } = await readCapture(concat(start, ng.enhanced({ bytes: payload }), ng.section([], 2)));
    expect([codes, reader.facts.frames, reader.facts.damaged]).toEqual([["capture-unsupported"], 1, true]);
  });

  it("passes over a block that is larger than the cap without holding it", async () => {
    const huge = ng.block(0x77, new Uint8Array(17 << 20));
    const file = concat(start, huge, ng.enhanced({ bytes: payload }));
    const { frames, codes } = await readCapture(file);
    expect([frames.map((frame) => frame.bytes), codes]).toEqual([["0102030405"], ["block-too-large"]]);
    const cut = await readCapture(file.subarray(0, 1 << 20));
    expect([cut.codes, cut.reader.facts.damaged]).toEqual([["block-too-large", "capture-cut"], true]);
  });

  it("bounds the problems it keeps", async () => {
    const block = ng.enhanced({ bytes: payload, captured: 600 });
    const { reader } = await readCapture(concat(start, ...Array.from({ length: 300 }, () => block)));
    expect(reader.problems.length).toBe(257);
    expect(reader.problems.at(-1)).toMatchObject({ code: "problems-limit" });
    expect(reader.problems.at(-1)?.detail).toMatch(/^44 /);
  });

  it("takes no more interfaces than its cap", async () => {
    const interfaces = Array.from({ length: 4098 }, () => ng.interface());
    const frame = (number: number): Uint8Array => ng.enhanced({ bytes: payload, interface: number });
    const { frames, codes } = await readCapture(concat(ng.section(), ...interfaces, frame(4095), frame(4096)));
    expect([frames.length, codes]).toEqual([1, ["limit", "interface-unknown"]]);
  });
});
