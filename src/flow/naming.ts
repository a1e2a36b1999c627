import type { RouteKind } from "./model.ts";
import type { DnsLog } from "../protocol/dns/log.ts";

/**
 * Names for addresses, from all that the capture says: DNS answers, names written by the recorder, and what clients
 * called a server in their hellos and requests.
 */
export class Naming {
  readonly #dns: DnsLog;
  readonly #resolved: ReadonlyMap<string, readonly string[]>;
  /** Server names seen at an `address port`; the second one makes the pair ambiguous and is dropped. */
  readonly #spoken = new Map<string, string | undefined>();
  /** Servers at which a dialogue with a forward proxy was seen. */
  readonly #proxies = new Map<string, RouteKind>();
  /** Hosts whose names are known, for matching what shows only its length. */
  readonly knownHosts = new Set<string>();

  constructor(dns: DnsLog, resolved: ReadonlyMap<string, readonly string[]>, knownHosts: Iterable<string>) {
    this.#dns = dns;
    this.#resolved = resolved;
    for (const host of knownHosts) this.knownHosts.add(host);
    for (const { name } of dns.facts) this.knownHosts.add(name);
  }

  /** Notes that a client called the server at this address and port by this name. */
  speak(address: string, port: number, name: string): void {
    this.knownHosts.add(name);
    const key = `${address} ${port}`;
    if (!this.#spoken.has(key)) this.#spoken.set(key, name);
    else if (this.#spoken.get(key) !== name) this.#spoken.set(key, undefined);
  }

  /** Notes that some connection to this server was spoken to as to a proxy. */
  proxyAt(address: string, port: number, kind: RouteKind): void {
    this.#proxies.set(`${address} ${port}`, kind);
  }

  /** How others went through this server; undefined where none did. */
  proxyKind(address: string, port: number): RouteKind | undefined {
    return this.#proxies.get(`${address} ${port}`);
  }

  /** Names that DNS gave for the address up to a frame, else those the recorder wrote. Untrusted. */
  namesFor(address: string, frame: number): readonly string[] {
    const asked = this.#dns.namesFor(address, frame);
    return asked.length > 0 ? asked : (this.#resolved.get(address) ?? []);
  }

  /** The one name by which other flows called this server; undefined when there were several or none. */
  spokenName(address: string, port: number): string | undefined {
    return this.#spoken.get(`${address} ${port}`);
  }

  /** Known hosts for which `host:port` has that length. */
  hostsOfLength(length: number, port: number): readonly string[] {
    const hostLength = length - 1 - String(port).length;
    return [...this.knownHosts].filter((host) => host.length === hostLength);
  }
}
