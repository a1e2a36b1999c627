import type { Judgement, ObservedFlow, Target } from "../flow/model.ts";
import type { GoConfiguration } from "./configuration/configuration.ts";
import { judgeLabel, strongest } from "./label.ts";
import type { JudgedTarget } from "./label.ts";
import { exemptVerdict, inferred, judgeNeighbourhood, unknownVerdict } from "./neighbourhood.ts";
import type { Neighbourhood, RoleVerdict } from "./neighbourhood.ts";
import { canonicalHost, parseUrlPlace } from "./place.ts";
import { proxyPaths } from "./proxy-list.ts";
import { flowProgram } from "./program.ts";
import { ProxyPlaces, isOwnProxy } from "./proxy-places.ts";
import { classifyRequest, isChecksumRequest, isModuleRequest, isPage, leadsToPage } from "./requests.ts";
import type { GoRequestKind } from "../flow/vocabulary.ts";
import {
  DiscoveredModules,
  configuredRole,
  isLoggedOrigin,
  namedRole,
  requestedRole,
  taggedRole,
  wellKnownRole,
} from "./target-role.ts";
import { TargetFacts, targetKey, targetedRequests, targetsOf } from "./target-facts.ts";
import type { FirstRequest, TargetedRequest } from "./target-facts.ts";

/** Roles of all targets, once all flows were observed. */
interface Settlement {
  readonly roles: ReadonlyMap<TargetFacts, RoleVerdict>;
  readonly neighbourhood: Neighbourhood;
  /** Host → a role that it has at another port. */
  readonly hosts: ReadonlyMap<string, RoleVerdict>;
  readonly goSeen: boolean;
}

/**
 * What each target is for, decided once over all flows of a capture, and what that makes of each flow.
 *
 * Invariants: all flows are observed before the first is judged; nothing kept depends on the order of flows; nothing
 * of a flow is kept but its id where it went through a proxy; one small object is kept for each target.
 */
export class TargetRoles {
  readonly #configuration: GoConfiguration | undefined;
  readonly #bases: readonly string[];
  readonly #targets = new Map<string, TargetFacts>();
  readonly #places: ProxyPlaces;
  readonly #discovered = new DiscoveredModules();
  /** Flows that went through a proxy: what is upstream of them is proxied too. */
  readonly #proxied = new Set<number>();
  #programSeen = false;
  #settlement: Settlement | undefined;

  constructor(configuration?: GoConfiguration) {
    this.#configuration = configuration;
    this.#bases = proxyPaths(configuration);
    this.#places = new ProxyPlaces(configuration);
  }

