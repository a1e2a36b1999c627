import { describe, expect, it } from "vitest";
import { unopenedRoute } from "../../src/flow/hidden-route.ts";
import { Naming } from "../../src/flow/naming.ts";
import { findRoute } from "../../src/flow/route.ts";
import { DnsLog } from "../../src/protocol/dns/log.ts";
import type { LoneRequest, TlsFacts } from "../../src/protocol/tls/facts.ts";
import { connectionFacts, helloFacts, tlsFacts } from "../build/connections.ts";

const refused: LoneRequest = { bytes: 101, frame: 7, answers: [45], answerFrame: 8, closed: true };
const hello = helloFacts({ serverName: "Proxy.Corp.Example" });
const place = { address: "198.51.100.40", port: 3129 };

function asked(more: Partial<LoneRequest> = {}): TlsFacts {
  return tlsFacts({ hello, loneRequest: { ...refused, ...more } });
}

function naming(known = true): Naming {
  const names = new Naming(new DnsLog(() => undefined), new Map(), ["proxy.golang.org", "sum.golang.org"]);
  if (known) names.tlsProxyAt("proxy.corp.example", 3129, "HTTPS_PROXY in env.json names it");
  return names;
}

const route = (tls: TlsFacts, names = naming()) => unopenedRoute(tls, place, names);

describe("a tunnel inside TLS that was not opened", () => {
  it("is to the one known host that fits, and says why", () => {
    const found = route(asked())!;
    expect(found.targets).toEqual([{ host: "proxy.golang.org", port: 443, source: "connect" }]);
    expect(found.route).toMatchObject({
      kind: "http-connect",
      overTls: true,
      proxy: { ...place, name: "proxy.corp.example" },
      target: "proxy.golang.org:443",
      attempts: [{ frame: 8, answerBytes: 45 }],
      evidence: { grade: "inferred" },
    });
    expect(found.route.evidence.because).toContain("HTTPS_PROXY in env.json names it");
    expect(found.route.evidence.because).toContain("101 bytes = 61 + 2 × 20");
  });

  it("has no target where credentials hide the length, or no known host fits", () => {
    for (const bytes of [144, 181]) {
      expect(route(asked({ bytes }))!.targets).toMatchObject([{ host: "proxy.corp.example", port: 3129 }]);
    }
  });

  it.each<[name: string, request: Partial<LoneRequest>, attempts: object[]]>([
    ["all of the answer", { answers: [48, 2000] }, [{ frame: 8, answerBytes: 2048 }]],
    ["a bare 200, and the tunnel was given up", { answers: [39] }, []],
    ["tickets, for Go acts on an answer", { closed: false }, [{ frame: 7 }]],
  ])("was answered by %s", (_, request, attempts) => {
    expect(route(asked(request))!.route.attempts).toEqual(attempts.map((attempt) => ({ ...attempt, schemes: [] })));
  });

  it("was not answered", () => {
    const tls = tlsFacts({ hello, loneRequest: { bytes: 101, frame: 7, answers: [], closed: true } });
    expect(route(tls)!.route.attempts).toEqual([{ frame: 7, schemes: [] }]);
  });

  it("is told of known proxies alone, by name or address", () => {
    expect(route(asked(), naming(false))).toBeUndefined();
    const byAddress = naming(false);
    byAddress.tlsProxyAt("198.51.100.40", 3129, "flow 1 opened a tunnel at the same place");
    expect(route(asked(), byAddress)).toBeDefined();
    expect(unopenedRoute(asked(), { ...place, port: 443 }, naming())).toBeUndefined();
  });

  it("leaves a direct route no more than inferred where nothing tells", () => {
    const connection = connectionFacts({ serverAddress: place.address, serverPort: place.port });
    const { route } = findRoute(connection, [asked()], naming(false));
    expect(route).toMatchObject({ kind: "direct", evidence: { grade: "inferred" } });
    expect(route.evidence.because).toContain("a CONNECT that was refused");
    expect(findRoute(connection, [asked()], naming()).route.kind).toBe("http-connect");
  });
});
