import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpFacts } from "../../../src/protocol/http1/facts.ts";
import { limits } from "../../../src/limits.ts";
import { contents, KeepingWatch } from "../../build/content.ts";
import {
  acknowledging,
  client,
  ends,
  everyCut,
  late,
  lost,
  play,
  server,
  told,
  type Turn,
} from "../../build/dialogue.ts";
import { answer, connect, granted, head } from "../../build/http.ts";

const get = (target: string, ...fields: string[]): string => head(`GET ${target} HTTP/1.1`, ...fields);
const hello = `\x16\x03\x01\x00\x05${"\x01".repeat(5)}`;

function http(...turns: Turn[]): HttpFacts {
  return play([...turns, ...ends]).layers.find((layer) => layer.layer === "http1")!;
}

const statuses = (facts: HttpFacts): (number | undefined)[] => facts.exchanges.map((exchange) => exchange.status);

describe("exchanges", () => {
  it("hold what was asked and answered", () => {
    const request = get(
      "/a/@v/list",
      "Host: proxy.example:8081",
      "User-Agent: Go-http-client/1.1",
      "Accept: text/html",
    );
    const found = answer(
      "302 Found",
      "moved",
      "Location: https://u:p@b.example/x",
      "Content-Type: text/plain",
      "Server: s",
    );
    expect(http(client(request), server(found)).exchanges).toEqual([
      {
        method: "GET",
        requestTarget: "/a/@v/list",
        form: "origin",
        host: "proxy.example:8081",
        version: "HTTP/1.1",
        requestFrame: 1,
        requestSeconds: 1000,
        requestNanoseconds: 0,
        responseFrame: 2,
        responseSeconds: 1001,
        responseNanoseconds: 0,
        status: 302,
        reason: "Found",
        requestBytes: 0,
        responseBytes: 5,
        userAgent: "Go-http-client/1.1",
        accept: "text/html",
        location: "https://b.example/x",
        contentType: "text/plain",
        server: "s",
        endFrame: 2,
        endSeconds: 1001,
        endNanoseconds: 0,
      },
    ]);
  });

  it.each([
    ["GET /a HTTP/1.1", "origin", "/a", "named.example"],
    ["GET http://b.example:81/a?q HTTP/1.1", "absolute", "http://b.example:81/a?q", "b.example:81"],
    ["CONNECT c.example:443 HTTP/1.1", "authority", "c.example:443", "c.example:443"],
    ["OPTIONS * HTTP/1.1", "asterisk", "*", "named.example"],
    ["GET http://user:canary@b.example/a HTTP/1.0", "absolute", "http://b.example/a", "b.example"],
    ["CONNECT user:canary@c.example:443 HTTP/1.1", "authority", "c.example:443", "c.example:443"],
  ])("%s", (line, form, requestTarget, host) => {
    const [exchange] = http(client(head(line, "Host: named.example"))).exchanges;
    expect(exchange).toMatchObject({ form, requestTarget, host });
  });

  it("note the stage by what is asked", () => {
    const stages = (text: string): string[] => play([client(text)]).record.stages;
    expect([stages(get("/")), stages(get("http://a/")), stages(connect("a:1"))]).toEqual([
      ["http"],
      ["proxy", "http"],
      ["proxy"],
    ]);
  });

  it("bear the frame of their first byte", () => {
    const facts = http(
      client(get("/").slice(0, 5)),
      client(get("/").slice(5)),
      server("HTTP/1.1 2"),
      server("04 No\r\n\r\n"),
    );
    expect(facts.exchanges).toMatchObject([{ requestFrame: 1, responseFrame: 3, responseSeconds: 1002 }]);
  });

  it("are matched in order when requests are pipelined", () => {
    const requests = get("/1") + get("/2") + get("/3");
    expect(
      statuses(http(client(requests), server(answer("200 OK", "a") + answer("404 No")), server(answer("500 Oh")))),
    ).toEqual([200, 404, 500]);
  });

  it("are matched even if the capture shows the answers first", () => {
    const facts = http(
      client(get("/0")),
      server(answer("200 OK") + answer("201 OK") + answer("202 OK")),
      acknowledging(0, client(get("/1") + get("/2"))),
    );
    expect(statuses(facts)).toEqual([200, 201, 202]);
  });

  it("leave alone what the client had heard before it asked", () => {
    const facts = http(
      client(get("/0")),
      server(answer("200 OK")),
      server(answer("408 Request Timeout")),
      client(get("/1")),
      server(answer("201 OK")),
      client(get("/2")),
      server(answer("202 OK")),
    );
    expect(facts.exchanges.map(({ requestTarget, status }) => [requestTarget, status])).toEqual([
      ["/0", 200],
      ["", 408],
      ["/1", 201],
      ["/2", 202],
    ]);
  });

  it("are left out beyond their cap, and that is said once", () => {
    const round = [client(get("/")), server(answer("200 OK"))];
    const { layers, record } = play(Array.from({ length: limits.httpExchanges + 3 }, () => round).flat());
    expect((layers[0] as HttpFacts).exchanges).toHaveLength(limits.httpExchanges);
    expect(record.problems).toEqual(["http1 limit"]);
  });

  it("keep a bounded amount of text", () => {
    const long = get(`/${"a".repeat(50_000)}`);
    const facts = http(...Array.from({ length: 400 }, () => [client(long), server(answer("200 OK"))]).flat());
    expect(facts.exchanges[0].requestTarget.length).toBe(limits.httpText + 1);
    expect(JSON.stringify(facts).length).toBeLessThan(2 * limits.httpTextTotal);
    expect(facts.exchanges.length).toBeLessThan(400);
  });
});

