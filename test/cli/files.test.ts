import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { writeCertificates } from "../../src/cli/certificate-files.ts";
import { readChecksumTrust } from "../../src/cli/checksum-files.ts";
import { readConfiguration, withPath } from "../../src/cli/configuration-files.ts";
import { UsageError } from "../../src/cli/errors.ts";
import { nearest } from "../../src/bytes/nearest.ts";
import { readIntermediates, readTrustAnchors } from "../../src/cli/roots.ts";
import { findCaptures } from "../../src/cli/sources.ts";
import { parsePem } from "../../src/pki/pem.ts";
import { certificate, sampleAnalysis } from "../build/analysis.ts";
import { judgedFlow, tls } from "../build/flows.ts";

let folder = "";
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gomodcap-"));
  await mkdir(at("captures/b05"), { recursive: true });
  await mkdir(at("empty"));
  for (const name of ["run.pcap10", "run.pcap2", "x.pcapng.zst", "notes.txt", "b05/capture.pcap", "b05/go-env.json"]) {
    await writeFile(at(`captures/${name}`), name);
  }
});

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(folder, { recursive: true }));

async function named(...paths: string[]): Promise<string[]> {
  const { inputs, errors } = await findCaptures(paths, () => undefined);
  return [...inputs.map((input) => input.name), ...errors.map((error) => `${error.message}; ${error.hint ?? ""}`)].map(
    (text) => text.replaceAll(`${folder}/`, ""),
  );
}

describe("findCaptures", () => {
  it("takes files as they are, standard input, and the captures of a folder and the folders in it", async () => {
    expect(await named(at("captures/notes.txt"), "-")).toEqual(["captures/notes.txt", "-"]);
    expect(await named(at("captures"))).toEqual([
      "captures/b05/capture.pcap",
      "captures/run.pcap2",
      "captures/run.pcap10",
      "captures/x.pcapng.zst",
    ]);
  });

  it("says what is missing and what was meant, and goes on with the rest", async () => {
    expect(await named(at("captures/run.pcpa2"), at("captures/run.pcap2"))).toEqual([
      "captures/run.pcap2",
      "captures/run.pcpa2: no such file or directory; did you mean captures/run.pcap2?",
    ]);
    expect(await named(at("captures/b50/capture.pcap"))).toEqual([
      "captures/b50/capture.pcap: no such file or directory; did you mean captures/b05/capture.pcap?",
    ]);
    expect(await named(at("empty"))).toEqual([
      "empty: no captures in this folder; captures end in .pcap, .pcapng, .cap, .gz, .zst or .lz4",
    ]);
  });

  it("reads the rest of a folder where a link leads nowhere, and leaves out what is no file", async () => {
    await mkdir(at("mixed/folder.pcap"), { recursive: true });
    await writeFile(at("mixed/run.pcap"), "");
    await symlink("gone", at("mixed/dead.pcap"));
    await symlink(".", at("mixed/again"));
    await symlink("/dev/zero", at("mixed/device.pcap"));
    expect(await named(at("mixed"))).toEqual([
      "mixed/run.pcap",
      "mixed/dead.pcap: no such file or directory; it is a link to what is not there",
    ]);
  });

  it("says of a name that is not UTF-8 what to do about it", async () => {
    await mkdir(at("latin"));
    const written = await writeFile(Buffer.from(at("latin/caf\xe9.pcap"), "latin1"), "").catch(() => "refused");
    if (written === "refused") return; // A file system of UTF-8 alone has no such names.
    expect(await named(at("latin"))).toEqual([
      "latin/caf\ufffd.pcap: no such file or directory; " +
        "names that are not UTF-8 cannot be opened: rename it, or pipe it in (gomodcap - < FILE)",
    ]);
  });

  it("reads a file in the pieces that fit, again when asked again", async () => {
    let read = 0;
    const { inputs } = await findCaptures([at("captures/run.pcap2")], (bytes) => (read += bytes));
    expect(inputs[0]).toMatchObject({ reopenable: true, size: 9 });
    for (let times = 0; times < 2; times++) {
      const source = await inputs[0].open();
      const target = new Uint8Array(5);
      const texts = [];
      for (let length = await source.read(target); length > 0; length = await source.read(target)) {
        texts.push(Buffer.from(target.subarray(0, length)).toString());
      }
      await source.close();
      expect(texts).toEqual(["run.p", "cap2"]);
    }
    expect(read).toBe(18);
  });

  it("ends a capture whose medium fails, and remembers why", async () => {
    const { inputs } = await findCaptures([at("captures/run.pcap2")], () => undefined);
    const source = await inputs[0].open();
    await source.close();
    expect(await source.read(new Uint8Array(5))).toBe(0);
    expect(inputs[0].failure).toMatch(/\S/);
  });
});

