import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyze } from "../../src/analyze.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { parseKeyLog } from "../../src/protocol/tls/key-log.ts";
import { fileInput } from "./inputs.ts";

/** Analyses one file of a folder made like those in captures/, with the folder's roots, configuration and key log. */
export async function analyzeFolder(
  folder: string,
  file: string,
  withConfiguration = true,
  withKeys = false,
): Promise<Analysis> {
  const anchors = TrustAnchors.fromPem([readFileSync(join(folder, "roots.pem"), "utf8")], "roots.pem");
  const names = ["go-env.json", "env.json"].filter((name) => existsSync(join(folder, name)));
  const parsed = names.map((name) => parseConfigurationText(name, readFileSync(join(folder, name), "utf8")));
  return analyze([await fileInput(join(folder, file))], {
    anchors,
    ...(withKeys && { keyLogs: [parseKeyLog("tls.keys", readFileSync(join(folder, "tls.keys")))] }),
    ...(withConfiguration && { configuration: mergeConfigurations(parsed) }),
  });
}
