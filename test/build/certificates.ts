import { createHash, generateKeyPairSync, sign, constants, type KeyObject } from "node:crypto";

/** Mints certificates in DER for tests. Keys are made once for each label, so tests may mint freely. */

export type KeyKind = "P-256" | "P-384" | "P-521" | "Ed25519" | "RSA" | "RSA-1024" | "RSA-512";

export interface Minted {
  readonly der: Uint8Array;
  readonly sha256: string;
  readonly subject: string;
  readonly key: KeyPair;
  readonly keyId: Uint8Array;
}

export interface KeyPair {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  readonly spki: Uint8Array;
}

export interface Subtrees {
  readonly dns?: readonly string[];
  readonly email?: readonly string[];
  readonly uri?: readonly string[];
  /** Address and mask, in hex. */
  readonly ip?: readonly string[];
  /** A GeneralName of another kind, DER in hex. */
  readonly other?: readonly string[];
}

export interface CertificateOptions {
  /** Issuer; absent: self-signed. */
  readonly issuer?: Minted;
  readonly key?: KeyPair;
  readonly serial?: number;
  readonly version?: 1 | 3;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly dns?: readonly string[];
  /** Addresses in hex. */
  readonly ips?: readonly string[];
  readonly uris?: readonly string[];
  readonly emails?: readonly string[];
  /** Basic constraints; absent: no such extension. */
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** Bits of KeyUsage: 5 keyCertSign, 0 digitalSignature. */
  readonly keyUsage?: readonly number[];
  readonly extendedKeyUsages?: readonly string[];
  readonly permitted?: Subtrees;
  readonly excluded?: Subtrees;
  /** false leaves the identifier out; bytes replace it. */
  readonly subjectKeyId?: false | Uint8Array;
  readonly authorityKeyId?: false | Uint8Array;
  readonly caIssuers?: readonly string[];
  readonly policies?: readonly string[];
  readonly scts?: boolean;
  /** Further extensions: identifier, critical, value. */
  readonly more?: readonly (readonly [string, boolean, Uint8Array])[];
  /** Signature: the key's usual one, or another digest, or RSA-PSS. */
  readonly digest?: "md5" | "sha1" | "sha256" | "sha384" | "sha512";
  readonly pss?: boolean;
  /** Signs with another key than the issuer's. */
  readonly signWith?: KeyPair;
}

const keys = new Map<string, KeyPair>();

/** The key pair of a label, made on first use. */
export function keyPair(kind: KeyKind, label = ""): KeyPair {
  const name = `${kind}/${label}`;
  let pair = keys.get(name);
  if (pair === undefined) keys.set(name, (pair = generate(kind)));
  return pair;
}

function generate(kind: KeyKind): KeyPair {
  const made =
    kind === "Ed25519"
      ? generateKeyPairSync("ed25519")
      : kind.startsWith("RSA")
        ? generateKeyPairSync("rsa", { modulusLength: rsaBits[kind] ?? 2048 })
        : generateKeyPairSync("ec", { namedCurve: kind });
  return { kind, privateKey: made.privateKey, spki: made.publicKey.export({ type: "spki", format: "der" }) };
}

const rsaBits: Readonly<Partial<Record<KeyKind, number>>> = { "RSA-1024": 1024, "RSA-512": 512 };

