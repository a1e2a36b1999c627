import { counted, hostPort } from "../bytes/text.ts";
import type { ChoiceReport, ConfigurationReport } from "../gomod/configuration-report.ts";
import { facts, type FactOptions } from "./fact-list.ts";
import { renderGrid } from "./grid.ts";
import { labelled, lines } from "./layout.ts";
import { visible } from "./sanitize.ts";

type Variable = ConfigurationReport["variables"][number];

/** A configuration for a terminal: sources, variables with what they override, warnings, answers, what a run shows. */
export function* renderConfiguration(report: ConfigurationReport, options: FactOptions): Iterable<string> {
  const { style, width } = options;
  yield* lines(headline(report), width, (line) => style("heading", line));
  yield* facts(
    report.sources.map(({ origin, name, missing }) => [
      places[origin],
      missing === undefined ? name : `${name} (${missing})`,
    ]),
    options,
  );
  yield "\n";
  yield* renderGrid(columns, report.variables.flatMap(rowsOf), width, style);
  for (const problem of report.problems) yield* lines(`note: ${problem}`, width, (line) => style("note", line));
  for (const { severity, id, title, reason, mend, source } of report.warnings) {
    yield "\n";
    yield* lines(`${severity}: ${title} [${id}]`, width, (line) => style(severity, line));
    yield* facts(
      [
        ["because", reason],
        ["in", source],
        ["mend", mend],
      ],
      options,
    );
  }
  yield* answers(report, options);
  yield* prediction(report, options);
}

const places = {
  environment: "environment",
  "go-env": "go env",
  "user-file": "go env -w",
  "goroot-file": "GOROOT/go.env",
  "git-config": "git config",
  default: "default",
} as const;

const columns = [
  { name: "VARIABLE", side: "left" },
  { name: "VALUE", side: "left", least: 24 },
  { name: "FROM", side: "left", least: 12 },
] as const;

function headline({ warnings, goVersion, platform }: ConfigurationReport): string {
  const wrong = warnings.filter(({ severity }) => severity !== "note").length;
  const notes = warnings.length - wrong;
  const of = `${goVersion ?? "a Go of unknown version"} on ${platform}`;
  if (wrong === 0)
    return `Nothing is wrong with this configuration of ${of}${notes > 0 ? ` (${counted(notes, "note")})` : ""}.`;
  return `${counted(wrong, "setting")} of this configuration of ${of} ${wrong === 1 ? "is" : "are"} wrong or without effect.`;
}

/* The value that counts, and below it those that do not. */
function rowsOf({
  name,
  value,
  from,
  source,
  assumed,
  shadowed,
  unread,
}: Variable): { text: string; meaning?: "note" }[][] {
  const place = (origin: Variable["from"], file: string | undefined): string =>
    file === undefined || file === places[origin] ? places[origin] : `${places[origin]}: ${file}`;
  const because = assumed === true ? `${places[from]}, assumed` : place(from, source);
  const weaker = [
    ...shadowed.map((each) => ({ ...each, why: "overridden" })),
    ...unread.map((each) => ({ ...each, why: "not read there" })),
  ];
  return [
    [{ text: name }, { text: value === "" ? "(not set)" : value }, { text: because }],
    ...weaker.map((each): { text: string; meaning: "note" }[] => [
      { text: "", meaning: "note" },
      { text: each.value, meaning: "note" },
      { text: `${place(each.from, each.source)} (${each.why})`, meaning: "note" },
    ]),
  ];
}

function* answers({ urls, modules }: ConfigurationReport, options: FactOptions): Iterable<string> {
  for (const { url, go, git } of urls) {
    yield "\n";
    yield* lines(url, options.width, (line) => options.style("heading", line));
    yield* facts(
      [
        ["Go", choiceText(go)],
        ["git", choiceText(git)],
      ],
      options,
    );
  }
  for (const { path, entries, exempt, direct, checksums, insecure } of modules) {
    yield "\n";
    yield* lines(path, options.width, (line) => options.style("heading", line));
    yield* facts(
      [
        ["asked for it", entries.join(", then ")],
        ["exempt by", exempt === undefined ? undefined : `${exempt.glob} in ${exempt.variable}`],
        ["its own host", directText[direct]],
        ["checksums", `${checksums.asked ? "looked up" : "not looked up"}: ${checksums.because}`],
        ["insecure by", insecure === undefined ? undefined : `${insecure.glob} in ${insecure.variable}`],
      ],
      options,
    );
  }
}

const directText = {
  "at-once": "asked at once",
  "after-proxies": "asked where no proxy serves it",
  never: "never asked",
};

function choiceText({ kind, proxy, because, open }: ChoiceReport): string {
  return `${kind === "proxy" ? `through ${proxy}` : kind}: ${because}${open === undefined ? "" : `; ${open}`}`;
}

function* prediction({ prediction: told, sources }: ConfigurationReport, options: FactOptions): Iterable<string> {
  const { width, style } = options;
  yield "\n";
  const whole = sources.length === 0 || told.assumed.length === 0 ? "" : `, ${told.assumed.join(", ")} being assumed`;
  const first =
    told.refused === undefined ? `A capture of a run with empty caches${whole}:` : `Nothing is sent: ${told.refused}.`;
  yield* lines(first, width, (line) => style("heading", line));
  if (told.refused !== undefined) return;
  const named = new Set(told.expectations.flatMap(({ role, host }) => (host === undefined ? [] : [role])));
  for (const { presence, role, host, port, program, route, because } of told.expectations) {
    const what =
      host === undefined
        ? `${named.has(role) ? "any other" : "any"} ${role}`
        : `${role} ${hostPort(host, port ?? 443)}`;
    const way =
      route === undefined ? "" : `, ${program} ${route.kind === "proxy" ? `through ${route.proxy}` : route.kind}`;
    yield labelled(`  ${presence.replace("-", " ")}`, visible(`${what}${way} (${because})`), width, presenceColumn);
  }
}

/** Cells before an expectation. */
const presenceColumn = 13;
