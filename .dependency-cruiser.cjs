/**
 * The folder tree is the pipeline, and imports run one way along it.
 * A folder may import from any folder to its left; bytes/, limits.ts and problem.ts are open to all.
 */
const order = [
  "bytes",
  "capture",
  "packet",
  "stream",
  "protocol",
  "pki",
  "flow",
  "gomod",
  "finding",
  "yaml",
  "compare",
  "check",
  "slim",
  "report",
  "cli",
];
/** Modules at the top join the stages; only the command line and the library's door may use them. */
const joints = [
  "analyze\\.ts",
  "conclude\\.ts",
  "pass\\.ts",
  "compare-captures\\.ts",
  "slim-capture\\.ts",
  "index\\.ts",
];

const layerRules = order.slice(0, -1).map((folder, at) => ({
  name: `${folder}-imports-only-leftwards`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${[...order.slice(at + 1).map((right) => `${right}/`), ...joints].join("|")})` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "pki-and-protocols-stand-side-by-side",
      severity: "error",
      from: { path: "^src/pki/" },
      to: { path: "^src/protocol/" },
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
