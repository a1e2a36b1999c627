import { expect, it } from "vitest";
import { parseEnvFile, userFile, type Platform, type UserFile } from "../../../src/gomod/configuration/env-file.ts";

it("reads lines as the go command does: no quotes, no blanks trimmed, the CR of a line kept", () => {
  const text = '# GOPROXY=x\nGOPROXY="a"\nGOSUMDB= off\r\n GONOSUMDB=x\nlower=x\nGOFLAGS\nGOFLAGS=a=b\nGOPROXY=b';
  expect(Object.fromEntries(parseEnvFile(text))).toEqual({ GOPROXY: "b", GOSUMDB: " off\r", GOFLAGS: "a=b" });
});

it.each<[platform: Platform, variables: Record<string, string>, file: UserFile]>([
  ["unix", { HOME: "/home/a" }, { path: "/home/a/.config/go/env" }],
  ["unix", { HOME: "/home/a", XDG_CONFIG_HOME: "/x/" }, { path: "/x/go/env" }],
  ["unix", { HOME: "/home/a", XDG_CONFIG_HOME: "x" }, { none: "XDG_CONFIG_HOME is a relative path" }],
  ["unix", {}, { none: "HOME is not set" }],
  ["unix", { HOME: "/home/a", GOENV: "off" }, { none: "GOENV=off" }],
  ["unix", { GOENV: "/etc/goenv" }, { path: "/etc/goenv" }],
  ["darwin", { HOME: "/Users/a" }, { path: "/Users/a/Library/Application Support/go/env" }],
  ["darwin", {}, { none: "HOME is not set" }],
  ["windows", { AppData: "C:\\Users\\a\\AppData\\Roaming" }, { path: "C:\\Users\\a\\AppData\\Roaming\\go\\env" }],
  ["windows", { APPDATA: "C:\\r" }, { path: "C:\\r\\go\\env" }],
  ["windows", { HOME: "/c/Users/a" }, { none: "%AppData% is not set" }],
  ["plan9", { home: "/usr/a" }, { path: "/usr/a/lib/go/env" }],
])("finds the user's file on %s with %j", (platform, variables, file) => {
  expect(userFile((name) => variables[name] ?? "", platform)).toEqual(file);
});

it("takes a relative XDG_CONFIG_HOME for a folder with an old Go", () => {
  const old = { text: "go1.21.13", minor: 21 };
  expect(userFile((name) => (name === "XDG_CONFIG_HOME" ? "x" : ""), "unix", old)).toEqual({ path: "x/go/env" });
});
