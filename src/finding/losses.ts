import type { Story, StoryFailure } from "../flow/story.ts";
import { moduleName } from "../gomod/requests.ts";

/** A module that Go gave up, and over what. */
export interface Loss extends StoryFailure {
  /** `example.com/m@v1.0.0`. */
  readonly module: string;
}

/** Where Go gave modules up, as the story tells it: that is an error, however well all else went. */
export class Losses {
  readonly #byFrame = new Map<string, Loss>();
  readonly #byFlow = new Map<number, Loss>();
  /** What was lost elsewhere and tried at its origin, by the frame that tells of the latter. */
  readonly #aside = new Map<number, Loss>();

  constructor({ modules }: Pick<Story, "modules">) {
    for (const told of modules) {
      const { flow, frame, status } = told.failure ?? {};
      if (frame === undefined) continue;
      const loss = { ...told.failure!, module: moduleName(told) };
      this.#byFrame.set(`${flow ?? ""} ${frame}`, loss);
      if (flow !== undefined && status === undefined) this.#byFlow.set(flow, loss);
      const direct = told.walks.flatMap(({ steps }) => steps).find(({ entry }) => entry === "direct");
      if (direct?.frame !== undefined) this.#aside.set(direct.frame, loss);
    }
  }

  /** The module that was lost with a name that was not resolved, by the frame that said so. */
  named(frame: number): Loss | undefined {
    return this.#byFrame.get(` ${frame}`);
  }

  /** The module whose origin has a name that was not resolved, while it was lost at an entry before direct. */
  aside(frame: number): Loss | undefined {
    return this.named(frame) === undefined ? this.#aside.get(frame) : undefined;
  }

  /** The module that was lost with a connection, or with the answer to the request in a frame. */
  at(flow: number, frame?: number): Loss | undefined {
    return frame === undefined ? this.#byFlow.get(flow) : this.#byFrame.get(`${flow} ${frame}`);
  }
}
