import { isScalar, isSeq } from "yaml";
import { rules as findingRules, type RuleId } from "../finding/rules.ts";
import { flowShape } from "../flow/json-shape.ts";
import { severities } from "../flow/vocabulary.ts";
import { mapWith, oneOf, optional, textField, wholeNumber, type Field, type Place } from "../yaml/fields.ts";
import { conditionsField } from "./condition.ts";
import { captureShape, count, countable, match, matchCapture, type Count, type Countable } from "./field-rules.ts";
import { noFinding, noFindingFrom } from "./finding-rules.ts";
import { noFlowTo, onlyHosts } from "./host-rules.ts";
import { everyFlowProxied, noDirectRoute, sumdbOnlyThroughProxy } from "./route-rules.ts";
import type { Plan } from "./rule.ts";
import { snapshot } from "./snapshot-rule.ts";
import { allowedIssuers, certificatesValidFor, noMissingIntermediate, tlsAtLeast, tlsVersions } from "./tls-rules.ts";

/** What a policy can expect. */
export interface RuleKind {
  /** One line, for lists of rules. */
  readonly meaning: string;
  /** Reads what stands behind the rule's name. */
  readonly read: Field<Plan>;
}

/** Text, or what YAML takes for a number: `1.2`. */
const scalarText: Field<string> = (place) =>
  isScalar(place.node) && typeof place.node.value === "number"
    ? (place.node.source ?? String(place.node.value))
    : textField(place);

/** A list, or the one item itself. */
function oneOrMore<Item>(item: Field<Item>): Field<readonly Item[]> {
  return (place) => {
    const places = isSeq(place.node) ? place.node.items.map((node) => place.at(node as Place["node"])) : [place];
    if (places.length === 0) return place.wrong("the list is empty");
    const items = places.flatMap((each) => item(each) ?? []);
    return items.length === places.length ? items : null;
  };
}

export const texts = oneOrMore(scalarText);

/** Host patterns. A URL would fit no host, so that a rule about it could never be broken. */
const hostPatterns = oneOrMore((place) => {
  const text = scalarText(place);
  return text?.includes("/") === true
    ? place.wrong(`${text} is no host`, "a host pattern has neither scheme nor path: *.example.com, example.com:8443")
    : text;
});

/** `true` alone: there is nothing more to say. */
const simply: Field<true> = (place) =>
  isScalar(place.node) && place.node.value === true
    ? true
    : place.wrong("true is expected here", "leave out the rule that is not wanted");

/** `true`, or which. */
const anyOrSome: Field<readonly string[]> = (place) => {
  const value: unknown = isScalar(place.node) ? place.node.value : undefined;
  if (value === false)
    return place.wrong(
      "true or host patterns are expected here",
      "true for any proxy, or which: proxy.corp.example:3128",
    );
  return value === true ? [] : hostPatterns(place);
};

const findingIds = oneOrMore(oneOf(Object.keys(findingRules) as RuleId[]));
const versionText: Field<(typeof tlsVersions)[number]> = (place) => {
  const text = scalarText(place);
  const version = tlsVersions.find((known) => known === text?.replace(/^TLS ?/i, ""));
  return (
    version ??
    (text === null ? null : place.wrong(`${text} is no version of TLS`, `there is ${tlsVersions.join(", ")}`))
  );
};

const unread: Field<Place> = (place) => place;

interface WrittenCount extends Omit<Count, "of" | "where"> {
  readonly of: Countable;
  readonly where?: Place;
}

const countWritten = mapWith<WrittenCount>({
  of: optional(oneOf(Object.keys(countable) as Countable[]), "flows"),
  where: optional(unread),
  equals: optional(wholeNumber),
  atLeast: optional(wholeNumber),
  atMost: optional(wholeNumber),
});

const countField: Field<Count> = (place) => {
  const written = countWritten(place);
  if (written === null) return null;
  const { where: at, ...range } = written;
  const where = at === undefined ? undefined : conditionsField(countable[written.of])(at);
  if (where === null) return null;
  if (range.equals === undefined && range.atLeast === undefined && range.atMost === undefined) {
    return place.wrong("a count without a number", "there is equals, atLeast, atMost");
  }
  return { ...range, ...(where !== undefined && { where }) };
};

function kind<Argument>(meaning: string, field: Field<Argument>, plan: (argument: Argument) => Plan): RuleKind {
  return {
    meaning,
    read: (place) => {
      const argument = field(place);
      return argument === null ? null : plan(argument);
    },
  };
}

/** Every rule by its name in policies. */
export const rules = {
  snapshot: kind("the capture means what a stored snapshot says", textField, snapshot),
  "no-flow-to": kind("no flow, of any program, goes to or through these hosts", hostPatterns, noFlowTo),
  "only-hosts": kind("flows go to these hosts and to no others", hostPatterns, onlyHosts),
  "every-flow-proxied": kind("every flow goes through a forward proxy, or one of these", anyOrSome, everyFlowProxied),
  "sumdb-only-through-proxy": kind("the checksum database is never reached directly", anyOrSome, sumdbOnlyThroughProxy),
  "no-direct-route": kind("no flow reaches its target without a forward proxy", simply, noDirectRoute),
  "tls-at-least": kind("no lower version of TLS, and nothing without TLS", versionText, tlsAtLeast),
  "no-missing-intermediate": kind(
    "every server sends the certificates that its path needs",
    simply,
    noMissingIntermediate,
  ),
  "certificates-valid-for": kind(
    "no certificate expires within so many days of the capture",
    wholeNumber,
    certificatesValidFor,
  ),
  "allowed-issuers": kind("server certificates are issued by one of these", texts, allowedIssuers),
  "no-finding": kind("the report has no finding of these rules", findingIds, noFinding),
  "no-finding-from": kind("the report has no finding as bad as this", oneOf(severities), noFindingFrom),
  match: kind("every flow has these values in its fields", conditionsField(flowShape), match),
  "match-capture": kind(
    "the rest of the report has these values in its fields",
    conditionsField(captureShape),
    matchCapture,
  ),
  count: kind("so many flows, requests, DNS questions or findings", countField, count),
} as const satisfies Readonly<Record<string, RuleKind>>;

export type RuleName = keyof typeof rules;
