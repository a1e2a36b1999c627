import { run } from "./run.ts";

/** Settles when all is said and done. */
export const finished = run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
