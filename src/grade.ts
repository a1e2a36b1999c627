/**
 * How sure a statement is: read in clear bytes, read after decryption, forced by arithmetic on lengths, a pattern that
 * fits, or not known. The most certain first.
 */
export const grades = ["seen", "decrypted", "exact", "inferred", "unknown"] as const;
/** One of `grades`. */
export type Grade = (typeof grades)[number];

/** A statement's ground. */
export interface Evidence {
  readonly grade: Grade;
  /** One sentence without a full stop. May quote the wire: untrusted. */
  readonly because: string;
  /** Frame number that shows it. */
  readonly frame?: number;
}
