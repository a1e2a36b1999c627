import type { Analysis } from "../flow/model.ts";
import { jsonWriter } from "./json-text.ts";
import { storyShape } from "../flow/story-shape.ts";

/** The story alone as indented JSON; no line feed at the end. Shape: `$defs/story` of schema/analysis.schema.json. */
export function* renderStoryJson({ story }: Analysis): Iterable<string> {
  yield jsonWriter(storyShape, "")(story);
}

/** The story as one JSON line. */
export function* renderStoryNdjson({ story }: Analysis): Iterable<string> {
  yield `${jsonWriter(storyShape)(story)}\n`;
}
