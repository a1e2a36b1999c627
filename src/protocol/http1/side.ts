import type { EndReason } from "../../stream/consumer.ts";
import { BodyReader } from "./body.ts";
import { HeadReader } from "./head-reader.ts";

/** One direction of a connection: what comes next in it, and what reads that. */
export class Side {
  state: "head" | "body" | "waiting" | "strange" | "tunnel" | "opaque" = "head";
  readonly head = new HeadReader();
  readonly body = new BodyReader();
  /** Bytes missing at the very beginning of what is held, or of the answer to a CONNECT, or between messages. */
  missing = 0;
  /** Anything of it was captured. */
  seen = false;
  ended: EndReason | undefined = undefined;

  /** Whether missing bytes leave the place of the next message open: they reach beyond a message, or begin behind one. */
  isBetweenMessages(length: number): boolean {
    if (this.state === "body") return this.body.endsWithin(length);
    return this.state === "head" && this.head.gathered === 0;
  }

  /** Nothing of it is looked at any more. */
  turnOpaque(): void {
    this.state = "opaque";
    this.head.clear();
  }
}
