/*
 * Invariants: `facts` only grows, in order of first sight, up to limits.dnsMessages; `#entries` leads from the key of a
 * transaction to its newest entry; every name in `#names` is one that was asked for, never an alias on the way.
 */
import { MalformedError } from "../../bytes/malformed.ts";
import { addressText } from "../../bytes/text.ts";
import { limits } from "../../limits.ts";
import type { Packet } from "../../packet/packet.ts";
import type { ProblemCode } from "../../problem.ts";
import type { Moment } from "../../stream/consumer.ts";
import type { DnsAnswer, DnsFacts } from "./facts.ts";
import {
  dnsTypeName,
  isAddressType,
  isPlausibleDns,
  parseDnsMessage,
  responseCodeName,
  type DnsMessage,
} from "./message.ts";

/** From where to where a message went. */
export interface DnsPath {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly transport: "udp" | "tcp";
}

/** Questions of a capture with their answers, and which names were asked for to get an address. */
export class DnsLog {
  readonly facts: DnsFacts[] = [];
  readonly #problem: (code: ProblemCode, detail: string) => void;
  readonly #entries = new Map<string, Entry>();
  readonly #names = new Map<string, NameSeen[]>();
  readonly #strings = new Map<string, string>();
  #full = false;

  /** `problem` notes damaged messages and the cap, for the layer `dns`. */
  constructor(problem: (code: ProblemCode, detail: string) => void) {
    this.#problem = problem;
  }

  /**
   * Takes a UDP datagram. Returns whether it is DNS: by its port (53), or on another port by every one of its bytes.
   * Multicast DNS and LLMNR are recognised by port and not logged: they name no host that Go would reach.
   *
   * Borrows: the packet, for the duration of the call.
   */
  datagram(packet: Packet, moment: Moment): boolean {
    const { sourcePort, destinationPort, bytes, payloadStart, payloadEnd } = packet;
    if (isMulticastPort(destinationPort) || isMulticastPort(sourcePort)) return true;
    const known = sourcePort === 53 || destinationPort === 53;
    if (!known && !isPlausibleDns(bytes, payloadStart, payloadEnd)) return false;
    if (packet.payloadLength > payloadEnd - payloadStart) return true;
    try {
      const message = parseDnsMessage(bytes, payloadStart, payloadEnd);
      const path = {
        source: addressText(bytes, packet.sourceAddress, packet.addressLength),
        sourcePort,
        destination: addressText(bytes, packet.destinationAddress, packet.addressLength),
        destinationPort,
        transport: "udp",
      } as const;
      this.#note(message, path, moment);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#problem("malformed", `datagram on port 53 is no DNS message: ${error.message}`);
    }
    return true;
  }

  /** Takes a message whose bounds are known. Throws: what `parseDnsMessage` throws. */
  message(bytes: Uint8Array, start: number, end: number, path: DnsPath, moment: Moment): void {
    this.#note(parseDnsMessage(bytes, start, end), path, moment);
  }

  /**
   * Names that were asked for and answered with the address up to the frame: the latest answer first. Where there are none,
   * those that were asked for by then: frames are not captured in the order in which they were sent.
   */
  namesFor(address: string, frame: number): string[] {
    const known = this.#names.get(address);
    if (known === undefined) return [];
    const answered = known.filter((name) => name.firstFrame <= frame);
    const seen = answered.length > 0 ? answered : known.filter((name) => name.askedFrame <= frame);
    const latest = (name: NameSeen): number => (name.lastFrame <= frame ? name.lastFrame : name.firstFrame);
    return seen.sort((one, other) => latest(other) - latest(one)).map((name) => name.name);
  }

