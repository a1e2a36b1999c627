import { existsSync, readFileSync, writeFileSync } from "node:fs";
import forge from "node-forge";
import { Random } from "./random.js";

/**
 * `count` distinct end-entity certificates under one intermediate and one root, RSA 2048, the same on every machine.
 * The leaves share one key: making keys is slow, and nothing that is measured depends on it.
 *
 * Kept in `folder`, with the root as PEM for `--roots`.
 */
export function mintChains(folder, count) {
  const path = `${folder}/chains-${count}.json`;
  const rootPath = `${folder}/root.pem`;
  if (!existsSync(path) || !existsSync(rootPath)) {
    const { root, intermediate, leaves } = mint(count);
    writeFileSync(rootPath, forge.pki.certificateToPem(root));
    writeFileSync(path, JSON.stringify({ intermediate: der(intermediate), leaves: leaves.map(der) }));
  }
  const stored = JSON.parse(readFileSync(path, "utf8"));
  const intermediate = Buffer.from(stored.intermediate, "base64");
  const chains = stored.leaves.map((leaf, n) => ({
    host: hostName(n),
    certificates: [Buffer.from(leaf, "base64"), intermediate],
  }));
  return { chains, rootPath };
}

function hostName(n) {
  return `m${n}.modules.example`;
}

function mint(count) {
  const random = new Random(20250601);
  const prng = { getBytesSync: (length) => random.bytes(length).toString("latin1") };
  const makeKeys = () => forge.pki.rsa.generateKeyPair({ bits: 2048, prng });
  const rootKeys = makeKeys();
  const intermediateKeys = makeKeys();
  const leafKeys = makeKeys();
  const authority = { name: "basicConstraints", cA: true, critical: true };
  const signing = { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true };
  const root = certificate(1, "Bench Root CA", "Bench Root CA", rootKeys.publicKey, rootKeys, [authority, signing]);
  const intermediate = certificate(2, "Bench Issuing CA", "Bench Root CA", intermediateKeys.publicKey, rootKeys, [
    { ...authority, pathLenConstraint: 0 },
    signing,
    { name: "authorityKeyIdentifier", keyIdentifier: keyId(rootKeys.publicKey) },
  ]);
  const leaves = Array.from({ length: count }, (_, n) =>
    certificate(1000 + n, hostName(n), "Bench Issuing CA", leafKeys.publicKey, intermediateKeys, [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: hostName(n) }] },
      { name: "authorityKeyIdentifier", keyIdentifier: keyId(intermediateKeys.publicKey) },
    ]),
  );
  return { root, intermediate, leaves };
}

function certificate(serial, subject, issuer, publicKey, issuerKeys, extensions) {
  const minted = forge.pki.createCertificate();
  minted.publicKey = publicKey;
  minted.serialNumber = `10${serial.toString(16).padStart(6, "0")}`;
  minted.validity.notBefore = new Date("2025-01-01T00:00:00Z");
  minted.validity.notAfter = new Date("2035-01-01T00:00:00Z");
  minted.setSubject([{ name: "commonName", value: subject }]);
  minted.setIssuer([{ name: "commonName", value: issuer }]);
  minted.setExtensions([...extensions, { name: "subjectKeyIdentifier" }]);
  minted.sign(issuerKeys.privateKey, forge.md.sha256.create());
  return minted;
}

function keyId(publicKey) {
  return forge.pki.getPublicKeyFingerprint(publicKey).getBytes();
}

function der(minted) {
  return Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(minted)).getBytes(), "latin1").toString("base64");
}
