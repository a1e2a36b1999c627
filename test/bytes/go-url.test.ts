import fc from "fast-check";
import { expect, it } from "vitest";
import { parseGoUrl } from "../../src/bytes/go-url.ts";

it.each<[text: string, shown: string]>([
  ["https://h.example/a?b#c", "https|h.example||/a"],
  ["HTTP://u:p@H:8080", "http|H|8080|"],
  ["http://[::1]:1/", "http|::1|1|/"],
  ["http://[fe80::1%25eth0]", "http|fe80::1%eth0||"],
  ["socks5h://a:b:1", "socks5h|a:b|1|"],
  ["h.example", "|||h.example"],
  ["//h.example/a", "|h.example||/a"],
  ["///a", "|||///a"],
  ["mailto:x", "mailto|||x"],
  ["http://", "http|||"],
  ["http://h:", "http|h||"],
  ["http://h:99999", "http|h|99999|"],
  ["http://%E2%82%AC.example", "http|€.example||"],
  ["https://p;direct", "https|p;direct||"],
  ['"https', '|||"https'],
  ["", "|||"],
])("reads %j", (text, shown) => {
  const url = parseGoUrl(text)!;
  expect([url.scheme, url.hostname, url.port, url.path].join("|")).toBe(shown);
});

it.each([
  "%zz",
  "http://%zz",
  "http://%41.example",
  "http://h/%zz",
  "http://h#%zz",
  "http://h:80a",
  "http://a:b:80",
  "http://[::1",
  "http://[10.1.2.3]",
  "http://[h]",
  "http://a[::1]",
  "http://u<@h",
  "http://a b",
  "10.0.0.1:80",
  ":80",
  '"https://h"',
  "http://h\n",
])("takes %j for no URL", (text) => {
  expect(parseGoUrl(text)).toBeUndefined();
});

it("reads any text without a fault", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("http:/@[]%25#?a.é \n0")) }), (text) => {
      const url = parseGoUrl(text);
      expect(url === undefined || /^\d*$/.test(url.port)).toBe(true);
    }),
    { seed: 7, numRuns: 300 },
  );
});
