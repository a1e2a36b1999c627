import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { analyzeFolder } from "../build/analyze.ts";
import { capturesFolder, scenarios, truthOf, type TrueFlow } from "./truth.ts";

/** The lab's names for roles, in ours. */
const roles: Readonly<Record<string, string>> = {
  "go-get": "discovery",
  "mod-origin": "module-proxy",
  "http-proxy": "forward-proxy",
  "socks-proxy": "forward-proxy",
  "module-proxy-storage": "storage",
};
const routes: Readonly<Record<string, string>> = {
  connect: "http-connect",
  "http-forward": "http-forward",
  socks5: "socks5",
};
/** The lab's names for chain variants and statuses, in ours: status and the remarks that must be there. */
const chains: Readonly<Record<string, readonly [status: string, ...remarks: string[]]>> = {
  "wrong-order": ["complete", "out-of-order"],
  "extra-cert": ["complete", "unrelated"],
  "duplicate-cert": ["complete", "duplicate"],
  // What was sent ends at a certificate whose issuer is not there: without more, that may be an intermediate too.
  "unknown-root": ["unknown-authority", "perhaps-missing-intermediate"],
  "expired-intermediate": ["expired"],
  "missing-issuing-of-two": ["missing-intermediate"],
  "missing-policy-of-two": ["missing-intermediate"],
};

for (const scenario of scenarios()) {
  const truth = truthOf(scenario);
  // Files cut by a snap length on purpose have tests of their own.
  const files = truth.files.filter(({ file }) => /\.pcap/.test(file) && !file.startsWith("snap"));
  describe(scenario, () => {
    it.each(files.map(({ file }) => file))("%s agrees with the lab, flow by flow", async (file) => {
      const folder = join(capturesFolder, scenario);
      const analysis = await analyzeFolder(folder, file);
      const flows = new Map([...analysis.flows()].map((flow) => [endpoints(flow), flow]));
      for (const expected of truth.flows) {
        const flow = flows.get(`${expected.client} ${expected.server}`);
        expect(flow, `${expected.client} to ${expected.server}`).toBeDefined();
        expect(observed(flow!, expected)).toEqual(known(expected));
      }
      expect(flows.size).toBe(truth.flows.length);
    });
  });
}

for (const scenario of scenarios()) {
  const truth = truthOf(scenario);
  const folder = join(capturesFolder, scenario);
  const encrypted = truth.flows.filter(({ tls }) => tls != null && tls.version !== null);
  if (encrypted.length === 0 || !existsSync(join(folder, "tls.keys"))) continue;
  it(`${scenario} shows with keys what the lab saw inside`, async () => {
    const [{ file }] = truth.files.filter(({ file: name }) => /\.pcap/.test(name) && !name.startsWith("snap"));
    const analysis = await analyzeFolder(folder, file, { keys: true });
    const flows = new Map([...analysis.flows()].map((flow) => [endpoints(flow), flow]));
    for (const expected of encrypted) {
      const flow = flows.get(`${expected.client} ${expected.server}`)!;
      expect(decryptedOf(flow), `flow ${flow.id}`).toEqual(knownInside(expected));
      expect(flow.problems.filter(({ layer }) => layer === "tls")).toEqual([]);
    }
  });
}

/** What the lab knows of the innermost TLS of a flow. */
function knownInside({ tls }: TrueFlow): Record<string, unknown> {
  const rejected = verdictOf(tls!.verdict)[0] === "rejected";
  return {
    serverName: tls!.sni,
    version: tls!.version,
    // The lab's server never told of a connection that came to nothing.
    ...(!rejected && { alpn: tls!.alpn ?? "" }),
    verdict: verdictOf(tls!.verdict),
    alerts: (tls!.alerts ?? []).map(({ from, code }) => `${from} ${code}`),
    sent: tls!.chain?.sent.map(({ sha256 }) => sha256),
  };
}

