/**
 * Packs the package, installs it into an empty folder and runs it there: on a capture from a pipe, as a library, and as
 * matchers in a project with vitest.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

process.chdir(new URL("..", import.meta.url).pathname);
const folder = mkdtempSync(join(tmpdir(), "gomodcap-package-"));
try {
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}');
  execFileSync("npm", ["install", "--silent", "--no-save", `./${tarball}`], { cwd: folder, stdio: "inherit" });
  const capture = readFileSync("captures/a01-default/capture.pcap");
  const json = execFileSync("npx", ["--no-install", "gomodcap", "-", "--json"], { cwd: folder, input: capture });
  const { flows } = JSON.parse(json.toString());
  if (flows.length === 0) throw new Error("the installed package saw no flows");
  const program = 'import { analyze } from "gomodcap"; if (typeof analyze !== "function") process.exit(1);';
  writeFileSync(join(folder, "use.js"), program);
  execFileSync(process.execPath, ["use.js"], { cwd: folder });
  tryMatchers();
  console.log(`installed ${tarball}: ${flows.length} flows from standard input`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs a test file with the matchers, twice: the second time against the snapshots of the first; then asks the types. */
function tryMatchers() {
  for (const name of ["vitest", "@types"])
    symlinkSync(resolve("node_modules", name), join(folder, "node_modules", name));
  cpSync("captures/c06-sum-leaf-only-tls13", join(folder, "captures/leaf-only"), { recursive: true });
  cpSync("captures/b01-connect-all", join(folder, "captures/connect"), { recursive: true });
  cpSync("scripts/matchers.example.ts", join(folder, "captures.test.ts"));
  writeFileSync(join(folder, "policy.yaml"), "rules:\n  - no-direct-route: true\n  - no-flow-to: telemetry.example\n");
  const vitest = (...words) =>
    execFileSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...words], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env.PATH, CI: words.length === 0 ? "true" : "" },
    }).toString();
  vitest("--update");
  const again = vitest();
  if (!again.includes("passed")) throw new Error(again);
  const tsc = resolve("node_modules/typescript/bin/tsc");
  for (const modules of ["--module nodenext", "--module esnext --moduleResolution bundler"]) {
    const options = `--strict ${modules} --target es2022 --types node --noEmit captures.test.ts`;
    execFileSync(process.execPath, [tsc, ...options.split(" ")], { cwd: folder, stdio: "inherit" });
  }
}
