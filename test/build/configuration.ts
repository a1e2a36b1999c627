import {
  mergeConfigurations,
  parseConfigurationText,
  type ConfigurationFacts,
  type GoConfiguration,
  type Origin,
} from "../../src/gomod/configuration/configuration.ts";

/** A verifier key as Go takes one. */
export const verifierKey = "sum.test+7fd6d2e1+AQcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";

/** A configuration from the text of each kind of source. */
export function configurationOf(
  texts: Partial<Record<Origin, string>>,
  facts: ConfigurationFacts = {},
): GoConfiguration {
  const parts = Object.entries(texts).map(([origin, text]) => parseConfigurationText(origin, text, origin as Origin));
  return mergeConfigurations(parts, facts);
}

/** The configuration of a process with these variables, a home without a user's file, and the go.env of Go's releases. */
export function processWith(...variables: readonly string[]): GoConfiguration {
  return configurationOf({
    environment: ["HOME=/home/a", ...variables].join("\0"),
    "user-file": "",
    "goroot-file": "GOPROXY=https://proxy.golang.org,direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n",
  });
}
