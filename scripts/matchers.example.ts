/** A project's tests with the matchers of gomodcap/vitest: scripts/try-package.js runs them against the packed package. */
import "gomodcap/vitest";
import { readFile } from "node:fs/promises";
import { analyze, TrustAnchors } from "gomodcap";
import { describe, expect, it } from "vitest";

const connect = "captures/connect/capture.pcap";
const leafOnly = "captures/leaf-only/capture.pcap";

describe("captures of go get", () => {
  it("are held against expectations", async () => {
    await expect(connect).toRouteThroughProxy("proxy.corp.example");
    await expect(connect).toAvoidHost("telemetry.example");
    await expect(connect).toHaveNoMissingIntermediate();
    await expect(connect).toSatisfyPolicy("policy.yaml");
    await expect(connect).toMatchCaptureSnapshot();
    await expect(leafOnly).toMatchCaptureSnapshot("leaf only");
    await expect(leafOnly).not.toHaveNoMissingIntermediate();
    await expect(leafOnly).not.toAvoidHost("sum.golang.org");
  });

  it("fail with what they show, and how to see it", async () => {
    await expect(expect(leafOnly).toHaveNoMissingIntermediate()).rejects.toThrow(
      /broken: .*\n.*[\s\S]*frames \d+[\s\S]*=> /,
    );
    await expect(expect(leafOnly).toAvoidHost("sum.golang.org")).rejects.toThrow(/flow \d+[\s\S]*Wireshark: frame/);
    await expect(expect(leafOnly).toSatisfyPolicy("policy.yaml")).rejects.toThrow(/policy\.yaml:2:5/);
    await expect(expect(connect).not.toAvoidHost("telemetry.example")).rejects.toThrow(/was not to be so/);
    await expect(expect("captures/none.pcap").toAvoidHost("example.com")).rejects.toThrow(/no such file/);
  });

  it("fail where the capture does not show it, as the opposite too", async () => {
    const bytes = await readFile(leafOnly);
    let at = 0;
    const read = (target: Uint8Array): Promise<number> => {
      const count = bytes.copy(target, 0, at);
      at += count;
      return Promise.resolve(count);
    };
    const open = () => Promise.resolve({ read, close: () => Promise.resolve() });
    const analysis = await analyze([{ name: "x.pcap", reopenable: false, open }], {
      anchors: TrustAnchors.fromPem([], ""),
    });
    const unseen = expect(analysis).toHaveNoMissingIntermediate();
    await expect(unseen).rejects.toThrow(/cannot tell/);
    await expect(expect(analysis).not.toHaveNoMissingIntermediate()).rejects.toThrow(/cannot tell/);
    await expect(analysis).toHaveNoMissingIntermediate({ unknown: true });
  });
});
