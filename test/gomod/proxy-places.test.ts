import { expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { ProxyPlaces, isOwnProxy } from "../../src/gomod/proxy-places.ts";
import { configurationOf } from "../build/configuration.ts";
import { flow, target, through, unopened } from "../build/flows.ts";

const server = { address: "198.51.100.40", port: 3129 };

it("knows proxies from settings and from siblings, by name and by address", () => {
  const text = "HTTPS_PROXY=http://p.corp.example:3129\nALL_PROXY=socks5://s.corp.example";
  const places = new ProxyPlaces(mergeConfigurations([parseConfigurationText("env.json", text)]));
  expect(places.reason(unopened({ target: target("p.corp.example:3129", "dns") }))).toBe(
    "HTTPS_PROXY in env.json names p.corp.example:3129 as proxy",
  );
  expect(places.has("s.corp.example", 1080)).toBe(true);
  const unknown = unopened({ id: 9, server, target: target("198.51.100.40:3129", "address") });
  expect(places.reason(unknown)).toBeUndefined();
  places.observe(flow({ id: 3, server, route: through("http-connect", "q.corp.example:3129", "h:443") }));
  places.observe(flow({ id: 2, server, route: through("http-connect", "q.corp.example:3129", "h:443") }));
  expect(places.reason(unknown)).toBe("flow 2 spoke to a proxy at 198.51.100.40:3129");
  expect(places.has("q.corp.example", 3129)).toBe(true);
});

it("knows those that git alone takes, by their variables and by git's configuration", () => {
  const environment = "https_proxy=http://g.corp.example:8888\0GIT_CONFIG_COUNT=1\0GIT_CONFIG_KEY_0=http.proxy";
  const places = new ProxyPlaces(
    configurationOf({ environment: `${environment}\0GIT_CONFIG_VALUE_0=http://c.corp.example:8889` }),
  );
  expect(["g:8888", "c:8889", "h:8890"].map((at) => places.has(...placed(at)))).toEqual([true, true, false]);
});

function placed(at: string): [host: string, port: number] {
  const [name, port] = at.split(":");
  return [`${name}.corp.example`, Number(port)];
}

it("does not take a named target for the proxy at its address", () => {
  const places = new ProxyPlaces(undefined);
  places.observe(flow({ id: 1, server, route: through("http-connect", "q:3129", "h:443") }));
  expect(places.reason(flow({ id: 2, server, target: target("sum.golang.org:3129") }))).toBeUndefined();
});

it("takes usual ports for proxies only where nothing was said", () => {
  const places = new ProxyPlaces(undefined);
  expect(places.reason(unopened({ target: target("h:1080", "dns") }))).toBe("port 1080 is a SOCKS proxy's");
  expect(places.reason(flow({ target: target("h:3128") }))).toBeUndefined();
});

it("tells a target that is but the proxy", () => {
  const route = through("http-connect", "q:3129", "");
  expect(isOwnProxy(flow({ server, route, target: target("q:3129") }))).toBe(true);
  expect(isOwnProxy(flow({ server, route, target: target("198.51.100.40:3129", "address") }))).toBe(true);
  expect(isOwnProxy(flow({ server, route, target: target("h:443", "connect") }))).toBe(false);
  expect(isOwnProxy(flow({ server, target: target("q:3129") }))).toBe(false);
});
