import { connect, createServer, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { Duplex } from "node:stream";
import { expect, it } from "vitest";
import type { Http2Facts } from "../../../src/protocol/http2/facts.ts";
import type { Direction } from "../../../src/stream/consumer.ts";
import { contents, KeepingWatch } from "../../build/content.ts";
import { ends, play, type Turn } from "../../build/dialogue.ts";

/** Two ends of one connection, and what each said in the order in which it was said. */
function wire(): { readonly client: Duplex; readonly server: Duplex; readonly turns: Turn[] } {
  const turns: Turn[] = [];
  const end = (direction: Direction, other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        turns.push({ direction, bytes: Uint8Array.from(chunk) });
        other().push(Buffer.from(chunk));
        done();
      },
      final: (done) => {
        other().push(null);
        done();
      },
    });
  const client: Duplex = end(0, () => server);
  const server: Duplex = end(1, () => client);
  return { client, server, turns };
}

function fetch(session: ClientHttp2Session, path: string, headers: Record<string, string>): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":path": path, ...headers });
    let status = 0;
    let text = "";
    stream.setEncoding("latin1");
    stream.on("response", (answer: IncomingHttpHeaders & { ":status"?: number }) => (status = answer[":status"] ?? 0));
    stream.on("data", (piece: string) => (text += piece));
    stream.on("end", () => resolve([status, text]));
    stream.on("error", reject);
    stream.end();
  });
}

const requests = Array.from({ length: 40 }, (_, at) => ({
  path: `/example.com/!mod${at % 7}/@v/v1.${at}.0.${["info", "mod", "zip"][at % 3]}?x=${"~é".repeat(at % 5)}`,
  headers: {
    "user-agent": at % 2 === 0 ? "Go-http-client/2.0" : `git/2.${at}`,
    // Longer than a frame, now and then: nghttp2 goes on in CONTINUATION frames.
    ...(at % 10 === 9 && { "x-long": '"{}|~'.repeat(4000) }),
  },
}));

it("agrees with nghttp2, both its ends, on everything that was said", async () => {
  const { client, server: accepted, turns } = wire();
  const server = createServer({ settings: { headerTableSize: 512 }, maxHeaderListPairs: 200 });
  server.on("stream", (stream, headers) => {
    const path = String(headers[":path"]);
    const size = path.length * 900;
    stream.respond({
      ":status": path.includes("zip") ? 200 : 404,
      "content-type": "application/zip",
      via: `1.1 ${path}`,
    });
    stream.write("a".repeat(size));
    stream.end(path);
  });
  server.emit("connection", accepted);
  const session = connect("http://proxy.golang.org", { createConnection: () => client });
  const answered: [number, string][] = [];
  for (let at = 0; at < requests.length; at += 8) {
    const some = requests.slice(at, at + 8).map(({ path, headers }) => fetch(session, encodeURI(path), headers));
    answered.push(...(await Promise.all(some)));
  }
  session.destroy();
  accepted.destroy();

  const { layers, record } = play([...turns, ...ends], { content: new KeepingWatch() });
  const { exchanges } = layers[0] as Http2Facts;
  expect(record.problems).toEqual([]);
  expect(exchanges.map(({ requestTarget, userAgent, via }) => [requestTarget, userAgent, via])).toEqual(
    requests.map(({ path, headers }) => [encodeURI(path), headers["user-agent"], `1.1 ${encodeURI(path)}`]),
  );
  expect(exchanges.map(({ status }, at) => [status, contents(exchanges)[at]])).toEqual(answered);
});
