import { expect, it } from "vitest";
import { verifierKey } from "../build/configuration.ts";
import { askedDatabase, isDatabaseAt, parseChecksumDatabase } from "../../src/gomod/checksum-database.ts";

const on = { off: false, invalid: false, explicitUrl: false };

it.each([
  ["sum.golang.org", { ...on, name: "sum.golang.org", host: "sum.golang.org" }],
  [
    "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    { ...on, name: "sum.golang.org", host: "sum.golang.org" },
  ],
  [`${verifierKey} https://db.example:8443/x`, { ...on, explicitUrl: true, name: "sum.test", host: "db.example" }],
  [
    "sum.golang.org https://mirror.example",
    { ...on, explicitUrl: true, name: "sum.golang.org", host: "mirror.example" },
  ],
  ["sum.golang.google.cn", { ...on, explicitUrl: true, name: "sum.golang.org", host: "sum.golang.google.cn" }],
  ["off", { ...on, off: true, name: "", host: undefined }],
  [`${verifierKey.slice(0, -4)}AAAA`, { ...on, invalid: true, name: "sum.test", host: undefined }],
  ["sum.test+00000000+AQcH", { ...on, invalid: true, name: "sum.test", host: undefined }],
  ["sum.test+1+k", { ...on, invalid: true, name: "sum.test", host: undefined }],
  [
    "sum.golang.org http://u:p@db.example",
    { ...on, explicitUrl: true, invalid: true, name: "sum.golang.org", host: undefined },
  ],
  [
    "sum.golang.org ftp://db.example",
    { ...on, explicitUrl: true, invalid: true, name: "sum.golang.org", host: undefined },
  ],
  [" off", { ...on, invalid: true, name: "off", host: undefined }],
  ["on", { ...on, invalid: true, name: "on", host: undefined }],
  ["sum.other.example", { ...on, invalid: true, name: "sum.other.example", host: undefined }],
  ["sum.golang.org mirror.example", { ...on, explicitUrl: true, name: "sum.golang.org", host: "mirror.example" }],
])("%s", (value, expected) => {
  const { url, ...rest } = parseChecksumDatabase(value);
  expect({ ...rest, host: url?.host }).toEqual(expected);
});

it.each([
  ["https", { host: "sum.example", port: 443 }, "sum.example/x"],
  ["https", { host: "sum.example", port: 8443 }, "sum.example:8443/x"],
  ["http", { host: "sum.example", port: 80 }, "sum.example/x"],
  ["https", { host: "2001:db8::1", port: 443 }, "[2001:db8::1]/x"],
])("a database that is asked itself, by %s at %o, has the name of its place", (scheme, place, name) => {
  expect(askedDatabase({ base: "/x" }, scheme, place)).toBe(name);
  expect(isDatabaseAt(name, place)).toBe(true);
  expect(isDatabaseAt(name, { ...place, port: 1 })).toBe(false);
  expect(askedDatabase({ base: "/x", database: "sum.golang.org" }, scheme, place)).toBe("sum.golang.org");
});
