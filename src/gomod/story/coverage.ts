import type { Flow, KeyLogReport } from "../../flow/model.ts";
import { flowProgram } from "../program.ts";

/** Which flows of Go's are readable, and which TLS hides although something was said on them. */
export class Coverage {
  readonly #opened = { git: 0, other: 0 };
  readonly #hidden = { git: 0, other: 0 };

  note(flow: Flow, visible: boolean): void {
    const whose = flowProgram(flow)?.startsWith("git") === true ? "git" : "other";
    if (visible) this.#opened[whose]++;
    else if (isHidden(flow)) this.#hidden[whose]++;
  }

  /** Flows on which TLS hides what was said. */
  get hidden(): number {
    return this.#hidden.git + this.#hidden.other;
  }

  /** What the keys cover; undefined where they cover everything. */
  statement({ usedBy }: KeyLogReport): string | undefined {
    if (this.hidden === 0) return undefined;
    if (usedBy.length === 0) return "the keys are for none of these flows: they were made by another run or program";
    const { git, other } = this.#opened;
    if (git + other === 0) return "the keys show no request: they are for handshakes only, or data is missing";
    if (other === 0 && this.#hidden.git === 0) {
      return "the keys cover git's flows only: git with GnuTLS writes SSLKEYLOGFILE, the go command does not";
    }
    return `the keys leave ${this.hidden} ${this.hidden === 1 ? "flow" : "flows"} closed`;
  }
}

/* A connection that was accepted and left unused has nothing to hide. */
function isHidden({ tls }: Flow): boolean {
  const layer = tls.at(-1);
  return layer?.verdict.value === "accepted" && layer.verdict.unused !== true;
}