describe("nearest", () => {
  it.each([
    ["sumbd", "sumdb"],
    ["proxyed", "proxied"],
    ["sum.golang.orf", "sum.golang.org"],
    ["SUMDB", "sumdb"],
    ["zzzzzzz", undefined],
    ["", undefined],
  ])("%j", (text, meant) => {
    expect(nearest(text, ["proxied", "sumdb", "direct", "sum.golang.org"])).toBe(meant);
  });
});

describe("readChecksumTrust", () => {
  const key = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";

  it("takes keys as they stand or from files, and go.sum files", async () => {
    await writeFile(at("keys.txt"), `\n${key}\n${key}\n`);
    await writeFile(at("go.sum"), "a.example/b v1.0.0 h1:x=\nbroken\n");
    const trust = readChecksumTrust([key, at("keys.txt")], [at("go.sum")]);
    expect(trust?.keys.map(({ id }) => id)).toEqual(Array(3).fill("sum.golang.org+033de0ae"));
    expect(trust?.sums.get("a.example/b v1.0.0")).toEqual([{ source: "go.sum", line: 1, h1: "h1:x=" }]);
    expect(readChecksumTrust([], [])).toBeUndefined();
  });

  it("refuses a key that is none, a file without one, and no file", () => {
    expect(() => readChecksumTrust([key.replace("golang", "goland")], [])).toThrow("has a hash that is not its key's");
    expect(() => readChecksumTrust([at("go.sum")], [])).toThrow("a line is not a verifier key");
    expect(() => readChecksumTrust(["sum.golang.org"], [])).toThrow("--sumdb-key sum.golang.org: no such file");
    expect(() => readChecksumTrust([], [at("nowhere")])).toThrow("no such file");
  });
});

describe("readConfiguration", () => {
  it("reads files and folders as captures/ has them", async () => {
    await writeFile(at("captures/b05/go-env.json"), '{"GOPROXY":"https://proxy.golang.org,direct"}');
    await writeFile(at("captures/b05/env.json"), '{"HTTPS_PROXY":"http://proxy.corp.example:3128"}');
    const configuration = await readConfiguration({ env: [at("captures/b05")] });
    expect(configuration?.variables.get("GOPROXY")?.source).toBe("go-env.json");
    expect(configuration?.httpsProxy?.port).toBe(3128);
    expect(await readConfiguration({ env: [] })).toBeUndefined();
  });

  it("takes the kind of a file from the option, or from what stands in front of its path", async () => {
    await writeFile(at("odd.env"), "GOPROXY='direct'\n");
    await writeFile(at("odd.git"), "http.proxy=http://p:2\n");
    const forms = [
      { env: [`environ=${at("odd.env")}`, `git-config=${at("odd.git")}`, "go=go1.21.13"] },
      {
        env: [],
        environ: [at("odd.env")],
        gitConfig: [at("odd.git")],
        go: { text: "go1.21.13", minor: 21 },
      },
    ];
    const [short, long] = await Promise.all(forms.map(readConfiguration));
    expect(short).toEqual(long);
    expect(short?.variables.get("GOPROXY")?.value).toBe("'direct'");
    expect(short?.variables.get("http.proxy")?.value).toBe("http://p:2");
    expect(short?.goVersion?.minor).toBe(21);
  });

  it("has what is said of one side count before what is said of both", async () => {
    await writeFile(at("both.env"), "GOPROXY=off\nGOSUMDB=off\n");
    const configuration = await readConfiguration({ env: [`environ=${at("odd.env")}`], environ: [at("both.env")] });
    expect(configuration?.variables.get("GOPROXY")?.value).toBe("'direct'");
  });

  it.each([
    ["goenv=nowhere", "--env nowhere: no such file or directory"],
    ["go=latest", "latest is no version of Go"],
  ])("refuses %s", async (text, message) => {
    await expect(readConfiguration({ env: [text, at("odd.env")] })).rejects.toThrow(message);
  });

  it("changes the path of an argument, whatever stands in front", () => {
    const change = (path: string): string => `b/${path}`;
    expect(["f", "goenv=f", "go=1.21", "x=f"].map((text) => withPath(text, change))).toEqual([
      "b/f",
      "goenv=b/f",
      "go=1.21",
      "b/x=f",
    ]);
  });

  it("says that a capture is no text of settings", async () => {
    await writeFile(at("run.pcapng"), Buffer.from("0a0d0d0a1c000000", "hex"));
    await expect(readConfiguration({ env: [at("run.pcapng")] })).rejects.toThrow(
      "run.pcapng: this is a packet capture, no text of settings",
    );
  });

  it("warns of no output in a folder that says nothing of modules", async () => {
    await mkdir(at("silent"));
    await writeFile(at("silent/go-env.json"), '{"GOPROXY":"off"}');
    for (const said of ["", "npm warn\n", "go: no module dependencies to download\n"]) {
      await writeFile(at("silent/stderr.txt"), said);
      expect((await readConfiguration({ env: [at("silent")] }))?.errors).toEqual([]);
    }
    await writeFile(at("silent/stderr.txt"), "");
    expect((await readConfiguration({ env: [at("silent/stderr.txt")] }))?.errors).toHaveLength(1);
  });

  it.each([
    ["nothing", "no such file or directory"],
    ["empty", "no configuration in this folder"],
  ])("refuses %s", async (name, message) => {
    await expect(readConfiguration({ env: [at(name)] })).rejects.toThrow(message);
  });
});

