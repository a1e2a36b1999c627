import { addressText } from "../bytes/text.ts";
import { MalformedError } from "../bytes/malformed.ts";
import type { Collector } from "../flow/collector.ts";
import { parseCertificate } from "../pki/certificate.ts";
import type { HttpExchange } from "../protocol/exchange.ts";
import { isHttpLayer } from "../protocol/layer.ts";
import type { ConnectionTable } from "../stream/table.ts";
import { addressLiteral } from "./edits.ts";

/** Addresses that a capture has packets of, or DNS answers with, in canonical text. */
export function knownAddresses(collector: Collector, table: ConnectionTable): Set<string> {
  const known = new Set<string>();
  for (const { connection } of collector.store.flows())
    known.add(connection.clientAddress).add(connection.serverAddress);
  for (const { clientAddress, serverAddress } of table.payloadFree()) known.add(clientAddress).add(serverAddress);
  for (const { client, server, answers } of collector.dns.facts) {
    known.add(client).add(server);
    for (const { value } of answers) known.add(value);
  }
  return known;
}

/**
 * Texts that name addresses where nothing can be written over them: certificates, server names of TLS, and what was
 * decrypted. What is no address in them is for the reader to tell.
 */
export function* unchangeableAddresses({ certificates, store }: Collector): Iterable<string> {
  for (const { der } of certificates.all()) yield* addressesOf(der);
  for (const { layers } of store.flows()) {
    const opened = layers.findIndex((layer) => layer.layer === "tls" && layer.keys !== undefined);
    for (const [at, layer] of layers.entries()) {
      if (layer.layer === "tls") yield layer.hello?.serverName ?? "";
      else if (opened >= 0 && at > opened && isHttpLayer(layer)) yield* addressesIn(layer.exchanges);
    }
  }
}

function* addressesIn(exchanges: readonly HttpExchange[]): Iterable<string> {
  for (const { host = "", requestTarget, location = "" } of exchanges) {
    for (const [literal] of `${host} ${requestTarget} ${location}`.matchAll(addressLiteral)) yield literal;
  }
}

function addressesOf(der: Uint8Array): string[] {
  try {
    const { ipAddresses } = parseCertificate(der).extensions.subjectAltName ?? { ipAddresses: [] };
    return ipAddresses.map((bytes) => addressText(bytes, 0, bytes.length === 4 ? 4 : 16));
  } catch (error) {
    if (error instanceof MalformedError) return [];
    throw error;
  }
}
