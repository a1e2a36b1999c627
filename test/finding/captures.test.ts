import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/flow/model.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { expectSound } from "../build/findings.ts";
import { capturesFolder, scenarios } from "../captures/truth.ts";

interface Cause {
  readonly host: string;
  readonly reason: string;
  readonly chain?: string;
  /** Nothing shows it without keys. */
  readonly hidden?: boolean;
  readonly target?: string;
}

interface Run {
  readonly files: readonly { readonly file: string }[];
  readonly go: { readonly exit: readonly (number | string)[]; readonly cause?: Cause };
}

/** The lab's causes, as rules. Under TLS 1.3 no capture tells why a certificate was rejected. */
const chains: Readonly<Record<string, string>> = {
  "missing-intermediate": "missing-intermediate",
  expired: "certificate-expired",
  "name-mismatch": "certificate-name-mismatch",
  "unknown-root": "certificate-unknown-authority",
};
const reasons: Readonly<Record<string, string>> = {
  "connect-timeout": "target-unreachable",
  "proxy-407": "proxy-authentication-required",
  "proxy-403": "proxy-forbidden",
  "proxy-inside-tls": "proxy-no-tunnel",
  "connect-refused": "target-refused",
  "no-toolchain": "dns-failure",
  "web-page": "http-portal",
};

function ruleFor({ reason, chain }: Cause, scenario: string): string | undefined {
  if (scenario.endsWith("tls13")) return "client-rejected-certificate";
  return chain === undefined ? reasons[reason] : chains[chain];
}

async function findings(scenario: string, file: string, keys = false): Promise<readonly Finding[]> {
  const analysis = await analyzeFolder(join(capturesFolder, scenario), file, { keys });
  for (const finding of analysis.findings) expectSound(finding);
  return analysis.findings;
}

describe("findings of the lab's captures", () => {
  for (const scenario of scenarios()) {
    const run = JSON.parse(readFileSync(join(capturesFolder, scenario, "expected.json"), "utf8")) as Run;
    const { cause, exit } = run.go;
    const whole = run.files.map(({ file }) => file).filter((file) => /\.pcap/.test(file));
    const whatFails = exit.every((code) => code === 0) ? undefined : cause;

    if (whatFails !== undefined) {
      it(`${scenario}: the first is the error that the command met`, async () => {
        const [first] = await findings(scenario, "capture.pcap", whatFails.hidden);
        expect(first).toMatchObject({ severity: "error", rule: ruleFor(whatFails, scenario) });
        expect(first.title).toContain(whatFails.host);
        if (whatFails.target !== undefined) expect(first.title).toContain(whatFails.target);
      });
      continue;
    }

    it.each(whole)(`${scenario}/%s: nothing worse than a note, for the command succeeded`, async (file) => {
      const worse = (await findings(scenario, file)).filter(({ severity }) => severity !== "note");
      /* A snap length set on purpose is worth a warning. */
      expect(worse.filter(({ rule }) => rule !== "capture-snapped")).toEqual([]);
    });
  }
});
