import { describe, expect, it } from "vitest";
import { alertName, alertText, refusesCertificate } from "../../../src/protocol/tls/alerts.ts";
import {
  cipherSuiteName,
  extensionName,
  groupName,
  isGrease,
  signatureSchemeName,
  versionName,
} from "../../../src/protocol/tls/names.ts";

describe("names of code points", () => {
  it.each([
    [versionName(0x0304), "TLS 1.3"],
    [versionName(0x7f1c), "TLS 1.3 draft 28"],
    [versionName(0x0305), "0x0305"],
    [cipherSuiteName(0x1302), "TLS_AES_256_GCM_SHA384"],
    [cipherSuiteName(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
    [cipherSuiteName(0x0000), "TLS_NULL_WITH_NULL_NULL"],
    [cipherSuiteName(0x00ff), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"],
    [cipherSuiteName(0xccae), "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256"],
    [cipherSuiteName(0xeaea), "GREASE"],
    [cipherSuiteName(0xfefe), "0xfefe"],
    [groupName(4587), "SecP256r1MLKEM768"],
    [groupName(4588), "X25519MLKEM768"],
    [groupName(4589), "SecP384r1MLKEM1024"],
    [groupName(0x1a1a), "GREASE"],
    [groupName(9999), "0x270f"],
    [extensionName(16), "application_layer_protocol_negotiation"],
    [extensionName(0xfe0d), "encrypted_client_hello"],
    [signatureSchemeName(0x0904), "mldsa44"],
    [signatureSchemeName(0x0906), "mldsa87"],
    [alertName(42), "bad_certificate"],
    [alertName(200), "unassigned"],
    [alertText(48), "unknown_ca (48)"],
  ])("%s", (name, expected) => {
    expect(name).toBe(expected);
  });

  it("takes the sixteen GREASE values and no others", () => {
    const values = Array.from({ length: 0x10000 }, (_, value) => value).filter(isGrease);
    expect(values).toHaveLength(16);
    expect(values[0]).toBe(0x0a0a);
    expect(values[15]).toBe(0xfafa);
  });

  it("tells alerts that speak of the certificate", () => {
    expect([42, 43, 44, 45, 46, 48].every(refusesCertificate)).toBe(true);
    expect([0, 10, 40, 47, 70, 80, 116].some(refusesCertificate)).toBe(false);
  });
});
