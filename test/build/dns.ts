/** Parts of DNS messages. */
const u16 = (value: number): number[] => [value >> 8, value & 0xff];

function dnsName(name: string): number[] {
  const labels = name === "" ? [] : name.split(".");
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]), 0];
}

export interface Record {
  readonly name: string;
  readonly type: number;
  readonly data: readonly number[];
  readonly ttl?: number;
}

export interface Message {
  readonly id?: number;
  readonly flags?: number;
  readonly name: string;
  readonly type?: number;
  readonly answers?: readonly Record[];
  readonly additional?: readonly Record[];
}

/** A DNS message without compression. */
export function dnsMessage(message: Message): Uint8Array {
  const { answers = [], additional = [] } = message;
  return Uint8Array.from([
    ...u16(message.id ?? 0x1234),
    ...u16(message.flags ?? (answers.length > 0 ? 0x8180 : 0x0100)),
    ...u16(1),
    ...u16(answers.length),
    ...u16(0),
    ...u16(additional.length),
    ...dnsName(message.name),
    ...u16(message.type ?? 1),
    ...u16(1),
    ...[...answers, ...additional].flatMap(recordBytes),
  ]);
}

function recordBytes(record: Record): number[] {
  const ttl = record.ttl ?? 60;
  const head = [...dnsName(record.name), ...u16(record.type), ...u16(1), ...u16(ttl >> 16), ...u16(ttl & 0xffff)];
  return [...head, ...u16(record.data.length), ...record.data];
}

export function address(name: string, ...octets: readonly number[]): Record {
  return { name, type: octets.length === 4 ? 1 : 28, data: octets };
}

export function alias(name: string, target: string): Record {
  return { name, type: 5, data: dnsName(target) };
}

/** A message behind its length, as over TCP. */
export function overTcp(message: Uint8Array): Uint8Array {
  return Uint8Array.from([...u16(message.length), ...message]);
}