describe("readTrustAnchors", () => {
  it("takes Mozilla's by default, and says of which node", () => {
    const { source, count } = readTrustAnchors(undefined).report();
    expect(source).toBe(`mozilla (Node ${process.versions.node})`);
    expect(count).toBeGreaterThan(100);
  });

  it("takes a file, a folder without its links by hash, and the system's as Go does", async () => {
    const { rootCertificates } = await import("node:tls");
    await mkdir(at("roots"));
    await writeFile(at("roots/a.pem"), rootCertificates[0]);
    await writeFile(at("roots/b.pem"), rootCertificates[1]);
    await symlink("a.pem", at("roots/0a1b2c3d.0"));
    await writeFile(at("roots/README"), "nothing");
    expect(readTrustAnchors(at("roots/a.pem")).report()).toMatchObject({ count: 1, source: at("roots/a.pem") });
    expect(readTrustAnchors(at("roots")).report().count).toBe(2);
    vi.stubEnv("SSL_CERT_FILE", at("roots/a.pem"));
    vi.stubEnv("SSL_CERT_DIR", `${at("empty")}:${at("nowhere")}`);
    expect(readTrustAnchors("system").report()).toMatchObject({ count: 1, source: "system" });
  });

  it.each([
    ["nothing", "no such file or directory"],
    ["captures/notes.txt", "no certificates there"],
  ])("refuses %s", (name, message) => {
    expect(() => readTrustAnchors(at(name))).toThrow(UsageError);
    expect(() => readTrustAnchors(at(name))).toThrow(message);
  });
});

describe("readIntermediates", () => {
  it("takes PEM, and the DER of one certificate as authorities serve it", async () => {
    const { rootCertificates } = await import("node:tls");
    const der = Buffer.from(rootCertificates[0].replace(/-----.*-----|\n/g, ""), "base64");
    await writeFile(at("one.pem"), rootCertificates[0]);
    await writeFile(at("one.crt"), der);
    const [pem, other] = readIntermediates([at("one.pem"), at("one.crt")]);
    expect(parsePem(other.text)).toEqual(parsePem(pem.text));
    await writeFile(at("cut.crt"), der.subarray(0, 100));
    expect(() => readIntermediates([at("cut.crt")])).toThrow(UsageError);
    expect(() => readIntermediates([at("nowhere")])).toThrow("no such file");
  });
});

describe("writeCertificates", () => {
  it("names files by flow and host, safely, and writes the chain as it was sent", async () => {
    const hostile = certificate({ dnsNames: ["../../*.evil/\u0000x"] });
    const layers = [
      tls({ certificates: [{ ...hostile, frame: 1 }] }),
      tls({ certificates: [{ ...certificate(), frame: 2 }] }),
    ];
    const analysis = sampleAnalysis({ of: [judgedFlow({ id: 3, tls: layers })] });
    expect(await writeCertificates(analysis, at("out/pem"))).toBe(4);
    expect((await readdir(at("out/pem"))).sort()).toEqual([
      "flow3-1-sum.golang.org.pem",
      "flow3-chain.pem",
      "flow3-proxy-1-evil_x.pem",
      "flow3-proxy-chain.pem",
    ]);
    expect(await readFile(at("out/pem/flow3-chain.pem"), "utf8")).toBe(
      "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n",
    );
  });

  it("refuses a folder that cannot be made", async () => {
    await expect(writeCertificates(sampleAnalysis(), at("captures/notes.txt/x"))).rejects.toThrow(UsageError);
  });
});
