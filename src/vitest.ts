/**
 * Matchers for vitest: `import "gomodcap/vitest"` in a test or a setup file, then
 * `await expect("captures/run.pcapng").toAvoidHost("sum.golang.org")`.
 *
 * Each takes the path of a capture, which is judged with the keys, settings and trust anchors beside it, or an analysis. What
 * the capture does not show fails with the reason, with `.not` as well.
 */
import { expect } from "vitest";
import type { Allowances } from "./check/rule.ts";
import * as matchers from "./cli/matchers.ts";

/**
 * `inferred`: what is only inferred counts, as verdicts of TLS 1.3 without keys are. `unknown`: what the capture does not show
 * passes. `allowEmpty`: so does a capture without any flow to look at.
 */
export type { Allowances };

interface CaptureMatchers {
  /** Every server sends the certificates that its path needs. */
  toHaveNoMissingIntermediate(allowances?: Allowances): Promise<void>;
  /** Every flow of Go's goes through this forward proxy: a host, with or without its port. */
  toRouteThroughProxy(proxy: string, allowances?: Allowances): Promise<void>;
  /** No flow, of any program, goes to this host, or through it; `*.example.com` for all below a domain. */
  toAvoidHost(host: string, allowances?: Allowances): Promise<void>;
  /**
   * The capture means what it meant when the snapshot beside the test was written. `vitest -u` writes it anew; `hint` tells
   * several of one test apart.
   */
  toMatchCaptureSnapshot(hint?: string): Promise<void>;
  /** Every rule of a policy for `gomodcap check` holds. */
  toSatisfyPolicy(file: string): Promise<void>;
}

declare module "vitest" {
  // Declarations are merged only where the type parameters are called the same.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars
  interface Matchers<T = any> extends CaptureMatchers {}
}

expect.extend(matchers);
