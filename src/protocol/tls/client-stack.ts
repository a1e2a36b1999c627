/**
 * Which library wrote a ClientHello, by the order of its extensions, its groups and its cipher suites.
 *
 * Go writes its extensions in a fixed order that changed with 1.21, 1.23 and 1.25; groups and signature algorithms tell
 * the rest. What varies with the target or the program (names, ALPN, tickets, a retry's cookie) is left out of the order,
 * the order of the suites (AES hardware or not) too.
 */
import { Extension, type ClientHelloContent } from "./client-hello.ts";
import type { ClientStack } from "./facts.ts";

/** server_name, ALPN, session_ticket, pre_shared_key, early_data, cookie, psk_key_exchange_modes, ECH. */
const varying: ReadonlySet<number> = new Set([0, 16, 35, 41, 42, 44, 45, Extension.encryptedClientHello]);

/** Every suite that some Go from 1.17 on can offer; the last rows only under GODEBUG or in builds with old defaults. */
const goSuites: ReadonlySet<number> = new Set([
  ...[0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc013, 0xc00a, 0xc014],
  ...[0x009c, 0x009d, 0x002f, 0x0035, 0xc012, 0x000a],
  ...[0x003c, 0xc023, 0xc027, 0x0005, 0xc007, 0xc011],
]);

const goExtensions: ReadonlySet<number> = new Set([5, 10, 11, 13, 18, 23, 43, 50, 51, 65_281]);

const x25519Kyber768 = 0x6399;
const x25519Mlkem768 = 4588;
const secp256r1Mlkem768 = 4587;
const mldsa44 = 0x0904;
const rsaAes128Gcm = 0x009c;
const ecdhe3des = 0xc012;

type GoVersions = (hello: ClientHelloContent) => string;

const goOrders: ReadonlyMap<string, GoVersions> = new Map<string, GoVersions>([
  ["5,10,11,13,65281,18,43,51", () => "≤1.20"],
  ["5,10,11,13,65281,23,18,43,51", () => "1.21–1.22"],
  ["11,65281,23,18,5,10,13,43,51", go123or124],
  ["11,65281,23,18,5,10,13,50,43,51", go125on],
]);

/** Go's own programs of 1.23 are built with older defaults and offer RSA key exchange; GODEBUG can take ML-KEM away. */
function go123or124(hello: ClientHelloContent): string {
  if (hello.groups.includes(x25519Mlkem768)) return "1.24";
  const olderDefaults = hello.cipherSuites.includes(rsaAes128Gcm) && hello.cipherSuites.includes(ecdhe3des);
  return olderDefaults || hello.groups.includes(x25519Kyber768) ? "1.23" : "1.23–1.24";
}

function go125on(hello: ClientHelloContent): string {
  if (hello.signatureAlgorithms.includes(mldsa44)) return "1.27";
  if (hello.groups.includes(secp256r1Mlkem768)) return "1.26";
  return hello.groups.includes(x25519Mlkem768) ? "1.25" : "1.25–1.26";
}

/** A hint, never a proof: whoever uses the same library, or imitates it, writes the same bytes. */
export function clientStack(hello: ClientHelloContent): ClientStack {
  if (hello.grease)
    return stack("browser", "browser", "GREASE values, as browsers and other BoringSSL programs send them");
  return goStack(hello) ?? otherStack(hello);
}

function goStack(hello: ClientHelloContent): ClientStack | undefined {
  const fixed = hello.extensions.filter((type) => !varying.has(type));
  if (!hello.cipherSuites.every((suite) => goSuites.has(suite)) || !fixed.includes(18)) return undefined;
  const goVersions = goOrders.get(fixed.join(","))?.(hello);
  const withoutAlpn = hello.alpnOffered.length === 0 ? "; no ALPN: HTTP/2 is off, as under GOINSECURE" : "";
  if (goVersions !== undefined) {
    const release = goVersions === "≤1.20" ? "Go 1.20 or older" : `Go ${goVersions}`;
    const because = `extension order, groups and cipher suites of crypto/tls in ${release}; any Go program of that version looks the same`;
    return { ...stack("go", release, because + withoutAlpn), goVersions };
  }
  if (!fixed.every((type) => goExtensions.has(type))) return undefined;
  const because =
    "extensions and cipher suites are all crypto/tls's, in an order of no known version; any Go program may look so";
  return stack("go", "Go, version not told", because + withoutAlpn);
}

function otherStack(hello: ClientHelloContent): ClientStack {
  const { extensions, cipherSuites } = hello;
  const has = (...types: readonly number[]): boolean => types.every((type) => extensions.includes(type));
  const ccm = [0x1304, 0xc0ac, 0xc0ad].some((suite) => cipherSuites.includes(suite));
  if (ccm && has(22, 23, Extension.recordSizeLimit)) {
    const because =
      "encrypt_then_mac, record_size_limit and CCM suites together, as GnuTLS sends them; any GnuTLS program looks the same";
    return stack("gnutls", "git or curl with GnuTLS", because);
  }
  const points = extensions.indexOf(11);
  if (points >= 0 && extensions[points + 1] === 10 && has(22, 23)) {
    const because =
      "ec_point_formats before supported_groups, then encrypt_then_mac, as OpenSSL orders them; any OpenSSL program looks the same";
    return stack("openssl", "git, curl or another program with OpenSSL", because);
  }
  if (has(34) || (has(23, Extension.recordSizeLimit) && cipherSuites[0] === 0x1301 && cipherSuites[1] === 0x1303)) {
    return stack(
      "browser",
      "Firefox or another NSS program",
      "record_size_limit or delegated_credential with NSS's suite order",
    );
  }
  return stack("other", "another TLS library", "extensions and cipher suites fit no known stack");
}

function stack(name: ClientStack["name"], text: string, because: string): ClientStack {
  return { name, text, grade: "inferred", because };
}
