import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectSocks } from "../../../src/protocol/socks/detect.ts";
import type { SocksFacts } from "../../../src/protocol/socks/facts.ts";
import { methodName, replyName } from "../../../src/protocol/socks/names.ts";
import {
  asBytes,
  client,
  ends,
  everyCut,
  hexBytes,
  lost,
  play,
  server,
  told,
  type Turn,
} from "../../build/dialogue.ts";
import { greeting, password, reply4, reply5, request4, request5 } from "../../build/socks.ts";

const noAuthentication = hexBytes("0500");
const ssh = "SSH-2.0-x\r\n";

function socks(...turns: Turn[]): SocksFacts {
  return play([...turns, ...ends]).layers[0] as SocksFacts;
}

describe("SOCKS5", () => {
  it("without authentication, as Go speaks it", () => {
    const { layers, record } = play([
      client(greeting(0)),
      server(noAuthentication),
      client(request5("sum.golang.org", 443)),
      server(reply5(0)),
      client(ssh),
    ]);
    expect(layers).toEqual([
      {
        layer: "socks",
        answerFrame: 2,
        version: 5,
        v4a: false,
        frame: 1,
        methodsOffered: [0],
        methodSelected: 0,
        command: 1,
        targetHost: "sum.golang.org",
        targetPort: 443,
        addressType: "name",
        requestFrame: 3,
        reply: 0,
        replyFrame: 4,
      },
      { layer: "named", protocol: "ssh", frame: 5 },
    ]);
    expect(record.stages).toEqual(["proxy"]);
  });

  it.each<[string, string, string, string]>([
    ["IPv4", "0501 00 01 c0000201 01bb", "192.0.2.1", "ipv4"],
    ["IPv6", `0501 00 04 20010db8${"00".repeat(11)}01 01bb`, "2001:db8::1", "ipv6"],
  ])("asks for an address: %s", (_, request, targetHost, addressType) => {
    const facts = socks(client(greeting(0)), server(noAuthentication), client(hexBytes(request)), server(reply5(0)));
    expect(facts).toMatchObject({ targetHost, addressType, targetPort: 443 });
  });

  it.each([
    ["accepted", "0100", 0],
    ["refused", "0101", 1],
    ["accepted, with the version of SOCKS", "0500", 0],
  ])("user name and password %s", (_, status, authenticationStatus) => {
    const facts = socks(
      client(greeting(0, 2)),
      server(hexBytes("0502")),
      client(password("u", "p")),
      server(hexBytes(status)),
    );
    expect(facts).toMatchObject({ methodsOffered: [0, 2], methodSelected: 2, authenticationStatus, answerFrame: 4 });
  });

  it("all at once, before the server has said anything", () => {
    const all = Buffer.concat([greeting(0), request5("a.example", 22), asBytes(ssh)]);
    const { layers } = play([client(all), server(noAuthentication), server(reply5(0)), ...ends]);
    expect(layers).toMatchObject([{ requestFrame: 1 }, { protocol: "ssh" }]);
  });

  it.each<[string, string, object]>([
    ["refuses every method", "05ff", { methodSelected: 0xff }],
    ["wants GSSAPI", "0501", { methodSelected: 1 }],
  ])("server %s", (_, selection, facts) => {
    const { layers, record } = play([
      client(greeting(0, 1)),
      server(hexBytes(selection)),
      client(hexBytes("0101 0001 aa")),
    ]);
    expect(layers).toMatchObject([facts]);
    expect(record.problems).toEqual([]);
  });

  it.each<[string, Uint8Array, number]>([
    ["in full", reply5(5), 5],
    ["in two bytes", hexBytes("0502"), 2],
  ])("server refuses the request %s", (_, reply, code) => {
    const facts = socks(client(greeting(0)), server(noAuthentication), client(request5("a", 80)), server(reply));
    expect(facts).toMatchObject({ reply: code, replyFrame: 4 });
  });

  it.each([2, 3])("command %i is named and left alone", (command) => {
    const { layers } = play([
      client(greeting(0)),
      server(noAuthentication),
      client(request5("a", 80, command)),
      server(reply5(0)),
      client(ssh),
    ]);
    expect(layers).toMatchObject([{ command, reply: 0 }]);
    expect(layers).toHaveLength(1);
  });

  it("server answers something else", () => {
    const facts = socks(client(greeting(0)), server("HTTP/1.1 400 Bad "), server("Request\r\nServer: x\r\n\r\n"));
    expect(facts).toMatchObject({ strangeAnswer: "HTTP/1.1 400 Bad Request\r\nServer" });
  });

  it.each<[string, Turn[]]>([
    ["address type", [client(hexBytes("0501 00 02 00000000 0000"))]],
    ["reserved byte", [client(hexBytes("0501 01 01 00000000 0000"))]],
    ["reply", [client(request5("a", 80)), server(hexBytes("0400 00"))]],
  ])("malformed: %s", (_, turns) => {
    const { record } = play([client(greeting(0)), server(noAuthentication), ...turns]);
    expect(record.problems).toEqual(["socks malformed"]);
  });

  it("goes by the client alone when the server was not captured", () => {
    const turns = [client(greeting(2)), client(password("u", "p")), client(request5("a", 22)), client(ssh), ...ends];
    expect(play(turns).layers).toMatchObject([{ targetPort: 22 }, { protocol: "ssh" }]);
  });

  it("goes by the client alone when the server's answers were lost", () => {
    const turns = [client(greeting(0)), client(request5("a", 22)), client(ssh), lost(1, 12), server(ssh)];
    expect(play(turns).layers).toMatchObject([{ targetPort: 22 }, { protocol: "ssh" }]);
  });

  it("gives up when the client's bytes were lost", () => {
    const { record } = play([client(greeting(0)), lost(0, 12), server(noAuthentication)]);
    expect(record.problems).toEqual(["socks bytes-lost"]);
  });
});

