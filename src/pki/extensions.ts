/**
 * Extensions ::= SEQUENCE OF SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 *
 * One parser for each extension that a verdict or a report needs, in `parsers` below. What a parser accepts is what Go
 * accepts (crypto/x509 parser.go, 1.26).
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { hex } from "../bytes/text.ts";
import { readBitString, readIdentifier } from "./algorithms.ts";
import { bytesOf, isOid, oidText, parseTree, TreeReader, type Asn1 } from "./asn1-tree.ts";
import { nextTag, readAny, readContents, readOptional, Tag } from "./der.ts";
import { parseNameConstraints, parseSubjectAltName, type GeneralNames, type NameConstraints } from "./general-names.ts";

/** What a certificate's extensions say; absent means that the extension is. */
export interface Extensions {
  subjectAltName?: GeneralNames;
  /** The subjectAltName as sent, for comparing. */
  rawSubjectAltName?: Uint8Array;
  basicConstraints?: { readonly isCa: boolean; readonly pathLength?: number };
  /** Bit n set where KeyUsage has bit n; keyCertSign is 1 << 5. */
  keyUsage?: number;
  /** Dotted identifiers. */
  extendedKeyUsages?: readonly string[];
  nameConstraints?: NameConstraints;
  /** Lower-case hex. */
  subjectKeyId?: string;
  authorityKeyId?: string;
  /** http and https URLs of id-ad-caIssuers. Untrusted text. */
  caIssuers?: readonly string[];
  policies?: readonly string[];
  /** Certificates that may follow until a policy must be valid, until policies are mapped no more. */
  policyConstraints?: { readonly requireExplicit?: number; readonly inhibitMapping?: number };
  /** Policies of the issuer's domain, each with the subject's that stands for it. */
  policyMappings?: readonly (readonly [issuers: string, subjects: string])[];
  /** Certificates that may follow until anyPolicy counts no more. */
  inhibitAnyPolicy?: number;
  embeddedScts: boolean;
  /** Identifiers of critical extensions that Go does not know: it then refuses the certificate. */
  readonly unhandledCritical: string[];
  /** Those of critical extensions that Go has known since 1.24: before, it refuses the certificate. */
  readonly unhandledBefore124: string[];
}

/**
 * Reads the contents of the `extensions` field.
 *
 * Spec: RFC 5280 §4.2. Throws: `duplicate` for an extension given twice; whatever the parsers below throw.
 */
export function parseExtensions(list: ByteReader): Extensions {
  const extensions = noExtensions();
  const seen = new Set<string>();
  while (list.remaining > 0) {
    const extension = readContents(list, Tag.sequence, "extension");
    const oid = readIdentifier(extension, "extension OID field");
    const critical = nextTag(extension) === Tag.boolean && readBoolean(extension);
    const value = readContents(extension, Tag.octetString, "extension value field");
    if (seen.has(oid)) throw value.malformed("duplicate");
    seen.add(oid);
    const parser = parsers.get(oid);
    const handled = parser ? parser(extensions, value, critical) : false;
    if (critical && !handled) extensions.unhandledCritical.push(oid);
    if (critical && knownSince124.has(oid)) extensions.unhandledBefore124.push(oid);
  }
  return extensions;
}

/** Of a certificate without extensions. */
export function noExtensions(): Extensions {
  return { embeddedScts: false, unhandledCritical: [], unhandledBefore124: [] };
}

/** Answers whether Go understands all of it, which matters when it is critical. */
type ExtensionParser = (out: Extensions, value: ByteReader, critical: boolean) => boolean;

function readBoolean(reader: ByteReader): boolean {
  const contents = readContents(reader, Tag.boolean, "extension critical field");
  const value = contents.remaining === 1 ? contents.u8() : -1;
  if (value !== 0 && value !== 0xff) throw contents.malformed("bad-value");
  return value === 0xff;
}

function keyUsage(out: Extensions, value: ByteReader): boolean {
  const bits = readBitString(value, "key usage");
  out.keyUsage = 0;
  for (let bit = 0; bit < 9 && bit >> 3 < bits.remaining; bit++) {
    if ((bits.bytes[bits.offset + (bit >> 3)] & (0x80 >> (bit & 7))) !== 0) out.keyUsage |= 1 << bit;
  }
  return true;
}

function basicConstraints(out: Extensions, value: ByteReader): boolean {
  const fields = readContents(value, Tag.sequence, "basic constraints");
  const isCa = nextTag(fields) === Tag.boolean && readBoolean(fields);
  const tree = new TreeReader(fields.offset, "basic constraints");
  const hasLength = nextTag(fields) === Tag.integer;
  out.basicConstraints = {
    isCa,
    ...(hasLength && { pathLength: tree.integer(parseTree(fields, "basic constraints")) }),
  };
  return true;
}

function subjectAltName(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "subject alternative name");
  out.rawSubjectAltName = value.bytes.subarray(value.offset, value.end);
  const names = parseSubjectAltName(tree, parseTree(value, "subject alternative name"));
  out.subjectAltName = names;
  return names.dnsNames.length + names.emailAddresses.length + names.ipAddresses.length + names.uris.length > 0;
}

function nameConstraints(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "NameConstraints extension");
  const root = parseTree(value, "NameConstraints extension");
  value.expectEnd();
  out.nameConstraints = parseNameConstraints(tree, root);
  return !out.nameConstraints.unhandled;
}

function extendedKeyUsage(out: Extensions, value: ByteReader): boolean {
  const list = readContents(value, Tag.sequence, "extended key usages");
  const usages: string[] = [];
  while (list.remaining > 0) usages.push(readIdentifier(list, "extended key usages"));
  out.extendedKeyUsages = usages;
  return true;
}

