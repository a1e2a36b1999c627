import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { ChecksumReport } from "../../src/flow/checksums.ts";
import type { Analysis } from "../../src/flow/model.ts";
import {
  counts,
  dnsShape,
  findingShape,
  flowShape,
  headShape,
  isValue,
  type AnyShape,
  type ValueShape,
} from "../../src/flow/json-shape.ts";
import { renderJson, renderNdjson } from "../../src/report/json.ts";
import { wholeText } from "../build/report-text.ts";
import { explanationShape } from "../../src/flow/explanation-shape.ts";
import { storyShape } from "../../src/flow/story-shape.ts";
import { captureReport, certificate, sampleAnalysis } from "../build/analysis.ts";
import { http, judgedFlow, target, through, tls } from "../build/flows.ts";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly type?: string;
}

const schema = JSON.parse(readFileSync(new URL("../../schema/analysis.schema.json", import.meta.url), "utf8")) as {
  readonly $defs: Readonly<Record<string, Schema>>;
};
const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);

const render = (analysis: Analysis): string => wholeText(renderJson(analysis));
const errorsOf = (content: unknown): readonly ErrorObject[] => (validate(content) ? [] : (validate.errors ?? []));

/** A flow with every optional part. */
const fullFlow = judgedFlow({
  closedBy: "client",
  unacknowledged: { clientToServer: 1, serverToClient: 2 },
  snappedSegments: 1,
  oneSided: true,
  sameAs: 0,
  upstreamOf: 0,
  icmp: [{ type: 3, code: 4, frame: 9, mtu: 1400, from: "192.0.2.1" }],
  process: { name: "go", pid: 7, path: "/usr/bin/go", frame: 1 },
  targets: [target("a.example:80", "http")],
  route: through("socks5", "p.example:1080", "a.example:443", 0, {
    attempts: [{ frame: 1, status: 407, reason: "no", schemes: ["Basic"], credentials: "Basic" }],
    userAgent: "git/2.39",
  }),
  stages: [{ stage: "tcp", frame: 1, time: "2026-12-01T10:00:00.000000000Z" }],
  socks: {
    version: "5",
    methodsOffered: ["none"],
    methodSelected: "none",
    authenticated: true,
    addressType: "name",
    reply: "succeeded",
    strangeAnswer: "x",
  },
  tls: [
    tls({
      serverName: "a.example",
      echOuter: true,
      ja4: "t13",
      clientStack: { name: "go", text: "Go", goVersions: "1.24", grade: "inferred", because: "x", frame: 1 },
      alpn: "h2",
      legacyVersion: "TLS 1.2",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      helloSegments: 2,
      serverHelloFrame: 5,
      alerts: [{ from: "client", level: "fatal", description: "bad_certificate (42)", frame: 6, grade: "seen" }],
      verdict: { value: "accepted", unused: true, grade: "seen", because: "x", frame: 4 },
      certificates: [{ ...certificate({ ipAddresses: ["192.0.2.1"], subjectKeyId: "aa" }), frame: 5 }],
      clientCertificates: [certificate()],
      clientCertificateRequested: true,
      path: {
        status: "not-permitted",
        certainty: "proved",
        remarks: ["out-of-order"],
        missing: { for: "a", issuer: "b", keyId: "c", caIssuers: ["d"], known: "ef".repeat(32), knownFrom: "flow 1" },
        refused: { subject: "a", by: "ca-bit", detail: "x" },
        anchor: "r",
        path: ["a"],
        goError: "x509",
        detail: "x",
      },
      inferred: { certificateBytes: [1, 2], certificates: [1, 2], leafKey: "P-256", grade: "inferred", because: "x" },
      strangeAnswer: "x",
      decryptedBecause: "x",
    }),
  ],
  http: [
    http("a.example", "/m/@v/list", {
      reason: "OK",
      requestTime: "2026-12-01T10:00:00Z",
      responseTime: "2026-12-01T10:00:01.5Z",
      accept: "*/*",
      contentType: "text/plain",
      redirectTo: "https://b.example/",
      authorization: "Basic",
      challenges: ["Basic"],
      go: { kind: "list", module: "m", version: "v1.0.0" },
    }),
  ],
  strangeAnswer: "x",
  problems: [{ layer: "tls", code: "malformed", frame: 3, offset: 7, detail: "x" }],
  moreProblems: 1,
});

const fullCapture = captureReport({
  problems: [{ layer: "capture", code: "capture-cut", frame: 0, detail: "cut" }],
  moreProblems: 2,
  comments: [{ frame: 3, text: "here it hangs" }],
  moreComments: 1,
  notUnderstood: { arp: 3, "ip-protocol": 1 },
  folded: [{ client: "a", server: "b", ports: "1-9", outcome: "refused", count: 9, firstFrame: 1, lastFrame: 9 }],
  secrets: { blocks: 1, bytes: 100 },
});

const proof = { result: "not-provable", because: "x" } as const;
const fullChecksums: ChecksumReport = {
  databases: [{ name: "sum.golang.org", treeSize: 700, treeHeads: 2, tiles: 3, timeline: proof }],
  lookups: [
    {
      module: "m",
      version: "v1.0.0",
      database: "sum.golang.org",
      flow: 0,
      frame: 7,
      record: 299,
      treeSize: 700,
      signature: { ...proof, key: "sum.golang.org+033de0ae" },
      inclusion: { ...proof, treeSize: 700, missingTiles: ["tile/8/0/000"], moreMissing: 1 },
    },
  ],
  records: [
    {
      module: "m",
      version: "v1.0.0",
      kind: "zip",
      h1: "h1:x",
      flow: 0,
      frame: 9,
      lookup: { index: 0, h1: "h1:x", agrees: true },
      gosum: { source: "go.sum", line: 1, h1: "h1:y", agrees: false },
      ...proof,
    },
  ],
  more: 1,
};

