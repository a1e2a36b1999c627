import type { Evidence } from "../grade.ts";
import type { Label, ObservedFlow, Role } from "../flow/model.ts";
import type { RoleVerdict } from "./neighbourhood.ts";
import { flowProgram } from "./program.ts";
import type { Program } from "./program.ts";

/** The one word for a flow, with its ground. */
export interface LabelVerdict {
  readonly label: Label;
  readonly evidence: Evidence;
}

/** One target of a flow, judged. */
export interface JudgedTarget {
  readonly verdict: RoleVerdict;
  readonly label: LabelVerdict;
}

/** What a label needs to know beside the flow and its target's role. */
export interface LabelContext {
  /** The flow made requests that mean something to Go. */
  readonly ownRequests: boolean;
  /** The module proxy is one that a go-import tag named. */
  readonly moduleOrigin: boolean;
  /** The client's leg of this connection went through a proxy. */
  readonly clientLegProxied: boolean;
  /** Go or git is in the capture, or no program could be told at all. */
  readonly goSeen: boolean;
}

const precedence: readonly Label[] = ["sumdb", "proxied", "direct", "other"];

/** Of several targets of one connection the one whose label comes first. */
export function strongest(judged: readonly JudgedTarget[]): JudgedTarget {
  return judged.reduce((best, next) =>
    precedence.indexOf(next.label.label) < precedence.indexOf(best.label.label) ? next : best,
  );
}

const proxiedRoles: Readonly<Partial<Record<Role, string>>> = {
  "module-proxy": "its target is a module proxy",
  storage: "its target is the storage behind a module proxy",
  "forward-proxy": "it is a way to a forward proxy",
};
const directRoles: Readonly<Partial<Record<Role, string>>> = {
  vcs: "its target is where the code lives",
  discovery: "its target tells where the code lives",
  toolchain: "toolchains come from their origin there",
};

/** The label, by the first rule that applies: sumdb, proxied, direct, other. */
export function judgeLabel(flow: ObservedFlow, { role, evidence }: RoleVerdict, context: LabelContext): LabelVerdict {
  const program = flowProgram(flow);
  if (flow.layers.includes("starttls")) return { label: "other", evidence: startTls };
  if (isForeign(program, role) && !context.ownRequests) return foreign(program, flow);
  if (role === "sumdb") return { label: "sumdb", evidence };
  if (flow.route.kind !== "direct") {
    const because = `it went through a proxy: ${flow.route.evidence.because}`;
    return { label: "proxied", evidence: { ...flow.route.evidence, because } };
  }
  if (context.clientLegProxied && role !== "dns") {
    const because = `the client's leg, flow ${flow.upstreamOf ?? ""}, went through a proxy`;
    return { label: "proxied", evidence: { grade: "seen", because } };
  }
  if (context.moduleOrigin) {
    const because = "its target is a module proxy that a go-import tag named: every module was looked for before";
    return { label: "direct", evidence: { ...evidence, because } };
  }
  const proxied = proxiedRoles[role];
  if (proxied !== undefined) return { label: "proxied", evidence: { ...evidence, because: proxied } };
  const direct = directRoles[role];
  if (direct !== undefined) return { label: "direct", evidence: { ...evidence, because: direct } };
  if (role === "unknown") return unknownTarget(flow, program, context);
  return { label: "other", evidence };
}

const startTls = { grade: "seen", because: "it is mail or file transfer, turned into TLS by command" } as const;

/* A browser on github.com is no git, but a module proxy or database is what it is whoever asks. */
function isForeign(program: Program | undefined, role: Role): boolean {
  const told = role === "sumdb" || role === "module-proxy" || role === "forward-proxy" || role === "dns";
  return (program === "browser" || program === "foreign") && !told;
}

function foreign(program: Program | undefined, { process }: ObservedFlow): LabelVerdict {
  if (process !== undefined) {
    const because = `its process is ${process.name}, neither go nor a version control program`;
    return { label: "other", evidence: { grade: "seen", because, frame: process.frame } };
  }
  const because =
    program === "browser"
      ? "its ClientHello is a browser's"
      : "its User-Agent names neither Go nor a version control program";
  return { label: "other", evidence: { grade: program === "browser" ? "inferred" : "seen", because } };
}

const perhapsProxy = "may be a private GOPROXY; give --env";

function unknownTarget(flow: ObservedFlow, program: Program | undefined, { goSeen }: LabelContext): LabelVerdict {
  const ofGo = program === "go" || program === "git" || program === "git-like";
  const cutHello = program === undefined && flow.layers.includes("tls");
  const unread = unreadBecause(flow);
  const silent = unread !== undefined && goSeen && (flow.target.source !== "address" || flow.target.port === 443);
  if (ofGo || cutHello || silent) return { label: "direct", evidence: { grade: "unknown", because: perhapsProxy } };
  if (unread !== undefined) return { label: "other", evidence: { grade: "unknown", because: unread } };
  const inside = flow.layers.at(-1);
  if (inside === "tls") {
    return { label: "other", evidence: { grade: "inferred", because: "its TLS library is neither Go's nor git's" } };
  }
  return { label: "other", evidence: { grade: "seen", because: `its bytes are ${inside}, by no program of Go's` } };
}

/** Why nothing that was said on a flow could be read; undefined where something was. */
function unreadBecause({ layers, http }: ObservedFlow): string | undefined {
  if (layers.length === 0) return "nothing was said on it";
  const cut = layers.length === 1 && layers[0].startsWith("http") && http.length === 0;
  return cut ? "no request on it was captured whole" : undefined;
}
