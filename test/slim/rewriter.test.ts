import { describe, expect, it } from "vitest";
import { AddressMap } from "../../src/slim/address-map.ts";
import { FramePlan } from "../../src/slim/frame-plan.ts";
import { Rewriter } from "../../src/slim/rewriter.ts";
import { bytesOf, ethernet, frameOf, ipv4, tcp, udp } from "../build/packet.ts";
import { internetChecksum } from "../build/tcp-capture.ts";

const source = "0a010203";
const destination = "5db8d822";

function rewritten(bytes: Uint8Array): Uint8Array {
  const rewriter = new Rewriter({ frames: new FramePlan(), sides: new Map(), addresses: new AddressMap() });
  const out = rewriter.rewrite(frameOf(bytes)).slice();
  for (const address of [source, destination]) {
    expect(Buffer.from(out).includes(Buffer.from(address, "hex"))).toBe(false);
  }
  return out;
}

describe("Rewriter", () => {
  it("replaces addresses that an ICMP error quotes, and cuts behind what is read", () => {
    const quoted = ipv4(tcp(Buffer.from("GET / secret")), { source, destination });
    const quotedChecksum = internetChecksum(quoted.subarray(0, 20));
    quoted.set([quotedChecksum >> 8, quotedChecksum & 255], 10);
    const icmp = Uint8Array.from([3, 1, 0, 0, 0, 0, 0, 0, ...quoted.subarray(0, 28)]);
    const checksum = internetChecksum(icmp);
    icmp.set([checksum >> 8, checksum & 255], 2);
    const out = rewritten(
      ethernet(0x0800, ipv4(Uint8Array.from([...icmp]), { protocol: 1, source, destination: source })),
    );
    expect(out).toHaveLength(14 + 20 + 8 + 20 + 8);
    expect(internetChecksum(out.subarray(34))).toBe(0);
    expect(internetChecksum(out.subarray(42, 62))).toBe(0);
    expect(out.subarray(54, 58)).toEqual(out.subarray(26, 30));
  });

  it("replaces addresses in DNS answers", () => {
    const message = bytesOf(
      `1234 8180 0001 0001 0000 0000 01 61 00 0001 0001 c00c 0001 0001 0000003c 0004 ${destination}`,
    );
    const out = rewritten(ethernet(0x0800, ipv4(udp(message), { protocol: 17, source, destination })));
    expect(out.subarray(-4)).toEqual(out.subarray(30, 34));
  });

  it.each([
    ["ARP", ethernet(0x0806, bytesOf(`0001 0800 06 04 0001 020000000001 ${source} 000000000000 ${destination}`)), 14],
    ["a later fragment", ethernet(0x0800, ipv4(bytesOf(source.repeat(20)), { source, destination, offset: 80 })), 34],
    ["a segment of no connection", ethernet(0x0800, ipv4(tcp(Buffer.from("secret")), { source, destination })), 54],
    ["an unknown protocol", ethernet(0x0800, ipv4(bytesOf(source), { protocol: 132, source, destination })), 34],
    [
      "IP in IP",
      ethernet(
        0x0800,
        ipv4(ipv4(tcp(new Uint8Array(0)), { source, destination }), { protocol: 4, source, destination }),
      ),
      74,
    ],
    [
      "record route",
      ethernet(0x0800, ipv4(tcp(new Uint8Array(0)), { source, destination, options: bytesOf(`07070800${source}`) })),
      62,
    ],
  ])("keeps the headers of %s, without its addresses", (_, bytes, length) =>
    expect(rewritten(bytes)).toHaveLength(length),
  );

  it("keeps ports and numbers of the first fragment", () => {
    const first = ipv4(tcp(Buffer.from("secret and more of it")), { source, destination, more: true });
    expect(rewritten(ethernet(0x0800, first))).toHaveLength(14 + 20 + 20);
  });
});
