import { describe, expect, it } from "vitest";
import { infoError } from "../../../src/gomod/checksum/info-content.ts";
import type { GoRequest } from "../../../src/gomod/requests.ts";

/* What the real go command printed of each. */
const info: GoRequest = { kind: "info", module: "example.com/m", version: "v1.0.0" };
const other = (version: string): object => ({
  kind: "other",
  text: `proxy returned info for version ${version} instead of requested version`,
});
const unreadable = (text: string): object => ({ kind: "unreadable", text });

describe("an .info file", () => {
  it.each([
    ["names the version", `{"Version":"v1.0.0","Time":"2024-01-01T00:00:00Z"}`, undefined],
    ["in any letters, the last time", `{"Version":"v0","VERSION":"v1.0.0"}`, undefined],
    ["names another", `{"Version":"v1.0.1"}`, other("v1.0.1")],
    ["names none", "{}", other("")],
    ["is null", "null", other("")],
    ["is empty", "", unreadable("unexpected end of JSON input")],
    ["is text", " not found", unreadable("invalid character")],
    ["is other text", "Hello", unreadable("invalid character 'H' looking for beginning of value")],
    ["is quoted", "'", unreadable(String.raw`invalid character '\'' looking for beginning of value`)],
    ["is cut", `{"Version":`, unreadable("invalid character")],
    ["is a list", "[]", unreadable("json: cannot unmarshal array into Go value of type modfetch.RevInfo")],
    ["is true", "true", unreadable("json: cannot unmarshal bool into Go value of type modfetch.RevInfo")],
    [
      "has a number as version",
      `{"Version":1}`,
      unreadable("json: cannot unmarshal number into Go struct field RevInfo.Version of type string"),
    ],
  ])("%s", (_, json, error) => {
    expect(infoError(json, info)).toEqual(error);
  });

  it.each([
    ["example.com/m", "main"],
    ["example.com/m", "v1.0"],
    ["example.com/m", "v1.0.0+meta"],
    ["example.com/m", "v2.0.0"],
    ["example.com/m/v2", "v3.0.0"],
    ["example.com/m/v2", "v1.0.0"],
    ["gopkg.in/yaml.v3", "v2.0.0"],
  ])("may name another version than asked of %s: %s", (module, version) => {
    expect(infoError(`{"Version":"v9.0.0"}`, { kind: "info", module, version })).toBeUndefined();
  });

  it.each([
    ["example.com/m", "v0.0.0-20240101000000-0123456789ab"],
    ["example.com/m", "v2.0.0+incompatible"],
    ["example.com/m/v2", "v2.0.0"],
    ["gopkg.in/yaml.v3", "v3.0.0-pre"],
    ["gopkg.in/x.v1-unstable", "v1.0.0"],
  ])("must name the version asked of %s: %s", (module, version) => {
    expect(infoError(`{"Version":"v9.0.0"}`, { kind: "info", module, version })).toEqual(other("v9.0.0"));
  });
});

it("The answer to @latest names any version", () => {
  expect(infoError(`{"Version":"v9.0.0"}`, { kind: "latest", module: "example.com/m" })).toBeUndefined();
});
