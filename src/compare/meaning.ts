import type { Grade } from "../grade.ts";
import type { Label, Role, RouteKind } from "../flow/model.ts";
import type { PathRemark, PathStatus } from "../pki/verdict.ts";
import type { Stage } from "../protocol/layer.ts";

/*
 * What a capture says, reduced to what two runs of the same setting have in common: nothing of client ports, addresses,
 * times, counts or order. Lists stand for sets: sorted, without duplicates. All text may come from the wire: untrusted.
 */

/** Whether something of its kind was visible on all flows of a target, on some, or on none. */
export const visibilities = ["all", "some", "none"] as const;
export type Visibility = (typeof visibilities)[number];

/** A way to a target, as its client chose it. */
export interface RouteMeaning {
  readonly kind: RouteKind;
  readonly overTls: boolean;
  /** The proxy as `host:port`; an address where no name is known. */
  readonly proxy?: string;
}

/** A certificate as far as later comparisons need it. */
export interface CertificateMeaning {
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** Key identifier of the key that signed it. */
  readonly authorityKeyId?: string;
  readonly publicKey: string;
  readonly notAfter: string;
  /** Bytes of the DER. */
  readonly length: number;
}

/** A certificate that may be missing elsewhere. */
export type Authority = Pick<CertificateMeaning, "subject" | "length">;

/** How sure a missing intermediate is that nothing proves. */
export const doubts = ["likely", "possible"] as const;

/** A chain as a server sent it, and what became of it. */
export interface ChainMeaning {
  readonly status: PathStatus;
  /** How sure a missing intermediate is; absent where it is proved, and of any other status. */
  readonly certainty?: (typeof doubts)[number];
  readonly remarks: readonly PathRemark[];
  /** Subject of the trust anchor that it ends at. */
  readonly anchor?: string;
  readonly certificates: readonly CertificateMeaning[];
}

/** A request and its answer; paths that differ from run to run are reduced. */
export interface RequestMeaning {
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly accept?: string;
}

export interface VerdictMeaning {
  readonly value: "accepted" | "rejected";
  readonly grade: Grade;
}

/** What flows to one target have in common. */
export interface TargetMeaning {
  /** `host:port`, lower case. */
  readonly target: string;
  readonly role: Role;
  readonly roleGrade: Grade;
  readonly labels: readonly Label[];
  readonly labelGrade: Grade;
  readonly routes: readonly RouteMeaning[];
  /** Statuses of proxies that let nothing through on any flow: `407`, `403`. */
  readonly refusals: readonly number[];
  /** The furthest that any flow came. */
  readonly stage: Stage;
  /** How clients took the certificate, where that is told; each with its grade. */
  readonly verdicts: readonly VerdictMeaning[];
  /** Empty where no TLS was spoken, like the four below. */
  readonly versions: readonly string[];
  /** Application protocols that clients offered, and those that were agreed on in sight. */
  readonly offered: readonly string[];
  readonly agreed: readonly string[];
  readonly clients: readonly string[];
  readonly ja4: readonly string[];
  readonly chains: readonly ChainMeaning[];
  /** Bytes of Certificate messages that could not be read, where lengths force them, and the keys that fit their leaves. */
  readonly certificateBytes: readonly number[];
  readonly leafKeys: readonly string[];
  readonly requestsVisible: Visibility;
  readonly requests: readonly RequestMeaning[];
  readonly carriesSumdb: boolean;
  /** TLS of some flow was decrypted. */
  readonly opened: boolean;
  /** Bytes are missing from the capture, or the beginning is: what was not seen may have been there. */
  readonly incomplete: boolean;
}

/** A target as one capture saw it, with what may vary, which snapshots do not keep. */
export interface ObservedTarget {
  readonly meaning: TargetMeaning;
  readonly flowCount?: number;
  /** Shortest time from one stage to the next over all flows, in seconds. */
  readonly durations?: ReadonlyMap<Stage, number>;
  /** Shortest time from a request to the head of its answer, in seconds, by method and path. */
  readonly waits?: ReadonlyMap<string, number>;
}

/** One side of a comparison. */
export interface Observation {
  readonly name: string;
  /** By target name. */
  readonly targets: ReadonlyMap<string, ObservedTarget>;
  /** CA certificates that any flow shows, by digest: what lengths alone tell is told by their sizes. */
  readonly authorities: ReadonlyMap<string, Authority>;
  /** What judged the certificates; undefined where nothing was to judge. */
  readonly trust: { readonly count: number; readonly sha256: string } | undefined;
  /** Targets of which every flow is another program's. */
  readonly others: ReadonlySet<string>;
  /** Names that were asked for and did not resolve, lower case, with what came instead: `NXDOMAIN`. */
  readonly unresolved: ReadonlyMap<string, string>;
  /** What the capture hides of all targets, and why: one clause each. */
  readonly blind: readonly string[];
  /** The file is damaged, or ends in the middle of a frame. */
  readonly damaged: boolean;
  /** It begins or ends in the midst of connections: there may be more to the run. */
  readonly partOfRun: boolean;
}
