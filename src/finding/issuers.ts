import type { Flow, TlsReport } from "../flow/model.ts";
import { wellKnown } from "../gomod/endpoints.ts";
import { specialNetwork } from "../gomod/ip-address.ts";
import { limits } from "../limits.ts";
import { lastIssuer } from "./certificate-words.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { list } from "./wording.ts";

/** Public hosts that showed certificates of one authority. */
interface Issuer {
  /** Host → its owner. */
  readonly hosts: Map<string, string>;
  /** An authority alone was unknown: a public host's own may be missing an intermediate, but has a public root. */
  unknown: boolean;
  readonly seen: { readonly seen: Seen; readonly rejected: boolean; readonly frame: number }[];
}

/**
 * One authority that no anchor knows, across public hosts: a proxy that re-signs. One host alone shows nothing, hosts of
 * one owner only where no intermediate can be missing, and hosts that are not known to be public never count.
 *
 * Invariants: issuers and flows of one issuer are capped.
 */
export class ReSigning {
  readonly #issuers = new Map<string, Issuer>();

  observe(seen: Seen): void {
    const { flow } = seen;
    const layer = flow.tls.at(-1);
    const [certificate] = layer?.certificates ?? [];
    const host = layer?.serverName?.toLowerCase();
    if (layer === undefined || certificate === undefined || host === undefined || !isOfPublicHost(flow, layer)) return;
    if (!untrusted.includes(layer.path.status)) return;
    const issuer = this.#issuer(`${certificate.issuer} ${certificate.authorityKeyId ?? ""}`);
    if (issuer === undefined) return;
    if (issuer.hosts.size < limits.findingFlows) issuer.hosts.set(host, ownerOf(host));
    issuer.unknown &&= layer.path.status === "unknown-authority";
    if (issuer.seen.length < limits.findingFrames) {
      issuer.seen.push({ seen, rejected: layer.verdict.value === "rejected", frame: certificate.frame });
    }
  }

  #issuer(key: string): Issuer | undefined {
    let issuer = this.#issuers.get(key);
    if (issuer === undefined && this.#issuers.size < limits.findings) {
      issuer = { hosts: new Map(), unknown: true, seen: [] };
      this.#issuers.set(key, issuer);
    }
    return issuer;
  }

  *conclude(): Iterable<Sighting> {
    for (const [key, { hosts, seen }] of this.#reSigned()) {
      for (const entry of seen) yield sighting(key, [...hosts.keys()], entry);
    }
  }

  /** Findings of single hosts that re-signing explains. */
  *explained(): Iterable<{ readonly rule: RuleId; readonly subject: string }> {
    for (const [, { seen }] of this.#reSigned()) {
      for (const { seen: entry } of seen) {
        const layer = entry.flow.tls.at(-1);
        if (layer === undefined) continue;
        yield { rule: "certificate-unknown-authority", subject: layer.serverName?.toLowerCase() ?? "" };
        yield { rule: "path-not-complete", subject: lastIssuer(layer) };
      }
    }
  }

  #reSigned(): readonly (readonly [key: string, issuer: Issuer])[] {
    return [...this.#issuers].filter(
      ([, { hosts, unknown }]) => hosts.size > 1 && (unknown || new Set(hosts.values()).size > 1),
    );
  }
}

/* At an address inside, a host of that name is an own one: its client knows the authority, and nobody stands between. */
function isOfPublicHost({ route, server }: Flow, { serverName = "", verdict }: TlsReport): boolean {
  if (wellKnown(serverName.toLowerCase()) === undefined) return false;
  return route.kind !== "direct" || verdict.value === "rejected" || specialNetwork(server.address) === undefined;
}

/** Domains of one owner may well share an authority. */
const ofGoogle =
  /(?:^|\.)(?:golang\.org|go\.dev|google\.[a-z]+(?:\.[a-z]+)?|googleapis\.com|googlesource\.com|k8s\.io)$/;

function ownerOf(host: string): string {
  return ofGoogle.test(host) ? "google" : host.split(".").slice(-2).join(".");
}

const untrusted: readonly string[] = ["unknown-authority", "self-signed", "missing-intermediate"];

function sighting(
  key: string,
  hosts: readonly string[],
  { seen, rejected, frame }: { readonly seen: Seen; readonly rejected: boolean; readonly frame: number },
): Sighting {
  const { flow } = seen;
  const issuer = flow.tls.at(-1)?.certificates[0]?.issuer ?? "";
  return {
    rule: "interception",
    subject: key,
    severity: rejected ? seen.severity : "warning",
    grade: "inferred",
    flow: flow.id,
    frames: [frame],
    words: () => ({
      title: `something on the way re-signs TLS: ${list(hosts)} show certificates of ${issuer}`,
      detail:
        "Public hosts do not share an authority that no public trust anchor knows. A TLS-inspecting proxy " +
        `issues such certificates.${rejected ? " This client does not trust it." : " This client went on, or trusts it."}`,
      remedy:
        `Add the root of ${issuer} to the client's roots (update-ca-certificates, or SSL_CERT_FILE with all roots; git: http.sslCAInfo), ` +
        "or have Go's hosts exempt from inspection. The checksum database's signatures stay safe: its key is built into Go.",
    }),
  };
}