function subjectKeyIdentifier(out: Extensions, value: ByteReader, critical: boolean): boolean {
  if (critical) throw value.malformed("bad-value");
  const keyId = readContents(value, Tag.octetString, "subject key identifier");
  out.subjectKeyId = hex(keyId.bytes, keyId.offset, keyId.end);
  return true;
}

function authorityKeyIdentifier(out: Extensions, value: ByteReader, critical: boolean): boolean {
  if (critical) throw value.malformed("bad-value");
  const fields = readContents(value, Tag.sequence, "authority key identifier");
  if (nextTag(fields) !== 0x80) return true;
  const keyId = readContents(fields, 0x80, "authority key identifier");
  out.authorityKeyId = hex(keyId.bytes, keyId.offset, keyId.end);
  return true;
}

function authorityInfoAccess(out: Extensions, value: ByteReader, critical: boolean): boolean {
  if (critical) throw value.malformed("bad-value");
  const tree = new TreeReader(value.offset, "authority info access");
  const urls: string[] = [];
  for (const description of tree.items(parseTree(value, "authority info access"))) {
    const [method, location] = tree.items(description);
    const isUri = location?.tagClass === 0x80 && location.type === 6;
    if (tree.identifier(method) !== "1.3.6.1.5.5.7.48.2" || !isUri) continue;
    const url = tree.octets(location);
    if (/^https?:\/\//i.test(url)) urls.push(url);
  }
  out.caIssuers = urls;
  return true;
}

function certificatePolicies(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "certificate policies");
  const policies: string[] = [];
  for (const policy of tree.items(parseTree(value, "certificate policies"))) {
    const [identifier] = tree.items(policy);
    const oid = policyIdentifier(tree, identifier);
    if (!isOid(tree.octets(identifier))) throw tree.malformed("bad-encoding");
    if (policies.includes(oid)) throw tree.malformed("duplicate");
    if (policies.push(oid) > mostPolicies) throw tree.malformed("too-large");
  }
  out.policies = policies;
  return true;
}

/** Policies may have arcs that no other identifier may: those are kept as hex. */
function policyIdentifier(tree: TreeReader, node: Asn1 | undefined): string {
  if (node?.tagClass !== 0 || node.type !== Tag.objectIdentifier) throw tree.malformed("bad-encoding");
  const octets = tree.octets(node);
  return oidText(octets) ?? hex(bytesOf(octets));
}

function embeddedScts(out: Extensions): boolean {
  out.embeddedScts = true;
  return false;
}

function policyConstraints(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "policy constraints extension");
  const fields = tree.items(parseTree(value, "policy constraints extension"));
  const count = (tag: number): number | undefined => {
    const field = fields.find(({ tagClass, type }) => tagClass === 0x80 && type === tag);
    return field && tree.integer(field);
  };
  const [requireExplicit, inhibitMapping] = [count(0), count(1)];
  out.policyConstraints = {
    ...(requireExplicit !== undefined && { requireExplicit }),
    ...(inhibitMapping !== undefined && { inhibitMapping }),
  };
  return true;
}

function policyMappings(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "policy mappings extension");
  out.policyMappings = tree.items(parseTree(value, "policy mappings extension")).map((mapping) => {
    const [issuers, subjects] = tree.items(mapping);
    return [policyIdentifier(tree, issuers), policyIdentifier(tree, subjects)];
  });
  return true;
}

function inhibitAnyPolicy(out: Extensions, value: ByteReader): boolean {
  const tree = new TreeReader(value.offset, "inhibit any policy extension");
  out.inhibitAnyPolicy = tree.integer(parseTree(value, "inhibit any policy extension"));
  return true;
}

/** Without a part in any verdict, but Go must be able to read it. Spec: RFC 5280 §4.2.1.13. */
function crlDistributionPoints(_out: Extensions, value: ByteReader): boolean {
  const what = "CRL distribution point";
  const points = readContents(value, Tag.sequence, `${what}s`);
  while (points.remaining > 0) {
    const name = readOptional(readContents(points, Tag.sequence, what), 0xa0, what);
    const locations = name && readContents(name, 0xa0, what);
    while (locations && nextTag(locations) === uriTag) readAny(locations, what);
  }
  return true;
}

/** By extnID. RFC 5280 §4.2; RFC 6962 §3.3 for the certificate timestamps. */
const parsers = new Map<string, ExtensionParser>([
  ["2.5.29.14", subjectKeyIdentifier],
  ["2.5.29.15", keyUsage],
  ["2.5.29.17", subjectAltName],
  ["2.5.29.19", basicConstraints],
  ["2.5.29.30", nameConstraints],
  ["2.5.29.31", crlDistributionPoints],
  ["2.5.29.32", certificatePolicies],
  ["2.5.29.33", policyMappings],
  ["2.5.29.35", authorityKeyIdentifier],
  ["2.5.29.36", policyConstraints],
  ["2.5.29.37", extendedKeyUsage],
  ["2.5.29.54", inhibitAnyPolicy],
  ["1.3.6.1.5.5.7.1.1", authorityInfoAccess],
  ["1.3.6.1.4.1.11129.2.4.2", embeddedScts],
]);

/** Policy mappings, policy constraints, inhibitAnyPolicy. */
const knownSince124: ReadonlySet<string> = new Set(["2.5.29.33", "2.5.29.36", "2.5.29.54"]);

/** uniformResourceIdentifier of a GeneralName. */
const uriTag = 0x86;

/** Keeps the look for duplicates short; Mozilla's roots and what they sign name at most eight. */
const mostPolicies = 256;
