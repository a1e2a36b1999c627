import { describe, expect, it } from "vitest";
import { agentProgram, flowProgram, requestProgram } from "../../src/gomod/program.ts";
import { flow, http, stack, through, tls } from "../build/flows.ts";

it.each([
  ["Go-http-client/2.0", "go"],
  ["GoCommand/1 (+https://go.dev/cmd/go)", "go"],
  ["git/2.39.5", "git"],
  ["JGit/6.1", "git"],
  ["mercurial/proto-1.0", "git"],
  ["curl/7.88.1", "foreign"],
  ["Mozilla/5.0", "foreign"],
  ["", undefined],
  [undefined, undefined],
])("User-Agent %s", (agent, program) => {
  expect(agentProgram(agent)).toBe(program);
});

describe("a flow", () => {
  it.each([
    ["go", "go"],
    ["gnutls", "git-like"],
    ["openssl", "git-like"],
    ["browser", "browser"],
    ["other", "stranger"],
  ] as const)("with the TLS library %s is %s", (name, program) => {
    expect(flowProgram(flow({ tls: [tls({ clientStack: stack(name) })] }))).toBe(program);
  });

  it("is told by its own words first", () => {
    const openssl = [tls({ clientStack: stack("openssl") })];
    const route = through("http-connect", "p:3128", "h:443", 200, { userAgent: "git/2.40" });
    expect(flowProgram(flow({ tls: openssl, route }))).toBe("git");
    expect(flowProgram(flow({ tls: openssl, http: [http("h", "/", { userAgent: "curl/8" })] }))).toBe("foreign");
    expect(flowProgram(flow({ tls: [] }))).toBeUndefined();
  });

  it("may hold requests of another", () => {
    expect(requestProgram(http("h", "/", { userAgent: "curl/8" }), flow())).toBe("foreign");
    expect(requestProgram(http("h", "/", { userAgent: "" }), flow())).toBe("go");
  });
});
