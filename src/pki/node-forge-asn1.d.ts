/** The part of node-forge that is used; its own types cover the whole package only. */
declare module "node-forge/lib/asn1.js" {
  export interface Asn1 {
    readonly tagClass: number;
    readonly type: number;
    readonly constructed: boolean;
    /** One character a byte; a BMPString is already text. */
    readonly value: string | readonly Asn1[];
  }
  interface FromDerOptions {
    strict?: boolean;
    parseAllBytes?: boolean;
    decodeBitStrings?: boolean;
  }
  interface Asn1Module {
    fromDer(bytes: string, options?: FromDerOptions): Asn1;
  }
  const asn1: Asn1Module;
  export default asn1;
}
