import { readFile, stat } from "node:fs/promises";
import { limits } from "../limits.ts";
import type { KeyLog } from "../protocol/tls/key-log.ts";
import { bytesText } from "../report/units.ts";
import { InputError, systemErrorText, UsageError } from "./errors.ts";

/** The key logs that `--keylog` names: files, and `env` for the one that SSLKEYLOGFILE names. Throws: InputError, UsageError. */
export async function readKeyLogs(given: readonly string[]): Promise<KeyLog[]> {
  if (given.length === 0) return [];
  const { parseKeyLog } = await import("../protocol/tls/key-log.ts");
  const logs: KeyLog[] = [];
  for (const name of given) {
    const path = name === "env" ? pathOfEnvironment() : name;
    logs.push(parseKeyLog(path, await bytesOf(path)));
  }
  return logs;
}

function pathOfEnvironment(): string {
  const path = process.env["SSLKEYLOGFILE"];
  if (path !== undefined && path !== "") return path;
  throw new UsageError("--keylog env: SSLKEYLOGFILE is not set", "name the file: --keylog FILE");
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= limits.keyLogBytes) return await readFile(path);
  } catch (error) {
    throw new InputError(`--keylog ${path}: ${systemErrorText(error)}`);
  }
  const hint = "keep the lines of the run: grep for its time, or log to a new file";
  throw new InputError(`--keylog ${path}: larger than ${bytesText(limits.keyLogBytes)}`, hint);
}
