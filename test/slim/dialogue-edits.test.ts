import { describe, expect, it } from "vitest";
import { dnsStreamEdits, socksClientEdits, socksServerEdits } from "../../src/slim/dialogue-edits.ts";
import { dnsPlaces } from "../../src/slim/dns-places.ts";
import type { Edit } from "../../src/slim/edits.ts";
import { bytesOf, concat } from "../build/packet.ts";
import { greeting, password, request4, request5 } from "../build/socks.ts";

const kinds = (edits: readonly Edit[]): string[] => edits.map(({ at, length, what }) => `${what.kind} ${at}+${length}`);

describe("SOCKS", () => {
  const ipv4 = bytesOf("05 01 00 01 c0000201 01bb");
  it.each([
    [
      "password and address",
      concat(greeting(0, 2), password("me", "secret"), ipv4),
      ["credential 6+2", "credential 9+6", "address 19+4"],
    ],
    ["a name", concat(greeting(0), request5("example.com", 443)), []],
    ["an IPv6 address", concat(greeting(0), bytesOf(`05 01 00 04 ${"fd".repeat(16)} 01bb`)), ["address 7+16"]],
    ["SOCKS4", request4([192, 0, 2, 1], 443, "me"), ["address 4+4", "credential 8+2"]],
    ["SOCKS4a", request4([0, 0, 0, 1], 443, "me", "example.com"), ["credential 8+2"]],
    ["a password that is cut", concat(greeting(2), bytesOf("01 02 6d65 09 73")), ["credential 5+2", "credential 8+1"]],
  ])("%s", (_, bytes, expected) => {
    expect(kinds(socksClientEdits(bytes))).toEqual(expected);
    for (let end = 0; end < bytes.length; end++) socksClientEdits(bytes.subarray(0, end));
  });

  it("replies", () => {
    expect(kinds(socksServerEdits(bytesOf("05 00 05 00 00 01 c0000201 01bb")))).toEqual(["address 6+4"]);
    expect(kinds(socksServerEdits(bytesOf("05 02 01 00 05 00 00 01 c0000201 01bb")))).toEqual(["address 8+4"]);
    expect(kinds(socksServerEdits(bytesOf("00 5a 01bb c0000201")))).toEqual(["address 4+4"]);
  });
});

describe("DNS", () => {
  const question = "07 6578616d706c65 00 0001 0001";
  const a = "c00c 0001 0001 0000003c 0004 c0000201";
  const aaaa = `c00c 001c 0001 0000003c 0010 ${"20".repeat(16)}`;
  const https = "c00c 0041 0001 0000003c 000f 0001 00 0004 0008 c0000201 c0000202";
  const subnet = "00 0029 04d0 00000000 000b 0008 0007 0001 18 00 c00002";
  const message = bytesOf(`1234 8180 0001 0002 0001 0001 ${question} ${a} ${aaaa} ${https} ${subnet}`);

  it("addresses of all sections, hints and client subnets", () => {
    expect(dnsPlaces(message, 0, message.length)?.map(({ at, length, kind }) => [at, length, kind])).toEqual([
      [37, 4, "address"],
      [53, 16, "address"],
      [88, 4, "address"],
      [92, 4, "address"],
      [115, 3, "blank"],
    ]);
  });

  it("labels of reverse lookups", () => {
    const reverse = bytesOf("1234 0100 0001 0000 0000 0000 01 31 02 3130 07 696e2d61646472 04 61727061 00 000c 0001");
    expect(dnsPlaces(reverse, 0, reverse.length)?.map(({ at, length }) => [at, length])).toEqual([
      [13, 1],
      [15, 2],
    ]);
  });

  it("nothing of what is no message, whole", () => {
    for (let end = 12; end < message.length; end++) {
      const places = dnsPlaces(message, 0, end);
      expect(places === undefined || places.every(({ at, length }) => at + length <= end)).toBe(true);
    }
    expect(kinds(dnsStreamEdits(concat(bytesOf("0004 ffff ffff"), bytesOf("0003 01"))))).toEqual([
      "credential 2+4",
      "credential 8+1",
    ]);
  });

  it("messages behind each other over TCP", () => {
    const length = Uint8Array.of(message.length >> 8, message.length);
    const stream = concat(length, message, length, message);
    expect(dnsStreamEdits(stream)).toHaveLength(10);
  });
});
