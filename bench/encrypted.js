import { createCipheriv, createHmac } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";
import { Flag } from "./pcap-writer.js";
import { Random } from "./random.js";
import { clientHello13, extension, serverHello13, vector } from "./tls.js";

/**
 * Module zips over HTTP/2 in TLS 1.3 with AES-128-GCM, eight connections, until the capture has about `bytes`; the secrets
 * as lines of an NSS key log. Signature and Finished are noise: nobody who reads a capture can check them.
 *
 * Spec: RFC 8446 §5.2, §7.3; RFC 9113 §4; RFC 7541 §6.2.2.
 */
export function writeEncryptedZips(writer, bytes) {
  const random = new Random(3);
  const zip = moduleZip(random);
  const perConnection = Math.max(1, Math.round(bytes / connections / (zip.length * captureOverhead)));
  const keyLog = [];
  for (let n = 0; n < connections; n++) {
    const connection = new Connection(writer, n, random);
    keyLog.push(...connection.open());
    for (let request = 0; request < perConnection; request++) connection.download(1 + 2 * request, zip);
    connection.close();
  }
  return keyLog.join("\n") + "\n";
}

class Connection {
  #writer;
  #random;
  #n;
  #ends;
  #keys;

  constructor(writer, n, random) {
    this.#writer = writer;
    this.#random = random;
    this.#n = n;
    this.#ends = [
      { address: 0x0a00_0001, port: 40_000 + n, sequence: random.next() },
      { address: 0xc633_6401, port: 443, sequence: random.next() },
    ];
  }

  /** TCP and TLS handshake, and the connection preface; returns its lines of the key log. */
  open() {
    const clientRandom = this.#random.bytes(32);
    const secrets = secretLabels.map((label) => [label, this.#random.bytes(32)]);
    this.#segment(0, Flag.Syn);
    this.#segment(1, Flag.Syn | Flag.Ack);
    this.#segment(0, Flag.Ack);
    this.#send(0, clientHello13("proxy.golang.org", clientRandom));
    this.#send(1, serverHello13(this.#random.bytes(32)));
    this.#keys = [new Keys(secrets[0][1]), new Keys(secrets[1][1])];
    const alpn = extension(0x0010, Buffer.from("0003026832", "hex"));
    this.#sendRecord(1, message(8, vector(2, alpn)), handshakeType);
    this.#sendRecord(1, message(11, vector(0, Buffer.from([0])), vector(3)), handshakeType);
    this.#sendRecord(1, message(15, Buffer.from("0403", "hex"), vector(2, this.#random.bytes(70))), handshakeType);
    this.#sendRecord(1, message(20, this.#random.bytes(32)), handshakeType);
    this.#sendRecord(0, message(20, this.#random.bytes(32)), handshakeType);
    this.#keys = [new Keys(secrets[2][1]), new Keys(secrets[3][1])];
    const preface = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0, Buffer.alloc(0))]);
    this.#sendRecord(0, preface, dataType);
    this.#sendRecord(1, frame(4, 0, 0, Buffer.alloc(0)), dataType);
    return secrets.map(([label, secret]) => `${label} ${clientRandom.toString("hex")} ${secret.toString("hex")}`);
  }

  download(stream, zip) {
    const path = `/example.com/m${this.#n}/@v/v1.0.${stream}.zip`;
    const request = literals(
      [":method", "GET"],
      [":scheme", "https"],
      [":authority", "proxy.golang.org"],
      [":path", path],
    );
    this.#sendRecord(0, frame(1, 0x05, stream, request), dataType);
    const answer = literals(
      [":status", "200"],
      ["content-type", "application/zip"],
      ["content-length", `${zip.length}`],
    );
    this.#sendRecord(1, frame(1, 0x04, stream, answer), dataType);
    const chunk = 16_384 - 9;
    for (let at = 0; at < zip.length; at += chunk) {
      const last = at + chunk >= zip.length;
      this.#sendRecord(1, frame(0, last ? 1 : 0, stream, zip.subarray(at, at + chunk)), dataType);
    }
  }

  close() {
    this.#segment(0, Flag.Fin | Flag.Ack);
    this.#segment(1, Flag.Fin | Flag.Ack);
    this.#segment(0, Flag.Ack);
  }

  #sendRecord(direction, plain, contentType) {
    this.#send(direction, this.#keys[direction].seal(plain, contentType));
  }

  /** The bytes in segments, every second one acknowledged. */
  #send(direction, bytes) {
    let unacknowledged = 0;
    for (let at = 0; at < bytes.length; at += segmentLength) {
      this.#segment(direction, Flag.Ack, bytes, at, Math.min(bytes.length, at + segmentLength));
      if (++unacknowledged % 2 === 0) this.#segment(1 - direction, Flag.Ack);
    }
  }

  #segment(direction, flags, ...payload) {
    this.#writer.segment(this.#ends, direction, flags, ...payload);
  }
}

