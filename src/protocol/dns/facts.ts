/** One answer record; other types are counted, not kept. Untrusted text. */
export interface DnsAnswer {
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME" | "HTTPS" | "SVCB" | "other";
  /** Address or name; empty for other types. */
  readonly value: string;
}

/** A question with its answer, or one of them alone. */
export interface DnsFacts {
  /** Lower case, without the final dot. Untrusted. */
  readonly name: string;
  /** QTYPE as a name: `A`, `AAAA`, `CNAME`, `HTTPS`, `PTR`, or `TYPE65280`. */
  readonly type: string;
  readonly client: string;
  readonly server: string;
  /** Frame 0 where the question was not seen. */
  questionFrame: number;
  questionSeconds: number;
  questionNanoseconds: number;
  /** Times the question was sent. */
  questions: number;
  /** Frame 0 where no answer was seen. */
  answerFrame: number;
  answerSeconds: number;
  answerNanoseconds: number;
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, or `RCODE11`; absent while unanswered. */
  responseCode?: string;
  truncated: boolean;
  answers: readonly DnsAnswer[];
  /** A second answer to the same question that disagrees: the first addresses stand in `answers`. */
  disagreeing?: readonly DnsAnswer[];
}
