/**
 * JA4, the fingerprint of a ClientHello: `t13d1911h2_9dc949149365_e7c285222651`.
 *
 *   t          TCP
 *   13         highest version offered
 *   d          a server name was sent; i where none was
 *   19 11      cipher suites, extensions: counts without GREASE, at most 99
 *   h2         first and last character of the first ALPN value; 00 where none
 *   _ 12 hex   SHA-256 of the sorted cipher suites
 *   _ 12 hex   SHA-256 of the sorted extensions without server_name and ALPN, then the signature algorithms as sent
 *
 * Spec: FoxIO JA4 technical details (BSD 3-clause).
 */
import { createHash } from "node:crypto";
import { Extension, type ClientHelloContent } from "./client-hello.ts";
import { isGrease } from "./names.ts";

const versionCodes: Readonly<Record<number, string>> = {
  0x0304: "13",
  0x0303: "12",
  0x0302: "11",
  0x0301: "10",
  0x0300: "s3",
  0x0002: "s2",
};
const nothing = "000000000000";

type Ja4Input = Pick<
  ClientHelloContent,
  "legacyVersion" | "supportedVersions" | "cipherSuites" | "extensions" | "alpnOffered" | "signatureAlgorithms"
>;

export function ja4(hello: Ja4Input): string {
  const suites = real(hello.cipherSuites);
  const extensions = real(hello.extensions);
  const hashed = extensions.filter((type) => type !== Extension.serverName && type !== Extension.alpn);
  const name = extensions.includes(Extension.serverName) ? "d" : "i";
  const head = `t${version(hello)}${name}${count(suites)}${count(extensions)}${alpnLetters(hello.alpnOffered[0])}`;
  const algorithms = real(hello.signatureAlgorithms);
  const tail = algorithms.length === 0 ? "" : `_${algorithms.map(hex4).join(",")}`;
  return `${head}_${digest(sorted(suites))}_${extensions.length === 0 ? nothing : digest(sorted(hashed) + tail)}`;
}

function version(hello: Ja4Input): string {
  const offered = real(hello.supportedVersions);
  return versionCodes[offered.length > 0 ? Math.max(...offered) : hello.legacyVersion] ?? "00";
}

function count(values: readonly number[]): string {
  return String(Math.min(values.length, 99)).padStart(2, "0");
}

/** Where an end is not alphanumeric, the ends of the hexadecimal form are taken. */
function alpnLetters(value: string | undefined): string {
  if (value === undefined || value.length === 0) return "00";
  const ends = value[0] + value[value.length - 1];
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const bytes = Buffer.from(value, "latin1").toString("hex");
  return bytes[0] + bytes[bytes.length - 1];
}

function real(values: readonly number[]): number[] {
  return values.filter((value) => !isGrease(value));
}

function sorted(values: readonly number[]): string {
  return values.map(hex4).sort().join(",");
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, "0");
}

function digest(text: string): string {
  return text === "" ? nothing : createHash("sha256").update(text).digest("hex").slice(0, 12);
}
