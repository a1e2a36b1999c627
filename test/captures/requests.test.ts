import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Flow, HttpReport } from "../../src/flow/model.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { capturesFolder, scenarios, truthOf, type TrueFlow } from "./truth.ts";

const whole = scenarios().flatMap((scenario) => {
  const file = truthOf(scenario).files.find(({ file: name }) => /^(?:capture|ether)\.pcap$/.test(name))?.file;
  const keys = existsSync(join(capturesFolder, scenario, "tls.keys"));
  return file === undefined || !keys ? [] : [[scenario, file] as const];
});

describe("with the servers' keys, a capture shows the requests that the servers logged", () => {
  it.each(whole)("%s", async (scenario, file) => {
    const analysis = await analyzeFolder(join(capturesFolder, scenario), file, { keys: true });
    const flows = new Map([...analysis.flows()].map((flow) => [flow.client.port, flow]));
    for (const expected of truthOf(scenario).flows) {
      const flow = flows.get(Number(/\d+$/.exec(expected.client)![0]))!;
      expect(ordered(flow, asked(flow)), `flow ${flow.id}`).toEqual(ordered(flow, known(expected)));
      expect(flow.http.map(place)).toEqual(flow.http.map(place).sort((one, two) => one - two));
    }
  });
});

function known({ requests }: TrueFlow): string[] {
  return (requests ?? []).map(({ method, path, status }) => `${method} ${path} ${status}`);
}

function asked({ http }: Flow): string[] {
  return http
    .filter(({ method }) => method !== "CONNECT")
    .map(({ method, requestTarget, status }) => `${method} ${requestTarget} ${status}`);
}

/** Requests that run side by side stand in the servers' log as they were answered. */
function ordered(flow: Flow, requests: readonly string[]): readonly string[] {
  return flow.layers.includes("h2") ? requests.toSorted() : requests;
}

const place = ({ requestFrame }: HttpReport): number => requestFrame;
