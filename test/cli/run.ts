import { execFileSync, spawn } from "node:child_process";

/** How a run of the built program ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What standard input holds; closed at once when absent. */
  readonly input?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const program = new URL("../../bin/gomodcap.js", import.meta.url).pathname;

/** Runs the built program with the arguments, away from the environment of the tests. */
export function gomodcap(line: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...line], {
      cwd: options.folder,
      env: { PATH: process.env["PATH"], ...options.environment },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/**
 * Runs bash, and returns what it prints. Without `--norc` it would read the user's ~/.bashrc, for as long as that takes:
 * Node's pipes are sockets, and where its input is one bash takes itself for a remote login.
 */
export function bash(words: readonly string[], input = ""): string {
  return execFileSync("bash", ["--norc", ...words], { encoding: "utf8", input });
}
