import { once } from "node:events";
import { Duplex } from "node:stream";
import { connect, createSecureContext, TLSSocket, type ConnectionOptions, type SecureContextOptions } from "node:tls";
import type { Direction } from "../../src/stream/consumer.ts";
import { mintCa, mintServer, keyPair, type KeyKind, type Minted } from "./certificates.ts";

/** A TLS connection between two ends of node:tls: what went over the wire, and the key log that the client wrote. */
export interface Conversation {
  readonly turns: readonly (readonly [direction: Direction, bytes: Uint8Array])[];
  readonly keyLog: string;
  /** SHA-256 of the certificates that the server sent. */
  readonly certificates: readonly string[];
  readonly cipher: string;
  readonly protocol: string;
}

export interface ConversationOptions {
  readonly client?: ConnectionOptions;
  readonly server?: SecureContextOptions & { readonly ALPNProtocols?: string[]; readonly requestCert?: boolean };
  readonly key?: KeyKind;
  /** What is said: client and server in turns, the client first. */
  readonly script?: readonly Uint8Array[];
  /** The client renegotiates before this turn. TLS 1.2. */
  readonly renegotiateAt?: number;
}

/** Runs a whole connection in memory. */
export async function converse(options: ConversationOptions = {}): Promise<Conversation> {
  const turns: (readonly [Direction, Uint8Array])[] = [];
  const [left, right] = pipe((direction, bytes) => turns.push([direction, bytes]));
  const authority = mintCa("CN=Conversation CA");
  const leaf = mintServer("conversation.example", authority, { key: keyPair(options.key ?? "P-256", "conversation") });
  const server = new TLSSocket(right, {
    isServer: true,
    ...options.server,
    secureContext: createSecureContext({
      ...options.server,
      key: leaf.key.privateKey.export({ type: "pkcs8", format: "pem" }),
      cert: pem(leaf) + pem(authority),
    }),
  });
  const client = connect({
    socket: left,
    servername: "conversation.example",
    rejectUnauthorized: false,
    ...options.client,
  });
  let keyLog = "";
  client.on("keylog", (line: Buffer) => (keyLog += line.toString("latin1")));
  for (const end of [client, server]) end.on("error", () => undefined);
  await once(client, "secureConnect");
  const { name } = client.getCipher();
  const protocol = client.getProtocol()!;
  for (const [at, text] of (options.script ?? []).entries()) {
    const [from, to] = at % 2 === 0 ? [client, server] : [server, client];
    if (at === options.renegotiateAt) await renegotiated(client);
    from.write(text);
    await received(to, text.length);
  }
  client.end();
  server.resume();
  client.resume();
  await once(server, "end");
  server.end();
  await once(client, "close");
  return { turns, keyLog, certificates: [leaf.sha256, authority.sha256], cipher: name, protocol };
}

async function received(socket: TLSSocket, length: number): Promise<void> {
  for (let read = 0; read < length;) {
    const chunk = socket.read() as Uint8Array | null;
    if (chunk === null) await once(socket, "readable");
    else read += chunk.length;
  }
}

function renegotiated(client: TLSSocket): Promise<void> {
  return new Promise((resolve) => void client.renegotiate({ rejectUnauthorized: false }, () => resolve()));
}

function pipe(note: (direction: Direction, bytes: Uint8Array) => void): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  for (const direction of [0, 1] as const) {
    ends.push(
      new Duplex({
        read: () => undefined,
        write(chunk: Uint8Array, _encoding, done) {
          note(direction, Uint8Array.from(chunk));
          ends[1 - direction].push(chunk);
          done();
        },
        final(done) {
          ends[1 - direction].push(null);
          done();
        },
      }),
    );
  }
  return [ends[0], ends[1]];
}

function pem({ der }: Minted): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
}
