import type { Grade } from "../grade.ts";
import type { Role } from "./vocabulary.ts";

/** Whether hosts of a role appear in a capture of the run. */
export type Presence = "must" | "may" | "must-not";

/** Prediction beside observation. `not-seen` is of what the settings provide for and the capture does not show. */
export type ExplainedVerdict = "as-configured" | "contradicts" | "cannot-be-told" | "not-seen";

/** A host, or a role where no host is known, and what the settings say to what the capture shows of it. */
export interface ExplainedHost {
  readonly host?: string;
  readonly port?: number;
  readonly role: Role;
  readonly verdict: ExplainedVerdict;
  /** One sentence without a full stop. */
  readonly because: string;
  /** What the settings say; absent where they say nothing. */
  readonly presence?: Presence;
  /** How the settings have it reached: `direct`, `through HOST:PORT`. */
  readonly route?: string;
  /** Flows of which this holds, by id; the rest is counted. */
  readonly flows: readonly number[];
  readonly moreFlows?: number;
}

/** A request that the command announced, and the flows that may have carried it. */
export interface ExplainedRequest {
  /** Userinfo masked. */
  readonly url: string;
  readonly status?: number;
  /** What came of it, in Go's words. */
  readonly text?: string;
  readonly flows: readonly number[];
  /** `seen` or `decrypted` where the request is visible, `inferred` where only its host is: it went over one of these. */
  readonly grade: Grade;
}

/** What the settings prescribe, beside what the capture shows. */
export interface Explanation {
  /** Variables that no file given tells; Go's defaults are assumed. */
  readonly assumed: readonly string[];
  /** Why the go command stops before it sends anything. */
  readonly refused?: string;
  readonly hosts: readonly ExplainedHost[];
  readonly moreHosts?: number;
  /** Where the output of the command was given. */
  readonly requests?: readonly ExplainedRequest[];
  readonly moreRequests?: number;
}
