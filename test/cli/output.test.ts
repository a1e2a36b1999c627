import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/cli/errors.ts";
import { Output } from "../../src/cli/output.ts";

/** A stream that takes one write at a time, and fails after `good` of them. */
function reader(good: number, code: string): { readonly stream: Writable; readonly taken: string[] } {
  const taken: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      if (taken.length === good) return setImmediate(done, Object.assign(new Error(code), { code }));
      taken.push(chunk.toString());
      return setImmediate(done);
    },
  });
  return { stream, taken };
}

function* pieces(count: number, made: { count: number }): Iterable<string> {
  for (; made.count < count; made.count++) yield "x".repeat(1024);
}

describe("Output", () => {
  it("writes everything to a slow reader, in large writes", async () => {
    const { stream, taken } = reader(Infinity, "");
    await new Output(stream).write(pieces(200, { count: 0 }));
    stream.end();
    expect(taken.join("")).toHaveLength(200 * 1024);
    expect(taken.length).toBeLessThan(5);
  });

  it("has written the bytes that it was lent before it asks for more, in order with the text", async () => {
    const { stream, taken } = reader(Infinity, "");
    const lent = Buffer.alloc(20_000);
    function* mixed(): Iterable<string | Uint8Array> {
      for (const letter of "abc") {
        yield letter.toUpperCase();
        yield lent.fill(letter);
      }
    }
    await new Output(stream).write(mixed());
    stream.end();
    expect(taken.join("")).toBe(["a", "b", "c"].map((letter) => letter.toUpperCase() + letter.repeat(20_000)).join(""));
  });

  it("stops making pieces when the reader has gone, and says nothing", async () => {
    const { stream } = reader(1, "EPIPE");
    const made = { count: 0 };
    const output = new Output(stream);
    await output.write(pieces(100_000, made));
    await output.write(["more"]);
    expect(made.count).toBeLessThan(1000);
  });

  it("says that a full disk takes no more, and makes no more pieces", async () => {
    const { stream } = reader(1, "ENOSPC");
    const made = { count: 0 };
    const written = new Output(stream).write(pieces(100_000, made));
    await expect(written).rejects.toEqual(new InputError("standard output: no space left on the device"));
    expect(made.count).toBeLessThan(1000);
  });

  it("writes nothing for nothing", async () => {
    const stream = new PassThrough();
    await new Output(stream).write([]);
    stream.end();
    expect(stream.read()).toBeNull();
  });
});
