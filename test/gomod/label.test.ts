import { expect, it } from "vitest";
import type { Role } from "../../src/flow/model.ts";
import { judgeLabel, strongest } from "../../src/gomod/label.ts";
import type { JudgedTarget, LabelContext } from "../../src/gomod/label.ts";
import { flow, stack, through, tls } from "../build/flows.ts";

const plain: LabelContext = { ownRequests: false, moduleOrigin: false, clientLegProxied: false, goSeen: true };
const verdict = (role: Role) => ({ role, evidence: { grade: "inferred", because: "so it is" } }) as const;
const proxied = flow({ route: through("socks5", "s:1080", "h:443") });

it.each([
  ["sumdb", "sumdb", "sumdb"],
  ["module-proxy", "proxied", "proxied"],
  ["storage", "proxied", "proxied"],
  ["forward-proxy", "proxied", "proxied"],
  ["toolchain", "direct", "proxied"],
  ["vcs", "direct", "proxied"],
  ["discovery", "direct", "proxied"],
  ["unknown", "direct", "proxied"],
  ["other", "other", "proxied"],
  ["dns", "other", "proxied"],
] as const)("role %s: %s without a proxy, %s through one", (role, direct, through) => {
  expect(judgeLabel(flow(), verdict(role), plain).label).toBe(direct);
  expect(judgeLabel(proxied, verdict(role), plain).label).toBe(through);
});

it("takes the client's leg and a go-import tag into account", () => {
  expect(judgeLabel(flow(), verdict("vcs"), { ...plain, clientLegProxied: true }).label).toBe("proxied");
  expect(judgeLabel(flow(), verdict("sumdb"), { ...plain, clientLegProxied: true }).label).toBe("sumdb");
  expect(judgeLabel(flow(), verdict("module-proxy"), { ...plain, moduleOrigin: true }).label).toBe("direct");
});

it("lets a browser's flow be Go's only where it asks what Go asks", () => {
  const browser = flow({ tls: [tls({ clientStack: stack("browser") })] });
  expect(judgeLabel(browser, verdict("vcs"), plain).label).toBe("other");
  expect(judgeLabel(browser, verdict("vcs"), { ...plain, ownRequests: true }).label).toBe("direct");
});

it("says nothing of a program whose requests were cut", () => {
  const cut = flow({ layers: ["http/1.1"], tls: [], http: [] });
  expect(judgeLabel(cut, verdict("unknown"), { ...plain, goSeen: false })).toMatchObject({
    label: "other",
    evidence: { grade: "unknown", because: "no request on it was captured whole" },
  });
  expect(judgeLabel(cut, verdict("unknown"), plain).label).toBe("direct");
});

it("takes no mail turned into TLS for Go's, whatever library does it", () => {
  const mail = flow({ layers: ["smtp", "starttls", "tls"], tls: [tls({ clientStack: stack("go") })] });
  const { label, evidence } = judgeLabel(mail, verdict("unknown"), plain);
  expect([label, evidence.grade]).toEqual(["other", "seen"]);
});

it("prefers sumdb to proxied to direct to other", () => {
  const judged = (["other", "direct", "sumdb", "proxied"] as const).map((label): JudgedTarget => {
    return { verdict: verdict("unknown"), label: { label, evidence: { grade: "seen", because: label } } };
  });
  expect(strongest(judged).label.label).toBe("sumdb");
  expect(strongest(judged.slice(0, 2)).label.label).toBe("direct");
});
