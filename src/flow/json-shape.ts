import { proofResults, type Proof } from "./checksums.ts";
import type { Analysis, DnsReport, Finding, Flow, HttpReport, Target, TlsReport } from "./model.ts";
import type { GoExchange } from "./story.ts";
import { captureCompressions, captureFormats } from "../capture/facts.ts";
import { grades, type Evidence } from "../grade.ts";
import { pathRemarks, pathStatuses, refusals, type CertificateSummary, type PathVerdict } from "../pki/verdict.ts";
import { problemCodes, problemLayers, type Problem } from "../problem.ts";
import { stageOrder } from "../protocol/layer.ts";
import { clientStacks } from "../protocol/tls/facts.ts";
import { versionNames } from "../protocol/tls/names.ts";
import { closedNames, openedNames } from "../stream/facts.ts";
import { goRequestKinds, labels, layerNames, roles, routeKinds, severities } from "./vocabulary.ts";

/*
 * The keys of the JSON and their order, for every object in it. A key that is not listed is never printed; the compiler
 * demands that every key of the model is listed, and a test that the published schema says the same of each.
 *
 * `value` stands for anything printed as it is: scalars, lists of scalars. Of an analysis, of whose values policies speak,
 * the shape says besides which are a `number`, a `flag` (true or false) or one of a list of words, in which `*` stands
 * for any characters. A list of objects has the shape of one item. `counts` is a record whose keys are printed in
 * alphabetical order.
 */
export const value = "value";
export const number = "number";
export const flag = "flag";
export const counts = "counts";

/** What a value can be. */
export type ValueShape = typeof value | typeof number | typeof flag | readonly string[];

type Words<T> = readonly (T extends readonly (infer Item)[] ? Item : T)[];
type Shape<T> = typeof value | typeof number | typeof flag | typeof counts | Words<T> | ObjectShape<T>;
export type ObjectShape<T> = T extends readonly (infer Item)[]
  ? ObjectShape<Item>
  : T extends object
    ? { readonly [Key in keyof T]-?: Shape<NonNullable<T[Key]>> }
    : never;

/** What is printed before and after the flows. */
type Head = Pick<Analysis, "schemaVersion" | "tool" | "trust" | "capture" | "summary" | "checksums">;

export const evidence = { grade: grades, because: value, frame: number } satisfies ObjectShape<Evidence>;

const proof = { result: proofResults, because: value } satisfies ObjectShape<Proof>;

const sides = ["client", "server"] as const;

const endpoint = { address: value, port: number } as const;

const target = {
  host: value,
  port: number,
  source: ["connect", "socks", "http", "sni", "dns", "address", "env"],
} satisfies ObjectShape<Target>;

const problemShape = {
  layer: problemLayers,
  code: problemCodes,
  frame: number,
  offset: number,
  detail: value,
} satisfies ObjectShape<Problem>;

export const headShape = {
  schemaVersion: number,
  tool: { name: value, version: value },
  trust: { source: value, count: number, sha256: value },
  capture: {
    files: {
      name: value,
      format: captureFormats,
      compression: captureCompressions,
      linkTypes: value,
      frames: number,
      bytes: number,
      firstFrame: number,
      snapLength: number,
      snappedFrames: number,
      application: value,
      comments: value,
      damaged: flag,
    },
    frames: number,
    bytes: number,
    start: value,
    end: value,
    problems: problemShape,
    moreProblems: number,
    comments: { frame: number, text: value },
    moreComments: number,
    notUnderstood: counts,
    interfaceDrops: number,
    folded: {
      client: value,
      server: value,
      ports: value,
      outcome: closedNames,
      count: number,
      firstFrame: number,
      lastFrame: number,
    },
    datagrams: counts,
    secrets: { blocks: number, bytes: number },
    keyLog: {
      sources: { name: value, origin: ["file", "capture"], secrets: number, usedBy: number, unused: number },
      secrets: number,
      usedBy: number,
      unused: number,
    },
  },
  summary: {
    labels: { sumdb: number, proxied: number, direct: number, other: number },
    doubtful: number,
    noise: number,
    goTraffic: flag,
    instead: value,
    joined: number,
    underWay: number,
    blind: value,
  },
  checksums: {
    databases: { name: value, treeSize: number, treeHeads: number, tiles: number, timeline: proof },
    lookups: {
      module: value,
      version: value,
      database: value,
      flow: number,
      frame: number,
      record: number,
      treeSize: number,
      signature: { ...proof, key: value },
      inclusion: { ...proof, treeSize: number, missingTiles: value, moreMissing: number },
    },
    records: {
      module: value,
      version: value,
      kind: ["zip", "mod"],
      h1: value,
      flow: number,
      frame: number,
      lookup: { index: number, h1: value, agrees: flag },
      gosum: { source: value, line: number, h1: value, agrees: flag },
      ...proof,
    },
    more: number,
  },
} satisfies ObjectShape<Head>;

export const certificate = {
  sha256: value,
  subject: value,
  issuer: value,
  serial: value,
  notBefore: value,
  notAfter: value,
  dnsNames: value,
  ipAddresses: value,
  caIssuers: value,
  subjectKeyId: value,
  authorityKeyId: value,
  publicKey: value,
  signatureAlgorithm: value,
  isCa: flag,
  length: number,
} satisfies ObjectShape<CertificateSummary>;

/** A certificate with the frame that it came in. */
export const sentCertificate = { ...certificate, frame: number } as const;

