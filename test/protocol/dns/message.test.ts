import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedError } from "../../../src/bytes/malformed.ts";
import {
  dnsTypeName,
  isAddressType,
  isPlausibleDns,
  parseDnsMessage,
  responseCodeName,
  type DnsMessage,
} from "../../../src/protocol/dns/message.ts";
import { hexBytes } from "../../build/dialogue.ts";
import { address, alias, dnsMessage } from "../../build/dns.ts";

const parse = (bytes: Uint8Array): DnsMessage => parseDnsMessage(bytes, 0, bytes.length);
const code = (bytes: Uint8Array): string => {
  try {
    parse(bytes);
    return "accepted";
  } catch (error) {
    if (error instanceof MalformedError) return error.code;
    throw error;
  }
};
/** Header of an answer with one question for a name, whatever follows the name. */
const question = (name: string, rest = "0001 0001"): Uint8Array =>
  hexBytes(`1234 8180 0001 0000 0000 0000 ${name} ${rest}`);

describe("a message", () => {
  it("with a chain of aliases, compressed", () => {
    const bytes = hexBytes(
      "1234 8180 0001 0003 0000 0001 03777777 07457861 6d706c65 00 0001 0001" +
        "c00c 0005 0001 0000003c 0006 0363646e c010" +
        "c029 0001 0001 0000003c 0004 c0000201" +
        "c029 0010 0001 0000003c 0002 0161" +
        "00 0029 04d0 00000000 0000",
    );
    expect(parse(bytes)).toEqual({
      id: 0x1234,
      response: true,
      opcode: 0,
      truncated: false,
      responseCode: 0,
      questions: 1,
      name: "www.example",
      type: 1,
      answers: [
        { name: "www.example", type: "CNAME", value: "cdn.example" },
        { name: "cdn.example", type: "A", value: "192.0.2.1" },
        { name: "cdn.example", type: "other", value: "" },
      ],
    });
  });

  it.each([
    ["HTTPS in service mode", 65, [0, 1, 0], { type: "HTTPS", value: "a.example" }],
    ["SVCB to a target", 64, [0, 0, 1, 0x62, 0], { type: "SVCB", value: "b" }],
    ["AAAA", 28, [0x20, 1, 0xd, 0xb8, ...new Array<number>(11).fill(0), 1], { type: "AAAA", value: "2001:db8::1" }],
  ])("with a record %s", (_, type, data, expected) => {
    const bytes = dnsMessage({ name: "a.example", type, answers: [{ name: "a.example", type, data }] });
    expect(parse(bytes).answers).toMatchObject([expected]);
  });

  it.each([
    ["upper case", "0341 4243 00", "abc"],
    ["a dot and a backslash inside a label", "03612e5c 00", "a\\.\\\\"],
    ["control and high bytes", "031b 5bff 00", "\\027[\\255"],
    ["the root", "00", ""],
  ])("whose name has %s", (_, name, expected) => {
    expect(parse(question(name)).name).toBe(expected);
  });

  it("that is truncated keeps its question", () => {
    const cut = dnsMessage({ name: "a.example", flags: 0x8380, answers: [address("a.example", 1, 2, 3, 4)] }).subarray(
      0,
      40,
    );
    expect(parse(cut)).toMatchObject({ truncated: true, name: "a.example", answers: [] });
  });

  it("keeps a bounded number of answers", () => {
    const answers = Array.from({ length: 200 }, (_, index) => address("a", 10, 0, 0, index));
    expect(parse(dnsMessage({ name: "a", answers })).answers).toHaveLength(64);
  });

  it("is refused at every proper prefix", () => {
    const whole = dnsMessage({
      name: "www.a.example",
      answers: [alias("www.a.example", "b.example"), address("b.example", 192, 0, 2, 1)],
    });
    for (let end = 0; end < whole.length; end++) expect(code(whole.slice(0, end))).toBe("truncated");
    expect(code(whole)).toBe("accepted");
  });

  const label63 = `3f${"61".repeat(63)}`;
  it.each<[string, Uint8Array, string]>([
    ["a byte too many", question("0161 00", "0001 0001 ff"), "trailing"],
    ["a pointer to itself", question("c00c"), "bad-value"],
    ["a pointer forwards", question("c010"), "bad-value"],
    ["a label type of no kind", question("8161 00"), "bad-value"],
    ["255 bytes and more", question(`${label63.repeat(4)} 00`), "too-large"],
    [
      "an address of five bytes",
      dnsMessage({ name: "a", answers: [{ name: "a", type: 1, data: [1, 2, 3, 4, 5] }] }),
      "bad-length",
    ],
    [
      "an alias with bytes behind",
      dnsMessage({ name: "a", answers: [{ name: "a", type: 5, data: [0, 0] }] }),
      "trailing",
    ],
  ])("is refused with %s", (_, bytes, expected) => {
    expect(code(bytes)).toBe(expected);
  });

  it("is read in bounded time whatever its pointers", () => {
    // A ladder of pointers, each to the one before, and answers that climb it.
    const ladder = Array.from({ length: 4000 }, (_, index) => 0xc000 | (index === 0 ? 12 : 23 + 2 * (index - 1)));
    const bytes = Uint8Array.from([
      ...hexBytes("1234 8180 0001 0001 0000 0000 00 0001 0001"),
      ...hexBytes("00 0010"),
      ...ladder.flatMap((pointer) => [pointer >> 8, pointer & 0xff]),
    ]);
    expect(["truncated", "bad-value", "too-deep", "trailing"]).toContain(code(bytes));
  });
});

it("tells types of addresses from others", () => {
  expect(["A", "AAAA", "CNAME", "HTTPS", "TYPE1"].filter(isAddressType)).toEqual(["A", "AAAA"]);
});

describe("plausible without a port", () => {
  const plausible = (bytes: Uint8Array): boolean => isPlausibleDns(bytes, 0, bytes.length);
  it.each<[string, boolean, Uint8Array]>([
    ["a question", true, dnsMessage({ name: "a.example" })],
    ["an answer", true, dnsMessage({ name: "a.example", answers: [address("a.example", 1, 2, 3, 4)] })],
    ["a question with a response code", false, dnsMessage({ name: "a.example", flags: 0x0103 })],
    ["a reserved bit", false, dnsMessage({ name: "a.example", flags: 0x0140 })],
    ["a type of no kind", false, dnsMessage({ name: "a.example", type: 0x7777 })],
    ["an odd name", false, dnsMessage({ name: "a\u0001b.example" })],
    ["zeros", false, new Uint8Array(60)],
    ["a byte too many", false, Uint8Array.from([...dnsMessage({ name: "a.example" }), 0])],
  ])("%s: %s", (_, expected, bytes) => {
    expect(plausible(bytes)).toBe(expected);
  });
});

it("lets nothing but MalformedError out, and nothing unprintable", () => {
  const mutated = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.nat(90)).map(([noise, at]) => {
    const bytes = Uint8Array.from(
      dnsMessage({
        name: "www.a.example",
        answers: [alias("www.a.example", "b.example"), address("b.example", 1, 2, 3, 4)],
      }),
    );
    bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
      if (code(bytes) === "accepted") expect(JSON.stringify(parse(bytes))).toMatch(/^[\x20-\x7e]*$/);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

it("names types and response codes", () => {
  expect([dnsTypeName(1), dnsTypeName(65), dnsTypeName(65280)]).toEqual(["A", "HTTPS", "TYPE65280"]);
  expect([responseCodeName(0), responseCodeName(3), responseCodeName(11)]).toEqual(["NOERROR", "NXDOMAIN", "RCODE11"]);
});
