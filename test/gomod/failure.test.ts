import { describe, expect, it } from "vitest";
import type { Flow, TlsReport } from "../../src/flow/model.ts";
import { judgeFailure } from "../../src/gomod/failure.ts";
import { http, judgedFlow, target, through, tls, unopened, without } from "../build/flows.ts";

const rejected = { value: "rejected", grade: "inferred", because: "a record of 19 bytes came first" } as const;
const undecided = { value: "undecided", grade: "unknown", because: "cut" } as const;
const aim = target("sum.golang.org:443", "connect");
const seconds = (count: number) => ({
  start: "2026-12-01T10:00:00.000000000Z",
  end: `2026-12-01T10:00:${String(count).padStart(2, "0")}.000000000Z`,
});

const swallowed = { unacknowledged: { clientToServer: 78, serverToClient: 0 }, retransmittedSegments: 5 };

function asked(status: number | undefined, more: Partial<Flow> = {}): Flow {
  const open = without(through("http-connect", "p:3128", "sum.golang.org:443"), "status");
  const route = status === undefined ? open : { ...open, status };
  return judgedFlow({ target: aim, tls: [], stage: "proxy", layers: ["http-connect"], route, ...more });
}

function cut(stage: Flow["stage"], more: Partial<Flow> = {}): Flow {
  return judgedFlow({ stage, closedBy: "client", tls: [tls({ verdict: undecided })], ...more });
}

