import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { decodeHuffman } from "../../../src/protocol/http2/huffman.ts";
import { hexBytes } from "../../build/dialogue.ts";

function decoded(hex: string): string {
  const bytes = hexBytes(hex);
  return Buffer.from(decodeHuffman(bytes, 0, bytes.length)).toString("latin1");
}

/** The first and the last code of each length in RFC 7541 appendix B, with its symbol. */
const codes: readonly (readonly [bits: string, symbol: number])[] = [
  ["00000", 0x30],
  ["01001", 0x74],
  ["010100", 0x20],
  ["101101", 0x75],
  ["1011100", 0x3a],
  ["1111011", 0x7a],
  ["11111000", 0x26],
  ["11111101", 0x5a],
  ["1111111000", 0x21],
  ["1111111100", 0x3f],
  ["11111111010", 0x27],
  ["11111111100", 0x7c],
  ["111111111010", 0x23],
  ["111111111011", 0x3e],
  ["1111111111000", 0x00],
  ["1111111111101", 0x7e],
  ["11111111111100", 0x5e],
  ["11111111111101", 0x7d],
  ["111111111111100", 0x3c],
  ["111111111111110", 0x7b],
  ["1111111111111110000", 0x5c],
  ["1111111111111110010", 0xd0],
  ["11111111111111100110", 0x80],
  ["11111111111111101101", 0xe2],
  ["111111111111111011100", 0x99],
  ["111111111111111101000", 0xe6],
  ["1111111111111111010010", 0x81],
  ["1111111111111111101011", 0xe9],
  ["11111111111111111011000", 0x01],
  ["11111111111111111110100", 0xef],
  ["111111111111111111101010", 0x09],
  ["111111111111111111110101", 0xed],
  ["1111111111111111111101100", 0xc7],
  ["1111111111111111111101111", 0xeb],
  ["11111111111111111111100000", 0xc0],
  ["11111111111111111111101110", 0xff],
  ["111111111111111111111011110", 0xcb],
  ["111111111111111111111110000", 0xfe],
  ["1111111111111111111111100010", 0x02],
  ["1111111111111111111111111110", 0xf9],
  ["111111111111111111111111111100", 0x0a],
  ["111111111111111111111111111110", 0x16],
];

describe("Huffman's code of RFC 7541", () => {
  it.each([
    ["", ""],
    ["f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com"],
    ["a8eb 1064 9cbf", "no-cache"],
    ["25a8 49e9 5bb8 e8b4 bf", "custom-value"],
    ["6402", "302"],
  ])("%s", (hex, text) => {
    expect(decoded(hex)).toBe(text);
  });

  it.each(codes)("%s", (bits, symbol) => {
    const filled = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
    const bytes = Uint8Array.from(filled.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
    expect([...decodeHuffman(bytes, 0, bytes.length)]).toEqual([symbol]);
  });

  it.each([
    ["EOS", "ffff fffc"],
    ["a byte of padding", "a8eb 1064 9cbf ff"],
    ["padding of zeros", "a8eb 1064 9cb0"],
    ["eight ones", "ff"],
  ])("%s is refused", (_, hex) => {
    expect(() => decoded(hex)).toThrow(MalformedError);
  });
});
