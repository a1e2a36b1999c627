import { execFileSync, spawnSync } from "node:child_process";

/** The first line that a tool prints of its version; empty, and said, where it is not there. */
export function versionOf(tool: string, ...words: readonly string[]): string {
  const { stdout, error } = spawnSync(tool, words, { encoding: "utf8" });
  if (error === undefined && stdout !== "") return stdout.split("\n", 1)[0];
  process.stderr.write(`skipped: ${tool} is not here to be compared with\n`);
  return "";
}

/** The judge, built; empty, and said, where it cannot be: its two modules come from a module proxy. */
export function buildJudge(target: string): string {
  const folder = new URL("judge/", import.meta.url).pathname;
  try {
    execFileSync("go", ["build", "-mod=readonly", "-o", target, "."], {
      cwd: folder,
      env: { ...process.env, GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOWORK: "off" },
      stdio: "pipe",
    });
    return target;
  } catch (error) {
    process.stderr.write(`skipped: the judge cannot be built here: ${String((error as { stderr?: Buffer }).stderr)}\n`);
    return "";
  }
}
