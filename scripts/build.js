/**
 * Builds dist/: the library as modules with types (tsc), the command line as one bundle (esbuild).
 *
 * The bundle exists because loading 100 small modules costs a short run more than all its work. Parts that a plain
 * run does not need are split off and load on demand.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

process.chdir(new URL("..", import.meta.url).pathname);
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
rmSync("dist/cli", { recursive: true, force: true });
await build({
  entryPoints: { main: "src/cli/main.ts" },
  outdir: "dist/cli",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  chunkNames: "part-[hash]",
  // Names stay: a stack trace must say where it came from.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "linked",
  logLevel: "warning",
  // commander takes it for commands that are programs of their own, which there are none of; it loads longer than the
  // command line takes to read (7 ms, a sixth of `node -e 0`).
  alias: { "node:child_process": "./scripts/no-child-process.js" },
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
