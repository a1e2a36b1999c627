/**
 * Certificate policies along a path, with any policy acceptable: they matter only where a CA demands that there be one,
 * or maps one to all.
 *
 * Spec: RFC 5280 §6.1 as RFC 9618 updates it, which is what Go has done since 1.24 (crypto/x509 verify.go policiesValid).
 * Of the graph of policies only the lowest level is kept: whether it is empty is all that any policy asks for.
 */
import type { Certificate } from "./certificate.ts";

/** Who demands a policy, or maps it wrongly, and what is the matter. */
export interface PolicyBreach {
  readonly certificate: Certificate;
  readonly detail: string;
}

/** Checks a whole path, end-entity to anchor; undefined where nothing speaks against it. */
export function checkPolicies(path: readonly Certificate[]): PolicyBreach | undefined {
  const matters = ({ extensions }: Certificate): boolean =>
    extensions.policyConstraints?.requireExplicit !== undefined || extensions.policyMappings !== undefined;
  return path.length > 1 && path.some(matters) ? new PolicyCheck(path.length - 1).run(path) : undefined;
}

class PolicyCheck {
  /** Policy → those that may stand for it one certificate further down; undefined behind a certificate without any. */
  #valid: Map<string, readonly string[]> | undefined = new Map([[anyPolicy, [anyPolicy]]]);
  /* Certificates until a policy must be valid, mapping stops, anyPolicy stops to count. */
  #explicit: number;
  #mapping: number;
  #any: number;
  #demandedBy: Certificate | undefined;

  constructor(length: number) {
    this.#explicit = this.#mapping = this.#any = length + 1;
  }

  run(path: readonly Certificate[]): PolicyBreach | undefined {
    for (const certificate of path.slice(1, -1).reverse()) {
      this.#descend(certificate, this.#any > 0 || certificate.selfIssued);
      if (this.#isLeftWithout()) return this.#breach(certificate);
      if (this.#valid !== undefined && this.#mapping > 0 && mapsAny(certificate)) {
        return { certificate, detail: "maps the policy anyPolicy, which nobody may" };
      }
      this.#map(certificate);
      this.#narrow(certificate);
    }
    const [endEntity] = path;
    this.#descend(endEntity, this.#any > 0);
    if (this.#isLeftWithout()) return this.#breach(endEntity);
    this.#countDown();
    if (endEntity.extensions.policyConstraints?.requireExplicit === 0) this.#demand(0, endEntity);
    const none = this.#valid === undefined || this.#valid.size === 0;
    return this.#explicit === 0 && none ? this.#breach(endEntity) : undefined;
  }

  #descend({ extensions: { policies = [] } }: Certificate, anyCounts: boolean): void {
    if (policies.length === 0 || this.#valid === undefined) {
      this.#valid = undefined;
      return;
    }
    const expected = new Set([...this.#valid.values()].flat());
    const open = this.#valid.has(anyPolicy);
    const next = new Map<string, readonly string[]>();
    for (const policy of policies) {
      if (policy !== anyPolicy && (open || expected.has(policy))) next.set(policy, [policy]);
    }
    if (anyCounts && policies.includes(anyPolicy)) for (const policy of expected) next.set(policy, [policy]);
    this.#valid = next;
  }

  #map({ extensions: { policyMappings = [] } }: Certificate): void {
    const valid = this.#valid;
    if (valid === undefined) return;
    const mapped = new Map<string, string[]>();
    for (const [issuers, subjects] of policyMappings) {
      if (this.#mapping === 0) valid.delete(issuers);
      else mapped.set(issuers, [...(mapped.get(issuers) ?? []), subjects]);
    }
    for (const [issuers, subjects] of mapped) {
      if (valid.has(issuers) || valid.has(anyPolicy)) valid.set(issuers, subjects);
    }
  }

  #narrow(certificate: Certificate): void {
    const { policyConstraints = {}, inhibitAnyPolicy = Infinity } = certificate.extensions;
    const { requireExplicit = Infinity, inhibitMapping = Infinity } = policyConstraints;
    if (!certificate.selfIssued) this.#countDown();
    this.#demand(requireExplicit, certificate);
    this.#mapping = Math.min(this.#mapping, inhibitMapping);
    this.#any = Math.min(this.#any, inhibitAnyPolicy);
  }

  #countDown(): void {
    this.#explicit = Math.max(0, this.#explicit - 1);
    this.#mapping = Math.max(0, this.#mapping - 1);
    this.#any = Math.max(0, this.#any - 1);
  }

  #demand(within: number, certificate: Certificate): void {
    if (within >= this.#explicit) return;
    this.#explicit = within;
    this.#demandedBy = certificate;
  }

  #isLeftWithout(): boolean {
    return this.#explicit === 0 && this.#valid === undefined;
  }

  #breach(certificate: Certificate): PolicyBreach {
    return {
      certificate: this.#demandedBy ?? certificate,
      detail: "demands a certificate policy, and none is valid down the path",
    };
  }
}

function mapsAny({ extensions: { policyMappings = [] } }: Certificate): boolean {
  return policyMappings.some((mapping) => mapping.includes(anyPolicy));
}

const anyPolicy = "2.5.29.32.0";
