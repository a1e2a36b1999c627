import type { Proof } from "./checksums.ts";
import type { Analysis, DnsReport, Finding, Flow, HttpReport, Target, TlsReport } from "./model.ts";
import type { GoExchange } from "./story.ts";
import type { Evidence } from "../grade.ts";
import type { CertificateSummary, PathVerdict } from "../pki/verdict.ts";
import type { Problem } from "../problem.ts";

/*
 * The keys of the JSON and their order, for every object in it. A key that is not listed is never printed; the compiler
 * demands that every key of the model is listed, and a test that the published schema lists the same.
 *
 * `value` stands for anything printed as it is: scalars, lists of scalars. A list of objects has the shape of one item.
 * `counts` is a record whose keys are printed in alphabetical order.
 */
export const value = "value";
export const counts = "counts";

type Shape<T> = typeof value | typeof counts | ObjectShape<T>;
export type ObjectShape<T> = T extends readonly (infer Item)[]
  ? ObjectShape<Item>
  : T extends object
    ? { readonly [Key in keyof T]-?: Shape<NonNullable<T[Key]>> }
    : never;

/** What is printed before and after the flows. */
type Head = Pick<Analysis, "schemaVersion" | "tool" | "trust" | "capture" | "summary" | "checksums">;

export const evidence = { grade: value, because: value, frame: value } satisfies ObjectShape<Evidence>;

const proof = { result: value, because: value } satisfies ObjectShape<Proof>;

const endpoint = { address: value, port: value } as const;

const target = { host: value, port: value, source: value } satisfies ObjectShape<Target>;

const problemShape = {
  layer: value,
  code: value,
  frame: value,
  offset: value,
  detail: value,
} satisfies ObjectShape<Problem>;

