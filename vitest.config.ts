import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const reports = process.env["TEST_REPORTS"];

/** A suite of tests, whose results CI counts by its name. */
export function suite(name: string, include: string[], exclude: string[] = []): ViteUserConfig {
  return defineConfig({
    test: {
      include,
      exclude,
      // For what hangs: no test fails because the machine has other work.
      testTimeout: 600_000,
      hookTimeout: 600_000,
      maxWorkers: "100%",
      reporters:
        reports === undefined ? ["default"] : ["default", ["json", { outputFile: join(reports, `${name}.json`) }]],
    },
  });
}

export default suite("tests", ["test/**/*.test.ts"], ["test/oracle/**", "test/differential/**"]);
