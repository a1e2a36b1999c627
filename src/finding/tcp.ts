import { counted } from "../bytes/text.ts";
import type { Flow } from "../flow/model.ts";
import { serverFilter } from "./filter.ts";
import type { Seen, Sighting } from "./sighting.ts";
import { ends, outcome, purpose, targetName } from "./wording.ts";

/** A target that did not answer. */
export function targetUnanswered(seen: Seen): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  return {
    rule: "target-unreachable",
    subject: name,
    severity: seen.severity,
    grade: "seen",
    flow: flow.id,
    frames: [...ends(flow), ...(flow.icmp ?? []).map(({ frame }) => frame)],
    words: () => ({
      title: `${name} cannot be reached: ${whyUnreachable(flow)}`,
      detail:
        `${counted(flow.syns, "SYN segment")} to ${flow.server.address}${purpose(flow, ",")} had no answer.${icmpSentence(flow)}` +
        `${flow.icmp === undefined ? " A firewall that drops packets looks like this, and so does a host that is down." : ""}${outcome(seen)}`,
      remedy: unreachableRemedy(flow),
      filter: serverFilter(flow.server, "(tcp.flags.syn == 1 || icmp || icmpv6)"),
    }),
  };
}

function whyUnreachable({ server, target, icmp: [first] = [] }: Flow): string {
  const whose = server.address === target.host ? "" : `${server.address} `;
  if (first === undefined) return `${whose}port ${server.port} does not answer`;
  return `${first.from} says by ICMP: ${icmpMeaning(first.type, first.code)}`;
}

function icmpSentence({ icmp = [] }: Flow): string {
  const [first] = icmp;
  if (first === undefined) return "";
  return ` ${first.from} says by ICMP: ${icmpMeaning(first.type, first.code)} (frame ${first.frame}).`;
}

function icmpMeaning(type: number, code: number): string {
  const v4 = type === 3 ? unreachableCodes.get(code) : undefined;
  const v6 = type === 1 ? unreachableCodes6.get(code) : undefined;
  if (type === 11) return "time to live exceeded, as in a routing loop";
  return v4 ?? v6 ?? `type ${type}, code ${code}`;
}

/** Spec: RFC 792, RFC 1812 §5.2.7.1. */
const unreachableCodes: ReadonlyMap<number, string> = new Map([
  [0, "network unreachable"],
  [1, "host unreachable"],
  [2, "protocol unreachable"],
  [3, "port unreachable"],
  [4, "fragmentation needed"],
  [9, "network administratively prohibited"],
  [10, "host administratively prohibited"],
  [13, "administratively prohibited"],
]);

/** Spec: RFC 4443 §3.1. */
const unreachableCodes6: ReadonlyMap<number, string> = new Map([
  [0, "no route to destination"],
  [1, "administratively prohibited"],
  [3, "address unreachable"],
  [4, "port unreachable"],
  [5, "source address refused by policy"],
  [6, "route rejected"],
]);

/** Ports of ssh and of git's own protocol, neither of which goes through a forward proxy by itself. */
const ownProtocols: ReadonlySet<number> = new Set([22, 9418]);

function unreachableRemedy(flow: Flow): string {
  const name = targetName(flow.target);
  const allowed = `Have connections to ${name} (TCP port ${flow.target.port}) allowed`;
  if (ownProtocols.has(flow.target.port)) {
    return `${allowed}, or have git ask by https:// (insteadOf in its configuration says what it asks by): HTTPS_PROXY does not count for ssh:// and git://.`;
  }
  const allow = `${allowed}, or set HTTPS_PROXY to a forward proxy that may`;
  switch (flow.role) {
    case "sumdb":
      return (
        `${allow}. Otherwise: GOPROXY with a proxy that mirrors the checksum database, ` +
        "GOSUMDB=sum.golang.google.cn where that is reachable, or GOPRIVATE / GONOSUMDB for private modules; GOPROXY=direct does not avoid it."
      );
    case "module-proxy":
      return `${allow}. Otherwise name a reachable proxy in GOPROXY; the next entry is tried on a broken connection only behind "|".`;
    case "storage":
      return `${allow}. Large zips of the module proxy are redirected there: allow-lists need it too.`;
    default:
      return `${allow}.`;
  }
}

/** A target that refused. */
export function targetRefused(seen: Seen): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  return {
    rule: "target-refused",
    subject: name,
    severity: seen.severity,
    grade: "seen",
    flow: flow.id,
    frames: ends(flow),
    words: () => ({
      title: `${name} refused the connection`,
      detail:
        `A SYN to ${flow.server.address} port ${flow.server.port}${purpose(flow, ",")} was answered with a reset or an ICMP error.` +
        `${icmpSentence(flow)} Nothing listens there, or a firewall refuses in its place.${outcome(seen)}`,
      remedy: `Check host and port. ${unreachableRemedy(flow)}`,
      filter: serverFilter(flow.server),
    }),
  };
}
