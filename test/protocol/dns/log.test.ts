import { describe, expect, it } from "vitest";
import { Packet } from "../../../src/packet/packet.ts";
import { limits } from "../../../src/limits.ts";
import { DnsLog } from "../../../src/protocol/dns/log.ts";
import { Moment } from "../../../src/stream/consumer.ts";
import { hexBytes } from "../../build/dialogue.ts";
import { address, alias, dnsMessage, type Message } from "../../build/dns.ts";

/** Sends datagrams between 192.0.2.1 and 192.0.2.2, a frame each, one millisecond apart unless said. */
class Sender {
  readonly problems: string[] = [];
  readonly log = new DnsLog((code) => this.problems.push(code));
  readonly #moment = new Moment();

  ask(message: Message, port = 40_000): boolean {
    return this.send(dnsMessage(message), [1, port], [2, 53]);
  }

  answer(message: Message, port = 40_000): boolean {
    return this.send(dnsMessage({ flags: 0x8180, ...message }), [2, 53], [1, port]);
  }

  later(seconds: number): void {
    this.#moment.seconds += seconds;
  }

  send(payload: Uint8Array, [source, sourcePort]: Socket, [destination, destinationPort]: Socket, cut = 0): boolean {
    const packet = new Packet();
    packet.bytes = Uint8Array.from([192, 0, 2, source, 192, 0, 2, destination, ...payload]);
    Object.assign(packet, { sourceAddress: 0, destinationAddress: 4, sourcePort, destinationPort, protocol: 17 });
    Object.assign(packet, { payloadStart: 8, payloadEnd: packet.bytes.length, payloadLength: payload.length + cut });
    this.#moment.frame++;
    this.#moment.nanoseconds += 1e6;
    const known = this.log.datagram(packet, this.#moment);
    packet.bytes.fill(0xdb);
    return known;
  }
}

type Socket = readonly [host: number, port: number];
const name = "proxy.golang.org";

describe("transactions", () => {
  it("pair a question with its answer", () => {
    const sender = new Sender();
    expect(sender.ask({ name })).toBe(true);
    expect(sender.answer({ name, answers: [address(name, 198, 51, 100, 1)] })).toBe(true);
    expect(sender.log.facts).toEqual([
      {
        name,
        type: "A",
        client: "192.0.2.1",
        server: "192.0.2.2",
        questionFrame: 1,
        questionSeconds: 0,
        questionNanoseconds: 1e6,
        questions: 1,
        answerFrame: 2,
        answerSeconds: 0,
        answerNanoseconds: 2e6,
        responseCode: "NOERROR",
        truncated: false,
        answers: [{ name, type: "A", value: "198.51.100.1" }],
      },
    ]);
  });

  it("tell apart identifier, port, type and name", () => {
    const sender = new Sender();
    sender.ask({ name });
    sender.ask({ name, id: 7 });
    sender.ask({ name }, 40_001);
    sender.ask({ name, type: 28 });
    sender.ask({ name: "sum.golang.org" });
    sender.answer({ name, type: 28, flags: 0x8183 });
    expect(sender.log.facts.map((facts) => facts.responseCode)).toEqual([
      undefined,
      undefined,
      undefined,
      "NXDOMAIN",
      undefined,
    ]);
  });

  it("count questions that were sent again, not frames captured twice", () => {
    const sender = new Sender();
    sender.ask({ name });
    sender.ask({ name });
    sender.later(5);
    sender.ask({ name });
    expect(sender.log.facts).toMatchObject([{ questions: 2, questionFrame: 1 }]);
  });

  it("begin anew when an identifier comes back much later", () => {
    const sender = new Sender();
    sender.ask({ name });
    sender.answer({ name, flags: 0x8182 });
    sender.later(60);
    sender.ask({ name });
    sender.answer({ name, answers: [address(name, 1, 2, 3, 4)] });
    expect(sender.log.facts.map((facts) => facts.responseCode)).toEqual(["SERVFAIL", "NOERROR"]);
  });

  it("keep a second answer that disagrees", () => {
    const sender = new Sender();
    sender.ask({ name });
    sender.answer({ name, answers: [address(name, 10, 0, 0, 1)] });
    sender.answer({ name, answers: [address(name, 198, 51, 100, 1)] });
    sender.answer({ name, answers: [address(name, 198, 51, 100, 2)] });
    expect(sender.log.facts).toMatchObject([
      {
        answers: [{ value: "10.0.0.1" }],
        disagreeing: [{ value: "198.51.100.1" }],
      },
    ]);
  });

  it("pass over a second answer that differs in order and time to live only", () => {
    const sender = new Sender();
    const [one, two] = [address(name, 10, 0, 0, 1), address(name, 10, 0, 0, 2)];
    sender.ask({ name });
    sender.answer({ name, answers: [one, two] });
    sender.answer({ name, answers: [two, { ...one, ttl: 9 }] });
    expect(sender.log.facts[0]).not.toHaveProperty("disagreeing");
  });

  it("hold an answer alone", () => {
    const sender = new Sender();
    sender.answer({ name, flags: 0x8180 });
    expect(sender.log.facts).toMatchObject([{ questionFrame: 0, questions: 0, answerFrame: 1, client: "192.0.2.1" }]);
  });

  it("stop at their cap", () => {
    const sender = new Sender();
    const question = dnsMessage({ name });
    for (let index = 0; index < limits.dnsMessages + 2; index++) {
      question.set([index >> 8, index], 0);
      sender.send(question, [1, 40_000 + (index >> 16)], [2, 53]);
    }
    expect([sender.log.facts.length, sender.problems]).toEqual([limits.dnsMessages, ["limit"]]);
  });
});

describe("names of an address", () => {
  it("are those asked for, the latest answer first, none from the future", () => {
    const sender = new Sender();
    const at = [198, 51, 100, 9];
    sender.answer({ name, answers: [alias(name, "cdn.example"), address("cdn.example", ...at)] });
    sender.answer({ name: "sum.golang.org", answers: [address("sum.golang.org", ...at)] });
    sender.answer({ name: "late.example", answers: [address("late.example", ...at)] });
    expect(sender.log.namesFor("198.51.100.9", 2)).toEqual(["sum.golang.org", name]);
    expect(sender.log.namesFor("198.51.100.9", 9)).toEqual(["late.example", "sum.golang.org", name]);
    expect(sender.log.namesFor("198.51.100.8", 9)).toEqual([]);
  });

  it("are those asked for by then, where the frame of the answer comes later than what followed it", () => {
    const sender = new Sender();
    const answers = [address(name, 198, 51, 100, 9)];
    sender.ask({ name });
    sender.answer({ name: "other.example", answers: [address("other.example", 198, 51, 100, 8)] });
    sender.answer({ name, answers });
    sender.answer({ name: "late.example", answers: [address("late.example", 198, 51, 100, 9)] });
    expect(sender.log.namesFor("198.51.100.9", 2)).toEqual([name]);
    expect(sender.log.namesFor("198.51.100.9", 0)).toEqual([]);
  });

  it("need an answer that belongs to the question", () => {
    const sender = new Sender();
    sender.answer({ name, answers: [address("other.example", 192, 0, 2, 9)] });
    expect(sender.log.namesFor("192.0.2.9", 9)).toEqual([]);
  });

  it("are bounded", () => {
    const sender = new Sender();
    for (let index = 0; index < 100; index++) {
      sender.answer({ name: `h${index}`, answers: [address(`h${index}`, 192, 0, 2, 9)] });
    }
    expect(sender.log.namesFor("192.0.2.9", 999)).toHaveLength(limits.dnsNamesPerAddress);
  });
});

describe("a datagram", () => {
  it.each<[string, boolean, number, Uint8Array, string[]]>([
    ["a question on a port of its own", true, 5300, dnsMessage({ name }), []],
    ["something else there", false, 5300, hexBytes("c000000001 08 0102030405060708 00 00"), []],
    ["damage on port 53", true, 53, hexBytes("1234 0100 0001 0000 0000 0000 05"), ["malformed"]],
    ["multicast DNS", true, 5353, dnsMessage({ name: "printer.local" }), []],
  ])("with %s", (_, known, port, payload, problems) => {
    const sender = new Sender();
    expect(sender.send(payload, [1, 40_000], [2, port])).toBe(known);
    expect(sender.problems).toEqual(problems);
  });

  it("that the snap length cut is no damage", () => {
    const sender = new Sender();
    expect(sender.send(dnsMessage({ name }).subarray(0, 20), [1, 40_000], [2, 53], 14)).toBe(true);
    expect([sender.problems, sender.log.facts]).toEqual([[], []]);
  });
});
