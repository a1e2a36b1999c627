import { gitProxyKey } from "./git-settings.ts";
import { requestVariables } from "./names.ts";

/*
 * The one home of showing the value of a variable: userinfo and queries of URLs are ***, also where no URL belongs, and
 * of commands and flags that anything may stand in only the names are left.
 */

/** The value as it may be shown: no credentials, whatever is wrong with it. */
export function shownValue(name: string, value: string): string {
  if (name === "GOAUTH") return value.split(";").map(shownCommand).join(";");
  if (name === "GOFLAGS") return value.replace(/(-[A-Za-z]+=)(\S+)/g, shownFlag);
  if (name === "GOPROXY" || name === "GOSUMDB") return eachEntry(value, shownUrl);
  return proxyNames.has(name) || gitProxyKey(name) !== undefined ? shownUrl(value) : eachEntry(value, shownEntry);
}

/** `NAME=VALUE` as it may be shown. */
export function shownSetting(name: string, value: string): string {
  return `${name}=${shownValue(name, value)}`;
}

/** The name of a variable or setting as it may be shown: git's may hold a URL. */
export function shownName(name: string): string {
  return name.replace(/\/\/[^/]*@/, "//***@");
}

function eachEntry(value: string, shown: (entry: string) => string): string {
  return value
    .split(/([,|\s]+)/)
    .map(shown)
    .join("");
}

/* What stands in the place of a name, a glob or a version; `a@b` may be one that is mistaken. */
function shownEntry(entry: string): string {
  return entry.includes("://") || /^[^/@:]*:[^/@]*@/.test(entry) ? shownUrl(entry) : entry;
}

const proxyNames = new Set(requestVariables.filter((name) => /^(?:https?|all)_proxy$/i.test(name)));

/* Everything before the last @ may be part of a password, and so may what follows a colon that no port follows. */
function shownUrl(url: string): string {
  const query = url.indexOf("?");
  const bare = query < 0 ? url : `${url.slice(0, query)}?***`;
  const [, scheme = "", rest = bare] = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/)(.*)$/s.exec(bare) ?? [];
  const at = rest.lastIndexOf("@");
  if (at >= 0) return `${scheme}***@${rest.slice(at + 1)}`;
  return scheme !== "" && /^[^/[\]]*:(?!\d*(?:\/|$))/.test(rest) ? `${scheme}***` : bare;
}

function shownCommand(command: string): string {
  const words = command.trim().split(/\s+/);
  if (words.length === 1 || (words[0] === "git" && words.length === 2)) return command;
  return `${command.startsWith(" ") ? " " : ""}${words[0]} …`;
}

function shownFlag(_written: string, flag: string, value: string): string {
  return harmlessFlags.has(flag) ? `${flag}${shownEntry(value)}` : `${flag}…`;
}

const harmlessFlags = new Set([
  "-mod=",
  "-modcacherw=",
  "-insecure=",
  "-v=",
  "-x=",
  "-tags=",
  "-trimpath=",
  "-buildvcs=",
]);
