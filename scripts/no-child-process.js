/** Stands for node:child_process in the bundle: see build.js. */
export function spawn() {
  throw new Error("gomodcap starts no programs");
}
