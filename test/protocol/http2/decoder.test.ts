import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import type { Http2Facts } from "../../../src/protocol/http2/facts.ts";
import { contents, KeepingWatch } from "../../build/content.ts";
import { latin1 } from "../../../src/bytes/text.ts";
import { asBytes, client, ends, everyCut, lost, play, server, told, type Turn } from "../../build/dialogue.ts";
import { head } from "../../build/http.ts";
import {
  answers,
  asks,
  data,
  endHeaders,
  endStream,
  FieldEncoder,
  frame,
  goAway,
  headers,
  integer,
  joined,
  padded,
  preface,
  reset,
  settings,
  string,
  type,
  u32,
  type SentField,
} from "../../build/http2.ts";

/** Both ends of a connection, each with its table. */
class Peers {
  readonly #client = new FieldEncoder();
  readonly #server = new FieldEncoder();
  readonly opening = [client(joined(preface, settings({ 2: 0, 4: 4_194_304 }))), server(settings({ 3: 250 }))];

  ask(stream: number, path: string, flags = endStream, ...more: SentField[]): Turn {
    return client(headers(stream, this.#client.encode(asks(path, ...more)), flags));
  }

  request(stream: number, fields: SentField[], flags = endStream, piece?: number): Turn {
    return client(headers(stream, this.#client.encode(fields), flags, piece));
  }

  answer(stream: number, status: number, content?: string, ...more: SentField[]): Turn {
    const block = headers(stream, this.#server.encode(answers(status, ...more)), content === undefined ? endStream : 0);
    return server(content === undefined ? block : joined(block, data(stream, content, endStream)));
  }

  respond(stream: number, fields: SentField[], flags = 0, piece?: number): Turn {
    return server(headers(stream, this.#server.encode(fields), flags, piece));
  }

  promise(stream: number, promised: number, path: string): Turn {
    const block = this.#server.encode(asks(path));
    return server(frame(type.promise, endHeaders | padded, stream, joined("\x02", u32(promised), block, "\0\0")));
  }
}

function http2(...turns: Turn[]): Http2Facts {
  return play([...turns, ...ends]).layers.find((layer) => layer.layer === "http2")!;
}

const asked = ({ exchanges }: Http2Facts): string[] =>
  exchanges.map(({ method, requestTarget, status }) => `${method} ${requestTarget} ${status ?? "-"}`);

describe("exchanges", () => {
  it("hold what was asked and answered", () => {
    const peers = new Peers();
    const location: SentField = ["location", "https://u:canary@storage.example/x"];
    const more: SentField[] = [["content-type", "text/plain"], ["content-encoding", "GZIP"], location];
    const facts = http2(
      ...peers.opening,
      peers.ask(1, "/m/@v/v1.0.0.zip", endStream, ["accept", "a/b"], ["authorization", "Bearer canary"]),
      peers.answer(1, 302, "moved", ...more),
    );
    expect(facts).toEqual({
      layer: "http2",
      goAways: [],
      exchanges: [
        {
          method: "GET",
          requestTarget: "/m/@v/v1.0.0.zip",
          form: "origin",
          scheme: "https",
          host: "proxy.golang.org",
          version: "HTTP/2",
          stream: 1,
          requestFrame: 3,
          requestSeconds: 1002,
          requestNanoseconds: 0,
          responseFrame: 4,
          responseSeconds: 1003,
          responseNanoseconds: 0,
          status: 302,
          requestBytes: 0,
          responseBytes: 5,
          userAgent: "Go-http-client/2.0",
          accept: "a/b",
          location: "https://storage.example/x",
          contentType: "text/plain",
          contentEncoding: "gzip",
          server: "cloud",
          authorization: "Bearer",
          endFrame: 4,
          endSeconds: 1003,
          endNanoseconds: 0,
        },
      ],
    });
  });

  it("stand in the order of the requests while answers come as they please", () => {
    const peers = new Peers();
    const facts = http2(
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.ask(3, "/3"),
      peers.answer(3, 404, "none"),
      peers.ask(5, "/5"),
      peers.answer(5, 410),
      peers.answer(1, 200, "yes"),
    );
    expect(asked(facts)).toEqual(["GET /1 200", "GET /3 404", "GET /5 410"]);
  });

  it("are put together even if the capture shows the answers first", () => {
    const peers = new Peers();
    const answer = peers.answer(3, 201, "b");
    const first = peers.answer(1, 200, "a");
    const facts = http2(...peers.opening, answer, first, peers.ask(1, "/1"), peers.ask(3, "/3"));
    expect(asked(facts)).toEqual(["GET /1 200", "GET /3 201"]);
  });

  it("keep their content apart where frames are interleaved", () => {
    const peers = new Peers();
    const turns = [
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.ask(3, "/3"),
      peers.respond(1, answers(200)),
      server(data(1, "one-", 0, 5)),
      peers.respond(3, answers(200)),
      server(joined(data(3, "three-"), data(1, "more"), data(3, ""), data(3, "end", endStream, 1))),
      ...ends,
    ];
    const watch = new KeepingWatch();
    const facts = play(turns, { content: watch }).layers[0] as Http2Facts;
    expect(contents(facts.exchanges)).toEqual(["one-more…", "three-end"]);
    expect(facts.exchanges).toMatchObject([{ responseBytes: 8 }, { responseBytes: 9, endFrame: 8 }]);
    expect(facts.exchanges[0]).not.toHaveProperty("endFrame");
    expect(watch.asked).toEqual(["/1 200", "/3 200"]);
  });

  it("pass over interim answers and trailers", () => {
    const peers = new Peers();
    const facts = http2(
      ...peers.opening,
      peers.ask(1, "/1", 0, ["expect", "100-continue"]),
      peers.respond(1, [[":status", "103"]]),
      peers.respond(1, [[":status", "100"]]),
      client(data(1, "abc")),
      peers.request(1, [["x-sum", "1"]], endStream),
      peers.respond(1, answers(200)),
      server(data(1, "ok")),
      peers.respond(
        1,
        [
          ["server", "late"],
          [":status", "500"],
        ],
        endStream,
      ),
    );
    expect(facts.exchanges).toMatchObject([
      { status: 200, requestBytes: 3, responseBytes: 2, server: "cloud", endFrame: 10 },
    ]);
  });

  it("may be spread over any number of frames, padded and with priorities", () => {
    const peers = new Peers();
    const encoder = new FieldEncoder();
    const block = encoder.encode(asks("/2"));
    const flags = endStream | endHeaders | padded | 0x20;
    const payload = joined("\x03", u32(0), "\x10", block, "\0\0\0");
    const facts = http2(
      ...peers.opening,
      client(frame(type.headers, flags, 1, payload)),
      client(headers(3, encoder.encode(asks("/3")), endStream, 1)),
      client(
        joined(
          frame(type.priority, 0, 3, joined(u32(0), "\x01")),
          frame(type.window, 0, 0, u32(9)),
          frame(0xee, 7, 9, "ext"),
        ),
      ),
      peers.respond(3, answers(200), endStream, 2),
    );
    expect(asked(facts)).toEqual(["GET /2 -", "GET /3 200"]);
  });

  it("say who reset a stream, and what went away", () => {
    const peers = new Peers();
    const facts = http2(
      ...peers.opening,
      peers.ask(1, "/1"),
      client(reset(1, 8)),
      peers.answer(1, 200, "too late"),
      peers.ask(3, "/3"),
      server(reset(3, 0xb)),
      server(goAway(3, 0xb, "too_many_pings")),
    );
    expect(asked(facts)).toEqual(["GET /1 -", "GET /3 -"]);
    expect(facts.exchanges).toMatchObject([
      { reset: { from: "client", code: 8, frame: 4 } },
      { reset: { from: "server", code: 11, frame: 7 } },
    ]);
    expect(facts.goAways).toEqual([{ from: "server", lastStream: 3, code: 11, frame: 8 }]);
  });

  it("count what still came of an answer that the client reset, and give it to nobody", () => {
    const peers = new Peers();
    const turns = [
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.respond(1, answers(200)),
      server(data(1, "taken")),
      client(reset(1, 8)),
      server(data(1, "on its way", endStream)),
      client(data(1, "stray")),
      peers.ask(3, "/3"),
      peers.respond(3, answers(200)),
      server(reset(3, 0)),
      server(data(3, "stray")),
      ...ends,
    ];
    const { layers } = play(turns, { content: new KeepingWatch() });
    const { exchanges } = layers[0] as Http2Facts;
    expect(exchanges).toMatchObject([
      { requestBytes: 0, responseBytes: 15, reset: { from: "client" } },
      { responseBytes: 0, reset: { from: "server" } },
    ]);
    expect(contents(exchanges)).toEqual(["taken…", "…"]);
    expect(exchanges[0]).not.toHaveProperty("endFrame");
  });

  it("know what a server pushes", () => {
    const peers = new Peers();
    const facts = http2(
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.promise(1, 2, "/pushed"),
      peers.answer(1, 200),
      peers.answer(2, 200, "p"),
    );
    expect(asked(facts)).toEqual(["GET /1 200", "GET /pushed 200"]);
    expect(facts.exchanges[1]).toMatchObject({ stream: 2, responseBytes: 1 });
  });

  it("follow the sizes of the tables", () => {
    const encoder = new FieldEncoder();
    const first = encoder.encode(asks("/1"));
    const second = joined(encoder.resize(0), encoder.resize(100), encoder.encode(asks("/2")));
    const facts = http2(
      client(joined(preface, settings())),
      server(settings({ 1: 100 })),
      client(joined(headers(1, first, endStream), frame(type.settings, 1, 0), headers(3, second, endStream))),
      client(headers(5, encoder.encode(asks("/3")), endStream)),
    );
    expect(asked(facts)).toEqual(["GET /1 -", "GET /2 -", "GET /3 -"]);
  });

  it("do not believe content that contradicts its length", () => {
    const peers = new Peers();
    const length: SentField = ["content-length", "4"];
    const turns = [
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.answer(1, 200, "five!", length),
      peers.request(3, [...asks("/3").filter(([name]) => name !== ":method"), [":method", "HEAD"]]),
      peers.answer(3, 200, undefined, length),
      ...ends,
    ];
    const { layers, record } = play(turns, { content: new KeepingWatch() });
    expect(contents((layers[0] as Http2Facts).exchanges)).toEqual(["five!…", ""]);
    expect(record.problems).toEqual(["http2 malformed"]);
  });

  it("are left out beyond their cap, and that is said once", () => {
    const encoder = new FieldEncoder();
    const requests = Array.from({ length: limits.httpExchanges + 3 }, (_, at) =>
      joined(headers(2 * at + 1, encoder.encode(asks("/")), endStream), reset(2 * at + 1, 8)),
    );
    const { layers, record } = play([client(joined(preface, settings())), client(joined(...requests)), ...ends]);
    expect(layers[0]).toMatchObject({ exchanges: { length: limits.httpExchanges } });
    expect(record.problems).toEqual(["http2 limit"]);
  });
});

describe("requests that are none", () => {
  it.each<[string, SentField[]]>([
    ["two paths", [...asks("/a"), [":path", "/b", "literal"]]],
    ["no method", asks("/a").filter(([name]) => name !== ":method")],
    ["no path", asks("/a").filter(([name]) => name !== ":path")],
    ["control data that nobody knows", [...asks("/a"), [":x", "y"]]],
  ])("%s", (_, fields) => {
    const peers = new Peers();
    const { layers, record } = play([...peers.opening, peers.request(1, fields), peers.ask(3, "/next"), ...ends]);
    expect(asked(layers[0] as Http2Facts)).toEqual(["  -", "GET /next -"]);
    expect(record.problems).toEqual(["http2 malformed"]);
  });

  it.each<[string, SentField[]]>([
    ["no status", [["server", "x"]]],
    ["a status of words", [[":status", "OK"]]],
    [
      "two statuses",
      [
        [":status", "200"],
        [":status", "404", "literal"],
      ],
    ],
  ])("and answers with %s", (_, fields) => {
    const peers = new Peers();
    const { layers, record } = play([
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.respond(1, fields, endStream),
      ...ends,
    ]);
    expect(asked(layers[0] as Http2Facts)).toEqual(["GET /1 -"]);
    expect(record.problems).toEqual(["http2 malformed"]);
  });
});

describe("bytes that cannot be frames make a direction opaque", () => {
  const block = new FieldEncoder().encode(asks("/2"));
  it.each<[string, Uint8Array]>([
    ["a field block that refers to nothing", headers(1, Uint8Array.of(0xff, 0x10), endStream)],
    ["a field block cut inside a field", headers(1, block.subarray(0, 5), endStream)],
    ["continuation of nothing", frame(type.continuation, endHeaders, 1)],
    ["another frame inside a field block", joined(frame(type.headers, 0, 1, block.subarray(0, 9)), data(1, "x"))],
    ["continuation of another stream", joined(frame(type.headers, 0, 1), frame(type.continuation, endHeaders, 3))],
    ["padding beyond the frame", frame(type.data, padded, 1, "\x05abc")],
    ["padding beyond the field block", frame(type.headers, padded | endHeaders, 1, "\x05abc")],
    ["padding without its length", frame(type.data, padded, 1)],
    ["content of the connection itself", data(0, "x")],
    ["SETTINGS of a stream", frame(type.settings, 0, 1)],
    ["half a setting", frame(type.settings, 0, 0, "abc")],
    ["a short RST_STREAM", frame(type.reset, 0, 1, "abc")],
    ["a request on a stream of the server's", headers(2, block, endStream)],
    ["a frame larger than the server takes", data(1, new Uint8Array(20_000))],
  ])("%s", (_, bytes) => {
    const peers = new Peers();
    const { layers, record } = play([
      ...peers.opening,
      client(bytes),
      peers.ask(7, "/behind"),
      peers.answer(9, 404, "unasked"),
      ...ends,
    ]);
    expect(record.problems).toEqual(["http2 malformed"]);
    expect(asked(layers[0] as Http2Facts).at(-1)).toBe("  404");
  });

  it.each<[string, Uint8Array]>([
    [
      "an endless field block",
      joined(frame(type.headers, 0, 1), ...Array.from({ length: 5 }, () => frame(9, 0, 1, new Uint8Array(16_000)))),
    ],
    ["a GOAWAY that is a book", frame(type.goAway, 0, 0, new Uint8Array(70_000))],
  ])("%s", (_, bytes) => {
    const turns = [client(joined(preface, settings(), bytes)), ...ends];
    expect(play(turns).record.problems).toEqual(["http2 message-too-large"]);
  });

  it("a preface that goes on otherwise", () => {
    expect(play([client(joined(preface, data(1, "x")))]).record.problems).toEqual(["http2 malformed"]);
  });
});

it("takes a flood of empty CONTINUATION frames in linear time", () => {
  const empty = asBytes(latin1(frame(type.continuation, 0, 1)).repeat(50_000));
  const { layers, record } = play([
    client(joined(preface, settings(), frame(type.headers, 0, 1))),
    ...Array.from({ length: 4 }, () => client(empty)),
    ...ends,
  ]);
  expect([(layers[0] as Http2Facts).exchanges, record.problems]).toEqual([[], []]);
});

it("bounds what one byte of a field block stands for", () => {
  const big = joined("\x40", string("www-authenticate"), string(`Basic ${"a,".repeat(1500)}`));
  const bomb = joined(big, new Uint8Array(60_000).fill(0xbe));
  const peers = new Peers();
  const { layers, record } = play([
    ...peers.opening,
    peers.ask(1, "/"),
    server(headers(1, bomb, endStream, 16_000)),
    ...ends,
  ]);
  expect(record.problems).toEqual(["http2 message-too-large"]);
  expect((layers[0] as Http2Facts).exchanges).toHaveLength(1);
});

it("gives up the oldest of too many streams", () => {
  const encoder = new FieldEncoder();
  const open = Array.from({ length: limits.http2Streams + 2 }, (_, at) =>
    headers(2 * at + 1, encoder.encode(asks("/"))),
  );
  const { record } = play([client(joined(preface, settings(), ...open)), ...ends]);
  // Once for the streams, once for the exchanges.
  expect(record.problems).toEqual(["http2 limit", "http2 limit"]);
});

describe("lost bytes", () => {
  it("inside content are counted, and the content is not complete", () => {
    const peers = new Peers();
    const big = data(1, "x".repeat(1000), 0, 9);
    const turns = [
      ...peers.opening,
      peers.ask(1, "/1"),
      peers.respond(1, answers(200)),
      server(big.subarray(0, 100)),
      lost(1, 600),
      server(big.subarray(700)),
      server(data(1, "y", endStream)),
      peers.ask(3, "/3"),
      peers.answer(3, 404, "no"),
      ...ends,
    ];
    const { layers, record } = play(turns, { content: new KeepingWatch() });
    const facts = layers[0] as Http2Facts;
    expect(asked(facts)).toEqual(["GET /1 200", "GET /3 404"]);
    expect(facts.exchanges[0]).toMatchObject({ responseBytes: 1001, endFrame: 8 });
    expect(contents(facts.exchanges)).toEqual([`${"x".repeat(90)}…`, "no"]);
    expect(record.problems).toEqual([]);
  });

  it.each<[string, (peers: Peers) => Turn[]]>([
    ["between frames", () => [lost(1, 10)]],
    ["beyond a frame", () => [server(data(1, "x".repeat(100)).subarray(0, 50)), lost(1, 60)]],
    [
      "inside a field block",
      (peers) => [server((peers.answer(3, 200) as { bytes: Uint8Array }).bytes.subarray(0, 10)), lost(1, 2)],
    ],
  ])("%s end the reading of a direction", (_, turns) => {
    const peers = new Peers();
    const played = play(
      [
        ...peers.opening,
        peers.ask(1, "/1"),
        peers.respond(1, answers(200)),
        ...turns(peers),
        peers.answer(1, 500, "z"),
        peers.ask(3, "/3"),
        ...ends,
      ],
      { content: new KeepingWatch() },
    );
    const facts = played.layers[0] as Http2Facts;
    expect(asked(facts)).toEqual(["GET /1 200", "GET /3 -"]);
    expect(contents(facts.exchanges)[0]).toMatch(/…$/);
    expect(played.record.problems).toEqual(["http2 bytes-lost"]);
  });
});

describe("a connection joined in its midst", () => {
  const early = new FieldEncoder();
  early.encode(asks("/0", ["accept", "text/html"]));
  const answering = new FieldEncoder();
  answering.encode(answers(200, ["content-type", "text/plain"]));
  // Both directions go on with tables whose beginning nobody saw.
  const request = early.encode([...asks("/5"), ["x-new", "1"]]);
  const next = early.encode([...asks("/7"), ["accept", "application/zip"]]);
  const answer = answering.encode(answers(200, ["via", "1.1 cache"]));
  const notFound = answering.encode([
    [":status", "404", "literal"],
    ["via", "1.1 cache"],
  ]);

  it("reads literal fields and says how many are unknown, never a wrong one", () => {
    const facts = http2(
      lost(0, 500),
      lost(1, 900),
      server(settings({ 4: 1 })),
      client(headers(5, request, endStream)),
      server(joined(headers(5, answer), data(5, "abc", endStream))),
      client(headers(7, next, endStream)),
      server(headers(7, notFound, endStream)),
    );
    expect(facts.exchanges).toMatchObject([
      { method: "", requestTarget: "/5", stream: 5, responseBytes: 3, via: "1.1 cache", unknownFields: 7 },
      { method: "", requestTarget: "/7", stream: 7, status: 404, accept: "application/zip", via: "1.1 cache" },
    ]);
    expect(facts.exchanges[0]).not.toHaveProperty("status");
    expect(facts.exchanges[0]).not.toHaveProperty("host");
  });

  it("gives answers to requests that came before", () => {
    const facts = http2(
      lost(0, 500),
      lost(1, 900),
      server(settings({ 4: 1 })),
      client(headers(5, request, endStream)),
      server(headers(3, notFound, endStream)),
    );
    expect(facts.exchanges).toMatchObject([{ stream: 3, status: 404, requestFrame: 0 }, { stream: 5 }]);
  });

  it("takes trailers behind a reset for no answer", () => {
    const facts = http2(
      lost(0, 500),
      lost(1, 900),
      server(settings({ 4: 1 })),
      server(headers(3, notFound)),
      client(reset(3, 8)),
      server(headers(3, new Uint8Array(0), endStream)),
    );
    expect(facts.exchanges).toMatchObject([{ stream: 3, status: 404, reset: { from: "client" } }]);
  });

  it("is read when the layer around it says what it is", () => {
    const played = play([client("")]);
    const inner = played.stack.openInner("http2");
    const give = (direction: 0 | 1, bytes: Uint8Array): unknown => inner.onData(direction, bytes, 0, bytes.length, 9);
    give(0, headers(5, request, endStream));
    give(1, headers(5, notFound, endStream));
    expect(played.stack.layers).toMatchObject([{ exchanges: [{ requestTarget: "/5", status: 404 }] }]);
    expect(played.record.problems).toEqual(["http2 bytes-lost", "http2 bytes-lost"]);
  });

  it.each<[string, 0 | 1, Uint8Array]>([
    ["a request", 0, headers(5, request, endStream)],
    ["an answer", 1, headers(5, notFound, endStream)],
    ["content", 1, data(5, "content")],
    ["an empty frame", 0, frame(type.settings, 1, 0)],
  ])("is told by a frame inside a layer that was joined late: %s", (_, direction, bytes) => {
    const played = play([client("")]);
    const inner = played.stack.openLate();
    inner.onData(direction, bytes, 0, bytes.length, 9);
    expect(played.stack.layers).toMatchObject([{ layer: "http2" }]);
  });

  it.each<[string, Uint8Array]>([
    ["one that is longer than everybody takes", frame(type.data, 0, 1, "x".repeat(16_385))],
    ["one of a type that nobody knows", frame(10, 0, 1, "x")],
    ["less than a frame's header", frame(type.data, 0, 1).subarray(0, 8)],
  ])("is not told by %s", (_, bytes) => {
    const played = play([client("")]);
    const inner = played.stack.openLate();
    inner.onData(0, bytes, 0, bytes.length, 9);
    inner.onEnd(0, "fin");
    inner.onEnd(1, "fin");
    expect(played.stack.layers).toMatchObject([{ layer: "named", protocol: "unknown" }]);
  });

  it("is not read if it does not go on with a frame", () => {
    const played = play([client("")]);
    const inner = played.stack.openInner("http2");
    const bytes = Buffer.from("the middle of some content, perhaps");
    inner.onData(1, bytes, 0, bytes.length, 9);
    expect(played.stack.layers).toMatchObject([{ exchanges: [] }]);
    expect(played.record.problems).toEqual(["http2 bytes-lost", "http2 malformed"]);
  });
});

describe("a tunnel", () => {
  const connects: SentField[] = [
    [":method", "CONNECT"],
    [":authority", "u:canary@sum.golang.org:443"],
  ];

  it("of a stream is a layer of its own", () => {
    const peers = new Peers();
    const { layers, record } = play([
      ...peers.opening,
      peers.request(1, connects, 0),
      client(data(1, "SSH-2.0-")),
      peers.respond(1, answers(200)),
      client(data(1, "x\r\n", endStream)),
      server(data(1, "SSH-2.0-y\r\n", endStream)),
      peers.ask(3, "/beside"),
      ...ends,
    ]);
    expect(asked(layers[0] as Http2Facts)).toEqual(["CONNECT sum.golang.org:443 200", "GET /beside -"]);
    expect(layers).toMatchObject([{ exchanges: [{ form: "authority" }, {}] }, { layer: "named", protocol: "ssh" }]);
    expect(record.stages).toEqual(["proxy", "http"]);
  });

  it.each([
    ["the stream", data(1, "", endStream), true],
    ["a reset", reset(1, 8), false],
  ])("has the gaps of its stream, and ends with %s", (_, end, isWhole) => {
    const peers = new Peers();
    const answer = data(1, `${head("HTTP/1.1 200 OK", "Content-Length: 1000")}${"x".repeat(1000)}`);
    const { layers } = play([
      ...peers.opening,
      peers.request(1, connects, 0),
      peers.respond(1, answers(200)),
      client(data(1, head("GET /1 HTTP/1.1", "Host: a"))),
      server(answer.subarray(0, 200)),
      lost(1, 600),
      server(answer.subarray(800)),
      client(data(1, head("GET /2 HTTP/1.1", "Host: a"))),
      server(data(1, `${head("HTTP/1.1 200 OK")}until it ends`)),
      server(end),
      ...ends,
    ]);
    const inside = layers.find((layer) => layer.layer === "http1")!;
    expect(inside.exchanges).toMatchObject([{ responseBytes: 1000 }, { requestTarget: "/2", responseBytes: 13 }]);
    expect(inside.exchanges.map(({ endFrame }) => endFrame !== undefined)).toEqual([true, isWhole]);
  });

  it("that is refused is none", () => {
    const peers = new Peers();
    const challenge: SentField = ["proxy-authenticate", 'Basic realm="x"'];
    const facts = http2(...peers.opening, peers.request(1, connects, 0), peers.answer(1, 407, "no", challenge));
    expect(facts.exchanges).toMatchObject([{ status: 407, challenges: ["Basic"], responseBytes: 2 }]);
  });

  it("of WebSocket is an exchange like others", () => {
    const peers = new Peers();
    const fields: SentField[] = [
      ...asks("/chat").filter(([name]) => name !== ":method"),
      [":method", "CONNECT"],
      [":protocol", "websocket"],
    ];
    const { layers } = play([
      ...peers.opening,
      peers.request(1, fields, 0),
      peers.respond(1, answers(200)),
      server(data(1, "x")),
      ...ends,
    ]);
    expect(layers).toMatchObject([{ exchanges: [{ method: "CONNECT", form: "origin", requestTarget: "/chat" }] }]);
    expect(layers).toHaveLength(1);
  });
});

it("answers the request of HTTP/1 that was upgraded", () => {
  const upgrade = head(
    "GET /a HTTP/1.1",
    "Host: a.example",
    "Upgrade: h2c",
    "HTTP2-Settings: AAMAAABk",
    "Connection: Upgrade",
  );
  const peers = new Peers();
  const { layers } = play([
    client(upgrade),
    server(joined(head("HTTP/1.1 101 Switching Protocols", "Upgrade: h2c"), settings())),
    peers.answer(1, 200, "hello"),
    peers.opening[0],
    peers.ask(3, "/b"),
    ...ends,
  ]);
  expect(layers).toMatchObject([
    { layer: "http1", exchanges: [{ status: 101 }] },
    {
      layer: "http2",
      exchanges: [{ requestTarget: "/a", host: "a.example", status: 200, requestFrame: 1 }, { requestTarget: "/b" }],
    },
  ]);
});

const dialogue = ((): Turn[] => {
  const peers = new Peers();
  return [
    ...peers.opening,
    peers.ask(1, "/github.com/!burnt!sushi/toml/@v/list", endStream, ["authorization", "Basic canary"]),
    peers.request(3, asks("/x"), endStream, 7),
    peers.respond(3, answers(404, ["content-type", "text/plain"]), 0, 5),
    peers.respond(1, answers(200)),
    server(joined(data(1, "v1.0.0\n", 0, 3), data(3, "not found", endStream), data(1, "v1.1.0\n", endStream))),
    client(reset(5, 8)),
    server(goAway(3, 0)),
    ...ends,
  ];
})();

it("tells the same whatever the cuts", () => {
  const whole = told(play(dialogue, { content: new KeepingWatch() }));
  for (const cuts of everyCut(dialogue))
    expect(told(play(dialogue, { cuts, content: new KeepingWatch() }))).toEqual(whole);
});

it("tells nothing else of a conversation that is cut short", () => {
  const whole = http2(...dialogue);
  const bytes = dialogue.flatMap((turn) => ("bytes" in turn ? [turn] : []));
  for (const [at, turn] of bytes.entries()) {
    for (let length = 0; length < turn.bytes.length; length++) {
      const { layers, record } = play([
        ...bytes.slice(0, at),
        { ...turn, bytes: turn.bytes.subarray(0, length) },
        ...ends,
      ]);
      const facts = layers.find((layer) => layer.layer === "http2");
      expect(record.problems).toEqual([]);
      for (const [index, exchange] of (facts?.exchanges ?? []).entries()) {
        const { requestTarget, status } = whole.exchanges[index];
        expect(exchange.requestTarget).toBe(requestTarget);
        expect([undefined, status]).toContain(exchange.status);
      }
    }
  }
});

it("never keeps a secret", () => {
  const fields: SentField[] = [
    ["authorization", "canary1"],
    ["proxy-authorization", "Basic canary2"],
    ["cookie", "canary3"],
    ["referer", "canary4"],
    ["host", "canary5@b.example"],
  ];
  const peers = new Peers();
  const turns = [
    ...peers.opening,
    peers.ask(1, "/x?u=https://u:canary6@c.example/", endStream, ...fields),
    peers.answer(1, 200, "canary7", ["set-cookie", "canary8"], ["location", "//canary9@d.example/"]),
    peers.ask(3, "/y", endStream, ...fields),
    client(goAway(0, 0, "canary10")),
    ...ends,
  ];
  const played = told(play(turns));
  expect(JSON.stringify(played)).not.toContain("canary");
  expect(played).toMatchObject({
    layers: [{ exchanges: [{}, { authorization: "other", proxyAuthorization: "Basic" }] }],
  });
});

it("survives whatever comes", () => {
  const turns = dialogue.flatMap((turn) => ("bytes" in turn ? [turn] : []));
  const change = fc.record({ turn: fc.nat(turns.length - 1), at: fc.nat(120), byte: fc.nat(255), lost: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const played: Turn[] = turns.map((turn, index) => {
        const bytes = Uint8Array.from(turn.bytes);
        for (const { turn: where, at, byte } of changes) if (where === index && at < bytes.length) bytes[at] = byte;
        return { ...turn, bytes };
      });
      for (const { turn, lost: isLost, at } of changes)
        if (isLost) played.splice(turn, 1, lost(turns[turn].direction, at + 1));
      const facts = told(play([...played, ...ends], { content: new KeepingWatch() })) as { layers: unknown[] };
      expect(facts.layers.length).toBeLessThanOrEqual(2);
    }),
    { seed: 9113, numRuns: 150 },
  );
});

it("does not hold more than a field block of an integer's length", () => {
  const endless = joined("\x40", integer(1 << 20, 7, 0));
  expect(play([client(joined(preface, settings(), headers(1, endless, endStream)))]).record.problems).toEqual([
    "http2 malformed",
  ]);
});
