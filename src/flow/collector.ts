import { limits } from "../limits.ts";
import type { Packet } from "../packet/packet.ts";
import { ProblemLog, type ProblemCode, type ProblemLayer } from "../problem.ts";
import { DnsLog } from "../protocol/dns/log.ts";
import type { ContentWatch, CountedBytes } from "../protocol/content.ts";
import { stageOrder, type Stage } from "../protocol/layer.ts";
import { isQuicLong } from "../protocol/quic.ts";
import { ProtocolStack, type FlowContext } from "../protocol/registry.ts";
import { CertificateStore } from "../protocol/tls/certificate-store.ts";
import { ClientHelloStore } from "../protocol/tls/client-hello-store.ts";
import type { TlsSecrets } from "../protocol/tls/secrets.ts";
import type { Moment } from "../stream/consumer.ts";
import type { ConnectionFacts } from "../stream/facts.ts";
import { swapDirections } from "../stream/swap.ts";
import type { ConnectionSink, OpenedConnection } from "../stream/table.ts";
import { SharedFacts } from "./shared-facts.ts";
import { FlowStore, type FlowFacts, type StageNotes } from "./store.ts";

/**
 * Gathers what one pass over a capture sees: gives each connection its decoders and keeps its facts when it is over.
 *
 * Invariant: nothing is judged here; a flow that is closed is facts only.
 */
export class Collector implements ConnectionSink {
  readonly store = new FlowStore();
  readonly dns = new DnsLog((code, detail) =>
    this.#problems.note({ layer: "dns", code, frame: this.#moment.frame, detail }),
  );
  readonly certificates = new CertificateStore();
  readonly hellos = new ClientHelloStore();
  /** UDP datagrams by what they are. */
  readonly datagrams = { dns: 0, quic: 0, other: 0 };
  /** Whoever wants to see the content of answers; set before the first connection opens. */
  content: ContentWatch | undefined = undefined;
  /** Whoever wants to know which bytes nobody needs; set likewise. */
  counted: CountedBytes | undefined = undefined;
  readonly #moment: Moment;
  readonly #problems: ProblemLog;
  readonly #shared = new SharedFacts();
  /** What TLS may be decrypted with, for the connections that open from now on. */
  secrets: TlsSecrets | undefined;

  /** `problems` takes what belongs to no flow. */
  constructor(moment: Moment, problems: ProblemLog, secrets?: TlsSecrets) {
    this.#moment = moment;
    this.#problems = problems;
    this.secrets = secrets;
  }

  open(connection: OpenedConnection): ProtocolStack {
    return new ProtocolStack(new FlowNotes(this, this.#moment), connection);
  }

  close(connection: ConnectionFacts, stack: ProtocolStack): void {
    const notes = stack.context as FlowNotes;
    const facts = stack.swapped ? swapDirections(connection) : connection;
    noteTcp(notes.stages, facts);
    this.#shared.share(stack.layers);
    this.store.add({
      connection: facts,
      layers: stack.layers,
      stages: notes.stages,
      problems: notes.problems?.kept ?? [],
      moreProblems: notes.problems?.more ?? 0,
    });
  }

  problem(code: ProblemCode, detail: string, stack: ProtocolStack | undefined): void {
    if (stack === undefined) this.#problems.note({ layer: "stream", code, frame: this.#moment.frame, detail });
    else stack.context.problem("stream", code, detail);
  }

  datagram(packet: Packet): void {
    if (this.dns.datagram(packet, this.#moment)) this.datagrams.dns++;
    else if (isQuicLong(packet.bytes, packet.payloadStart, packet.payloadEnd)) this.datagrams.quic++;
    else this.datagrams.other++;
  }
}

/** What the layers of one flow note while it lasts. */
class FlowNotes implements FlowContext {
  readonly moment: Moment;
  readonly dns: DnsLog;
  readonly certificates: CertificateStore;
  readonly hellos: ClientHelloStore;
  readonly secrets: TlsSecrets | undefined;
  readonly content: ContentWatch | undefined;
  readonly counted: CountedBytes | undefined;
  readonly stages = emptyStages();
  /** Undefined until there is one. */
  problems: ProblemLog | undefined;

  constructor(collector: Collector, moment: Moment) {
    this.moment = moment;
    this.dns = collector.dns;
    this.content = collector.content;
    this.counted = collector.counted;
    this.certificates = collector.certificates;
    this.hellos = collector.hellos;
    this.secrets = collector.secrets;
  }

  problem(layer: ProblemLayer, code: ProblemCode, detail: string, offset?: number): void {
    const { frame } = this.moment;
    this.problems ??= new ProblemLog(limits.problemsPerFlow);
    this.problems.note({ layer, code, frame, ...(offset !== undefined && { offset }), detail });
  }

  stage(stage: Stage): void {
    const at = stageOrder.indexOf(stage);
    const { frame, seconds, nanoseconds } = this.moment;
    if (this.stages[3 * at] === 0) note(this.stages, at, frame, seconds, nanoseconds);
  }
}

/** Facts of a connection that carried no payload, in the form of those that did. */
export function payloadFreeFlow(connection: ConnectionFacts): FlowFacts {
  const stages = emptyStages();
  noteTcp(stages, connection);
  return { connection, layers: [], stages, problems: [], moreProblems: 0 };
}

function emptyStages(): number[] {
  return noStages.slice();
}

const noStages: StageNotes = stageOrder.flatMap(() => [0, 0, 0]);

/** The TCP stage is the stream layer's to tell: the SYN-ACK, or the first frame of a connection already open. */
function noteTcp(stages: number[], facts: ConnectionFacts): void {
  if (facts.synAckFrame > 0) note(stages, 0, facts.synAckFrame, facts.synAckSeconds, facts.synAckNanoseconds);
  else if (facts.opened === "midstream") note(stages, 0, facts.firstFrame, facts.startSeconds, facts.startNanoseconds);
}

function note(stages: number[], at: number, frame: number, seconds: number, nanoseconds: number): void {
  stages[3 * at] = frame;
  stages[3 * at + 1] = seconds;
  stages[3 * at + 2] = nanoseconds;
}
