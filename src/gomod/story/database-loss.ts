import type { StoryStep } from "../../flow/story.ts";

/** Why no checksum came: how the database failed, or the question where to ask it. */
export type DatabaseLoss = Pick<StoryStep, "entry" | "answer" | "status" | "flow" | "frame" | "grade"> & {
  /** What Go prints of it; absent where that names the lookup, or cannot be told. */
  readonly printed?: string;
  /** Go's words for why no lookup came through, without the URL. */
  readonly goText?: string;
};
