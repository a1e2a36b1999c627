import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { parseKeyLog } from "../../../src/protocol/tls/key-log.ts";
import { TlsSecrets } from "../../../src/protocol/tls/secrets.ts";
import { tlsFacts } from "../../build/connections.ts";

const random = (byte: number): string => Buffer.alloc(32, byte).toString("hex");
const log = (name: string, origin: "file" | "capture", lines: readonly string[]) =>
  parseKeyLog(name, Buffer.from(lines.join("\n")), origin);
const line = (label: string, byte: number, secret = 7): string =>
  `${label} ${random(byte)} ${Buffer.alloc(label === "CLIENT_RANDOM" ? 48 : 32, secret).toString("hex")}`;

describe("TlsSecrets", () => {
  it("puts together what several logs have of a connection; the first word counts", () => {
    const secrets = new TlsSecrets([
      log("a", "file", [line("CLIENT_TRAFFIC_SECRET_0", 1, 7)]),
      log("b", "file", [line("CLIENT_TRAFFIC_SECRET_0", 1, 8), line("SERVER_TRAFFIC_SECRET_0", 1, 9)]),
    ]);
    const found = secrets.find(Buffer.alloc(40, 1), 4)!;
    expect(found.sources).toEqual([0, 1]);
    expect([found.secrets.clientTraffic?.[0], found.secrets.serverTraffic?.[0]]).toEqual([7, 9]);
    expect(secrets.find(Buffer.alloc(32, 2), 0)).toBeUndefined();
  });

  it("counts what belongs to no connection, over all and by source", () => {
    const secrets = new TlsSecrets([
      log("a", "file", [line("CLIENT_RANDOM", 1), line("CLIENT_RANDOM", 2)]),
      log("b", "file", [line("CLIENT_RANDOM", 2), line("CLIENT_RANDOM", 3)]),
    ]);
    secrets.find(Buffer.alloc(32, 2), 0);
    expect([secrets.size, secrets.unused(), secrets.unused(0), secrets.unused(1)]).toEqual([3, 2, 1, 1]);
  });

  it("takes the blocks of one capture as one source", () => {
    const secrets = new TlsSecrets();
    secrets.add(log("x.pcapng", "capture", [line("CLIENT_RANDOM", 1)]), 0);
    secrets.add(log("x.pcapng", "capture", [line("CLIENT_RANDOM", 1), line("CLIENT_RANDOM", 2)]), 9);
    expect(secrets.sources).toEqual([{ name: "x.pcapng", origin: "capture", connections: 2, complaints: [] }]);
  });

  it("knows which connections secrets came too late for", () => {
    const facts = tlsFacts({ randomHigh: 0x01010101, randomLow: 0x01010101, helloFrame: 5 });
    const late = (afterFrame: number, some = {}): boolean => {
      const secrets = new TlsSecrets();
      secrets.add(log("x.pcapng", "capture", [line("CLIENT_RANDOM", 1)]), afterFrame);
      return secrets.cameLateFor({ ...facts, ...some });
    };
    expect([late(0), late(4), late(5), late(900)]).toEqual([false, false, true, true]);
    expect(late(900, { randomLow: 1 })).toBe(false);
    expect(late(900, { keys: { sources: [0], opened: [true, true] } })).toBe(false);
    expect(late(900, { keys: { sources: [0], opened: [true, false] }, decryptionStopped: true })).toBe(true);
  });

  it("lends a bounded number of buffers and holds a bounded number of bytes", () => {
    const secrets = new TlsSecrets();
    const lent = Array.from({ length: limits.openRecords }, () => secrets.takeBuffer());
    expect(lent.every((buffer) => buffer !== undefined)).toBe(true);
    expect(secrets.takeBuffer()).toBeUndefined();
    secrets.giveBuffer(lent[0]!);
    expect(secrets.takeBuffer()).toBe(lent[0]);
    expect(secrets.hold(limits.heldRecordsTotal)).toBe(true);
    expect(secrets.hold(1)).toBe(false);
    secrets.release(1);
    expect(secrets.hold(1)).toBe(true);
  });
});
