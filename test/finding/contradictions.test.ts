import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { rulesOf } from "../build/findings.ts";
import { judgedFlow, stack, target, through, tls, unopened } from "../build/flows.ts";

const proxied = "HTTPS_PROXY=http://proxy.corp.example:3128";
const direct = (host: string, more: Partial<Flow> = {}): Flow => judgedFlow({ target: target(host), ...more });
const asked = (host: string): Flow =>
  judgedFlow({
    target: target(host, "connect"),
    route: through("http-connect", "proxy.corp.example:3128", `${host}:443`),
  });
const asSumdb = judgedFlow({ target: target("sum.golang.org"), role: "sumdb", label: "sumdb" });
const git = { tls: [tls({ clientStack: stack("gnutls") })] };

describe("the way that the settings prescribe", () => {
  it.each<[string, Flow, string, string[]]>([
    ["direct although HTTPS_PROXY is set", direct("sum.golang.org"), proxied, ["warning proxy-bypassed"]],
    ["direct, open before the recording began", direct("sum.golang.org", { opened: "midstream" }), proxied, []],
    ["direct as NO_PROXY says", direct("sum.golang.org"), `${proxied}\nNO_PROXY=golang.org`, []],
    ["direct to localhost", direct("localhost"), proxied, []],
    ["direct to a loopback address", direct("127.0.0.1"), proxied, []],
    ["direct without a proxy", direct("sum.golang.org"), "GOPROXY=direct", []],
    ["git direct", direct("github.com", git), proxied, []],
    [
      "a target known from DNS alone: behind a proxy Go looks up the proxy's name",
      judgedFlow({ target: target("sum.golang.org", "dns") }),
      proxied,
      ["warning proxy-bypassed"],
    ],
    [
      "direct and refused although HTTPS_PROXY is set",
      judgedFlow({
        ...unopened({ closed: "refused" }),
        role: "sumdb",
        label: "sumdb",
        target: target("sum.golang.org", "dns"),
      }),
      proxied,
      ["error proxy-bypassed", "error target-refused"],
    ],
    ["a host that the settings rule out", asSumdb, "GOSUMDB=off", ["warning host-ruled-out"]],
    ["the same by another program", { ...asSumdb, tls: [tls({ clientStack: stack("openssl") })] }, "GOSUMDB=off", []],
    ["a host that the settings may rule out, were they told", asSumdb, "GOPROXY=direct", []],
    [
      "a proxy without a setting",
      asked("sum.golang.org"),
      "GOPROXY=direct\nHTTPS_PROXY=",
      ["warning proxy-not-configured"],
    ],
    [
      "another proxy than the setting's",
      asked("sum.golang.org"),
      "HTTPS_PROXY=http://other.example:3128",
      ["warning proxy-not-configured"],
    ],
    ["TLS to the proxy itself", direct("proxy.corp.example"), "HTTPS_PROXY=https://proxy.corp.example:443", []],
    [
      "through the proxy although NO_PROXY",
      asked("sum.golang.org"),
      `${proxied}\nNO_PROXY=.golang.org`,
      ["warning proxy-not-bypassed"],
    ],
    ["through the proxy", asked("sum.golang.org"), `${proxied}\nNO_PROXY=corp.example`, []],
  ])("%s", (_, flow, settings, expected) => {
    expect(rulesOf({ flows: [flow], settings })).toEqual(expected);
  });

  it("is not known without settings", () => {
    expect(rulesOf({ flows: [direct("sum.golang.org"), asked("sum.golang.org")] })).toEqual([]);
  });
});
