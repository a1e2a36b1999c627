import { stageOrder } from "../protocol/layer.ts";
import { labels, roles, routeKinds } from "../flow/vocabulary.ts";
import { grades } from "../grade.ts";
import { parsePem } from "../pki/pem.ts";
import { pathRemarks, pathStatuses } from "../pki/verdict.ts";
import { flag, listOf, mapOf, mapWith, oneOf, optional, readYaml, textField, wholeNumber } from "../yaml/fields.ts";
import type { Field, Place, Read } from "../yaml/fields.ts";
import { doubts, visibilities } from "./meaning.ts";
import type {
  CertificateMeaning,
  ChainMeaning,
  RequestMeaning,
  RouteMeaning,
  TargetMeaning,
  VerdictMeaning,
} from "./meaning.ts";
import type { Snapshot } from "./snapshot.ts";

/*
 * snapshotVersion: 1
 * trust: { count, sha256 }           what judged, where something was
 * damaged, partOfRun, partial: true   where it was
 * targets: { host:port: … }          TargetMeaning without what is empty or false; certificates by their digests
 * unresolved: { host: NXDOMAIN }      names that did not resolve, and what came instead
 * certificates: { digest: … }        each once
 * anchors: [ PEM ]                   those that paths end at
 */

/** Reads what `renderSnapshot` wrote, or somebody changed. Returns mistakes with their places. */
export function parseSnapshot(text: string): Read<Snapshot> {
  return readYaml(text, snapshot());
}

interface Written extends Omit<Snapshot, "version" | "targets"> {
  readonly snapshotVersion: 1;
  readonly certificates: ReadonlyMap<string, CertificateMeaning>;
  readonly targets: ReadonlyMap<string, TargetMeaning>;
}

function snapshot(): Field<Snapshot> {
  let known: ReadonlyMap<string, CertificateMeaning> = new Map();
  const read = mapWith<Written>({
    snapshotVersion: versionField,
    trust: optional(mapWith({ count: wholeNumber, sha256: textField })),
    damaged: optional(flag, false),
    partOfRun: optional(flag, false),
    partial: optional(flag, false),
    certificates: optional((place) => (known = certificatesField(place) ?? known), known),
    targets: mapOf((place, target) => withName(target, targetField((digest) => known.get(digest))(place))),
    unresolved: optional(mapOf(textField), new Map()),
    anchors: optional(listOf(anchorField), []),
  });
  return (place) => {
    const written = read(place);
    if (written === null) return null;
    const { snapshotVersion: version, trust, damaged, partOfRun, partial, targets, unresolved, anchors } = written;
    const state = { damaged, partOfRun, partial, unresolved };
    return { version, ...(trust !== undefined && { trust }), ...state, targets: [...targets.values()], anchors };
  };
}

const versionField: Field<1> = (place) => {
  const version = wholeNumber(place);
  if (version === null || version === 1) return version;
  return place.wrong(`snapshots of version ${version} are not read by this gomodcap`, "it reads version 1: update it");
};

const certificatesField = mapOf((place, sha256) =>
  withDigest(
    sha256,
    mapWith<Omit<CertificateMeaning, "sha256">>({
      subject: textField,
      issuer: textField,
      authorityKeyId: optional(textField),
      publicKey: textField,
      notAfter: textField,
      length: wholeNumber,
    })(place),
  ),
);

function withDigest(sha256: string, certificate: Omit<CertificateMeaning, "sha256"> | null): CertificateMeaning | null {
  return certificate && { sha256, ...certificate };
}

function withName(target: string, meaning: Omit<TargetMeaning, "target"> | null): TargetMeaning | null {
  return meaning && { target, ...meaning };
}

function anchorField(place: Place): Uint8Array | null {
  const text = textField(place);
  if (text === null) return null;
  const { certificates } = parsePem(text);
  return certificates.length === 1 ? certificates[0] : place.wrong("one certificate in PEM is expected here");
}

const texts = optional(listOf(textField), []);
const numbers = optional(listOf(wholeNumber), []);

function targetField(
  certificate: (digest: string) => CertificateMeaning | undefined,
): Field<Omit<TargetMeaning, "target">> {
  return mapWith<Omit<TargetMeaning, "target">>({
    role: oneOf(roles),
    roleGrade: oneOf(grades),
    labels: listOf(oneOf(labels)),
    labelGrade: oneOf(grades),
    routes: listOf(routeField),
    refusals: numbers,
    stage: oneOf(stageOrder),
    verdicts: optional(listOf(verdictField), []),
    versions: texts,
    offered: texts,
    agreed: texts,
    clients: texts,
    ja4: texts,
    chains: optional(listOf(chainField(certificate)), []),
    certificateBytes: numbers,
    leafKeys: texts,
    requestsVisible: oneOf(visibilities),
    requests: optional(listOf(requestField), []),
    carriesSumdb: optional(flag, false),
    opened: optional(flag, false),
    incomplete: optional(flag, false),
  });
}

const routeField = mapWith<RouteMeaning>({
  kind: oneOf(routeKinds),
  overTls: optional(flag, false),
  proxy: optional(textField),
});

const verdictField = mapWith<VerdictMeaning>({ value: oneOf(["accepted", "rejected"]), grade: oneOf(grades) });

const requestField = mapWith<RequestMeaning>({
  method: textField,
  path: textField,
  status: optional(wholeNumber),
  accept: optional(textField),
});

function chainField(certificate: (digest: string) => CertificateMeaning | undefined): Field<ChainMeaning> {
  const digestField: Field<CertificateMeaning> = (place) => {
    const digest = textField(place);
    if (digest === null) return null;
    return certificate(digest) ?? place.wrong(`no certificate ${digest} stands under certificates`);
  };
  const certificatesOf = listOf(digestField);
  return mapWith<ChainMeaning>({
    status: oneOf(pathStatuses),
    certainty: optional(oneOf(doubts)),
    remarks: optional(listOf(oneOf(pathRemarks)), []),
    anchor: optional(textField),
    certificates: (place) => {
      const certificates = certificatesOf(place);
      return certificates?.length === 0 ? place.wrong("a chain has a certificate at least") : certificates;
    },
  });
}