export const headShape = {
  schemaVersion: value,
  tool: { name: value, version: value },
  trust: { source: value, count: value, sha256: value },
  capture: {
    files: {
      name: value,
      format: value,
      compression: value,
      linkTypes: value,
      frames: value,
      bytes: value,
      firstFrame: value,
      snapLength: value,
      snappedFrames: value,
      application: value,
      comments: value,
      damaged: value,
    },
    frames: value,
    bytes: value,
    start: value,
    end: value,
    problems: problemShape,
    moreProblems: value,
    comments: { frame: value, text: value },
    moreComments: value,
    notUnderstood: counts,
    interfaceDrops: value,
    folded: {
      client: value,
      server: value,
      ports: value,
      outcome: value,
      count: value,
      firstFrame: value,
      lastFrame: value,
    },
    datagrams: counts,
    secrets: { blocks: value, bytes: value },
    keyLog: {
      sources: { name: value, origin: value, secrets: value, usedBy: value, unused: value },
      secrets: value,
      usedBy: value,
      unused: value,
    },
  },
  summary: {
    labels: { sumdb: value, proxied: value, direct: value, other: value },
    doubtful: value,
    noise: value,
    goTraffic: value,
    instead: value,
    joined: value,
    underWay: value,
    blind: value,
  },
  checksums: {
    databases: { name: value, treeSize: value, treeHeads: value, tiles: value, timeline: proof },
    lookups: {
      module: value,
      version: value,
      database: value,
      flow: value,
      frame: value,
      record: value,
      treeSize: value,
      signature: { ...proof, key: value },
      inclusion: { ...proof, treeSize: value, missingTiles: value, moreMissing: value },
    },
    records: {
      module: value,
      version: value,
      kind: value,
      h1: value,
      flow: value,
      frame: value,
      lookup: { index: value, h1: value, agrees: value },
      gosum: { source: value, line: value, h1: value, agrees: value },
      ...proof,
    },
    more: value,
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
  isCa: value,
  length: value,
} satisfies ObjectShape<CertificateSummary>;

/** A certificate with the frame that it came in. */
export const sentCertificate = { ...certificate, frame: value } as const;

const path = {
  status: value,
  certainty: value,
  remarks: value,
  missing: { for: value, issuer: value, keyId: value, caIssuers: value, known: value, knownFrom: value },
  refused: { subject: value, by: value, detail: value },
  anchor: value,
  path: value,
  goError: value,
  detail: value,
} satisfies ObjectShape<PathVerdict>;

const tls = {
  serverName: value,
  echOuter: value,
  ja4: value,
  clientStack: { name: value, text: value, goVersions: value, ...evidence },
  groups: value,
  keyShares: value,
  alpnOffered: value,
  alpn: value,
  legacyVersion: value,
  supportedVersions: value,
  negotiatedVersion: value,
  cipherSuite: value,
  helloRetryRequest: value,
  resumed: value,
  helloFrame: value,
  helloSegments: value,
  serverHelloFrame: value,
  alerts: { from: value, level: value, description: value, frame: value, grade: value },
  verdict: { value, unused: value, ...evidence },
  certificates: sentCertificate,
  clientCertificates: certificate,
  clientCertificateRequested: value,
  path,
  inferred: { certificateBytes: value, certificates: value, leafKey: value, ...evidence },
  decrypted: value,
  decryptedBecause: value,
  strangeAnswer: value,
} satisfies ObjectShape<TlsReport>;

const goExchange = {
  kind: value,
  module: value,
  version: value,
  base: value,
  database: value,
  repository: value,
  entry: value,
  folded: value,
} satisfies ObjectShape<GoExchange>;

export const httpShape = {
  grade: value,
  method: value,
  requestTarget: value,
  scheme: value,
  host: value,
  path: value,
  status: value,
  reason: value,
  version: value,
  stream: value,
  requestFrame: value,
  responseFrame: value,
  endFrame: value,
  requestTime: value,
  responseTime: value,
  endTime: value,
  requestBytes: value,
  responseBytes: value,
  userAgent: value,
  accept: value,
  contentType: value,
  contentEncoding: value,
  redirectTo: value,
  redirectFlow: value,
  redirectExchange: value,
  errorText: value,
  errorReason: value,
  contentError: { kind: value, text: value },
  goImports: { prefix: value, vcs: value, root: value },
  authorization: value,
  challenges: value,
  unknownFields: value,
  reset: { from: value, error: value, frame: value },
  go: goExchange,
} satisfies ObjectShape<HttpReport>;

export const flowShape = {
  id: value,
  client: endpoint,
  server: endpoint,
  start: value,
  end: value,
  frames: { first: value, last: value, count: value },
  bytes: { clientToServer: value, serverToClient: value },
  opened: value,
  closed: value,
  closedBy: value,
  lost: { clientToServer: value, serverToClient: value },
  unacknowledged: { clientToServer: value, serverToClient: value },
  retransmittedSegments: value,
  outOfOrderSegments: value,
  duplicateFrames: value,
  snappedSegments: value,
  oneSided: value,
  syns: value,
  sameAs: value,
  upstreamOf: value,
  icmp: { type: value, code: value, frame: value, mtu: value, from: value },
  process: { name: value, pid: value, path: value, frame: value },
  layers: value,
  route: {
    kind: value,
    overTls: value,
    proxy: { ...endpoint, name: value },
    target: value,
    status: value,
    attempts: { frame: value, status: value, reason: value, answerBytes: value, schemes: value, credentials: value },
    userAgent: value,
    evidence,
  },
  target,
  targets: target,
  role: value,
  roleEvidence: evidence,
  label: value,
  labelEvidence: evidence,
  carriesSumdb: value,
  noise: value,
  stage: value,
  stages: { stage: value, frame: value, time: value },
  tls,
  socks: {
    version: value,
    methodsOffered: value,
    methodSelected: value,
    authenticated: value,
    addressType: value,
    reply: value,
    strangeAnswer: value,
  },
  http: httpShape,
  goAways: { from: value, lastStream: value, error: value, frame: value },
  strangeAnswer: value,
  problems: problemShape,
  moreProblems: value,
} satisfies ObjectShape<Flow>;

const answer = { name: value, type: value, value } as const;

export const dnsShape = {
  name: value,
  type: value,
  client: value,
  server: value,
  questionFrame: value,
  frame: value,
  time: value,
  questions: value,
  answers: answer,
  disagreeing: answer,
  responseCode: value,
} satisfies ObjectShape<DnsReport>;

export const findingShape = {
  rule: value,
  severity: value,
  grade: value,
  flows: value,
  frames: value,
  title: value,
  detail: value,
  remedy: value,
  filter: value,
  printed: value,
} satisfies ObjectShape<Finding>;

/** Any of the shapes above. */
export type AnyShape = typeof value | typeof counts | { readonly [key: string]: AnyShape };
