/**
 * Builds dist/: the library as modules with types (tsc), the command line and the matchers for vitest as a bundle each
 * (esbuild), and the code that V8 makes of the first.
 *
 * The bundle exists because loading 200 small modules costs a short run more than all its work, and is CommonJS because
 * only a script can be started from code that V8 kept. What `import()` names in it is evaluated when it is asked for.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

process.chdir(new URL("..", import.meta.url).pathname);
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
rmSync("dist/cli", { recursive: true, force: true });
await build({
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/cli/main.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20.19",
  // A script that is no module cannot import.
  supported: { "dynamic-import": false },
  // Names stay: a stack trace must say where it came from.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "linked",
  logLevel: "warning",
  alias: {
    // commander takes it for commands that are programs of their own, which there are none of; it loads longer than the
    // command line takes to read (7 ms, a sixth of `node -e 0`).
    "node:child_process": "./scripts/no-child-process.js",
    "string-width": "./scripts/string-width.cjs",
  },
});
// bin/gomodcap.js reads the bundle as Latin-1; esbuild escapes strings but leaves regular expressions as they are written.
const escaped = (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
writeFileSync("dist/cli/main.cjs", readFileSync("dist/cli/main.cjs", "utf8").replace(/[^\0-\x7f]/g, escaped));
// What a test imports reads files as the command line does, whose modules are gone.
await build({
  entryPoints: ["src/vitest.ts"],
  outfile: "dist/vitest.js",
  allowOverwrite: true,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
});
execFileSync(process.execPath, ["scripts/code-cache.js"], { stdio: "inherit" });
