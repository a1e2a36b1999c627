/**
 * The folder tree is the pipeline, and imports run one way along it.
 * A folder may import from any folder to its left; bytes/, limits.ts and problem.ts are open to all.
 */
const order = ["bytes", "capture", "packet", "stream", "protocol", "pki", "flow", "gomod", "finding", "report", "cli"];
const sameLevel = [["protocol", "pki"]];

const rightOf = (folder) => order.slice(order.indexOf(folder) + 1);
const layerRules = order
  .map((folder) => ({
    name: `${folder}-imports-only-leftwards`,
    severity: "error",
    from: { path: `^src/${folder}/` },
    to: {
      path: `^src/(${rightOf(folder).concat("analyze\\.ts", "conclude\\.ts", "pass\\.ts", "index\\.ts").join("|")})${folder === "cli" ? "$^" : ""}`,
    },
  }))
  .filter((rule) => !rule.name.startsWith("cli"));

module.exports = {
  forbidden: [
    ...layerRules.filter((rule) => !rule.name.startsWith("report")),
    {
      name: "report-imports-only-leftwards",
      severity: "error",
      from: { path: "^src/report/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "pki-stays-apart-from-protocols",
      severity: "error",
      from: { path: "^src/protocol/" },
      to: { path: "^src/pki/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "protocols-never-import-each-other",
      severity: "error",
      from: { path: "^src/protocol/([^/]+)/" },
      to: { path: "^src/protocol/([^/]+)/", pathNot: "^src/protocol/$1/" },
    },
    { name: "index-is-for-users", severity: "error", from: { path: "^src/" }, to: { path: "^src/index\\.ts$" } },
    {
      name: "only-cli-touches-the-machine",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: {
        path: "^(node:)?(fs|fs/promises|process|child_process|os|tty|readline|net|http|https)$",
        dependencyTypes: ["core"],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