describe("content is passed over", () => {
  const chunked = head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
  it.each<[string, string, string, number]>([
    ["by its length", "GET", answer("200 OK", "HTTP/1.1 666 x\r\n\r\n"), 18],
    ["by chunks", "GET", `${chunked}5\r\nHTTP/\r\n00A ; x="y"\r\n0123456789\r\n0\r\n\r\n`, 15],
    ["by chunks with trailers", "GET", `${chunked}1\r\na\r\n0\r\nExpires: 0\r\nX: y\r\n\r\n`, 1],
    ["by chunks ended by bare LF", "GET", `${chunked}1\na\n0\n\n`, 1],
    ["nothing behind HEAD", "HEAD", head("HTTP/1.1 200 OK", "Content-Length: 100"), 0],
    ["nothing behind 304", "GET", head("HTTP/1.1 304 Not Modified", "Content-Length: 100"), 0],
    ["nothing behind 204", "GET", head("HTTP/1.1 204 No Content"), 0],
    [
      "behind interim answers",
      "GET",
      head("HTTP/1.1 103 Early Hints") + head("HTTP/1.1 100 Continue") + answer("200 OK", "ab"),
      2,
    ],
    ["with equal lengths", "GET", head("HTTP/1.1 200 OK", "Content-Length: 2, 2", "Content-Length: 2") + "ab", 2],
    ["with lines ended by LF", "GET", "HTTP/1.1 200 OK\nContent-Length: 2\n\nab", 2],
    ["with a folded field", "GET", "HTTP/1.1 200 OK\r\nVia: a,\r\n b\r\nContent-Length:\r\n\t2\r\n\r\nab", 2],
    ["with a junk line", "GET", "HTTP/1.1 200 OK\r\nwhat\r\n: x\r\nContent-Length : 2\r\n\r\nab", 2],
    [
      "with 10,000 fields",
      "GET",
      head("HTTP/1.1 200 OK", ...new Array<string>(10_000).fill("a:b")).replace("a:b", "Content-Length:2") + "ab",
      2,
    ],
  ])("%s", (_, method, first, responseBytes) => {
    const facts = http(client(head(`${method} / HTTP/1.1`) + get("/next")), server(first), server(answer("299 Next")));
    expect(facts).toMatchObject({ exchanges: [{ responseBytes }, { status: 299 }] });
  });

  it("until the connection ends", () => {
    const facts = http(client(get("/")), server(`${head("HTTP/1.0 200 OK")}abc`), server("HTTP/1.1 200 def"));
    expect(facts.exchanges).toMatchObject([{ responseBytes: 19 }]);
  });

  it("of requests", () => {
    const post = head("POST / HTTP/1.1", "Content-Length: 4") + "GET ";
    const put = head("PUT / HTTP/1.1", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n";
    expect(http(client(post + put)).exchanges).toMatchObject([{ requestBytes: 4 }, { requestBytes: 3 }]);
  });
});

describe("content of answers is given to whoever watches it", () => {
  const chunked = head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
  const watched = (...turns: Turn[]): [(string | undefined)[], (number | undefined)[]] => {
    const requests = client(get("/a/@v/v1.0.0.mod") + get("/b"));
    const { layers } = play([requests, ...turns], { content: new KeepingWatch() });
    const { exchanges } = layers[0] as HttpFacts;
    return [contents(exchanges), exchanges.map(({ endFrame }) => endFrame)];
  };
  const cut: Turn = { direction: 1, end: true };

  it.each<[string, Turn[], string, number | undefined]>([
    ["of known length", [server(answer("200 OK", "module a"))], "module a", 2],
    ["in chunks", [server(`${chunked}5;x\r\nabcde\r\n`), server("1\r\nf\r\n0\r\nT: v\r\n\r\n")], "abcdef", 3],
    ["of no length", [server(answer("404 Not Found"))], "", 2],
    ["until the connection is closed", [server(`${head("HTTP/1.0 200 OK")}abc`), cut], "abc", 3],
    ["cut short", [server(answer("200 OK", "module a").slice(0, -3)), cut], "modul…", undefined],
    ["cut short in chunks", [server(`${chunked}5\r\nabc`), cut], "abc…", undefined],
    [
      "with a hole",
      [server(`${head("HTTP/1.1 200 OK", "Content-Length: 9")}abc`), lost(1, 3), server("def")],
      "abc…",
      4,
    ],
    [
      "with a hole at its end",
      [server(`${head("HTTP/1.1 200 OK", "Content-Length: 9")}abc`), lost(1, 60)],
      "abc…",
      undefined,
    ],
    ["with a broken chunk", [server(`${chunked}3\r\nabcX`)], "abc…", undefined],
  ])("%s", (_, turns, content, endFrame) => {
    const [kept, frames] = watched(...turns);
    expect([kept[0], frames[0]]).toEqual([content, endFrame]);
  });

  it("one after the other", () => {
    expect(watched(server(answer("200 OK", "one") + answer("200 OK", "two")))).toEqual([
      ["one", "two"],
      [2, 2],
    ]);
  });

  it("with its coding", () => {
    const facts = http(
      client(get("/")),
      server(answer("200 OK", "x", "Content-Encoding: GZIP", "Content-Encoding: br")),
    );
    expect(facts.exchanges).toMatchObject([{ contentEncoding: "gzip, br" }]);
  });
});

it.each([
  ["NOTIFY /x HTTP/1.1\r\nHost: a\r\n\r\n", ["http1"]],
  ["git-upload /x HTTP/1.0\r\n\r\n", ["http1"]],
  ["NOTIFY /x SIP/2.0\r\n\r\n", ["named"]],
  ["EHLO HTTP/1.1\r\n", ["named"]],
  ["say two words HTTP/1.1\r\n", ["named"]],
  [`NOTIFY /${"x".repeat(9000)} HTTP/1.1\r\n\r\n`, ["named"]],
])("knows a request by its line: %s", (text, layers) => {
  expect(play([client(text), ...ends]).layers.map(({ layer }) => layer)).toEqual(layers);
});

describe("CONNECT", () => {
  it("opens a tunnel at once when it is granted", () => {
    const { layers } = play([client(connect("a:443")), server(`${granted}SSH-2.0-x\r\n`)]);
    expect(layers).toMatchObject([{ layer: "http1" }, { protocol: "ssh" }]);
  });

  it("keeps the first of its interim answers, of which Go makes the last word", () => {
    const turns = [
      client(connect("a:443")),
      server(head("HTTP/1.1 100 Continue") + head("HTTP/1.1 102 Processing") + granted),
    ];
    for (const cuts of [undefined, ...everyCut(turns)]) {
      const { layers } = play(turns, cuts && { cuts });
      const interim = { status: 100, reason: "Continue", frame: 2 };
      expect(layers).toMatchObject([{ exchanges: [{ status: 200, interim }] }]);
    }
    expect(http(client(get("/")), server(head("HTTP/1.1 100 Continue"))).exchanges[0]).not.toHaveProperty("interim");
  });

  it("ignores a length on the answer that grants", () => {
    const { layers } = play([
      client(connect("a:443")),
      server(`${head("HTTP/1.1 200 OK", "Content-Length: 9")}SSH-2.0-x\r\n`),
    ]);
    expect(layers).toHaveLength(2);
  });

  it("is tried again on one connection", () => {
    const first = answer("407 Proxy Authentication Required", "<html>", 'Proxy-Authenticate: Basic realm="a, b", NTLM');
    const second = answer("407 Proxy Authentication Required", "<html>", "Proxy-Authenticate: NTLM TlRMTVNTUAAC==");
    const facts = http(
      client(connect("a:443")),
      server(first),
      client(connect("a:443", "Proxy-Authorization: NTLM canary")),
      server(second),
      client(connect("a:443", "Proxy-Authorization: NTLM canary2")),
      server(granted),
      client(hello),
    );
    expect(facts).toMatchObject({
      exchanges: [
        { status: 407, challenges: ["Basic", "NTLM"], responseBytes: 6 },
        { status: 407, challenges: ["NTLM"], proxyAuthorization: "NTLM" },
        { status: 200, proxyAuthorization: "NTLM" },
      ],
    });
  });

  it("lets the client send on before the answer", () => {
    const tunnel = [client(connect("a:443") + "SSH-2.0-x\r\n"), server(granted)];
    expect(play(tunnel).layers).toMatchObject([{ layer: "http1" }, { protocol: "ssh", frame: 1 }]);
    const refused = http(client(connect("a:443") + get("/")), server(answer("403 Forbidden") + answer("200 OK")));
    expect(statuses(refused)).toEqual([403, 200]);
  });

  it.each<[string, string, Turn[]]>([
    ["SOCKS", "\x05\xff", [server("\x05"), server("\xff")]],
    ["an alert", "\x15\x03\x01\x00\x02\x02\x16", [server("\x15\x03\x01\x00\x02\x02\x16")]],
    ["text", "ERR no such command: CONNECT abcd", [server("ERR no such command: CONNECT abcdefgh")]],
    ["a head of something else", "ICY 200 OK\r\n\r\n", [server("ICY 200 OK\r\n\r\n")]],
  ])("says what a server answers that speaks %s", (_, strangeAnswer, turns) => {
    const facts = http(client(connect("a:443")), ...turns);
    expect(facts).toMatchObject({ strangeAnswer: strangeAnswer.slice(0, 32) });
    expect(facts).not.toHaveProperty("tunnel");
  });

  it("is taken for granted when only the client was captured and it goes on with a tunnel", () => {
    const { layers } = play([client(connect("a:443")), client("SSH-2.0-x\r\n"), ...ends]);
    expect(layers).toMatchObject([{ layer: "http1" }, { protocol: "ssh" }]);
    expect(statuses(http(client(connect("a:443")), client(connect("b:443"))))).toEqual([undefined, undefined]);
  });

  it("is taken for granted when its answer was lost", () => {
    const { layers } = play([client(connect("a:443")), client("SSH-2.0-x\r\n"), lost(1, 39), ...ends]);
    expect(layers).toMatchObject([{ layer: "http1" }, { protocol: "ssh" }]);
  });
});

describe("Upgrade", () => {
  it.each([
    ["websocket", { layer: "named", protocol: "websocket" }],
    ["h2c", { layer: "http2", exchanges: [{ method: "GET", stream: 1 }] }],
  ])("to %s tells what follows", (protocol, inner) => {
    const request = get("/", `Upgrade: ${protocol}`, "Connection: Upgrade");
    const switching = head("HTTP/1.1 101 Switching Protocols", `Upgrade: ${protocol}`);
    const { layers } = play([client(request), server(switching), client("\x81\x01x")]);
    expect(layers).toMatchObject([{ layer: "http1" }, inner]);
  });

  it("that is not taken up changes nothing", () => {
    const facts = http(
      client(get("/", "Upgrade: h2c")),
      client(get("/2")),
      server(answer("200 OK") + answer("201 OK")),
    );
    expect(statuses(facts)).toEqual([200, 201]);
  });
});

describe("messages that two readers end at different places are refused", () => {
  it.each([
    ["two lengths", "Content-Length: 3\r\nContent-Length: 4"],
    ["a length beside a coding", "Content-Length: 3\r\nTransfer-Encoding: chunked"],
    ["a length that is none", "Content-Length: +3"],
    ["a list of lengths", "Content-Length: 3, 4"],
    ["a length beyond counting", `Content-Length: ${"9".repeat(30)}`],
    ["a coding that does not end in chunks", "Transfer-Encoding: chunked, gzip"],
    ["a coding of no kind", "Transfer-Encoding: gzip"],
    ["chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"],
    ["a blank before the colon", "Content-Length : 3"],
    ["a line without a colon", "Content-Length 3"],
    ["a folded first line", " Content-Length: 3"],
    ["no name", ": 3"],
  ])("%s", (_, fields) => {
    const { layers, record } = play([client(`POST / HTTP/1.1\r\n${fields}\r\n\r\nabcGET / HTTP/1.1\r\n\r\n`)]);
    expect(record.problems).toEqual(["http1 malformed"]);
    expect((layers[0] as HttpFacts).exchanges.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["chunk size", "Transfer-Encoding: chunked", "g\r\n"],
    ["signed chunk size", "Transfer-Encoding: chunked", "-1\r\n"],
    ["huge chunk size", "Transfer-Encoding: chunked", "10000000000000\r\n"],
    ["missing end of chunk", "Transfer-Encoding: chunked", "1\r\nabc"],
    ["two lengths", "Content-Length: 1\r\nContent-Length: 2", ""],
    ["chunks in HTTP/1.0", "Transfer-Encoding: chunked", ""],
  ])("answer: %s", (what, fields, content) => {
    const version = what.endsWith("1.0") ? "HTTP/1.0" : "HTTP/1.1";
    const { layers, record } = play([client(get("/")), server(`${version} 200 OK\r\n${fields}\r\n\r\n${content}`)]);
    expect([record.problems.length, layers[0]]).toMatchObject([1, { exchanges: [{ status: 200 }] }]);
  });

  it.each([
    ["version", "GET / HTTP/2.0\r\n\r\n"],
    ["no version", "GET /\r\n\r\n"],
    ["no target", "GET x\r\n\r\n"],
  ])("request line: %s", (_, text) => {
    expect(play([client(text)]).record.problems).toEqual(["http1 malformed"]);
  });

  it("endless heads", () => {
    const endless = Array.from({ length: 70 }, () => client(`A: ${"b".repeat(1000)}\r\n`));
    const { record } = play([client("GET / HTTP/1.1\r\n"), ...endless]);
    expect(record.problems).toEqual(["http1 message-too-large"]);
  });
});

describe("lost bytes", () => {
  it("inside content are counted as content", () => {
    const big = head("HTTP/1.1 200 OK", "Content-Length: 1000");
    const facts = http(
      client(get("/") + get("/2")),
      server(`${big}abc`),
      lost(1, 900),
      server("x".repeat(97) + answer("201 OK")),
    );
    expect(facts).toMatchObject({ exchanges: [{ responseBytes: 1000 }, { status: 201 }] });
  });

  it("inside a head make the rest opaque", () => {
    const turns = [client(get("/") + get("/2")), server("HTTP/1.1 200 "), lost(1, 7), server(answer("201 OK"))];
    const { layers, record } = play(turns);
    expect(statuses(layers[0] as HttpFacts)).toEqual([200, undefined]);
    expect(record.problems).toEqual(["http1 bytes-lost"]);
  });

  it.each<[string, Turn[]]>([
    ["beyond the content", [server(`${head("HTTP/1.1 200 OK", "Content-Length: 9")}abc`), lost(1, 7)]],
    ["between answers", [server(answer("200 OK")), lost(1, 7)]],
  ])("%s leave what begins with an answer", (_, lossy) => {
    const turns = [client(get("/")), ...lossy, client(get("/2")), server(answer("201 OK")), ...ends];
    const { layers, record } = play(turns);
    expect(statuses(layers[0] as HttpFacts)).toEqual([200, 201]);
    expect(record.problems).toEqual(["http1 bytes-lost"]);
  });

  it("between answers, with something else behind, make the rest opaque", () => {
    const turns = [client(get("/") + get("/2")), server(answer("200 OK")), lost(1, 7), server("content")];
    const { layers, record } = play([...turns, server(answer("201 OK")), ...ends]);
    expect(statuses(layers[0] as HttpFacts)).toEqual([200, undefined]);
    expect(record.problems).toEqual(["http1 bytes-lost", "http1 bytes-lost"]);
  });

  it.each<[string, (number | undefined)[], Turn[]]>([
    [
      "an answer",
      [200, undefined, 204],
      [server(answer("200 OK")), client(get("/2")), lost(1, 90), client(get("/3")), server(answer("204 No"))],
    ],
    [
      "the first answer",
      [undefined, undefined, 204],
      [lost(1, 75), client(get("/2")), lost(1, 75), client(get("/3")), server(answer("204 No"))],
    ],
    [
      "a request",
      [200, 201, 202],
      [server(answer("200 OK")), lost(0, 50), server(answer("201 OK")), client(get("/3")), server(answer("202 OK"))],
    ],
    // Losses are known late: the answers may have come before.
    [
      "a request and its neighbours",
      [200, 201, 202],
      [
        server(answer("200 OK")),
        acknowledging(get("/1").length + 50, server(answer("201 OK"))),
        lost(0, 50),
        client(get("/3")),
        server(answer("202 OK")),
      ],
    ],
  ])("with %s in them never join an answer with a wrong request", (_, expected, turns) => {
    const facts = http(client(get("/1")), ...turns);
    expect(statuses(facts)).toEqual(expected);
    expect(facts.exchanges.at(-1)?.requestTarget).toBe("/3");
  });

  const length = get("/1").length;
  const late2 = (payload: string): Turn => late(2, payload);
  const answerOf2 = (from: (payload: string) => Turn): Turn => acknowledging(length + 50, from(answer("404 No")));

  /* The client asks /1, /2, /3, each when it has its answer; the first answer and the second request are lost. */
  it.each<[string, Turn[]]>([
    ["at once", [lost(1, 90), lost(0, 50), server(answer("404 No")), client(get("/3")), server(answer("200 OK"))]],
    ["first", [lost(0, 50), lost(1, 90), server(answer("404 No")), client(get("/3")), server(answer("200 OK"))]],
    ["late", [lost(1, 90), answerOf2(server), lost(0, 50), client(get("/3")), server(answer("200 OK"))]],
    [
      "last",
      [lost(0, 50), acknowledging(130, client(get("/3"))), lost(1, 90), answerOf2(late2), server(answer("200 OK"))],
    ],
  ])("of a request and the answer before it, known %s, join nothing", (_, turns) => {
    const { exchanges } = http(client(get("/1")), ...turns);
    const pairs = exchanges.map(({ requestTarget, status }) => `${requestTarget} ${status}`);
    expect(pairs.toSorted()).toEqual([" 404", "/1 undefined", "/3 200"]);
  });

  it("of requests are borne in mind where all answers come behind all requests", () => {
    const asked = [1, 3, 5].map((name) => acknowledging(40 * name, client(get(`/${name}`))));
    const requests = [asked[0], lost(0, 50), asked[1], lost(0, 50), asked[2]];
    const ends = [length, length + 50, 2 * length + 50, 2 * length + 100, 3 * length + 100];
    const answers = ends.map((end, at) => acknowledging(end, late([2, 2, 4, 4, 6][at], answer(`${201 + at} OK`))));
    const { exchanges } = http(...requests, ...answers);
    const pairs = exchanges.map(({ requestTarget, status }) => `${requestTarget} ${status}`);
    expect(pairs).toEqual(["/1 201", " 202", "/3 203", " 204", "/5 205"]);
  });

  it("give content to whoever watches only where its request is certain", () => {
    const watch = new KeepingWatch();
    const turns = [
      client(get("/1")),
      lost(1, 90),
      acknowledging(length + 50, server(answer("200 OK", "of another"))),
      lost(0, 50),
      client(get("/3")),
    ];
    play([...turns, server(answer("200 OK", "certain")), ...ends], { content: watch });
    expect(watch.asked).toEqual(["/3 200"]);
  });

  it("say whose answers are missing, and nothing more where the client does not wait for answers", () => {
    const sequential = [client(get("/1")), client(get("/2")), lost(1, 90), server(answer("200 OK")), ...ends];
    expect(play(sequential).record.problems).toEqual(["http1 bytes-lost"]);
    const pipelined = [client(get("/1") + get("/2")), lost(1, 90), server(answer("200 OK")), ...ends];
    const { layers, record } = play(pipelined);
    expect(statuses(layers[0] as HttpFacts)).toEqual([undefined, undefined, 200]);
    expect(record.problems).toEqual([]);
  });

  it("of one direction leave what the other says", () => {
    const facts = http(client(get("/") + "GET /2 HT"), lost(0, 50), server(answer("200 OK") + answer("404 No")));
    expect(facts).toMatchObject({ exchanges: [{ status: 200 }, { method: "", status: 404 }] });
  });
});

it("joins no answer that came before the request, on a connection joined late", () => {
  const turns = [server(answer("404 No")), client(get("/2")), server(answer("200 OK")), ...ends];
  const { exchanges } = play(turns, { synSeen: false }).layers[0] as HttpFacts;
  expect(exchanges.map(({ requestTarget, status }) => [requestTarget, status])).toEqual([
    ["", 404],
    ["/2", 200],
  ]);
});

it("tells an answer whose request was never captured", () => {
  const facts = http(server(answer("200 OK", "abc") + answer("404 No")));
  expect(facts).toMatchObject({
    exchanges: [{ method: "", status: 200, responseBytes: 3 }, { status: 404 }],
  });
});

const dialogue = [
  client(`\r\n${get("http://a.example/x", "Proxy-Authorization: Basic Y2FuYXJ5")}`),
  server(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "5;x\r\nabcde\r\n0\r\nT: v\r\n\r\n"),
  client(connect("a:443")),
  server(
    answer("407 Auth", "no", "Proxy-Authenticate: Negotiate", 'Proxy-Authenticate: Digest qop="a,b", Basic realm="x"'),
  ),
  client(connect("a:443", "Proxy-Authorization: Basic Y2FuYXJ5")),
  server(`${granted}SSH-2.0-x\r\n`),
  ...ends,
];

it("tells the same whatever the cuts", () => {
  const whole = told(play(dialogue, { content: new KeepingWatch() }));
  for (const cuts of everyCut(dialogue)) {
    expect(told(play(dialogue, { cuts, content: new KeepingWatch() }))).toEqual(whole);
  }
});

it("tells the same whatever the cuts of something strange", () => {
  const turns = [client(connect("a:443")), server("HTTP/2 is what this server speaks, and nothing else"), ...ends];
  const whole = told(play(turns));
  for (const cuts of everyCut(turns)) expect(told(play(turns, { cuts }))).toEqual(whole);
});

it("never keeps a secret", () => {
  const canary = fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,40}$/);
  const blanks = fc.constantFrom("", " ", "Basic ", "Bearer ", "basic\t", "Negotiate ", "secret ");
  fc.assert(
    fc.property(canary, blanks, (word, scheme) => {
      const secret = `canary${word.replaceAll("/", "_")}`;
      const turns = [
        client(get(`http://u:${secret}@a.example/`, `Host: ${secret}@a.example`, `Authorization: ${scheme}${secret}`)),
        server(answer("302 Found", secret, `Location: //x:${secret}@b.example/?u=http://${secret}@c.example/`)),
        client(connect(`${secret}@a.example:443`, `Proxy-Authorization: ${scheme}${secret}`, `Cookie: ${secret}`)),
        server(answer("407 No", secret, `Set-Cookie: ${secret}`)),
        ...ends,
      ];
      const played = play(turns);
      expect((played.layers[0] as HttpFacts).exchanges).toHaveLength(2);
      expect(JSON.stringify(told(played))).not.toContain(secret);
    }),
    { seed: 11, numRuns: 200 },
  );
});

