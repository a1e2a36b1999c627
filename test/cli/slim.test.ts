import {
  linkSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseSlimArguments } from "../../src/cli/slim-arguments.ts";
import { capturesFolder } from "../captures/truth.ts";
import { gomodcap } from "./run.ts";

/** The built program, as a user runs it. `npm test` builds it first. */
let folder: string;
const bytes = readFileSync(join(capturesFolder, "b08-connect-basic", "capture.pcap"));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-slim-"));
  writeFileSync(join(folder, "in.pcap"), bytes);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const slim = (...words: string[]): ReturnType<typeof gomodcap> => gomodcap(["slim", ...words], { folder });

describe("gomodcap slim", () => {
  it("writes a capture without credentials, says so, and leaves nothing else behind", async () => {
    const { code, stdout, stderr } = await slim("in.pcap", "-o", "out.pcapng");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^gomodcap: note: 42.1 kB became .* 128 of 128 frames, 4 credentials overwritten\n$/);
    expect(readdirSync(folder).sort()).toEqual(["in.pcap", "out.pcapng"]);
    expect(readFileSync(join(folder, "in.pcap")).equals(bytes)).toBe(true);
    expect(readFileSync(join(folder, "out.pcapng")).toString("latin1")).toContain("Proxy-Authorization: Basic xxxx");
  });

  it("writes over an earlier result, and into a pipe", async () => {
    await slim("in.pcap", "-o", "out.pcapng");
    const before = readFileSync(join(folder, "out.pcapng"));
    expect((await slim("in.pcap", "--output", "out.pcapng", "--keep-addresses")).code).toBe(0);
    expect(readFileSync(join(folder, "out.pcapng")).equals(before)).toBe(false);
    const { code, stdout } = await slim("in.pcap", "-o", "-");
    expect([code, stdout.includes("slimmed by gomodcap")]).toEqual([0, true]);
  });

  it("never writes over the capture, by whatever name", async () => {
    linkSync(join(folder, "in.pcap"), join(folder, "hard.pcap"));
    symlinkSync("in.pcap", join(folder, "soft.pcap"));
    for (const name of ["in.pcap", "./in.pcap", "hard.pcap", "soft.pcap"]) {
      const { code, stderr } = await slim("in.pcap", "-o", name);
      expect([code, stderr]).toEqual([2, expect.stringContaining("would write over in.pcap, which is read")]);
    }
    expect(statSync(join(folder, "in.pcap")).size).toBe(bytes.length);
  });

  it.each([
    [["in.pcap"], 2, "slim needs a file to write to"],
    [["-o", "x"], 2, "slim takes one capture, not none"],
    [["in.pcap", "in.pcap", "-o", "x"], 2, "slim takes one capture, not 2"],
    [["-", "-o", "x"], 2, "save it to a file first"],
    [["in.pcap", "-o", "x", "--keylog", "k"], 2, "--keylog without --keep-keys"],
    [["in.pcap", "-o", "x", "--keep-keys", "--keylog", "k"], 3, "no such file"],
    [[".", "-o", "x"], 3, "it is a folder"],
    [["/dev/null", "-o", "x"], 3, "it can be read only once"],
    [["none.pcap", "-o", "x"], 3, "no such file"],
    [["in.pcap", "-o", "."], 3, "it is no file"],
    [["in.pcap", "-o", ""], 3, "no such file"],
    [["in.pcap", "-o", "none/x"], 2, "-o none/x: no such file"],
    [[new URL("../../README.md", import.meta.url).pathname, "-o", "x"], 3, "no frame of it can be read"],
    [["in.pcap", "--frob"], 2, "unknown option"],
  ] as const)("refuses %j", async (words, expected, message) => {
    const { code, stderr } = await slim(...words);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(readdirSync(folder)).toEqual(["in.pcap"]);
  });

  it("writes what could be read of a damaged capture, and says that it is", async () => {
    writeFileSync(join(folder, "cut.pcap"), bytes.subarray(0, 20_000));
    const { code, stderr } = await slim("cut.pcap", "-o", "out.pcapng");
    expect([code, stderr]).toEqual([3, expect.stringContaining("could not be read whole")]);
    expect(readdirSync(folder)).toContain("out.pcapng");
  });
});

it("has help of its own", () => {
  expect(parseSlimArguments(["--help"])).toContain("gomodcap slim [options] <capture> -o <file>");
});
