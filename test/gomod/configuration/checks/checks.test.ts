import { describe, expect, it } from "vitest";
import { checkConfiguration } from "../../../../src/gomod/configuration/checks/checks.ts";
import { warningIds } from "../../../../src/gomod/configuration/checks/warning.ts";
import type { ConfigurationFacts, Origin } from "../../../../src/gomod/configuration/configuration.ts";
import { configurationOf, processWith } from "../../../build/configuration.ts";

const local = "GOTOOLCHAIN=local";

/** What is wrong with variables of a process, as `severity id`. */
function wrong(...variables: readonly string[]): string[] {
  return checkConfiguration(processWith(local, ...variables)).map(({ severity, id }) => `${severity} ${id}`);
}

/** Each row: variables of the process, what the real go does with them, what is said. */
const rows: [variables: string[], does: string, said: string[]][] = [
  [[], "the defaults", []],
  [["GOPROXY=https://proxy.golang.org,direct", "GOSUMDB=sum.golang.org"], "the defaults, written out", []],
  [["GOPROXY=https://a.example;direct"], "looks up the host a.example;direct", ["error goproxy-separator"]],
  [["GOPROXY=https://a.example direct"], "parse error, nothing sent", ["error goproxy-separator"]],
  [['GOPROXY="https://a.example"'], "first path segment in URL cannot contain colon", ["error goproxy-quotes"]],
  [["GOPROXY=on"], "invalid proxy URL missing scheme: on", ["error goproxy-entry"]],
  [["GOPROXY=Direct"], "invalid proxy URL missing scheme: Direct", ["error goproxy-entry"]],
  [["GOPROXY=socks5://a.example"], "invalid proxy URL scheme (must be https, http, file)", ["error goproxy-entry"]],
  [["GOPROXY=file://host/m"], "invalid file:// proxy URL with non-path elements", ["error goproxy-entry"]],
  [["GOPROXY=http://u:p@a.example"], "refusing to pass credentials to insecure URL", ["error goproxy-userinfo"]],
  [["GOPROXY=direct,https://a.example"], "a.example is never asked", ["warning goproxy-after-end"]],
  [["GOPROXY= , "], "GOPROXY list is not the empty string, but contains no entries", ["error goproxy-empty"]],
  [
    ["GOPROXY=http://p:3128,direct", "HTTPS_PROXY=http://p:3128"],
    "asks the proxy for /module/@v/list",
    ["warning goproxy-forward-proxy"],
  ],
  [["GOSUMDB=direct"], "malformed verifier id", ["error gosumdb-malformed"]],
  [["GOSUMDB=on"], "malformed verifier id", ["error gosumdb-malformed"]],
  [["GOSUMDB=https://sum.golang.org"], "malformed verifier id", ["error gosumdb-malformed"]],
  [["GOSUMDB=off "], "malformed verifier id", ["error gosumdb-malformed"]],
  [["GOSUMDB=sum.golang.org a b"], "invalid GOSUMDB: too many fields", ["error gosumdb-malformed"]],
  [["GOSUMDB=sum.example+1234+x"], "malformed verifier id", ["error gosumdb-malformed"]],
  [["GOSUMDB=sum.golang.google.cn"], "sum.golang.org at its Chinese address", []],
  [["GOSUMDB=sum.golang.org https://mirror.example"], "asks mirror.example", []],
  [["GOSUMDB=off"], "no database at all", []],
  [["GOTOOLCHAIN=auto", "GOSUMDB=off"], "refuses the toolchain that it downloaded", ["note gosumdb-off-toolchain"]],
  [["GOTOOLCHAIN=1.22.1"], 'invalid GOTOOLCHAIN "1.22.1"', ["error gotoolchain-malformed"]],
  [["GOTOOLCHAIN=go1.22.1+auto"], "at least go1.22.1", []],
  [["GOVCS=git"], "malformed entry in GOVCS (missing colon)", ["error govcs-malformed"]],
  [["GOVCS=public:git|hg,private:all"], "the default", []],
  [["GOPRIVATE=a.example, b.example"], "b.example is not covered", ["warning glob-space"]],
  [["GOPRIVATE=https://a.example"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=a.example:8443/x"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=a.example;b.example"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE='a.example'"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=/a.example"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=.a.example"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=git@a.example"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=a.example/[x"], "nothing is covered", ["warning glob-never-matches"]],
  [["GOPRIVATE=*.a.example,a.example/*,a[0-9].example"], "covered", []],
  [["GOPRIVATE=*"], "everything is private", ["note glob-matches-all"]],
  [["GOPRIVATE=a.example", "GONOPROXY=none"], "a.example comes from the proxy", ["note goprivate-overridden"]],
  [
    ["GOINSECURE=proxy.golang.org", "GONOSUMDB=x.example"],
    "certificates of proxies are checked",
    ["warning goinsecure-host"],
  ],
  [["GOINSECURE=a.example"], "sumdb is asked for a.example", ["note goinsecure-checksums"]],
  [["GO111MODULE=off"], "no module mode", ["warning modules-off"]],
  [["GOFLAGS=-insecure"], "nothing", ["warning insecure-flag"]],
  [["HTTP_PROXY=http://p:3128"], "https is direct", ["warning proxy-http-only"]],
  [["HTTP_PROXY=http://p:3128", "GOPROXY=http://a.example"], "through p", ["note proxy-http-only"]],
  [["ALL_PROXY=socks5://p:1080"], "Go direct, git through p", ["warning proxy-all-only"]],
  [["HTTPS_PROXY=http://p:1", "https_proxy=http://q:1"], "Go through p, git through q", ["warning proxy-case"]],
  [["HTTPS_PROXY=http://p:1", "https_proxy="], "Go through p, git direct", ["warning proxy-case"]],
  [["HTTPS_PROXY=http://p:1", "https_proxy=http://p:1"], "both through p", []],
  [
    ["HTTPS_PROXY=http://p:1", "NO_PROXY=a.example", "no_proxy=b.example"],
    "different exceptions",
    ["warning proxy-case"],
  ],
  [["HTTPS_PROXY=https://p:3128"], "first record does not look like a TLS handshake", ["warning proxy-tls"]],
  [["HTTPS_PROXY=https://p:8443"], "TLS to the proxy", []],
  [["HTTPS_PROXY=socks4://p:1080"], "CONNECT sent to a SOCKS port", ["error proxy-scheme"]],
  [["HTTPS_PROXY=htpp://p:3128"], "CONNECT all the same", ["error proxy-scheme"]],
  [["HTTPS_PROXY=socks5h://p:1080"], "names looked up by the proxy", []],
  [["HTTPS_PROXY=http://%zz"], "silently direct", ["warning proxy-unparsable"]],
  [["HTTPS_PROXY=http:/p:3128"], "looks up the host http", ["error proxy-place"]],
  [['HTTPS_PROXY="http://p:3128"'], 'looks up the host "http', ["error proxy-place"]],
  [["HTTPS_PROXY=http://p:99999"], "invalid port", ["error proxy-place"]],
  [["HTTPS_PROXY=http://u:s/3@cret@p:3128"], "looks up the host u", ["error proxy-place"]],
  [["HTTPS_PROXY=http://u:s@3/cret@p:3128"], "looks up the host 3", ["error proxy-place"]],
  [["HTTPS_PROXY=http://u:s#cret@p:3128"], "looks up the host http", ["error proxy-place"]],
  [["HTTPS_PROXY=http://p"], "port 80, git 1080", ["note proxy-port"]],
  [
    ["HTTP_PROXY=http://p:1", "HTTPS_PROXY=http://p:1", "REQUEST_METHOD=GET"],
    "refusing to use HTTP_PROXY",
    ["warning cgi"],
  ],
  [["NO_PROXY=https://a.example"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=a.example;b.example"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=a.example b.example"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=10.1."], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=192.168.*"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=sum.*"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=10.0.0.0/33"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=a.example."], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=:443"], "no match", ["warning no-proxy-never-matches"]],
  [["NO_PROXY=10.0.0.0/8"], "no name is covered", ["note no-proxy-address"]],
  [["NO_PROXY=10.0.0.0/8", "GOPROXY=http://10.1.1.1", "GOSUMDB=off"], "covers 10.1.1.1", ["note no-proxy-wider"]],
  [["NO_PROXY=golang.org"], "both public hosts go direct", ["note no-proxy-wider"]],
  [["NO_PROXY=*"], "everything goes direct", ["note no-proxy-wider"]],
  [["NO_PROXY=a.example:8443"], "that port alone", ["note no-proxy-port"]],
  [["NO_PROXY=*.a.example"], "subdomains, in git nothing", ["note no-proxy-git"]],
  [["NO_PROXY=.a.example"], "subdomains, in git a.example too", ["note no-proxy-git"]],
  [["NO_PROXY=a.example, b.example"], "both", []],
  [["SSL_CERT_FILE=/ca.pem"], "the folders still count", ["note ssl-cert-half"]],
  [["SSL_CERT_FILE=/ca.pem", "SSL_CERT_DIR=/empty"], "these alone", []],
  [
    ["HTTPS_PROXY=https://p:8443", "SSL_CERT_FILE=/ca.pem", "SSL_CERT_DIR=/a"],
    "Go reaches the proxy, git: certificate verification failed",
    ["note ssl-cert-proxy-git"],
  ],
  [["HTTPS_PROXY=https://p:8443", "SSL_CERT_FILE=/ca.pem", "SSL_CERT_DIR=/a", "GIT_PROXY_SSL_CAINFO=/ca.pem"], "", []],
  [["SSL_CERT_FILE=~/ca.pem", "SSL_CERT_DIR=/a:/b"], "no file read", ["warning ssl-cert-path"]],
  [["GONOSUMCHECK=1"], "nothing", ["warning no-such-variable"]],
  [["Https_Proxy=http://p:1"], "nothing", ["warning no-such-variable"]],
];

describe("variables of a process", () => {
  it.each(rows)("%j: %s", (variables, _, said) => {
    expect(wrong(...variables)).toEqual(said);
  });
});

describe("what stands in files, and depends on version and platform", () => {
  const more: [texts: Partial<Record<Origin, string>>, facts: ConfigurationFacts, said: string[]][] = [
    [
      { environment: "HOME=/h\nGOPROXY=direct", "user-file": "GOPROXY=https://a.example" },
      {},
      ["warning shadowed-by-environment"],
    ],
    [{ environment: "HOME=/h\nGOPROXY=direct", "user-file": "GOPROXY=direct" }, {}, []],
    [{ "user-file": "HTTPS_PROXY=http://p:1" }, {}, ["warning not-read-from-file"]],
    [{ "go-env": '{"HTTPS_PROXY":"http://p:1"}' }, {}, ["warning not-read-from-file"]],
    [{ "user-file": "GODEBUG=x" }, {}, ["warning not-read-from-file"]],
    [{ "user-file": "GOSUMDB=off\r\n" }, {}, ["error carriage-return", "error gosumdb-malformed"]],
    [{ "user-file": "GOPROXY=" }, {}, ["error empty-hides-default"]],
    [{ "user-file": "GOPROXY=" }, version(20), []],
    [{ environment: "PATH=/bin" }, {}, ["note no-user-file"]],
    [{ environment: "GOENV=off" }, {}, []],
    [{ environment: "HOME=/h\nGOAUTH=off" }, version(23), ["note unknown-to-version"]],
    [{ environment: "HOME=/h\nHTTPS_PROXY=socks5h://p:1" }, version(22), ["error proxy-scheme"]],
    [
      { environment: "AppData=C:\\a\nSSL_CERT_FILE=C:\\ca.pem" },
      { platform: "windows", ...version(26) },
      ["warning ssl-cert-ignored"],
    ],
    [{ environment: "HOME=/Users/a\nSSL_CERT_FILE=/ca.pem" }, {}, ["note ssl-cert-ignored"]],
    [{ environment: "HOME=/Users/a\nSSL_CERT_FILE=/ca.pem" }, version(27), ["note ssl-cert-half"]],
    [
      { environment: "AppData=C:\\a\nhttp_proxy=http://p:1\nHttps_Proxy=http://p:1" },
      { platform: "windows" },
      ["warning proxy-http-only"],
    ],
  ];
  it.each(more)("%j with %j", (texts, facts, said) => {
    const settled = configurationOf(
      { "goroot-file": "GOPROXY=direct\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=local", ...texts },
      facts,
    );
    expect(checkConfiguration(settled).map(({ severity, id }) => `${severity} ${id}`)).toEqual(said);
  });
});

function version(minor: number): ConfigurationFacts {
  return { goVersion: { text: `go1.${minor}`, minor } };
}

it("has a case for every kind of warning", () => {
  const said = rows.flatMap(([, , each]) => each.map((line) => line.split(" ")[1]));
  const files = [
    "shadowed-by-environment",
    "not-read-from-file",
    "unknown-to-version",
    "carriage-return",
    "empty-hides-default",
    "no-user-file",
    "ssl-cert-ignored",
  ];
  expect(new Set([...said, ...files])).toEqual(new Set(warningIds));
});

it("keeps the brackets of an IPv6 address in what to set instead", () => {
  const [{ mend }] = checkConfiguration(processWith(local, "HTTPS_PROXY=http://[2001:db8::1]"));
  expect(mend).toBe("export HTTPS_PROXY=http://[2001:db8::1]:PORT");
});

it("gives for each a title, a reason and a mend without a full stop, and no credentials", () => {
  const secret = [
    "GOPROXY=http://user:secret@a.example;x,https://user:secret@b.example",
    "GOSUMDB=https://user:secret@sum.example",
    "HTTPS_PROXY=http://user:sec%zzsecret@p",
    "https_proxy=http://user:secret@p",
    "GONOSUMCHECK=secret",
  ];
  const warnings = [
    ...rows.flatMap(([variables]) => checkConfiguration(processWith(...variables))),
    ...checkConfiguration(processWith(...secret)),
  ];
  expect(JSON.stringify(warnings)).not.toContain("secret");
  for (const { title, reason, mend } of warnings) {
    for (const text of [title, reason, mend]) expect(text).toMatch(/\S[^.]$|^\S+$/);
  }
});
