/**
 * Measures the figures of bench/README.md and writes bench/results.json.
 *
 *     node bench/run.js [--only NAME[,NAME]] [--repeat 5] [--scale 1] [--program "node bin/gomodcap.js"]
 *
 * Every round runs each command of a figure once, so that a slow moment of the machine meets them all; times and peak
 * resident sizes are medians over the rounds. The first round, which fills the page cache, does not count.
 * Needs GNU time; a peer that is not installed leaves its rows out. A scale other than 1 shows the way, not the figure.
 * Exits 1 when a budget is not met.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { figures } from "./figures.js";
import { isInstalled, measure, median } from "./measure.js";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    repeat: { type: "string", default: "5" },
    scale: { type: "string", default: "1" },
    program: { type: "string", default: "node bin/gomodcap.js" },
  },
});
process.chdir(new URL("..", import.meta.url).pathname);

const scale = Number(options.scale);
const repeat = Number(options.repeat);
const wanted = options.only?.split(",") ?? Object.keys(figures);
const unknown = wanted.filter((name) => !Object.hasOwn(figures, name));
if (unknown.length > 0 || !(scale > 0) || !(repeat >= 1)) {
  console.error(
    `gomodcap bench: use --only ${Object.keys(figures).join(",")}, a --repeat of 1 or more, a --scale above 0`,
  );
  process.exit(2);
}

const results = wanted.map((name) => run(name));
const rows = results.flatMap((result) => result.rows);
writeFileSync(
  new URL("results.json", import.meta.url),
  `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, scale, repeat, results }, null, 2)}\n`,
);
console.log(table(rows));
process.exitCode = rows.every((row) => row.met) ? 0 : 1;

function run(name) {
  const figure = figures[name];
  const commands = Object.entries(figure.commands({ program: options.program, scale }));
  const present = commands.filter(([, command]) => isInstalled(command));
  const runs = new Map(present.map(([label]) => [label, []]));
  for (let round = 0; round <= repeat; round++) {
    for (const [label, command] of present) {
      process.stderr.write(`${name}: round ${round} of ${repeat}, ${label}\n`);
      const measured = measure(command, figure.read?.[label]);
      if (round > 0) runs.get(label).push(measured);
    }
  }
  const medians = Object.fromEntries(
    [...runs].map(([label, measured]) => [
      label,
      {
        seconds: median(measured.map((one) => one.seconds)),
        megabytes: median(measured.map((one) => one.megabytes)),
        ...(figure.read?.[label] && { read: median(measured.map((one) => one.read)) }),
      },
    ]),
  );
  const rows = figure
    .rows(medians, scale)
    .filter((row) => row.needs.every((label) => label in medians))
    .map(({ what, value, budget }) => ({ figure: name, what, value: value(), budget, met: value() <= budget }));
  return { figure: name, medians, rows };
}

function table(lines) {
  const cells = lines.map((row) => [
    row.figure,
    row.what,
    row.value.toPrecision(3),
    row.budget.toPrecision(3),
    row.met ? "met" : "NOT MET",
  ]);
  const all = [["figure", "measured", "value", "budget", ""], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ")).join("\n");
}
