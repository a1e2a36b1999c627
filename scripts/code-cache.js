/**
 * Writes the code that V8 makes of the command line, beside the bundle: runs it over shipped captures, so that the
 * functions of a usual run are compiled, and keeps what V8 has then. To be run in a process of its own, with the flags
 * that gomodcap will have: V8 takes the code only under the same version and flags.
 */
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";

const { code, compile, run } = createRequire(import.meta.url)("../bin/gomodcap.js");
const captures = ["a06-direct-sumdb", "b05-connect-badchain"].map((name) => `captures/${name}/capture.pcap`);
const script = compile();
const write = process.stdout.write.bind(process.stdout);
const [node] = process.argv;

process.stdout.write = (_, written) => {
  if (typeof written === "function") written();
  return true;
};
for (const capture of captures) {
  const settings = ["--env", dirname(capture)];
  for (const words of [
    [capture],
    [capture, "--json"],
    [capture, "--json", ...settings],
    ["explain", capture, "--json", ...settings],
  ]) {
    process.argv = [node, "gomodcap", ...words];
    await run(script);
    if (process.exitCode !== 0) throw new Error(`gomodcap ${words.join(" ")} ended with ${process.exitCode}`);
  }
}
process.stdout.write = write;
writeFileSync(code, script.createCachedData());
