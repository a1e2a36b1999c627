import { describe, expect, it } from "vitest";
import type { TlsAlert } from "../../../src/protocol/tls/facts.ts";
import { judgeHandshake, type SeenHandshake } from "../../../src/protocol/tls/verdict.ts";
import { noted } from "../../build/tls.ts";

const sha384 = 0x1302;
const sha256 = 0x1301;

function judge(stack: SeenHandshake["stack"], records: string, more: Partial<SeenHandshake> = {}) {
  const verdict = judgeHandshake({
    stack,
    helloFrame: 1,
    negotiatedVersion: 0x0304,
    cipherSuite: sha384,
    serverHelloFrame: 2,
    certificatesSeen: false,
    resumed: false,
    earlyData: false,
    clientCertificateRequested: false,
    alerts: [],
    records: noted(records),
    clientEnded: false,
    lost: [false, false],
    ...more,
  });
  return `${verdict.value}${verdict.unused === true ? " unused" : ""} ${verdict.grade}`;
}

function alert(description: number, from: TlsAlert["from"] = "client", level = 2): { alerts: TlsAlert[] } {
  return { alerts: [{ from, level, description, frame: 9, grade: "seen" }] };
}

const flight = "Sd32 Sd2172 Sd281 Sd69";
const requested = { clientCertificateRequested: true };
const ended = { clientEnded: true };

describe("the verdict on a TLS 1.3 connection joined late", () => {
  const late = { helloFrame: 0, serverHelloFrame: 0, negotiatedVersion: undefined, cipherSuite: undefined };

  it.each([
    ["its closing alert is no refusal", "Cd19", "undecided unknown"],
    ["nor behind the server's data", "Sd900 Cd19", "undecided unknown"],
    ["a record of Finished's size is not taken for it", "Cd69", "undecided unknown"],
    ["an exchange of data tells", "Cd69 Cd81 Sd282 Cd54", "accepted inferred"],
  ])("%s", (_name, records, expected) => {
    expect(judge(undefined, records, late)).toBe(expected);
  });

  it("is as ever when one of the hellos was seen", () => {
    expect(judge("go", "Sd32 Sd1110 Sd281 Sd69 Cd19", { helloFrame: 0 })).toBe("rejected inferred");
    expect(judge("go", "Cd19", { serverHelloFrame: 0 })).toBe("rejected inferred");
  });
});

describe("the verdict on a TLS 1.3 handshake", () => {
  it.each<[string, SeenHandshake["stack"], string, string, Partial<SeenHandshake>?]>([
    ["c37: Go rejects", "go", "Sd32 Sd1110 Sd281 Sd69 Cd19", "rejected inferred"],
    ["c06: Go rejects, SHA-256", "go", "Sd32 Sd1118 Sd281 Sd53 Cd19", "rejected inferred", { cipherSuite: sha256 }],
    ["a09: Go goes on", "go", `${flight} Cd69 Cd81 Cd89 Cd54 Sd282 Sd282`, "accepted inferred"],
    ["a09: Go's spare connection", "go", `${flight} Cd69 Cd19 Sd282 Sd282 Sd19`, "accepted unused inferred"],
    ["a21: the spare is closed late", "go", `${flight} Cd69 Sd282 Sd282 Sd26 Cd19`, "accepted unused inferred"],
    [
      "c02: SHA-256, Go goes on",
      "go",
      "Sd32 Sd3225 Sd281 Sd53 Cd53 Cd81",
      "accepted inferred",
      { cipherSuite: sha256 },
    ],
    ["a07: git goes on", "gnutls", "Sd58 Sd2160 Sd281 Sd69 Cd69 Sd282 Sd282 Sd26 Cd81 Cd149", "accepted inferred"],
    ["c37: git rejects", "gnutls", "Sd58 Sd1110 Sd281 Sd69 Cd69 Cd19 Sd282 Sd282 Sd19", "rejected inferred"],
    ["d20: curl goes on", "openssl", "Sd32 Sd2170 Sd281 Sd69 Cd69 Cd81 Cd58", "accepted inferred"],
    ["curl, another name", "openssl", "Sd23 Sd833 Sd281 Sd69 Cd69 Cd19", "undecided inferred"],
    ["a browser's spare", "browser", `${flight} Cd69 Cd19`, "accepted unused inferred"],
    ["an unknown client closes", "other", `${flight} Cd69 Cd19`, "undecided inferred"],
    ["no hello, closes", undefined, `${flight} Cd69 Cd19`, "undecided inferred"],
    ["Go, capture ends", "go", `${flight} Cd69`, "accepted inferred"],
    ["Go, FIN behind Finished", "go", `${flight} Cd69`, "accepted unused inferred", ended],
    ["git, capture ends", "gnutls", `${flight} Cd69`, "undecided unknown"],
    ["no answer to the flight", "go", flight, "undecided unknown"],
    ["no answer, closed", "go", flight, "undecided unknown", ended],
    [
      "client certificate asked, none given",
      "go",
      "Sd23 Sd62 Sd833 Sd281 Sd69 Cd25 Cd69 Cd113",
      "accepted inferred",
      requested,
    ],
    ["none given, request not told apart", "go", "Sd998 Cd25 Cd69 Cd113", "accepted inferred"],
    [
      "client certificate given",
      "openssl",
      "Sd23 Sd62 Sd833 Sd281 Sd69 Cd436 Cd96 Cd69 Cd96",
      "accepted inferred",
      requested,
    ],
    ["client certificate asked, Go rejects", "go", "Sd23 Sd62 Sd833 Sd281 Sd69 Cd19", "rejected inferred", requested],
    ["CCM_8: alerts are shorter", "go", "Sd24 Sd900 Sd87 Sd45 Cd11", "rejected inferred", { cipherSuite: 0x1305 }],
    [
      "no ServerHello, two hashes possible",
      "go",
      "Cd53 Cd90",
      "accepted inferred",
      { negotiatedVersion: undefined, cipherSuite: undefined },
    ],
    [
      "early data hides Finished",
      "other",
      "Cd500 Sd40 Sd69 Cd21 Cd69 Cd100",
      "accepted inferred",
      { earlyData: true, resumed: true },
    ],
    ["early data and nothing more", "other", "Cd500 Sd40", "undecided unknown", { earlyData: true, resumed: true }],
    ["a first record of no known size", "go", `${flight} Cd40`, "undecided unknown"],
    ["a lost start, then an exchange", "go", "Cd100 Sd200 Cd100 Cd50", "accepted inferred", { lost: [true, false] }],
    ["a lost start, then 19", "go", `${flight} Cd19`, "undecided unknown", { lost: [true, false] }],
    ["a lost start, nothing else", "go", flight, "undecided unknown", { lost: [true, false] }],
  ])("%s", (_name, stack, records, expected, more) => {
    expect(judge(stack, records, more)).toBe(expected);
  });
});

