import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the shipped captures. */
export const capturesFolder = new URL("../../captures/", import.meta.url).pathname;

/** A flow as the lab that made the capture knows it; captures/README.md explains the fields. */
export interface TrueFlow {
  readonly client: string;
  readonly server: string;
  readonly host: string;
  readonly role: string;
  readonly targetHost?: string;
  readonly targetRole?: string;
  readonly label: string | null;
  readonly alsoCarriesSumdb?: boolean;
  readonly via?: {
    readonly kind: string;
    readonly connectTarget?: string;
    readonly status?: number;
    readonly attempts?: readonly number[];
    readonly proxyTls?: unknown;
  };
  readonly requests?: readonly { readonly method: string; readonly path: string; readonly status: number }[];
  readonly tls?: {
    readonly sni: string;
    readonly version: string | null;
    readonly alpn: string | null;
    readonly verdict: string;
    readonly alerts?: readonly { readonly from: string; readonly code: number; readonly encrypted: boolean }[];
    readonly certificatesVisible?: { readonly withoutKeys: boolean; readonly withKeys: boolean };
    readonly chain?: {
      readonly status: string;
      readonly variant: string;
      readonly sent: readonly { readonly sha256: string }[];
    };
  };
}

export interface Truth {
  readonly scenario: string;
  readonly files: readonly { readonly file: string; readonly note: string | null; readonly frames: number }[];
  readonly go: {
    readonly exit: readonly (number | string)[];
    /** `hidden`: inside TLS, where only the command or keys tell it. */
    readonly cause?: { readonly reason: string; readonly hidden?: boolean } | null;
  };
  readonly completeCapture: boolean;
  readonly looseCheck?: boolean;
  readonly dnsNames: readonly string[];
  readonly flows: readonly TrueFlow[];
}

/** Every scenario under captures/, by name. */
export function scenarios(): readonly string[] {
  return readdirSync(capturesFolder).filter((name) => /^[a-z]\d\d/.test(name));
}

export function truthOf(scenario: string): Truth {
  return JSON.parse(readFileSync(join(capturesFolder, scenario, "expected.json"), "utf8")) as Truth;
}
