/*
 * Addresses for others: every address of a capture gets one of the same kind, in order of appearance.
 *
 * Kinds are kept because findings tell them apart (private, shared by carriers, link-local …), and so is the length of an
 * IPv4 address as text, because addresses stand in CONNECT requests, too, where nothing may move. Public hosts become
 * hosts of documentation networks (RFC 5737, RFC 3849), then of networks that never had public hosts. Loopback,
 * unspecified, broadcast and multicast addresses say nothing of anybody and stay.
 */
import { addressText } from "../bytes/text.ts";
import { parseAddress } from "../gomod/ip-address.ts";
import { addressLiteral } from "./edits.ts";

/** More addresses of one kind and length than there are others for. */
export class AddressesExhausted extends Error {
  override readonly name = "AddressesExhausted";
}

export class AddressMap {
  /** By address as a number. */
  readonly #ipv4 = new Map<number, number>();
  /** By canonical text, network and host of the address for others. */
  readonly #ipv6 = new Map<string, Uint8Array>();
  readonly #pools = new Map<string, Iterator<number>>();
  readonly #hosts = new Map<string, number>();
  readonly #macs = new Map<number, number>();
  readonly #kept = new Set<string>();

  /** Leaves an address as it is wherever it stands, because it stands where it cannot be changed. */
  keep(text: string): void {
    const address = parseAddress(text);
    if (address === undefined) return;
    const canonical = addressText(Uint8Array.from(address), 0, address.length === 4 ? 4 : 16);
    this.#kept.add(canonical);
    this.#ipv6.delete(canonical);
  }

  /** Addresses that are left as they are, in canonical text. */
  get kept(): ReadonlySet<string> {
    return this.#kept;
  }

  /** The text with other addresses in it, however long these are. Throws: AddressesExhausted. */
  rewriteText(text: string): string {
    return text.replace(addressLiteral, (literal) => {
      const address = parseAddress(literal);
      if (address === undefined) return literal;
      const bytes = Uint8Array.from(address);
      const length = bytes.length === 4 ? 4 : 16;
      this.replace(bytes, 0, length);
      return addressText(bytes, 0, length);
    });
  }

