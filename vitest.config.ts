import { join } from "node:path";
import { defineConfig } from "vitest/config";

const reports = process.env["TEST_REPORTS"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/oracle/**", "test/differential/**"],
    testTimeout: 30_000,
    reporters: reports === undefined ? ["default"] : ["default", ["json", { outputFile: join(reports, "tests.json") }]],
  },
});
