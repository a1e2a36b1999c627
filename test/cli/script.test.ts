import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capturesFolder } from "../captures/truth.ts";
import { bash, gomodcap } from "./run.ts";

/** The built program, as a user runs it. `npm test` builds it first. */
let folder: string;
const chain = join(capturesFolder, "b05-connect-badchain");
const capture = join(chain, "capture.pcap");
const roots = join(chain, "roots.pem");
const bytes = readFileSync(capture);
const asJson = (text: string): { flows: { id: number; label: string }[]; capture: { frames: number } } =>
  JSON.parse(text) as { flows: { id: number; label: string }[]; capture: { frames: number } };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gomodcap-test-"));
  const file = (name: string, content: Uint8Array | string): void => writeFileSync(join(folder, name), content);
  file("cut.pcap", bytes.subarray(0, 12_000));
  file("empty.pcap", "");
  file("text.pcap", "hello\n");
  file("whole.pcap.gz", gzipSync(bytes));
  const half = recordBoundary(bytes, 12_000);
  file("part0.pcap", bytes.subarray(0, half));
  file("part1.pcap", Buffer.concat([bytes.subarray(0, 24), bytes.subarray(half)]));
  mkdirSync(join(folder, "none"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Offset of the first record that begins at or behind `from` in a little-endian pcap file. */
function recordBoundary(pcap: Buffer, from: number): number {
  let at = 24;
  while (at < from) at += 16 + pcap.readUInt32LE(at + 8);
  return at;
}

describe("the answer", () => {
  it("names the missing intermediate on the first line, and who sent what below", async () => {
    const { code, stdout, stderr } = await gomodcap([capture, "--env", chain, "--roots", roots]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [first] = stdout.split("\n\n");
    expect(first).toContain("4 Go flows: 3 proxied, 1 sumdb");
    expect(first.replaceAll("\n", " ")).toContain("sum.golang.org does not send its intermediate certificate");
    expect(stdout).toContain("[missing-intermediate]");
    expect(stdout).toContain("http://ca.lab.example/issuing-r1.crt");
    expect(stdout).toMatch(/3 {2}sum\.golang\.org +CONNECT .*sumdb/);
  });

  it("fits 80 columns, and any other width", async () => {
    for (const width of [20, 40, 80, 200]) {
      const { stdout } = await gomodcap([capture, "--width", String(width), "-v"]);
      for (const line of stdout.split("\n")) {
        // A long word stays whole, so that it can be copied.
        const longestWord = Math.max(
          ...line
            .trim()
            .split(" ")
            .map((word) => word.length),
        );
        expect(line.length, `at ${width}: ${line}`).toBeLessThanOrEqual(Math.max(width, longestWord + 11));
      }
    }
  });

  it("has no colours in a pipe, and has them when asked", async () => {
    const plain = await gomodcap([capture]);
    const coloured = await gomodcap([capture, "--color", "always"]);
    expect(plain.stdout).not.toContain("\u001b");
    expect(coloured.stdout).toContain("\u001b[");
  });

  it("narrows to a label, a host or a flow", async () => {
    const flows = async (...line: string[]): Promise<string[]> => {
      const { stdout } = await gomodcap([capture, "--json", ...line]);
      return asJson(stdout).flows.map(({ id, label }) => `${id} ${label}`);
    };
    expect(await flows("--only", "sumdb")).toEqual(["3 sumdb"]);
    expect(await flows("--only", "proxy.golang.org")).toEqual(["0 proxied", "1 proxied", "2 proxied"]);
    expect(await flows("--flow", "1")).toEqual(["1 proxied"]);
    const { stdout } = await gomodcap([capture, "--flow", "3"]);
    expect(stdout).toContain("Flow 3: sum.golang.org:443, sumdb");
  });

  it("writes the certificates as PEM that openssl reads", async () => {
    const { code } = await gomodcap([capture, "--certs", join(folder, "certs")]);
    expect(code).toBe(0);
    const pems = readdirSync(join(folder, "certs")).filter((name) => name.startsWith("flow3-"));
    expect(pems.length).toBeGreaterThan(0);
    const subject = execFileSync("openssl", ["x509", "-noout", "-subject", "-in", join(folder, "certs", pems[0])]);
    expect(subject.toString()).toContain("sum.golang.org");
  });
});

describe("one capture, however it comes", () => {
  it("is the same from a file, gzip, standard input and in pieces", async () => {
    const whole = asJson((await gomodcap([capture, "--json"])).stdout).flows;
    const zipped = await gomodcap([join(folder, "whole.pcap.gz"), "--json"]);
    const piped = await gomodcap(["-", "--json"], { input: bytes });
    const pieces = ["part0.pcap", "part1.pcap"].map((name) => join(folder, name));
    const joined = await gomodcap(["--concat", ...pieces, "--json"]);
    for (const { code, stdout } of [zipped, piped, joined]) {
      expect(code).toBe(0);
      expect(asJson(stdout).flows).toEqual(whole);
    }
  });

  it("is an array of two from two files, and one report each in text", async () => {
    const other = join(capturesFolder, "b07-connect-407", "capture.pcap");
    const { stdout } = await gomodcap([capture, other, "--json"]);
    expect((JSON.parse(stdout) as unknown[]).length).toBe(2);
    const text = (await gomodcap([capture, other])).stdout;
    expect(text).toContain("4 Go flows");
    expect(text).toContain("3 Go flows");
  });

  it("can be a folder", async () => {
    const { code, stdout } = await gomodcap([chain, "--json"]);
    expect(code).toBe(0);
    expect(asJson(stdout).flows.length).toBe(4);
  });
});

describe("damage", () => {
  it("reports what came before a cut, says where it is, and exits 3", async () => {
    const { code, stdout } = await gomodcap([join(folder, "cut.pcap")]);
    expect(code).toBe(3);
    expect(stdout).toContain("3 Go flows");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("the file ends at byte 12000");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("frame 54 is the last");
  });

  it.each([
    ["an empty file", "empty.pcap", "the file is empty"],
    ["a text file", "text.pcap", "not a capture"],
  ])("names %s for what it is, and exits 3", async (_, name, said) => {
    const { code, stdout } = await gomodcap([join(folder, name)]);
    expect(code).toBe(3);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(said);
  });

  it("still reports the good capture beside one that is not there", async () => {
    const { code, stdout, stderr } = await gomodcap([capture, join(folder, "nosuch.pcap")]);
    expect(code).toBe(3);
    expect(stdout).toContain("4 Go flows");
    expect(stderr).toContain("no such file");
  });
});

describe("mistakes", () => {
  it.each<[name: string, line: string[], code: number, said: RegExp]>([
    ["no arguments", [], 2, /Usage: gomodcap/],
    ["an unknown flag", [capture, "--jsn"], 2, /did you mean --json/],
    ["a flow that is not there", [capture, "--flow", "99"], 2, /no flow 99/],
    ["--host without --flow", [capture, "--host", "a.example"], 2, /--flow/],
    ["a format that is none", [capture, "--format", "yml"], 2, /json/],
    ["a time that is none", [capture, "--at", "yesterday"], 2, /2026-12-01/],
    ["roots that are not there", [capture, "--roots", "/nosuch"], 2, /no such file[^]*give a PEM file/],
    ["roots without a certificate", [capture, "--roots", capture], 2, /no certificates there[^]*give a PEM file/],
    ["intermediates without a certificate", [capture, "--intermediates", capture], 2, /no certificates there[^]*DER/],
    [
      "a capture for a key log",
      [capture, "--keylog", capture],
      2,
      /this is a packet capture, no key log[^]*name it as/,
    ],
    ["certificates for a key log", [capture, "--keylog", roots], 2, /a PEM file of certificates[^]*CLIENT_RANDOM/],
    ["a capture for a go.sum", [capture, "--gosum", capture], 2, /this is a packet capture, no go.sum[^]*h1:HASH/],
    [
      "a mistyped command",
      ["stroy", capture],
      2,
      /stroy is neither a file nor a command[^]*did you mean gomodcap story/,
    ],
  ])("%s: says what to do", async (_, line, code, said) => {
    const ended = await gomodcap(line);
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toMatch(said);
  });

  it.each<[name: string, line: string[], said: RegExp]>([
    [
      "an empty key log",
      ["--keylog", "empty.pcap"],
      /--keylog empty.pcap: this is an empty file without TLS secrets; /,
    ],
    ["an empty go.sum", ["--gosum", "empty.pcap"], /--gosum empty.pcap: no hash in it; [^]*no download can be read/],
  ])("%s is warned of", async (_, line, said) => {
    const { code, stdout, stderr } = await gomodcap([capture, ...line], { folder });
    expect([code, stdout.includes("4 Go flows")]).toEqual([0, true]);
    expect(stderr).toMatch(said);
  });

  it("a folder without captures is named", async () => {
    const { code, stderr } = await gomodcap([join(folder, "none")]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("no captures in this folder");
  });
});

describe("what a shell expects", () => {
  it("--help has examples and exits 0", async () => {
    const { code, stdout } = await gomodcap(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain("gomodcap capture.pcapng --flow 3");
  });

  it("help is that of the command named", async () => {
    for (const words of [[], ["story"], ["compare"], ["check"], ["env"], ["slim"], ["snapshot"]]) {
      const { code, stdout } = await gomodcap(["help", ...words]);
      expect([code, stdout]).toEqual([0, (await gomodcap([...words, "--help"])).stdout]);
    }
  });

  it("help on what is no command says which is meant", async () => {
    const { code, stderr } = await gomodcap(["help", "compere"]);
    expect(code).toBe(2);
    expect(stderr).toContain("compere is no command");
    expect(stderr).toContain("did you mean gomodcap help compare?");
  });

  it("--version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect((await gomodcap(["--version"])).stdout.trim()).toBe(version);
  });

  it("completion scripts parse", async () => {
    const { stdout } = await gomodcap(["completion", "bash"]);
    writeFileSync(join(folder, "completion.bash"), stdout);
    expect(() => bash(["-n", join(folder, "completion.bash")])).not.toThrow();
    expect(stdout).toContain("--roots");
  });

  it("a reader that goes away early is no error", () => {
    const program = new URL("../../bin/gomodcap.js", import.meta.url).pathname;
    const script = `"$0" "$1" "$2" --json | head -n 1; exit "\${PIPESTATUS[0]}"`;
    expect(bash(["-c", script, process.execPath, program, capture]).trim()).toBe("{");
  });

  it("needs no code that was kept at build time, and runs none that is not its own", async () => {
    const root = join(folder, "unpacked");
    const name = `main-${process.version}-${process.arch}.code`;
    for (const path of ["bin/gomodcap.js", "bin/package.json", "dist/cli/main.cjs", `dist/cli/${name}`]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      copyFileSync(new URL(`../../${path}`, import.meta.url), join(root, path));
    }
    const run = (): string => execFileSync(process.execPath, [join(root, "bin/gomodcap.js"), capture]).toString();
    const { stdout } = await gomodcap([capture]);
    expect(run()).toBe(stdout);
    writeFileSync(join(root, "dist/cli", name), "of another Node");
    expect(run()).toBe(stdout);
    rmSync(join(root, "dist/cli", name));
    expect(run()).toBe(stdout);
  });

  it("no environment variable changes the answer", async () => {
    const plain = await gomodcap([capture, "--json"]);
    const environment = { GOPROXY: "off", HTTPS_PROXY: "http://x", SSL_CERT_FILE: "/nosuch", GOSUMDB: "off" };
    expect((await gomodcap([capture, "--json"], { environment })).stdout).toBe(plain.stdout);
  });
});

describe("secrets", () => {
  it("credentials of the capture and of its configuration are in no report", async () => {
    const basic = join(capturesFolder, "b08-connect-basic");
    const sent = Buffer.from("builder:s3cr3t-lab").toString("base64");
    for (const format of ["text", "json", "ndjson", "csv", "markdown"]) {
      for (const more of [[], ["--flow", "0"], ["-v", "--all"]]) {
        const line = [join(basic, "capture.pcap"), "--env", basic, "--format", format, ...more];
        const { code, stdout, stderr } = await gomodcap(line);
        expect(code).toBe(0);
        expect(stdout + stderr).not.toMatch(new RegExp(`s3cr3t|${sent}`));
      }
    }
  });

  it("key logs decrypt, and their secrets are in no report", async () => {
    const run = join(capturesFolder, "b17-tls-proxy");
    const keys = join(run, "tls.keys");
    const secrets = readFileSync(keys, "latin1").match(/[0-9a-f]{64,}$/gm)!;
    const environment = { SSLKEYLOGFILE: keys };
    for (const format of ["text", "json", "csv", "markdown"]) {
      const line = [join(run, "capture.pcap"), "--keylog", keys, "--format", format, "-v"];
      const { code, stdout, stderr } = await gomodcap(line);
      expect(code).toBe(0);
      expect(secrets.some((secret) => (stdout + stderr).includes(secret))).toBe(false);
      expect((await gomodcap([...line, "--keylog", "env"], { environment })).code).toBe(0);
      if (format === "json") expect(stdout).toContain('"decrypted": "both"');
    }
  });

  it("SSLKEYLOGFILE is told of, and read only when it is asked for", async () => {
    const environment = { SSLKEYLOGFILE: "/nosuch" };
    const { code, stdout, stderr } = await gomodcap([capture], { environment });
    expect([code, stderr]).toEqual([0, "gomodcap: note: SSLKEYLOGFILE is set; --keylog env decrypts with it\n"]);
    expect(stdout).toBe((await gomodcap([capture])).stdout);
  });

  it.each([
    [["--keylog", "nosuch.keys"], {}, 3, "--keylog nosuch.keys: no such file or directory"],
    [["--keylog", "env"], {}, 2, "--keylog env: SSLKEYLOGFILE is not set"],
    [["--keylog", "env"], { SSLKEYLOGFILE: "/nosuch" }, 3, "--keylog /nosuch: no such file or directory"],
    [["--keylog", "."], {}, 3, "--keylog .: "],
  ])("%j is refused", async (line, environment, expected, message) => {
    const { code, stdout, stderr } = await gomodcap([capture, ...line], { environment });
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(`gomodcap: error: ${message}`);
  });

  it("a key log inside a capture is announced and never shown", async () => {
    const { stdout } = await gomodcap([join(capturesFolder, "d09-formats", "dsb.pcapng"), "-v"]);
    expect(stdout).toContain("secrets");
    expect(stdout).not.toMatch(/CLIENT_(?:RANDOM|HANDSHAKE)/);
  });
});
