import type { Proof } from "../../flow/checksums.ts";
import type { GoConfiguration } from "../configuration/configuration.ts";
import type { ProxyListEntry } from "../proxy-list.ts";
import type { Ask } from "./ask.ts";
import type { DatabaseLoss } from "./database-loss.ts";
import type { OriginBook } from "./origins.ts";
import type { PlaceFailure, Unreached } from "./places.ts";
import type { BrokenProxy } from "./walk.ts";

/** One module at a version, or without one, as a client asked for it. */
export interface ModuleRecord {
  readonly client: string;
  readonly module: string;
  readonly version: string | undefined;
  /** Requests for its files, and lookups, in no order. */
  readonly asks: Ask[];
}

/** What modules share. */
export interface ModuleGround {
  readonly configuration: GoConfiguration | undefined;
  readonly origins: OriginBook;
  readonly unreached: Unreached;
  /** How connections to an entry failed, where no request came through. */
  readonly failureOf: (entry: ProxyListEntry) => PlaceFailure | undefined;
  /** Where GOPROXY was not given: module proxies that no request came through to. */
  readonly broken: readonly BrokenProxy[];
  /** No request to an entry can be seen, whether there were some or not. */
  readonly isHidden: (entry: ProxyListEntry) => boolean;
  /** Whether the request in a frame was the last of all, and the capture shows what came after it. */
  readonly isEnd: (frame: number | undefined) => boolean;
  /** `module@version` → what the hashes of its files came to. */
  readonly checksums: ReadonlyMap<string, ReadonlySet<Proof["result"]>>;
  /** `module@version` of lookups that Go did not take for the key that signed the answer. */
  readonly untrusted: ReadonlySet<string>;
  /** How the checksum database failed as a whole. */
  readonly databaseLoss: DatabaseLoss | undefined;
  /** A checksum was wanted, and nothing shows that one came. */
  readonly silentDatabase: boolean;
}