/** Mints a certificate; `subject` is its common name, or attributes as `O=Lab,CN=Root`. */
export function mint(subject: string, options: CertificateOptions = {}): Minted {
  const key = options.key ?? keyPair("P-256", subject);
  const signer = options.signWith ?? options.issuer?.key ?? key;
  const keyId =
    options.subjectKeyId === undefined || options.subjectKeyId === false
      ? createHash("sha1").update(key.spki).digest()
      : options.subjectKeyId;
  const algorithm = signatureAlgorithm(signer, options);
  const extensions = extensionList(options, keyId);
  const version = options.version ?? 3;
  const tbs = sequence(
    ...(version === 3 ? [der(0xa0, integer(2))] : []),
    integer(options.serial ?? 4711),
    algorithm,
    distinguishedName(options.issuer?.subject ?? subject),
    sequence(time(options.notBefore ?? "2026-01-01T00:00:00Z"), time(options.notAfter ?? "2027-01-01T00:00:00Z")),
    distinguishedName(subject),
    key.spki,
    ...(version === 3 && extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const bytes = sequence(tbs, algorithm, bitString(signatureOf(tbs, signer, options)));
  return { der: bytes, sha256: createHash("sha256").update(bytes).digest("hex"), subject, key, keyId };
}

/** A CA certificate with everything that one should have. */
export function mintCa(subject: string, options: CertificateOptions = {}): Minted {
  return mint(subject, { ca: true, keyUsage: [5, 6], ...options });
}

/** A server's certificate for one name. */
export function mintServer(name: string, issuer: Minted, options: CertificateOptions = {}): Minted {
  return mint(name, { issuer, dns: [name], extendedKeyUsages: [serverAuth], keyUsage: [0], ca: false, ...options });
}

export const serverAuth = "1.3.6.1.5.5.7.3.1";
export const clientAuth = "1.3.6.1.5.5.7.3.2";

function extensionList(options: CertificateOptions, keyId: Uint8Array): Uint8Array[] {
  const list: Uint8Array[] = [];
  const add = (oid: string, critical: boolean, value: Uint8Array): void => {
    list.push(extension(oid, critical, value));
  };
  if (options.subjectKeyId !== false) add("2.5.29.14", false, der(0x04, keyId));
  const authority = options.authorityKeyId ?? options.issuer?.keyId;
  if (authority !== undefined && authority !== false) add("2.5.29.35", false, sequence(der(0x80, authority)));
  if (options.ca !== undefined) {
    const length = options.pathLength === undefined ? [] : [integer(options.pathLength)];
    add("2.5.29.19", true, sequence(...(options.ca ? [der(0x01, Uint8Array.of(0xff))] : []), ...length));
  }
  if (options.keyUsage) add("2.5.29.15", true, keyUsageBits(options.keyUsage));
  if (options.extendedKeyUsages) add("2.5.29.37", false, sequence(...options.extendedKeyUsages.map(oid)));
  const names = alternativeNames(options);
  if (names.length > 0) add("2.5.29.17", false, sequence(...names));
  if (options.permitted || options.excluded) {
    const sides = [
      ...(options.permitted ? [der(0xa0, ...subtrees(options.permitted))] : []),
      ...(options.excluded ? [der(0xa1, ...subtrees(options.excluded))] : []),
    ];
    add("2.5.29.30", true, sequence(...sides));
  }
  if (options.caIssuers) {
    const access = options.caIssuers.map((url) => sequence(oid("1.3.6.1.5.5.7.48.2"), der(0x86, Buffer.from(url))));
    add("1.3.6.1.5.5.7.1.1", false, sequence(...access));
  }
  if (options.policies) add("2.5.29.32", false, sequence(...options.policies.map((policy) => sequence(oid(policy)))));
  if (options.scts) add("1.3.6.1.4.1.11129.2.4.2", false, der(0x04, Uint8Array.of(0, 0)));
  for (const [id, critical, value] of options.more ?? []) add(id, critical, value);
  return list;
}

function alternativeNames({ dns = [], ips = [], uris = [], emails = [] }: CertificateOptions): Uint8Array[] {
  return [
    ...dns.map((name) => der(0x82, Buffer.from(name, "latin1"))),
    ...emails.map((name) => der(0x81, Buffer.from(name, "latin1"))),
    ...uris.map((name) => der(0x86, Buffer.from(name, "latin1"))),
    ...ips.map((address) => der(0x87, Buffer.from(address, "hex"))),
  ];
}

function subtrees({ dns = [], email = [], uri = [], ip = [], other = [] }: Subtrees): Uint8Array[] {
  const bases = [
    ...dns.map((name) => der(0x82, Buffer.from(name))),
    ...email.map((name) => der(0x81, Buffer.from(name))),
    ...uri.map((name) => der(0x86, Buffer.from(name))),
    ...ip.map((range) => der(0x87, Buffer.from(range, "hex"))),
    ...other.map((name) => Buffer.from(name, "hex")),
  ];
  return bases.map((base) => sequence(base));
}

function keyUsageBits(bits: readonly number[]): Uint8Array {
  let value = 0;
  for (const bit of bits) value |= 0x80 >> bit;
  const unused = value === 0 ? 0 : 31 - Math.clz32(value & -value);
  return value === 0 ? der(0x03, Uint8Array.of(0)) : der(0x03, Uint8Array.of(unused, value));
}

function signatureAlgorithm({ kind }: KeyPair, { digest = "sha256", pss = false }: CertificateOptions): Uint8Array {
  if (kind === "Ed25519") return sequence(oid("1.3.101.112"));
  if (!kind.startsWith("RSA")) return sequence(oid(ecdsaOids[digest] ?? "1.2.840.10045.4.3.2"));
  if (!pss) return sequence(oid(rsaOids[digest]), der(0x05));
  const hash = sequence(oid(digestOids[digest]!), der(0x05));
  const mask = sequence(oid("1.2.840.113549.1.1.8"), hash);
  const size = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 }[digest];
  const parameters = sequence(der(0xa0, hash), der(0xa1, mask), der(0xa2, integer(size)));
  return sequence(oid("1.2.840.113549.1.1.10"), parameters);
}

function signatureOf(tbs: Uint8Array, { kind, privateKey }: KeyPair, options: CertificateOptions): Uint8Array {
  if (kind === "Ed25519") return sign(null, tbs, privateKey);
  const padding = options.pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return sign(options.digest ?? "sha256", tbs, { key: privateKey, ...padding });
}

/** `O=Lab,CN=Root` in the order given; a text without `=` is a common name; "" is the empty name. */
function distinguishedName(text: string): Uint8Array {
  const attributes = text === "" ? [] : text.includes("=") ? text.split(",") : [`CN=${text}`];
  return sequence(
    ...attributes.map((attribute) => {
      const [type, value] = attribute.split("=");
      return der(0x31, sequence(oid(attributeOids[type]), der(0x0c, Buffer.from(value))));
    }),
  );
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical ? [der(0x01, Uint8Array.of(0xff))] : []), der(0x04, value));
}

