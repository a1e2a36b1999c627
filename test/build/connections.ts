import type { LayerFacts } from "../../src/protocol/layer.ts";
import type { HttpExchange } from "../../src/protocol/exchange.ts";
import type { HttpFacts } from "../../src/protocol/http1/facts.ts";
import type { Http2Facts } from "../../src/protocol/http2/facts.ts";
import type { SocksFacts } from "../../src/protocol/socks/facts.ts";
import type { ClientHelloFacts, TlsFacts } from "../../src/protocol/tls/facts.ts";
import { type FlowFacts } from "../../src/flow/store.ts";
import { stageOrder } from "../../src/protocol/layer.ts";
import type { ConnectionFacts } from "../../src/stream/facts.ts";

/** A finished connection from 192.0.2.10:40000 to 198.51.100.10:443, with what a test says otherwise. */
export function connectionFacts(some: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return {
    id: 0,
    addressLength: 4,
    clientAddress: "192.0.2.10",
    clientPort: 40_000,
    serverAddress: "198.51.100.10",
    serverPort: 443,
    opened: "handshake",
    closed: "fin",
    firstFrame: 1,
    lastFrame: 20,
    startSeconds: 1_790_000_000,
    startNanoseconds: 5,
    endSeconds: 1_790_000_001,
    endNanoseconds: 999_999_999,
    timed: true,
    frames: 20,
    bytes: [100, 2000],
    lost: [0, 0],
    retransmittedSegments: 0,
    outOfOrderSegments: 0,
    duplicateFrames: 0,
    synAckFrame: 2,
    synAckSeconds: 1_790_000_000,
    synAckNanoseconds: 7,
    syns: 1,
    unacknowledged: [0, 0],
    largestSegment: [100, 1448],
    oneSided: false,
    firstSequence: [-5, 2_000_000_000],
    icmp: [],
    snappedSegments: 0,
    overlapsDiffer: 0,
    interfaceIds: [0],
    ...some,
  };
}

export function flowFacts(connection: Partial<ConnectionFacts> = {}, layers: readonly LayerFacts[] = []): FlowFacts {
  return {
    connection: connectionFacts(connection),
    layers,
    stages: stageOrder.flatMap(() => [0, 0, 0]),
    problems: [],
    moreProblems: 0,
  };
}

export function helloFacts(some: Partial<ClientHelloFacts> = {}): ClientHelloFacts {
  return {
    serverName: "sum.golang.org",
    echOuter: false,
    legacyVersion: 0x0303,
    supportedVersions: [0x0304, 0x0303],
    cipherSuites: [0x1301],
    groups: [0x001d],
    keyShares: [0x001d],
    alpnOffered: ["h2", "http/1.1"],
    signatureAlgorithms: [0x0804],
    extensions: [0, 16, 43, 51],
    grease: false,
    earlyData: false,
    ja4: "t13d1910h2_9dc949149365_97f8aa674fd9",
    stack: { name: "go", text: "Go 1.19", grade: "inferred", because: "extension order" },
    length: 269,
    ...some,
  };
}

export function tlsFacts(some: Partial<TlsFacts> = {}): TlsFacts {
  return {
    layer: "tls",
    hello: helloFacts(),
    helloFrame: 4,
    helloSegments: 1,
    randomHigh: 1,
    randomLow: 2,
    serverHelloFrame: 6,
    negotiatedVersion: 0x0304,
    helloRetryRequest: false,
    resumed: false,
    alerts: [],
    certificates: [],
    certificatesSeen: false,
    certificateFrame: 0,
    clientCertificates: [],
    clientCertificateRequested: false,
    verdict: { value: "accepted", grade: "inferred", because: "Finished, then data" },
    applicationData: [true, true],
    handshakeLost: false,
    ...some,
  };
}

export function httpFacts(exchanges: readonly Partial<HttpExchange>[]): HttpFacts {
  return {
    layer: "http1",
    exchanges: exchanges.map((some) => ({
      method: "GET",
      requestTarget: "/",
      form: "origin",
      version: "HTTP/1.1",
      requestFrame: 4,
      requestSeconds: 0,
      requestNanoseconds: 0,
      responseFrame: 5,
      responseSeconds: 0,
      responseNanoseconds: 0,
      requestBytes: 0,
      responseBytes: 0,
      ...some,
    })),
  };
}

export function http2Facts(exchanges: readonly Partial<HttpExchange>[], some: Partial<Http2Facts> = {}): Http2Facts {
  const alike = exchanges.map((exchange, at) => ({ version: "HTTP/2", stream: 2 * at + 1, ...exchange }));
  return { ...httpFacts(alike), layer: "http2", goAways: [], ...some };
}

export function socksFacts(some: Partial<SocksFacts> = {}): SocksFacts {
  return {
    layer: "socks",
    version: 5,
    v4a: false,
    frame: 4,
    methodsOffered: [0],
    methodSelected: 0,
    command: 1,
    targetHost: "Sum.golang.org",
    targetPort: 443,
    addressType: "name",
    requestFrame: 6,
    reply: 0,
    answerFrame: 0,
    replyFrame: 7,
    ...some,
  };
}
