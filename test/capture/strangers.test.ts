import { describe, expect, it } from "vitest";
import { describeStranger } from "../../src/capture/strangers.ts";
import { bytesOf, concat } from "../build/capture-input.ts";

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, "latin1"));
const tar = concat(text("a.pcap"), new Uint8Array(251), text("ustar\0"));
const erfRecord = concat(bytesOf("00000000 00000000 02 04 0020 0000 003c"), new Uint8Array(16).fill(1));

describe("describeStranger", () => {
  it.each([
    ["snoop", text("snoop\0\0\0\0\0\0\x02"), "editcap -F pcapng"],
    ["Network Monitor", text("GMBU\0\x02"), "editcap -F pcapng"],
    ["LANalyzer", bytesOf("01 10 02 00 01 05 06 10 04"), "editcap -F pcapng"],
    ["ERF", concat(erfRecord, erfRecord, erfRecord), "editcap -F pcapng"],
    ["zip", text("PK\x03\x04\x14\0"), "unpack it"],
    ["xz", text("\xfd7zXZ\0\0"), "xz -d"],
    ["tar", tar, "unpack it"],
    ["HTML", text("\n<!DOCTYPE html><title>Sign in</title>"), "fetch the file itself"],
    ["Git LFS", text("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"],
    ["key log", text("# SSL\nCLIENT_RANDOM 00 11\n"), "as a key log"],
    ["tcpdump prints", text("12:00:00.000001 IP 192.0.2.1.443 > 192.0.2.2.5: Flags [S]\n"), "tcpdump -w"],
    ["tcpdump prints", text("2026-11-23 12:00:00.000001 ARP, Request\n"), "tcpdump -w"],
    ["tshark prints", text("    1   0.000000 192.0.2.1 -> 192.0.2.2 TCP 74\n"), "tshark -w"],
    ["JSON", text('[{"_index": "packets"}]'), "made from"],
    ["a text file", text("hello\r\n\tworld\n"), "give a capture"],
    ["a text file", text("\xff\xfeh\0i\0\n\0"), "give a capture"],
    ["nothing that is known", bytesOf("00 01 02 03"), "editcap"],
    ["nothing that is known", bytesOf("de ad be ef de ad be ef de ad be ef de ad be ef de ad be ef"), "editcap"],
  ])("says that it looks like %s", (name, bytes, remedy) => {
    const said = describeStranger(bytes);

    expect(said).toContain(name);
    expect(said).toContain(remedy);
  });

  it("says something of every beginning", () => {
    for (const bytes of [tar, concat(erfRecord, erfRecord), text("snoop\0\0\0")]) {
      for (let length = 1; length < bytes.length; length += 5) {
        expect(describeStranger(bytes.subarray(0, length))).toMatch(/^this is not a capture .*: /);
      }
    }
  });
});
