/*
 * Rules that tell how something failed, by what may be behind it. A finding that knows the cause explains those of them
 * that it shares flows with: it takes their severity and comes before them.
 */

const connection = "target-|server-reset|name-filter|hello-lost|path-mtu|handshake-|tls-";
const network = `${connection}|dns-(?:failure|bogus)|http-portal|interception`;
const certificate = "missing-intermediate|certificate-(?!likely)|client-rejected|interception";
const proxy =
  "proxy-(?:authentication|forbidden|error|other|silent|unreachable|no-tunnel|not-tls|picked|speaks)|socks-|dns-|goproxy-as";
const answer = "http-(?:error|not-found|portal)|checksum-";

const beginning = (...kinds: readonly string[]): RegExp => new RegExp(`^(?:${kinds.join("|")})`);

/** Ids of symptoms, by where the trouble is. */
export const symptoms = {
  /** A connection that failed or broke, whoever was at the other end. */
  connection: beginning(connection, proxy, "http-error"),
  /** Between the client and a host that it went to itself. */
  network: beginning(network),
  certificate: beginning(certificate),
  /** Between the client and its forward proxy, or at that. */
  proxy: beginning(proxy),
  /** What a module proxy or checksum database said. */
  answer: beginning(answer, network),
  any: beginning(network, certificate, proxy, answer),
} as const;
