import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/* Node reads that file whenever it starts, which takes longer than the rest of `node -e 0` and hides what we add. */
const environment = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/**
 * Runs a command to its end: wall seconds and peak resident megabytes (10^6), and the number that `read` finds in what it
 * prints. Fails when the command does.
 */
export function measure(command, read) {
  const nowhere = openSync("/dev/null", "r+");
  const start = process.hrtime.bigint();
  const child = spawnSync("/usr/bin/time", ["-f", "peak %M", ...command], {
    stdio: [nowhere, read ? "pipe" : nowhere, "pipe"],
    env: environment,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  closeSync(nowhere);
  const errors = child.stderr?.toString() ?? "";
  const peak = /peak (\d+)\s*$/.exec(errors);
  if (child.error || child.status !== 0 || !peak) {
    throw new Error(`${command.join(" ")} ended with ${child.status ?? child.error?.message}: ${errors.slice(0, 500)}`);
  }
  const megabytes = (Number(peak[1]) * 1024) / 1e6;
  return read ? { seconds, megabytes, read: read(child.stdout.toString()) } : { seconds, megabytes };
}

export function isInstalled(command) {
  return spawnSync("/bin/sh", ["-c", 'command -v "$0"', command[0]]).status === 0;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
