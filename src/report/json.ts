import type { Analysis } from "../flow/model.ts";
import { dnsShape, findingShape, flowShape, headShape, shaped, type AnyShape } from "./json-shape.ts";
import { visibleJson } from "./sanitize.ts";

/**
 * An analysis as indented JSON, in pieces: one flow, one DNS exchange, one finding at a time.
 *
 * Shape: schema/analysis.schema.json; no line feed at the end. The same analysis gives the same bytes.
 */
export function* renderJson(analysis: Analysis): Iterable<string> {
  const head = indented(shaped(analysis, headShape));
  yield head.slice(0, head.lastIndexOf("\n"));
  yield* list("flows", analysis.flows(), flowShape);
  yield* list("dns", analysis.dns, dnsShape);
  yield* list("findings", analysis.findings, findingShape);
  yield "\n}";
}

/** An analysis as JSON lines: `{"record":"capture",…}`, then one line a flow, DNS exchange and finding. */
export function* renderNdjson(analysis: Analysis): Iterable<string> {
  yield line("capture", analysis, headShape);
  for (const flow of analysis.flows()) yield line("flow", flow, flowShape);
  for (const exchange of analysis.dns) yield line("dns", exchange, dnsShape);
  for (const finding of analysis.findings) yield line("finding", finding, findingShape);
}

function* list(key: string, items: Iterable<unknown>, shape: AnyShape): Iterable<string> {
  yield `,\n  "${key}": [`;
  let separator = "\n    ";
  for (const item of items) {
    // Two lists around the item give it the indentation that it has in the report; they are cut away again.
    yield separator + indented([[shaped(item, shape)]]).slice("[\n  [\n    ".length, -"\n  ]\n]".length);
    separator = ",\n    ";
  }
  yield separator.startsWith(",") ? "\n  ]" : "]";
}

function indented(content: unknown): string {
  return visibleJson(JSON.stringify(content, undefined, 2));
}

/** DNS records have a `type` of their own, which stays in place: the line's kind is `record`. */
function line(record: string, content: unknown, shape: AnyShape): string {
  return `${visibleJson(JSON.stringify({ record, ...(shaped(content, shape) as object) }))}\n`;
}
