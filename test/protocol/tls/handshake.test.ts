import { describe, expect, it } from "vitest";
import { HandshakeReader } from "../../../src/protocol/tls/handshake.ts";
import { limits } from "../../../src/limits.ts";
import { bytesOf, concat, message } from "../../build/tls.ts";

function messages(bytes: Uint8Array, step: number): string[] {
  const reader = new HandshakeReader();
  const seen: string[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    reader.append(bytes, at, Math.min(bytes.length, at + step));
    while (reader.next())
      seen.push(
        `${reader.type}:${Buffer.from(reader.bytes.subarray(reader.start, Math.min(reader.end, reader.start + 2))).toString("hex")}:${reader.end - reader.start}`,
      );
  }
  return seen;
}

describe("handshake messages", () => {
  const stream = concat(
    message(2, bytesOf("aa bb")),
    message(14, bytesOf("")),
    message(11, new Uint8Array(700).fill(7)),
  );

  it.each([1, 2, 3, 5, 64, 4096])("come whole from pieces of %d bytes", (step) => {
    expect(messages(stream, step)).toEqual(["2:aabb:2", "14::0", "11:0707:700"]);
  });

  it("wait for their last byte", () => {
    expect(messages(stream.subarray(0, stream.length - 1), 100)).toHaveLength(2);
  });

  it("are refused over the cap by their header alone", () => {
    const header = Uint8Array.of(11, (limits.handshakeMessage + 1) >> 16, 0, 1);
    const reader = new HandshakeReader();
    reader.append(header, 0, 4);
    expect(() => reader.next()).toThrow("too-large");
  });

  it("can be forgotten", () => {
    const reader = new HandshakeReader();
    reader.append(stream, 0, 5);
    reader.clear();
    reader.append(stream, 0, stream.length);
    expect(reader.next()).toBe(true);
    expect(reader.type).toBe(2);
  });

  it("cost linear time when many share a record", () => {
    const many = concat(...Array.from({ length: 4000 }, () => message(0, new Uint8Array(0))));
    const reader = new HandshakeReader();
    let count = 0;
    for (let round = 0; round < 50; round++) {
      reader.append(many, 0, many.length);
      while (reader.next()) count++;
    }
    expect(count).toBe(200_000);
  });
});
