import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { capturesFolder, scenarios } from "../captures/truth.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { hasTshark, readWithTshark, type OracleConnection } from "./tshark.ts";

const files = scenarios().flatMap((scenario) =>
  readdirSync(join(capturesFolder, scenario))
    .filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file))
    .map((file) => ({ scenario, file })),
);

describe.skipIf(!hasTshark())("tshark and we see the same in", () => {
  it.each(files)("$scenario/$file", async ({ scenario, file }) => {
    const folder = join(capturesFolder, scenario);
    const theirs = readWithTshark(join(folder, file));
    const ours = [...(await analyzeFolder(folder, file)).flows()];
    // tshark reads no message that a snap length cut, and opens what a secrets block has keys for.
    const scope: Scope = file.startsWith("snap") ? "frames" : file.startsWith("dsb") ? "clear" : "all";
    expect(ours.map((flow) => inOurWords(flow, scope))).toEqual(theirs.map((one) => inTheirWords(one, scope)));
  });
});

type Scope = "frames" | "clear" | "all";

function inOurWords(flow: Flow, scope: Scope): Record<string, unknown> {
  const client = `${flow.client.address} ${flow.client.port}`;
  const server = `${flow.server.address} ${flow.server.port}`;
  return {
    endpoints: `${client} ${server}`,
    firstFrame: flow.frames.first,
    frames: flow.frames.count,
    ...(scope !== "frames" && {
      payload: [flow.bytes.clientToServer, flow.bytes.serverToClient],
      serverNames: flow.tls.flatMap(({ serverName }) => serverName ?? []),
      alpnOffered: flow.tls.flatMap(({ alpnOffered }) => alpnOffered),
    }),
    ...(scope === "all" && {
      alerts: flow.tls.flatMap(({ alerts }) =>
        alerts.flatMap(({ description }) => /\((\d+)\)/.exec(description ?? "")?.[1] ?? []),
      ),
      certificates: flow.tls.flatMap(({ certificates }) => certificates.map(({ sha256 }) => sha256)),
      requests: flow.http.map(({ method, requestTarget }) => `${method} ${requestTarget}`),
      statuses: flow.http.flatMap(({ status }) => (status === undefined ? [] : String(status))),
    }),
  };
}

function inTheirWords(one: OracleConnection, scope: Scope): Record<string, unknown> {
  const words = one.endpoints.split(" ");
  const [client, server] = [words.slice(0, 2).join(" "), words.slice(2).join(" ")];
  return {
    endpoints: one.endpoints,
    firstFrame: one.firstFrame,
    frames: one.frames,
    ...(scope !== "frames" && {
      payload: [one.payload.get(client) ?? 0, one.payload.get(server) ?? 0],
      serverNames: one.serverNames,
      alpnOffered: one.alpnOffered,
    }),
    ...(scope === "all" && {
      alerts: one.alerts,
      certificates: one.certificates,
      requests: one.requests,
      statuses: one.statuses,
    }),
  };
}
