import type { Presence } from "../../flow/explanation.ts";
import type { Role } from "../../flow/model.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import type { ProxyChoice } from "./proxy-choice.ts";

/** How the files of one module are fetched. */
export interface ModulePrediction {
  readonly path: string;
  /** Entries of GOPROXY in the order in which they are asked; only `direct` where the module is exempt. */
  readonly entries: readonly ProxyListEntry[];
  /** The glob that exempts the module from the proxies, and its variable. */
  readonly exempt?: MatchedGlob;
  /** Whether the module's own host is asked: at once, after proxies that did not serve it, or never. */
  readonly direct: "at-once" | "after-proxies" | "never";
  readonly checksums: { readonly asked: boolean; readonly because: string };
  /** The glob of GOINSECURE that covers it: in direct mode, certificates are not checked and http:// is tried. */
  readonly insecure?: MatchedGlob;
  /** Where direct mode begins; absent for paths that it does not know how to look up. */
  readonly origin?: ModuleOrigin;
}

export interface MatchedGlob {
  readonly variable: string;
  readonly glob: string;
}

/** Where the go command looks for a module's repository. */
export interface ModuleOrigin {
  readonly host: string;
  /** `table`: the command knows the repository; `discovery`: `https://host/path?go-get=1` is asked. */
  readonly by: "table" | "discovery";
}

/** What a capture of the run has to show, or must not. */
export interface Expectation {
  readonly presence: Presence;
  readonly role: Role;
  /** Absent: any host of this role that no other expectation names. */
  readonly host?: string;
  readonly port?: number;
  readonly program: "go" | "git";
  /** How it is reached. Absent for what must not appear, and for hosts that are not known. */
  readonly route?: ProxyChoice;
  /** The setting that says so, as a sentence without its full stop. */
  readonly because: string;
}

/** What the configuration makes of a run with empty caches and a go.sum that lacks the modules. */
export interface RunPrediction {
  readonly expectations: readonly Expectation[];
  readonly modules: readonly ModulePrediction[];
  /** Why the go command stops before it sends anything for a module; then no flow of it may appear. */
  readonly refused?: string;
  /** Variables whose value is assumed, because no source that was given tells it. */
  readonly assumed: readonly string[];
}
