/*
 * DNS message. Spec: RFC 1035 §4, RFC 9460 (HTTPS, SVCB), RFC 6891 (OPT: ignored).
 *
 *   id       2   copied into the answer
 *   flags    2   QR 1, OPCODE 4, AA 1, TC 1, RD 1, RA 1, Z 1, AD 1, CD 1, RCODE 4
 *   qdcount, ancount, nscount, arcount   2 each
 *   question         name, type 2, class 2
 *   resource record  name, type 2, class 2, ttl 4, rdlength 2, rdata
 *   name             labels (length 1, bytes) up to a zero, or a pointer (0xc000 | offset 14 bits) to an earlier name
 */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { MalformedError } from "../../bytes/malformed.ts";
import { addressText } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
import type { DnsAnswer } from "./facts.ts";

/** A parsed message: its first question, and the answers up to the cap. Text is untrusted. */
export interface DnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly truncated: boolean;
  readonly responseCode: number;
  /** Number of questions; `name` and `type` are those of the first, empty and 0 without one. */
  readonly questions: number;
  readonly name: string;
  readonly type: number;
  readonly answers: readonly DnsAnswer[];
}

/**
 * A message that fills the range.
 *
 * Shape: names lower case, without the final dot; a dot or backslash inside a label is escaped by a backslash, anything
 * not printable as `\DDD` (RFC 1035 §5.1). Throws: `truncated`, `trailing`, `too-large`, `too-deep`,
 * `bad-value`, `bad-length`.
 * Ignores: authority and additional records, answers of other classes than IN, and the records of a truncated message:
 * they are asked for again (RFC 2181 §9).
 */
export function parseDnsMessage(bytes: Uint8Array, start: number, end: number): DnsMessage {
  const reader = new ByteReader(bytes, "dns message", start, end);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16() + reader.u16()] as const;
  const truncated = (flags & 0x0200) !== 0;
  let name = "";
  let type = 0;
  for (let index = 0; index < counts[0]; index++) {
    if (index === 0) name = readName(reader, start);
    else skipName(reader);
    const questionType = reader.u16();
    if (index === 0) type = questionType;
    reader.skip(2);
  }
  const answers: DnsAnswer[] = [];
  if (!truncated) {
    readRecords(reader, start, counts[1], answers);
    readRecords(reader, start, counts[2], undefined);
    reader.expectEnd();
  }
  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    truncated,
    responseCode: flags & 15,
    questions: counts[0],
    name,
    type,
    answers,
  };
}

function readRecords(reader: ByteReader, start: number, count: number, answers: DnsAnswer[] | undefined): void {
  for (let index = 0; index < count; index++) {
    const kept = answers !== undefined && answers.length < limits.dnsAnswers;
    const name = kept ? readName(reader, start) : skipName(reader);
    const type = reader.u16();
    const recordClass = reader.u16();
    reader.skip(4);
    const data = reader.child(reader.u16(), "rdata");
    if (kept && recordClass === 1) answers.push(readAnswer(name, type, data, start));
  }
}

/** Whether a record's type, or a question's, is of addresses. */
export function isAddressType(type: string): type is "A" | "AAAA" {
  return type === "A" || type === "AAAA";
}

function readAnswer(name: string, type: number, data: ByteReader, start: number): DnsAnswer {
  switch (type) {
    case DnsType.A:
    case DnsType.Aaaa: {
      const length = type === DnsType.A ? 4 : 16;
      if (data.remaining !== length) throw data.malformed("bad-length");
      const value = addressText(data.bytes, data.offset, length);
      return { name, type: type === DnsType.A ? "A" : "AAAA", value };
    }
    case DnsType.Cname: {
      const value = readName(data, start);
      data.expectEnd();
      return { name, type: "CNAME", value };
    }
    case DnsType.Https:
    case DnsType.Svcb: {
      data.skip(2);
      // RFC 9460 §2.5: "." stands for the owner in service mode.
      const target = readName(data, start);
      return { name, type: type === DnsType.Https ? "HTTPS" : "SVCB", value: target === "" ? name : target };
    }
    default:
      return { name, type: "other", value: "" };
  }
}

