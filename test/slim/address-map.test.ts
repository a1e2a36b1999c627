import { describe, expect, it } from "vitest";
import { AddressMap, AddressesExhausted } from "../../src/slim/address-map.ts";

describe("AddressMap", () => {
  it.each([
    ["8.8.8.8", "7.0.0.1"],
    ["93.184.216.34", "198.51.100.10"],
    ["151.101.193.194", "214.100.100.100"],
    ["10.200.30.4", "10.0.10.100"],
    ["192.168.1.1", "192.168.0.1"],
    ["172.31.255.1", "172.16.0.100"],
    ["100.64.1.1", "100.64.0.1"],
    ["169.254.169.254", "169.254.100.100"],
    ["198.18.0.9", "198.18.0.1"],
    ["127.0.0.1", "127.0.0.1"],
    ["0.0.0.0", "0.0.0.0"],
    ["255.255.255.255", "255.255.255.255"],
    ["224.0.0.251", "224.0.0.251"],
    ["::1", "::1"],
    ["ff02::fb", "ff02::fb"],
    ["fe80::5054:ff:fe12:3456", "fe80::0000:0000:0:0:0:1"],
    ["2001:db8:1:2:3:4:5:6", "2001:0db8::0:0:0:0:1"],
    ["fd12:3456::7", "fd00::00:0:1"],
  ])("has %s become %s, which is of its kind and length", (text, other) => {
    expect(new AddressMap().textFor(text)).toBe(other);
    expect(other).toHaveLength(text.length);
  });

  it("gives an address the same one always, and two of them two", () => {
    const addresses = new AddressMap();
    const once = ["9.9.9.9", "1.1.1.1", "9.9.9.9"].map((text) => addresses.textFor(text));
    expect(once).toEqual(["7.0.0.1", "7.0.0.2", "7.0.0.1"]);
    const bytes = Uint8Array.of(1, 1, 1, 1);
    addresses.replace(bytes, 0, 4);
    expect([...bytes]).toEqual([7, 0, 0, 2]);
  });

  it("keeps what it was told to, and gives it to nobody else", () => {
    const addresses = new AddressMap();
    addresses.keep("7.0.0.1");
    addresses.keep("2001:DB8::1");
    addresses.keep("no address");
    expect(addresses.textFor("7.0.0.1")).toBe("7.0.0.1");
    expect(addresses.textFor("9.9.9.9")).toBe("7.0.0.2");
    expect(addresses.textFor("2a00:1450:4001:81c::2004")).toMatch(/2$/);
    expect([...addresses.kept]).toEqual(["7.0.0.1", "2001:db8::1"]);
  });

  it("has no text for names, nor for addresses that are too short", () => {
    const addresses = new AddressMap();
    expect(["example.com", "1.2.3", "2a00::1", "1.2.3.400"].map((text) => addresses.textFor(text))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it("rewrites text of any kind", () => {
    expect(new AddressMap().rewriteText("host 8.8.8.8 or net 2a00::1, not v1.2.3.4")).toBe(
      "host 7.0.0.1 or net 2001:db8::1, not v1.2.3.4",
    );
  });

  it("maps addresses inside addresses", () => {
    const bytes = Uint8Array.from([...Array<number>(10).fill(0), 255, 255, 8, 8, 8, 8]);
    new AddressMap().replace(bytes, 0, 16);
    expect([...bytes.subarray(10)]).toEqual([255, 255, 7, 0, 0, 1]);
  });

  it("replaces hardware addresses but those of groups and of nobody", () => {
    const addresses = new AddressMap();
    const replaced = [
      [0x52, 0x54, 0, 1, 2, 3],
      [255, 255, 255, 255, 255, 255],
      [0x33, 0x33, 0, 0, 0, 1],
      [0, 0, 0, 0, 0, 0],
      [0x52, 0x54, 0, 1, 2, 3],
    ].map((address) => {
      const bytes = Uint8Array.from(address);
      addresses.replaceMac(bytes, 0);
      return Buffer.from(bytes).toString("hex");
    });
    expect(replaced).toEqual(["020000000001", "ffffffffffff", "333300000001", "000000000000", "020000000001"]);
  });

  it("says when there are no more", () => {
    const addresses = new AddressMap();

    const exhaust = (): void => {
      for (let n = 0; n < 100; n++) addresses.textFor(`9.9.9.${n % 10}`);
      for (let n = 0; n < 9000; n++)
        addresses.ipv4(
          ((n % 9) + 1) * 2 ** 24 +
            (((n / 9) % 10) | 0) * 65_536 +
            (((n / 90) % 10) | 0) * 256 +
            (((n / 900) % 10) | 0),
        );
    };
    expect(exhaust).toThrow(AddressesExhausted);
  });
});
