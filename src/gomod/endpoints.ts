import type { Role } from "../flow/model.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";

/** What a public host is for. */
export interface Endpoint {
  readonly role: Extract<Role, "module-proxy" | "sumdb" | "vcs" | "discovery" | "toolchain" | "storage" | "other">;
  /** Completes "HOST …". */
  readonly because: string;
  /** Import paths under it are mapped to repositories by a table in the go command: nothing is asked before git. */
  readonly staticTable?: true;
}

const mirror = { role: "module-proxy", because: "is a public module proxy" } as const;
const database = { role: "sumdb", because: "is the public checksum database" } as const;
const repositories = { role: "vcs", because: "hosts repositories" } as const;
const staticRepositories = { ...repositories, staticTable: true } as const;
const vanity = { role: "discovery", because: "maps import paths to repositories" } as const;

const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ["proxy.golang.org", { role: "module-proxy", because: "is the public Go module mirror" }],
  ["goproxy.cn", mirror],
  ["goproxy.io", mirror],
  ["athens.azurefd.net", mirror],
  ["mirrors.aliyun.com", mirror],
  ["mirrors.cloud.tencent.com", mirror],
  ["repo.huaweicloud.com", mirror],
  ["goproxy.baidu.com", mirror],
  ["goproxy.bj.bcebos.com", mirror],
  ["gocenter.io", mirror],
  ["sum.golang.org", database],
  ["sum.golang.google.cn", { role: "sumdb", because: "is the public checksum database, as served in China" }],
  ["storage.googleapis.com", { role: "storage", because: "is where proxy.golang.org keeps large zips" }],
  ["dl.google.com", { role: "toolchain", because: "serves Go toolchains" }],
  ["go.dev", { role: "toolchain", because: "serves Go toolchains" }],
  ["golang.google.cn", { role: "toolchain", because: "serves Go toolchains" }],
  ["telemetry.go.dev", { role: "other", because: "takes the telemetry that GOTELEMETRY=on uploads" }],
  ["vuln.go.dev", { role: "other", because: "is the vulnerability database" }],
  ["github.com", staticRepositories],
  ["bitbucket.org", staticRepositories],
  ["hub.jazz.net", staticRepositories],
  ["git.apache.org", staticRepositories],
  ["git.openstack.org", staticRepositories],
  ["chiselapp.com", staticRepositories],
  ["gitlab.com", repositories],
  ["codeberg.org", repositories],
  ["gitee.com", repositories],
  ["git.sr.ht", repositories],
  ["gitea.com", repositories],
  ["go.googlesource.com", repositories],
  ["chromium.googlesource.com", repositories],
  ["ssh.github.com", repositories],
  ["ssh.dev.azure.com", repositories],
  ["dev.azure.com", repositories],
  ["git.launchpad.net", repositories],
  ["golang.org", vanity],
  ["gopkg.in", vanity],
  ["go.uber.org", vanity],
  ["k8s.io", vanity],
  ["sigs.k8s.io", vanity],
  ["google.golang.org", vanity],
  ["cloud.google.com", vanity],
  ["go.opentelemetry.io", vanity],
  ["go.etcd.io", vanity],
  ["go.mongodb.org", vanity],
  ["gonum.org", vanity],
  ["gorm.io", vanity],
  ["gocloud.dev", vanity],
  ["modernc.org", vanity],
  ["honnef.co", vanity],
  ["rsc.io", vanity],
  ["filippo.io", vanity],
  ["mvdan.cc", vanity],
  ["go.starlark.net", vanity],
  ["go.opencensus.io", vanity],
  ["gotest.tools", vanity],
  ["helm.sh", vanity],
  ["cel.dev", vanity],
  ["istio.io", vanity],
  ["knative.dev", vanity],
  ["dario.cat", vanity],
  ["gioui.org", vanity],
  ["howett.net", vanity],
  ["lukechampine.com", vanity],
  ["nhooyr.io", vanity],
  ["storj.io", vanity],
  ["tailscale.com", vanity],
  ["zombiezen.com", vanity],
]);

/** What a well-known host is for; undefined for all others. The host in lower case. */
export function wellKnown(host: string): Endpoint | undefined {
  return endpoints.get(host);
}

/**
 * Hosts that a request of Go may be for, to match a target of which only the length shows: those that the
 * configuration names and Go's defaults. Where two are of one length, the configured one stands alone.
 */
export function knownHosts(configuration?: GoConfiguration): readonly string[] {
  const configured = new Set<string>();
  for (const { url } of configuration?.proxyList ?? []) if (url !== undefined) configured.add(url.host);
  const checksums = configuration?.checksumDatabase?.url?.host;
  if (checksums !== undefined) configured.add(checksums);
  for (const { host } of configuration?.log.requests ?? []) configured.add(host);
  const lengths = new Set([...configured].map((host) => host.length));
  const defaults = ["proxy.golang.org", "sum.golang.org", "storage.googleapis.com", "github.com"];
  return [...configured, ...defaults.filter((host) => !configured.has(host) && !lengths.has(host.length))];
}
