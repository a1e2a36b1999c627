import { join } from "node:path";
import { defineConfig } from "vitest/config";

const reports = process.env["TEST_REPORTS"];

/** The comparison with Go and git themselves, which are not everywhere; `npm run differential` runs it. */
export default defineConfig({
  test: {
    include: ["test/differential/**/*.test.ts"],
    testTimeout: 120_000,
    reporters:
      reports === undefined ? ["default"] : ["default", ["json", { outputFile: join(reports, "differential.json") }]],
  },
});
