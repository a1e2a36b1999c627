import { parseIp, shortForm } from "../bytes/ip-address.ts";

/** Bytes of an IP address: 4, or 16. An IPv4-mapped IPv6 address counts as IPv4, as in Go's net.IP. */
export type AddressBytes = readonly number[];

/** Reads an address literal; undefined for names. Spec: RFC 4291 §2.2, RFC 6943 §3.1.1 (strict form). */
export function parseAddress(text: string): AddressBytes | undefined {
  const address = parseIp(text);
  return address && [...shortForm(address)];
}

/** Whether an address lies in a network of so many leading bits. Addresses of the other family never do. */
export function inNetwork(network: AddressBytes, bits: number, address: AddressBytes): boolean {
  if (network.length !== address.length || bits > network.length * 8) return false;
  return network.every((byte, at) => {
    const kept = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff00 >> kept) & 0xff;
    return (byte & mask) === (address[at] & mask);
  });
}

/** What network without public hosts an address lies in: `private`, `documentation`; undefined for all others. */
export function specialNetwork(text: string): string | undefined {
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  return specialNetworks.find(([base, bits]) => inNetwork(parseAddress(base) ?? [], bits, address))?.[2];
}

/** Spec: IANA special-purpose address registries, those that are not globally reachable. */
const specialNetworks: readonly (readonly [network: string, bits: number, what: string])[] = [
  ["0.0.0.0", 8, "this host"],
  ["127.0.0.0", 8, "loopback"],
  ["10.0.0.0", 8, "private"],
  ["172.16.0.0", 12, "private"],
  ["192.168.0.0", 16, "private"],
  ["169.254.0.0", 16, "link-local"],
  ["100.64.0.0", 10, "shared by carriers"],
  ["192.0.2.0", 24, "documentation"],
  ["198.51.100.0", 24, "documentation"],
  ["203.0.113.0", 24, "documentation"],
  ["198.18.0.0", 15, "for benchmarks; local proxy programs answer so"],
  ["240.0.0.0", 4, "reserved"],
  ["::", 127, "unspecified or loopback"],
  ["fe80::", 10, "link-local"],
  ["fc00::", 7, "private"],
  ["2001:db8::", 32, "documentation"],
];