describe("renderJson", () => {
  it.each([
    ["the sample", sampleAnalysis()],
    ["every optional part", { ...sampleAnalysis({ of: [fullFlow], capture: fullCapture }), checksums: fullChecksums }],
    ["nothing at all", sampleAnalysis({ of: [], dns: [], findings: [] })],
  ])("satisfies the published schema: %s", (_name, analysis) => {
    const content = JSON.parse(render(analysis)) as unknown;
    expect(errorsOf(content)).toEqual([]);
    expect(errorsOf([content, content])).toEqual([]);
  });

  it("prints everything in the order of the shape, whatever the order of the object", () => {
    const reversed = Object.fromEntries(Object.entries(fullFlow).reverse()) as unknown as typeof fullFlow;
    expect(render(sampleAnalysis({ of: [reversed] }))).toBe(render(sampleAnalysis({ of: [fullFlow] })));
    const printed = JSON.parse(render({ ...sampleAnalysis({ of: [fullFlow] }), checksums: fullChecksums })) as {
      flows: object[];
    };
    expect(Object.keys(printed)).toEqual([...Object.keys(headShape), "flows", "dns", "findings", "story"]);
    expect(printed.flows[0]).toEqual(fullFlow);
  });

  it("is indented as JSON.stringify would", () => {
    for (const analysis of [sampleAnalysis(), sampleAnalysis({ of: [], dns: [], findings: [] })]) {
      expect(render(analysis)).toBe(JSON.stringify(JSON.parse(render(analysis)), undefined, 2));
    }
  });

  it("never prints what the model does not name", () => {
    const leaky = { ...fullFlow, secret: "hunter2", route: { ...fullFlow.route, password: "hunter2" } };
    expect(render(sampleAnalysis({ of: [leaky] }))).not.toContain("hunter2");
  });

  it("makes a few flows at a time", () => {
    let made = 0;
    const flows = function* (): Iterable<typeof fullFlow> {
      for (; made < 1000; made++) yield fullFlow;
    };
    for (const piece of renderJson(sampleAnalysis({ flows }))) {
      expect(piece.length).toBeLessThan(100_000);
      if (made >= 10) break;
    }
    expect(made).toBeLessThan(100);
  });
});

describe("renderNdjson", () => {
  it("has a line for the capture, each flow, DNS exchange and finding, and for the story", () => {
    const lines = [...renderNdjson(sampleAnalysis())].join("").trimEnd().split("\n");
    const records = lines.map((line) => (JSON.parse(line) as { record: string }).record);
    expect(records).toEqual(["capture", "flow", "flow", "flow", "flow", "flow", "dns", "finding", "story"]);
  });
});

describe("the published schema", () => {
  const resolve = (node: Schema): Schema =>
    node.$ref === undefined ? node : schema.$defs[node.$ref.split("/").at(-1)!];

  /** Words that the schema lists are those of the shape, with which conditions of policies are compared. */
  const compareValues = (shape: ValueShape, { enum: words, type, const: only }: Schema, where: string): void => {
    if (words !== undefined) expect([...(shape as readonly string[])].sort(), where).toEqual([...words].sort());
    else if (only !== undefined) expect(typeof shape === "string", where).toBe(true);
    else if (type === "boolean") expect(shape, where).toBe("flag");
    else if (type === "integer" || type === "number") expect(shape, where).toBe("number");
    else if (type === "string") expect(["number", "flag"], where).not.toContain(shape);
  };

  const compare = (shape: AnyShape, node: Schema, where: string): void => {
    const resolved = resolve(node);
    if (resolved.items?.$ref !== undefined || resolved.items?.properties !== undefined) {
      compare(shape, resolved.items, `${where}[]`);
    } else if (shape === counts) {
      expect(typeof resolved.additionalProperties, where).toBe("object");
    } else if (isValue(shape)) {
      expect(resolved.properties, where).toBeUndefined();
      compareValues(shape, resolved.items === undefined ? resolved : resolve(resolved.items), where);
    } else {
      expect(Object.keys(resolved.properties ?? {}), where).toEqual(Object.keys(shape));
      expect(resolved.additionalProperties, where).toBe(false);
      for (const [key, inner] of Object.entries(shape)) compare(inner, resolved.properties![key], `${where}.${key}`);
    }
  };

  it.each([
    ["flow", flowShape],
    ["dns", dnsShape],
    ["finding", findingShape],
    ["story", storyShape],
    ["explanation", explanationShape],
  ])("lists the keys of the shape in its order: %s", (name, shape) => {
    compare(shape, schema.$defs[name], name);
  });

  it("lists the keys of an analysis", () => {
    const list = {} as AnyShape;
    const parts = { flows: list, dns: list, findings: list, story: list, explanation: list };
    const shape: Record<string, AnyShape> = { ...headShape, ...parts };
    const node = schema.$defs["analysis"];
    expect(Object.keys(node.properties ?? {})).toEqual(Object.keys(shape));
    for (const key of Object.keys(headShape)) compare(shape[key], node.properties![key], key);
  });

  it("refuses an unknown key, a wrong type and a missing key", () => {
    const content = JSON.parse(render(sampleAnalysis())) as Record<string, unknown>;
    expect(errorsOf({ ...content, more: 1 })).not.toEqual([]);
    expect(errorsOf({ ...content, flows: [{}] })).not.toEqual([]);
    expect(errorsOf({ ...content, schemaVersion: 2 })).not.toEqual([]);
  });
});
