/**
 * Adds up the test runner's own JSON reports in a folder and prints `N passed, N failed, N skipped` alone on a line,
 * after the name and the message of each test that failed: the end of a long log is what is read first.
 * Exits 1 when a test failed, when a report is missing, or when nothing ran.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Lines of a failure's message that are shown. */
const shownLines = 12;

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder).filter((name) => name.endsWith(".json"));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of reports) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  total.passed += report.numPassedTests;
  // A file that does not load has no test that failed, yet the suite did.
  total.failed += report.numFailedTests || (report.success ? 0 : 1);
  total.skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) nameFailures(file);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = reports.length === 0 || total.passed === 0 || total.failed > 0 ? 1 : 0;

function nameFailures(file) {
  if (file.status !== "failed") return;
  const tests = file.assertionResults.filter(({ status }) => status === "failed");
  if (tests.length === 0) console.log(`failed: ${file.name}\n${indented(file.message)}\n`);
  for (const test of tests) {
    console.log(`failed: ${file.name}: ${test.fullName}\n${indented(test.failureMessages.join("\n"))}\n`);
  }
}

/** The first lines, without the runner's own part of the stack. */
function indented(message) {
  return message
    .split("\n")
    .filter((line) => !line.includes("/node_modules/"))
    .slice(0, shownLines)
    .map((line) => `  ${line}`)
    .join("\n");
}
