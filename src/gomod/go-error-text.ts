import { limits } from "../limits.ts";
import { parseUrlPlace } from "./place.ts";

/** Where the trouble is that an error of the go command tells of. */
export type GoErrorFamily =
  "certificate" | "proxy" | "dns" | "answer" | "network" | "checksum" | "setting" | "repository" | "module" | "other";

/** What an error that Go, or git for it, printed means. */
export interface GoErrorReading {
  readonly family: GoErrorFamily;
  /** The variable whose value Go does not take, or that forbids what was asked. */
  readonly variable?: string;
  /** The host that it is about; absent where the text names none, or names one that is not to blame. */
  readonly host?: string;
  /** The address that was dialled for it. */
  readonly address?: string;
  /** A clause, after "that is": what happened. */
  readonly means: string;
  /** Sentences: what to do. */
  readonly remedy: string;
}

type Pattern = readonly [RegExp, GoErrorFamily, means: string, remedy: string, variable?: string];

/* Of several that match the first counts: the closer cause stands further up. */
const patterns: readonly Pattern[] = [
  [
    /signed by unknown authority|server certificate verification failed|unable to get local issuer/,
    "certificate",
    "no path leads from the server's certificate to a root that this program trusts: an intermediate was not sent, or the root is private",
    "Have the server send its intermediate certificates, or trust the private root (SSL_CERT_FILE for Go, http.sslCAInfo for git).",
  ],
  [
    /not yet valid: current time \S+ is after|certificate has expired(?! or)/,
    "certificate",
    "a certificate is past its notAfter",
    "Renew the certificate on the server; where it is valid, check the clock of this machine.",
  ],
  [
    /not yet valid: current time \S+ is before/,
    "certificate",
    "a certificate is before its notBefore",
    "Check the clock of this machine, then the certificate on the server.",
  ],
  [
    /x509: (?:certificate is valid for|certificate is not valid for any names|cannot validate certificate for)/,
    "certificate",
    "the certificate is for other names than the one asked for",
    "Have the server send the certificate of that name, or ask it by a name that is in the certificate.",
  ],
  [
    /relies on legacy Common Name/,
    "certificate",
    "the certificate names no host in subjectAltName",
    "Issue the certificate anew with the host in subjectAltName.",
  ],
  [
    /x509: |tls: failed to verify certificate|SSL certificate problem/,
    "certificate",
    "a certificate of the path may not be used as it is",
    "Look at the chain that the server sends, and issue what is wrong in it anew.",
  ],
  [
    /Proxy Authentication Required|response 407/,
    "proxy",
    "the forward proxy wants credentials, and Go sends none but those in the proxy's URL",
    "Set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the process environment, special characters percent-encoded.",
  ],
  [
    /proxyconnect tcp: |socks connect |CONNECT tunnel failed|Can't complete SOCKS|malformed HTTP (?:response|status)/,
    "proxy",
    "the forward proxy was not reached, did not speak as expected or did not open the tunnel",
    "Check scheme, host and port in HTTPS_PROXY, and the log of the proxy.",
  ],
  [
    /lookup [^\s:]+(?: on \S+)?: |Could not resolve host(?:name)?/,
    "dns",
    "a name was not resolved",
    "Check the name, and the resolver of this machine; behind a forward proxy Go resolves the proxy's name only.",
  ],
  [
    /ssh: connect to host /,
    "network",
    "git, which asks by ssh there, reached no server",
    "Have port 22 of that host allowed, or have git ask by https://: HTTPS_PROXY does not count for ssh, and insteadOf in git's configuration says what git asks by.",
  ],
  [
    /Permission denied \(|Host key verification failed/,
    "repository",
    "the code host did not take git's ssh key, or ssh does not know the host's",
    "Try ssh -T git@HOST as the same user, without a terminal; load the key (ssh-add), and write the host's to known_hosts (ssh-keyscan).",
  ],
  [
    /The requested URL returned error: 40[13]/,
    "repository",
    "the code host refused git for want of rights",
    "Give git credentials that may read the repository (a credential helper, or ~/.netrc with login and password), or have the request allowed.",
  ],
  [
    /The requested URL returned error: /,
    "repository",
    "the code host answered git with an error",
    "Look at the log of that server, or try again later.",
  ],
  [
    /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed for/,
    "repository",
    "the repository wants credentials and git, which may not ask for them here, has none",
    "Give git credentials (a credential helper, or ~/.netrc with login and password), and set GOPRIVATE to the module path.",
  ],
  [
    /[Rr]epository .*not found|does not appear to be a git repository|Could not read from remote/,
    "repository",
    "the code host has no such repository, or hides it from who has no credentials",
    "Check the module path; for a private repository give git credentials and set GOPRIVATE.",
  ],
  [
    /SECURITY ERROR|checksum mismatch/,
    "checksum",
    "what was downloaded is not what go.sum or the checksum database has",
    "Find out who changed the module, the proxy or the origin, before go.sum is touched; for private modules set GOPRIVATE.",
  ],
  [
    /no verifiable signatures|reading tree note|malformed (?:note|tree|record)|TileReader returned|downloaded inconsistent tile/,
    "checksum",
    "an answer of the checksum database does not hold: something on the way answers in its place, or GOSUMDB has another key",
    "Compare GOSUMDB with the key of the database; a proxy in between must pass its answers on unchanged.",
  ],
  [
    /malformed verifier id|missing GOSUMDB|unknown GOSUMDB|invalid GOSUMDB/,
    "setting",
    "GOSUMDB has a value that Go does not take",
    "Set GOSUMDB to off, to sum.golang.org, or to NAME+HASH+KEY, followed by a URL where the database is elsewhere.",
    "GOSUMDB",
  ],
  [
    /disabled by GOPROXY=off/,
    "setting",
    "GOPROXY came to its entry off, behind which nothing is asked",
    "Take off out of GOPROXY or put direct there; modules that GONOPROXY or GOPRIVATE matches are fetched all the same.",
    "GOPROXY",
  ],
  [
    /reading file:/,
    "setting",
    "the folder that GOPROXY names by file:// lacks what was asked for",
    "Check the path: it needs the files of a module cache (GOMODCACHE/cache/download). The next entry of GOPROXY is tried behind it.",
    "GOPROXY",
  ],
  [
    /: exec: "[^"]+": executable file not found/,
    "setting",
    "the version control program of that repository is not installed, or not in PATH",
    "Install it, or ask a module proxy, which needs no such program here (GOPROXY, GONOPROXY and GOPRIVATE).",
    "PATH",
  ],
  [
    /missing scheme|invalid proxy URL|invalid GOPROXY|GOPROXY list|unsupported scheme|refusing to pass credentials|: parse "/,
    "setting",
    "GOPROXY has an entry that Go does not take",
    'Write GOPROXY as https:// URLs, direct or off, separated by "," or "|", without quotes.',
    "GOPROXY",
  ],
  [
    /disabled by GOSUMDB=off/,
    "setting",
    "a toolchain is checked with the checksum database whatever GONOSUMDB says, and GOSUMDB is off",
    "Set GOTOOLCHAIN=local and install that toolchain, or set GOSUMDB=sum.golang.org and name private modules in GONOSUMDB.",
    "GOSUMDB",
  ],
  [
    /modules disabled by GO111MODULE=off|cannot use path@version syntax in GOPATH mode/,
    "setting",
    "GO111MODULE=off turns modules off",
    "Unset GO111MODULE: go env -u GO111MODULE, and remove it from the environment.",
    "GO111MODULE",
  ],
  [
    /refusing to use HTTP_PROXY value in CGI environment/,
    "setting",
    "REQUEST_METHOD is set, so Go takes itself for a CGI program and refuses HTTP_PROXY",
    "Unset REQUEST_METHOD for the go command.",
    "REQUEST_METHOD",
  ],
  [
    /-insecure flag is no longer supported|invalid GOFLAGS|\$GOFLAGS|parsing \$?GOFLAGS/,
    "setting",
    "GOFLAGS has a flag that Go does not take",
    "Take the flag out: go env -w GOFLAGS= ; for hosts without a good certificate there is GOINSECURE.",
    "GOFLAGS",
  ],
  [
    /malformed entry in GOVCS|GOVCS disallows|is not allowed by GOVCS/,
    "setting",
    "GOVCS forbids the version control program of that repository",
    "Set GOVCS to allow it for that path, for example GOVCS=PATH:all.",
    "GOVCS",
  ],
  [
    /toolchain not available|toolchain upgrade needed|cannot find .*toolchain|no releases found for go/,
    "setting",
    "another Go toolchain was asked for and could not be had",
    "Set GOTOOLCHAIN=local, or a version that exists and that GOPROXY serves; its checksum needs GOSUMDB.",
    "GOTOOLCHAIN",
  ],
  [
    /redirected from secure URL /,
    "answer",
    "the server redirects from https:// to http://, which Go does not follow",
    "Have it redirect to https://: behind something that ends TLS in front of it, it must be told so (X-Forwarded-Proto, or its base URL).",
  ],
  [
    /stopped after \d+ redirects/,
    "answer",
    "redirects lead in a circle",
    "Follow them with curl -sIL URL: a login that wants cookies does this, and so does a server that does not know its own base URL.",
  ],
  [
    /proxy returned info for version/,
    "answer",
    "the module proxy answered for another version than was asked for, or for none",
    "Ask it for the same .info with curl: it must answer with that Version in JSON; look at its log, or at what rewrites its answers.",
  ],
  [
    /no go-import meta tags/,
    "answer",
    "the page that was asked with ?go-get=1 does not say where the code lives",
    "Check the import path, and look at the page with curl: behind a login it is another one. Have the host answer ?go-get=1 without it, or have a module proxy serve the module.",
  ],
  [
    /zip: not a valid zip file/,
    "answer",
    "what came as .zip is none: a page in its place, or a file that is empty or cut",
    "Get that URL with curl: log in where a page asks for it, have the host allowed, or have the module proxy drop its stored copy.",
  ],
  [
    /invalid response from proxy/,
    "answer",
    "what came is no answer of a module proxy, but perhaps a login or block page",
    "Open the URL of the module proxy in a browser, and log in there or have the host allowed; check the path in GOPROXY.",
  ],
  [
    /reading \S+\/sumdb\/[^\s/]+\/supported: /,
    "answer",
    "the module proxy failed the question whether it mirrors the checksum database, and Go asks no further then",
    "Have the proxy answer 200 or 404 there; or set GOSUMDB to the name of the database and its URL, which Go then asks at once.",
  ],
  [
    /reading https?:\/\/(?!sum\.golang\.(?:org|google\.cn)\/)(?=\S*\/lookup\/)\S+: (?:404|410) /,
    "answer",
    "that place is no checksum database and no mirror of one, or does not know the module, which is so of private ones",
    "Open the URL before /lookup/ with /latest behind it: a database answers with a signed note. Correct the URL in GOSUMDB or the mirror; for a private module set GOPRIVATE or GONOSUMDB.",
  ],
  [
    /reading (?=\S*\/lookup\/)\S+: (?:404|410) /,
    "answer",
    "the checksum database does not know the module, which is so of private ones",
    "Set GOPRIVATE (or GONOSUMDB) to the module path: GOPROXY alone does not spare the checksum database.",
  ],
  [
    /; the command of GOAUTH failed: /,
    "answer",
    "the server refused the request, and the command of GOAUTH gave no credentials for it",
    "Run the command that GOAUTH names by hand as the same user, with the URL as its argument, and mend what it says.",
  ],
  [
    /reading \S+\?go-get=1: \d{3} /,
    "answer",
    "the page that was asked with ?go-get=1 came as an error, and does not say where the code lives",
    "Check the import path, and look at the page with curl; behind a login ~/.netrc has the credentials. Or have a module proxy serve the module.",
  ],
  [
    /reading \S+: 40[13] /,
    "answer",
    "the server refused the request for want of rights",
    "Give credentials (https://USER:PASSWORD@HOST in GOPROXY, or ~/.netrc with login and password, which GOAUTH=off leaves unread); those that are given were refused: try them with curl -u. Or have the request allowed; that may be the storage that the proxy redirected to.",
  ],
  [
    /reading \S+: (?:404|410) /,
    "answer",
    "nobody who was asked has that module at that version",
    "Check path and version of the module, and the path of the proxy in GOPROXY where it has none at all; for a private module set GOPRIVATE.",
  ],
  [
    /reading \S+: \d{3} /,
    "answer",
    "the server answered with an error",
    'Look at the log of that server; the next entry of GOPROXY is tried behind "|" on any error, behind "," on 404 and 410 alone.',
  ],
  [
    /Get "[^"]+": (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout|Created|[A-Z][a-z]+(?: [A-Z][a-z]+){0,3})$/,
    "proxy",
    "the forward proxy refused CONNECT",
    "Have the host allowed on the forward proxy, or exempt it by NO_PROXY.",
  ],
  [
    /network is unreachable|cannot assign requested address/,
    "network",
    "this machine has no way to the address",
    "Check its routes, and which of IPv4 and IPv6 it has: a host with IPv6 alone reaches no name that has IPv4 addresses alone, unless through a forward proxy.",
  ],
  [
    /[Ff]ailed to connect to|Couldn't connect to|EOF|timeout|time-out|deadline exceeded|[Cc]onnection re(?:set|fused)|broken pipe|timed out|Empty reply from server|SSL_connect|SSL_ERROR_|gnutls_handshake|no route|unreachable|remote error: tls|does not look like a TLS|gave HTTP response|stream error|http2: |tls: |dial tcp|read tcp/,
    "network",
    "the connection failed or broke",
    "Check that this machine may reach that host and port.",
  ],
  [
    /is not a main package/,
    "module",
    "go install was asked for a package that is no command",
    "Name the package of the command, often in /cmd/NAME of its module; go get is for libraries.",
  ],
  [
    /does not contain package|unknown revision|declares its path as|no matching versions|invalid version|unrecognized import path|invalid pseudo-version/,
    "module",
    "the module is not as it was asked for",
    "Check the import path and the version: go list -m -versions MODULE.",
  ],
];

