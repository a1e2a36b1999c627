import { describe, expect, it } from "vitest";
import { reportConfiguration } from "../../src/gomod/configuration-report.ts";
import { processWith } from "../build/configuration.ts";
import { matchesNoProxy, noProxyReason, parseForwardProxy } from "../../src/gomod/forward-proxy.ts";

describe("parseForwardProxy", () => {
  const rows: [value: string, scheme: string, host: string, port: number, credentials: boolean][] = [
    ["http://proxy.corp.example:3128", "http", "proxy.corp.example", 3128, false],
    ["proxy.corp.example:3128", "http", "proxy.corp.example", 3128, false],
    ["proxy", "http", "proxy", 80, false],
    ["https://Sproxy.corp.example", "https", "sproxy.corp.example", 443, false],
    ["socks5://10.0.0.1", "socks5", "10.0.0.1", 1080, false],
    ["socks5h://[2001:db8::1]:9050/", "socks5h", "2001:db8::1", 9050, false],
    ["socks4://h.example", "socks4", "h.example", 0, false],
    ["http://h:99999", "http", "h", 99_999, false],
    ["http://", "http", "http", 80, false],
    ["http:// h.example:3128", "http", "http", 80, false],
    ["/h.example", "http", "", 80, false],
    ["a b", "", "", 0, false],
    ["http://u:p@ss@h.example:1", "http", "h.example", 1, true],
    ["u:p@h.example:1", "http", "h.example", 1, true],
  ];
  it.each(rows)("%s", (value, scheme, host, port, credentials) => {
    const proxy = parseForwardProxy("HTTPS_PROXY", value, "env.json");
    expect(proxy).toMatchObject({ scheme, host, port, credentials, variable: "HTTPS_PROXY", source: "env.json" });
  });

  it("never shows credentials", () => {
    expect(parseForwardProxy("HTTPS_PROXY", "http://user:secret@h.example:1", "e")?.shown).toBe(
      "http://***@h.example:1",
    );
    expect(JSON.stringify(parseForwardProxy("HTTPS_PROXY", "user:secret@h.example", "e"))).not.toContain("secret");
  });

  it.each([
    "http://user:sec#ret@h.example:1",
    "http://user:sec?ret@h.example:1",
    "http://user:sec/ret@h.example:1",
    "http://user:sec@ret/more@h.example:1",
    "http://us/er:secret@h.example:1",
    String.raw`http://CORP\user:secret@h.example:1`,
    "http://user:12/ret@h.example:1",
  ])("shows no part of a password that ends the host: %s", (value) => {
    const variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"].map((name) => `${name}=${value}`);
    for (const given of [variables, variables.slice(1), variables.slice(2)]) {
      const text = JSON.stringify(
        reportConfiguration(processWith(...given), [], { urls: ["https://sum.golang.org"], modules: ["h.example/m"] }),
      );
      expect(text).toContain("***");
      expect(text).not.toMatch(/sec|ret|:12|er:|more/);
    }
  });

  it.each(["", "%zz", "[::1", "http://h.example:80\n"])("takes %j for no proxy", (value) => {
    expect(parseForwardProxy("HTTP_PROXY", value, "e")).toBeUndefined();
  });
});

it.each([
  ["socks5h://h.example:1080", 22, "socks5h", 80],
  ["socks5h://h.example:1080", 23, "h.example", 1080],
  ["socks5://h.example:1080", 22, "h.example", 1080],
])("reads %s as Go 1.%d does", (value, minor, host, port) => {
  expect(parseForwardProxy("HTTPS_PROXY", value, "e", { text: "", minor })).toMatchObject({ host, port });
});

it("compares names with addresses up to Go 1.23", () => {
  expect(matchesNoProxy("2.3", "10.1.2.3", 443, { text: "go1.23", minor: 23 })).toBe(true);
  expect(matchesNoProxy("2.3", "10.1.2.3", 443, { text: "go1.24", minor: 24 })).toBe(false);
});

it("names the entry that covers a host", () => {
  expect(noProxyReason("a.example, .B.example", "x.b.example", 443)).toBe(".B.example");
  expect(noProxyReason("", "127.0.0.1", 443)).toBe("localhost");
  expect(noProxyReason("bücher.example", "xn--bcher-kva.example", 443)).toBe("bücher.example");
});

describe("matchesNoProxy", () => {
  const rows: [noProxy: string, place: [host: string, port: number], bypasses: boolean][] = [
    ["golang.org", ["golang.org", 443], true],
    ["golang.org", ["sum.golang.org", 443], true],
    ["golang.org", ["notgolang.org", 443], false],
    ["GoLang.ORG", ["SUM.golang.org", 443], true],
    [".golang.org", ["golang.org", 443], false],
    [".golang.org", ["sum.golang.org", 443], true],
    ["*.golang.org", ["golang.org", 443], false],
    ["*.golang.org", ["sum.golang.org", 443], true],
    ["golang.org:443", ["golang.org", 443], true],
    ["golang.org:443", ["golang.org", 80], false],
    ["10.0.0.0/8", ["10.1.2.3", 443], true],
    ["10.0.0.0/8", ["ten.example", 443], false],
    ["10.0.0.0/33", ["10.1.2.3", 443], false],
    ["10.1.2.3", ["10.1.2.3", 443], true],
    ["10.1.2.3:443", ["10.1.2.3", 443], true],
    ["10.1.2.3:443", ["10.1.2.3", 80], false],
    ["10.1.", ["10.1.2.3", 443], false],
    ["2.3", ["10.1.2.3", 443], false],
    ["2001:db8::/32", ["2001:db8::7", 443], true],
    ["[2001:db8::7]:443", ["[2001:db8::7]", 443], true],
    ["2001:db8::7", ["2001:db8::8", 443], false],
    ["*", ["anything.example", 443], true],
    ["a.com,*", ["anything.example", 443], true],
    ["sum.*", ["sum.golang.org", 443], false],
    ["https://sum.golang.org", ["sum.golang.org", 443], false],
    ["a.com;b.com", ["b.com", 443], false],
    ["a.com b.com", ["b.com", 443], false],
    [" a.com , b.com ", ["b.com", 443], true],
    [":443", ["b.com", 443], false],
    ["", ["b.com", 443], false],
    ["", ["localhost", 8081], true],
    ["", ["127.9.9.9", 8081], true],
    ["", ["::1", 8081], true],
    ["", ["foo.localhost", 8081], false],
  ];
  it.each(rows)("%s for %j: %s", (noProxy, [host, port], bypasses) => {
    expect(matchesNoProxy(noProxy, host, port)).toBe(bypasses);
  });
});
