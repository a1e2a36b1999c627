/**
 * GeneralName ::= CHOICE { otherName [0], rfc822Name [1] IA5String, dNSName [2] IA5String, x400Address [3],
 *   directoryName [4], ediPartyName [5], uniformResourceIdentifier [6] IA5String, iPAddress [7] OCTET STRING,
 *   registeredID [8] }
 * SubjectAltName ::= SEQUENCE OF GeneralName
 * NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1] OPTIONAL }, each a
 *   SEQUENCE OF SEQUENCE { base GeneralName, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }
 */
import { parseGoUrl } from "../bytes/go-url.ts";
import { parseIp } from "../bytes/ip-address.ts";
import type { Asn1, TreeReader } from "./asn1-tree.ts";
import { bytesOf } from "./asn1-tree.ts";
import { isDomainName } from "./host-name.ts";
import { parseMailbox } from "./mailbox.ts";

/** The names of a subjectAltName that Go looks at. Untrusted text. */
export interface GeneralNames {
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  /** 4 or 16 bytes each. */
  readonly ipAddresses: readonly Uint8Array[];
  readonly uris: readonly string[];
}

/** An address range: both halves 4 or 16 bytes. */
export interface IpRange {
  readonly address: Uint8Array;
  readonly mask: Uint8Array;
}

/** One side of name constraints. */
interface NameSubtrees {
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipRanges: readonly IpRange[];
  readonly uriDomains: readonly string[];
}

export interface NameConstraints {
  readonly permitted: NameSubtrees;
  readonly excluded: NameSubtrees;
  /** Holds constraints of a kind that Go does not check: fatal when the extension is critical. */
  readonly unhandled: boolean;
}

/** Spec: RFC 5280 §4.2.1.6. Throws: `bad-encoding`, `bad-value`, `bad-length`. Ignores: the kinds that Go ignores. */
export function parseSubjectAltName(tree: TreeReader, root: Asn1): GeneralNames {
  const dnsNames: string[] = [];
  const emailAddresses: string[] = [];
  const ipAddresses: Uint8Array[] = [];
  const uris: string[] = [];
  for (const name of tree.items(root)) {
    switch (nameKind(name)) {
      case 1:
        emailAddresses.push(ia5(tree, name));
        break;
      case 2:
        dnsNames.push(ia5(tree, name));
        break;
      case 6:
        uris.push(checkedUri(tree, ia5(tree, name)));
        break;
      case 7: {
        const address = bytesOf(tree.octets(name));
        if (address.length !== 4 && address.length !== 16) throw tree.malformed("bad-length");
        ipAddresses.push(address);
      }
    }
  }
  return { dnsNames, emailAddresses, ipAddresses, uris };
}

/** Spec: RFC 5280 §4.2.1.10, with Go's leading period. Throws: as `parseSubjectAltName`, `empty-list`. */
export function parseNameConstraints(tree: TreeReader, root: Asn1): NameConstraints {
  const sides = tree.items(root);
  const side = (tag: number): readonly Asn1[] => {
    const found = sides.find((item) => item.tagClass === 0x80 && item.type === tag);
    return found ? tree.children(found) : [];
  };
  if (
    sides.some((item, at) => item.tagClass !== 0x80 || item.type > 1 || (at > 0 && item.type <= sides[at - 1].type))
  ) {
    throw tree.malformed("bad-encoding");
  }
  const [permitted, excluded] = [parseSubtrees(tree, side(0)), parseSubtrees(tree, side(1))];
  if (side(0).length + side(1).length === 0) throw tree.malformed("empty-list");
  return { permitted, excluded, unhandled: permitted.unhandled || excluded.unhandled };
}

function parseSubtrees(tree: TreeReader, subtrees: readonly Asn1[]): NameSubtrees & { unhandled: boolean } {
  const dnsNames: string[] = [];
  const emailAddresses: string[] = [];
  const ipRanges: IpRange[] = [];
  const uriDomains: string[] = [];
  let unhandled = false;
  for (const subtree of subtrees) {
    const base = tree.items(subtree)[0];
    if (base === undefined) throw tree.malformed("truncated");
    const kind = nameKind(base);
    if (kind === 2) dnsNames.push(constraintDomain(tree, base));
    else if (kind === 7) ipRanges.push(ipRange(tree, base));
    else if (kind === 1) emailAddresses.push(constraintMailbox(tree, base));
    else if (kind === 6) uriDomains.push(constraintUri(tree, base));
    else unhandled = true;
  }
  return { dnsNames, emailAddresses, ipRanges, uriDomains, unhandled };
}

function nameKind(name: Asn1): number {
  return name.tagClass === 0x80 && !name.constructed ? name.type : -1;
}

function ia5(tree: TreeReader, name: Asn1): string {
  const text = tree.octets(name);
  // eslint-disable-next-line no-control-regex -- IA5String is ASCII, controls included
  if (!/^[\x00-\x7f]*$/.test(text)) throw tree.malformed("bad-encoding");
  return text;
}

/** What Go's url.Parse takes, with a host that it takes for a domain. */
function checkedUri(tree: TreeReader, uri: string): string {
  const url = parseGoUrl(uri);
  if (url === undefined || !isDomainName(url.host, false)) throw tree.malformed("bad-value");
  return uri;
}

function constraintDomain(tree: TreeReader, base: Asn1): string {
  const domain = ia5(tree, base);
  if (!isDomainName(domain, true)) throw tree.malformed("bad-value");
  return domain;
}

function constraintUri(tree: TreeReader, base: Asn1): string {
  const domain = constraintDomain(tree, base);
  if (parseIp(domain)) throw tree.malformed("bad-value");
  return domain;
}

function constraintMailbox(tree: TreeReader, base: Asn1): string {
  const text = ia5(tree, base);
  if (text.includes("@") ? !parseMailbox(text) : !isDomainName(text, true)) throw tree.malformed("bad-value");
  return text;
}

function ipRange(tree: TreeReader, base: Asn1): IpRange {
  const bytes = bytesOf(tree.octets(base));
  if (bytes.length !== 8 && bytes.length !== 32) throw tree.malformed("bad-length");
  const [address, mask] = [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, "0")).join("");
  if (!/^1*0*$/.test(bits)) throw tree.malformed("bad-value");
  return { address, mask };
}
