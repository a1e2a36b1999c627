import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressBook } from "../../src/stream/address-book.ts";
import { EndpointIndex, type EndpointSource } from "../../src/stream/endpoint-index.ts";
import { ConnectionRows } from "../../src/stream/rows.ts";

function source(length: 4 | 16, from: number, to: number, ports: [number, number]): EndpointSource {
  const view = new DataView(new ArrayBuffer(32));
  view.setInt32(length - 4, from);
  view.setInt32(2 * length - 4, to);
  const [sourcePort, destinationPort] = ports;
  return { view, addressLength: length, sourceAddress: 0, destinationAddress: length, sourcePort, destinationPort };
}

function indexOf(slots: number): EndpointIndex {
  const rows = new ConnectionRows();
  for (let slot = 0; slot < slots; slot++) rows.add(slot);
  return new EndpointIndex(rows);
}

describe("the endpoint index", () => {
  it.each([4, 16] as const)("finds both directions in one slot, %i-byte addresses", (length) => {
    const index = indexOf(4);
    expect(index.find(source(length, 9, -1, [1, 2]))).toBe(-1);
    const side = index.side;
    index.add(3);
    expect(index.find(source(length, -1, 9, [2, 1]))).toBe(3);
    expect(index.side).toBe(side ^ 1);
    expect(index.find(source(length, 9, -1, [2, 1]))).toBe(-1);
    expect(index.find(source(length === 4 ? 16 : 4, 9, -1, [1, 2]))).toBe(-1);
    expect(index.port(3, side)).toBe(1);
    expect(index.addressText(3, side)).toBe(length === 4 ? "0.0.0.9" : "::9");
  });

  it.each([4, 16] as const)("adds the endpoints of a slot once more, %i-byte addresses", (length) => {
    const index = indexOf(4);
    const [one, other] = [source(length, 9, -1, [1, 2]), source(length, 8, -1, [1, 2])];
    for (const [slot, endpoints] of [one, other].entries()) {
      index.find(endpoints);
      index.add(slot);
    }
    index.want(0);
    index.remove(0);
    index.add(2);
    expect([index.find(one), index.find(other)]).toEqual([2, 1]);
  });

  it("agrees with a map whatever is added and removed", () => {
    const change = fc.record({ host: fc.nat(12), port: fc.nat(3), length: fc.constantFrom<4 | 16>(4, 16) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const index = indexOf(128);
        const known = new Map<string, number>();
        const free = Array.from({ length: 128 }, (_, slot) => slot);
        for (const { host, port, length } of changes) {
          const name = `${host} ${port} ${length}`;
          const slot = index.find(source(length, host, 5, [port, 443]));
          expect(slot).toBe(known.get(name) ?? -1);
          if (slot < 0) {
            known.set(name, free[0]);
            index.add(free.shift()!);
          } else {
            known.delete(name);
            index.remove(slot);
            free.push(slot);
          }
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("the address book", () => {
  it("gives every address one ordinal, while there is room", () => {
    const book = new AddressBook(1000);
    const ordinals = Array.from({ length: 1000 }, (_, at) => book.intern(Int32Array.of(at * 7919, 0, 0, 0), 4));
    expect(ordinals).toEqual(Array.from({ length: 1000 }, (_, at) => at));
    expect(book.intern(Int32Array.of(7919, 0, 0, 0), 4)).toBe(1);
    expect(book.intern(Int32Array.of(1, 2, 3, 4), 16)).toBe(-1);
    expect(book.text(1)).toBe("0.0.30.239");
  });
});