const unknown: Pattern = [
  /^/,
  "other",
  "it says why itself",
  "Look the words of the command up; gomodcap knows no cause for them.",
];

/** Reads an error that `go get` or `go mod download` printed. */
export function readGoError(printed: string): GoErrorReading {
  const text = withoutResponse(printed.slice(0, limits.httpText));
  const [, family, means, remedy, variable] = patterns.find(([pattern]) => pattern.test(text)) ?? unknown;
  const host = hostOf(text);
  const address = /dial tcp \[?([\d.a-f:]+)\]?:\d+: /.exec(text)?.[1];
  return {
    family,
    means,
    remedy,
    ...(address !== undefined && { address }),
    ...(host !== undefined && { host }),
    ...(variable !== undefined && { variable }),
  };
}

/* What the server says may tell of errors of programs there: a module proxy's git has credentials of its own. */
function withoutResponse(text: string): string {
  const at = text.indexOf(" server response:");
  if (at < 0) return text;
  const added = text.lastIndexOf("; the command of GOAUTH failed: ");
  return text.slice(0, at) + (added > at ? text.slice(added) : "");
}

/* The host that was looked up or connected to, where the text has it: the proxy's rather than the one behind it. */
const closest =
  /(?:lookup |Could not resolve host(?:name)?: )([^\s:]+)(?: on \S+)?(?:: |$)|(?:ssh: connect to host|[Ff]ailed to connect to) ([^\s:]+) port/;

/* Go names the URL it asked for, also where the way to a proxy failed. */
function hostOf(text: string): string | undefined {
  const [, looked, connected] = closest.exec(text) ?? [];
  if (looked !== undefined || connected !== undefined) return looked ?? connected;
  if (/proxyconnect tcp: /.test(text)) return undefined;
  const asked = text.replace(/ to insecure URL .*/, "");
  const url = [...asked.matchAll(/https?:\/\/[^\s"']+/g)].at(-1)?.[0];
  return url === undefined ? undefined : parseUrlPlace(url)?.host;
}