it("takes a head that comes byte by byte", () => {
  const text = head("GET / HTTP/1.1", `X: ${"y".repeat(60_000)}`);
  const { layers } = play([client(text)], { cuts: (length) => Array.from({ length }, (_, at) => at) });
  expect((layers[0] as HttpFacts).exchanges).toHaveLength(1);
});

describe("a head that the capture cut", () => {
  const cut = (text: string, length: number): string => text.slice(0, -length);

  it("gives the target of a CONNECT, and the tunnel goes on", () => {
    const asked = connect("sum.golang.org:443");
    for (const length of [
      1,
      2,
      20,
      asked.length - asked.indexOf("\n") - 1,
      asked.length - "CONNECT sum.golang.org:443 ".length,
    ]) {
      const { layers, record } = play([
        client(cut(asked, length)),
        lost(0, length),
        server(cut(granted, 2)),
        lost(1, 2),
        client("SSH-2.0-x\r\n"),
        ...ends,
      ]);
      expect(layers).toMatchObject([
        { exchanges: [{ method: "CONNECT", requestTarget: "sum.golang.org:443", status: 200 }] },
        { layer: "named", protocol: "ssh" },
      ]);
      expect(record.problems).toEqual(["http1 bytes-lost", "http1 bytes-lost"]);
    }
  });

  it("gives the status of a first line that is cut", () => {
    const asked = connect("sum.golang.org:443");
    const refused = answer("403 Forbidden");
    for (const kept of ["HTTP/1.1 403 ", "HTTP/1.1 403 Forb"]) {
      const turns = [client(asked), server(kept), lost(1, refused.length - kept.length), ...ends];
      expect(play(turns).layers).toMatchObject([{ exchanges: [{ requestTarget: "sum.golang.org:443", status: 403 }] }]);
    }
    const { layers } = play([client(asked), server("HTTP/1.1 40"), lost(1, 30), ...ends]);
    expect(layers).not.toHaveProperty("0.exchanges.0.status");
  });

  it("gives a request and its status, and what follows is not read", () => {
    const asked = head("GET /m/@v/list HTTP/1.1", "Host: a.example", "Accept: x");
    const { layers, record } = play([
      client(cut(asked, 6)),
      lost(0, 6),
      server(cut(answer("404 Not Found", "no"), 9)),
      lost(1, 9),
      client(asked),
      server(answer("200 OK")),
      ...ends,
    ]);
    expect(layers).toMatchObject([{ exchanges: [{ requestTarget: "/m/@v/list", host: "a.example", status: 404 }] }]);
    expect(layers[0]).toHaveProperty("exchanges.length", 1);
    expect(record.problems).toEqual(["http1 bytes-lost", "http1 bytes-lost"]);
  });

  it.each([
    ["inside its first line", "GET /m/@v/list HTT"],
    ["inside the target of a CONNECT", "CONNECT sum.golang.or"],
    ["behind a line that is malformed", "GET /m/@v/list HTTP/9\r\nHost: a"],
  ])("gives nothing %s", (_name, text) => {
    const { layers, record } = play([client(text), lost(0, 40), ...ends]);
    expect(layers).toMatchObject([{ exchanges: [] }]);
    expect(record.problems).toEqual(["http1 bytes-lost"]);
  });
});
