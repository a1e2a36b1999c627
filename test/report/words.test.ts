import { describe, expect, it } from "vitest";
import type { PathVerdict } from "../../src/pki/verdict.ts";
import { pathText, routeText, tlsText } from "../../src/report/words.ts";
import { judgedFlow, through, tls, without } from "../build/flows.ts";

const verdict = (value: "accepted" | "rejected" | "undecided", unused = false) =>
  ({ value, grade: "inferred", because: "x", ...(unused && { unused }) }) as const;
const path = (some: Partial<PathVerdict>): PathVerdict => ({
  status: "complete",
  remarks: [],
  path: [],
  detail: "",
  ...some,
});

const refusal = { from: "server", level: "fatal", frame: 5, grade: "seen" } as const;

describe("routeText", () => {
  it.each([
    ["CONNECT", "http-connect", 200, "Go-http-client/1.1"],
    ["CONNECT 204", "http-connect", 204, "Go-http-client/1.1"],
    ["CONNECT", "http-connect", 204, "git/2.43.0"],
    ["CONNECT 403", "http-connect", 403, "git/2.43.0"],
    ["SOCKS5", "socks5", 0, undefined],
    ["SOCKS5 2", "socks5", 2, undefined],
    ["SOCKS4", "socks4", 90, undefined],
    ["SOCKS4 91", "socks4", 91, undefined],
  ] as const)("says %s", (text, kind, status, userAgent) => {
    const more = userAgent === undefined ? {} : { userAgent };
    expect(routeText(judgedFlow({ route: through(kind, "p.example:3128", "h.example:443", status, more) }))).toBe(text);
  });
});

describe("tlsText", () => {
  it.each([
    ["1.3 ok", tls({ negotiatedVersion: "TLS 1.3", verdict: verdict("accepted") })],
    ["1.3 unused", tls({ negotiatedVersion: "TLS 1.3", verdict: verdict("accepted", true) })],
    ["1.2 rejected", tls({ negotiatedVersion: "TLS 1.2", verdict: verdict("rejected") })],
    ["1.2 refused", tls({ negotiatedVersion: "TLS 1.2", verdict: verdict("accepted"), alerts: [refusal] })],
    ["refused", without(tls({ verdict: verdict("undecided"), alerts: [refusal] }), "negotiatedVersion")],
    ["no answer", without(tls({ verdict: verdict("undecided") }), "negotiatedVersion")],
    ["ok", without(tls({ verdict: verdict("accepted") }), "negotiatedVersion")],
    ["not TLS", tls({ strangeAnswer: "HTTP/1.1 400" })],
    ["-", undefined],
  ])("says %s", (text, layer) => {
    expect(tlsText(judgedFlow({ stage: "hello", tls: layer === undefined ? [] : [layer] }))).toBe(text);
  });

  it("tells a server that the capture does not show from one that was silent", () => {
    const layer = without(tls({ verdict: verdict("undecided") }), "negotiatedVersion");
    expect(tlsText(judgedFlow({ stage: "established", tls: [layer] }))).toBe("unseen");
  });
});

describe("pathText", () => {
  it.each([
    ["missing CA", path({ status: "missing-intermediate", certainty: "proved" })],
    ["missing CA?", path({ status: "missing-intermediate", certainty: "possible" })],
    ["unknown CA*", path({ status: "unknown-authority", remarks: ["perhaps-missing-intermediate"] })],
    ["complete*", path({ remarks: ["out-of-order"] })],
    ["hidden", path({ status: "not-visible" })],
  ])("says %s in a narrow table", (text, judged) => {
    const layer = tls({ path: judged });
    expect(pathText(layer, true)).toBe(text);
    expect(pathText(layer, true).length).toBeLessThanOrEqual(12);
  });

  it("says the whole in a wide one", () => {
    const judged = path({ status: "missing-intermediate", certainty: "likely", remarks: ["unrelated"] });
    expect(pathText(tls({ path: judged }), false)).toBe("missing-intermediate, likely (unrelated)");
  });
});
