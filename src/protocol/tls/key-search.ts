/**
 * What a missing hello would have told about the keys, found by trial: a record authenticates under the right ones alone.
 *
 *   no ServerHello   the cipher suite of TLS 1.3; up to TLS 1.2 keys need the server's random, so nothing helps there
 *   no ClientHello   the client random, by which a key log names a connection
 *   neither          both, and the place in the sequence of records, where TLS 1.3 protects data
 */
import { limits } from "../../limits.ts";
import type { Direction } from "../../stream/consumer.ts";
import { DirectionKeys, type Epochs } from "./direction-keys.ts";
import type { ConnectionSecrets } from "./key-log.ts";
import { protectionOf, type AeadProtection, type Protection } from "./protection.ts";
import type { WaitingRecord } from "./record-gatherer.ts";
import type { FoundSecrets, TlsSecrets } from "./secrets.ts";
import type { ServerHello } from "./server-hello.ts";
import { masterCiphers, TrafficEpochs } from "./traffic-keys.ts";

/** Cipher suites of TLS 1.3. Spec: RFC 8446 §B.4. */
const suites13 = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];
const tls13 = 0x0304;

/** The cipher suite under whose keys one of the waiting records authenticates; `missing` bytes went by before them. */
export function findCipherSuite(
  secrets: ConnectionSecrets,
  direction: Direction,
  waiting: readonly WaitingRecord[],
  missing: number,
): number | undefined {
  return suites13.find((suite) => opens(epochs13(protectionOf(suite), secrets, direction), waiting, missing));
}

/** The secrets, of connections that were not seen, under which one of the server's waiting records authenticates. */
export function findSecrets(
  log: TlsSecrets,
  { hello, serverRandom }: { readonly hello: ServerHello; readonly serverRandom: Uint8Array },
  waiting: readonly WaitingRecord[],
  missing: number,
): FoundSecrets | undefined {
  const { cipherSuite, negotiatedVersion: version, encryptThenMac } = hello;
  const protection = protectionOf(cipherSuite);
  if (protection === undefined) return undefined;
  return log.tryUnseen((secrets, random) => {
    if (version >= tls13) return opens(epochs13(protection, secrets, 1), waiting, missing);
    const { master } = secrets;
    if (master === undefined) return false;
    const clientRandom = Buffer.from(random, "hex");
    const [, cipher] = masterCiphers({ protection, version, master, clientRandom, serverRandom, encryptThenMac });
    return opens({ dataEpoch: 0, cipher: (epoch) => (epoch === 0 ? cipher : undefined) }, waiting, missing);
  });
}

/** The connection that was not seen, and its cipher suite, under whose keys of data the waiting record authenticates. */
export function findConnection(
  log: TlsSecrets,
  direction: Direction,
  waiting: readonly WaitingRecord[],
): { readonly found: FoundSecrets; readonly cipherSuite: number } | undefined {
  let cipherSuite: number | undefined;
  const found = log.tryUnseen((secrets) => {
    cipherSuite = suites13.find((suite) =>
      opens(dataEpochs(protectionOf(suite), secrets, direction), waiting, "unknown"),
    );
    return cipherSuite !== undefined;
  }, limits.sequenceTrials * suites13.length);
  return found && cipherSuite !== undefined ? { found, cipherSuite } : undefined;
}

/** The epochs of a direction that was joined behind its handshake; undefined where the secret is none of that suite. */
export function dataEpochs(
  protection: Protection | undefined,
  { clientTraffic, serverTraffic }: ConnectionSecrets,
  direction: Direction,
): Epochs | undefined {
  const traffic = direction === 0 ? clientTraffic : serverTraffic;
  return isFor(protection, traffic) ? new TrafficEpochs(protection, [() => undefined], () => traffic) : undefined;
}

function epochs13(
  protection: Protection | undefined,
  secrets: ConnectionSecrets,
  direction: Direction,
): Epochs | undefined {
  const { clientHandshake, clientTraffic, serverHandshake, serverTraffic } = secrets;
  const [handshake, traffic] = direction === 0 ? [clientHandshake, clientTraffic] : [serverHandshake, serverTraffic];
  if (!isFor(protection, handshake ?? traffic)) return undefined;
  return new TrafficEpochs(protection, [() => handshake], () => traffic);
}

/* A secret is as long as the hash of its suite. */
function isFor(protection: Protection | undefined, secret: Uint8Array | undefined): protection is AeadProtection {
  return protection?.kind === "aead" && secret?.length === hashLengths[protection.hash];
}

const hashLengths = { sha256: 32, sha384: 48 } as const;

function opens(epochs: Epochs | undefined, waiting: readonly WaitingRecord[], missing: number | "unknown"): boolean {
  if (epochs === undefined) return false;
  const keys = new DirectionKeys();
  keys.begin(epochs);
  if (missing === "unknown") keys.joinLate();
  else if (missing > 0) keys.lose(missing);
  return waiting.some(({ type, bytes, start, end }) => {
    if (keys.open(type, bytes, start, end) !== undefined) return true;
    keys.pass();
    return false;
  });
}
