import type { ChecksumRecord, DatabaseReport, LookupReport } from "../flow/checksums.ts";
import type { FindingContext, Sighting, Words } from "./sighting.ts";

/** What does not hold of checksums, and heads that nobody known has signed. */
export function* checksumSightings({ checksums: report, losses, configuration }: FindingContext): Iterable<Sighting> {
  if (report === undefined) return;
  for (const record of report.records) {
    const mismatch = mismatchOf(record, report.lookups);
    if (mismatch !== undefined) yield mismatch;
  }
  for (const lookup of report.lookups) {
    const { signature, inclusion } = lookup;
    if (signature.result === "contradicted") yield refused(lookup, signature.because);
    else if (inclusion.result === "contradicted") yield refused(lookup, inclusion.because);
    else if (signature.result === "not-provable" && signature.key !== undefined)
      yield unverified(lookup, signature.key, {
        isLost: losses.at(lookup.flow, lookup.frame) !== undefined,
        isKnown: configuration?.checksumDatabase !== undefined,
      });
  }
  for (const database of report.databases) {
    if (database.timeline?.result === "contradicted") yield forked(database, report.lookups);
  }
}

function mismatchOf(record: ChecksumRecord, lookups: readonly LookupReport[]): Sighting | undefined {
  const { module, version, kind, h1, lookup, gosum, flow, frame } = record;
  const noun = `${module}@${version}${kind === "mod" ? "/go.mod" : ""}`;
  const asked = lookup === undefined ? undefined : lookups[lookup.index];
  const other =
    gosum?.agrees === false
      ? { name: "go.sum", where: `${gosum.source}:${gosum.line}`, hash: gosum.h1 }
      : lookup?.agrees === false
        ? { name: asked!.database, where: asked!.database, hash: lookup.h1! }
        : undefined;
  if (other === undefined || h1 === undefined || flow === undefined || frame === undefined) return undefined;
  return {
    rule: "checksum-mismatch",
    subject: noun,
    severity: "error",
    grade: "exact",
    flow,
    frames: asked === undefined || gosum?.agrees === false ? [frame] : [frame, asked.frame],
    words: () => ({
      title: `the download of ${noun} is not the one that ${other.name} has`,
      detail:
        `Its hash is ${h1}, that in ${other.where} is ${other.hash}. Go refuses it: "verifying ${noun}: checksum mismatch", ` +
        "SECURITY ERROR. The version was replaced after it was first published, or something on the way changed it.",
      remedy:
        "Fetch it from another source (GOPROXY=https://proxy.golang.org, or GOPROXY=direct) and compare. " +
        "Ask the author for a new version where a tag was moved; never delete the line to make the error go away.",
    }),
  };
}

function refused(lookup: LookupReport, because: string): Sighting {
  const { database, module, version, flow, frame } = lookup;
  return {
    rule: "checksum-refused",
    subject: `${database} ${because}`,
    severity: "error",
    grade: "exact",
    flow,
    frames: [frame],
    words: () => ({
      title: `What ${database} answered for ${module}@${version} does not hold`,
      detail: `By its own proofs, ${because}. Go refuses the answer, and whatever it was to verify.`,
      remedy: `Ask ${database} directly, without the proxy in between; if it still answers so, report it: a database must never do this.`,
    }),
  };
}

function forked({ name, timeline }: DatabaseReport, lookups: readonly LookupReport[]): Sighting {
  const asked = lookups.filter(({ database }) => database === name);
  return {
    rule: "checksum-refused",
    subject: `${name} timeline`,
    severity: "error",
    grade: "exact",
    ...(asked.length > 0 && { flow: asked[0].flow }),
    frames: asked.map(({ frame }) => frame),
    words: () => ({
      title: `${name} showed two histories that exclude each other`,
      detail: `It signed tree heads of which ${timeline!.because}. Go stops with "go.sum database server misbehavior detected", SECURITY ERROR.`,
      remedy:
        "Keep the capture: it is the proof. Report it to whoever runs the database, and fetch through another mirror.",
    }),
  };
}

/* `isLost`: Go did not take it; `isKnown`: what GOSUMDB says. */
function unverified(
  { database, flow, frame }: LookupReport,
  key: string,
  { isLost, isKnown }: { readonly isLost: boolean; readonly isKnown: boolean },
): Sighting {
  return {
    rule: "checksum-note-unverified",
    subject: `${database} ${key}`,
    severity: isLost ? "error" : "warning",
    grade: isLost && !isKnown ? "inferred" : "exact",
    flow,
    frames: [frame],
    words: () => (isLost ? refusedKeyWords(database, key, isKnown) : unknownKeyWords(database, key)),
  };
}

function unknownKeyWords(database: string, key: string): Words {
  return {
    title: `${database} signs with the key ${key}, which is not known here`,
    detail:
      `Nothing that it answered can be proved without that key. With GOSUMDB=${database} and no key of its own, ` +
      "Go refuses such answers unless the database is sum.golang.org and the key Go's own.",
    remedy: "Give its verifier key: --sumdb-key NAME+HASH+KEY, or --env with the GOSUMDB of the run.",
  };
}

function refusedKeyWords(database: string, key: string, isKnown: boolean): Words {
  const evidence = isKnown
    ? "Go refuses such answers"
    : "After it the go command asked the database for no tile, which it needs for every answer that it takes: it refused this one";
  return {
    title: `${database} signs with the key ${key}, which is not that of GOSUMDB`,
    detail: `${evidence}: "note has no verifiable signatures". The modules that it was to verify did not come.`,
    remedy: `Write the database's own key into GOSUMDB (NAME+HASH+KEY). If it is right there, something on the way answers in the place of ${database}.`,
  };
}