describe("a failed flow", () => {
  const alert = {
    from: "server",
    level: "fatal",
    description: "handshake_failure (40)",
    frame: 5,
    grade: "seen",
  } as const;
  const socks = (version: "socks4" | "socks5", status: number): Partial<Flow> => ({
    route: through(version, "s:1080", "h:443", status),
  });
  const hidden = (frame: number, clientCertificateRequested: boolean): TlsReport =>
    tls({
      alerts: [{ from: "server", frame, grade: "inferred" }],
      verdict: { value: "accepted", grade: "inferred", because: "x", frame: 12 },
      ...(clientCertificateRequested && { clientCertificateRequested }),
    });
  const rows: [what: string, flow: Flow, kind: string | undefined][] = [
    ["nobody answered", judgedFlow(unopened()), "unanswered"],
    ["refused", judgedFlow(unopened({ closed: "refused" })), "refused"],
    ["407", asked(407), "proxy-refused"],
    ["403", asked(403), "proxy-refused"],
    ["202 to curl or git", asked(202), undefined],
    ["202 to Go", asked(202, { route: { ...asked(202).route, userAgent: "Go-http-client/1.1" } }), "proxy-refused"],
    ["no answer of the proxy", asked(undefined), "proxy-silent"],
    [
      "an answer of the proxy that the recorder missed",
      asked(undefined, { lost: { clientToServer: 0, serverToClient: 390 } }),
      undefined,
    ],
    ["an open question at the end of the capture", asked(undefined, { closed: "capture-end" }), undefined],
    [
      "no answer of a proxy that hangs, until the client gave up",
      asked(undefined, { closed: "capture-end", closedBy: "client", ...seconds(59) }),
      "proxy-silent",
    ],
    [
      "a question to a proxy that was abandoned at once",
      asked(undefined, { closed: "capture-end", closedBy: "client" }),
      undefined,
    ],
    ["a strange answer of the proxy", asked(undefined, { strangeAnswer: "SSH-2.0" }), "proxy-refused"],
    [
      "an answer inside TLS that opened no tunnel",
      asked(undefined, {
        route: { ...asked(undefined).route, attempts: [{ frame: 4, answerBytes: 45, schemes: [] }] },
      }),
      "proxy-refused",
    ],
    [
      "a handshake inside TLS to a proxy that the server left",
      cut("established", {
        closedBy: "server",
        closed: "fin",
        route: { ...through("http-connect", "p:3129", "h:443"), overTls: true },
        tls: [tls({}), tls({ verdict: undecided })],
      }),
      "broken-off",
    ],
    ["SOCKS5 reply 5", judgedFlow(socks("socks5", 5)), "proxy-refused"],
    ["SOCKS5 reply 0", judgedFlow(socks("socks5", 0)), undefined],
    ["SOCKS4 reply 91", judgedFlow(socks("socks4", 91)), "proxy-refused"],
    ["SOCKS4 reply 90", judgedFlow(socks("socks4", 90)), undefined],
    [
      "an absolute-form request denied",
      judgedFlow({ route: through("http-forward", "p:3128", "h:80"), http: [http("h", "/", { status: 407 })] }),
      "proxy-refused",
    ],
    ...[403, 502, 503, 504].map((status): [string, Flow, string] => [
      `absolute-form requests all answered ${status}`,
      judgedFlow({
        route: through("http-forward", "p:3128", "h:80"),
        http: [http("h", "/", { status }), http("h", "/x", { status })],
      }),
      "proxy-refused",
    ]),
    [
      "an absolute-form request answered 404",
      judgedFlow({ route: through("http-forward", "p:3128", "h:80"), http: [http("h", "/", { status: 404 })] }),
      undefined,
    ],
    [
      "an absolute-form request denied first",
      judgedFlow({
        route: through("http-forward", "p:3128", "h:80"),
        http: [http("h", "/", { status: 407 }), http("h", "/")],
      }),
      undefined,
    ],
    ["no TLS behind the hello", judgedFlow({ tls: [tls({ strangeAnswer: "HTTP/1.1 400" })] }), "not-tls"],
    [
      "an answer to what was lost before the hello",
      judgedFlow({ tls: [tls({ strangeAnswer: "HTTP/1.1 200" })], lost: { clientToServer: 90, serverToClient: 0 } }),
      undefined,
    ],
    ["a rejected certificate", judgedFlow({ tls: [tls({ verdict: rejected })] }), "rejected"],
    ["a rejected certificate of the proxy", judgedFlow({ tls: [tls({ verdict: rejected }), tls()] }), "rejected"],
    ["an alert of the server", judgedFlow({ tls: [tls({ alerts: [alert] })] }), "server-alert"],
    ["an encrypted alert before the client asked", judgedFlow({ tls: [hidden(5, true)] }), "server-alert"],
    ["the same, no client certificate wanted", judgedFlow({ tls: [hidden(5, false)] }), undefined],
    [
      "the same in place of a proxy's answer",
      asked(undefined, { route: { ...asked(undefined).route, overTls: true }, tls: [hidden(30, true)] }),
      "server-alert",
    ],
    ["an encrypted alert at the end", judgedFlow({ tls: [hidden(30, true)] }), undefined],
    ["a reset after the hello", cut("hello", { closed: "reset", closedBy: "server" }), "reset"],
    ["a reset before anything was said", cut("tcp", { closed: "reset", closedBy: "server", tls: [] }), "reset"],
    ["silence after the hello until the client gave up", cut("hello", seconds(10)), "no-answer"],
    [
      "silence after the hello, and no FIN of the server behind the client's",
      cut("hello", { closed: "capture-end", ...seconds(10) }),
      "no-answer",
    ],
    [
      "a hello that the path swallows: the FIN waits behind it",
      without(cut("hello", { closed: "capture-end", ...swallowed, ...seconds(10) }), "closedBy"),
      "no-answer",
    ],
    [
      "a hello sent again for a moment only",
      without(cut("hello", { closed: "capture-end", ...swallowed, ...seconds(2) }), "closedBy"),
      undefined,
    ],
    ["a handshake that the server ended", cut("server-flight", { closedBy: "server" }), "broken-off"],
    ["a handshake that never came to an end", cut("certificate", seconds(10)), "broken-off"],
    [
      "an answer to the hello of which the snap length left nothing to read",
      cut("hello", { closedBy: "server", snappedSegments: 4 }),
      undefined,
    ],
    [
      "an answer to the hello that was not recorded",
      cut("hello", { closedBy: "server", lost: { clientToServer: 0, serverToClient: 1400 } }),
      undefined,
    ],
    [
      "silence after a hello that the snap length cut",
      cut("hello", { bytes: { clientToServer: 300, serverToClient: 0 }, snappedSegments: 1, ...seconds(10) }),
      "no-answer",
    ],
    [
      "a handshake of which the client's last words were not recorded",
      cut("certificate", { closedBy: "server", lost: { clientToServer: 24, serverToClient: 0 } }),
      undefined,
    ],
    ["a handshake abandoned at once: a lost race", cut("hello"), undefined],
    ["a spare connection without a word", cut("tcp", { tls: [] }), undefined],
    ["a finished handshake without a request", judgedFlow(), undefined],
    ["a reset by the client after all was said", judgedFlow({ closed: "reset", closedBy: "client" }), undefined],
    [
      "a reset after a complete answer",
      judgedFlow({ stage: "http", closed: "reset", closedBy: "server", http: [http("h", "/")] }),
      undefined,
    ],
    ["midstream", cut("hello", { opened: "midstream", closed: "reset", closedBy: "server" }), undefined],
    ["one direction only", cut("hello", { oneSided: true, closed: "reset", closedBy: "server" }), undefined],
    ["the capture's end", without(cut("hello", { closed: "capture-end", ...seconds(10) }), "closedBy"), undefined],
  ];
  it.each(rows)("%s", (_, flow, kind) => {
    expect(judgeFailure(flow)?.kind).toBe(kind);
  });

  it("is reset amid bytes of which it is not known what they were", () => {
    const flow = cut("tcp", { closed: "reset", closedBy: "server", tls: [] });
    expect(judgeFailure(flow)?.because).toBe("the server reset the connection amid bytes that could not be read");
  });

  it("is reset before it answered a request", () => {
    const open = without(http("h", "/"), "status");
    const flow = judgedFlow({ stage: "http", closed: "reset", closedBy: "server", http: [open] });
    expect(judgeFailure(flow)).toEqual({
      kind: "reset",
      because: "the server reset the connection before it answered a request",
    });
  });
});