function decryptedOf(flow: Flow): Record<string, unknown> {
  const tls = flow.tls.at(-1)!;
  return {
    serverName: tls.serverName,
    version: tls.negotiatedVersion?.replace("TLS ", "TLSv"),
    ...(tls.verdict.value !== "rejected" && { alpn: tls.alpn ?? "" }),
    verdict: [tls.verdict.value, tls.verdict.unused === true],
    alerts: tls.alerts
      .filter(({ description }) => description?.startsWith("close_notify") !== true)
      .map(({ from, description }) => `${from} ${/\((\d+)\)/.exec(description ?? "(?)")?.[1]}`),
    sent: tls.certificates.map(({ sha256 }) => sha256),
  };
}

function endpoints({ client, server }: Flow): string {
  const text = ({ address, port }: Flow["client"]): string =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  return `${text(client)} ${text(server)}`;
}

/** What the lab knows of a flow, in our words; only what bytes without keys can tell. */
function known(flow: TrueFlow): Record<string, unknown> {
  const { via, tls } = flow;
  const isNoise = flow.role === "noise" || flow.label === null;
  const hidden = via?.proxyTls != null;
  const shown = tls != null && tls.version !== null && !hidden ? tls : undefined;
  return {
    route: routes[via?.kind ?? ""] ?? "direct",
    overTls: hidden,
    // The name of a noise flow may stand nowhere in the capture.
    ...(flow.role !== "noise" && { target: flow.targetHost ?? flow.host }),
    ...(!isNoise && { label: flow.label }),
    ...(!isNoise && { role: roleOf(flow) }),
    ...(via?.status != null && !hidden && { status: via.status }),
    ...(via?.attempts != null && { attempts: via.attempts }),
    ...(shown !== undefined && { serverName: shown.sni, version: shown.version }),
    ...(shown?.version === "TLSv1.2" && shown.alpn !== null && { alpn: shown.alpn }),
    ...(tls?.verdict !== undefined && { verdict: verdictOf(tls.verdict) }),
    ...(shown?.certificatesVisible?.withoutKeys === true && {
      chain: chainOf(shown),
      sent: shown.chain!.sent.map((sent) => sent.sha256),
    }),
    clearAlerts: (shown?.alerts ?? []).filter(({ encrypted }) => !encrypted).map(({ from, code }) => `${from} ${code}`),
  };
}

function observed(flow: Flow, expected: TrueFlow): Record<string, unknown> {
  const wanted = known(expected);
  const tls = flow.tls.at(-1);
  const all: Record<string, unknown> = {
    route: flow.route.kind,
    overTls: flow.route.overTls,
    target: flow.target.host,
    label: flow.label,
    role: flow.role,
    status: flow.route.status,
    attempts: flow.route.attempts.map(({ status }) => status),
    serverName: tls?.serverName,
    version: tls?.negotiatedVersion?.replace("TLS ", "TLSv"),
    alpn: tls?.alpn ?? "",
    verdict: tls === undefined ? undefined : [tls.verdict.value, tls.verdict.unused === true],
    chain: tls === undefined ? undefined : [tls.path.status, ...tls.path.remarks],
    sent: tls?.certificates.map(({ sha256 }) => sha256),
    clearAlerts: (tls?.alerts ?? [])
      .filter(({ description }) => description !== undefined && !description.startsWith("close_notify"))
      .map(({ from, description }) => `${from} ${/\((\d+)\)/.exec(description!)![1]}`),
  };
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, all[key]]));
}

function roleOf({ role, targetRole }: TrueFlow): string {
  const lab = targetRole ?? role;
  return roles[lab] ?? lab;
}

function verdictOf(verdict: string): readonly [string, boolean] {
  if (verdict === "accepted") return ["accepted", false];
  if (verdict === "unused") return ["accepted", true];
  return ["rejected", false];
}

function chainOf({ chain }: NonNullable<TrueFlow["tls"]>): readonly string[] {
  return chains[chain!.status] ?? chains[chain!.variant] ?? [chain!.status];
}
