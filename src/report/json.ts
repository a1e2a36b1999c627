import { explanationShape } from "../flow/explanation-shape.ts";
import type { Analysis } from "../flow/model.ts";
import { dnsShape, findingShape, flowShape, headShape } from "../flow/json-shape.ts";
import { storyShape } from "../flow/story-shape.ts";
import { jsonListBytes, jsonWriter, type JsonWriter } from "./json-text.ts";

/**
 * An analysis as indented JSON, in pieces: a few flows, one DNS exchange, one finding at a time; the story and the
 * explanation last.
 *
 * Shape: schema/analysis.schema.json; no line feed at the end. The same analysis gives the same bytes. Borrows: bytes
 * among the pieces, until the next is asked for.
 */
export function* renderJson(analysis: Analysis): Iterable<string | Uint8Array> {
  const head = jsonWriter(headShape, "")(analysis);
  yield head.slice(0, head.lastIndexOf("\n"));
  yield* jsonListBytes("flows", analysis.flows(), flowShape);
  yield* jsonListBytes("dns", analysis.dns, dnsShape);
  yield* jsonListBytes("findings", analysis.findings, findingShape);
  yield `,\n  "story": ${jsonWriter(storyShape, "  ")(analysis.story)}`;
  const { explanation } = analysis;
  if (explanation !== undefined) yield `,\n  "explanation": ${jsonWriter(explanationShape, "  ")(explanation)}`;
  yield "\n}";
}

/** An analysis as JSON lines: `{"record":"capture",…}`, then one line a flow, DNS exchange and finding, last the story and the explanation. */
export function* renderNdjson(analysis: Analysis): Iterable<string> {
  yield* lines("capture", [analysis], jsonWriter(headShape));
  yield* lines("flow", analysis.flows(), jsonWriter(flowShape));
  yield* lines("dns", analysis.dns, jsonWriter(dnsShape));
  yield* lines("finding", analysis.findings, jsonWriter(findingShape));
  yield* lines("story", [analysis.story], jsonWriter(storyShape));
  const { explanation } = analysis;
  if (explanation !== undefined) yield* lines("explanation", [explanation], jsonWriter(explanationShape));
}

/** DNS records have a `type` of their own, which stays in place: the line's kind is `record`. */
function* lines(record: string, items: Iterable<unknown>, write: JsonWriter): Iterable<string> {
  for (const item of items) yield `{"record":"${record}",${write(item).slice(1)}\n`;
}
