/**
 * Times the decrypt stage against a bare loop of node:crypto over the same records: TLS 1.3 with AES-128-GCM, 16 KiB of
 * data each. Prints how many times as long as the bare loop the stage takes, median of the rounds.
 *
 * The stage is what stands between the bytes of a stream and the plaintext: records put together from segments, nonce and
 * additional data made, record opened. The bare loop gets records whole and nonces made.
 */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import { AeadCipher } from "../dist/protocol/tls/record-cipher.js";
import { DirectionKeys } from "../dist/protocol/tls/direction-keys.js";
import { RecordGatherer } from "../dist/protocol/tls/record-gatherer.js";
import { protectionOf } from "../dist/protocol/tls/protection.js";
import { TlsSecrets } from "../dist/protocol/tls/secrets.js";
import { Moment } from "../dist/stream/consumer.js";
import { median } from "./measure.js";
import { Random } from "./random.js";

const count = 2_000;
const rounds = 15;
const dataLength = 16_384;
const segmentLength = 1_448;
const tls13 = 0x0304;
const applicationData = 23;

const random = new Random(1);
const keyBytes = random.bytes(16);
const iv = random.bytes(12);
const key = createSecretKey(keyBytes);
const records = Array.from({ length: count }, (_, sequence) => seal(sequence));

function seal(sequence) {
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
  const length = dataLength + 1 + 16;
  const additional = Buffer.from([applicationData, 3, 3, length >> 8, length & 0xff]);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  cipher.setAAD(additional);
  const content = cipher.update(Buffer.concat([random.bytes(dataLength), Buffer.of(applicationData)]));
  cipher.final();
  return { fragment: Buffer.concat([content, cipher.getAuthTag()]), nonce, additional };
}

function bare() {
  let opened = 0;
  for (const { fragment, nonce, additional } of records) {
    const end = fragment.length - 16;
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAuthTag(fragment.subarray(end));
    decipher.setAAD(additional);
    opened += decipher.update(fragment.subarray(0, end)).length;
    decipher.final();
  }
  return opened;
}

function stage() {
  const keys = new DirectionKeys();
  keys.offer(new AeadCipher(protectionOf(0x1301), keyBytes, iv, tls13));
  keys.advance();
  let opened = 0;
  const gatherer = new RecordGatherer(1, new Moment(), new TlsSecrets(), {
    openRecord(_direction, type, lent, start, end) {
      opened += keys.open(type, lent, start, end).length;
    },
    brokenRecord() {
      throw new Error("a record is broken");
    },
  });
  gatherer.open();
  for (const { fragment } of records) {
    gatherer.recordStart(applicationData, fragment.length);
    for (let at = 0; at < fragment.length; at += segmentLength) {
      gatherer.recordBytes(fragment, at, Math.min(fragment.length, at + segmentLength), 1);
    }
    gatherer.recordEnd(1);
  }
  return opened;
}

function seconds(work) {
  const start = process.hrtime.bigint();
  if (work() !== count * (dataLength + 1)) throw new Error("not every record was opened");
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const ratios = [];
for (let round = 0; round <= rounds; round++) {
  const ratio = seconds(stage) / seconds(bare);
  if (round > 0) ratios.push(ratio);
}
console.log(median(ratios).toFixed(3));
