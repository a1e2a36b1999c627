import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "../../src/analyze.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { parseKeyLog } from "../../src/protocol/tls/key-log.ts";
import { fileInput } from "./inputs.ts";

/** What is given beside the capture. */
interface Given {
  /** The go command's own output. */
  readonly log?: boolean;
  /** The servers' key log. */
  readonly keys?: boolean;
}

/** Analyses one file of a folder made like those in captures/, with the folder's roots and configuration. */
export async function analyzeFolder(folder: string, file: string, given: Given = {}): Promise<Analysis> {
  const anchors = TrustAnchors.fromPem([readFileSync(join(folder, "roots.pem"), "utf8")], "roots.pem");
  const texts = ["go-env.json", "env.json", ...(given.log === true ? ["stderr.txt"] : [])];
  const names = texts.filter((name) => existsSync(join(folder, name)));
  const parsed = names.map((name) => parseConfigurationText(name, readFileSync(join(folder, name), "utf8")));
  return analyze([await fileInput(join(folder, file))], {
    anchors,
    configuration: mergeConfigurations(parsed),
    ...(given.keys === true && { keyLogs: [parseKeyLog("tls.keys", readFileSync(join(folder, "tls.keys")))] }),
  });
}
