import { gitProxyKey } from "./git-settings.ts";
import { requestVariables } from "./names.ts";

/*
 * The one home of showing the value of a variable: userinfo and queries of URLs are ***, of commands and flags that
 * anything may stand in only the names are left.
 */

/** The value as it may be shown: no credentials, whatever is wrong with it. */
export function shownValue(name: string, value: string): string {
  if (name === "GOAUTH") return value.split(";").map(shownCommand).join(";");
  if (name === "GOFLAGS") return value.replace(/(-[A-Za-z]+=)(\S+)/g, shownFlag);
  if (name === "GOPROXY" || name === "GOSUMDB")
    return value
      .split(/([,|\s]+)/)
      .map(shownUrl)
      .join("");
  return proxyNames.has(name) || gitProxyKey(name) !== undefined ? shownUrl(value) : value;
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

function shownFlag(written: string, flag: string): string {
  return harmlessFlags.has(flag) ? written : `${flag}…`;
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
