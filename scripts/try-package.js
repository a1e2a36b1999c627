/** Packs the package, installs it into an empty folder and runs it there on a capture from a pipe. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  console.log(`installed ${tarball}: ${flows.length} flows from standard input`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
