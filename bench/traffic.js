import { Flag } from "./pcap-writer.js";
import { Random } from "./random.js";
import { applicationRecord, clientFinish, clientHello, serverFinish, serverFlight } from "./tls.js";

/**
 * `flows` TLS 1.2 downloads over the given chains, 32 at a time, until the capture has about `bytes`.
 * Two segments of 1448 bytes, then an acknowledgment, are 3134 bytes of capture for 2896 of stream.
 */
export function writeTlsDownloads(writer, { flows, bytes, chains }) {
  const random = new Random(1);
  const noise = random.bytes(17_000);
  const records = Buffer.concat([0, 1, 2, 3].map((n) => applicationRecord(noise.subarray(n * 100), 16_384)));
  const download = { period: records.length, bytes: Buffer.concat([records, records.subarray(0, segmentLength)]) };
  const perFlow = Math.max(1, Math.floor((bytes / flows - handshakeCost) * (2896 / 3134)));
  const active = [];
  let started = 0;
  while (started < flows || active.length > 0) {
    while (active.length < 32 && started < flows) {
      const chain = chains[started % chains.length];
      active.push(tlsDownload(writer, connectionOf(started), { chain, random, noise, download, length: perFlow }));
      started++;
    }
    for (let n = active.length - 1; n >= 0; n--) if (active[n].next().done) active.splice(n, 1);
  }
}

function connectionOf(flow) {
  const client = { address: 0x0a00_0001 + Math.floor(flow / 20_000), port: 20_000 + (flow % 20_000) };
  const server = { address: 0xc633_6401 + (flow % 200), port: 443 };
  return [
    { ...client, sequence: (flow * 2_654_435_761) >>> 0 },
    { ...server, sequence: (flow * 40_503 + 7) >>> 0 },
  ];
}

/** Yields after every burst, so that connections interleave as they do on a wire. */
function* tlsDownload(writer, connection, { chain, random, noise, download, length }) {
  const send = (direction, message) => {
    for (let at = 0; at < message.length; at += segmentLength) {
      const end = Math.min(at + segmentLength, message.length);
      writer.segment(connection, direction, end === message.length ? Flag.Ack | Flag.Psh : Flag.Ack, message, at, end);
    }
  };
  writer.segment(connection, 0, Flag.Syn);
  writer.segment(connection, 1, Flag.Syn | Flag.Ack);
  writer.segment(connection, 0, Flag.Ack);
  send(0, clientHello(chain.host, random.bytes(32)));
  yield;
  writer.segment(connection, 1, Flag.Ack);
  send(1, serverFlight(chain.certificates, random.bytes(32), noise));
  yield;
  send(0, clientFinish(noise));
  yield;
  send(1, serverFinish(noise));
  send(0, applicationRecord(noise, 180));
  yield;
  for (let at = 0; at < length; at += 2 * segmentLength) {
    const start = at % download.period;
    const next = (at + segmentLength) % download.period;
    writer.segment(connection, 1, Flag.Ack, download.bytes, start, start + segmentLength);
    writer.segment(connection, 1, Flag.Ack | Flag.Psh, download.bytes, next, next + segmentLength);
    writer.segment(connection, 0, Flag.Ack);
    yield;
  }
  writer.segment(connection, 1, Flag.Fin | Flag.Ack);
  writer.segment(connection, 0, Flag.Fin | Flag.Ack);
  writer.segment(connection, 1, Flag.Ack);
}

/** `packets` frames of 80 bytes over 3,000 connections in no order, both directions. */
export function writeSmallPackets(writer, { packets }) {
  const random = new Random(2);
  const noise = random.bytes(4096);
  const connections = Array.from({ length: 3000 }, (_, n) => [
    { address: 0x0a00_0001 + (n % 50), port: 30_000 + n, sequence: random.next() },
    { address: 0xc633_6401 + (n % 97), port: 9000 + (n % 7), sequence: random.next() },
  ]);
  for (const connection of connections) {
    writer.segment(connection, 0, Flag.Syn, undefined, 0, 0, 80);
    writer.segment(connection, 1, Flag.Syn | Flag.Ack, undefined, 0, 0, 80);
    writer.segment(connection, 0, Flag.Ack, undefined, 0, 0, 80);
  }
  while (writer.packets < packets) {
    const start = random.below(noise.length - 26);
    const connection = connections[random.below(connections.length)];
    writer.segment(connection, random.next() >>> 31, Flag.Ack | Flag.Psh, noise, start, start + 26, 80);
  }
}

/** A SYN to every port of one host, from as many source ports as it takes; each refused when `answered`. */
export function writeScanOfOneHost(writer, { connections, answered }) {
  for (let n = 0; n < connections; n++) {
    const port = 1 + (n % 65_535);
    probe(writer, { port: 40_000 + Math.floor(n / 65_535) }, { address: 0xc633_6401, port }, n, answered);
  }
}

/** A SYN to port 443 of host after host. */
export function writeScanOfManyHosts(writer, { connections, answered }) {
  for (let n = 0; n < connections; n++) {
    probe(writer, { port: 20_000 + (n % 40_000) }, { address: 0x1400_0001 + n, port: 443 }, n, answered);
  }
}

function probe(writer, client, server, n, answered) {
  const sequence = (n * 2_654_435_761) >>> 0;
  const connection = [
    { address: 0x0a00_0001, ...client, sequence },
    { ...server, sequence: 0 },
  ];
  writer.segment(connection, 0, Flag.Syn);
  if (answered) writer.segment(connection, 1, Flag.Rst | Flag.Ack);
}

const segmentLength = 1448;
/** Handshake, request and close of one download in the capture. */
const handshakeCost = 4600;
