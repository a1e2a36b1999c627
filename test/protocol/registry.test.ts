import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LayerFacts } from "../../src/protocol/layer.ts";
import { client, ends, everyCut, hexBytes, lost, play, server, told, type Turn } from "../build/dialogue.ts";
import { dnsMessage, overTcp } from "../build/dns.ts";
import { answer, connect, granted, head } from "../build/http.ts";
import { greeting, reply5, request5 } from "../build/socks.ts";
import { clientHelloBody, message, record, serverName } from "../build/tls.ts";

const hello = record(22, message(1, clientHelloBody({ extensions: [serverName("sum.golang.org")] })));
const serverHello = record(22, hexBytes(`02 000026 0303 ${"07".repeat(32)} 00 c02f 00`));
const ssl2Hello = hexBytes(
  `802e 01 0302 0015 0000 0010 00002f 010080 000035 0000ff 00000a 0700c0 020080 ${"07".repeat(16)}`,
);
const get = head("GET / HTTP/1.1", "Host: a.example");

function name(layer: LayerFacts): string {
  return layer.layer === "named" ? layer.protocol : layer.layer;
}

const told1 = (...turns: Turn[]): string[] => play([...turns, ...ends]).layers.map(name);

describe("what a connection is", () => {
  it.each<[string, string[], Turn[]]>([
    ["a ClientHello", ["tls"], [client(hello)]],
    ["a request", ["http1"], [client(get)]],
    ["a ClientHello in the format of SSL 2.0", ["tls"], [client(ssl2Hello), server(serverHello)]],
    ["one whose lengths disagree", ["unknown"], [client(Buffer.concat([hexBytes("8030"), ssl2Hello.subarray(2)]))]],
    ["a SOCKS5 greeting", ["socks"], [client(greeting(0))]],
    ["the HTTP/2 preface", ["http2"], [client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]],
    ["a git request", ["git"], [client("0032git-upload-pack /project.git\0host=a.example\0")]],
    ["an SSH greeting of the server", ["ssh"], [server("SSH-2.0-OpenSSH_9.2\r\n")]],
    ["an SSH greeting of the client", ["ssh"], [client("SSH-2.0-Go\r\n")]],
    ["an SMTP greeting", ["smtp"], [server("220 mail.example ESMTP\r\n")]],
    [
      "STARTTLS in SMTP",
      ["smtp", "starttls"],
      [server("220 m ESMTP\r\n"), client("EHLO a\r\n"), client("STARTTLS\r\n")],
    ],
    ["STARTTLS in IMAP", ["imap", "starttls"], [server("* OK ready\r\n"), client("a1 STARTTLS\r\n")]],
    ["STLS in POP3", ["pop3", "starttls"], [server("+OK\r\n"), client("STLS\r\n")]],
    ["AUTH TLS in FTP", ["ftp", "starttls"], [server("220 FTP server ready\r\n"), client("AUTH TLS\r\n")]],
    [
      "STARTTLS in SMTP, granted",
      ["smtp", "starttls", "tls"],
      [
        server("220 m ESMTP\r\n"),
        client("EHLO a\r\nSTARTTLS\r\n"),
        server("220-go\r\n220 ahead\r\n"),
        client(hello),
        server(serverHello),
      ],
    ],
    [
      "STARTTLS in IMAP, granted among other news",
      ["imap", "starttls", "tls"],
      [server("* OK\r\n"), client("a1 STARTTLS\r\n"), server("* 2 EXISTS\r\na1 OK now\r\n"), client(hello)],
    ],
    [
      "AUTH TLS in FTP, granted with the first record behind it",
      ["ftp", "starttls", "tls"],
      [
        server("220 FTP\r\n"),
        client("AUTH TLS\r\n"),
        server(Buffer.concat([Buffer.from("234 ok\r\n"), serverHello])),
        client(hello),
      ],
    ],
    [
      "STARTTLS refused",
      ["smtp", "starttls"],
      [server("220 m\r\n"), client("STARTTLS\r\n"), server("454 no\r\n"), client(hello)],
    ],
    [
      "STARTTLS not waited for",
      ["smtp", "starttls"],
      [server("220 m\r\n"), client("STARTTLS\r\n"), client(hello), server("220 ok\r\n"), client(hello)],
    ],
    ["a mail that speaks of STARTTLS", ["smtp"], [server("220 m\r\n"), client("use STARTTLS now\r\n")]],
    ["PostgreSQL's question for TLS", ["postgresql"], [client(hexBytes("00000008 04d2162f"))]],
    ["a BGP marker", ["bgp"], [client(hexBytes(`${"ff".repeat(16)} 001d 01`))]],
    ["a remote desktop", ["rdp"], [client(hexBytes("0300 0013 0ee0 0000 0000 0001 0008 0003 0000 00"))]],
    ["DNS on a port of its own", ["dns"], [client(overTcp(dnsMessage({ name: "a.example" })))]],
    ["a greeting that is not known", ["unknown"], [server("5.7.1-log\0"), client("\x20\0\0\x01")]],
    ["bytes that say nothing", ["unknown"], [client("hello there")]],
    ["too few bytes to say anything", ["unknown"], [client("GE")]],
    ["nothing at all", [], []],
  ])("%s", (_, expected, turns) => {
    expect(told1(...turns)).toEqual(expected);
  });

  it("waits for the client where only an answer is there, as captures show them in either order", () => {
    expect(told1(server(answer("200 OK", "x")), client(get))).toEqual(["http1"]);
    expect(told1(server(serverHello), client(hello))).toEqual(["tls"]);
  });

  it("takes the server's bytes when the client's were never captured", () => {
    expect(told1(server(answer("200 OK", "x")))).toEqual(["http1"]);
    expect(told1(server(serverHello))).toEqual(["tls"]);
    expect(told1(lost(0, 300), server(serverHello))).toEqual(["tls"]);
  });

  it("decides at its cap when the client stays silent", () => {
    const long = server(answer("200 OK", "x".repeat(40_000)));
    const [http] = play([long]).layers;
    expect(http).toMatchObject({ layer: "http1", exchanges: [{ status: 200, responseBytes: 40_000 }] });
  });

  it("gives the answer of a plain proxy to the TLS decoder as it is", () => {
    const { layers } = play([client(hello), server(answer("400 Bad Request")), ...ends]);
    expect(layers).toMatchObject([{ layer: "tls", strangeAnswer: expect.stringMatching(/^HTTP\/1.1 400/) as string }]);
  });
});

