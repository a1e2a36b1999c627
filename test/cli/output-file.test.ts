import { chmod, link, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/errors.ts";
import { PartFile, replaceFile, writeOutput } from "../../src/cli/output-file.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gomodcap-output-"));
  await writeFile(at("other"), "other");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function* failing(): Iterable<string> {
  yield "half";
  throw new Error("no more");
}

describe("a file that is written", () => {
  it("appears when it is whole, and leaves what was there before where it never is", async () => {
    await writeFile(at("a"), "before");
    await expect(replaceFile(at("a"), failing())).rejects.toThrow("no more");
    expect(await readFile(at("a"), "utf8")).toBe("before");
    await replaceFile(at("a"), ["aft", "er"]);
    expect(await readFile(at("a"), "utf8")).toBe("after");
    expect(await readdir(folder)).toEqual(["a", "other"]);
  });

  it("goes through no link, and into no folder, that stands at its name", async () => {
    await symlink("other", at("link"));
    await mkdir(at("folder"));
    await replaceFile(at("link"), ["text"]);
    await expect(replaceFile(at("folder"), ["text"])).rejects.toThrow("EISDIR");
    expect((await lstat(at("link"))).isFile()).toBe(true);
    expect(await readFile(at("other"), "utf8")).toBe("other");
    expect(await readdir(folder)).toEqual(["folder", "link", "other"]);
  });

  it("stays as private as it was", async () => {
    await chmod(at("other"), 0o600);
    await replaceFile(at("other"), ["text"]);
    expect((await stat(at("other"))).mode & 0o777).toBe(0o600);
  });

  it("leaves the signals to others when it is done", async () => {
    const before = process.listenerCount("SIGINT");
    const parts = [await PartFile.open(at("a")), await PartFile.open(at("b"))];
    expect(process.listenerCount("SIGINT")).toBe(before + 2);
    await parts[0].finish();
    await parts[1].abandon();
    expect(process.listenerCount("SIGINT")).toBe(before);
    expect(await readdir(folder)).toEqual(["a", "other"]);
  });
});

describe("a file that the user names", () => {
  it("is written where a link leads, and straight to a device", async () => {
    await symlink("other", at("link"));
    await writeOutput("-o link", at("link"), ["text"], []);
    await writeOutput("-o /dev/null", "/dev/null", ["text"], []);
    expect((await lstat(at("link"))).isSymbolicLink()).toBe(true);
    expect(await readFile(at("other"), "utf8")).toBe("text");
  });

  it("is none that is read, by whatever name", async () => {
    await link(at("other"), at("hard"));
    await symlink("other", at("soft"));
    for (const name of ["other", "hard", "soft"]) {
      await expect(writeOutput("-o x", at(name), ["text"], [at("none"), at("other")])).rejects.toEqual(
        new UsageError(`-o x would write over ${at("other")}, which is read`, "name another file"),
      );
    }
    expect(await readFile(at("other"), "utf8")).toBe("other");
  });

  it("is told of where it cannot be written", async () => {
    const written = writeOutput("-o x", at("none/x"), ["text"], []);
    await expect(written).rejects.toEqual(new UsageError("-o x: no such file or directory"));
  });
});
