import { expect, it } from "vitest";
import { gitProxyFor } from "../../../src/gomod/prediction/git-proxy.ts";
import { destinationOf, goProxyFor, type ProxyChoice } from "../../../src/gomod/prediction/proxy-choice.ts";
import { configurationOf, processWith } from "../../build/configuration.ts";

function told({ kind, proxy }: ProxyChoice): string {
  return proxy === undefined ? kind : `${proxy.scheme}://${proxy.host}:${proxy.port}`;
}

/** What Go and git do with one environment: they disagree more often than not. */
it.each<[variables: string[], url: string, go: string, git: string]>([
  [[], "https://h.example/m", "direct", "direct"],
  [["HTTPS_PROXY=http://p:8080"], "https://h.example/m", "http://p:8080", "http://p:8080"],
  [["https_proxy=http://l:1", "HTTPS_PROXY=http://u:2"], "https://h.example", "http://u:2", "http://l:1"],
  [["https_proxy=", "HTTPS_PROXY=http://u:2"], "https://h.example", "http://u:2", "direct"],
  [["HTTP_PROXY=http://p:1"], "https://h.example", "direct", "direct"],
  [["HTTP_PROXY=http://p:1"], "http://h.example", "http://p:1", "direct"],
  [["http_proxy=http://p:1"], "http://h.example", "http://p:1", "http://p:1"],
  [["ALL_PROXY=socks5h://p:1"], "https://h.example", "direct", "socks5h://p:1"],
  [["HTTPS_PROXY=p.example"], "https://h.example", "http://p.example:80", "http://p.example:1080"],
  [["HTTPS_PROXY=https://p.example"], "https://h.example", "https://p.example:443", "https://p.example:443"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=.example"], "https://example", "http://p:1", "direct"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=a.com h.example"], "https://h.example", "http://p:1", "direct"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=h.example:443"], "https://h.example", "direct", "http://p:1"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=*.example"], "https://h.example", "direct", "http://p:1"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=10.0.0.0/8"], "https://10.1.2.3", "direct", "direct"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=10.0.0.0/33;x"], "https://10.1.2.3", "http://p:1", "http://p:1"],
  [["HTTPS_PROXY=http://p:1"], "ftp://h.example", "direct", "direct"],
  [["HTTPS_PROXY=http://p:1"], "https://localhost:8443", "direct", "http://p:1"],
  [["HTTPS_PROXY=%zz"], "https://h.example", "direct", "http://%zz:1080"],
  [["HTTP_PROXY=http://p:1", "http_proxy=http://p:1", "REQUEST_METHOD=GET"], "http://h", "refused", "http://p:1"],
  [["HTTPS_PROXY=http://p:1", "NO_PROXY=*"], "https://h.example", "direct", "direct"],
])("%j to %s", (variables, url, go, git) => {
  const configuration = processWith(...variables);
  const destination = destinationOf(url)!;
  expect([told(goProxyFor(configuration, destination)), told(gitProxyFor(configuration, destination))]).toEqual([
    go,
    git,
  ]);
});

it.each([
  [["HTTPS_PROXY=%zz"], "HTTPS_PROXY is no URL, which Go takes for no proxy"],
  [[], "HTTPS_PROXY is not set, and Go has no other proxy for https://"],
  [["https_proxy=http://u:secret@p"], "https_proxy is for https:// and NO_PROXY does not cover h.example"],
  [["HTTPS_PROXY=p", "NO_PROXY=a, .example"], "the entry .example of NO_PROXY covers h.example"],
])("says why: %j", (variables, because) => {
  expect(goProxyFor(processWith(...variables), { scheme: "https", host: "h.example", port: 443 }).because).toBe(
    because,
  );
});

it("reads where a URL leads", () => {
  expect(destinationOf("https://H.example/x")).toEqual({ scheme: "https", host: "H.example", port: 443, path: "/x" });
  expect(destinationOf("http://[::1]:8080")).toEqual({ scheme: "http", host: "::1", port: 8080, path: "" });
  expect(destinationOf("h.example")).toBeUndefined();
});

/** Settings of git's own, and what they leave open. */
it.each<[settings: string, url: string, git: string, open: string | undefined]>([
  ["", "https://h.example", "http://v:1", undefined],
  ["http.proxy=http://p:2", "https://h.example", "http://p:2", undefined],
  ["http.proxy http://p:2", "http://h.example", "http://p:2", undefined],
  ["http.proxy=http://p:2\nhttp.https://h.example.proxy=", "https://h.example", "direct", undefined],
  ["http.proxy=http://p:2", "https://n.example", "direct", undefined],
  ["http.https://h.example/x.proxy=http://p:2", "https://h.example/x/y", "http://p:2", undefined],
  [
    "http.https://h.example/x.proxy=http://p:2",
    "https://h.example",
    "http://v:1",
    "http.https://h.example/x.proxy of git's configuration is for some of these requests",
  ],
  [
    "remote.origin.proxy=http://p:2",
    "https://h.example",
    "http://v:1",
    "remote.origin.proxy of git's configuration is for some of these requests",
  ],
])("git with %j to %s", (settings, url, git, open) => {
  const environment = "HTTPS_PROXY=http://v:1\0NO_PROXY=n.example";
  const configuration = configurationOf({ environment, "git-config": settings });
  const { path, ...place } = destinationOf(url)!;
  const choice = gitProxyFor(configuration, path === "" ? place : { ...place, path: path! });
  expect([told(choice), choice.open]).toEqual([git, open]);
});

it("has fetch and ls-remote of older versions of Go go through the proxy of their remote", () => {
  const texts = { environment: "HTTPS_PROXY=http://v:1", "git-config": "remote.origin.proxy=http://p:2" };
  const configuration = configurationOf(texts, { goVersion: { text: "go1.24.4", minor: 24 } });
  const choice = gitProxyFor(configuration, destinationOf("https://h.example/x")!);
  expect([told(choice), choice.open]).toEqual(["http://p:2", undefined]);
});

it("names what git's proxy is for with the brackets of an IPv6 address", () => {
  const configuration = configurationOf({ environment: "HTTPS_PROXY=http://v:1" });
  const { because } = gitProxyFor(configuration, destinationOf("https://[2001:db8::1]/x")!);
  expect(because).toBe("HTTPS_PROXY is for [2001:db8::1]:443 and no_proxy does not cover it");
});

it("says that git's own configuration was not given", () => {
  const environment = "GIT_CONFIG_COUNT=1\0GIT_CONFIG_KEY_0=http.proxy\0GIT_CONFIG_VALUE_0=http://u:secret@p:2";
  const choice = gitProxyFor(configurationOf({ environment }), destinationOf("https://h.example")!);
  expect(choice.open).toBe("git's own configuration was not given");
  expect(choice.proxy?.shown).toBe("http://***@p:2");
});
