import { linkTypeName } from "./capture/link-types.ts";
import { Findings } from "./finding/findings.ts";
import { Losses } from "./finding/losses.ts";
import { payloadFreeFlow } from "./flow/collector.ts";
import { describeDns } from "./flow/dns-report.ts";
import { describeFlow, type DescribeContext } from "./flow/describe.ts";
import { describeKeyLog } from "./flow/key-log-report.ts";
import type { ChecksumReport } from "./flow/checksums.ts";
import type { Analysis, CaptureReport, Flow, ObservedFlow } from "./flow/model.ts";
import { Naming } from "./flow/naming.ts";
import { proxyDialogue } from "./flow/route.ts";
import type { FlowFacts, ServedFlow } from "./flow/store.ts";
import { timestampText } from "./flow/timestamp.ts";
import { Twins } from "./flow/twins.ts";
import { gatherEvidence } from "./gomod/checksum/evidence.ts";
import { proveChecksums, type ChecksumTrust } from "./gomod/checksum/proof.ts";
import { checksumTrust } from "./gomod/checksum/trust.ts";
import type { GoConfiguration } from "./gomod/configuration/configuration.ts";
import { knownHosts } from "./gomod/endpoints.ts";
import { proxyPaths } from "./gomod/proxy-list.ts";
import { Explainer } from "./gomod/explanation/explainer.ts";
import { Outcomes } from "./gomod/outcome.ts";
import { ExchangeLinks } from "./gomod/exchange-links.ts";
import { GoMeaning } from "./gomod/meaning.ts";
import { TargetRoles } from "./gomod/roles.ts";
import { StoryTeller } from "./gomod/story/teller.ts";
import { Summarizer } from "./gomod/summary.ts";
import { limits } from "./limits.ts";
import type { CaptureTime } from "./capture/capture-time.ts";
import type { Pass } from "./pass.ts";
import type { TrustAnchors } from "./pki/anchors.ts";
import { ChainJudge } from "./pki/judge.ts";
import { KnownCertificates, type CertificateBytes } from "./pki/known.ts";
import { tool } from "./version.ts";

/** What a capture is judged with; only the anchors must be given. */
export interface AnalyzeOptions {
  /** Trust anchors that certificates are judged with. */
  readonly anchors: TrustAnchors;
  /** The Go configuration and environment of the run, as evidence. */
  readonly configuration?: GoConfiguration;
  /** Keys of checksum databases, beside Go's own and that of GOSUMDB, and go.sum files: what downloads are held against. */
  readonly checksums?: ChecksumTrust;
  /** PEM files of certificates known from elsewhere: they prove what is missing, and anchor nothing. */
  readonly intermediates?: readonly { readonly name: string; readonly text: string }[];
  /** Certificates of other captures: they prove what is missing, and anchor nothing. */
  readonly elsewhere?: Elsewhere;
  /** Seconds since the epoch at which certificates are judged instead of the packets' own time. */
  readonly at?: number;
  /** Name that the certificates of one flow are judged by instead of the one it asked for. */
  readonly host?: { readonly flow: number; readonly name: string };
}

/** Certificates of another capture, and what it is called. */
interface Elsewhere {
  readonly from: string;
  readonly certificates: Iterable<CertificateBytes>;
}

/**
 * Judges what a pass saw. Pure: flows are described one at a time, as often as asked, and the order in which they
 * finished makes no difference.
 */
