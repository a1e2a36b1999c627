import { ByteReader } from "../bytes/byte-reader.ts";
import { MalformedError } from "../bytes/malformed.ts";
import { latin1 } from "../bytes/text.ts";

/*
 * Where addresses stand in a DNS message: A and AAAA records of every section, address hints of HTTPS and SVCB, the
 * client subnet of EDNS, and the names of reverse lookups. Layout of messages as in protocol/dns/message.ts; then
 *
 *   SVCB, HTTPS      priority 2, target name, parameters: key 2, length 2, value (4 and 6 are lists of addresses)
 *   OPT              options: code 2, length 2, value (8: family 2, prefix lengths 2, address)
 *
 * Spec: RFC 1035 §4, RFC 9460 §2.2, RFC 6891 §6.1.2, RFC 7871 §6.
 */

/** An address, or bytes that an address can be read from. */
export interface DnsPlace {
  readonly at: number;
  readonly length: number;
  /** `blank`: bytes that another value is written over, as no other address would fit. */
  readonly kind: "address" | "blank";
  readonly blank: number;
}

/** The places of one message, in order; undefined where it is no whole one. */
export function dnsPlaces(bytes: Uint8Array, start: number, end: number): DnsPlace[] | undefined {
  const places: DnsPlace[] = [];
  try {
    const reader = new ByteReader(bytes, "dns message", start, end);
    reader.skip(4);
    const questions = reader.u16();
    const records = reader.u16() + reader.u16() + reader.u16();
    for (let index = 0; index < questions; index++) {
      readName(reader, places);
      reader.skip(4);
    }
    for (let index = 0; index < records && reader.remaining > 0; index++) readRecord(reader, places);
    return places;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function readRecord(reader: ByteReader, places: DnsPlace[]): void {
  readName(reader, places);
  const type = reader.u16();
  reader.skip(6);
  const data = reader.child(reader.u16(), "rdata");
  if (type === 1 || type === 28) addAddresses(data, type === 1 ? 4 : 16, places);
  else if (type === 64 || type === 65) readService(data, places);
  else if (type === 41) readOptions(data, places);
}

function addAddresses(data: ByteReader, length: 4 | 16, places: DnsPlace[]): void {
  while (data.remaining >= length) {
    places.push({ at: data.offset, length, kind: "address", blank: 0 });
    data.skip(length);
  }
}

function readService(data: ByteReader, places: DnsPlace[]): void {
  data.skip(2);
  readName(data, places);
  while (data.remaining >= 4) {
    const key = data.u16();
    const value = data.child(data.u16(), "parameter");
    if (key === 4 || key === 6) addAddresses(value, key === 4 ? 4 : 16, places);
  }
}

function readOptions(data: ByteReader, places: DnsPlace[]): void {
  while (data.remaining >= 4) {
    const code = data.u16();
    const value = data.child(data.u16(), "option");
    if (code !== 8 || value.remaining <= 4) continue;
    value.skip(4);
    places.push({ at: value.offset, length: value.remaining, kind: "blank", blank: 0 });
  }
}

/** Goes over a name; of one below in-addr.arpa or ip6.arpa the labels before that are places. */
function readName(reader: ByteReader, places: DnsPlace[]): void {
  const labels: DnsPlace[] = [];
  let name = "";
  for (let length = reader.u8(); length !== 0; length = reader.u8()) {
    if (length >= 0xc0) {
      reader.skip(1);
      break;
    }
    if (length > 63) throw reader.malformed("bad-value");
    const at = reader.offset;
    reader.skip(length);
    name += `.${latin1(reader.bytes, at, at + length).toLowerCase()}`;
    if (/^[0-9a-f]{1,3}$/i.test(name.slice(name.lastIndexOf(".") + 1))) {
      labels.push({ at, length, kind: "blank", blank: 0x30 });
    }
  }
  if (/\.(?:in-addr|ip6)\.arpa$/.test(name)) places.push(...labels);
}