const path = {
  status: pathStatuses,
  certainty: ["proved", "likely", "possible"],
  remarks: pathRemarks,
  missing: { for: value, issuer: value, keyId: value, caIssuers: value, known: value, knownFrom: value },
  refused: { subject: value, by: refusals, detail: value },
  anchor: value,
  path: value,
  goError: value,
  detail: value,
} satisfies ObjectShape<PathVerdict>;

const tls = {
  serverName: value,
  echOuter: flag,
  ja4: value,
  clientStack: { name: clientStacks, text: value, goVersions: value, ...evidence },
  groups: value,
  keyShares: value,
  alpnOffered: value,
  alpn: value,
  legacyVersion: versionNames,
  supportedVersions: value,
  negotiatedVersion: versionNames,
  cipherSuite: value,
  helloRetryRequest: flag,
  resumed: flag,
  helloFrame: number,
  helloSegments: number,
  serverHelloFrame: number,
  alerts: { from: sides, level: ["warning", "fatal"], description: value, frame: number, grade: grades },
  verdict: { value: ["accepted", "rejected", "undecided"], unused: flag, ...evidence },
  certificates: sentCertificate,
  clientCertificates: certificate,
  clientCertificateRequested: flag,
  path,
  inferred: { certificateBytes: number, certificates: number, leafKey: value, ...evidence },
  decrypted: ["client", "server", "both"],
  decryptedBecause: value,
  strangeAnswer: value,
} satisfies ObjectShape<TlsReport>;

const goExchange = {
  kind: goRequestKinds,
  module: value,
  version: value,
  base: value,
  database: value,
  repository: value,
  entry: value,
  folded: ["doubled", "prefix-probe"],
} satisfies ObjectShape<GoExchange>;

export const httpShape = {
  grade: grades,
  method: value,
  requestTarget: value,
  scheme: ["http", "https"],
  host: value,
  path: value,
  status: number,
  reason: value,
  version: value,
  stream: number,
  requestFrame: number,
  responseFrame: number,
  endFrame: number,
  requestTime: value,
  responseTime: value,
  endTime: value,
  requestBytes: number,
  responseBytes: number,
  userAgent: value,
  accept: value,
  contentType: value,
  contentEncoding: value,
  redirectTo: value,
  redirectFlow: number,
  redirectExchange: number,
  errorText: value,
  errorReason: value,
  contentError: { kind: ["unreadable", "other"], text: value },
  goImports: { prefix: value, vcs: value, root: value },
  authorization: value,
  challenges: value,
  unknownFields: number,
  reset: { from: sides, error: value, frame: number },
  go: goExchange,
} satisfies ObjectShape<HttpReport>;

export const flowShape = {
  id: number,
  client: endpoint,
  server: endpoint,
  start: value,
  end: value,
  frames: { first: number, last: number, count: number },
  bytes: { clientToServer: number, serverToClient: number },
  opened: openedNames,
  closed: closedNames,
  closedBy: sides,
  lost: { clientToServer: number, serverToClient: number },
  unacknowledged: { clientToServer: number, serverToClient: number },
  retransmittedSegments: number,
  outOfOrderSegments: number,
  duplicateFrames: number,
  snappedSegments: number,
  oneSided: flag,
  syns: number,
  sameAs: number,
  upstreamOf: number,
  icmp: { type: number, code: number, frame: number, mtu: number, from: value },
  process: { name: value, pid: number, path: value, frame: number },
  layers: layerNames,
  route: {
    kind: routeKinds,
    overTls: flag,
    proxy: { ...endpoint, name: value },
    target: value,
    status: number,
    attempts: { frame: number, status: number, reason: value, answerBytes: number, schemes: value, credentials: value },
    userAgent: value,
    evidence,
  },
  target,
  targets: target,
  role: roles,
  roleEvidence: evidence,
  label: labels,
  labelEvidence: evidence,
  carriesSumdb: flag,
  noise: flag,
  stage: stageOrder,
  stages: { stage: stageOrder, frame: number, time: value },
  tls,
  socks: {
    version: value,
    methodsOffered: value,
    methodSelected: value,
    authenticated: flag,
    addressType: ["name", "ipv4", "ipv6"],
    reply: value,
    strangeAnswer: value,
  },
  http: httpShape,
  goAways: { from: sides, lastStream: number, error: value, frame: number },
  strangeAnswer: value,
  problems: problemShape,
  moreProblems: number,
} satisfies ObjectShape<Flow>;

const answer = { name: value, type: value, value } as const;

export const dnsShape = {
  name: value,
  type: value,
  client: value,
  server: value,
  questionFrame: number,
  frame: number,
  time: value,
  questions: number,
  answers: answer,
  disagreeing: answer,
  responseCode: value,
} satisfies ObjectShape<DnsReport>;

export const findingShape = {
  rule: value,
  severity: severities,
  grade: grades,
  flows: number,
  frames: number,
  title: value,
  detail: value,
  remedy: value,
  filter: value,
  printed: value,
} satisfies ObjectShape<Finding>;

/** Any of the shapes above. */
export type AnyShape = ValueShape | typeof counts | FieldShapes;
interface FieldShapes {
  readonly [key: string]: AnyShape;
}

/** Whether a shape is that of a value, which has no fields. */
export function isValue(shape: AnyShape): shape is ValueShape {
  return Array.isArray(shape) || shape === value || shape === number || shape === flag;
}
