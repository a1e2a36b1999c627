/** TLS messages, built by hand. Of TLS 1.2 a handshake in clear and records of noise after it. Spec: RFC 5246, RFC 8446. */

/** The client's first flight, much like that of Go 1.19. */
export function clientHello(host, random) {
  const name = Buffer.from(host, "latin1");
  const extensions = Buffer.concat([
    extension(0x0000, vector(2, vector(0, Buffer.from([0])), vector(2, name))),
    extension(0x0005, Buffer.from("0100000000", "hex")),
    extension(0x000a, Buffer.from("0008001d001700180019", "hex")),
    extension(0x000b, Buffer.from("0100", "hex")),
    extension(0x000d, Buffer.from("00140804040308070805080604010501060105030603", "hex")),
    extension(0x0010, Buffer.from("000c02683208687474702f312e31", "hex")),
    extension(0x0012),
    extension(0x0017),
    extension(0xff01, Buffer.from([0])),
  ]);
  const suites = Buffer.from("c02bc02fc02cc030cca9cca8c009c013c00ac014", "hex");
  const body = [legacyVersion, random, Buffer.from([0]), vector(2, suites), Buffer.from("0100", "hex")];
  return handshake(1, Buffer.concat([...body, vector(2, extensions)]));
}

/** The first flight of TLS 1.3, with a key share of noise. */
export function clientHello13(host, random) {
  const extensions = Buffer.concat([
    extension(0x0000, vector(2, vector(0, Buffer.from([0])), vector(2, Buffer.from(host, "latin1")))),
    extension(0x000a, Buffer.from("0002001d", "hex")),
    extension(0x000d, Buffer.from("00020403", "hex")),
    extension(0x0010, Buffer.from("0003026832", "hex")),
    extension(0x002b, Buffer.from("020304", "hex")),
    extension(0x0033, vector(2, Buffer.from("001d", "hex"), vector(2, random))),
  ]);
  const session = vector(1, random);
  const body = [legacyVersion, random, session, vector(2, aes128Gcm13), Buffer.from("0100", "hex")];
  return handshake(1, Buffer.concat([...body, vector(2, extensions)]));
}

export function serverHello13(random) {
  const extensions = Buffer.concat([
    extension(0x002b, Buffer.from("0304", "hex")),
    extension(0x0033, Buffer.from("001d", "hex"), vector(2, random)),
  ]);
  const body = [legacyVersion, random, vector(1, random), aes128Gcm13, Buffer.from([0]), vector(2, extensions)];
  return handshake(2, Buffer.concat(body));
}

/** ServerHello, Certificate, ServerKeyExchange and ServerHelloDone, each in its own record. */
export function serverFlight(certificates, random, noise) {
  const extensions = Buffer.concat([
    extension(0xff01, Buffer.from([0])),
    extension(0x0010, Buffer.from("0003026832", "hex")),
  ]);
  const hello = [legacyVersion, random, Buffer.from([0]), Buffer.from("c02f00", "hex"), vector(2, extensions)];
  const chain = vector(3, ...certificates.map((certificate) => vector(3, certificate)));
  const keyExchange = [Buffer.from("03001d20", "hex"), noise.subarray(0, 32), Buffer.from("0401", "hex")];
  return Buffer.concat([
    handshake(2, Buffer.concat(hello)),
    handshake(11, chain),
    handshake(12, Buffer.concat([...keyExchange, vector(2, noise.subarray(32, 288))])),
    handshake(14, Buffer.alloc(0)),
  ]);
}

/** ClientKeyExchange, ChangeCipherSpec and an encrypted Finished. */
export function clientFinish(noise) {
  const keyExchange = handshake(16, vector(1, noise.subarray(0, 32)));
  return Buffer.concat([keyExchange, serverFinish(noise)]);
}

export function serverFinish(noise) {
  return Buffer.concat([record(20, Buffer.from([1])), record(22, noise.subarray(0, 40))]);
}

/** An application record around `plain` bytes: AES-GCM adds a nonce of 8 and a tag of 16. */
export function applicationRecord(noise, plain) {
  return record(23, noise.subarray(0, plain + 24));
}

function handshake(type, body) {
  return record(22, Buffer.concat([Buffer.from([type]), vector(3, body)]));
}

function record(contentType, fragment) {
  return Buffer.concat([Buffer.from([contentType]), legacyVersion, vector(2, fragment)]);
}

export function extension(type, ...parts) {
  return Buffer.concat([Buffer.from([type >> 8, type & 0xff]), vector(2, ...parts)]);
}

/** The parts behind their length in `width` bytes; a width of 0 writes no length. */
export function vector(width, ...parts) {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(width);
  if (width > 0) length.writeUIntBE(body.length, 0, width);
  return Buffer.concat([length, body]);
}

const aes128Gcm13 = Buffer.from("1301", "hex");
const legacyVersion = Buffer.from([0x03, 0x03]);
