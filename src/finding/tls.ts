import { counted } from "../bytes/text.ts";
import type { AlertReport, Flow, TlsReport } from "../flow/model.ts";
import { serverRefusal, whenReset } from "../gomod/failure.ts";
import type { Grade } from "../grade.ts";
import { addressFilter, serverFilter } from "./filter.ts";
import { saysNothingInTls } from "./proxy-hello.ts";
import type { RuleId } from "./rules.ts";
import type { Seen, Sighting, Words } from "./sighting.ts";
import { outcome, proxyName, purpose, reaching, shellWord, targetName } from "./wording.ts";

/** What went wrong between an open connection and a finished handshake, apart from certificates and proxies. */
export function* tlsSightings(seen: Seen): Iterable<Sighting> {
  const sighting = brokenHandshake(seen);
  if (sighting !== undefined) yield sighting;
  const mismatch = connectMismatch(seen);
  if (mismatch !== undefined) yield mismatch;
}

function brokenHandshake(seen: Seen): Sighting | undefined {
  const { failure, flow } = seen;
  const old = oldVersion(seen);
  if (old !== undefined) return old;
  if (failure === undefined && isHelloCut(flow)) return helloCut(seen);
  /* Found among the troubles with proxies. */
  if (saysNothingInTls(seen)) return undefined;
  switch (failure?.kind) {
    case "not-tls":
      return notTls(seen);
    case "server-alert":
      return serverAlert(seen);
    case "reset":
      if (flow.stage === "hello" && flow.tls.length > 0) return afterHello(seen);
      return flow.stage === "proxy" ? undefined : reset(seen);
    case "no-answer":
      return flow.closedBy === "server" ? closedAfterHello(seen) : afterHello(seen);
    case "broken-off":
      return stalled(seen);
    default:
      return undefined;
  }
}

function at(seen: Seen, rule: RuleId, grade: Grade, words: () => Words): Sighting {
  const { flow, severity } = seen;
  const hello = flow.tls.at(-1)?.helloFrame;
  const icmp = (flow.icmp ?? []).map(({ frame }) => frame);
  return {
    rule,
    subject: targetName(flow.target),
    severity,
    grade,
    flow: flow.id,
    frames: [hello ?? flow.frames.first, ...icmp, flow.frames.last],
    words,
  };
}

const oldVersions: readonly string[] = ["SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1"];

/* Protocol_version from either side, or a version that Go has not accepted since 1.18. */
function oldVersion(seen: Seen): Sighting | undefined {
  const { flow } = seen;
  for (const layer of flow.tls) {
    const alert = layer.alerts.find(({ description }) => description?.startsWith("protocol_version") === true);
    const negotiated = layer.negotiatedVersion;
    const old = negotiated !== undefined && oldVersions.includes(negotiated);
    if (alert === undefined && !old) continue;
    const refused = alert !== undefined;
    const sighting = at(seen, "tls-version-old", "seen", () => oldVersionWords(seen, layer, alert));
    return {
      ...sighting,
      frames: [alert?.frame ?? layer.serverHelloFrame ?? flow.frames.first],
      severity: refused ? seen.severity : "note",
    };
  }
  return undefined;
}

function oldVersionWords(seen: Seen, layer: TlsReport, alert: AlertReport | undefined): Words {
  const name = targetName(seen.flow.target);
  const { negotiatedVersion = "" } = layer;
  const chose = !oldVersions.includes(negotiatedVersion) ? "" : ` The server chose ${negotiatedVersion}.`;
  const who =
    alert === undefined
      ? ""
      : ` The ${alert.from} broke off with ${alert.description ?? "an alert"} in frame ${alert.frame}.`;
  return {
    title: `${name} speaks no TLS version that Go accepts`,
    detail: `Go offers TLS 1.2 and 1.3 only (since 1.18).${chose}${who}${outcome(seen)}`,
    remedy: `Enable TLS 1.2 or 1.3 on the server of ${name}, or on the middlebox that answers in its place.`,
  };
}

