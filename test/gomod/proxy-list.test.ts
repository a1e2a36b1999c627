import { describe, expect, it } from "vitest";
import { coversHost, parseProxyList, reachesDirect } from "../../src/gomod/proxy-list.ts";

describe("parseProxyList", () => {
  const rows: [value: string, entries: string[]][] = [
    ["https://proxy.golang.org,direct", ["proxy https://proxy.golang.org ,", "direct direct "]],
    [
      "https://a.example|https://b.example/x,off",
      ["proxy https://a.example |", "proxy https://b.example/x ,", "off off "],
    ],
    ["direct,https://a.example", ["direct direct ,"]],
    ["off|https://a.example", ["off off |"]],
    [" a.example , direct ", ["proxy https://a.example ,", "direct direct "]],
    [",,direct", ["direct direct "]],
    ["noproxy", ["invalid noproxy "]],
    ["on,direct", ["invalid on ,", "direct direct "]],
    ["file:///srv/mod", ["file file:///srv/mod "]],
    ["socks5://a.example", ["invalid socks5://a.example "]],
    ["https://user:secret@a.example", ["proxy https://***@a.example "]],
    ["http://user:secret@a.example", ["invalid http://***@a.example "]],
    ["user:secret@", ["invalid https://***@ "]],
    ["a.example:8081", ["proxy https://a.example:8081 "]],
    ["", []],
  ];
  it.each(rows)("%s", (value, entries) => {
    expect(parseProxyList(value).map(({ kind, text, separator }) => `${kind} ${text} ${separator}`)).toEqual(entries);
  });

  it("gives host, port and path", () => {
    const [entry] = parseProxyList("http://goproxy.corp.example:8081/go/");
    expect(entry.url).toMatchObject({ host: "goproxy.corp.example", port: 8081, path: "/go" });
  });
});

it("tells whether modules may come from their origin", () => {
  expect(reachesDirect(parseProxyList("https://a.example,direct"), "")).toBe(true);
  expect(reachesDirect(parseProxyList("https://a.example"), "")).toBe(false);
  expect(reachesDirect(parseProxyList("off"), "corp.example")).toBe(true);
});

it("takes the hosts under a private path for private too", () => {
  expect(coversHost("corp.example", "corp.example")).toBe(true);
  expect(coversHost("corp.example/team", "git.corp.example")).toBe(true);
  expect(coversHost("*.corp.example", "git.corp.example")).toBe(true);
  expect(coversHost("none", "corp.example")).toBe(false);
  expect(coversHost(",,", "corp.example")).toBe(false);
});
