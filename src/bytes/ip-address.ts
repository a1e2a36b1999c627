/** IP addresses as text and as bytes, by the rules of Go's net. */
import { addressText } from "./text.ts";

/** Bytes of an address in text, 4 or 16; undefined where it is none. Zones and leading zeros are refused, as in Go. */
export function parseIp(text: string): Uint8Array | undefined {
  if (text.length > longestAddress) return undefined;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** An address as Go prints it: an IPv4-mapped one as IPv4. */
export function ipText(address: Uint8Array): string {
  const short = shortForm(address);
  return addressText(short, 0, short.length === 4 ? 4 : 16);
}

/** The 4 bytes of an IPv4-mapped address; others unchanged. */
export function shortForm(address: Uint8Array): Uint8Array {
  const mapped = address.length === 16 && address.subarray(0, 12).every((byte, at) => byte === (at < 10 ? 0 : 0xff));
  return mapped ? address.subarray(12) : address;
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.every((octet) => octet < 256) ? Uint8Array.from(octets) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(addressGroups);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const length = head.length + (tail?.length ?? 0);
  if (tail === undefined ? length !== 16 : length > 14) return undefined;
  // An IPv4 ending may only close the whole address.
  if (halves.length === 2 && halves[0].includes(".")) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(16 - length).fill(0), ...(tail ?? [])]);
}

function addressGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [at, group] of groups.entries()) {
    const ending = at === groups.length - 1 && group.includes(".") ? parseIpv4(group) : undefined;
    if (ending) bytes.push(...ending);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

const longestAddress = 45;
