import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyzeFolder } from "../build/analyze.ts";
import { capturesFolder, scenarios } from "../captures/truth.ts";
import { messagesOf } from "./our-messages.ts";
import { hasTshark } from "./tshark.ts";
import { readMessages } from "./tshark-messages.ts";

const files = scenarios().flatMap((scenario) => {
  const names = readdirSync(join(capturesFolder, scenario));
  const keyLog = names.includes("tls.keys") ? join(capturesFolder, scenario, "tls.keys") : undefined;
  // One run recorded sixteen ways: that they hold the same is seen without keys.
  const opened = names.filter((file) => file.startsWith("dsb") || (keyLog && /^(capture|ether)\.pcap$/.test(file)));
  return opened.map((file) => ({ scenario, file, keyLog: file.startsWith("dsb") ? undefined : keyLog }));
});

describe.skipIf(!hasTshark())("tshark and we decrypt the same in", () => {
  it.each(files)("$scenario/$file", async ({ scenario, file, keyLog }) => {
    const folder = join(capturesFolder, scenario);
    const theirs = readMessages(join(folder, file), keyLog);
    const ours = messagesOf((await analyzeFolder(folder, file, { keys: keyLog !== undefined })).flows());
    expect(ours).toEqual(theirs);
  });
});
