/** The part of node-forge that is used; its own types cover the whole package only. */
declare module "node-forge/lib/asn1.js" {
  interface FromDerOptions {
    strict: boolean;
    parseAllBytes: boolean;
    decodeBitStrings: boolean;
  }
  interface Asn1Module {
    fromDer(bytes: string, options: FromDerOptions): unknown;
  }
  const asn1: Asn1Module;
  export default asn1;
}
