import { tool } from "../version.ts";
import { checkConfiguration } from "./configuration/checks/checks.ts";
import type { ConfigurationWarning } from "./configuration/checks/warning.ts";
import type { GoConfiguration, Origin, Setting } from "./configuration/configuration.ts";
import { resolveVariables, type ResolvedVariable } from "./configuration/resolution.ts";
import { shownName, shownValue } from "./configuration/shown.ts";
import { gitProxyFor } from "./prediction/git-proxy.ts";
import type { Expectation, ModulePrediction } from "./prediction/model.ts";
import { predict } from "./prediction/predict.ts";
import { destinationOf, goProxyFor, type ProxyChoice } from "./prediction/proxy-choice.ts";

/** A source of settings: the process, a file, or one that could not be had. */
export interface SourceReport {
  readonly origin: Origin;
  readonly name: string;
  /** Why it says nothing, as "not there"; absent for what was read. */
  readonly missing?: string;
}

interface SettingReport {
  readonly value: string;
  readonly from: Origin;
  readonly source: string;
}

interface VariableReport {
  readonly name: string;
  readonly value: string;
  readonly from: ResolvedVariable["origin"];
  readonly source?: string;
  readonly assumed?: true;
  readonly shadowed: readonly SettingReport[];
  readonly unread: readonly SettingReport[];
}

export interface ChoiceReport {
  readonly kind: ProxyChoice["kind"];
  readonly proxy?: string;
  readonly because: string;
  /** What was not given and might say otherwise. */
  readonly open?: string;
}

interface ExpectationReport extends Omit<Expectation, "route"> {
  readonly route?: ChoiceReport;
}

/** What a configuration is, what is wrong with it and what it makes of a run. Nothing in it is secret. */
export interface ConfigurationReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly goVersion?: string;
  readonly platform: string;
  readonly sources: readonly SourceReport[];
  readonly problems: readonly string[];
  readonly variables: readonly VariableReport[];
  readonly warnings: readonly ConfigurationWarning[];
  readonly urls: readonly { readonly url: string; readonly go: ChoiceReport; readonly git: ChoiceReport }[];
  readonly modules: readonly ModuleReport[];
  readonly prediction: {
    readonly refused?: string;
    readonly assumed: readonly string[];
    readonly expectations: readonly ExpectationReport[];
  };
}

interface ModuleReport extends Omit<ModulePrediction, "entries"> {
  /** Entries of GOPROXY in the order in which they are asked, userinfo masked. */
  readonly entries: readonly string[];
}

/** What is asked beside the configuration itself. */
export interface ConfigurationQuestions {
  readonly urls: readonly string[];
  readonly modules: readonly string[];
}

/** Puts everything that is to be said of a configuration together. URLs without a host are left out. */
export function reportConfiguration(
  configuration: GoConfiguration,
  sources: readonly SourceReport[],
  { urls, modules }: ConfigurationQuestions,
): ConfigurationReport {
  const { refused, assumed, expectations, modules: predicted } = predict(configuration, { modules });
  return {
    schemaVersion: 1,
    tool,
    ...(configuration.goVersion !== undefined && { goVersion: configuration.goVersion.text }),
    platform: configuration.platform,
    sources,
    problems: configuration.errors,
    variables: resolveVariables(configuration).map(variableReport),
    warnings: checkConfiguration(configuration),
    urls: urls.flatMap((url) => urlReport(configuration, url)),
    modules: predicted.map(({ entries, ...rest }) => ({ ...rest, entries: entries.map(({ text }) => text) })),
    prediction: {
      ...(refused !== undefined && { refused }),
      assumed,
      expectations: expectations.map(({ route, ...rest }) => ({
        ...rest,
        ...(route !== undefined && { route: choiceReport(route) }),
      })),
    },
  };
}

function variableReport({ name, value, origin, source, assumed, shadowed, unread }: ResolvedVariable): VariableReport {
  const setting = (each: Setting): SettingReport => ({
    value: shownValue(name, each.value),
    from: each.origin,
    source: each.source,
  });
  return {
    name: shownName(name),
    value: shownValue(name, value),
    from: origin,
    ...(source !== undefined && { source }),
    ...(assumed && { assumed }),
    shadowed: shadowed.map(setting),
    unread: unread.map(setting),
  };
}

function urlReport(configuration: GoConfiguration, url: string): ConfigurationReport["urls"] {
  const destination = destinationOf(url);
  if (destination === undefined) return [];
  return [
    {
      url: shownValue("HTTPS_PROXY", url),
      go: choiceReport(goProxyFor(configuration, destination)),
      git: choiceReport(gitProxyFor(configuration, destination)),
    },
  ];
}

function choiceReport({ kind, proxy, because, open }: ProxyChoice): ChoiceReport {
  return { kind, ...(proxy !== undefined && { proxy: proxy.shown }), because, ...(open !== undefined && { open }) };
}
