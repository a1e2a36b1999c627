import { secretPatterns } from "../bytes/secret-text.ts";

/** Bytes of a stream that are not written as they are. Offsets count from the first byte of the stream. */
export interface Edit {
  readonly at: number;
  readonly length: number;
  readonly what: EditKind;
}

/**
 * A credential, which is overwritten; an address in bytes; an address as text, which is one for sure where it stands
 * (`certain`), or only where the capture knows it.
 */
type EditKind =
  | { readonly kind: "credential" }
  | { readonly kind: "address"; readonly bytes: Uint8Array }
  | { readonly kind: "text"; readonly text: string; readonly certain: boolean };

const credential: EditKind = { kind: "credential" };

/** `at` is where the range begins in the stream. */
export function credentialAt(at: number, length: number): Edit {
  return { at, length, what: credential };
}

/** An address of 4 or 16 bytes, copied out of a message. */
export function addressAt(message: Uint8Array, at: number, length: number): Edit {
  return { at, length, what: { kind: "address", bytes: message.slice(at, at + length) } };
}

/** What of a line of clear text is a credential or an address; `origin` is where it begins in the stream. */
export function editsOfLine(line: string, origin: number): Edit[] {
  const edits: Edit[] = [];
  const field = /^([\w-]+)[ \t]*:[ \t]*/.exec(line);
  const value = field?.[0].length ?? 0;
  if (field !== null && secretField.test(field[1])) {
    const scheme = knownScheme.exec(line.slice(value))?.[0].length ?? 0;
    if (line.length > value + scheme) edits.push(credentialAt(origin + value + scheme, line.length - value - scheme));
    return edits;
  }
  for (const pattern of secrets) {
    for (const { index, 0: secret } of line.matchAll(pattern)) edits.push(credentialAt(origin + index, secret.length));
  }
  const certain = line.startsWith("CONNECT ") || (field !== null && hostField.test(field[1]));
  for (const { index, 0: text } of line.matchAll(addressLiteral)) {
    const isHost = certain || line.startsWith("//", index - 2);
    edits.push({ at: origin + index, length: text.length, what: { kind: "text", text, certain: isHost } });
  }
  return edits;
}

/** Whether the line is a field that holds a credential, which goes on in folded lines. */
export function isSecretField(line: string): boolean {
  const name = /^([\w-]+)[ \t]*:/.exec(line)?.[1];
  return name !== undefined && secretField.test(name);
}

/** Authorization, Proxy-Authorization, Cookie, Set-Cookie, and what proxies and forges call theirs. */
const secretField =
  /authorization$|^(?:set-)?cookie2?$|token$|api-?(?:key)?$|secret|password|^(?:proxy-)?authentication-info$/i;
/** A report names the scheme, so it stays; a secret may stand in its place. */
const knownScheme = /^(?:basic|bearer|digest|negotiate|ntlm|kerberos|token|oauth|aws4-hmac-sha256)[ \t]+/i;
const hostField = /^(?:host|location|via|referer|forwarded|x-(?:forwarded|real|client|original)-?\w*)$/i;

const secrets: readonly RegExp[] = [
  ...secretPatterns,
  // Userinfo of the authority that CONNECT and Host name.
  /(?<=^(?:CONNECT |host:[ \t]{0,8}))[^\s@]+(?=@)/gi,
  // What Negotiate and NTLM say in a challenge.
  /(?<=^(?:www|proxy)-authenticate:[ \t]{0,8}(?:negotiate|ntlm) ).+$/gi,
  // FTP, POP3, SMTP and IMAP.
  /(?<=^(?:\w+ )?(?:PASS|AUTH|LOGIN|AUTHENTICATE) ).+$/g,
];

/** What may be an address in text: whether it is one, a parser tells. */
export const addressLiteral =
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)|(?<=\[)[0-9a-f:.]{2,45}(?=\])|(?<![\w:.[])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:.\]])/gi;
