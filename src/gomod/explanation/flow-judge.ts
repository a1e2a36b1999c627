import type { ExplainedVerdict } from "../../flow/explanation.ts";
import type { Flow } from "../../flow/model.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import { limits } from "../../limits.ts";
import { wellKnown } from "../endpoints.ts";
import { proxyPlace, type ForwardProxy } from "../forward-proxy.ts";
import { forwardProxies, gitProxyFor } from "../prediction/git-proxy.ts";
import type { Expectation, RunPrediction } from "../prediction/model.ts";
import { predict } from "../prediction/predict.ts";
import { goProxyFor, type Destination, type ProxyChoice } from "../prediction/proxy-choice.ts";
import { flowProgram } from "../program.ts";

/** What the settings say to one flow. */
export interface FlowVerdict {
  readonly verdict: ExplainedVerdict;
  /** One sentence without a full stop. */
  readonly because: string;
  /** What was expected of its target. */
  readonly expectation?: Expectation;
  /** The way that is prescribed. */
  readonly route?: ProxyChoice;
  /** Of `contradicts`: the host should not appear, or is reached another way. */
  readonly against?: "presence" | "route";
}

/** Variables that decide whether hosts of a role appear. */
const deciding: Readonly<Partial<Record<Flow["role"], string>>> = {
  "module-proxy": "GOPROXY",
  storage: "GOPROXY",
  vcs: "GOPROXY",
  discovery: "GOPROXY",
  sumdb: "GOSUMDB",
  toolchain: "GOTOOLCHAIN",
};

/**
 * Holds flows against what the settings predict. The modules of the run are left open: which of them a glob exempts
 * cannot be told from flows, so that an exemption makes "may" of what it touches.
 */
export class FlowJudge {
  readonly prediction: RunPrediction;
  readonly #configuration: GoConfiguration;
  readonly #proxies: readonly ForwardProxy[];
  /** The ways to targets seen so far; so many of them at most. */
  readonly #choices = new Map<string, ProxyChoice>();

  constructor(configuration: GoConfiguration) {
    this.#configuration = configuration;
    this.#proxies = [...forwardProxies(configuration)];
    this.prediction = predict(configuration);
  }

  /** What a flow is to the settings. */
  judge(flow: Flow): FlowVerdict {
    const { against, ...told } = this.#judge(flow);
    if (against === undefined) return told;
    if (flow.opened !== "midstream") return { ...told, against };
    /* It may be of an earlier run, and a CONNECT may have come before. */
    return { ...told, verdict: "cannot-be-told", because: `${told.because}; it was open before the recording began` };
  }

