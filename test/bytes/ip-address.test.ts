import { describe, expect, it } from "vitest";
import { ipText, parseIp } from "../../src/bytes/ip-address.ts";

const addresses: readonly [text: string, hex: string | undefined, canonical?: string][] = [
  ["192.0.2.7", "c0000207"],
  ["192.0.2.07", undefined],
  ["192.0.2.256", undefined],
  ["192.0.2", undefined],
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["2001:DB8::1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["::ffff:192.0.2.7", "00000000000000000000ffffc0000207", "192.0.2.7"],
  ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
  ["1:2:3:4:5:6:7::", "00010002000300040005000600070000", "1:2:3:4:5:6:7:0"],
  ["1:2:3:4:5:6:7:8::", undefined],
  ["1::2::3", undefined],
  ["1:2:3:4:5:6:7", undefined],
  ["::1%eth0", undefined],
  ["1.2.3.4::", undefined],
  [":1:2:3:4:5:6:7", undefined],
  ["12345::", undefined],
];

describe("addresses in text", () => {
  it.each(addresses)("%s", (text, hex, canonical = text) => {
    const bytes = parseIp(text);
    expect(bytes && Buffer.from(bytes).toString("hex")).toBe(hex);
    if (bytes) expect(ipText(bytes)).toBe(canonical);
  });
});