/**
 * Reads a name, compressed or not. Every pointer must lead before the labels that led to it, so that no chain of them
 * can loop; and a name of 127 labels needs no more than that many of them.
 */
function readName(reader: ByteReader, messageStart: number): string {
  let text = "";
  let wireLength = 1;
  let at = reader;
  let labelsStart = reader.offset;
  let pointers = 0;
  for (;;) {
    const length = at.u8();
    if (length === 0) return text;
    if (length >= 0xc0) {
      const target = messageStart + (((length & 0x3f) << 8) | at.u8());
      if (target >= labelsStart) throw at.malformed("bad-value");
      if (++pointers > 127) throw at.malformed("too-deep");
      at = new ByteReader(reader.bytes, "name", target, labelsStart);
      labelsStart = target;
      continue;
    }
    if (length > 63) throw at.malformed("bad-value");
    wireLength += length + 1;
    if (wireLength > 255) throw at.malformed("too-large");
    text = text === "" ? labelText(at, length) : `${text}.${labelText(at, length)}`;
  }
}

function labelText(reader: ByteReader, length: number): string {
  let text = "";
  for (let index = 0; index < length; index++) {
    const byte = reader.u8();
    if (byte === 0x2e || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte <= 0x20 || byte >= 0x7f) text += `\\${byte.toString().padStart(3, "0")}`;
    else text += String.fromCharCode(byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
  }
  return text;
}

function skipName(reader: ByteReader): string {
  for (;;) {
    const length = reader.u8();
    if (length === 0) return "";
    if (length >= 0xc0) {
      reader.skip(1);
      return "";
    }
    if (length > 63) throw reader.malformed("bad-value");
    reader.skip(length);
  }
}

/**
 * Whether the range is, beyond reasonable doubt, a DNS query or answer: judged without the port, so strict.
 *
 * Returns true only when every byte is accounted for by one question about the Internet class, its records and nothing
 * else. Cost: the first twelve bytes settle nearly all that is not DNS.
 */
export function isPlausibleDns(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 17 || !isPlausibleHeader(bytes, start)) return false;
  try {
    const message = parseDnsMessage(bytes, start, end);
    return message.name !== "" && dnsTypeNames.has(message.type) && !message.name.includes("\\");
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}

/** Whether twelve bytes can be the header of a message with one question: flags and counts fit together. */
export function isPlausibleHeader(bytes: Uint8Array, start: number): boolean {
  const flags = (bytes[start + 2] << 8) | bytes[start + 3];
  const count = (index: number): number => (bytes[start + 4 + 2 * index] << 8) | bytes[start + 5 + 2 * index];
  if ((flags & 0x7840) !== 0 || count(0) !== 1) return false;
  if ((flags & 0x8000) !== 0) return (flags & 15) <= 10 && count(1) <= 512 && count(2) <= 64 && count(3) <= 512;
  // A query neither answers, nor is cut, nor carries a response code; OPT and TSIG may be added.
  return (flags & 0x068f) === 0 && count(1) === 0 && count(2) === 0 && count(3) <= 2;
}

/** QTYPE as a name, `TYPE65280` where it has none here (RFC 3597 §5). */
export function dnsTypeName(type: number): string {
  return dnsTypeNames.get(type) ?? `TYPE${type}`;
}

/** RCODE as a name, `RCODE11` where it has none here. */
export function responseCodeName(code: number): string {
  return responseCodes[code] ?? `RCODE${code}`;
}

/** Types that the program looks into. */
const DnsType = { A: 1, Cname: 5, Aaaa: 28, Svcb: 64, Https: 65 } as const;

/** IANA DNS parameters, resource record types, 2025. */
const dnsTypeNames: ReadonlyMap<number, string> = new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [13, "HINFO"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [35, "NAPTR"],
  [39, "DNAME"],
  [43, "DS"],
  [46, "RRSIG"],
  [47, "NSEC"],
  [48, "DNSKEY"],
  [50, "NSEC3"],
  [52, "TLSA"],
  [64, "SVCB"],
  [65, "HTTPS"],
  [99, "SPF"],
  [252, "AXFR"],
  [255, "ANY"],
  [257, "CAA"],
]);

/** IANA DNS parameters, RCODEs that fit the header, 2025. */
const responseCodes = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
] as const;
