import { basename, dirname } from "node:path";

/** As tcpdump -C (`run.pcap12`), tcpdump -G by the usual time formats, and dumpcap -b (`run_00012_20261123101500.pcapng`) name them. */
const pieceNames = [
  /^(.+\.p?cap(?:ng)?)\d+(?:\.(?:gz|zst|lz4))?$/i,
  /^(.+)_\d{5}_\d{14}(\.\w+)+$/,
  /^(.+[-_.])\d{8,14}(?:[-_]\d{4,6})?\.p?cap(?:ng)?$/i,
];

/** Whether the captures are named as a recorder names the pieces of one run. */
export function looksLikePieces(paths: readonly string[]): boolean {
  if (paths.length < 2) return false;
  const stems = new Set(paths.map((path) => `${dirname(path)}/${stem(basename(path)) ?? path}`));
  return stems.size === 1 && stem(basename(paths[0])) !== undefined;
}

function stem(name: string): string | undefined {
  for (const pattern of pieceNames) {
    const match = pattern.exec(name);
    if (match !== null) return match[1];
  }
  return name.endsWith(".pcap") ? name.slice(0, -".pcap".length) + ".pcap" : undefined;
}