  /** Replaces the address at that offset. Throws: AddressesExhausted. */
  replace(bytes: Uint8Array, at: number, length: 4 | 16): void {
    if (length === 4) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, 4);
      view.setUint32(0, this.ipv4(view.getUint32(0)));
    } else {
      this.#replaceIpv6(bytes, at);
    }
  }

  /** The address for an IPv4 address, both as numbers. Throws: AddressesExhausted. */
  ipv4(address: number): number {
    const known = this.#ipv4.get(address);
    if (known !== undefined) return known;
    const other = this.#another(address);
    this.#ipv4.set(address, other);
    return other;
  }

  /**
   * The text for an address as it is written, in as many characters; undefined where the text is no address, or where
   * there is none of that length. Throws: AddressesExhausted.
   */
  textFor(text: string): string | undefined {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    if (!text.includes(":")) return ipv4Text(this.ipv4(numberOf(address)));
    if (address.length === 4) return undefined;
    const bytes = Uint8Array.from(address);
    this.replace(bytes, 0, 16);
    if (address.every((byte, n) => byte === bytes[n])) return text;
    return ipv6TextOf(bytes, text.length);
  }

  /** Replaces the hardware address at that offset. Group addresses and zeros stay. */
  replaceMac(bytes: Uint8Array, at: number): void {
    if ((bytes[at] & 1) === 1) return;
    let address = 0;
    for (let n = 0; n < 6; n++) address = address * 256 + bytes[at + n];
    if (address === 0) return;
    let other = this.#macs.get(address);
    if (other === undefined) this.#macs.set(address, (other = this.#macs.size + 1));
    // Locally administered: no maker's.
    bytes.set([2, 0, other >>> 24, other >>> 16, other >>> 8, other], at);
  }

  #another(address: number): number {
    const length = textLength(address);
    const kind = kinds.find((network) => isIn(address, network)) ?? publicKind;
    if (kind.pools.length === 0 || address === 0xffffffff || this.#kept.has(ipv4Text(address))) return address;
    const key = `${kind.base}/${kind.bits} ${length}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) this.#pools.set(key, (pool = hostsOf(kind.pools, length)));
    for (let next = pool.next(); next.done !== true; next = pool.next()) {
      if (!this.#kept.has(ipv4Text(next.value))) return next.value;
    }
    throw new AddressesExhausted(`more addresses like ${ipv4Text(address)} than there are others for them`);
  }

  #replaceIpv6(bytes: Uint8Array, at: number): void {
    const text = addressText(bytes, at, 16);
    const known = this.#ipv6.get(text);
    if (known !== undefined) {
      bytes.set(known, at);
      return;
    }
    if (!this.#kept.has(text)) this.#anotherIpv6(bytes, at);
    this.#ipv6.set(text, bytes.slice(at, at + 16));
  }

  #anotherIpv6(bytes: Uint8Array, at: number): void {
    const starts = (...head: number[]): boolean => head.every((byte, n) => bytes[at + n] === byte);
    const zeros = (from: number, to: number): boolean => bytes.subarray(at + from, at + to).every((byte) => byte === 0);
    if (bytes[at] === 0xff) {
      // ff02::1:ffXX:XXXX ends like the address that is looked for.
      if (starts(0xff, 0x02) && bytes[at + 11] === 1 && bytes[at + 12] === 0xff) bytes.fill(0, at + 13, at + 16);
      return;
    }
    const mapped = zeros(0, 10) && bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
    const translated = starts(0, 0x64, 0xff, 0x9b) && zeros(4, 12);
    if (mapped || translated) this.replace(bytes, at + 12, 4);
    else if (!zeros(0, 15) || bytes[at + 15] > 1) this.#nextHost(bytes, at);
  }

  #nextHost(bytes: Uint8Array, at: number): void {
    const linkLocal = bytes[at] === 0xfe && (bytes[at + 1] & 0xc0) === 0x80;
    const local = (bytes[at] & 0xfe) === 0xfc;
    const network = linkLocal ? [0xfe, 0x80, 0, 0] : local ? [0xfd, 0, 0, 0] : [0x20, 0x01, 0x0d, 0xb8];
    const key = String(network);
    bytes.fill(0, at, at + 16);
    bytes.set(network, at);
    do {
      const host = (this.#hosts.get(key) ?? 0) + 1;
      this.#hosts.set(key, host);
      bytes.set([host >>> 24, host >>> 16, host >>> 8, host], at + 12);
    } while (this.#kept.has(addressText(bytes, at, 16)));
  }
}

interface Network {
  readonly base: number;
  readonly bits: number;
}

/** Addresses of one kind, and the networks whose hosts stand for them; none where they stay. */
interface Kind extends Network {
  readonly pools: readonly Network[];
}

function network(text: string): Network {
  const [base, bits] = text.split("/");
  return { base: numberOf(parseAddress(base)!), bits: Number(bits) };
}

function numberOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

const stays = (text: string): Kind => ({ ...network(text), pools: [] });
const within = (text: string): Kind => ({ ...network(text), pools: [network(text)] });

const kinds: readonly Kind[] = [
  stays("0.0.0.0/8"),
  stays("127.0.0.0/8"),
  stays("224.0.0.0/4"),
  within("10.0.0.0/8"),
  within("172.16.0.0/12"),
  within("192.168.0.0/16"),
  within("169.254.0.0/16"),
  within("100.64.0.0/10"),
  within("198.18.0.0/15"),
  within("240.0.0.0/4"),
];

const publicKind: Kind = {
  ...network("0.0.0.0/0"),
  pools: ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "7.0.0.0/8", "214.0.0.0/8"].map(network),
};

function isIn(address: number, { base, bits }: Network): boolean {
  return address >>> (32 - bits) === base >>> (32 - bits);
}

/** Hosts of the networks, in order, whose text has that length. */
function* hostsOf(pools: readonly Network[], length: number): Iterator<number> {
  for (const { base, bits } of pools) {
    const last = base + 2 ** (32 - bits) - 1;
    for (let address = base + 1; address < last; address++) if (textLength(address) === length) yield address;
  }
}

function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Of an IPv4 address in dotted decimal. */
function textLength(address: number): number {
  let length = 3;
  for (let shift = 0; shift < 32; shift += 8) {
    const octet = (address >>> shift) & 255;
    length += octet > 99 ? 3 : octet > 9 ? 2 : 1;
  }
  return length;
}

/** An IPv6 address in that many characters, with zeros written out as far as needed. Spec: RFC 4291 §2.2. */
function ipv6TextOf(bytes: Uint8Array, length: number): string | undefined {
  const groups = Array.from({ length: 8 }, (_, n) => ((bytes[2 * n] << 8) | bytes[2 * n + 1]).toString(16));
  const head = groups.findIndex((group, n) => group === "0" && groups[n + 1] === "0");
  for (
    let tail = head;
    tail >= 0 && tail <= 8 && groups.slice(head, tail + 1).every((group) => group === "0");
    tail++
  ) {
    const shown = [groups.slice(0, head), groups.slice(tail + 1)];
    const text = padded(shown, length - 2);
    if (text !== undefined) return text.map((part) => part.join(":")).join("::");
  }
  return padded([groups], length)?.[0].join(":");
}

/** The groups with leading zeros, so that all of them and the colons between those of a part make up the length. */
function padded(parts: readonly (readonly string[])[], length: number): string[][] | undefined {
  let missing = length - parts.reduce((sum, part) => sum + part.join(":").length, 0);
  if (missing < 0) return undefined;
  const wide = parts.map((part) =>
    part.map((group) => {
      const zeros = Math.min(missing, 4 - group.length);
      missing -= zeros;
      return "0".repeat(zeros) + group;
    }),
  );
  return missing === 0 ? wide : undefined;
}