export function conclude(pass: Pass, options: AnalyzeOptions): Analysis {
  const context = describeContext(pass, options);
  const roles = new TargetRoles(options.configuration);
  const remember = pass.collector.store.length <= limits.describedFlows ? rememberFew : walkAnew;
  const observed = remember(() => observedFlows(pass, context));
  const links = new ExchangeLinks(proxyPaths(options.configuration));
  for (const flow of observed()) {
    roles.observe(flow);
    links.observe(flow);
  }
  const { configuration } = options;
  const meaning = new GoMeaning(configuration, links);
  const judge = (flow: ObservedFlow): Flow => meaning.given(flow, roles.judge(flow));
  const flows = remember(function* () {
    for (const flow of observed()) yield judge(flow);
  });

  const capture = describeCapture(pass);
  const outcomes = new Outcomes(configuration);
  const summarizer = new Summarizer(capture.end);
  const teller = new StoryTeller(configuration);
  let flowCount = 0;
  for (const flow of flows()) {
    outcomes.observe(flow);
    summarizer.observe(flow);
    teller.observe(flow);
    flowCount++;
  }

  const dns = pass.collector.dns.facts.map((facts) => describeDns(facts, pass.time.timed));
  const checksums = proofOfChecksums(pass, options);
  const story = teller.conclude({ keyLog: capture.keyLog, checksums, dns });
  const findings = new Findings({ capture, dns, outcomes, checksums, losses: new Losses(story), configuration });
  const explainer = configuration && new Explainer(configuration);
  for (const flow of flows()) findings.observe(flow, explainer?.observe(flow));
  return {
    schemaVersion: 1,
    tool,
    get trust() {
      return options.anchors.report();
    },
    capture,
    summary: summarizer.conclude(capture),
    flowCount,
    flows,
    flow: (id) => {
      const facts = flowFacts(pass, id);
      return facts === undefined ? undefined : judge(describeFlow(facts, context));
    },
    dns,
    ...(checksums !== undefined && { checksums }),
    findings: findings.conclude(),
    story,
    ...(explainer !== undefined && { explanation: explainer.conclude() }),
    certificate: (sha256) => pass.collector.certificates.find(sha256)?.der,
    anchors: (subject) => options.anchors.named(subject),
  };
}

/** Descriptions of many flows would fill the heap before they prove too many to hold. */
function walkAnew<Described>(describe: () => Iterable<Described>): () => Iterable<Described> {
  return describe;
}

function proofOfChecksums(pass: Pass, { configuration, checksums }: AnalyzeOptions): ChecksumReport | undefined {
  if (!pass.content.concerned) return undefined;
  const evidence = gatherEvidence(pass.collector.store.flows(), proxyPaths(configuration));
  return proveChecksums(evidence, checksumTrust(checksums, configuration));
}

/** The same flows at every walk; described once where they are few, anew each time where holding them would cost. */
function rememberFew<Described>(describe: () => Iterable<Described>): () => Iterable<Described> {
  let held: Described[] | undefined;
  function* walk(): Iterable<Described> {
    let flows: Described[] | undefined = [];
    for (const flow of describe()) {
      if (flows !== undefined && flows.push(flow) > limits.describedFlows) flows = undefined;
      yield flow;
    }
    held = flows;
  }
  return () => held ?? walk();
}

function describeContext(pass: Pass, options: AnalyzeOptions): DescribeContext {
  const { collector, names } = pass;
  const resolved = new Map(names.map(({ address, names: all }) => [address, all]));
  const naming = new Naming(collector.dns, resolved, knownHosts(options.configuration));
  const proxy = options.configuration?.httpsProxy;
  if (proxy?.scheme === "https") {
    naming.tlsProxyAt(proxy.host, proxy.port, `${proxy.variable} in ${proxy.source} names ${proxy.shown} as proxy`);
  }
  const known = new KnownCertificates(options.intermediates ?? []);
  const { elsewhere } = options;
  const twins = new Twins(collector.store);
  for (const flow of collector.store.served()) {
    learn(flow, naming, known);
    twins.observe(flow);
  }
  if (elsewhere !== undefined) for (const each of elsewhere.certificates) known.add(each, elsewhere.from);
  return {
    naming,
    judge: new ChainJudge(options.anchors, known),
    ...(options.at !== undefined && { at: options.at }),
    ...(options.host !== undefined && { host: options.host }),
    twinOf: (id) => twins.of(id),
    processes: pass.processes,
  };
}

