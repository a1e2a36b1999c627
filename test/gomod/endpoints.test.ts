import { expect, it } from "vitest";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { knownHosts, wellKnown } from "../../src/gomod/endpoints.ts";

it.each([
  ["proxy.golang.org", "module-proxy"],
  ["goproxy.cn", "module-proxy"],
  ["sum.golang.org", "sumdb"],
  ["sum.golang.google.cn", "sumdb"],
  ["storage.googleapis.com", "storage"],
  ["go.dev", "toolchain"],
  ["golang.org", "discovery"],
  ["gopkg.in", "discovery"],
  ["github.com", "vcs"],
  ["go.googlesource.com", "vcs"],
  ["telemetry.go.dev", "other"],
])("%s is %s", (host, role) => {
  expect(wellKnown(host)?.role).toBe(role);
});

it("knows no others, nor their children", () => {
  expect(wellKnown("evil-github.com")).toBeUndefined();
  expect(wellKnown("x.github.com")).toBeUndefined();
});

it("offers configured hosts and, of another length, Go's defaults", () => {
  expect(knownHosts()).toEqual(["proxy.golang.org", "sum.golang.org", "storage.googleapis.com", "github.com"]);
  const text = "GOPROXY=https://goproxy.cn,direct\nGOSUMDB=sum.golang.org";
  const configured = knownHosts(mergeConfigurations([parseConfigurationText("e", text)]));
  expect(configured).toEqual(["goproxy.cn", "sum.golang.org", "proxy.golang.org", "storage.googleapis.com"]);
  const log = parseConfigurationText("log", "# get https://corp.example/x?go-get=1");
  expect(knownHosts(mergeConfigurations([log]))[0]).toBe("corp.example");
});
