import { expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { classifyRequest } from "../../src/gomod/requests.ts";
import { TargetFacts } from "../../src/gomod/target-facts.ts";
import {
  DiscoveredModules,
  configuredRole,
  isLoggedOrigin,
  requestedRole,
  wellKnownRole,
} from "../../src/gomod/target-role.ts";

function asked(host: string, ...paths: readonly string[]): TargetFacts {
  const facts = new TargetFacts(host, 443);
  for (const [at, path] of paths.entries()) {
    facts.note(classifyRequest({ method: "GET", host, path }), { frame: at + 1, grade: "seen", path });
  }
  return facts;
}

it.each([
  [["/", "/sumdb/x/supported"], "module-proxy"],
  [["/a?go-get=1", "/sumdb/x/supported"], "module-proxy"],
  [["/lookup/a.b/c@v1.0.0", "/sumdb/x/supported"], "sumdb"],
  [["/lookup/a.b/c@v1.0.0", "/a.b/c/@v/list"], "module-proxy"],
  [["/lookup/a.b/c@v1.0.0", "/a?go-get=1"], "sumdb"],
  [["/sumdb/x/lookup/a.b/c@v1.0.0"], "module-proxy"],
  [["/a?go-get=1", "/a/info/refs"], "vcs"],
  [["/a?go-get=1"], "discovery"],
])("requests %j make it %s", (paths, role) => {
  expect(requestedRole(asked("h.example", ...paths), undefined)?.role).toBe(role);
});

it("quotes no endless path", () => {
  const verdict = requestedRole(asked("h.example", `/a.b/${"x".repeat(5000)}/@v/list`), undefined);
  expect(verdict?.evidence.because.length).toBeLessThan(160);
});

it("takes a mirror's path for a database where GOSUMDB points there", () => {
  const settings = mergeConfigurations([
    parseConfigurationText("e", "GOSUMDB=sum.golang.org https://h.example/sumdb/x"),
  ]);
  const facts = asked("h.example", "/sumdb/x/lookup/a.b/c@v1.0.0");
  expect(requestedRole(facts, settings)?.role).toBe("sumdb");
  expect(configuredRole(facts, settings)?.role).toBe("sumdb");
  expect(configuredRole(facts)).toBeUndefined();
});

it("knows storage only for Go and only after a module proxy", () => {
  const facts = asked("storage.googleapis.com");
  facts.firstFrame = 10;
  expect(wellKnownRole(facts, 1)?.role, "refused: nobody could say a word").toBe("storage");
  facts.spoken = true;
  expect(wellKnownRole(facts, 1)).toBeUndefined();
  facts.spokenBy("go");
  expect(wellKnownRole(facts, 1)?.role).toBe("storage");
  expect(wellKnownRole(facts, 11)).toBeUndefined();
  expect(wellKnownRole(asked("h.example"), 0)).toBeUndefined();
});

it("takes a module proxy for an origin where the log asked first where its modules live", () => {
  const log = [
    "# get https://a.example/?go-get=1",
    "# get https://a.example/m?go-get=1",
    "# get https://mods.example/a.example/m/@v/list",
    "# get https://p.example/b.example/n/@v/list",
    "# get https://b.example/n?go-get=1",
  ];
  const settings = mergeConfigurations([parseConfigurationText("stderr.txt", log.join("\n"))]);
  expect(isLoggedOrigin(new TargetFacts("mods.example", 443), settings)).toBe(true);
  expect(isLoggedOrigin(new TargetFacts("mods.example", 80), settings)).toBe(false);
  expect(isLoggedOrigin(new TargetFacts("p.example", 443), settings)).toBe(false);
  expect(isLoggedOrigin(new TargetFacts("a.example", 443), settings)).toBe(false);
  expect(isLoggedOrigin(new TargetFacts("mods.example", 443))).toBe(false);
});

it("remembers which modules were looked for, and when", () => {
  const discovered = new DiscoveredModules();
  discovered.note("a.example/mod/pkg/sub", 5);
  discovered.note("a.example/mod", 7);
  expect(discovered.cover(new Map([["a.example/mod", 6]]))).toBe(true);
  expect(discovered.cover(new Map([["a.example/mod", 5]]))).toBe(false);
  expect(
    discovered.cover(
      new Map([
        ["a.example/mod", 6],
        ["b.example", 9],
      ]),
    ),
  ).toBe(false);
  expect(discovered.cover(new Map())).toBe(false);
  discovered.note("x/".repeat(30_000), 1);
});
