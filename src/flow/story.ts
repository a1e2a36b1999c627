import type { Evidence, Grade } from "../grade.ts";
import type { Proof } from "./checksums.ts";
import type { GoRequestKind, Label, Role, RouteKind, Timestamp } from "./vocabulary.ts";

/*
 * What the Go command did, told by module: who served which file, how GOPROXY was walked, what the checksum database
 * was asked, which repositories were read. Plain data; all text that came from the wire is untrusted.
 */

/** What a request means to Go. */
export interface GoExchange {
  readonly kind: GoRequestKind;
  /** Module path, escapes undone; for discovery the import path. */
  readonly module?: string;
  readonly version?: string;
  /** Path of the module proxy or database under its host. */
  readonly base?: string;
  /** Checksum database that a module proxy mirrors. */
  readonly database?: string;
  /** Path of a git repository. */
  readonly repository?: string;
  /** The entry of GOPROXY that was asked, as configured. */
  readonly entry?: string;
  /**
   * No try of its own: the second GET by which Go from 1.24 on answers every 4xx, or a prefix of the path that was
   * wanted, which `go get` asks for at the same time.
   */
  readonly folded?: "doubled" | "prefix-probe";
}

/** One file or answer that the Go command asked for. */
export interface StoryFile {
  /** Host and port that answered; the one redirected to has its own name below. */
  readonly servedBy: string;
  readonly status?: number;
  /** What failed where no answer came. */
  readonly failure?: string;
  /** Content bytes. */
  readonly bytes?: number;
  /** From the request to the answer. */
  readonly seconds?: number;
  readonly redirectedTo?: string;
  readonly flow?: number;
  readonly frame?: number;
  readonly grade: Grade;
}

/** One entry of GOPROXY as it was tried. */
export interface StoryStep {
  /** The entry as configured, or the host where nothing was configured; `direct`, `off`. */
  readonly entry: string;
  readonly outcome: "served" | "not-found" | "refused" | "failed" | "unknown";
  /** `200`, `404 Not Found`, `the server refused the connection`. */
  readonly answer: string;
  readonly status?: number;
  /** Why Go went on from here, or stopped. */
  readonly rule?: string;
  readonly goesOn: boolean;
  readonly flow?: number;
  readonly frame?: number;
  readonly grade: Grade;
}

/** How GOPROXY was walked for some files of a module. */
export interface StoryWalk {
  /** `list`, `latest`, `info`, `mod`, `zip`: those that went the same way. Empty where the files do not show. */
  readonly files: readonly string[];
  readonly steps: readonly StoryStep[];
}

/** What the checksum database was asked about a module. */
export interface StoryChecksum {
  /** Host and port that was asked: the database's own, or a module proxy's. */
  readonly servedBy: string;
  readonly mirrored: boolean;
  readonly status?: number;
  /** What failed where no answer came. */
  readonly failure?: string;
  /** What the hashes of its files came to, the worst of them. */
  readonly result?: Proof["result"];
  readonly flow?: number;
  readonly frame?: number;
  readonly grade: Grade;
}

/** Where a module's repository is, and what was read there. */
export interface StoryOrigin {
  /** Host and port that told it; absent where the go command knows by itself. */
  readonly discoveredBy?: string;
  /** `git`, `hg` …, or `mod` for a module proxy, as the page says. */
  readonly vcs?: string;
  /** `https://git.example.com/text.git`, as it was read or as the page says. */
  readonly repository?: string;
  readonly flows: readonly number[];
  /** Content bytes that git read. */
  readonly bytes: number;
  /** git listed the versions there, as far as can be seen, and read no code. */
  readonly listedOnly?: true;
  readonly status?: number;
  /** What failed where no answer came. */
  readonly failure?: string;
  readonly frame?: number;
  readonly grade: Grade;
}

/** The step at which Go gave a module up, with the answer that it got there. */
export interface StoryFailure extends Pick<StoryStep, "entry" | "answer" | "status" | "flow" | "frame" | "grade"> {
  /** `list`, `latest`, `info`, `mod`, `zip`; `checksum`; `code` where its repository was looked for. */
  readonly wanted: string;
}

/** A module at a version, or a module of which no version was named. */
export interface StoryModule {
  readonly client: string;
  readonly module: string;
  readonly version?: string;
  /** `fetched`: its zip or repository came; `part`: only smaller files were asked for; `failed`: Go did not get what it asked for. */
  readonly outcome: "fetched" | "part" | "failed" | "unknown";
  readonly list?: StoryFile;
  readonly latest?: StoryFile;
  readonly info?: StoryFile;
  readonly mod?: StoryFile;
  readonly zip?: StoryFile;
  readonly origin?: StoryOrigin;
  readonly checksum?: StoryChecksum;
  readonly walks: readonly StoryWalk[];
  /** Prefixes of the path that `go get` asked for at the same time. */
  readonly probes?: readonly string[];
  /** Why it is `failed`; absent where its hashes alone tell. */
  readonly failure?: StoryFailure;
  /** What Go prints. */
  readonly goError?: string;
  readonly start?: Timestamp;
  readonly seconds?: number;
}

/** How the go command came to ask a checksum database where it did. */
export interface StoryDatabase {
  readonly name: string;
  readonly steps: readonly StoryStep[];
  /** Host and port that lookups went to. */
  readonly servedBy?: string;
  readonly lookups: number;
  readonly tiles: number;
}

/** A host that Go or git spoke to, in the order of first frames. */
export interface StoryPlace {
  readonly host: string;
  readonly port: number;
  readonly role: Role;
  readonly label: Label;
  readonly route: RouteKind;
  readonly flows: number;
  readonly firstFlow: number;
  readonly firstFrame: number;
  readonly start?: Timestamp;
  readonly seconds?: number;
  readonly bytes: number;
  /** Requests that are visible. */
  readonly requests: number;
  /** How a flow to it failed that no other made good. */
  readonly failure?: string;
}

/** What the Go command printed as error. */
interface StoryError {
  readonly text: string;
  /** The file that has it. */
  readonly source: string;
}

/** The whole story; `because` says what it rests on and what hides the rest. */
export interface Story extends Evidence {
  /** GOPROXY as configured, userinfo masked. */
  readonly proxyList?: string;
  /** How GOPROXY was walked as far as hosts alone tell; absent where requests of modules are visible. */
  readonly walk?: StoryWalk;
  readonly modules: readonly StoryModule[];
  /** Requests of further modules, not told one by one. */
  readonly moreRequests?: number;
  readonly databases: readonly StoryDatabase[];
  readonly places: readonly StoryPlace[];
  readonly morePlaces?: number;
  /** What decryption covers, where keys were given. */
  readonly coverage?: string;
  readonly errors: readonly StoryError[];
}
