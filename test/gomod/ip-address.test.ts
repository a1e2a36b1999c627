import { describe, expect, it } from "vitest";
import { inNetwork, parseAddress } from "../../src/gomod/ip-address.ts";

describe("parseAddress", () => {
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const rows: [text: string, bytes: number[] | undefined][] = [
    ["10.1.2.3", [10, 1, 2, 3]],
    ["0.0.0.0", [0, 0, 0, 0]],
    ["255.255.255.255", [255, 255, 255, 255]],
    ["256.0.0.1", undefined],
    ["01.2.3.4", undefined],
    ["1.2.3", undefined],
    ["1.2.3.4.", undefined],
    ["1.2.3.4.5", undefined],
    ["", undefined],
    ["example.com", undefined],
    ["::1", [...zeros(15), 1]],
    ["::", zeros(16)],
    ["2001:db8::1", [0x20, 1, 0x0d, 0xb8, ...zeros(11), 1]],
    ["1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ["::ffff:10.1.2.3", [10, 1, 2, 3]],
    ["64:ff9b::1.2.3.4", [0, 0x64, 0xff, 0x9b, ...zeros(8), 1, 2, 3, 4]],
    ["1::2::3", undefined],
    ["1:2:3", undefined],
    ["1:2:3:4:5:6:7:8:9", undefined],
    ["1:2:3:4::5:6:7:8", undefined],
    ["12345::", undefined],
    ["::1.2.3.4:5", undefined],
    ["::%eth0", undefined],
  ];
  it.each(rows)("%s", (text, bytes) => {
    expect(parseAddress(text)).toEqual(bytes);
  });
});

it("compares the leading bits of a network", () => {
  const of = (text: string): readonly number[] => parseAddress(text)!;
  expect(inNetwork(of("10.0.0.0"), 8, of("10.255.1.1"))).toBe(true);
  expect(inNetwork(of("10.0.0.0"), 8, of("11.0.0.0"))).toBe(false);
  expect(inNetwork(of("10.0.0.128"), 25, of("10.0.0.127"))).toBe(false);
  expect(inNetwork(of("10.0.0.128"), 25, of("10.0.0.200"))).toBe(true);
  expect(inNetwork(of("0.0.0.0"), 0, of("1.2.3.4"))).toBe(true);
  expect(inNetwork(of("0.0.0.0"), 33, of("0.0.0.0"))).toBe(false);
  expect(inNetwork(of("::"), 0, of("1.2.3.4"))).toBe(false);
  expect(inNetwork(of("2001:db8::"), 32, of("2001:db8:ffff::1"))).toBe(true);
});
