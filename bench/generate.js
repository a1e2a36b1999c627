/**
 * Writes the captures that bench/run.js measures into bench/data/.
 *
 *     node bench/generate.js [--scale 0.1] [name ...]
 *
 * Names: big (1 GB, 4,000 TLS flows over 200 chains), big10 (10 GB, as many flows), flows (1 GB, 40,000 flows),
 * encrypted (500 MB of TLS 1.3 with its key log), download (50 MB in one flow), small (1 M packets of 80 bytes), scan-one and scan-many (1 M SYNs), scan-refused (1 M SYNs, each answered by a RST).
 * A scale multiplies bytes, packets and connections. Without names: all of them.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { mintChains } from "./certificates.js";
import { writeEncryptedZips } from "./encrypted.js";
import { PcapWriter } from "./pcap-writer.js";
import { writeScanOfManyHosts, writeScanOfOneHost, writeSmallPackets, writeTlsDownloads } from "./traffic.js";

export const dataFolder = new URL("data", import.meta.url).pathname;

const captures = {
  big: (writer, scale) => writeTls(writer, 1e9 * scale, 4000 * scale),
  big10: (writer, scale) => writeTls(writer, 10e9 * scale, 4000 * scale),
  flows: (writer, scale) => writeTls(writer, 1e9 * scale, 40_000 * scale),
  download: (writer, scale) => writeTls(writer, 50e6 * scale, 1),
  small: (writer, scale) => writeSmallPackets(writer, { packets: Math.round(1_040_000 * scale) }),
  "scan-one": (writer, scale) => writeScanOfOneHost(writer, { connections: 1e6 * scale, answered: false }),
  "scan-many": (writer, scale) => writeScanOfManyHosts(writer, { connections: 1e6 * scale, answered: false }),
  encrypted: (writer, scale, path) => writeFileSync(`${path}.keys`, writeEncryptedZips(writer, 500e6 * scale)),
  "scan-refused": (writer, scale) => writeScanOfOneHost(writer, { connections: 1e6 * scale, answered: true }),
};

function writeTls(writer, bytes, flows) {
  writeTlsDownloads(writer, { bytes, flows: Math.round(flows), chains: mintChains(dataFolder, 200).chains });
}

/** Path of a capture, which is written first when it is not there. */
export function generate(name, scale = 1) {
  mkdirSync(dataFolder, { recursive: true });
  const path = `${dataFolder}/${name}${scale === 1 ? "" : `-${scale}`}.pcap`;
  if (existsSync(path)) return path;
  const writer = new PcapWriter(path);
  captures[name](writer, scale, path);
  writer.close();
  return path;
}

/** Path of the root that all chains of the captures end at, as PEM. */
export function generateRoot() {
  mkdirSync(dataFolder, { recursive: true });
  return mintChains(dataFolder, 200).rootPath;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals } = parseArgs({ options: { scale: { type: "string" } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !Object.hasOwn(captures, name));
  if (unknown.length > 0) {
    console.error(`unknown capture ${unknown.join(", ")}; there are ${Object.keys(captures).join(", ")}`);
    process.exitCode = 2;
  } else {
    for (const name of positionals.length > 0 ? positionals : Object.keys(captures)) {
      const path = generate(name, Number(values.scale ?? 1));
      console.log(`${path}: ${statSync(path).size} bytes`);
    }
  }
}
