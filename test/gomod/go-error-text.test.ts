import { describe, expect, it } from "vitest";
import { readGoError } from "../../src/gomod/go-error-text.ts";

const get = 'go: m@v1.0.0: Get "https://proxy.golang.org/m/@v/v1.0.0.info": ';
const lookup = 'go: m@v1.0.0: verifying module: m@v1.0.0: Get "https://sum.golang.org/lookup/m@v1.0.0": ';
const reading = (url: string, status: string): string => `go: m@v1.0.0: reading ${url}: ${status} server response: no`;

/** What Go 1.19 to 1.27 and git printed in runs that failed, by family and the host to look at. */
const printed: [text: string, family: string, host: string | undefined, means: RegExp][] = [
  [
    "go: m@v1: reading https://p.example/m/@v/v1.info: 401 Unauthorized server response: no; the command of GOAUTH failed: exit status 3",
    "answer",
    "p.example",
    /GOAUTH/,
  ],
  [`${lookup}x509: certificate signed by unknown authority`, "certificate", "sum.golang.org", /intermediate/],
  [
    `${get}tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T06:24:22Z is after 2026-10-23T04:11:26Z`,
    "certificate",
    "proxy.golang.org",
    /notAfter/,
  ],
  [
    `${get}x509: certificate has expired or is not yet valid: current time 2026-11-23T06:24:21Z is before 2026-12-23T06:24:21Z`,
    "certificate",
    "proxy.golang.org",
    /notBefore/,
  ],
  [
    `${get}x509: certificate is valid for a.example, not proxy.golang.org`,
    "certificate",
    "proxy.golang.org",
    /other names/,
  ],
  [
    `${get}x509: certificate is not valid for any names, but wanted to match proxy.golang.org`,
    "certificate",
    "proxy.golang.org",
    /other names/,
  ],
  [
    `${get}x509: certificate relies on legacy Common Name field, use SANs instead`,
    "certificate",
    "proxy.golang.org",
    /subjectAltName/,
  ],
  [
    `${reading("https://goproxy.corp.example/m/@v/v1.0.0.info", "500 Internal Server Error")}: exit status 1: fatal: could not read Username for 'https://git.example'`,
    "answer",
    "goproxy.corp.example",
    /answered with an error/,
  ],
  [
    'go: a.example/v@v1.0.0: unrecognized import path "a.example/v": reading https://a.example/v?go-get=1: 404 Not Found server response: no',
    "answer",
    "a.example",
    /go-get=1/,
  ],
  [
    "go: m@v1.0.0: verifying module: m@v1.0.0: TileReader returned bad result slice (tile/8/0/000.p/1 len=79, want 32)",
    "checksum",
    undefined,
    /does not hold/,
  ],
  [
    `${get}x509: too many intermediates for path length constraint`,
    "certificate",
    "proxy.golang.org",
    /may not be used/,
  ],
  [
    `${get}proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    "certificate",
    undefined,
    /root/,
  ],
  [
    `${get}proxyconnect tcp: dial tcp 198.51.100.40:3128: connect: connection refused`,
    "proxy",
    undefined,
    /not reached/,
  ],
  [
    `${get}proxyconnect tcp: dial tcp: lookup proxy.corp.example on 192.0.2.1:53: no such host`,
    "proxy",
    "proxy.corp.example",
    /./,
  ],
  [
    `${get}socks connect tcp 198.51.100.40:1080->proxy.golang.org:443: no acceptable authentication methods`,
    "proxy",
    "proxy.golang.org",
    /./,
  ],
  [`${get}Proxy Authentication Required`, "proxy", "proxy.golang.org", /credentials/],
  [`${lookup}Forbidden`, "proxy", "sum.golang.org", /refused CONNECT/],
  [`${get}Created`, "proxy", "proxy.golang.org", /refused CONNECT/],
  [`${get}malformed HTTP response "\\x05\\x00"`, "proxy", "proxy.golang.org", /as expected/],
  [`${lookup}dial tcp: lookup sum.golang.org on 192.0.2.1:53: server misbehaving`, "dns", "sum.golang.org", /resolved/],
  [`${lookup}dial tcp: lookup sum.golang.org: no such host`, "dns", "sum.golang.org", /resolved/],
  [`${lookup}dial tcp 198.51.100.11:443: i/o timeout`, "network", "sum.golang.org", /failed or broke/],
  [`${get}net/http: TLS handshake timeout`, "network", "proxy.golang.org", /failed or broke/],
  [`${lookup}dial tcp 198.51.100.11:443: connect: network is unreachable`, "network", "sum.golang.org", /no way/],
  [`${get}write tcp 192.0.2.10:45220->198.51.100.12:443: write: broken pipe`, "network", "proxy.golang.org", /broke/],
  [
    "go: github.com/m@v1.1.0: invalid version: git ls-remote -q https://github.com/m in /x: exit status 128: fatal: unable to access 'https://github.com/m/': Recv failure: Connection reset by peer",
    "network",
    "github.com",
    /broke/,
  ],
  [`${get}EOF`, "network", "proxy.golang.org", /failed or broke/],
  [`${get}remote error: tls: protocol version not supported`, "network", "proxy.golang.org", /./],
  [
    reading("https://proxy.golang.org/m/@v/v1.0.0.zip", "403 Forbidden"),
    "answer",
    "proxy.golang.org",
    /want of rights/,
  ],
  [
    reading("https://proxy.golang.org/m/@v/v1.0.0.info", "500 Internal Server Error"),
    "answer",
    "proxy.golang.org",
    /error/,
  ],
  [reading("https://proxy.golang.org/m/@v/v1.0.0.info", "404 Not Found"), "answer", "proxy.golang.org", /nobody/],
  [reading("https://p.example/sumdb/sum.golang.org/supported", "403 Forbidden"), "answer", "p.example", /mirrors/],
  [reading("https://sum.golang.org/lookup/m@v1.0.0", "404 Not Found"), "answer", "sum.golang.org", /private/],
  ["go: m@v1.0.0: verifying module: checksum mismatch", "checksum", undefined, /not what/],
  [
    "go: m@v1.0.0: verifying module: m@v1.0.0: reading tree note: note has no verifiable signatures",
    "checksum",
    undefined,
    /hold/,
  ],
  ["go: m@v1.0.0: verifying module: m@v1.0.0: malformed verifier id", "setting", undefined, /GOSUMDB/],
  ["go: m@v1.0.0: module lookup disabled by GOPROXY=off", "setting", undefined, /off/],
  ["go: invalid proxy URL missing scheme: noproxy", "setting", undefined, /GOPROXY/],
  ["go: download go1.99.0 for linux/amd64: toolchain not available", "setting", undefined, /toolchain/],
  ["go: switching to go >= 1.22.1: no releases found for go >= 1.22.1", "setting", undefined, /toolchain/],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q https://git.example.net/m in /x: exit status 128: fatal: could not read Username for 'https://git.example.net': terminal prompts disabled",
    "repository",
    "git.example.net",
    /credentials/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q origin in /x: exit status 128: fatal: unable to access 'https://git.example.net/m/': CONNECT tunnel failed, response 403",
    "proxy",
    "git.example.net",
    /tunnel/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q https://e.example/m in /x: exit status 128: ssh: connect to host git.example.net port 22: Connection refused fatal: Could not read from remote repository.",
    "network",
    "git.example.net",
    /by ssh/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q origin in /x: exit status 128: git@git.example.net: Permission denied (publickey). fatal: Could not read from remote repository.",
    "repository",
    undefined,
    /ssh key/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q origin in /x: exit status 128: fatal: unable to access 'https://git.example.net/m/': The requested URL returned error: 403",
    "repository",
    "git.example.net",
    /want of rights/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q origin in /x: exit status 128: fatal: unable to access 'https://git.example.net/m/': The requested URL returned error: 502",
    "repository",
    "git.example.net",
    /with an error/,
  ],
  [
    "go: e.example/m@v1.0.0: invalid version: git ls-remote -q origin in /x: exit status 128: fatal: unable to access 'https://git.example.net/m/': Failed to connect to proxy.corp.example port 8888 after 0 ms: Couldn't connect to server",
    "network",
    "proxy.corp.example",
    /broke/,
  ],
  [
    'go: m@v1.0.0: Get "http://login.example/x": redirected from secure URL https://p.example/m/@v/v1.0.0.info to insecure URL http://login.example/x',
    "answer",
    "p.example",
    /http:\/\//,
  ],
  [`${get}stopped after 10 redirects`, "answer", "proxy.golang.org", /circle/],
  ["go: m@v1.0.0: proxy returned info for version  instead of requested version", "answer", undefined, /another/],
  ["go: m@v1.0.0: zip: not a valid zip file", "answer", undefined, /\.zip is none/],
  [
    'go: e.example/m@v1.0.0: unrecognized import path "e.example/m": parse https://e.example/m?go-get=1: no go-import meta tags ()',
    "answer",
    "e.example",
    /where the code lives/,
  ],
  [
    "go: m@v1.0.0: reading file:///srv/modules/m/@v/v1.0.0.info: no such file or directory",
    "setting",
    undefined,
    /folder/,
  ],
  [
    'go: e.example/m@v1.0.0: hg init . in /x: exec: "hg": executable file not found in $PATH',
    "setting",
    undefined,
    /not installed/,
  ],
  [
    reading("https://p.example/sumdb/sum.golang.org/lookup/m@v1.0.0", "404 Not Found"),
    "answer",
    "p.example",
    /no checksum database/,
  ],
  ["package github.com/m is not a main package", "module", undefined, /no command/],
  ["go: module m@v1.0.0 found, but does not contain package m/sub", "module", undefined, /as it was asked/],
];

describe("errors of the go command", () => {
  it.each(printed)("%s", (text, family, host, means) => {
    const reading = readGoError(text);
    expect(reading).toMatchObject({ family, means: expect.stringMatching(means) as string });
    expect(reading.host).toBe(host);
    expect(reading.remedy).toMatch(/\.$/);
  });

  it("has the address that was dialled", () => {
    expect(readGoError(`${lookup}dial tcp 198.51.100.30:443: i/o timeout`).address).toBe("198.51.100.30");
    expect(readGoError(`${lookup}dial tcp [2001:db8::1]:443: i/o timeout`).address).toBe("2001:db8::1");
  });

  it("leaves what it does not know to speak for itself", () => {
    expect(readGoError("go: something new")).toMatchObject({ family: "other" });
  });

  it("takes linear time over a line made to be slow", () => {
    const line = `go: ${"lookup x: x509: ".repeat(100_000)}`;
    expect(readGoError(line)).toMatchObject({ family: "certificate" });
  });
});
