import { hostPort } from "../bytes/text.ts";
import { limits } from "../limits.ts";
import type { Analysis, Flow } from "../flow/model.ts";
import { pemText } from "../pki/pem.ts";
import { checkPolicy } from "./check.ts";
import { isCounted, targetsOf } from "./flow-rule.ts";
import { parsePolicy } from "./policy.ts";

/** A rule as a policy has it. */
type WrittenRule = Readonly<Record<string, unknown>>;

/** What a proposed policy holds, ready to be written as YAML. */
export interface Proposal {
  /** Anchors that paths of the capture end at, as PEM; absent where there are none. */
  readonly trust?: string;
  readonly rules: readonly WrittenRule[];
}

/**
 * A first policy for a capture: rules that it keeps, narrow enough to notice a change. What the capture does not show is
 * left out; what can be told only from inferred facts says so.
 */
export function propose(analysis: Analysis): Proposal {
  const flows = [...analysis.flows()].filter((flow) => isCounted(flow, {}));
  const rules = candidates(flows).flatMap((choice) => choice.flatMap((rule) => kept(rule, analysis)).slice(0, 1));
  const subjects = distinct(flows.flatMap(({ tls }) => tls.map(({ path }) => path.anchor ?? "")));
  const anchors = subjects.flatMap((subject) => analysis.anchors(subject));
  return { ...(anchors.length > 0 && { trust: anchors.map(pemText).join("") }), rules };
}

/** The rule as it holds: by what is certain, else by what is inferred; none where it does not. */
function kept(rule: WrittenRule, analysis: Analysis): WrittenRule[] {
  return [rule, { ...rule, inferred: "allow" }].filter((each) => holds(each, analysis)).slice(0, 1);
}

function holds(rule: WrittenRule, analysis: Analysis): boolean {
  const { value } = parsePolicy(JSON.stringify({ rules: [rule] }));
  return value !== undefined && checkPolicy(analysis, value, { file: "", today: "" })[0].answer === "holds";
}

/** Of each line the first rule that holds is taken. */
function candidates(flows: readonly Flow[]): WrittenRule[][] {
  const hosts = distinct(flows.flatMap((flow) => targetsOf(flow).map(({ host }) => host.toLowerCase())));
  const proxies = distinct(
    flows.map(({ route: { proxy } }) => proxy && hostPort(proxy.name ?? proxy.address, proxy.port)),
  );
  const issuers = distinct(flows.flatMap(({ tls }) => tls.map(({ certificates }) => certificates.at(0)?.issuer)));
  return [
    [...naming("only-hosts", hosts)],
    [...naming("every-flow-proxied", proxies), { "sumdb-only-through-proxy": true }],
    [
      { count: { atLeast: 1 }, where: { role: "sumdb" } },
      { count: { atMost: 0 }, where: { role: "sumdb" } },
    ],
    [{ "tls-at-least": "1.3" }, { "tls-at-least": "1.2" }],
    [{ "no-missing-intermediate": true }],
    [{ "certificates-valid-for": 14 }],
    [...naming("allowed-issuers", issuers)],
    [{ "no-finding-from": "warning" }, { "no-finding-from": "error" }],
  ];
}

/** A rule with a list that somebody may read; none where the list is longer. */
function naming(rule: string, names: readonly string[]): WrittenRule[] {
  return names.length <= limits.proposedNames ? [{ [rule]: names }] : [];
}

/** Each once, in order. Names with anything but plain characters are nobody's to write down. */
function distinct(texts: readonly (string | undefined)[]): string[] {
  const plain = texts.filter((text) => text !== undefined && /^[!-~][ -~]*$/.test(text));
  return [...new Set(plain as string[])].sort();
}
