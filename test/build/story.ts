import { expect } from "vitest";
import type { ChecksumReport } from "../../src/flow/checksums.ts";
import type { DnsReport, Flow, HttpReport, ObservedFlow } from "../../src/flow/model.ts";
import type { Story, StoryModule } from "../../src/flow/story.ts";
import { mergeConfigurations, parseConfigurationText } from "../../src/gomod/configuration/configuration.ts";
import { ExchangeLinks } from "../../src/gomod/exchange-links.ts";
import { GoMeaning } from "../../src/gomod/meaning.ts";
import { proxyPaths } from "../../src/gomod/proxy-list.ts";
import { TargetRoles } from "../../src/gomod/roles.ts";
import { StoryTeller } from "../../src/gomod/story/teller.ts";
import { flow, http, target, unopened, without } from "./flows.ts";

/** The story of flows, the same whatever their order. */
export function story(flows: readonly ObservedFlow[], ...settings: readonly string[]): Story {
  const told = tell(flows, settings);
  expect(tell(flows.toReversed(), settings)).toEqual(told);
  return told;
}

/** The story of flows as they come, with what else it rests on. */
export function tell(
  flows: readonly ObservedFlow[],
  settings: readonly string[],
  checksums?: ChecksumReport,
  dns: readonly DnsReport[] = [],
): Story {
  const parts = settings.map((text, at) => parseConfigurationText(`file${at}`, text));
  const configuration = parts.length === 0 ? undefined : mergeConfigurations(parts);
  const roles = new TargetRoles(configuration);
  const links = new ExchangeLinks(proxyPaths(configuration));
  for (const one of flows) {
    roles.observe(one);
    links.observe(one);
  }
  const meaning = new GoMeaning(configuration, links);
  const judged = flows.map((one): Flow => meaning.given({ ...one }, roles.judge(one)));
  const teller = new StoryTeller(configuration);
  for (const one of judged) teller.observe(one);
  return teller.conclude({ checksums, dns });
}

let frame = 0;
/** A request to a host, in a frame behind all before; unanswered without a status. */
export function asked(
  host: string,
  path: string,
  status: number | undefined,
  more: Partial<HttpReport> = {},
): HttpReport {
  frame += 2;
  const answer = status === undefined ? {} : { status, responseFrame: frame + 1 };
  return { ...without(http(host, path), "status", "responseFrame"), requestFrame: frame, ...answer, ...more };
}

let id = 0;
/** A flow to a host, behind all before. */
export function to(
  host: string,
  exchanges: readonly HttpReport[] = [],
  more: Partial<ObservedFlow> = {},
): ObservedFlow {
  const first = exchanges.at(0)?.requestFrame ?? (frame += 2);
  const frames = { first, last: first + 1, count: 2 };
  return flow({ id: id++, target: target(host), http: exchanges, layers: ["tls", "h2"], frames, ...more });
}

/** A connection to a host that nobody answered, behind all before. */
export function closedTo(host: string, more: Partial<ObservedFlow> = {}): ObservedFlow {
  const first = (frame += 2);
  const frames = { first, last: first, count: 1 };
  return unopened({ id: id++, target: target(host, "dns"), frames, ...more });
}

/** The files of a module, without their endings. */
export const m = "/example.com/m/@v/v1.0.0";
/** A module that is told of. */
export const module = (told: Story, at = 0): StoryModule => told.modules[at];
/** Each step as `entry outcome`, with `>` where Go went on. */
export function way(told: Story, at = 0): string[] {
  const [walk] = module(told, at).walks;
  return walk.steps.map(
    ({ entry, outcome, goesOn }) => `${entry.replace("https://", "")} ${outcome}${goesOn ? " >" : ""}`,
  );
}