/** Record protection of one direction under one traffic secret. */
class Keys {
  #key;
  #iv;
  #sequence = 0;

  constructor(secret) {
    this.#key = expandLabel(secret, "key", 16);
    this.#iv = expandLabel(secret, "iv", 12);
  }

  seal(plain, contentType) {
    const nonce = Buffer.from(this.#iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.#sequence++) >>> 0, 8);
    const header = Buffer.from([dataType, 3, 3, 0, 0]);
    header.writeUInt16BE(plain.length + 1 + 16, 3);
    const cipher = createCipheriv("aes-128-gcm", this.#key, nonce);
    cipher.setAAD(header);
    const sealed = [cipher.update(plain), cipher.update(Buffer.from([contentType])), cipher.final()];
    return Buffer.concat([header, ...sealed, cipher.getAuthTag()]);
  }
}

function expandLabel(secret, label, length) {
  const info = Buffer.concat([Buffer.from([0, length]), vector(1, Buffer.from(`tls13 ${label}`)), Buffer.from([0, 1])]);
  return createHmac("sha256", secret).update(info).digest().subarray(0, length);
}

function message(type, ...body) {
  return Buffer.concat([Buffer.from([type]), vector(3, ...body)]);
}

function frame(type, flags, stream, payload) {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header[3] = type;
  header[4] = flags;
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** Fields without indexing and without Huffman coding. */
function literals(...fields) {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

function text(value) {
  return vector(1, Buffer.from(value, "latin1"));
}

/**
 * A zip as Go writes them, about 1.5 MB: 200 files of made-up words, deflated, their sizes in data descriptors.
 *
 * Spec: APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.16.
 */
function moduleZip(random) {
  const words = Array.from({ length: 2000 }, () => random.bytes(2 + random.below(8)).toString("hex"));
  const parts = [];
  const directory = [];
  let offset = 0;
  for (let n = 0; n < 200; n++) {
    const name = Buffer.from(`example.com/m@v1.0.0/file${n}.go`);
    const content = Buffer.from(Array.from({ length: 2500 }, () => words[random.below(words.length)]).join(" "));
    const deflated = deflateRawSync(content);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(deflated.length, 4);
    sizes.writeUInt32LE(content.length, 8);
    const nameLength = Buffer.from([name.length, 0]);
    const local = [zipSignature(3, 4), zipVersionToTime, Buffer.alloc(12), nameLength, noLength, name];
    const attributes = Buffer.alloc(16);
    attributes.writeUInt32LE(offset, 12);
    directory.push(zipSignature(1, 2), zipMadeBy, zipVersionToTime, sizes, nameLength, attributes, name);
    const bytes = Buffer.concat([...local, deflated, zipSignature(7, 8), sizes]);
    parts.push(bytes);
    offset += bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(200, 4);
  end.writeUInt16LE(200, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, zipSignature(5, 6), end]);
}

function zipSignature(a, b) {
  return Buffer.from([0x50, 0x4b, a, b]);
}

/** Version 2.0, sizes in a data descriptor, deflate, and no time. */
const zipVersionToTime = Buffer.from("14000800080000000000", "hex");
const zipMadeBy = Buffer.from("1400", "hex");
const noLength = Buffer.alloc(2);
const connections = 8;
const segmentLength = 1448;
/** Headers of segments, records and frames, and the acknowledgments, for each byte of content. */
const captureOverhead = 1.09;
const handshakeType = 22;
const dataType = 23;
const secretLabels = [
  "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
  "SERVER_HANDSHAKE_TRAFFIC_SECRET",
  "CLIENT_TRAFFIC_SECRET_0",
  "SERVER_TRAFFIC_SECRET_0",
];
