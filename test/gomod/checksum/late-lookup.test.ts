import { describe, expect, it } from "vitest";
import { analyze } from "../../../src/analyze.ts";
import type { ByteSource } from "../../../src/capture/source.ts";
import { limits } from "../../../src/limits.ts";
import { TrustAnchors } from "../../../src/pki/anchors.ts";
import { sumRecord } from "../../build/checksum-log.ts";
import { bytesInput } from "../../build/inputs.ts";
import { moduleZip } from "../../build/module-zip.ts";
import { TcpCapture } from "../../build/tcp-capture.ts";

const answer = (type: string, content: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n`),
    content,
  ]);
const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: proxy.example\r\n\r\n`;
const hash = (letter: string): string => `h1:${letter.repeat(43)}=`;

/** Two zips that together unpack to more than is unpacked at first, and a lookup of the second in the given place. */
function run(lookup: "before" | "after" | "never"): Uint8Array {
  const zip = moduleZip([{ name: "a", content: new Uint8Array((limits.zipContentAtFirst * 9) / 16) }]);
  const capture = new TcpCapture(80);
  const look = (): unknown =>
    capture
      .send(0, request("/sumdb/sum.golang.org/lookup/a.example/m@v1.1.0"))
      .send(1, answer("text/plain", Buffer.from(`7\n${sumRecord("a.example/m", "v1.1.0", hash("A"), hash("B"))}\n`)));
  if (lookup === "before") look();
  for (const version of ["v1.0.0", "v1.1.0"]) {
    capture.send(0, request(`/a.example/m/@v/${version}.zip`)).send(1, answer("application/zip", zip));
  }
  if (lookup === "after") look();
  return capture.close().bytes();
}

/** How often the capture was read, and the record of the second zip. */
async function judged(
  lookup: "before" | "after" | "never",
  reopenable: boolean,
): Promise<[number, object | undefined]> {
  const input = bytesInput(run(lookup));
  let reads = 0;
  const open = (): Promise<ByteSource> => {
    reads++;
    return input.open();
  };
  const anchors = TrustAnchors.fromPem([], "none");
  const { checksums } = await analyze([{ ...input, reopenable, open }], { anchors });
  return [reads, checksums?.records.find(({ version, kind }) => version === "v1.1.0" && kind === "zip")];
}

describe("zips that come before the lookup of their hash", () => {
  const hashed = { h1: expect.stringMatching(/^h1:/) as string };
  const unhashed = {
    result: "not-provable",
    because: expect.stringMatching(/nothing to compare it with by then/) as string,
  };
  it.each([
    ["before", true, 1, hashed],
    ["after", true, 2, hashed],
    ["after", false, 1, unhashed],
    ["never", true, 1, unhashed],
  ] as const)("lookup %s, file that can be read again: %s", async (lookup, reopenable, reads, record) => {
    const [times, found] = await judged(lookup, reopenable);
    expect(times).toBe(reads);
    expect(found).toMatchObject(record);
  });
});