describe("SOCKS4", () => {
  it("asks for an address", () => {
    const facts = socks(client(request4([192, 0, 2, 1], 443, "canary")), server(reply4(90)));
    expect(facts).toMatchObject({
      version: 4,
      v4a: false,
      targetHost: "192.0.2.1",
      targetPort: 443,
      reply: 90,
    });
    expect(JSON.stringify(facts)).not.toContain("canary");
  });

  it("asks for a name as 4a", () => {
    const facts = socks(client(request4([0, 0, 0, 1], 443, "", "sum.golang.org")), server(reply4(91)));
    expect(facts).toMatchObject({
      v4a: true,
      targetHost: "sum.golang.org",
      addressType: "name",
      reply: 91,
    });
  });

  it("server answers something else", () => {
    expect(socks(client(request4([192, 0, 2, 1], 443)), server("HTTP/1.1 400")).strangeAnswer).toBe("HTTP/1.1 400");
  });
});

describe("detection", () => {
  const detect = (bytes: Uint8Array): string => detectSocks(bytes, 0, bytes.length);
  it.each<[string, string]>([
    ["no methods", "0500"],
    ["an unassigned method", "0501 20"],
    ["a method twice", "0502 00 00"],
    ["more than the methods", "0501 00 ff"],
    ["a request of no known kind", "0501 00 0509"],
    ["SOCKS4 without a port", "0401 0000 c0000201 00"],
    ["SOCKS4 with more behind it", "0401 01bb c0000201 00 aa"],
    ["SOCKS4 with an unprintable user", "0401 01bb c0000201 01 00"],
    ["SOCKS4 with an endless user", `0401 01bb c0000201 ${"61".repeat(300)}`],
    ["another command", "0403 01bb c0000201 00"],
    ["another version", "0601 00"],
  ])("is not taken in by %s", (_, hex) => {
    expect(detect(hexBytes(hex))).toBe("no");
  });

  it("waits for every proper prefix of a first message", () => {
    for (const whole of [
      greeting(0, 1, 2),
      request4([192, 0, 2, 1], 443, "me"),
      request4([0, 0, 0, 1], 443, "", "a.example"),
    ]) {
      for (let end = 0; end < whole.length; end++) expect(detectSocks(whole, 0, end)).toBe("more");
      expect(detect(whole)).toBe("yes");
    }
  });
});

it.each<[string, Turn[]]>([
  [
    "with a password",
    [
      client(greeting(0, 2)),
      server(hexBytes("0502")),
      client(password("user", "secret")),
      server(hexBytes("0100")),
      client(request5("sum.golang.org", 443)),
      server(Buffer.concat([reply5(0), asBytes(ssh)])),
      client(ssh),
      ...ends,
    ],
  ],
  ["as 4a", [client(request4([0, 0, 0, 1], 22, "me", "a.example")), server(reply4(90)), server(ssh), ...ends]],
  ["to something strange", [client(greeting(0)), server("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"), ...ends]],
])("tells the same whatever the cuts: %s", (_, turns) => {
  const whole = told(play(turns));
  for (const cuts of everyCut(turns)) expect(told(play(turns, { cuts }))).toEqual(whole);
});

it("never keeps a secret", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{12,40}$/), (secret) => {
      const turns = [
        client(greeting(2)),
        server(hexBytes("0502")),
        client(password(secret, secret)),
        server(hexBytes("0101")),
      ];
      expect(JSON.stringify(told(play([...turns, ...ends])))).not.toContain(secret);
    }),
    { seed: 5, numRuns: 50 },
  );
});

it("names what registries name", () => {
  expect([methodName(0), methodName(2), methodName(0xff), methodName(0x80), methodName(0x20)]).toEqual([
    "no authentication",
    "user name and password",
    "no acceptable method",
    "private method 128",
    "method 32",
  ]);
  expect([replyName(5, 2), replyName(4, 91), replyName(5, 99)]).toEqual([
    "connection not allowed by ruleset",
    "request rejected or failed",
    "reply 99",
  ]);
});
