import { Document, isScalar, Scalar, visit } from "yaml";
import type { ChainMeaning, TargetMeaning } from "../compare/meaning.ts";
import type { Snapshot } from "../compare/snapshot.ts";
import { pemText } from "../pki/pem.ts";
import { visibleJson } from "./sanitize.ts";

/**
 * A snapshot as YAML: the same snapshot gives the same bytes, and a change of one thing changes few lines.
 *
 * Shape: schema/snapshot.schema.json; what is invisible stands as escapes.
 */
export function renderSnapshot({ version, trust, targets, unresolved, anchors, ...state }: Snapshot): string {
  const certificates = targets.flatMap(({ chains }) => chains.flatMap((chain) => chain.certificates));
  const byDigest = new Map(certificates.map(({ sha256, ...rest }) => [sha256, rest]));
  const document = new Document({
    snapshotVersion: version,
    ...(trust !== undefined && { trust }),
    ...present(state),
    targets: new Map(targets.map((meaning) => [meaning.target, targetOf(meaning)])),
    ...(unresolved.size > 0 && { unresolved }),
    ...(byDigest.size > 0 && { certificates: new Map([...byDigest].sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...present({ anchors: anchors.map(pemText) }),
  });
  document.commentBefore =
    " What a run of go meant on the wire. gomodcap compare takes this file in place of a capture.";
  visit(document, {
    // Requests, routes and short lists on a line each.
    Map: (place, node) =>
      void (node.flow = typeof place === "number" && node.items.every(({ value }) => isScalar(value))),
    Seq: (_, node) => void (node.flow = node.items.every((item) => isScalar(item) && isShort(item))),
    Scalar: (_, node) => {
      const text = String(node.value);
      if (!plain.test(text)) node.type = pem.test(text) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
    },
  });
  // Whatever is invisible stands in double quotes now, where the escapes of JSON are those of YAML.
  return visibleJson(document.toString({ lineWidth: 0 }));
}

/** Printable ASCII; readers of YAML 1.1 (PyYAML) take a `?` inside braces for the mark of a key. */
const plain = /^[ ->@-~]*$/;
const pem = /^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+-----END CERTIFICATE-----\n$/;

/** Shorter than a digest. */
function isShort({ value }: Scalar): boolean {
  return String(value).length < 64;
}

/** Its name is its key. */
function targetOf(meaning: TargetMeaning): object {
  const { routes, chains } = meaning;
  return present({ ...meaning, target: [], routes: routes.map(present), chains: chains.map(chainOf) });
}

function chainOf({ certificates, ...rest }: ChainMeaning): object {
  return { ...present(rest), certificates: certificates.map(({ sha256 }) => sha256) };
}

/** Without what is false or empty. */
function present(value: object): object {
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== false && !(Array.isArray(each) && each.length === 0)),
  );
}
