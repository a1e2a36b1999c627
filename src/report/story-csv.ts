import type { Analysis } from "../flow/model.ts";
import type { StoryModule } from "../flow/story.ts";
import { csvRow } from "./csv.ts";
import { fileText } from "./words.ts";

/** One row a module at a version. Spec: RFC 4180; line ends are CRLF. The names of the columns are stable. */
export function* renderStoryCsv({ story, capture }: Analysis, heading: boolean): Iterable<string> {
  if (heading) yield csvRow(["capture", ...Object.keys(columns)]);
  const name = capture.files.map((file) => fileText(file.name)).join(" ");
  for (const told of story.modules) yield csvRow([name, ...Object.values(columns).map((column) => column(told))]);
}

const columns: Readonly<Record<string, (told: StoryModule) => string | number | undefined>> = {
  client: ({ client }) => client,
  module: ({ module }) => module,
  version: ({ version }) => version,
  outcome: ({ outcome }) => outcome,
  info_status: ({ info }) => info?.status,
  mod_served_by: ({ mod }) => mod?.servedBy,
  mod_status: ({ mod }) => mod?.status,
  mod_bytes: ({ mod }) => mod?.bytes,
  zip_served_by: ({ zip }) => zip?.servedBy,
  zip_redirected_to: ({ zip }) => zip?.redirectedTo,
  zip_status: ({ zip }) => zip?.status,
  zip_bytes: ({ zip }) => zip?.bytes,
  repository: ({ origin }) => origin?.repository,
  checksum_served_by: ({ checksum }) => checksum?.servedBy,
  checksum_status: ({ checksum }) => checksum?.status,
  entries_tried: ({ walks }) => walks[0]?.steps.length,
  start: ({ start }) => start,
  seconds: ({ seconds }) => seconds,
  go_error: ({ goError }) => goError,
};