/** What one flow tells about the others: what its server is called or is, which certificates exist. */
function learn(flow: ServedFlow, naming: Naming, known: KnownCertificates): void {
  const { serverAddress, serverPort, layers } = flow;
  for (const layer of layers) {
    if (layer.layer !== "tls") continue;
    for (const certificate of layer.certificates) known.add(certificate, `flow ${flow.id}`);
  }
  const proxyKind = proxyDialogue(layers);
  if (proxyKind !== undefined) naming.proxyAt(serverAddress, serverPort, proxyKind);
  const [outermost] = layers;
  if (outermost?.layer === "tls" && outermost.inferredTunnel !== undefined) {
    const because = `flow ${flow.id} opened a tunnel at the same place`;
    naming.tlsProxyAt(serverAddress, serverPort, because);
  }
  if (outermost?.layer !== "tls" || outermost.hello?.serverName === undefined || outermost.hello.echOuter) return;
  naming.speak(serverAddress, serverPort, outermost.hello.serverName.toLowerCase());
}

/** All flows in order of id: those with payload from the store, the others from their rows. */
function* observedFlows(pass: Pass, context: DescribeContext): Iterable<ObservedFlow> {
  const bare = pass.table.payloadFree()[Symbol.iterator]();
  let next = bare.next();
  for (const facts of pass.collector.store.flows()) {
    while (next.done !== true && next.value.id < facts.connection.id) {
      yield describeFlow(payloadFreeFlow(next.value), context);
      next = bare.next();
    }
    yield describeFlow(facts, context);
  }
  for (; next.done !== true; next = bare.next()) yield describeFlow(payloadFreeFlow(next.value), context);
}

function flowFacts({ collector, table }: Pass, id: number): FlowFacts | undefined {
  const bare = table.payloadFreeById(id);
  return bare === undefined ? collector.store.flow(id) : payloadFreeFlow(bare);
}

function describeCapture(pass: Pass): CaptureReport {
  const { files, time, secrets, keys } = pass;
  return {
    files: files.map((file) => ({
      name: file.name,
      format: file.format,
      compression: file.compression,
      linkTypes: file.linkTypes.map(linkTypeName),
      frames: file.frames,
      bytes: file.bytes,
      firstFrame: file.framesBefore + 1,
      ...(file.snapLength !== undefined && { snapLength: file.snapLength }),
      ...(file.snappedFrames > 0 && { snappedFrames: file.snappedFrames }),
      ...(file.application !== undefined && { application: file.application }),
      ...(file.comments.length > 0 && { comments: file.comments }),
      damaged: file.damaged,
    })),
    frames: files.reduce((sum, file) => sum + file.frames, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    ...captureTimes(time),
    problems: pass.problems.kept,
    ...(pass.comments.kept.length > 0 && { comments: pass.comments.kept }),
    ...(pass.comments.more > 0 && { moreComments: pass.comments.more }),
    ...(pass.problems.more > 0 && { moreProblems: pass.problems.more }),
    notUnderstood: Object.fromEntries(pass.decoder.notUnderstood),
    interfaceDrops: files.reduce((sum, file) => sum + file.interfaceDrops, 0),
    folded: pass.table.folded(),
    datagrams: pass.collector.datagrams,
    ...(secrets.length > 0 && {
      secrets: { blocks: secrets.length, bytes: secrets.reduce((sum, { bytes }) => sum + bytes.length, 0) },
    }),
    ...(keys !== undefined && { keyLog: describeKeyLog(keys, pass.collector.store.flows()) }),
  };
}

function captureTimes(time: CaptureTime): { start?: string; end?: string } {
  if (!time.timed) return {};
  return {
    start: timestampText(time.startSeconds, time.startNanoseconds),
    end: timestampText(time.endSeconds, time.endNanoseconds),
  };
}
