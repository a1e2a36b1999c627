import type { KeyLog } from "../protocol/tls/key-log.ts";
import { contentKind } from "./content-kind.ts";
import { UsageError } from "./errors.ts";
import { bytesOf } from "./files.ts";
import { printWarning } from "./messages.ts";

/** The key logs that `--keylog` names: files, and `env` for the one that SSLKEYLOGFILE names. Throws: InputError, UsageError. */
export async function readKeyLogs(given: readonly string[]): Promise<KeyLog[]> {
  if (given.length === 0) return [];
  const { parseKeyLog } = await import("../protocol/tls/key-log.ts");
  const logs: KeyLog[] = [];
  for (const name of given) {
    const path = name === "env" ? pathOfEnvironment() : name;
    const bytes = bytesOf(path, "--keylog");
    const log = parseKeyLog(path, bytes);
    if (log.connections.size === 0) refuseUnlessKeyLog(path, bytes);
    logs.push(log);
  }
  return logs;
}

/** Says what a file without secrets is. Throws: UsageError where somebody took another file for a key log. */
function refuseUnlessKeyLog(path: string, bytes: Uint8Array): void {
  const kind = contentKind(bytes);
  const isText = kind === "an empty file" || kind === "a text file" || kind === "a TLS key log";
  const message = `--keylog ${path}: this is ${kind}${isText ? " without TLS secrets" : ", no key log"}`;
  const hint = hints.get(kind) ?? "its lines are CLIENT_RANDOM <64 hex digits> <96 hex digits>, and others like it";
  if (!isText) throw new UsageError(message, hint);
  printWarning(`${message}; ${hint}`);
}

const hints: ReadonlyMap<string, string> = new Map([
  ["a packet capture", "secrets that a capture carries are used without being asked for: name it as a capture"],
  ["a private key", "no private key opens these connections; log secrets with SSLKEYLOGFILE instead"],
  ["an empty file", "nothing was logged: SSLKEYLOGFILE works for programs that read it, go get does not"],
]);

function pathOfEnvironment(): string {
  const path = process.env["SSLKEYLOGFILE"];
  if (path !== undefined && path !== "") return path;
  throw new UsageError("--keylog env: SSLKEYLOGFILE is not set", "name the file: --keylog FILE");
}