describe("the verdict on a TLS 1.2 handshake", () => {
  const old = { negotiatedVersion: 0x0303, cipherSuite: 0xc02f, certificatesSeen: true };
  it.each<[string, SeenHandshake["stack"], string, string, Partial<SeenHandshake>?]>([
    ["b05: Go rejects", "go", "", "rejected seen", alert(42)],
    ["curl rejects", "openssl", "", "rejected seen", alert(48)],
    ["a02: Go goes on", "go", "Ch40 Sh40 Cd88 Cd92", "accepted seen"],
    ["a02: Go's spare connection", "go", "Ch40 Sh40 Ca26 Sd33", "accepted unused inferred"],
    ["c15: the server speaks first", "go", "Ch40 Sh40 Sd33 Ca26 Sa26", "accepted unused inferred"],
    ["git rejects", "gnutls", "Ch40 Sh40 Ca26 Sa26", "rejected inferred"],
    ["curl, another name", "openssl", "Ch40 Sh40 Ca26 Sa26", "undecided inferred"],
    ["Go, capture ends", "go", "Ch40 Sh40", "accepted inferred"],
    ["git, capture ends", "gnutls", "Ch40 Sh40", "undecided unknown"],
    ["git goes on", "gnutls", "Ch40 Sh40 Cd90", "accepted seen"],
    ["a resumed session goes on", "openssl", "Sh40 Ch40 Cd90", "accepted seen", { resumed: true }],
    ["no answer", "go", "", "undecided unknown"],
    ["the server's alert behind the client's Finished", "go", "Ch40", "accepted inferred", alert(40, "server")],
    [
      "the server's alert, then the client closes",
      "go",
      "Ch40 Ca26",
      "accepted inferred",
      { ...ended, ...alert(40, "server") },
    ],
    ["the same to git, which does not reject", "gnutls", "Ch40 Ca26", "undecided unknown", alert(40, "server")],
    ["a certificate that does not parse", "go", "", "rejected seen", alert(50)],
    ["another alert", "go", "", "undecided seen", alert(40)],
    ["lost bytes of the client", "go", "", "undecided unknown", { lost: [true, false] }],
    ["no ServerHello seen", "go", "Ch40", "accepted inferred", { negotiatedVersion: undefined, serverHelloFrame: 0 }],
  ])("%s", (_name, stack, records, expected, more) => {
    expect(judge(stack, records, { ...old, ...more })).toBe(expected);
  });
});

describe("the verdict where an alert or silence ends it", () => {
  const silent = { negotiatedVersion: undefined, cipherSuite: undefined, serverHelloFrame: 0 };
  it.each<[string, string, Partial<SeenHandshake>]>([
    ["only a hello", "undecided unknown", silent],
    ["the server's alert 70", "undecided unknown", { ...silent, ...alert(70, "server") }],
    ["the client's alert 42 before any answer", "undecided seen", { ...silent, ...alert(42) }],
    ["the client's alert 48 in TLS 1.3, in clear", "rejected seen", alert(48)],
    [
      "the client's alert 42 where the server's half was lost",
      "rejected seen",
      { ...silent, ...alert(42), lost: [false, true] },
    ],
    ["a close_notify in clear", "undecided unknown", { ...silent, ...alert(0) }],
    ["a warning", "undecided unknown", { ...silent, ...alert(42, "client", 1) }],
    ["nothing at all", "undecided unknown", { ...silent, helloFrame: 0 }],
    ["nothing but a loss", "undecided unknown", { ...silent, lost: [false, true] }],
  ])("%s", (_name, expected, more) => {
    expect(judge("go", "", more)).toBe(expected);
  });

  it("names the alert and its frame", () => {
    const seen = { helloFrame: 1, serverHelloFrame: 2, certificatesSeen: true, resumed: false, earlyData: false };
    const rest = { clientCertificateRequested: false, records: [], clientEnded: true, lost: [false, false] } as const;
    expect(judgeHandshake({ ...seen, ...rest, ...alert(42), negotiatedVersion: 0x0303 })).toEqual({
      value: "rejected",
      grade: "seen",
      because: "client sent fatal alert bad_certificate (42) in clear",
      frame: 9,
    });
  });
});