describe("a connection joined late", () => {
  const late = (...turns: Turn[]): ReturnType<typeof play> => play([...turns, ...ends], { synSeen: false });

  it.each<[string, boolean, string[], Turn[]]>([
    ["a ClientHello from the supposed server", true, ["tls"], [server(hello), client(serverHello)]],
    ["a ServerHello from the supposed client", true, ["tls"], [client(serverHello)]],
    ["a request from the supposed server", true, ["http1"], [server(get), client(answer("200 OK"))]],
    ["an answer from the supposed client", true, ["http1"], [client(answer("200 OK")), server(get)]],
    ["a request from the client", false, ["http1"], [client(get), server(answer("200 OK"))]],
    ["TLS past its handshake", false, ["tls"], [client(record(23, new Uint8Array(40)))]],
    ["the middle of something", false, ["unknown"], [client("lorem"), server("ipsum")]],
  ])("%s", (_, swapped, layers, turns) => {
    const played = late(...turns);
    expect([played.stack.swapped, played.layers.map(name)]).toEqual([swapped, layers]);
  });

  it("turns round for a SOCKS greeting where the ports leave it open: answers may read as one", () => {
    const turns = [server(greeting(0)), client(hexBytes("0500")), ...ends];
    const alike = play(turns, { synSeen: false, serverPort: 40_000 });
    expect([alike.stack.swapped, alike.layers.map(name)]).toEqual([true, ["socks"]]);
    const answers = [client(hexBytes("01 01 61 01 62")), server(hexBytes("0502 0100")), ...ends];
    expect(play(answers, { synSeen: false, serverPort: 1080 }).stack.swapped).toBe(false);
  });

  it("gives decoders the true directions from then on", () => {
    const { layers, stack } = late(server(get), client(answer("200 OK", "abc")), server(get), client(answer("404 No")));
    expect(layers).toMatchObject([{ exchanges: [{ status: 200, responseBytes: 3 }, { status: 404 }] }]);
    expect(stack.endpoints).toMatchObject({ clientAddress: "198.51.100.40", serverPort: 50_000 });
  });

  it("is a tunnel when it begins with the answer to a CONNECT", () => {
    const { layers } = late(server(granted), client(hello), server(serverHello));
    expect(layers).toMatchObject([
      { layer: "http1", exchanges: [{ method: "CONNECT", requestTarget: "", status: 200 }] },
      { layer: "tls", hello: { serverName: "sum.golang.org" }, negotiatedVersion: 0x0303, handshakeLost: false },
    ]);
    expect(late(server(answer("400 Bad Request")), client(hello)).layers.map(name)).toEqual(["tls"]);
  });

  it("is a tunnel when the server alone was captured and goes from its success straight on to TLS", () => {
    const { layers } = play([server(granted), server(serverHello), ...ends]);
    expect(layers).toMatchObject([
      { layer: "http1", exchanges: [{ method: "CONNECT", status: 200 }] },
      { layer: "tls", negotiatedVersion: 0x0303 },
    ]);
    expect(play([server(answer("200 OK", "abc")), ...ends]).layers.map(name)).toEqual(["http1"]);
  });

  it("waits for the client's first record while a download goes on in the middle of one", () => {
    const middle = Array.from({ length: 12 }, () => server(new Uint8Array(1460).fill(0xee)));
    const window = client(record(23, new Uint8Array(48)));
    const rest = [server(record(23, new Uint8Array(900))), server(record(23, new Uint8Array(900)))];
    const { layers, record: notes } = late(...middle, window, ...rest, ...rest);
    expect(layers).toMatchObject([{ layer: "tls", handshakeLost: true }]);
    expect(notes.problems).toEqual(["tls bytes-lost"]);
    const endless = Array.from({ length: 200 }, () => middle[0]);
    expect(late(...endless, window).layers.map(name)).toEqual(["unknown"]);
  });

  it("is not turned round when the SYN was seen", () => {
    expect(play([server(get), client("what"), ...ends]).stack.swapped).toBe(false);
  });

  it("passes over the rest of an answer that began before", () => {
    const { layers, record: notes } = late(server("…rest of some content"), client(get), server("and more"));
    expect(layers).toMatchObject([{ layer: "http1" }]);
    expect(layers[0]).not.toHaveProperty("strangeAnswer");
    expect(notes.problems).toEqual(["http1 bytes-lost"]);
  });
});