function time(text: string): Uint8Array {
  const digits = text.replace(/[-T:]/g, "");
  return Number(text.slice(0, 4)) < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

/** An element: tag, shortest length, contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  const length: number[] = [];
  for (let left = body.length; left > 0; left >>>= 8) length.unshift(left & 0xff);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Uint8Array.from(head), body]);
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...contents);
}

function integer(value: number): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return der(0x02, bytes[0] >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes);
}

function bitString(bytes: Uint8Array): Uint8Array {
  return der(0x03, Uint8Array.of(0), bytes);
}

/** An OBJECT IDENTIFIER from its dotted text. */
export function oid(text: string): Uint8Array {
  const [first, second, ...rest] = text.split(".").map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift(0x80 | (left & 0x7f));
    bytes.push(...groups);
  }
  return der(0x06, Uint8Array.from(bytes));
}

const attributeOids: Record<string, string> = { CN: "2.5.4.3", O: "2.5.4.10", C: "2.5.4.6", OU: "2.5.4.11" };
const rsaOids = {
  md5: "1.2.840.113549.1.1.4",
  sha1: "1.2.840.113549.1.1.5",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
};
const ecdsaOids: Partial<Record<string, string>> = {
  sha1: "1.2.840.10045.4.1",
  sha256: "1.2.840.10045.4.3.2",
  sha384: "1.2.840.10045.4.3.3",
  sha512: "1.2.840.10045.4.3.4",
};
const digestOids: Partial<Record<string, string>> = {
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
};
