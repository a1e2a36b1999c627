/**
 * Name ::= SEQUENCE OF RelativeDistinguishedName
 * RelativeDistinguishedName ::= SET OF SEQUENCE { type OBJECT IDENTIFIER, value DirectoryString }
 */
import { isUtf8 } from "node:buffer";
import { ByteReader } from "../bytes/byte-reader.ts";
import { hex } from "../bytes/text.ts";
import { bytesOf, parseTree, TreeReader, type Asn1 } from "./asn1-tree.ts";
import { rawBytes, readElement, Tag } from "./der.ts";

/** A name for comparing (`raw`) and for people (the rest, which is untrusted text). */
export interface DistinguishedName {
  /** The DER: names are equal when these bytes are, as in Go. */
  readonly raw: Uint8Array;
  /** RFC 4514, most specific first: `CN=Lab Root,O=Lab`. Empty for an empty name. */
  readonly text: string;
  /** Last one given, as Go takes it; empty where there is none. */
  readonly commonName: string;
  readonly organization: string;
}

/**
 * Reads a Name.
 *
 * Spec: RFC 5280 §4.1.2.4. Throws: as `parseTree`, and `bad-encoding` for string types that Go does not read either.
 */
export function readDistinguishedName(reader: ByteReader, what: string): DistinguishedName {
  const at = reader.offset;
  const element = readElement(reader, Tag.sequence, what);
  const raw = rawBytes(element);
  const whole = new ByteReader(reader.bytes, what, at, element.contents.end);
  const tree = new TreeReader(at, what);
  const texts: string[] = [];
  let commonName = "";
  let organization = "";
  for (const set of tree.items(parseTree(whole, what))) {
    const attributes: string[] = [];
    for (const attribute of tree.items(set, 0x11)) {
      const [type, value] = tree.items(attribute);
      const oid = tree.identifier(type);
      const text = directoryString(tree, value);
      if (oid === commonNameOid) commonName = text;
      if (oid === organizationOid && organization === "") organization = text;
      attributes.push(`${attributeNames.get(oid) ?? oid}=${escapeValue(text)}`);
    }
    texts.push(attributes.join("+"));
  }
  return { raw, text: texts.reverse().join(","), commonName, organization };
}

function directoryString(tree: TreeReader, node: Asn1 | undefined): string {
  const octets = tree.octets(node);
  if (node!.tagClass !== 0) throw tree.malformed("bad-encoding");
  switch (node!.type) {
    case 0x0c: {
      const bytes = bytesOf(octets);
      if (!isUtf8(bytes)) throw tree.malformed("bad-encoding");
      return Buffer.from(bytes).toString("utf8");
    }
    case 0x12:
      return expectCharacters(tree, octets, /^[0-9 ]*$/);
    case 0x13:
      return expectCharacters(tree, octets, /^[a-zA-Z0-9 '()*+,\-./:=?&]*$/);
    case 0x14:
      return octets;
    case 0x16:
      // eslint-disable-next-line no-control-regex -- IA5String is ASCII, controls included
      return expectCharacters(tree, octets, /^[\x00-\x7f]*$/);
    case 0x1e:
      return expectCharacters(tree, octets, /^[^\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]*$/).replace(/\0$/, "");
    default:
      throw tree.malformed("bad-encoding");
  }
}

function expectCharacters(tree: TreeReader, text: string, allowed: RegExp): string {
  if (!allowed.test(text)) throw tree.malformed("bad-encoding");
  return text;
}

/** Spec: RFC 4514 §2.4; control characters as hex pairs. */
function escapeValue(text: string): string {
  return (
    text
      .replace(/[",+;<>\\]/g, "\\$&")
      // eslint-disable-next-line no-control-regex -- they are what is escaped
      .replace(/[\x00-\x1f\x7f]/g, (control) => `\\${hex(Buffer.from(control))}`)
      .replace(/^[ #]/, "\\$&")
      .replace(/ $/, "\\ ")
  );
}

const commonNameOid = "2.5.4.3";
const organizationOid = "2.5.4.10";

/** Short names of RFC 4514 §3, then those that certificates use besides (X.520, PKCS #9), 2025. */
const attributeNames = new Map([
  [commonNameOid, "CN"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  [organizationOid, "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.6", "C"],
  ["2.5.4.9", "STREET"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.97", "organizationIdentifier"],
  ["2.5.4.15", "businessCategory"],
  ["2.5.4.17", "postalCode"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);