  #note(message: DnsMessage, path: DnsPath, moment: Moment): void {
    if (message.opcode !== 0 || message.questions === 0) return;
    const asked = message.response
      ? { client: path.destination, clientPort: path.destinationPort, server: path.source }
      : { client: path.source, clientPort: path.sourcePort, server: path.destination };
    const key = [message.id, asked.clientPort, path.transport, message.type, asked.client, asked.server, message.name];
    const entry = this.#entry(key.join(" "), message, moment, () => ({
      name: this.#intern(message.name),
      type: dnsTypeName(message.type),
      client: this.#intern(asked.client),
      server: this.#intern(asked.server),
      questionFrame: 0,
      questionSeconds: 0,
      questionNanoseconds: 0,
      questions: 0,
      answerFrame: 0,
      answerSeconds: 0,
      answerNanoseconds: 0,
      truncated: false,
      answers: [],
    }));
    if (entry === undefined) return;
    if (message.response) this.#answer(entry.facts, message, moment);
    else noteQuestion(entry, moment);
  }

  #entry(key: string, message: DnsMessage, moment: Moment, facts: () => DnsFacts): Entry | undefined {
    const open = this.#entries.get(key);
    if (open !== undefined && !isNewQuestion(open, message, moment)) return open;
    if (this.facts.length >= limits.dnsMessages) {
      if (!this.#full) this.#problem("limit", `more than ${limits.dnsMessages} DNS questions: the rest is left out`);
      this.#full = true;
      return undefined;
    }
    const entry = { facts: facts(), lastQuestion: -Infinity };
    this.facts.push(entry.facts);
    this.#entries.set(key, entry);
    return entry;
  }

  #answer(facts: DnsFacts, message: DnsMessage, moment: Moment): void {
    if (facts.answerFrame !== 0 || facts.responseCode !== undefined) {
      if (facts.disagreeing !== undefined || sameAnswer(facts, message)) return;
      facts.disagreeing = this.#kept(message.answers);
    } else {
      facts.answerFrame = moment.frame;
      facts.answerSeconds = moment.seconds;
      facts.answerNanoseconds = moment.nanoseconds;
      facts.responseCode = responseCodeName(message.responseCode);
      facts.truncated = message.truncated;
      facts.answers = this.#kept(message.answers);
    }
    this.#nameAddresses(facts, message.answers, moment.frame);
  }

  #kept(answers: readonly DnsAnswer[]): DnsAnswer[] {
    return answers.map((answer) => ({
      ...answer,
      name: this.#intern(answer.name),
      value: this.#intern(answer.value),
    }));
  }

  #nameAddresses(facts: DnsFacts, answers: readonly DnsAnswer[], frame: number): void {
    const owners = new Set([facts.name]);
    for (const answer of answers) {
      if (!owners.has(answer.name)) continue;
      if (answer.type === "CNAME") owners.add(answer.value);
      else if (isAddressType(answer.type)) this.#nameAddress(answer.value, facts, frame);
    }
  }

  #nameAddress(address: string, { name, questionFrame }: DnsFacts, frame: number): void {
    let names = this.#names.get(address);
    if (names === undefined) {
      if (this.#names.size >= limits.dnsAddresses) return;
      names = [];
      this.#names.set(this.#intern(address), names);
    }
    const known = names.find((seen) => seen.name === name);
    if (known !== undefined) known.lastFrame = Math.max(known.lastFrame, frame);
    else if (names.length < limits.dnsNamesPerAddress) {
      names.push({ name, askedFrame: questionFrame || frame, firstFrame: frame, lastFrame: frame });
    }
  }

  #intern(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, text);
    return text;
  }
}

interface Entry {
  readonly facts: DnsFacts;
  /** Capture time of the last question, seconds. */
  lastQuestion: number;
}

interface NameSeen {
  readonly name: string;
  /** The question whose answer was the first to name the address; that answer where the question was not seen. */
  readonly askedFrame: number;
  readonly firstFrame: number;
  lastFrame: number;
}

function noteQuestion(entry: Entry, moment: Moment): void {
  const { facts } = entry;
  const now = moment.seconds + moment.nanoseconds / 1e9;
  const sinceLast = Math.abs(now - entry.lastQuestion);
  entry.lastQuestion = now;
  if (moment.timed && facts.questions > 0 && sinceLast < twiceCapturedSeconds) return;
  facts.questions++;
  if (facts.questionFrame !== 0) return;
  facts.questionFrame = moment.frame;
  facts.questionSeconds = moment.seconds;
  facts.questionNanoseconds = moment.nanoseconds;
}

/** A resolver that keeps its port comes back to an identifier: later questions are others, not retransmissions. */
function isNewQuestion(entry: Entry, message: DnsMessage, moment: Moment): boolean {
  if (message.response || entry.facts.questions === 0 || !moment.timed) return false;
  return moment.seconds - entry.lastQuestion > retransmissionSeconds;
}

function sameAnswer(facts: DnsFacts, message: DnsMessage): boolean {
  if (facts.responseCode !== responseCodeName(message.responseCode)) return false;
  if (facts.truncated !== message.truncated) return false;
  const values = (answers: readonly DnsAnswer[]): string =>
    answers
      .filter((answer) => answer.type !== "other")
      .map((answer) => `${answer.name} ${answer.type} ${answer.value}`)
      .sort()
      .join("\n");
  return values(facts.answers) === values(message.answers);
}

function isMulticastPort(port: number): boolean {
  return port === 5353 || port === 5355;
}

/** Copies of one frame at two interfaces are microseconds apart; resolvers wait a second or more before they repeat. */
const twiceCapturedSeconds = 0.02;
/** glibc gives up after 2 × 5 s for a server, systemd-resolved and Go earlier. */
const retransmissionSeconds = 30;
