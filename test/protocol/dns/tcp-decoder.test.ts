import { expect, it } from "vitest";
import { detectDnsTcp } from "../../../src/protocol/dns/tcp-decoder.ts";
import { client, ends, everyCut, hexBytes, lost, play, server, told } from "../../build/dialogue.ts";
import { address, dnsMessage, overTcp } from "../../build/dns.ts";

const ask = (name: string): Uint8Array => overTcp(dnsMessage({ name }));
const answer = (name: string): Uint8Array => overTcp(dnsMessage({ name, answers: [address(name, 192, 0, 2, 7)] }));
const dialogue = [
  client(Buffer.concat([ask("a.example"), ask("b.example")])),
  server(Buffer.concat([answer("b.example"), answer("a.example")])),
  ...ends,
];

it("logs every message of both directions", () => {
  const { record, layers } = play(dialogue, { serverPort: 53 });
  expect(layers).toEqual([{ layer: "named", protocol: "dns", frame: 1 }]);
  expect(record.dns.facts).toMatchObject([
    { name: "a.example", client: "192.0.2.10", server: "198.51.100.40", responseCode: "NOERROR" },
    { name: "b.example", questionFrame: 1, answerFrame: 2 },
  ]);
});

it("tells the same whatever the cuts", () => {
  for (const serverPort of [53, 5300]) {
    const whole = told(play(dialogue, { serverPort }));
    for (const cuts of everyCut(dialogue)) expect(told(play(dialogue, { serverPort, cuts }))).toEqual(whole);
  }
});

it.each([
  ["a message that is none", [client(Buffer.concat([ask("a"), hexBytes("0003 010203")]))], "dns malformed"],
  ["a length of nothing", [client(Buffer.concat([ask("a"), hexBytes("0000")]))], "dns malformed"],
  ["bytes that are missing", [client(ask("a")), lost(1, 4)], "dns bytes-lost"],
])("gives up at %s", (_, turns, problem) => {
  const { record } = play([...turns, client(ask("b"))], { serverPort: 53 });
  expect([record.problems, record.dns.facts.length]).toEqual([[problem], 1]);
});

it("is told by the header on port 53, by the whole message elsewhere", () => {
  const whole = ask("www.a.example");
  for (let end = 0; end < whole.length; end++) {
    expect(detectDnsTcp(whole, 0, end, 53)).toBe(end < 14 ? "more" : "yes");
    expect(detectDnsTcp(whole, 0, end, 5300)).toBe("more");
  }
  expect(detectDnsTcp(whole, 0, whole.length, 5300)).toBe("yes");
  expect(detectDnsTcp(hexBytes("0009 1234"), 0, 4, 53)).toBe("no");
  expect(detectDnsTcp(hexBytes(`0200 ${"ff".repeat(14)}`), 0, 16, 53)).toBe("no");
});