describe("a tunnel of which bytes are missing", () => {
  const refused = answer("407 Auth", "", 'Proxy-Authenticate: Basic realm="x"');
  const asked = client(connect("a.example:443"));

  it("is one when the CONNECT with credentials is what the capture lacks", () => {
    const turns = [asked, server(refused), server(granted), lost(0, 90), client(hello), server(serverHello), ...ends];
    expect(play(turns).layers).toMatchObject([
      { layer: "http1", exchanges: [{ status: 407 }, { requestTarget: "a.example:443", status: 200 }] },
      { layer: "tls", hello: { serverName: "sum.golang.org" }, negotiatedVersion: 0x0303 },
    ]);
  });

  it("is one when the CONNECT is what the capture lacks of a connection that it has from the SYN on", () => {
    const { layers, record: notes } = play([server(granted), lost(0, 90), client(hello), server(serverHello), ...ends]);
    expect(layers).toMatchObject([
      { layer: "http1", exchanges: [{ method: "CONNECT", status: 200 }] },
      { layer: "tls", hello: { serverName: "sum.golang.org" }, negotiatedVersion: 0x0303, handshakeLost: false },
    ]);
    expect(notes.problems).toEqual([]);
  });

  it("has lost a part of its handshake when the ClientHello is missing as well", () => {
    const turns = [server(granted), lost(0, 300), client(record(20, hexBytes("01"))), server(serverHello), ...ends];
    expect(play(turns).layers).toMatchObject([{ layer: "http1" }, { layer: "tls", handshakeLost: true }]);
  });

  it("knows of what was lost behind a ClientHello that waits for an answer which is missing as well", () => {
    const finished = record(23, new Uint8Array(19));
    const turns = [asked, client(hello), lost(0, 80), client(finished), lost(1, 39), server(serverHello), ...ends];
    expect(play(turns).layers).toMatchObject([{ layer: "http1" }, { layer: "tls", handshakeLost: true }]);
  });

  it("passes over the rest of an answer that was cut", () => {
    const cut = [server("HTTP/1.1 200 OK\r\nVia: a"), lost(1, 3), server("rest\r\n\r\n")];
    const { layers } = play([asked, ...cut, client(hello), server(serverHello), ...ends]);
    expect(layers).toMatchObject([{ layer: "http1" }, { layer: "tls" }]);
    expect(layers[1]).not.toHaveProperty("strangeAnswer");
  });
});