function notTls(seen: Seen): Sighting {
  const { flow } = seen;
  const { target, route } = flow;
  const answer = flow.tls.find(({ strangeAnswer }) => strangeAnswer !== undefined)?.strangeAnswer ?? "";
  const isTunnel = route.kind !== "direct";
  return at(seen, "target-not-tls", "seen", () => ({
    title: isTunnel
      ? `no TLS came back through the tunnel of ${proxyName(flow)} to ${targetName(target)}`
      : `${targetName(target)} does not speak TLS on port ${target.port}`,
    detail: `The ClientHello was answered with: ${answer.trim()}.${outcome(seen)}`,
    remedy: isTunnel
      ? `Look at the log of the proxy, which may answer in the place of ${target.host} (a login page, a block page) though it granted the tunnel; have the host allowed there.`
      : "Use the port that speaks TLS, or http:// in GOPROXY for a proxy without it. When something on the way answers " +
        "(a login page, a block page), get past that first.",
    filter: serverFilter(flow.server, "tcp.len > 0"),
  }));
}

function serverAlert(seen: Seen): Sighting {
  const { flow } = seen;
  const alert = flow.tls.map((layer) => serverRefusal(layer, flow)).find((each) => each !== undefined);
  const ofProxy = flow.route.overTls && flow.tls.length === 1;
  const name = ofProxy ? `the proxy ${proxyName(flow)}` : targetName(flow.target);
  const sighting = at(seen, "tls-server-alert", alert?.grade ?? "seen", () => {
    const description = alert?.description;
    const about = description ?? "certificate_required";
    return {
      title:
        description === undefined
          ? `${name} asked for a client certificate and broke off with an alert`
          : `${name} broke the handshake off with ${description}`,
      detail: `The ${ofProxy ? "proxy" : `server${purpose(flow, ",")}`} sent ${description === undefined ? "an encrypted alert" : `the fatal alert ${description}`} in frame ${alert?.frame ?? 0}.${outcome(seen)}`,
      remedy:
        alertRemedies[about.replace(/ \(\d+\)$/, "")] ??
        `Look at the log of ${ofProxy ? name : `the server of ${name}`}.`,
    };
  });
  return {
    ...sighting,
    ...(ofProxy && { subject: `${proxyName(flow)} ${flow.route.target ?? ""}` }),
    frames: [alert?.frame ?? flow.frames.last],
  };
}

const alertRemedies: Readonly<Record<string, string>> = {
  handshake_failure:
    "Client and server share no cipher suite, group or signature scheme, or the server wants a client certificate, which Go does not send: widen the server's settings.",
  unrecognized_name: "The server knows no such name: check the host, and the server's virtual hosts.",
  certificate_required: "The server wants a client certificate, which the go command cannot send.",
  bad_certificate: "The server did not take the client's certificate; the go command cannot send one.",
  access_denied: "The server refuses this client: look at its rules.",
  internal_error: "The server failed: look at its log.",
};

/* Which part of the hello arrived tells what swallowed it. */
function afterHello(seen: Seen): Sighting | undefined {
  const { flow, failure } = seen;
  /* The client acknowledged an answer that the recorder missed. */
  if (flow.lost.serverToClient > 0) return undefined;
  if (tooBig(flow)) return pathMtu(seen, true);
  const lost = flow.unacknowledged?.clientToServer ?? 0;
  const sent = flow.bytes.clientToServer;
  if (failure?.kind !== "reset" && flow.outOfOrderSegments > 0 && flow.bytes.serverToClient > 0)
    return pathMtu(seen, false);
  if (lost === 0) return nameFilter(seen);
  // What never arrives is sent again, unless the client is told to stop before it can.
  if (lost < sent && flow.retransmittedSegments > 0) return helloLost(seen, lost);
  return sent > largeHello && failure?.kind !== "reset" ? pathMtu(seen, true) : nameFilter(seen);
}

/** A ClientHello longer than this does not fit the smallest packets of IPv6 (RFC 8200 §5: 1280 bytes). */
const largeHello = 1208;

function helloLost(seen: Seen, lost: number): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  return at(seen, "hello-lost", "inferred", () => ({
    title: `part of the ClientHello to ${name} never arrived`,
    detail:
      `Of ${flow.bytes.clientToServer} bytes sent, the last ${lost} were never acknowledged (${counted(flow.retransmittedSegments, "segment")} sent again), the ` +
      "first were. Since Go 1.24 a ClientHello has a post-quantum key share and takes two segments: some middleboxes drop the second." +
      outcome(seen),
    remedy:
      "Confirm with GODEBUG=tlsmlkem=0 (one segment). Then have the firewall or load balancer on the way corrected; it must put a split ClientHello together.",
    filter: serverFilter(flow.server, "tcp.len > 0"),
  }));
}

