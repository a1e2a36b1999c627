import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyLog } from "../../../src/protocol/tls/key-log.ts";

const random = "ab".repeat(32);
const other = "cd".repeat(32);
const secret = "01".repeat(32);
const master = "02".repeat(48);

function parsed(text: string | Uint8Array): ReturnType<typeof parseKeyLog> {
  return parseKeyLog("keys", Buffer.from(text));
}

describe("parseKeyLog", () => {
  it("takes the secrets of connections by their random", () => {
    const { connections, complaints } = parsed(
      [
        "# a comment",
        `CLIENT_HANDSHAKE_TRAFFIC_SECRET ${random} ${secret}`,
        `SERVER_HANDSHAKE_TRAFFIC_SECRET ${random.toUpperCase()} ${"03".repeat(48)}`,
        `CLIENT_TRAFFIC_SECRET_0 ${random} ${secret}`,
        `SERVER_TRAFFIC_SECRET_0 ${random} ${secret}`,
        `CLIENT_EARLY_TRAFFIC_SECRET ${random} ${secret}`,
        `EXPORTER_SECRET ${random} ${secret}`,
        `SERVER_TRAFFIC_SECRET_1 ${random} ${secret}`,
        "",
        `CLIENT_RANDOM ${other}  ${master}`,
      ].join("\n"),
    );
    expect(complaints).toEqual([]);
    expect([...connections.keys()]).toEqual([random, other]);
    const first = connections.get(random)!;
    expect(Object.keys(first).sort()).toEqual(
      ["clientEarly", "clientHandshake", "clientTraffic", "serverHandshake", "serverTraffic"].sort(),
    );
    expect(first.serverHandshake).toEqual(Uint8Array.from(Buffer.from("03".repeat(48), "hex")));
    expect(connections.get(other)).toEqual({ master: Uint8Array.from(Buffer.from(master, "hex")) });
  });

  const line = `CLIENT_RANDOM ${random} ${master}`;
  it.each([
    ["CRLF", `${line}\r\n`, 1, 0],
    ["a byte order mark", `\ufeff${line}\n`, 1, 0],
    ["blanks around", `  ${line} \t\n`, 1, 0],
    ["no newline at the end", line, 1, 0],
    ["nothing", "", 0, 0],
    ["a cut secret", line.slice(0, -1), 0, 1],
    ["a secret of another length", line.slice(0, -2), 0, 1],
    ["a cut random", `CLIENT_RANDOM ${random.slice(2)} ${master}`, 0, 1],
    ["a label alone", "CLIENT_RANDOM", 0, 1],
    ["no hex", line.replace(/0/g, "g"), 0, 1],
    ["more words", `${line} x`, 0, 1],
    ["a private key", "-----BEGIN PRIVATE KEY-----", 0, 1],
    ["a line without an end", `CLIENT_RANDOM ${"a".repeat(100_000)}`, 0, 1],
    ["UTF-16", Buffer.from(line, "utf16le"), 0, 1],
    ["an encrypted premaster secret", `RSA ${"ab".repeat(8)} ${master}`, 0, 1],
    ["a master secret of TLS 1.3's length", `CLIENT_RANDOM ${random} ${secret}`, 0, 1],
  ])("meets %s", (_, text, connections, complaints) => {
    const log = parsed(text);
    expect([log.connections.size, log.complaints.length]).toEqual([connections, complaints]);
  });

  it("counts lines that are none, and tells where the first is", () => {
    const { complaints } = parsed(`${line}\nx\n${line}\ny z\n`);
    expect(complaints).toEqual([expect.stringContaining("2 lines, line 2 first, are")]);
  });

  it("never repeats a line in what it says", () => {
    const { complaints } = parsed(`CLIENT_RANDOM ${random} ${master}ff\nRSA 1 ${master}`);
    expect(complaints).toHaveLength(2);
    expect(complaints.join()).not.toMatch(/0202|abab/);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parsed(bytes).connections.size).toBe(0);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