  /** Takes what a flow tells about its targets. */
  observe(flow: ObservedFlow): void {
    this.#settlement = undefined;
    this.#places.observe(flow);
    if (flow.route.kind !== "direct") this.#proxied.add(flow.id);
    const program = flowProgram(flow);
    if (program !== undefined) this.#programSeen = true;
    if (!isOwnProxy(flow)) {
      for (const target of targetsOf(flow)) {
        const facts = this.#facts(target);
        facts.firstFrame = Math.min(facts.firstFrame, flow.frames.first);
        facts.spokenBy(program);
        facts.spoken ||= flow.layers.length > 0;
      }
    }
    for (const targeted of targetedRequests(flow, this.#bases)) {
      const { report, target, request, first, program: speaker } = targeted;
      const facts = this.#facts(target);
      facts.note(request, first);
      facts.spokenBy(speaker);
      if (request.kind === "discovery") this.#discovered.note(request.module ?? "", first.frame);
      for (const { vcs, root } of report.goImports ?? []) this.#tag(vcs, root, first);
      if (report.status === 200 && !isPage(report)) facts.served = true;
      if (isModuleRequest(request.kind)) this.#redirect(targeted);
    }
  }

  /** What a flow means: the same for all flows of one target, but for what the flow itself carries. */
  judge(flow: ObservedFlow): Judgement {
    const settlement = (this.#settlement ??= this.#settle());
    const kinds = new Set<GoRequestKind>();
    for (const { request } of targetedRequests(flow, this.#bases)) kinds.add(request.kind);
    const ownRequests = [...kinds].some((kind) => kind !== "other");
    const judged = targetsOf(flow).map((target) => this.#judgeTarget(flow, target, ownRequests, settlement));
    const { verdict, label } = strongest(judged);
    const carriesSumdb = [...kinds].some(isChecksumRequest);
    const unopened = flow.opened === "syn-only" || ["unanswered", "refused", "reset"].includes(flow.closed);
    return {
      role: verdict.role,
      roleEvidence: verdict.evidence,
      label: label.label,
      labelEvidence: label.evidence,
      carriesSumdb,
      noise: label.label === "other" && verdict.role !== "other" && !unopened,
    };
  }

  #judgeTarget(flow: ObservedFlow, target: Target, ownRequests: boolean, settlement: Settlement): JudgedTarget {
    const facts = this.#facts(target);
    const verdict = this.#flowRole(flow, facts, settlement);
    const label = judgeLabel(flow, verdict, {
      ownRequests,
      moduleOrigin: verdict.role === "module-proxy" && this.#isModuleOrigin(facts),
      clientLegProxied: flow.upstreamOf !== undefined && this.#proxied.has(flow.upstreamOf),
      goSeen: settlement.goSeen || !this.#programSeen,
    });
    return { verdict, label };
  }

  /* What only one flow shows comes first: that it never named a target, or is no module traffic at all. */
  #flowRole(flow: ObservedFlow, facts: TargetFacts, settlement: Settlement): RoleVerdict {
    if (flow.layers.includes("dns")) return { role: "dns", evidence: { grade: "seen", because: "its bytes are DNS" } };
    if (isOwnProxy(flow)) {
      const socks = flow.route.kind === "socks5" || flow.route.kind === "socks4";
      if (!socks) return unknownVerdict("its target is hidden in the connection to the proxy");
      return inferred("forward-proxy", "the SOCKS dialogue ended before a target was named", flow.frames.first);
    }
    const proxy = flow.route.kind === "direct" && facts.requests.size === 0 ? this.#places.reason(flow) : undefined;
    if (proxy !== undefined) return inferred("forward-proxy", `${proxy}, and no target was named`, flow.frames.first);
    return settlement.roles.get(facts) ?? this.#unknownRole(facts, settlement);
  }

  #unknownRole(facts: TargetFacts, settlement: Settlement): RoleVerdict {
    const elsewhere = settlement.hosts.get(facts.host);
    if (elsewhere !== undefined) return inferred(elsewhere.role, `${facts.host} is that at another port`);
    if (facts.programs.includes("git")) return inferred("vcs", "git names itself in the request");
    if (facts.programs.includes("go")) return settlement.neighbourhood.goHost(facts.host);
    if (facts.programs.includes("git-like")) return settlement.neighbourhood.gitLike;
    return unknownVerdict("no request, setting, well-known name or client says what it is for");
  }

  #isModuleOrigin(facts: TargetFacts): boolean {
    if (namedRole(facts, this.#configuration) !== undefined || wellKnownRole(facts, 0) !== undefined) return false;
    return (
      facts.tagged?.vcs === "mod" || this.#discovered.cover(facts.modules) || isLoggedOrigin(facts, this.#configuration)
    );
  }

  #settle(): Settlement {
    const roles = new Map<TargetFacts, RoleVerdict>();
    const all = [...this.#targets.values()];
    for (const facts of all) {
      const verdict =
        requestedRole(facts, this.#configuration) ?? configuredRole(facts, this.#configuration) ?? taggedRole(facts);
      if (verdict !== undefined) roles.set(facts, verdict);
    }
    let firstProxy = Infinity;
    for (const facts of all) {
      const role = roles.get(facts)?.role ?? wellKnownRole(facts, Infinity)?.role;
      if (role === "module-proxy") firstProxy = Math.min(firstProxy, facts.firstFrame);
    }
    for (const facts of all) {
      if (roles.has(facts)) continue;
      const verdict = wellKnownRole(facts, firstProxy) ?? exemptVerdict(facts, this.#configuration);
      if (verdict !== undefined) roles.set(facts, verdict);
    }
    return this.#settleUnknown(all, roles);
  }

  #settleUnknown(all: readonly TargetFacts[], roles: ReadonlyMap<TargetFacts, RoleVerdict>): Settlement {
    const hosts = new Map<string, RoleVerdict>();
    for (const [{ host }, verdict] of [...roles].sort((a, b) => a[0].port - b[0].port)) {
      if (!hosts.has(host)) hosts.set(host, verdict);
    }
    const unknown = all.filter(
      (facts) => !roles.has(facts) && !hosts.has(facts.host) && !this.#places.has(facts.host, facts.port),
    );
    const settled = [...roles].map(([facts, { role }]) => [facts, role] as const);
    return {
      roles,
      hosts,
      neighbourhood: judgeNeighbourhood(unknown, settled, this.#configuration),
      goSeen: all.some(({ programs }) => programs.includes("go") || programs.includes("git")),
    };
  }

  #tag(vcs: string, root: string, first: FirstRequest): void {
    const place = parseUrlPlace(root);
    if (place !== undefined) this.#facts(place).noteTag(vcs, first);
  }

  #redirect({ report, target, request, first }: TargetedRequest): void {
    const { redirectTo = "" } = report;
    const place = parseUrlPlace(redirectTo);
    if (place === undefined || targetKey(place) === targetKey(target)) return;
    const led = classifyRequest({ method: "GET", host: place.host, path: redirectTo }, this.#bases);
    this.#facts(place).noteRedirect(led, first, leadsToPage(request.kind, redirectTo, report.host));
  }

  #facts(target: Pick<Target, "host" | "port">): TargetFacts {
    const key = targetKey(target);
    let facts = this.#targets.get(key);
    if (facts === undefined) {
      facts = new TargetFacts(canonicalHost(target.host), target.port);
      this.#targets.set(key, facts);
    }
    return facts;
  }
}
