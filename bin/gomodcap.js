#!/usr/bin/env node
/*
 * Runs dist/cli/main.cjs. Compiling it costs a short run more than its work, so the build keeps the code that V8 made of
 * it beside it, for the Node that built it (scripts/code-cache.js). V8 refuses code that is not its own. Other versions
 * compile anew, or use the compile cache of Node 22.
 */
const { existsSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { Script } = require("node:vm");

const program = join(__dirname, "../dist/cli/main.cjs");
const code = join(__dirname, `../dist/cli/main-${process.version}-${process.arch}.code`);

/** The program as a script. A bundle of ASCII, so Latin-1 reads it the fastest. */
function compile(cachedData) {
  return new Script(Module.wrap(readFileSync(program, "latin1")), { filename: program, cachedData });
}

/** Runs the program on the words of process.argv; what it exports settles when it has ended. */
function run(script) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, program, dirname(program));
  return module.exports.finished;
}

if (require.main !== module) module.exports = { code, compile, run };
else if (existsSync(code)) run(compile(readFileSync(code)));
else {
  Module.enableCompileCache?.();
  require(program);
}
