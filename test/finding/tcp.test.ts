import { describe, expect, it } from "vitest";
import { findingsOf } from "../build/findings.ts";
import { judgedFlow, target, unopened } from "../build/flows.ts";

describe("a target that did not answer", () => {
  it("names its address once", () => {
    const server = { address: "198.51.100.30", port: 443 };
    const at = (name: string): string =>
      findingsOf({ flows: [judgedFlow(unopened({ server, target: target(name) }))] })[0].title;
    expect(at("sum.golang.org")).toBe("sum.golang.org cannot be reached: 198.51.100.30 port 443 does not answer");
    expect(at("198.51.100.30")).toBe("198.51.100.30 cannot be reached: port 443 does not answer");
  });

  it.each([
    ["git.example.net:443", true],
    ["git.example.net:22", false],
    ["git.example.net:9418", false],
  ])("at %s is to be had through HTTPS_PROXY: %s", (place, isProxied) => {
    const [{ remedy }] = findingsOf({ flows: [judgedFlow(unopened({ closed: "refused", target: target(place) }))] });
    expect(remedy.includes("set HTTPS_PROXY to a forward proxy")).toBe(isProxied);
    expect(remedy.includes("HTTPS_PROXY does not count for ssh://")).toBe(!isProxied);
  });
});
