import { defineConfig } from "vitest/config";

/** The comparison with tshark, which is not everywhere; `npm run oracle` runs it. */
export default defineConfig({
  test: { include: ["test/oracle/**/*.test.ts"], testTimeout: 120_000, maxWorkers: 2 },
});
