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
  /** Why there is a forward proxy at a `host port` that is spoken to over TLS. */
  readonly #tlsProxies = new Map<string, string>();
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
    if (this.#spoken.get(key) === name) return;
    this.#spoken.set(key, this.#spoken.has(key) ? undefined : name);
  }

  /** Notes that some connection to this server was spoken to as to a proxy. */
  proxyAt(address: string, port: number, kind: RouteKind): void {
    this.#proxies.set(`${address} ${port}`, kind);
  }

  /** How others went through this server; undefined where none did. */
  proxyKind(address: string, port: number): RouteKind | undefined {
    return this.#proxies.get(`${address} ${port}`);
  }

  /** Notes that a forward proxy is at a place, named or by its address, which is spoken to over TLS. */
  tlsProxyAt(host: string, port: number, because: string): void {
    const key = `${host} ${port}`;
    if (!this.#tlsProxies.has(key)) this.#tlsProxies.set(key, because);
  }

  /** Why a server of one of these names or addresses is such a proxy; undefined where nothing says so. */
  tlsProxyReason(hosts: readonly (string | undefined)[], port: number): string | undefined {
    const host = hosts.find((host) => host !== undefined && this.#tlsProxies.has(`${host.toLowerCase()} ${port}`));
    return host === undefined ? undefined : this.#tlsProxies.get(`${host.toLowerCase()} ${port}`);
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
