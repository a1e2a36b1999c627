import type { Endpoint } from "../flow/model.ts";

/** Wireshark display filters. What the wire said goes into them only where it cannot be mistaken for syntax. */

/** Shows the whole capture: there is no frame to be looked at. */
export const everyFrame = "frame";

/** Frames by their numbers. */
export function framesFilter(frames: readonly number[]): string {
  return frames.length === 0 ? everyFrame : `frame.number in {${frames.join(", ")}}`;
}

/** Packets from or to an address: `ip.addr == 192.0.2.1`. */
export function addressFilter(address: string): string {
  return `${address.includes(":") ? "ipv6" : "ip"}.addr == ${address}`;
}

/** TCP of one server, narrowed by a predicate. */
export function serverFilter({ address, port }: Endpoint, predicate?: string): string {
  const place = `${addressFilter(address)} && tcp.port == ${port}`;
  return predicate === undefined ? place : `${place} && ${predicate}`;
}

/** DNS messages about a name. */
export function nameFilter(name: string): string {
  return /^[\w.-]+$/.test(name) ? `dns.qry.name == "${name}"` : "dns";
}
