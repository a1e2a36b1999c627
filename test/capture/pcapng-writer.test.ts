import { expect, it } from "vitest";
import { PcapngWriter } from "../../src/capture/pcapng-writer.ts";
import { CaptureReader } from "../../src/capture/reader.ts";
import { Frame } from "../../src/capture/frame.ts";
import { bytesOf, captureOf } from "../build/capture-input.ts";

it("writes what the reader reads", async () => {
  const writer = new PcapngWriter();
  const long = "é".repeat(40_000);
  writer.section({ operatingSystem: "Linux", application: "test 1", comments: ["first", long] });
  writer.interface({ linkType: 1, snapLength: 0, name: "eth0", filter: "" });
  writer.interface({ linkType: 101, snapLength: 96, name: "", filter: "port 53" });
  writer.names(Uint8Array.of(192, 0, 2, 1), ["one.example", "other.example"]);
  writer.names(new Uint8Array(16).fill(1), ["six.example"]);
  writer.secrets(0x544c534b, Buffer.from("CLIENT_RANDOM"));
  const time = { seconds: 1_790_000_000, nanoseconds: 123_456_789 };
  const bytes = bytesOf("00 01 02 03 04");
  writer.frame({ interfaceId: 1, ...time, originalLength: 60, direction: 2 }, ["a comment", "another"], bytes);
  writer.frame({ interfaceId: 0, ...time, originalLength: 200_000, direction: 0 }, [], new Uint8Array(200_000).fill(7));
  writer.drops(0, 5_000_000_000);
  const file = writer.take().slice();
  expect(writer.length).toBe(0);
  expect(file.length % 4).toBe(0);

  const reader = await CaptureReader.open(captureOf(file));
  const frame = new Frame();
  const seen: unknown[] = [];
  do {
    while (reader.next(frame)) {
      const { start, end, seconds, nanoseconds, originalLength, interfaceId, direction, comments } = frame;
      seen.push([frame.bytes.slice(start, Math.min(end, start + 5)), end - start, originalLength]);
      seen.push([{ seconds, nanoseconds }, interfaceId, direction, comments]);
    }
  } while (await reader.fill());
  expect(seen).toEqual([
    [bytes, 5, 60],
    [time, 1, 2, ["a comment", "another"]],
    [new Uint8Array(5).fill(7), 200_000, 200_000],
    [time, 0, 0, []],
  ]);
  expect(reader.problems.map(({ code }) => code)).toEqual(["secrets-present", "snapped", "interface-drops"]);
  expect(reader.names).toEqual([
    { address: "192.0.2.1", names: ["one.example", "other.example"] },
    { address: "101:101:101:101:101:101:101:101", names: ["six.example"] },
  ]);
  expect(reader.facts).toMatchObject({
    operatingSystem: "Linux",
    application: "test 1",
    linkTypes: [1, 101],
    interfaces: [{ name: "eth0" }, { snapLength: 96, filter: "port 53" }],
    interfaceDrops: 5_000_000_000,
    damaged: false,
  });
  expect(reader.facts.comments.map((comment) => comment.slice(0, 5))).toEqual(["first", "ééééé"]);
});
