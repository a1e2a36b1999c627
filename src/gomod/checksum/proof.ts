import type { ChecksumRecord, ChecksumReport, Proof } from "../../flow/checksums.ts";
import { limits } from "../../limits.ts";
import { Database, type JudgedLookup } from "./database.ts";
import type { ChecksumEvidence, Download } from "./evidence.ts";
import { goSumKey, type GoSumHash, type GoSums } from "./go-sum.ts";
import type { VerifierKey } from "./note.ts";

/** What downloads and lookups are held against. */
export interface ChecksumTrust {
  readonly keys: readonly VerifierKey[];
  readonly sums: GoSums;
}

/** One hash with all that is known of it. */
interface Subject {
  readonly module: string;
  readonly version: string;
  readonly kind: "zip" | "mod";
  readonly download: Download | undefined;
  readonly lookups: readonly { readonly index: number; readonly judged: JudgedLookup }[];
  readonly sums: readonly GoSumHash[];
}

/**
 * Judges every module version that was downloaded or looked up: proved, contradicted, or why not provable. Undefined
 * where there was none.
 */
export function proveChecksums(evidence: ChecksumEvidence, trust: ChecksumTrust): ChecksumReport | undefined {
  if (evidence.downloads.length + evidence.lookups.length + evidence.tiles.length === 0) return undefined;
  const databases = openDatabases(evidence, trust.keys);
  const lookups = [...databases.values()]
    .flatMap((database) => [...database.lookups()])
    .sort((one, other) => one.report.frame - other.report.frame);
  const records: ChecksumRecord[] = [];
  let more = evidence.more;
  for (const subject of subjects(evidence.downloads, lookups, trust.sums)) {
    if (records.length < limits.checksumRecords) records.push(record(subject));
    else more++;
  }
  return {
    databases: [...databases.values()].map((database) => database.report()),
    lookups: lookups.map(({ report }) => report),
    records,
    ...(more > 0 && { more }),
  };
}

function openDatabases({ lookups, tiles }: ChecksumEvidence, keys: readonly VerifierKey[]): Map<string, Database> {
  const databases = new Map<string, Database>();
  const named = (name: string): Database => {
    const database = databases.get(name) ?? new Database(name, keys);
    databases.set(name, database);
    return database;
  };
  for (const tile of tiles) named(tile.database).tile(tile);
  for (const lookup of lookups) named(lookup.database).lookup(lookup);
  return databases;
}

