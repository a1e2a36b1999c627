import { expect, it } from "vitest";
import { renderFlow } from "../../src/report/flow-text.ts";
import { plainStyle } from "../../src/report/style.ts";
import { sampleAnalysis } from "../build/analysis.ts";
import { http, judgedFlow } from "../build/flows.ts";

it("shows what HTTP/2 did to streams, and what nobody can know of them", () => {
  const reset = { from: "server", error: "INTERNAL_ERROR (2)", frame: 9 } as const;
  const flow = judgedFlow({
    http: [http("p.example", "/x", { reset, unknownFields: 2 })],
    goAways: [{ from: "server", lastStream: 5, error: "NO_ERROR (0)", frame: 12 }],
  });
  const report = [...renderFlow(flow, sampleAnalysis(), { width: 200, style: plainStyle })].join("");
  expect(report).toContain(
    ", reset by the server: INTERNAL_ERROR (2), 2 fields not known: what came before the capture named them (frame 8)",
  );
  expect(report).toMatch(/GOAWAY +from the server, last stream 5: NO_ERROR \(0\) \(frame 12\)/);
});
