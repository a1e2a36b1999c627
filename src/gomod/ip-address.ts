/** Bytes of an IP address: 4, or 16. An IPv4-mapped IPv6 address counts as IPv4, as in Go's net.IP. */
export type AddressBytes = readonly number[];

/** Reads an address literal; undefined for names. Spec: RFC 4291 §2.2, RFC 6943 §3.1.1 (strict form). */
export function parseAddress(text: string): AddressBytes | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
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

function parseV4(text: string): AddressBytes | undefined {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): AddressBytes | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupBytes(half));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? mapped(head) : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return mapped([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

function groupBytes(half: string): number[] | undefined {
  const bytes: number[] = [];
  if (half === "") return bytes;
  const groups = half.split(":");
  for (const [at, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
      continue;
    }
    const dotted = at === groups.length - 1 ? parseV4(group) : undefined;
    if (dotted === undefined) return undefined;
    bytes.push(...dotted);
  }
  return bytes;
}

function mapped(bytes: readonly number[]): AddressBytes {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12) : bytes;
}
