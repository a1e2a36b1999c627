import { limits } from "../limits.ts";
import { difference, type Difference } from "./difference.ts";
import type { Authority, TargetMeaning } from "./meaning.ts";

/*
 * What lengths alone tell of certificates in TLS 1.3 that could not be read. Certificates come and go whole, so that the
 * difference of two Certificate messages is a sum of sizes.
 * Spec: RFC 8446 §4.4.2; an entry is the DER with 3 bytes of length before and 2 of extensions behind it.
 */

/** Names of the authorities that either side shows, by their size in bytes. */
export type KnownSizes = ReadonlyMap<number, readonly string[]>;

/** The sizes of authorities, each counted once however many sides show it. */
export function sizesOf(sides: readonly { readonly authorities: ReadonlyMap<string, Authority> }[]): KnownSizes {
  const sizes = new Map<number, string[]>();
  const known = new Map(sides.flatMap(({ authorities }) => [...authorities]));
  for (const { subject, length } of known.values()) {
    const names = sizes.get(length);
    if (names !== undefined) {
      if (!names.includes(subject)) names.push(subject);
    } else if (sizes.size < limits.certificateSizes) sizes.set(length, [subject]);
  }
  return sizes;
}

/** What changed in the Certificate messages of a target, where lengths force their size on both sides. */
export function compareCertificateBytes(before: TargetMeaning, after: TargetMeaning, known: KnownSizes): Difference[] {
  if (before.certificateBytes.length !== 1 || after.certificateBytes.length !== 1) return [];
  const [was] = before.certificateBytes;
  const [is] = after.certificateBytes;
  const change = Math.abs(is - was);
  const told = {
    target: after.target,
    before: `${was} bytes`,
    after: `${is} bytes`,
    grade: "inferred",
  } as const;
  const length = `The Certificate message, which cannot be read without keys, is ${change} bytes ${is < was ? "shorter" : "longer"}`;
  const [wasKey, isKey] = [before, after].map(({ leafKeys }) => leafKeys.join(" or "));
  if (wasKey !== isKey && wasKey !== "" && isKey !== "") {
    const text =
      `The key of the certificate is ${isKey} instead of ${wasKey}: a server that has both shows either, and a proxy ` +
      `that opens TLS and signs again shows its own. ${length}.`;
    return [difference({ kind: "certificate-key", ...told, text })];
  }
  if (change <= renewal) return [];
  if (change < leastCertificate) {
    const text = `${length}: the server shows another certificate. Who issued it cannot be told; give --keylog.`;
    return [difference({ kind: "not-comparable", ...told, text })];
  }
  const advice = is < was ? " If clients refuse it now, an intermediate that they need may be missing." : "";
  return [difference({ kind: "certificate-size", ...told, text: `${length}, ${fitting(change, known)}.${advice}` })];
}

/** Bytes by which certificates of one issuer for one name differ: serial numbers and ECDSA signatures vary in length. */
const renewal = 16;
/** The size of the smallest certificates in use; what differs by less is another leaf of the same kind. */
const leastCertificate = 300;
const entryOverhead = 5;

/** Which certificates came or went. */
function fitting(change: number, known: KnownSizes): string {
  const exact = combinations(change, known);
  if (exact.length > 0) return `which is ${exact.length === 1 ? exact[0] : `one of these: ${some(exact)}`}`;
  for (let off = 1; off <= renewal; off++) {
    const near = [change - off, change + off].flatMap((bytes) => combinations(bytes, known));
    if (near.length === 0) continue;
    const fit = near.length === 1 ? near[0] : `one of these: ${some(near)}`;
    return `which is, ${off === 1 ? "a byte" : `${off} bytes`} more or less for another end-entity certificate, ${fit}`;
  }
  return `which fits one certificate of ${change - entryOverhead} bytes, or several`;
}

/** One known certificate, or two, that take so many bytes, in words. */
function combinations(bytes: number, known: KnownSizes): string[] {
  const one = bytes - entryOverhead;
  const two = bytes - 2 * entryOverhead;
  const names = known.get(one);
  const found = names === undefined ? [] : [`one certificate of ${one} bytes, the size of ${names.join(" and of ")}`];
  for (const [size, first] of known) {
    const second = known.get(two - size);
    if (second === undefined || two - size < size || (two - size === size && first.length === 1)) continue;
    const named = size === two - size ? first.join(" and of ") : `${first.join(" or ")} and of ${second.join(" or ")}`;
    found.push(`two certificates of ${size} and ${two - size} bytes, the sizes of ${named}`);
  }
  return found;
}

function some(texts: readonly string[]): string {
  const shown = texts.slice(0, shownCombinations).join("; ");
  return texts.length > shownCombinations ? `${shown}; and ${texts.length - shownCombinations} more` : shown;
}

const shownCombinations = 3;
