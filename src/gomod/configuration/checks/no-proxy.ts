import { noProxyReason, parseNetwork, splitEntry } from "../../forward-proxy.ts";
import { parseAddress } from "../../ip-address.ts";
import { parseProxyList } from "../../proxy-list.ts";
import type { Place } from "../../place.ts";
import type { GoConfiguration } from "../configuration.ts";
import { valueOf } from "../resolution.ts";
import { shownValue } from "../shown.ts";
import { sourceOf } from "./sources.ts";
import type { ConfigurationWarning } from "./warning.ts";

/** Entries of NO_PROXY that match nothing, more than meant, or not the same in git. */
export function* noProxyWarnings(configuration: GoConfiguration): Iterable<ConfigurationWarning> {
  const { noProxy, variables } = configuration;
  if (noProxy === "") return;
  const variable = (variables.get("NO_PROXY")?.value ?? "") === "" ? "no_proxy" : "NO_PROXY";
  const servers = serversOf(configuration);
  for (const entry of shownValue(variable, noProxy)
    .split(",")
    .map((each) => each.trim())) {
    const words = entry === "" ? undefined : entryWords(entry, servers, variable);
    if (words !== undefined) yield { variable, ...sourceOf(configuration, variable), ...words };
  }
}

/** Servers that Go asks by this configuration. */
function serversOf(configuration: GoConfiguration): Place[] {
  const proxies = parseProxyList(valueOf(configuration, "GOPROXY")).flatMap(({ url }) => url ?? []);
  const database = valueOf(configuration, "GOSUMDB");
  const named = configuration.checksumDatabase?.url;
  return [
    ...proxies,
    ...(named === undefined ? [] : [named]),
    ...(database === "sum.golang.org" ? [publicDatabase] : []),
  ];
}

const publicDatabase: Place = { host: "sum.golang.org", port: 443 };

type Words = Pick<ConfigurationWarning, "id" | "severity" | "title" | "reason" | "mend">;

function entryWords(entry: string, servers: readonly Place[], variable: string): Words | undefined {
  const never = neverReason(entry);
  if (never !== undefined) {
    return {
      id: "no-proxy-never-matches",
      severity: "warning",
      title: `${entry} in ${variable} matches no host`,
      ...never,
    };
  }
  const { host, port } = splitEntry(entry.toLowerCase());
  const isAddress = parseNetwork(entry) !== undefined || parseAddress(host) !== undefined;
  if (isAddress && !servers.some((server) => parseAddress(server.host) !== undefined)) {
    return {
      id: "no-proxy-address",
      severity: "note",
      title: `${entry} in ${variable} covers URLs with an address in them, and no names`,
      reason: "Go looks no name up to compare it with an address",
      mend: "name the hosts: their names, or the domain that they are in",
    };
  }
  return wider(entry, host, servers, variable) ?? otherPort(entry, port, variable) ?? otherInGit(entry, variable);
}

function neverReason(entry: string): Pick<Words, "reason" | "mend"> | undefined {
  if (entry === "*") return undefined;
  if (entry.includes("://")) {
    return {
      reason: "it is a URL, and hosts have no scheme",
      mend: `write ${entry.replace(/^.*?:\/\/(?:\*\*\*@)?/, "").split("/", 1)[0]}`,
    };
  }
  if (entry.includes(";"))
    return { reason: "entries are separated by commas alone", mend: `write ${entry.replace(/;\s*/g, ",")}` };
  if (/\s/.test(entry))
    return {
      reason: "Go separates entries by commas alone, git by blanks as well",
      mend: `write ${entry.replace(/\s+/g, ",")}`,
    };
  if (/["'“”‘’]/.test(entry))
    return { reason: "quotes are part of the entry", mend: `write ${entry.replace(/["'“”‘’]/g, "")}` };
  if (/^[\d.]+\*?$/.test(entry) && parseAddress(entry) === undefined) {
    return {
      reason: "it is neither an address nor a network; beginnings of addresses match nothing",
      mend: "write a network, as 10.0.0.0/8",
    };
  }
  if (entry.includes("/") && parseNetwork(entry.toLowerCase()) === undefined) {
    return { reason: "it is no network, and hosts have no path", mend: "write a host, or ADDRESS/BITS" };
  }
  if (/\*/.test(entry.replace(/^\*\./, ""))) {
    return {
      reason: "a star stands alone or before the first dot",
      mend: `write ${entry.replaceAll("*", "").replace(/^\.?/, ".").replace(/\.$/, "")}`,
    };
  }
  if (/\.(?::\d+)?$/.test(entry))
    return { reason: "Go's hosts have no dot at their end", mend: `write ${entry.replace(/\.(?=:|$)/, "")}` };
  return splitEntry(entry).host === "" ? { reason: "it names no host", mend: "write HOST or HOST:PORT" } : undefined;
}

function wider(entry: string, host: string, servers: readonly Place[], variable: string): Words | undefined {
  const covered = servers
    .filter((server) => noProxyReason(entry, server.host, server.port) === entry)
    .map((server) => server.host);
  const names = [...new Set(covered.filter((name) => name !== host))];
  if (names.length === 0) return undefined;
  return {
    id: "no-proxy-wider",
    severity: "note",
    title: `${entry} in ${variable} sends ${names.join(" and ")} direct as well`,
    reason: entry === "*" ? "* is for every host" : "a name covers all names below it",
    mend: "if that is not meant, name single hosts",
  };
}

function otherPort(entry: string, port: string, variable: string): Words | undefined {
  if (port === "" || parseAddress(entry) !== undefined) return undefined;
  return {
    id: "no-proxy-port",
    severity: "note",
    title: `${entry} in ${variable} is for port ${port} alone, and for git it is nothing`,
    reason: "Go compares the port with that of the URL, 443 where none is written; git (libcurl) knows no ports here",
    mend: `write ${entry.slice(0, entry.lastIndexOf(":"))}`,
  };
}

function otherInGit(entry: string, variable: string): Words | undefined {
  const star = entry.startsWith("*.");
  if (!star && !entry.startsWith(".")) return undefined;
  return {
    id: "no-proxy-git",
    severity: "note",
    title: star
      ? `${entry} in ${variable} matches nothing in git`
      : `${entry} in ${variable} covers ${entry.slice(1)} itself in git, and not in Go`,
    reason: star ? "libcurl knows no star but one alone" : "libcurl drops a dot in front",
    mend: `write ${entry.replace(/^\*?\./, "")}, which both take for the name and all below it`,
  };
}
