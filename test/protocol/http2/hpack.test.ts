import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import { limits } from "../../../src/limits.ts";
import { HpackDecoder, type FieldSink } from "../../../src/protocol/http2/hpack.ts";
import { hexBytes } from "../../build/dialogue.ts";
import { FieldEncoder, integer, joined, string, type SentField } from "../../build/http2.ts";

class Fields implements FieldSink {
  readonly seen: string[] = [];

  onField(name: string, value: string): void {
    this.seen.push(`${name}: ${value}`);
  }

  onUnknownField(): void {
    this.seen.push("?");
  }
}

const everything = (_: string, value: string): string => value;

function decode(decoder: HpackDecoder, block: string | Uint8Array): string[] {
  const bytes = typeof block === "string" ? hexBytes(block) : block;
  const fields = new Fields();
  // Bytes around the block belong to somebody else.
  decoder.decode(joined("\xff\xff", bytes, "\xff"), 2, 2 + bytes.length, fields);
  return fields.seen;
}

function codeOf(decoder: HpackDecoder, block: string | Uint8Array): string {
  try {
    decode(decoder, block);
    return "none";
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return error.code;
  }
}

const request = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
const secure = [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com"];
const answered = (status: string, second: string): string[] => [
  `:status: ${status}`,
  "cache-control: private",
  `date: Mon, 21 Oct 2013 20:13:${second} GMT`,
  "location: https://www.example.com",
];
const found = answered("302", "21");
const moved = [`:status: 307`, ...found.slice(1)];
const last = [
  ...answered("200", "22"),
  "content-encoding: gzip",
  "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
];

/** RFC 7541 appendix C: block, fields, and size of the dynamic table afterwards. */
const vectors: Readonly<
  Record<string, readonly (readonly [block: string, fields: readonly string[], size: number])[]>
> = {
  "C.2.1": [["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", ["custom-key: custom-header"], 55]],
  "C.2.2": [["040c 2f73 616d 706c 652f 7061 7468", [":path: /sample/path"], 0]],
  "C.2.3": [["1008 7061 7373 776f 7264 0673 6563 7265 74", ["password: secret"], 0]],
  "C.2.4": [["82", [":method: GET"], 0]],
  "C.3": [
    ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", request, 57],
    ["8286 84be 5808 6e6f 2d63 6163 6865", [...request, "cache-control: no-cache"], 110],
    [
      "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      [...secure, "custom-key: custom-value"],
      164,
    ],
  ],
  "C.4": [
    ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", request, 57],
    ["8286 84be 5886 a8eb 1064 9cbf", [...request, "cache-control: no-cache"], 110],
    ["8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", [...secure, "custom-key: custom-value"], 164],
  ],
  // The examples of C.5 and C.6 have a table of 256 bytes.
  "C.5": [
    ["3fe1 01", [], 0],
    [
      `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e
       1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
      found,
      222,
    ],
    ["4803 3330 37c1 c0bf", moved, 222],
    [
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d
       4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572
       7369 6f6e 3d31`,
      last,
      215,
    ],
  ],
  "C.6": [
    ["3fe1 01", [], 0],
    [
      `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b
       97c8 e9ae 82ae 43d3`,
      found,
      222,
    ],
    ["4883 640e ffc1 c0bf", moved, 222],
    [
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf
       cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      last,
      215,
    ],
  ],
};

describe("the examples of RFC 7541", () => {
  it.each(Object.entries(vectors))("%s", (_, blocks) => {
    const decoder = new HpackDecoder(everything);
    for (const [block, fields, size] of blocks) {
      expect(decode(decoder, block)).toEqual(fields);
      expect(decoder.tableSize).toBe(size);
    }
  });

  it.each([
    ["C.1.1: 10 with a prefix of 5 bits", "2a", 10],
    ["C.1.2: 1337 with a prefix of 5 bits", "3f9a 0a", 1337],
  ])("%s", (_, block, size) => {
    const decoder = new HpackDecoder(everything);
    decode(decoder, block);
    // An entry of exactly that size fits, one byte more does not.
    const entry = (length: number): Uint8Array => joined("\x40\x00", string("v".repeat(length - 32)));
    if (size > 32) expect((decode(decoder, entry(size)), decoder.tableSize)).toBe(size);
    expect((decode(decoder, entry(Math.max(size, 32) + 1)), decoder.tableSize)).toBe(0);
  });

  /* No field has a prefix of 8 bits; the length of a text that is not Huffman-coded stands in the same octet. */
  it("C.1.3: 42 at the beginning of an octet", () => {
    const value = "v".repeat(42);
    const bytes = Uint8Array.from([0x00, 0x01, 0x6e, 0x2a, ...Buffer.from(value)]);
    expect(decode(new HpackDecoder(everything), bytes)).toEqual([`n: ${value}`]);
  });

  it.each(Object.entries(vectors))(
    "%s cut anywhere between fields gives no others, and inside one an error",
    (_, blocks) => {
      for (const [at, [block]] of blocks.entries()) {
        const bytes = hexBytes(block);
        for (let length = 0; length < bytes.length; length++) {
          const decoder = new HpackDecoder(everything);
          for (const [earlier] of blocks.slice(0, at)) decode(decoder, earlier);
          const fields = new Fields();
          try {
            decoder.decode(bytes, 0, length, fields);
          } catch (error) {
            expect((error as MalformedError).code).toBe("truncated");
          }
          expect(blocks[at][1].slice(0, fields.seen.length)).toEqual(fields.seen);
        }
      }
    },
  );
});

describe("blocks that are none", () => {
  it.each([
    ["index 0", "80", "bad-value"],
    ["an index beyond both tables", "be", "bad-value"],
    ["a name index beyond both tables", "7e 00", "bad-value"],
    ["a size update behind a field", "82 20", "bad-value"],
    ["a table larger than allowed", "3f e2 1f", "bad-value"],
    ["an endless integer", "ff 80 80 80 80 80 01", "too-large"],
    ["an integer that is too large", "ff ff ff ff ff 7f", "too-large"],
    ["a string beyond the block", "00 05 61 62", "truncated"],
    ["no value", "00 01 61", "truncated"],
    ["Huffman's code padded by zeros", "00 01 61 81 00", "bad-encoding"],
  ])("%s", (_, block, code) => {
    const decoder = new HpackDecoder(everything);
    decoder.allow(4096);
    expect(codeOf(decoder, block)).toBe(code);
  });

  it("may not refer to what a smaller table threw out", () => {
    const decoder = new HpackDecoder(everything);
    expect(decode(decoder, "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572")).toHaveLength(1);
    expect(codeOf(decoder, "20 be")).toBe("bad-value");
  });

  it("may not ask for more memory than we give", () => {
    expect(codeOf(new HpackDecoder(everything), integer(limits.hpackTable + 1, 5, 0x20))).toBe("bad-value");
    const allowed = new HpackDecoder(everything);
    allowed.allow(2 ** 31);
    expect(codeOf(allowed, integer(limits.hpackTable + 1, 5, 0x20))).toBe("too-large");
  });

  it("may not stand for more than a field section", () => {
    const decoder = new HpackDecoder(everything);
    decode(decoder, new FieldEncoder().encode([["x", "v".repeat(4000)]]));
    expect(codeOf(decoder, new Uint8Array(60).fill(0xbe))).toBe("none");
    expect(codeOf(decoder, new Uint8Array(60_000).fill(0xbe))).toBe("too-large");
  });
});

describe("a block whose predecessors were not captured", () => {
  it("has unknown fields, and literal ones that are known", () => {
    const decoder = new HpackDecoder(everything);
    decoder.joinLate();
    const block = joined("\x82\xc0", integer(65, 6, 0x40), string("value"), integer(70, 4, 0), string("other"), "\xbe");
    const path = joined(integer(4, 4, 0), string("/path"));
    expect(decode(decoder, joined(block, path))).toEqual([":method: GET", "?", "?", "?", "?", ":path: /path"]);
  });

  it("refers rightly to what was entered since", () => {
    const encoder = new FieldEncoder();
    const early: SentField[] = [
      ["before", "1"],
      ["user-agent", "Go"],
    ];
    encoder.encode(early);
    const decoder = new HpackDecoder(everything);
    decoder.joinLate();
    const later: SentField[] = [
      ["accept", "a"],
      ["user-agent", "Go"],
      ["before", "2"],
    ];
    expect(decode(decoder, encoder.encode(later))).toEqual(["accept: a", "?", "?"]);
    expect(decode(decoder, encoder.encode([...later, ["accept", "b"]]))).toEqual(["accept: a", "?", "?", "accept: b"]);
  });
});

it("keeps of values what is wanted", () => {
  const decoder = new HpackDecoder((name, value) => (name === "cookie" ? undefined : value.toUpperCase()));
  const fields: SentField[] = [
    ["cookie", "canary"],
    ["a", "b"],
  ];
  const encoder = new FieldEncoder();
  expect([decode(decoder, encoder.encode(fields)), decode(decoder, encoder.encode(fields))]).toEqual([
    ["a: B"],
    ["a: B"],
  ]);
  expect(decoder.tableSize).toBe("cookiecanary".length + "ab".length + 64);
});

it("gives back what another encoder put in", () => {
  const name = fc.constantFrom("a", "b", "accept", ":path", "x".repeat(100));
  const value = fc.oneof(
    fc.constantFrom("", "v"),
    fc.string({ maxLength: 300 }).map((text) => text.replace(/[^ -~]/g, "")),
  );
  const how = fc.constantFrom("entered", "literal", "never" as const);
  const blocks = fc.array(
    fc.record({ fields: fc.array(fc.tuple(name, value, how)), size: fc.option(fc.integer({ min: 0, max: 4096 })) }),
  );
  fc.assert(
    fc.property(blocks, (sent) => {
      const encoder = new FieldEncoder();
      const decoder = new HpackDecoder(everything);
      for (const { fields, size } of sent) {
        const update = size === null ? new Uint8Array(0) : encoder.resize(size);
        const block = joined(update, encoder.encode(fields));
        expect(decode(decoder, block)).toEqual(fields.map(([fieldName, text]) => `${fieldName}: ${text}`));
      }
    }),
    { seed: 7541, numRuns: 150 },
  );
});

it("lets nothing but its own errors out", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), fc.boolean(), (blocks, late) => {
      const decoder = new HpackDecoder(everything);
      if (late) decoder.joinLate();
      for (const block of blocks) codeOf(decoder, block);
    }),
    { seed: 1, numRuns: 500 },
  );
});