  #judge(flow: Flow): FlowVerdict {
    const proxy = this.#proxyItself(flow);
    if (proxy !== undefined) {
      return { verdict: "as-configured", because: `it is the way to the proxy that ${proxy.variable} names` };
    }
    const expectation = this.#expectationOf(flow);
    if (expectation === undefined) return { verdict: "cannot-be-told", because: unjudged(flow) };
    if (expectation.presence === "must-not") return this.#unexpected(flow, expectation);
    if (expectation.host === undefined && wellKnown(flow.target.host)?.role === "module-proxy") {
      /* A go-import tag may name any module proxy, but hardly a public one. */
      return this.#unexpected(flow, { ...expectation, because: "it is a public module proxy and no entry of GOPROXY" });
    }
    return this.#byRoute(flow, expectation);
  }

  /* The host that is named, else any of the role. */
  #expectationOf({ target, role }: Flow): Expectation | undefined {
    const { expectations } = this.prediction;
    const named = expectations.filter(({ host, port }) => host === target.host && port === target.port);
    return (
      named.find((each) => each.role === role) ??
      (role === "unknown" ? named[0] : undefined) ??
      expectations.find((each) => each.host === undefined && each.role === role)
    );
  }

  /* A flow to a forward proxy that shows no target behind it: TLS to it, or a way that failed. */
  #proxyItself({ server, target, route, role }: Flow): ForwardProxy | undefined {
    if (route.kind !== "direct" && role !== "forward-proxy") return undefined;
    return this.#proxies.find(({ host, port }) => {
      return port === server.port && (host === target.host || host === server.address);
    });
  }

  /* What a host is may be a guess; what is said of public ones, and of those that the settings name, is not. */
  #unexpected(flow: Flow, expectation: Expectation): FlowVerdict {
    const { target, role } = flow;
    const variable = deciding[role] ?? "";
    const { because } = expectation;
    const program = flowProgram(flow);
    if (role !== "vcs" && program !== undefined && program !== "go") {
      return { verdict: "cannot-be-told", because: `another program than go asked it; ${because}`, expectation };
    }
    if (this.prediction.assumed.includes(variable)) {
      const untold = `${variable} is not told; by its default ${because}`;
      return { verdict: "cannot-be-told", because: untold, expectation };
    }
    if (expectation.host === undefined && wellKnown(target.host)?.role !== role) {
      return { verdict: "cannot-be-told", because: `what ${target.host} is for is a guess; ${because}`, expectation };
    }
    return { verdict: "contradicts", because, expectation, against: "presence" };
  }

  #byRoute(flow: Flow, expectation: Expectation): FlowVerdict {
    const common = { expectation };
    const { target } = flow;
    const known = this.#prescribed(flow, expectation.program);
    if (typeof known === "string") return { ...common, verdict: "cannot-be-told", because: known };
    const told = { ...common, route: known };
    if (this.prediction.assumed.includes("HTTPS_PROXY")) {
      const because = `${expectation.because}; the process environment, which names forward proxies, was not given`;
      return { ...common, verdict: flow.route.kind === "direct" ? "as-configured" : "cannot-be-told", because };
    }
    const through = flow.route.kind !== "direct";
    if (known.kind === "proxy" && through && !this.#isProxy(flow, known.proxy!)) {
      const shown = proxyPlace(known.proxy!);
      const because = `it went through another proxy than ${shown}, which ${known.proxy!.variable} names for ${target.host}`;
      return this.#differs(flow, { ...told, because });
    }
    if (known.kind === "refused" || through !== (known.kind === "proxy")) {
      return this.#differs(flow, {
        ...told,
        because: `it went ${through ? "through a proxy" : "direct"}, though ${known.because}`,
      });
    }
    return { ...told, verdict: "as-configured", because: `${expectation.because}; ${known.because}` };
  }

  #differs({ target }: Flow, verdict: Omit<FlowVerdict, "verdict">): FlowVerdict {
    /* Without a name, that NO_PROXY covers it or not does not show. */
    if (target.source === "address")
      return { ...verdict, verdict: "cannot-be-told", because: "its target is but an address" };
    const open = verdict.route?.open;
    if (open !== undefined) return { ...verdict, verdict: "cannot-be-told", because: `${verdict.because}; ${open}` };
    return { ...verdict, verdict: "contradicts", against: "route" };
  }

  /* Go and git choose by rules of their own: whose flow it is matters where these differ. */
  #prescribed(flow: Flow, expected: Expectation["program"]): ProxyChoice | string {
    const { host, port } = flow.target;
    const destination = { scheme: schemeOf(flow), host, port };
    const program = flowProgram(flow);
    if (program === "go") return this.#choice("go", destination);
    if (program === "git" || program === "git-like") return this.#choice("git", destination);
    const [go, git] = [this.#choice("go", destination), this.#choice("git", destination)];
    if (go.kind === git.kind && go.proxy?.host === git.proxy?.host && go.proxy?.port === git.proxy?.port)
      return expected === "git" ? git : go;
    return "Go and git take different ways there, and whose flow this is does not show";
  }

  /* Targets are few where flows are many. */
  #choice(program: Expectation["program"], destination: Destination): ProxyChoice {
    const key = `${program} ${destination.scheme} ${destination.host} ${destination.port}`;
    const known = this.#choices.get(key);
    if (known !== undefined) return known;
    const choose = program === "go" ? goProxyFor : gitProxyFor;
    const choice = choose(this.#configuration, destination);
    if (this.#choices.size >= limits.storyPlaces) this.#choices.clear();
    this.#choices.set(key, choice);
    return choice;
  }

  #isProxy({ route, server }: Flow, { host, port }: ForwardProxy): boolean {
    const { name, address = server.address, port: seen = server.port } = route.proxy ?? {};
    /* A proxy that only its address names may have any name. */
    return seen === port && (name === undefined || host === name || host === address);
  }
}

function unjudged({ role }: Flow): string {
  if (role === "unknown") return "what its target is for does not show";
  return role === "forward-proxy" ? "no setting names that proxy" : "the settings say nothing about such hosts";
}

/* A tunnel is asked for https:// alone. */
function schemeOf({ route, tls, http, target }: Flow): "http" | "https" {
  if (route.kind === "http-forward") return "http";
  if (route.kind !== "direct" || tls.length > 0) return "https";
  return http.length > 0 || target.port === 80 ? "http" : "https";
}
