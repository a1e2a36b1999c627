import { isDomainName } from "./host-name.ts";

/** A mail address in two parts; the domain as written. */
export interface Mailbox {
  readonly local: string;
  readonly domain: string;
}

/**
 * Parts a mailbox.
 *
 * Spec: RFC 2821 §4.1.2, with the leniency of Go's parseRFC2821Mailbox: spaces inside quotes, escapes outside them.
 * Returns: undefined where it is none.
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const parts = quoted.exec(text) ?? atoms.exec(text);
  if (parts === null) return undefined;
  const [, written, domain] = parts;
  const local = written.replace(/\\([^])/g, "$1");
  const dotted = !text.startsWith('"') && (/^\.|\.$|\.\./.test(local) || local === "");
  return dotted || !isDomainName(domain, false) ? undefined : { local, domain };
}

/* eslint-disable no-control-regex -- the grammar names them */
const quoted =
  /^"((?:[\x01-\x08\x0e-\x1f\x20\x21\x23-\x5b\x5d-\x7f\x0b\x0c]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*)"@([^]*)$/;
const atoms = /^((?:[0-9A-Za-z!#$%&'*+\-/=?^_`{|}~.]|\\[^])*)@([^]*)$/;
/* eslint-enable no-control-regex */
