import { describe, expect, it } from "vitest";
import {
  isSlimmed,
  parseOriginalFrame,
  renderOriginal,
  renderOriginalFrame,
  type OriginalFrame,
} from "../../src/capture/slim-notes.ts";
import { analyze } from "../../src/analyze.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { bytesInput } from "../build/inputs.ts";
import { ethernet, ipv4, tcp } from "../build/packet.ts";
import { PcapngBuilder } from "../build/pcapng.ts";

const before = {
  sent: { segments: 90, bytes: 0, largest: 0 },
  received: { segments: 180, bytes: 262_144, largest: 1448 },
};

describe("comments of slimmed frames", () => {
  const frames: OriginalFrame[] = [
    { number: 1200, timed: true },
    { captured: 96, timed: true },
    { timed: false },
    { timed: true, before },
    { number: 7, captured: 1, timed: false, before },
    {
      timed: true,
      records: { count: 3, tail: 423, content: [16_384, Buffer.from("000040000000000005", "hex"), 32_768] },
    },
    { number: 7, captured: 1, timed: false, before, records: { count: 1, tail: 0, content: [1] } },
  ];
  it.each(frames)("say %j, and are read so", (frame) => {
    expect(parseOriginalFrame(renderOriginalFrame(frame)!)).toEqual(frame);
  });

  it("are none where there is nothing to say", () => {
    expect(renderOriginalFrame({ timed: true })).toBeUndefined();
  });

  it.each([
    "",
    "slimmed",
    "slimmed: frame",
    "slimmed: frame 1e3",
    "slimmed: frame -1",
    "slimmed: captured 99999999",
    "slimmed: records 3",
    "slimmed: records 3 tail 1 content",
    "slimmed: records 3 tail 1 content +1  +2",
    "slimmed: records 3 tail 1 content +1 abc",
    "slimmed: records 9999999 tail 1 content +1",
    "x",
  ])("are not %j", (text) => expect(parseOriginalFrame(text)).toBeUndefined());
});

it("knows the comment of a slimmed section", () => {
  const comment = renderOriginal("gomodcap 1.0.0", { sha256: "ab".repeat(32), bytes: 5, frames: 1 });
  expect(comment).toBe(`slimmed by gomodcap 1.0.0, original: sha256 ${"ab".repeat(32)}, 5 bytes, 1 frames`);
  expect(isSlimmed(comment)).toBe(true);
  expect(isSlimmed(`it was ${comment}`)).toBe(false);
});

describe("a file that says it was slimmed", () => {
  const pcapng = new PcapngBuilder();
  const slimmed = renderOriginal("gomodcap 1.0.0", { sha256: "00".repeat(32), bytes: 1, frames: 1 });
  const segment = (sequence: number, flags: number, text = ""): Uint8Array =>
    ethernet(0x0800, ipv4(tcp(Buffer.from(text), { sequence, flags, destinationPort: 80 })));

  async function analysisOf(...notes: readonly (string | undefined)[]): Promise<string> {
    const packets = [
      segment(999, 2),
      segment(1000, 0x18, "GET / HTTP/1.1\r\n"),
      segment(1716, 0x18, "Host: x\r\n\r\n"),
    ];
    const blocks = packets.map((bytes, n) => {
      const comment = notes[n];
      return pcapng.enhanced({
        bytes,
        original: bytes.length + 40,
        options: comment === undefined ? [] : [[1, comment]],
      });
    });
    const file = Buffer.concat([pcapng.section([[1, slimmed]]), pcapng.interface(), ...blocks]);
    const analysis = await analyze([bytesInput(file)], { anchors: TrustAnchors.fromPem([], "none") });
    return JSON.stringify([analysis.capture.frames, [...analysis.flows()].map(({ frames, bytes }) => [frames, bytes])]);
  }

  it("is counted as its comments say", async () => {
    const left = "sent 5 segments 700 bytes largest 140; received 0 segments 0 bytes largest 0";
    expect(await analysisOf(undefined, "slimmed: captured 70", `slimmed: frame 99; ${left}`)).toBe(
      '[99,[[{"first":1,"last":99,"count":8},{"clientToServer":727,"serverToClient":0}]]]',
    );
  });

  it.each([
    "slimmed: frame 999999999",
    "slimmed: frame 1",
    "slimmed: captured 999999",
    "slimmed: captured 0",
    "slimmed: sent 99999999 segments 99999999999999 bytes largest 999999; received 99999999 segments 99999999999999 bytes largest 999999",
  ])("does no harm whatever it says: %s", async (note) => {
    expect(await analysisOf(note, note, note)).toContain("clientToServer");
  });
});
