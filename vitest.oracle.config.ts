import { join } from "node:path";
import { defineConfig } from "vitest/config";

const reports = process.env["TEST_REPORTS"];

/** The comparison with tshark, which is not everywhere; `npm run oracle` runs it. */
export default defineConfig({
  test: {
    include: ["test/oracle/**/*.test.ts"],
    testTimeout: 120_000,
    reporters:
      reports === undefined ? ["default"] : ["default", ["json", { outputFile: join(reports, "oracle.json") }]],
  },
});
