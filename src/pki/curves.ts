/** The curves that Go verifies with: y² = x³ − 3x + b modulo p. */
export interface Curve {
  readonly name: string;
  readonly bits: number;
  readonly p: bigint;
  readonly b: bigint;
}

/**
 * Whether an uncompressed point (0x04, x, y) lies on a curve.
 *
 * Spec: FIPS 186-4 §D.1.2. Cost: 10 µs; making an OpenSSL key, which checks the same and more, takes up to 1 ms.
 */
export function isOnCurve(point: Uint8Array, { p, b }: Curve): boolean {
  const size = (point.length - 1) / 2;
  const x = coordinate(point.subarray(1, 1 + size));
  const y = coordinate(point.subarray(1 + size));
  return x < p && y < p && (y * y - (x * x - 3n) * x - b) % p === 0n;
}

function coordinate(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** By the identifiers of RFC 5480 §2.1.1.1. */
export const curves = new Map<string, Curve>([
  [
    "1.3.132.0.33",
    {
      name: "P-224",
      bits: 224,
      p: 2n ** 224n - 2n ** 96n + 1n,
      b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    },
  ],
  [
    "1.2.840.10045.3.1.7",
    {
      name: "P-256",
      bits: 256,
      p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    },
  ],
  [
    "1.3.132.0.34",
    {
      name: "P-384",
      bits: 384,
      p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    },
  ],
  [
    "1.3.132.0.35",
    {
      name: "P-521",
      bits: 521,
      p: 2n ** 521n - 1n,
      b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    },
  ],
]);