/** Each hash once: those downloaded in order, then those that were only looked up. */
function* subjects(downloads: readonly Download[], lookups: readonly JudgedLookup[], sums: GoSums): Iterable<Subject> {
  const looked = grouped(
    lookups.map((judged, index) => ({ index, judged })),
    ({ judged: { report } }) => `${report.module} ${report.version}`,
  );
  const downloaded = grouped(downloads, ({ module, version, kind }) => goSumKey(module, version, kind));
  const about = (module: string, version: string, kind: "zip" | "mod"): Subject => ({
    module,
    version,
    kind,
    download: undefined,
    lookups: looked.get(`${module} ${version}`) ?? [],
    sums: sums.get(goSumKey(module, version, kind)) ?? [],
  });
  for (const same of downloaded.values()) {
    for (const download of distinct(same))
      yield { ...about(download.module, download.version, download.kind), download };
  }
  for (const [{ judged }] of looked.values()) {
    const { module, version } = judged.report;
    for (const kind of ["zip", "mod"] as const) {
      const wanted = lineFor(judged, module, version, kind);
      if (!downloaded.has(goSumKey(module, version, kind)) && wanted !== undefined) yield about(module, version, kind);
    }
  }
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** One download of each hash; one without where there is none. */
function distinct(downloads: readonly Download[]): readonly Download[] {
  const byHash = new Map<string, Download>();
  for (const download of downloads) {
    if (download.h1 !== undefined && !byHash.has(download.h1)) byHash.set(download.h1, download);
  }
  return byHash.size > 0 ? [...byHash.values()] : downloads.slice(0, 1);
}

function record(subject: Subject): ChecksumRecord {
  const { module, version, kind, download, sums } = subject;
  const h1 = download?.h1;
  const judged = strongest(subject.lookups);
  const line = judged && lineFor(judged.judged, module, version, kind);
  const sum = sums.find((one) => one.h1 === (h1 ?? line)) ?? sums.at(0);
  const agreeing = (other: string | undefined): { agrees?: boolean } =>
    h1 === undefined || other === undefined ? {} : { agrees: h1 === other };
  return {
    module,
    version,
    kind,
    ...(h1 !== undefined && { h1 }),
    ...(download !== undefined && { flow: download.flow, frame: download.frame }),
    ...(judged && { lookup: { index: judged.index, ...(line !== undefined && { h1: line }), ...agreeing(line) } }),
    ...(sum && { gosum: { ...sum, ...agreeing(sum.h1) } }),
    ...judge(download, judged?.judged, line, sum),
  };
}

/** The result by what weighs most: a contradiction, then a proof, then what was missing for one. */
function judge(
  download: Download | undefined,
  judged: JudgedLookup | undefined,
  line: string | undefined,
  sum: GoSumHash | undefined,
): Proof {
  const h1 = download?.h1;
  const contradiction = contradicted(h1, judged, line, sum);
  if (contradiction !== undefined) return { result: "contradicted", because: contradiction };
  if (h1 === undefined) return { result: "not-provable", because: unhashed(download, judged, line) };
  const written = sum === undefined ? undefined : `it is the hash in ${sum.source}:${sum.line}`;
  if (judged === undefined || line === undefined) {
    if (written !== undefined) return { result: "proved", because: written };
    if (judged === undefined)
      return { result: "not-provable", because: "no lookup of it was seen, and no go.sum given has it" };
    return { result: "not-provable", because: `the answer of ${judged.report.database} ${lacking(judged)}` };
  }
  const { database, signature, inclusion } = judged.report;
  const open = [signature, inclusion].find(({ result }) => result !== "proved");
  if (open === undefined) {
    const byDatabase = `${inclusion.because}, ${signature.because}`;
    return { result: "proved", because: written === undefined ? byDatabase : `${byDatabase}; ${written}` };
  }
  if (written !== undefined) return { result: "proved", because: written };
  return { result: "not-provable", because: `it is the hash that ${database} gave, but ${open.because}` };
}

function contradicted(
  h1: string | undefined,
  judged: JudgedLookup | undefined,
  line: string | undefined,
  sum: GoSumHash | undefined,
): string | undefined {
  if (h1 !== undefined && sum !== undefined && h1 !== sum.h1) return `${sum.source}:${sum.line} has ${sum.h1}`;
  if (judged === undefined) return undefined;
  const { database, signature, inclusion } = judged.report;
  if (h1 !== undefined && line !== undefined && h1 !== line) return `${database} has ${line}`;
  for (const proof of [signature, inclusion]) {
    if (proof.result === "contradicted") return `the answer of ${database} does not hold: ${proof.because}`;
  }
  if (line !== undefined && sum !== undefined && line !== sum.h1) {
    return `${database} has ${line}, but ${sum.source}:${sum.line} has ${sum.h1}`;
  }
  return undefined;
}

function unhashed(download: Download | undefined, judged: JudgedLookup | undefined, line: string | undefined): string {
  if (download !== undefined) return download.because ?? "its content cannot be read";
  if (judged === undefined || line === undefined) return "no download of it was seen";
  const { database, signature, inclusion } = judged.report;
  const holds = signature.result === "proved" && inclusion.result === "proved";
  return `no download of it was seen${holds ? `, though the hash that ${database} gave is proved` : ""}`;
}

function lacking({ report, lines }: JudgedLookup): string {
  return lines.length === 0 ? `cannot be read: ${report.signature.because}` : "has no such hash";
}

/** The lookup that says most against it, else for it. */
function strongest(lookups: Subject["lookups"]): Subject["lookups"][number] | undefined {
  const rank = ({ judged: { report } }: Subject["lookups"][number]): number => {
    const results = [report.signature.result, report.inclusion.result];
    if (results.includes("contradicted")) return 0;
    return results.includes("not-provable") ? 2 : 1;
  };
  return lookups.toSorted((one, other) => rank(one) - rank(other))[0];
}

function lineFor({ lines }: JudgedLookup, module: string, version: string, kind: "zip" | "mod"): string | undefined {
  const wanted = kind === "mod" ? `${version}/go.mod` : version;
  return lines.find((line) => line.module === module && line.version === wanted && line.hash.startsWith("h1:"))?.hash;
}
