import type { StrangelyAnswered } from "../strange-answer.ts";

/** A SOCKS dialogue. Spec: RFC 1928, RFC 1929; SOCKS4 and 4a by their (NEC, Lee) memos. */
export interface SocksFacts extends StrangelyAnswered {
  readonly layer: "socks";
  version: 4 | 5;
  /** Client asked by name in a SOCKS4a request. */
  v4a: boolean;
  frame: number;
  /** SOCKS5 methods offered (0x00 none, 0x02 user name and password, 0x01 GSSAPI). */
  methodsOffered: readonly number[];
  /** 0xff: none acceptable; absent while unanswered. */
  methodSelected?: number;
  /** RFC 1929 status; 0 is success. */
  authenticationStatus?: number;
  /** Frame of the server's last words before its reply: method, authentication status, or no SOCKS; 0 before. */
  answerFrame: number;
  /** 1 CONNECT, 2 BIND, 3 UDP ASSOCIATE. */
  command?: number;
  /** Untrusted. */
  targetHost?: string;
  targetPort?: number;
  addressType?: "name" | "ipv4" | "ipv6";
  requestFrame: number;
  /** SOCKS5 reply (0 succeeded) or SOCKS4 code (90 granted). */
  reply?: number;
  replyFrame: number;
}
