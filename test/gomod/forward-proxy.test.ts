import { describe, expect, it } from "vitest";
import { matchesNoProxy, parseForwardProxy } from "../../src/gomod/forward-proxy.ts";

describe("parseForwardProxy", () => {
  const rows: [value: string, scheme: string, host: string, port: number, credentials: boolean][] = [
    ["http://proxy.corp.example:3128", "http", "proxy.corp.example", 3128, false],
    ["proxy.corp.example:3128", "http", "proxy.corp.example", 3128, false],
    ["proxy", "http", "proxy", 80, false],
    ["https://Sproxy.corp.example", "https", "sproxy.corp.example", 443, false],
    ["socks5://10.0.0.1", "socks5", "10.0.0.1", 1080, false],
    ["socks5h://[2001:db8::1]:9050/", "socks5h", "2001:db8::1", 9050, false],
    ["socks4://h.example", "socks4", "h.example", 80, false],
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

  it.each(["http://", "http://h:99999", "", "http://[::1"])("takes %j for no proxy", (value) => {
    expect(parseForwardProxy("HTTP_PROXY", value, "e")).toBeUndefined();
  });
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
