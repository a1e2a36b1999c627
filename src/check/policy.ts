import { isMap, isScalar } from "yaml";
import { flowShape } from "../flow/json-shape.ts";
import { flag, listOf, mapWith, oneOf, optional, readYaml, textField } from "../yaml/fields.ts";
import type { Field, MapShape, Position, Read } from "../yaml/fields.ts";
import { conditionsField } from "./condition.ts";
import type { Plan, RuleOptions } from "./rule.ts";
import { rules, texts, type RuleName } from "./rules.ts";

/*
 * version: 1                       may be left out
 * capture, keylog, env, intermediates: file, or a list of files; paths from the policy's folder
 * trust: PEM file, or { file, sha256 }, or PEM text      what certificates are judged by
 * inferred: allow                  what is only inferred counts, for all rules
 * rules:
 *   - <rule>: <what it expects>    one rule of the table in rules.ts, and beside it, all optional:
 *     id, to, where                its name in reports, the flows that it looks at
 *     unknown: allow, allowEmpty: true, inferred: allow
 *     waive: { reason, until }     it may be broken until the end of that day
 */

/** A rule of a policy, and where it stands. */
export interface PolicyRule {
  readonly name: RuleName;
  readonly position: Position;
  readonly plan: Plan;
  readonly options: RuleOptions;
  readonly waive?: WrittenWaiver;
}

/** Why a rule may be broken, and the last day on which it may. */
interface WrittenWaiver {
  readonly reason: string;
  /** `2027-01-31`. */
  readonly until: string;
}

/** What a policy has certificates judged by. */
interface PolicyTrust {
  /** A PEM file, as a path from the policy's folder. */
  readonly file?: string;
  /** PEM in the policy itself. */
  readonly pem?: string;
  /** Digest of the anchors as reports give it: with others nothing can be told of paths. */
  readonly sha256?: string;
}

/** What somebody expects of captures. */
export interface Policy {
  /** Files of the capture, in order; absent where it is found by its name. */
  readonly capture?: readonly string[];
  readonly keylog?: readonly string[];
  readonly env?: readonly string[];
  readonly intermediates?: readonly string[];
  readonly trust?: PolicyTrust;
  readonly rules: readonly PolicyRule[];
}

/** Reads a policy: YAML or JSON. Returns mistakes with line, column and the nearest right word. */
export function parsePolicy(text: string): Read<Policy> {
  return readYaml(text, policyField);
}

const allow = oneOf(["allow"]);

const dayField: Field<string> = (place) => {
  const day = textField(place);
  return day === null || isDay(day) ? day : place.wrong(`${day} is no day`, "days are written 2027-01-31");
};

/** Date.parse takes the 31st of any month for a day of the next. */
function isDay(text: string): boolean {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text);
}

const reasonField: Field<string> = (place) => {
  const reason = textField(place);
  return reason?.trim() === "" ? place.wrong("a reason is expected here", "say why the rule may be broken") : reason;
};

type WrittenRule = { readonly [Name in RuleName]?: Plan } & {
  readonly id?: string;
  readonly to?: readonly string[];
  readonly where?: RuleOptions["where"];
  readonly unknown?: "allow";
  readonly allowEmpty?: boolean;
  readonly inferred?: "allow";
  readonly waive?: WrittenWaiver;
};

const ruleNames = Object.keys(rules) as RuleName[];

const writtenRule = mapWith<WrittenRule>({
  ...(Object.fromEntries(ruleNames.map((name) => [name, optional(rules[name].read)])) as Pick<
    MapShape<WrittenRule>,
    RuleName
  >),
  id: optional(textField),
  to: optional(texts),
  where: optional(conditionsField(flowShape)),
  unknown: optional(allow),
  allowEmpty: optional(flag),
  inferred: optional(allow),
  waive: optional(mapWith<WrittenWaiver>({ reason: reasonField, until: dayField })),
});

const ruleField: Field<PolicyRule> = (place) => {
  const written = writtenRule(place);
  if (written === null) return null;
  const names = isMap(place.node) ? place.node.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")) : [];
  const meant = ruleNames.filter((name) => names.includes(name));
  const name = meant.at(0);
  if (meant.length > 1)
    return place.wrong(`one rule at a time: ${meant.join(" and ")}`, "begin each with a - of its own");
  if (name === undefined) return place.wrong("there is no rule here", `there is ${ruleNames.join(", ")}`);
  const plan = written[name];
  if (plan === undefined) return null;
  const { id, to, where, waive } = written;
  return {
    name,
    position: place.position,
    plan,
    options: {
      ...(id !== undefined && { id }),
      ...(to !== undefined && { to }),
      ...(where !== undefined && { where }),
      unknown: written.unknown === "allow",
      allowEmpty: written.allowEmpty === true,
      inferred: written.inferred === "allow",
    },
    ...(waive !== undefined && { waive }),
  };
};

/** Rules with ids of their own. */
function namedOnce(): Field<PolicyRule> {
  const ids = new Set<string>();
  return (place) => {
    const rule = ruleField(place);
    const id = rule?.options.id;
    if (id === undefined) return rule;
    if (ids.has(id)) return place.wrong(`two rules have the id ${id}`, "ids tell rules apart in reports");
    ids.add(id);
    return rule;
  };
}

const rulesField: Field<readonly PolicyRule[]> = (place) => {
  const read = listOf(namedOnce())(place);
  return read?.length === 0 ? place.wrong("there is no rule in this policy", "nothing that it says could fail") : read;
};

const digestField: Field<string> = (place) => {
  const digest = textField(place);
  return digest === null || /^[\da-f]{64}$/.test(digest)
    ? digest
    : place.wrong("a SHA-256 in lower-case hex is expected here");
};

const trustWritten = mapWith<PolicyTrust>({
  file: optional(textField),
  pem: optional(textField),
  sha256: optional(digestField),
});

const trustField: Field<PolicyTrust> = (place) => {
  if (isMap(place.node)) return trustWritten(place);
  const text = textField(place);
  if (text === null) return null;
  return text.includes("-----BEGIN CERTIFICATE-----") ? { pem: text } : { file: text };
};

const versionField: Field<1> = (place) =>
  isScalar(place.node) && place.node.value === 1
    ? 1
    : place.wrong("policies of this version are not read by this gomodcap", "it reads version 1");

interface WrittenPolicy extends Policy {
  readonly version?: 1;
  readonly inferred?: "allow";
}

const policyWritten = mapWith<WrittenPolicy>({
  version: optional(versionField),
  capture: optional(texts),
  keylog: optional(texts),
  env: optional(texts),
  intermediates: optional(texts),
  trust: optional(trustField),
  inferred: optional(allow),
  rules: rulesField,
});

const policyField: Field<Policy> = (place) => {
  const written = policyWritten(place);
  if (written === null) return null;
  const { inferred, ...policy } = written;
  if (inferred === undefined) return policy;
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, options: { ...rule.options, inferred: true } })) };
};