/* Seen from behind the place that drops it: the first segment alone, nothing said to it, and a long wait. */
function isHelloCut(flow: Flow): boolean {
  const layer = flow.tls.at(-1);
  if (layer === undefined || layer.ja4 !== undefined || layer.serverHelloFrame !== undefined) return false;
  if (flow.opened !== "handshake" || flow.oneSided === true || flow.snappedSegments !== undefined) return false;
  if (flow.route.kind !== "direct" || flow.bytes.serverToClient > 0 || flow.lost.clientToServer > 0) return false;
  return flow.closed !== "capture-end" && flow.start !== undefined && flow.end !== undefined
    ? Date.parse(flow.end) - Date.parse(flow.start) >= patienceMilliseconds
    : false;
}

const patienceMilliseconds = 5000;

function helloCut(seen: Seen): Sighting {
  const { flow } = seen;
  const sighting = at(seen, "hello-lost", "inferred", () => ({
    title: `only the first part of a ClientHello to ${targetName(flow.target)} arrived`,
    detail:
      `${flow.bytes.clientToServer} bytes of a ClientHello came, its rest did not, and the connection was closed unanswered. Where the capture ` +
      "was taken the rest was already lost; whether another connection made it good is not known.",
    remedy:
      "Capture at the client too. Confirm with GODEBUG=tlsmlkem=0 (one segment), and have the device on the way corrected that drops later segments.",
    filter: serverFilter(flow.server, "tcp.len > 0"),
  }));
  return { ...sighting, severity: seen.severity === "error" ? "warning" : seen.severity };
}

function nameFilter(seen: Seen): Sighting {
  const { flow, failure } = seen;
  const name = targetName(flow.target);
  const reset = failure?.kind === "reset";
  const lost = flow.unacknowledged?.clientToServer ?? 0;
  const again = flow.retransmittedSegments > 0 ? " again and again" : "";
  const others = reset
    ? "so does a server that hangs or refuses"
    : "so does a server that hangs, and a path on which the large packets of its answer get lost";
  const smaller = reset ? "" : ` When no name makes a difference, try smaller packets: ${smallerPackets}.`;
  const arrived = lost === 0 ? "The ClientHello was acknowledged whole" : `The ClientHello was sent${again}`;
  return at(seen, "name-filter", "inferred", () => ({
    title: `${name}: ${reset ? "a reset" : "silence"} right after the ClientHello`,
    detail:
      `${arrived}, and ${reset ? "a reset came" : "nothing came"} in place of a ServerHello. A filter that reads the server name does ` +
      `that; ${others}: which it is the capture does not prove.${outcome(seen)}`,
    remedy:
      `Try openssl s_client ${reaching(flow)} with -servername ${shellWord(flow.target.host)} and with another name: when ` +
      `only the name makes the difference, something on the way filters it. Have it allowed, or go through a forward proxy (HTTPS_PROXY).${smaller}`,
    filter: serverFilter(flow.server, reset ? "(tls || tcp.flags.reset == 1)" : "tcp.len > 0"),
  }));
}

function closedAfterHello(seen: Seen): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  return at(seen, "server-reset", "seen", () => ({
    title: `${name} closed the connection right after the ClientHello`,
    detail: `No ServerHello and no alert came from ${whence(flow)}.${outcome(seen)}`,
    remedy:
      flow.route.kind === "direct"
        ? "Check that the port speaks TLS and that the server knows the name; a filter on the way can do this too."
        : `Look at the log of the proxy: did it reach ${name}? Some grant a tunnel first and then filter by the server name.`,
  }));
}

function whence(flow: Flow): string {
  const { route, server, target } = flow;
  if (route.kind === "direct") return `${server.address}${purpose(flow)}`;
  return `${targetName(target)}${purpose(flow)}, through the tunnel that ${server.address} had granted`;
}

