/**
 * Adds up the test runner's own JSON reports in a folder and prints `N passed, N failed, N skipped` alone on a line.
 * Exits 1 when a test failed, when a report is missing, or when nothing ran.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).filter((name) => name.endsWith(".json"));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  total.passed += report.numPassedTests;
  // A file that does not load has no test that failed, yet the suite did.
  total.failed += report.numFailedTests || (report.success ? 0 : 1);
  total.skipped += report.numPendingTests + report.numTodoTests;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = reports.length === 0 || total.passed === 0 || total.failed > 0 ? 1 : 0;
