import { expect, it } from "vitest";
import {
  canonicalHost,
  defaultPort,
  parsePlace,
  parseUrlPlace,
  placeKey,
  urlAuthority,
} from "../../src/gomod/place.ts";

it.each([
  ["https", "a.example", 443, "a.example"],
  ["https", "a.example", 80, "a.example:80"],
  ["http", "a.example", 80, "a.example"],
  ["https", "2001:db8::1", 443, "[2001:db8::1]"],
  ["https", "2001:db8::1", 8443, "[2001:db8::1]:8443"],
])("%s URLs write %s, port %i, as %s", (scheme, host, port, authority) => {
  expect(urlAuthority(scheme, { host, port })).toBe(authority);
});

it("spells one host one way", () => {
  expect(canonicalHost("SUM.golang.org.")).toBe("sum.golang.org");
  expect(canonicalHost("[2001:DB8::1]")).toBe("2001:db8::1");
  expect(placeKey("H.example", 1)).toBe("h.example:1");
  expect([defaultPort("http"), defaultPort("https"), defaultPort("socks5h"), defaultPort("ftp")]).toEqual([
    80, 443, 1080, 0,
  ]);
});

it.each([
  ["h.example", { host: "h.example", port: 443 }],
  ["h.example:1", { host: "h.example", port: 1 }],
  ["[::1]:1", { host: "::1", port: 1 }],
  ["[::1]", { host: "::1", port: 443 }],
  ["h:65536", undefined],
  ["a:b:1", undefined],
  ["", undefined],
  [":1", undefined],
])("reads %j as a place", (text, place) => {
  expect(parsePlace(text, 443)).toEqual(place);
});

it.each([
  [
    "https://h.example",
    { scheme: "https", host: "h.example", port: 443, path: "", credentials: false, shown: "https://h.example" },
  ],
  [
    "HTTP://u:p@h.example:8/a/?q#f",
    { scheme: "http", host: "h.example", port: 8, path: "/a", credentials: true, shown: "http://***@h.example:8/a" },
  ],
  [
    "https://u:s@3/cret@h.example",
    { scheme: "https", host: "3", port: 443, path: "/cret@h.example", credentials: true, shown: "https://***" },
  ],
  ["https:///a", undefined],
  ["h.example/a", undefined],
])("reads %j as a URL", (text, place) => {
  expect(parseUrlPlace(text)).toEqual(place);
});
