import { describe, expect, it } from "vitest";
import { isProxyHop, targetTls } from "../../src/flow/target-tls.ts";
import { judgedFlow, through, tls } from "../build/flows.ts";

describe("the TLS layer that speaks with the target", () => {
  const [outer, inner] = [tls({}), tls({})];
  const route = { ...through("http-connect", "p:3129", "h:443"), overTls: true };

  it("is the innermost, unless that speaks with the proxy", () => {
    expect(targetTls(judgedFlow({ tls: [inner] }))).toBe(inner);
    expect(targetTls(judgedFlow({ route, tls: [outer, inner] }))).toBe(inner);
    expect(targetTls(judgedFlow({ route, tls: [outer] }))).toBeUndefined();
    expect(targetTls(judgedFlow({ tls: [] }))).toBeUndefined();
  });

  it("leaves the others to proxies", () => {
    const hops = (flow: Parameters<typeof isProxyHop>[0]) => flow.tls.map((_, at) => isProxyHop(flow, at));
    expect(hops(judgedFlow({ tls: [inner] }))).toEqual([false]);
    expect(hops(judgedFlow({ route, tls: [outer, inner] }))).toEqual([true, false]);
    expect(hops(judgedFlow({ route, tls: [outer] }))).toEqual([true]);
  });
});
