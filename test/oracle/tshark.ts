import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** What tshark says of one connection, in the order of its first frame. */
export interface OracleConnection {
  /** `address port address port`, the sender of the first frame first. */
  readonly endpoints: string;
  firstFrame: number;
  frames: number;
  /** Distinct payload bytes by sender endpoint. */
  readonly payload: Map<string, number>;
  readonly serverNames: string[];
  readonly alpnOffered: string[];
  readonly alerts: string[];
  readonly certificates: string[];
  readonly requests: string[];
  readonly statuses: string[];
}

const fields = [
  "frame.number",
  "tcp.stream",
  "ip.src",
  "ipv6.src",
  "tcp.srcport",
  "ip.dst",
  "ipv6.dst",
  "tcp.dstport",
  "tcp.seq",
  "tcp.len",
  "tls.handshake.extensions_server_name",
  "tls.handshake.extensions_alpn_str",
  "tls.alert_message.desc",
  "tls.handshake.certificate",
  "http.request.method",
  "http.request.uri",
  "http.response.code",
  "tls.handshake.type",
] as const;
type Field = (typeof fields)[number];

/** Whether tshark is on this machine. */
export function hasTshark(): boolean {
  try {
    execFileSync("tshark", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Reads a capture with tshark, out-of-order segments put right. */
export function readWithTshark(path: string): OracleConnection[] {
  const options = ["-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", "-2", "-Y", "tcp", "-T", "fields"];
  const output = execFileSync(
    "tshark",
    [...options, "-E", "occurrence=a", ...fields.flatMap((field) => ["-e", field])],
    {
      maxBuffer: 1 << 30,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const connections = new Map<string, Gathered>();
  for (const line of output.toString().split("\n")) {
    if (line === "") continue;
    const values = line.split("\t");
    gather(connections, (field) => values[fields.indexOf(field)] ?? "");
  }
  return [...connections.values()].map(({ ranges, ...connection }) => ({
    ...connection,
    payload: new Map([...ranges].map(([sender, list]) => [sender, covered(list)])),
  }));
}

type Gathered = Omit<OracleConnection, "payload"> & { readonly ranges: Map<string, [number, number][]> };

function gather(connections: Map<string, Gathered>, value: (field: Field) => string): void {
  const first = (field: Field): string => value(field).split(",")[0];
  const source = `${last(value("ip.src")) || last(value("ipv6.src"))} ${first("tcp.srcport")}`;
  const destination = `${last(value("ip.dst")) || last(value("ipv6.dst"))} ${first("tcp.dstport")}`;
  const stream = first("tcp.stream");
  let connection = connections.get(stream);
  if (connection === undefined) {
    connection = {
      endpoints: `${source} ${destination}`,
      firstFrame: Number(value("frame.number")),
      frames: 0,
      ranges: new Map(),
      serverNames: [],
      alpnOffered: [],
      alerts: [],
      certificates: [],
      requests: [],
      statuses: [],
    };
    connections.set(stream, connection);
  }
  connection.frames++;
  const length = Number(first("tcp.len"));
  const sequence = Number(first("tcp.seq"));
  if (length > 0) {
    const ranges = connection.ranges.get(source) ?? [];
    ranges.push([sequence, sequence + length]);
    connection.ranges.set(source, ranges);
  }
  gatherMessages(connection, value);
}

function gatherMessages(connection: Gathered, value: (field: Field) => string): void {
  const all = (field: Field): string[] => (value(field) === "" ? [] : value(field).split(","));
  connection.serverNames.push(...all("tls.handshake.extensions_server_name"));
  if (all("tls.handshake.type").includes("1")) connection.alpnOffered.push(...all("tls.handshake.extensions_alpn_str"));
  connection.alerts.push(...all("tls.alert_message.desc"));
  for (const der of all("tls.handshake.certificate")) {
    const bytes = Buffer.from(der.replaceAll(":", ""), "hex");
    connection.certificates.push(createHash("sha256").update(bytes).digest("hex"));
  }
  const uris = all("http.request.uri");
  all("http.request.method").forEach((method, at) => connection.requests.push(`${method} ${uris[at]}`));
  connection.statuses.push(...all("http.response.code"));
}

/** The innermost address of a packet in tunnels. */
function last(addresses: string): string {
  return addresses.slice(addresses.lastIndexOf(",") + 1);
}

/** Length of the union of the ranges. */
function covered(ranges: [number, number][]): number {
  let total = 0;
  let reach = -Infinity;
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    if (end > reach) {
      total += end - Math.max(start, reach);
      reach = end;
    }
  }
  return total;
}
