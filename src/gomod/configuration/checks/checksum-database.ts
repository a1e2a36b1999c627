import { fieldsOf } from "../../../bytes/text.ts";
import { parseVerifierKey } from "../../checksum/note.ts";
import { isDatabaseName, parseChecksumDatabase } from "../../checksum-database.ts";
import { parseVcsRules } from "../../vcs-rules.ts";
import type { GoConfiguration } from "../configuration.ts";
import { isToolchainChoice, since } from "../go-version.ts";
import { valueOf } from "../resolution.ts";
import { shownSetting } from "../shown.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What is wrong with GOSUMDB, GOTOOLCHAIN and GOVCS. */
export function* checksumDatabaseWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const value = valueOf(configuration, "GOSUMDB");
  const wrong = malformed(value);
  if (wrong !== undefined) {
    yield {
      id: "gosumdb-malformed",
      severity: "error",
      variable: "GOSUMDB",
      ...sourceOf(configuration, "GOSUMDB"),
      title: `${shownSetting("GOSUMDB", value)} is refused`,
      ...wrong,
    };
  }
  yield* toolchainWarnings(configuration, value);
  const { problem } = parseVcsRules(valueOf(configuration, "GOVCS"));
  if (problem !== undefined) {
    yield {
      id: "govcs-malformed",
      severity: "error",
      variable: "GOVCS",
      ...sourceOf(configuration, "GOVCS"),
      title: `GOVCS is refused: ${problem}`,
      reason: "each entry reads PATTERN:TOOL|TOOL; Go stops at the first repository that it would read",
      mend: "go env -w GOVCS=public:git|hg,private:all",
    };
  }
}

/* Spec: cmd/go/internal/modfetch, dbDial; golang.org/x/mod/sumdb/note, NewVerifier. */
function malformed(value: string): Pick<ConfigurationWarning, "reason" | "mend"> | undefined {
  const mend = "set GOSUMDB to sum.golang.org or to off, or name the modules in GONOSUMDB";
  if (value === "" || !parseChecksumDatabase(value).invalid) return undefined;
  const [name = "", url, more] = fieldsOf(value);
  if (name === "off")
    return { reason: "there is a blank beside off, which makes it the name of a database", mend: "write GOSUMDB=off" };
  if (name === "direct") {
    return { reason: "direct is a word of GOPROXY; a database is asked itself where no proxy serves it", mend };
  }
  if (/^https?:\/\//.test(name)) {
    return {
      reason: "a URL alone names no key to check answers with",
      mend: 'write the name, a blank and the URL: GOSUMDB="sum.golang.org URL"',
    };
  }
  if (more !== undefined) return { reason: "it has more than a name and a URL", mend };
  if (!name.includes("+") && name !== "sum.golang.org")
    return {
      reason: "Go knows the key of sum.golang.org alone",
      mend: "write NAME+HASH+KEY as the operator of the database gives it",
    };
  const whole = "copy NAME+HASH+KEY whole, as the operator of the database gives it";
  const key = name.includes("+") ? parseVerifierKey(name) : undefined;
  if (key !== undefined && "error" in key) return { reason: `the verifier key ${key.error}`, mend: whole };
  if (!isDatabaseName(name.split("+", 1)[0])) {
    return { reason: "the name of a database is its host, with or without a path", mend: whole };
  }
  return {
    reason: `${url === undefined ? "it" : "its second word"} is no URL that Go asks: https://, or http:// without credentials, and a host`,
    mend: "write https:// in front",
  };
}

function* toolchainWarnings(configuration: GoConfiguration, database: string): Iterable<ConfigurationWarning> {
  const toolchain = valueOf(configuration, "GOTOOLCHAIN");
  const common = { variable: "GOTOOLCHAIN", ...sourceOf(configuration, "GOTOOLCHAIN") } as const;
  if (!since(21, configuration.goVersion) || toolchain === "") return;
  if (!isToolchainChoice(toolchain)) {
    yield {
      ...common,
      id: "gotoolchain-malformed",
      severity: "error",
      title: `${shownSetting("GOTOOLCHAIN", toolchain)} is refused`,
      reason: "it is local, auto, path, go1.N or go1.N+auto; the name of a toolchain begins with go",
      mend: /^1\.\d/.test(toolchain) ? `write GOTOOLCHAIN=go${toolchain}` : "unset GOTOOLCHAIN",
    };
  } else if (database === "off" && !/^(?:local|path|.*\+path)$/.test(toolchain)) {
    yield {
      ...common,
      id: "gosumdb-off-toolchain",
      severity: "note",
      title: "a newer toolchain that Go fetches cannot be checked, and is refused after it was downloaded",
      reason: `toolchains are checked with the checksum database whatever GONOSUMDB says, GOSUMDB is off, and ${shownSetting("GOTOOLCHAIN", toolchain)} lets Go fetch them`,
      mend: "set GOTOOLCHAIN=local, or name private modules in GONOSUMDB instead of turning GOSUMDB off",
    };
  }
}
