import { describe, expect, it } from "vitest";
import { renderFlow } from "../../src/report/flow-text.ts";
import { displayWidth } from "../../src/report/layout.ts";
import { narrowed } from "../../src/report/selection.ts";
import { colourStyle, plainStyle } from "../../src/report/style.ts";
import { renderText, type TextOptions } from "../../src/report/text.ts";
import { captureReport, finding, sampleAnalysis } from "../build/analysis.ts";
import { judgedFlow, target, through, tls } from "../build/flows.ts";

const text = (analysis: ReturnType<typeof sampleAnalysis>, options: Partial<TextOptions> = {}): string =>
  [...renderText(analysis, { width: 80, style: plainStyle, noise: false, verbose: false, ...options })].join("");

describe("renderText", () => {
  it("answers on the first screen of an 80-column terminal", () => {
    expect(text(sampleAnalysis())).toMatchInlineSnapshot(`
      "4 Go flows: 3 proxied, 1 sumdb. go get failed: sum.golang.org: missing
      intermediate
      capture.pcap: pcap, 99 frames, 44.3 kB, 3.50 s from 2026-12-01 10:00:00 UTC

      #  target            route    label    TLS           chain         bytes    time
      ─  ────────────────  ───────  ───────  ────────────  ───────────  ──────  ──────
      0  proxy.golang.org  CONNECT  proxied  1.3 ok        hidden       4.0 kB  500 ms
      1  proxy.golang.org  CONNECT  proxied  1.3 ok        hidden       4.0 kB  500 ms
      2  198.51.100.10     direct   proxied  -             -               0 B  500 ms
      3  sum.golang.org    CONNECT  sumdb    1.2 rejected  missing CA?  4.0 kB  500 ms

      error: sum.golang.org: missing intermediate [missing-intermediate]
        The server sent its own certificate only; its issuer CN=Lab Issuing R1 is not
        among the trust anchors.
        to do:   Append the certificate CN=Lab Issuing R1 to the server's certificate
                 file.
        seen in: flow 3; frames 31, 35 (seen)
        filter:  frame.number in {31, 35}

      1 flow that has nothing to do with Go: --all shows them
      certificates judged with 144 trust anchors: mozilla (Node 20.20.2)
      everything about one flow: --flow N
      "
    `);
  });

  it("says more where there is room", () => {
    expect(text(sampleAnalysis(), { width: 200, noise: true })).toMatchInlineSnapshot(`
      "4 Go flows: 3 proxied, 1 sumdb. go get failed: sum.golang.org: missing intermediate
      capture.pcap: pcap, 99 frames, 44.3 kB, 3.50 s from 2026-12-01 10:00:00 UTC

      #  target            route    role          label    TLS           chain                          bytes   start    time  stage
      ─  ────────────────  ───────  ────────────  ───────  ────────────  ────────────────────────────  ──────  ──────  ──────  ───────────────
      0  proxy.golang.org  CONNECT  module-proxy  proxied  1.3 ok        not-visible                   4.0 kB    0 ms  500 ms  established
      1  proxy.golang.org  CONNECT  module-proxy  proxied  1.3 ok        not-visible                   4.0 kB  1.00 s  500 ms  established
      2  198.51.100.10     direct   module-proxy  proxied  -             -                                0 B  2.00 s  500 ms  tcp, unanswered
      3  sum.golang.org    CONNECT  sumdb         sumdb    1.2 rejected  missing-intermediate, likely  4.0 kB  3.00 s  500 ms  certificate
      4  www.example.net   direct   other         other    1.3 ok        not-visible                   4.0 kB  4.00 s  500 ms  established

      error: sum.golang.org: missing intermediate [missing-intermediate]
        The server sent its own certificate only; its issuer CN=Lab Issuing R1 is not among the trust anchors.
        to do:   Append the certificate CN=Lab Issuing R1 to the server's certificate file.
        seen in: flow 3; frames 31, 35 (seen)
        filter:  frame.number in {31, 35}

      certificates judged with 144 trust anchors: mozilla (Node 20.20.2)
      everything about one flow: --flow N
      "
    `);
  });

  it("names no trust anchors where no certificate was judged", () => {
    const analysis = sampleAnalysis();
    const flows = [...analysis.flows()].filter((flow) => flow.tls.every(({ path }) => path.status === "not-visible"));
    expect(text({ ...analysis, flows: () => flows })).not.toContain("certificates judged");
  });

  it("explains grades and evidence when asked", () => {
    const why = text(sampleAnalysis(), { verbose: true }).split("\nWhy\n")[1];
    expect(why).toMatchInlineSnapshot(`
      "  flow 0, proxy.golang.org
          proxied        the target is a module proxy (inferred)
          module-proxy   proxy.golang.org is the public Go module mirror (inferred)
          http-connect   http-connect request (seen, frame 4)
          accepted       Finished, then application data (inferred)
        flow 1, proxy.golang.org
          proxied        the target is a module proxy (inferred)
          module-proxy   proxy.golang.org is the public Go module mirror (inferred)
          http-connect   http-connect request (seen, frame 4)
          accepted       Finished, then application data (inferred)
        flow 2, 198.51.100.10
          proxied        the target is a module proxy (inferred)
          module-proxy   proxy.golang.org is the public Go module mirror (inferred)
          direct         no proxy protocol (seen)
        flow 3, sum.golang.org
          sumdb          the target is a checksum database (inferred)
          sumdb          sum.golang.org is the public checksum database (inferred)
          http-connect   http-connect request (seen, frame 4)
          rejected       the client sent the alert bad_certificate (seen, frame 36)

      How sure
        seen       read in clear bytes
        decrypted  read after decryption
        exact      forced by arithmetic on lengths
        inferred   a pattern that fits; something else may fit as well
        unknown    not known

      1 flow that has nothing to do with Go: --all shows them
      certificates judged with 144 trust anchors: mozilla (Node 20.20.2)
      everything about one flow: --flow N
      "
    `);
  });

  it("says in its first line that there is no Go traffic, and what is there", () => {
    const summary = {
      labels: { sumdb: 0, proxied: 0, direct: 0, other: 12 },
      noise: 12,
      goTraffic: false,
      instead: "12 TLS flows of a browser, 3 DNS",
      blind: [],
    };
    const report = text(sampleAnalysis({ summary, findings: [] }), { width: 300 });
    expect(report.split("\n")[0]).toBe(
      "No Go traffic in this capture. Seen instead: 12 TLS flows of a browser, 3 DNS. Usual causes: the modules were in GOMODCACHE already, -mod=vendor, another interface was captured, or a capture filter left it out.",
    );
  });

  it("rules no Go traffic out where the capture does not show everything", () => {
    const summary = { ...sampleAnalysis().summary, goTraffic: false, blind: ["the snap length cut 3 of 9 frames"] };
    const [first] = text(sampleAnalysis({ summary, findings: [] }), { width: 300 }).split("\n");
    expect(first).toBe("No Go traffic to be seen in this capture, which does not show everything.");
  });

  it("counts apart what may be direct or not", () => {
    const labels = { sumdb: 1, proxied: 0, direct: 3, other: 0 };
    const told = (doubtful: number): string =>
      text(sampleAnalysis({ summary: { ...sampleAnalysis().summary, labels, doubtful } }), { width: 300 }).split(
        ".",
      )[0];
    expect(told(2)).toBe("4 Go flows: 1 sumdb, 1 direct, 2 direct?");
    expect(told(3)).toBe("4 Go flows: 1 sumdb, 3 direct?");
  });

  it("says in its first line what failed where no flow is Go's", () => {
    const summary = { ...sampleAnalysis().summary, goTraffic: false };
    const title = "proxy.golang.org was not resolved: NXDOMAIN";
    const findings = [finding({ severity: "error", title, flows: [] })];
    expect(text(sampleAnalysis({ summary, findings }))).toMatch(`No flow is surely Go's. Error: ${title}\n`);
    expect(text(sampleAnalysis({ summary, findings, flowCount: 0 }))).toMatch(
      `No connection was opened. Error: ${title}\n`,
    );
  });

  it("answers for the whole capture above a selection of its flows", () => {
    const analysis = sampleAnalysis();
    const selected = narrowed(analysis, (flow) => flow.label === "other");
    expect(text(selected).split("\n")[0]).toBe(text(analysis).split("\n")[0]);
  });

  it("says in its first line why nothing could be read", () => {
    const summary = { ...sampleAnalysis().summary, goTraffic: false };
    const problem = { layer: "capture", code: "capture-empty", frame: 0, detail: "the file is empty" } as const;
    const capture = captureReport({ frames: 0, problems: [problem] });
    expect(text(sampleAnalysis({ summary, capture, findings: [] }))).toMatch(/^Nothing to tell: the file is empty\.\n/);
    expect(text(sampleAnalysis({ summary, capture: captureReport({ frames: 0 }), findings: [] }))).toMatch(
      /^Nothing to tell: no frames in this capture\.\n/,
    );
  });

  it("calls what a recorder did to a sound file no damage", () => {
    const problem = {
      layer: "capture",
      code: "no-timestamp",
      frame: 1,
      detail: "frame 1 comes without a time",
    } as const;
    const report = text(sampleAnalysis({ capture: captureReport({ problems: [problem] }) }));
    expect(report).toContain("remark:  frame 1 comes without a time");
  });

  it("shows what people wrote beside frames, the first of many, with nothing that acts on a terminal", () => {
    const comments = Array.from({ length: 7 }, (_, at) => ({ frame: at + 3, text: `\u001b[31mhang ${at}` }));
    const capture = captureReport({ comments, moreComments: 9 });
    const report = text(sampleAnalysis({ capture }), { width: 120 });
    expect(report).toContain("  comment: \\x1b[31mhang 0 (frame 3)\n");
    expect(report).toContain("  comment: 11 more frame comments; --json lists them\n");
    expect(report).not.toContain("\u001b");
    expect(text(sampleAnalysis({ capture }), { width: 120, verbose: true })).toContain("hang 6 (frame 9)");
  });

  it("says what the capture hides, and never that all is well then", () => {
    const { summary } = sampleAnalysis();
    const blind = ["the snap length of 96 bytes cuts 40 frames: certificates cannot be seen"];
    const report = text(sampleAnalysis({ summary: { ...summary, blind }, findings: [] }), { width: 120 });
    expect(report).toContain("No failure seen, but the capture does not show everything.");
    expect(report).toContain("hidden:  the snap length of 96 bytes cuts 40 frames");
  });

  it("tells damage and its place, once", () => {
    const problem = {
      layer: "capture",
      code: "capture-cut",
      frame: 12,
      offset: 999,
      detail: "cut inside frame 13 at byte 999",
    } as const;
    const [file] = captureReport().files;
    const capture = captureReport({ files: [{ ...file, damaged: true }], problems: [problem], moreProblems: 3 });
    const report = text(sampleAnalysis({ capture }));
    expect(report).toContain("damage:  cut inside frame 13 at byte 999");
    expect(report).toContain("3 more problems");
    expect(report.match(/damage:/g)).toHaveLength(2);
  });

  it("puts the worst finding first and counts further errors", () => {
    const findings = [
      finding({ severity: "note", rule: "a-note", title: "a remark" }),
      finding({ severity: "warning", rule: "a-warning", title: "a warning" }),
      finding({ title: "first" }),
      finding({ title: "second" }),
    ];
    const report = text(sampleAnalysis({ findings }));
    expect(report).toContain("go get failed: first, and 1 more error");
    expect([...report.matchAll(/^(error|warning|note): /gm)].map(([, severity]) => severity)).toEqual([
      "error",
      "error",
      "warning",
      "note",
    ]);
  });

  it("names the file of a frame where several files are one capture", () => {
    const [file] = captureReport().files;
    const files = [
      { ...file, name: "run.pcap0", frames: 30 },
      { ...file, name: "run.pcap1", firstFrame: 31 },
    ];
    const report = text(sampleAnalysis({ capture: captureReport({ files }) }), { width: 120 });
    expect(report).toContain("seen in: flow 3; frame 1 of run.pcap1, frame 5 of run.pcap1 (seen)");
  });

  it("marks a label that nothing but the client's program speaks for", () => {
    const unknown = { grade: "unknown", because: "may be a private GOPROXY; give --env" } as const;
    const flow = judgedFlow({
      label: "direct",
      labelEvidence: unknown,
      role: "unknown",
      target: target("x.example:443"),
    });
    expect(text(sampleAnalysis({ of: [flow], findings: [] }))).toContain("direct?");
  });

  it.each([
    ["an answer of 407", through("http-connect", "p:3128", "x:443", 407), "CONNECT 407"],
    ["SOCKS refusing", through("socks5", "p:1080", "x:443", 5), "SOCKS5 5"],
    ["SOCKS4 granting", through("socks4", "p:1080", "x:443", 90), "SOCKS4 "],
    ["a proxy over TLS", through("http-connect", "p:3129", "x:443", 200, { overTls: true }), "CONNECT/TLS "],
    ["an absolute-form request", through("http-forward", "p:3128", "x:80", 404), "forward "],
  ])("shows %s in the route", (_name, route, expected) => {
    expect(text(sampleAnalysis({ of: [judgedFlow({ route })], findings: [] }))).toContain(expected);
  });

  it.each([
    [
      "an answer that is not captured",
      { negotiatedVersion: undefined, verdict: { value: "undecided", grade: "seen", because: "" } },
      "unseen",
    ],
    ["a resumed session", { resumed: true }, "1.3 resumed"],
    [
      "a spare connection",
      { verdict: { value: "accepted", unused: true, grade: "inferred", because: "" } },
      "1.3 unused",
    ],
    ["an answer that is no TLS", { strangeAnswer: "HTTP/1.1 400" }, "not TLS"],
  ] as const)("shows %s in the TLS column", (_name, overrides, expected) => {
    const layer = { ...tls(), ...overrides } as ReturnType<typeof tls>;
    expect(text(sampleAnalysis({ of: [judgedFlow({ tls: [layer] })], findings: [] }))).toContain(expected);
  });

  it("prints the same text with colours", () => {
    const coloured = text(sampleAnalysis(), { style: colourStyle });
    expect(coloured).toContain("\u001b[");
    // eslint-disable-next-line no-control-regex -- the colours are what is taken away
    expect(coloured.replace(/\u001b\[[\d;]*m/g, "")).toBe(text(sampleAnalysis()));
  });
});

describe("renderFlow", () => {
  const sample = sampleAnalysis();

  it("tells everything about a flow", () => {
    const flow = sample.flow(3)!;
    expect([...renderFlow(flow, sample, { width: 100, style: plainStyle })].join("")).toMatchInlineSnapshot(`
      "Flow 3: sum.golang.org:443, sumdb
        client            192.0.2.10:40003
        server            198.51.100.40:3128
        layers            http-connect > tls
        time              2026-12-01T10:00:03.000000000Z, 500 ms
        frames            10, from frame 31 to 40
        bytes             1.0 kB sent, 3.0 kB received
        opened            handshake
        closed            fin

      Meaning
        target            sum.golang.org:443, named by connect
        label             sumdb: the target is a checksum database (inferred)
        role              sumdb: sum.golang.org is the public checksum database (inferred)
        route             CONNECT: http-connect request (seen, frame 4)

      DNS
        A                 proxy.corp.example: A 198.51.100.40 (frame 2)

      Stages
        tcp               after 0.1 ms, frame 31
        proxy             after 2.0 ms, frame 33
        hello             after 3.0 ms, frame 34
        certificate       after 20 ms, frame 35

      Proxy
        proxy             proxy.corp.example, 198.51.100.40:3128
        asked for         sum.golang.org:443
        user agent        Go-http-client/1.1
        attempt           200 (frame 4)

      TLS
        server name       sum.golang.org
        ClientHello       frame 4
        client            Go 1.24: extension order (inferred)
        JA4               t13d1310h2_f57a46bbacb6_ab7e3b40a677
        versions          TLS 1.3, TLS 1.2
        groups            x25519
        key shares        x25519
        ALPN offered      h2, http/1.1
        negotiated        TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        alert             client: bad_certificate (42) (seen, frame 36)
        client's verdict  rejected: the client sent the alert bad_certificate (seen, frame 36)
        certificate 1     CN=sum.golang.org
          issuer          CN=Lab Issuing R1
          names           sum.golang.org
          valid           2026-11-21T01:42:35Z to 2027-02-19T01:42:35Z
          key             RSA 2048, signed with sha256WithRSAEncryption
          serial          175dc17336a6a939
          SHA-256         abababababababababababababababababababababababababababababababab
        path              missing-intermediate, likely: the issuer of CN=sum.golang.org was not sent
        missing           issuer of CN=sum.golang.org: CN=Lab Issuing R1
          key id          0102030405
          to be had at    http://ca.lab.example/issuing-r1.crt
        Go prints         x509: certificate signed by unknown authority
        CN=sum.golang.org
        └─ CN=Lab Issuing R1: MISSING, not sent by the server

      error: sum.golang.org: missing intermediate [missing-intermediate]
        The server sent its own certificate only; its issuer CN=Lab Issuing R1 is not among the trust
        anchors.
        to do:   Append the certificate CN=Lab Issuing R1 to the server's certificate file.
        seen in: flow 3; frames 31, 35 (seen)
        filter:  frame.number in {31, 35}
      "
    `);
  });

  it("draws the path as far as it goes", () => {
    const path = {
      status: "complete",
      remarks: ["out-of-order"],
      path: ["CN=leaf", "CN=issuing", "CN=policy"],
      anchor: "CN=root",
      detail: "complete",
    } as const;
    const flow = judgedFlow({ tls: [tls({ path })] });
    const report = [...renderFlow(flow, sample, { width: 100, style: plainStyle })].join("");
    expect(report).toContain(
      "  CN=leaf, not sent\n  └─ CN=issuing, not sent\n     └─ CN=policy, not sent\n        └─ CN=root, trust anchor\n",
    );
  });

  it("says what record lengths force", () => {
    const inferred = {
      certificateBytes: [2100, 2180],
      certificates: [1, 2],
      leafKey: "P-256",
      grade: "inferred",
      because: "flight of 2310 bytes less 130",
    } as const;
    const flow = judgedFlow({ tls: [tls({ inferred })] });
    const report = [...renderFlow(flow, sample, { width: 200, style: plainStyle })].join("");
    expect(report).toContain(
      "Certificate message of 2100–2180 bytes, room for 1–2 certificates, end-entity key P-256: flight of 2310 bytes less 130 (inferred)",
    );
  });

  it("shows the first requests and counts the rest", () => {
    const exchange = {
      grade: "decrypted",
      method: "GET",
      requestTarget: "/m/@v/v1.0.0.info",
      scheme: "https",
      host: "proxy.golang.org",
      status: 200,
      reason: "OK",
      version: "HTTP/1.1",
      requestFrame: 8,
      requestBytes: 0,
      responseBytes: 61,
      go: { kind: "info", module: "m", version: "v1.0.0" },
    } as const;
    const flow = judgedFlow({ http: Array.from({ length: 300 }, () => exchange) });
    const report = [...renderFlow(flow, sample, { width: 200, style: plainStyle })].join("");
    expect(report).toContain("GET https://proxy.golang.org/m/@v/v1.0.0.info [info m v1.0.0]: 200 OK, 61 B (frame 8)");
    expect(report).toContain("100 more exchanges; --json lists them");
  });

  it("wraps to the terminal", () => {
    for (const line of [...renderFlow(sample.flow(3)!, sample, { width: 80, style: plainStyle })]
      .join("")
      .split("\n")) {
      const copied = line.trim().split(/ {2,}/).at(-1)!;
      expect(displayWidth(line) <= 80 || !copied.includes(" ")).toBe(true);
    }
  });
});
