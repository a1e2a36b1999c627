import { value, type ObjectShape } from "../flow/json-shape.ts";
import type { ConfigurationReport } from "../gomod/configuration-report.ts";
import { jsonWriter } from "./json-text.ts";

/** A configuration as indented JSON. Shape: schema/configuration.schema.json; no line feed at the end. */
export function renderConfigurationJson(report: ConfigurationReport): string {
  return jsonWriter(shape, "")(report);
}

const choice = { kind: value, proxy: value, because: value, open: value } as const;
const setting = { value, from: value, source: value } as const;
const matched = { variable: value, glob: value } as const;

const shape = {
  schemaVersion: value,
  tool: { name: value, version: value },
  goVersion: value,
  platform: value,
  sources: { origin: value, name: value, missing: value },
  problems: value,
  variables: { name: value, value, from: value, source: value, assumed: value, shadowed: setting, unread: setting },
  warnings: { id: value, severity: value, variable: value, source: value, title: value, reason: value, mend: value },
  urls: { url: value, go: choice, git: choice },
  modules: {
    path: value,
    entries: value,
    exempt: matched,
    direct: value,
    checksums: { asked: value, because: value },
    insecure: matched,
    origin: { host: value, by: value },
  },
  prediction: {
    refused: value,
    assumed: value,
    expectations: {
      presence: value,
      role: value,
      host: value,
      port: value,
      program: value,
      route: choice,
      because: value,
    },
  },
} satisfies ObjectShape<ConfigurationReport>;