function reset(seen: Seen): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  const tunnelled = flow.route.kind !== "direct";
  return at(seen, "server-reset", "seen", () => ({
    title: `${tunnelled ? `the tunnel to ${name} was reset` : `${name} reset the connection`} ${whenReset(flow)}`,
    detail: `The reset came from the side of ${flow.server.address}${tunnelled ? ", the forward proxy" : purpose(flow)}; a middlebox can send one in its name.${outcome(seen)}`,
    remedy: tunnelled
      ? `Look at the log of the proxy: it may have cut the tunnel itself (idle time, limits), or passed on that ${name} did.`
      : `Look at the log of the server of ${name}, and at firewalls and proxies on the way.`,
    filter: serverFilter(flow.server, "tcp.flags.reset == 1"),
  }));
}

function stalled(seen: Seen): Sighting {
  const { flow } = seen;
  const holes = flow.outOfOrderSegments > 0 || flow.lost.serverToClient > 0 || flow.unacknowledged !== undefined;
  if (tooBig(flow) || (holes && flow.closedBy !== "server")) return pathMtu(seen, false);
  const name = targetName(flow.target);
  return at(seen, "handshake-stalled", "inferred", () => ({
    title: `the TLS handshake with ${name} was never finished`,
    detail:
      `It came as far as "${flow.stage}" and was closed by the ${flow.closedBy ?? "timer"}. Go waits 10 s for a handshake ` +
      `(TLS handshake timeout).${outcome(seen)}`,
    remedy: `Look at the log of the server of ${name}, and at what inspects TLS on the way.`,
  }));
}

/* ICMP "fragmentation needed" (type 3, code 4) or "packet too big" (ICMPv6 type 2). */
function tooBig({ icmp = [] }: Flow): boolean {
  return icmp.some(({ type, code }) => type === 2 || (type === 3 && code === 4));
}

const smallerPackets = "ip link set dev IFACE mtu 1280";

function pathMtu(seen: Seen, ofClient: boolean): Sighting {
  const { flow } = seen;
  const name = targetName(flow.target);
  const told = (flow.icmp ?? []).find(({ mtu }) => mtu !== undefined);
  const proof =
    told === undefined
      ? ` ${counted(flow.retransmittedSegments, "segment")} sent again, ${flow.outOfOrderSegments} out of order: small packets pass, large ones seem not to.`
      : ` ${told.from} says by ICMP that ${told.mtu ?? 0} bytes are the most (frame ${told.frame}).`;
  return at(seen, "path-mtu", tooBig(flow) ? "seen" : "inferred", () => ({
    title: `large packets ${ofClient ? "to" : "from"} ${name} get lost on the path`,
    detail:
      `${ofClient ? "The ClientHello was never acknowledged" : "The server's flight never completed"}.${proof} A tunnel or VPN with a ` +
      `smaller MTU and blocked ICMP looks like this.${outcome(seen)}`,
    remedy: `Lower the MTU of the client's interface (for a try: ${smallerPackets}) or clamp the MSS on the router; let ICMP "too big" messages through.`,
    filter: `(${serverFilter(flow.server)}) || (${addressFilter(flow.client.address)} && (icmp.type == 3 || icmpv6.type == 2))`,
  }));
}

/* The proxy was asked for one host, the hello in the tunnel for another. */
function connectMismatch({ flow }: Seen): Sighting | undefined {
  const { route } = flow;
  const inner = flow.tls[route.overTls ? 1 : 0];
  if (route.target === undefined || inner?.serverName === undefined || inner.echOuter === true) return undefined;
  const asked = route.target.replace(/:\d+$/, "").toLowerCase().replace(/\.$/, "");
  const named = inner.serverName.toLowerCase();
  if (asked === named || asked.includes(":") || /^[\d.]+$/.test(asked) || route.kind === "http-forward")
    return undefined;
  return {
    rule: "connect-target-mismatch",
    subject: `${asked} ${named}`,
    severity: "warning",
    grade: "seen",
    flow: flow.id,
    frames: [...route.attempts.map(({ frame }) => frame), inner.helloFrame ?? 0],
    words: () => ({
      title: `the proxy was asked for ${asked}, the ClientHello in the tunnel asks for ${named}`,
      detail: "The go command and git use one name for both; another program, or something between, does not.",
      remedy: "Find out which program opened the connection; look for one that fronts domains or rewrites requests.",
    }),
  };
}