describe("protocols inside each other", () => {
  it.each<[string, string[], Turn[]]>([
    ["TLS in CONNECT", ["http1", "tls"], [client(connect("a.example:443")), server(granted), client(hello)]],
    [
      "CONNECT in CONNECT",
      ["http1", "http1", "tls"],
      [client(connect("b:3128")), server(granted), client(connect("a:443")), server(granted), client(hello)],
    ],
    [
      "HTTP in SOCKS",
      ["socks", "http1"],
      [client(greeting(0)), server(hexBytes("0500")), client(request5("a", 80)), server(reply5(0)), client(get)],
    ],
    ["SSH in CONNECT", ["http1", "ssh"], [client(connect("a:22")), server(`${granted}SSH-2.0-x\r\n`)]],
  ])("%s", (_, expected, turns) => {
    expect(told1(...turns)).toEqual(expected);
  });

  it("stop at a cap", () => {
    const turns = Array.from({ length: 9 }, () => [client(connect("a:1")), server(granted)]).flat();
    const { layers, record: notes } = play(turns);
    expect([layers.length, notes.problems]).toEqual([6, ["flow limit"]]);
  });

  it("tell the same whatever the cuts", () => {
    const turns = [
      client(greeting(0, 2)),
      server(hexBytes("0500")),
      client(request5("proxy.example", 3128)),
      server(reply5(0)),
      client(connect("sum.golang.org:443")),
      server(granted),
      client("0032git-upload-pack /project.git\0host=a.example\0"),
      ...ends,
    ];
    const whole = told(play(turns));
    for (const cuts of everyCut(turns)) expect(told(play(turns, { cuts }))).toEqual(whole);
  });
});

it("survives any bytes in any order", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(hello, serverHello, greeting(0, 2), request5("a", 80), reply5(0)),
    fc
      .constantFrom(get, granted, connect("a:1"), answer("407 No", "abc"), "220 x\r\n")
      .map((text) => Buffer.from(text)),
  );
  const turn = fc.oneof(
    { weight: 9, arbitrary: fc.record({ direction: fc.constantFrom(0 as const, 1 as const), bytes: piece }) },
    { weight: 1, arbitrary: fc.record({ direction: fc.constantFrom(0 as const, 1 as const), lost: fc.nat(99) }) },
  );
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 12 }), fc.boolean(), (turns, synSeen) => {
      const { layers } = play([...turns, ...ends], { synSeen });
      expect(layers.length).toBeLessThanOrEqual(6);
    }),
    { seed: 7, numRuns: 400 },
  );
});
