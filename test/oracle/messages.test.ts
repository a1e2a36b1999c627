import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyzeFolder } from "../build/analyze.ts";
import { capturesFolder, scenarios } from "../captures/truth.ts";
import { messagesOf } from "./our-messages.ts";
import { hasTshark } from "./tshark.ts";
import { readMessages } from "./tshark-messages.ts";

const files = scenarios().flatMap((scenario) => {
  const names = readdirSync(join(capturesFolder, scenario));
  // One run recorded sixteen ways: that they hold the same is seen without keys.
  return names.filter((file) => /^(capture|ether)\.pcap$|^dsb/.test(file)).map((file) => ({ scenario, file }));
});

describe.skipIf(!hasTshark())("tshark and we decrypt the same in", () => {
  it.each(files)("$scenario/$file", async ({ scenario, file }) => {
    const folder = join(capturesFolder, scenario);
    const keyLog = file.startsWith("dsb") ? undefined : join(folder, "tls.keys");
    expect(keyLog === undefined || existsSync(keyLog)).toBe(true);
    const theirs = readMessages(join(folder, file), keyLog);
    const ours = messagesOf((await analyzeFolder(folder, file, { keys: keyLog !== undefined })).flows());
    expect(ours).toEqual(theirs);
  });
});
