import { describe, expect, it } from "vitest";
import { parseVariables } from "../../../src/gomod/configuration/variables.ts";

const rows: [form: string, text: string, origin: string, values: Record<string, string>][] = [
  [
    "go env -json",
    '{"GOROOT":"/go","GOTOOLDIR":"/t","GOPROXY":"direct"}',
    "go-env",
    { GOROOT: "/go", GOPROXY: "direct" },
  ],
  [
    "an object of variables",
    '{"GOPROXY":"direct","HTTPS_PROXY":null,"TOKEN":"x"}',
    "environment",
    { GOPROXY: "direct" },
  ],
  ["with a byte order mark", '\uFEFF{"GOPROXY":"direct"}', "environment", { GOPROXY: "direct" }],
  [
    "go env",
    "GOROOT='/go'\nGOPROXY='https://a,direct'\nGOFLAGS=''\n",
    "go-env",
    { GOROOT: "/go", GOPROXY: "https://a,direct", GOFLAGS: "" },
  ],
  ["go env of old", 'GOROOT="/go"\nGOFLAGS="-mod=mod \\"x\\""\n', "go-env", { GOROOT: "/go", GOFLAGS: '-mod=mod "x"' }],
  ["a quote in quotes", "GOFLAGS='a'\\''b'\n", "go-env", { GOFLAGS: "a'b" }],
  ["go env on Windows", "set GOPROXY=direct\r\nset GOSUMDB=off\r\n", "go-env", { GOPROXY: "direct", GOSUMDB: "off" }],
  ["env", "PATH=/bin\nGOPROXY=a=b\nhttps_proxy=http://p\n", "environment", { GOPROXY: "a=b", https_proxy: "http://p" }],
  ["env -0", "PATH=/a\nb\0GOPROXY='x'\0NO_PROXY=a\0", "environment", { GOPROXY: "'x'", NO_PROXY: "a" }],
  ["quotes that are part of a value", 'PATH=/bin\nGOPROXY="direct"', "environment", { GOPROXY: '"direct"' }],
  [
    "the log of a GitHub workflow",
    "2026-11-23T10:00:00.1234567Z ##[group]Run go mod download\n2026-11-23T10:00:00.2Z \u001b[36;1mgo mod download\u001b[0m\n" +
      "2026-11-23T10:00:00.3Z env:\n2026-11-23T10:00:00.3Z   GOPROXY: https://a,direct\n2026-11-23T10:00:00.3Z   GOPRIVATE: \n",
    "environment",
    { GOPROXY: "https://a,direct", GOPRIVATE: "" },
  ],
  [
    "the log of docker build",
    "#12 0.412 GOPROXY=direct\n#12 0.413 HOME=/root\n",
    "environment",
    { GOPROXY: "direct", HOME: "/root" },
  ],
  [
    "the log of a shell with -x",
    "+ export GOSUMDB=off\n[2026-11-23 10:00:00] NO_PROXY=a\n",
    "environment",
    { GOSUMDB: "off", NO_PROXY: "a" },
  ],
  [
    "export -p",
    "export GOPROXY='direct'\ndeclare -x NO_PROXY=\"a\"\n",
    "environment",
    { GOPROXY: "direct", NO_PROXY: "a" },
  ],
];

describe("forms told apart by content", () => {
  it.each(rows)("%s", (_, text, origin, values) => {
    const parsed = parseVariables(text);
    expect("values" in parsed && { origin: parsed.origin, values: Object.fromEntries(parsed.values) }).toEqual({
      origin,
      values,
    });
  });
});

it.each([
  ["", /is empty/],
  ["  \n", /is empty/],
  ["{", /is not JSON/],
  ['{"GOPROXY": 1}', /value for GOPROXY that is no string/],
  ["{}", /names no variable/],
  ["PATH=/bin", /names no variable/],
  ["G\0O\0P\0R\0O\0X\0Y\0=\0a\0", /UTF-16/],
  ["\uFFFD\uFFFDG\0", /UTF-16/],
])("refuses %j and says what to give", (text, error) => {
  const parsed = parseVariables(text);
  expect("error" in parsed && parsed.error).toMatch(error);
  expect("hint" in parsed && parsed.hint).not.toBe("");
});

it("keeps no variable that it does not know", () => {
  const parsed = parseVariables("AWS_SECRET_ACCESS_KEY=x\nGOPROXY=direct");
  expect("values" in parsed && [...parsed.values.keys()]).toEqual(["GOPROXY"]);
});

it("keeps a name that nothing reads without its value, and knows a value that is hidden", () => {
  const parsed = parseVariables("GONOSUMCHECK=secret\ngo_proxy=x\nGOPROXY=***\nGOCACHEDIR=y");
  expect(parsed).toEqual({
    values: new Map(),
    misnamed: new Map([
      ["GONOSUMCHECK", "GONOSUMDB"],
      ["go_proxy", "GOPROXY"],
    ]),
    hidden: ["GOPROXY"],
    origin: "environment",
  });
});

it("takes an environment without a word about Go for what it is where it is said to be one", () => {
  expect(parseVariables("PATH=/bin\n", "environment")).toMatchObject({ values: new Map(), origin: "environment" });
  expect(parseVariables("{}", "go-env")).toMatchObject({ values: new Map(), origin: "go-env" });
  expect(parseVariables("hello", "environment")).toHaveProperty("error");
});
