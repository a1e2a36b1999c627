import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { rulesOf } from "../build/findings.ts";
import { judgedFlow, stack, target, through, tls } from "../build/flows.ts";

const proxied = "HTTPS_PROXY=http://proxy.corp.example:3128";
const onlyHttp = "HTTP_PROXY=http://proxy.corp.example:3128";
const direct = (host: string, more: Partial<Flow> = {}): Flow => judgedFlow({ target: target(host), ...more });
const asked = (host: string): Flow =>
  judgedFlow({
    target: target(host, "connect"),
    route: through("http-connect", "proxy.corp.example:3128", `${host}:443`),
  });
const git = { tls: [tls({ clientStack: stack("gnutls") })] };

describe("the way that the settings prescribe", () => {
  it.each<[string, Flow, string, string[]]>([
    ["direct although HTTPS_PROXY is set", direct("sum.golang.org"), proxied, ["warning proxy-bypassed"]],
    ["direct as NO_PROXY says", direct("sum.golang.org"), `${proxied}\nNO_PROXY=golang.org`, []],
    ["direct to localhost", direct("localhost"), proxied, []],
    ["direct to a loopback address", direct("127.0.0.1"), proxied, []],
    ["direct without a proxy", direct("sum.golang.org"), "GOPROXY=direct", []],
    ["direct with HTTP_PROXY only", direct("sum.golang.org"), onlyHttp, ["note proxy-for-http-only"]],
    ["direct with HTTP_PROXY only, as NO_PROXY says", direct("sum.golang.org"), `${onlyHttp}\nNO_PROXY=golang.org`, []],
    ["direct with ALL_PROXY only", direct("sum.golang.org"), "ALL_PROXY=http://proxy.corp.example:3128", []],
    ["git direct", direct("github.com", git), proxied, []],
    ["a target known from DNS alone", judgedFlow({ target: target("sum.golang.org", "dns") }), proxied, []],
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
