import type { GoConfiguration } from "../configuration.ts";
import { certificateWarnings } from "./certificates.ts";
import { checksumDatabaseWarnings } from "./checksum-database.ts";
import { forwardProxyWarnings } from "./forward-proxies.ts";
import { globWarnings } from "./globs.ts";
import { moduleProxyWarnings } from "./module-proxies.ts";
import { noProxyWarnings } from "./no-proxy.ts";
import { sourceWarnings } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** What is wrong with a configuration, or not what it looks like, worst first. */
export function checkConfiguration(configuration: GoConfiguration): readonly ConfigurationWarning[] {
  const found = families.flatMap((family) => [...family(configuration)]);
  return found.sort((a, b) => ranks[a.severity] - ranks[b.severity]);
}

const families = [
  sourceWarnings,
  moduleProxyWarnings,
  checksumDatabaseWarnings,
  globWarnings,
  forwardProxyWarnings,
  noProxyWarnings,
  certificateWarnings,
];

const ranks = { error: 0, warning: 1, note: 2 };
