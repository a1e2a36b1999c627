import { limits } from "../limits.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import type { CaptureFileFacts, CaptureFormat, ResolvedName, SecretsBlock } from "./facts.ts";

/** Where a file stands in an analysis of several: what was numbered before it. */
export interface CapturePosition {
  readonly framesBefore: number;
  readonly interfacesBefore: number;
}

/**
 * What the reading of one capture file notes besides frames, under the caps of limits.ts; shared by the readers of its
 * container.
 */
export class CaptureNotes {
  readonly facts: CaptureFileFacts;
  readonly secrets: SecretsBlock[] = [];
  readonly names: ResolvedName[] = [];
  /** Told of each secrets block as it is read. */
  onSecrets: ((block: SecretsBlock) => void) | undefined;
  /** Number of the last frame, over all files. */
  lastFrame: number;
  /** Ordinal of the next interface, over all files. */
  nextInterface: number;
  readonly #problems: Problem[] = [];
  readonly #announced = new Set<string>();
  #unkeptProblems = 0;
  #firstSnapped = 0;
  #secretBytes = 0;
  #textLength = 0;

  constructor(name: string, position: CapturePosition) {
    this.lastFrame = position.framesBefore;
    this.nextInterface = position.interfacesBefore;
    this.facts = {
      name,
      format: "unknown",
      compression: "none",
      linkTypes: [],
      interfaces: [],
      frames: 0,
      framesBefore: position.framesBefore,
      bytes: 0,
      snappedFrames: 0,
      interfaceDrops: 0,
      comments: [],
      damaged: false,
    };
  }

  /** The problems kept, with one at the end that counts the others. */
  get problems(): readonly Problem[] {
    if (this.#unkeptProblems === 0) return this.#problems;
    const detail = `${this.#unkeptProblems} more problems of this file are not listed`;
    return [...this.#problems, this.#problem("problems-limit", undefined, detail)];
  }

  problem(code: ProblemCode, offset: number | undefined, detail: string): void {
    if (this.#problems.length < limits.problemsPerCapture) this.#problems.push(this.#problem(code, offset, detail));
    else this.#unkeptProblems++;
  }

  /** Notes a problem unless one was noted under this key. */
  problemOnce(key: string, code: ProblemCode, offset: number, detail: string): void {
    if (this.#announced.has(key)) return;
    this.#announced.add(key);
    this.problem(code, offset, detail);
  }

  /** Notes a problem behind which the file cannot be read. */
  damage(code: ProblemCode, offset: number, detail: string): void {
    this.facts.damaged = true;
    this.problem(code, offset, detail);
  }

  /** The input ended `missing` bytes before `what` did. */
  cut(offset: number, what: string, missing: number): void {
    this.damage(
      "capture-cut",
      offset,
      `the file ends at byte ${offset}, ${missing} ${missing === 1 ? "byte" : "bytes"} before the end of ${what}; ${this.#readSoFar()}`,
    );
  }

  /** The bytes at `offset` contradict the format. */
  contradiction(offset: number, what: string): void {
    this.damage("capture-damaged", offset, `${what} at byte ${offset}; ${this.#readSoFar()}, the rest is left out`);
  }

  format(format: CaptureFormat): void {
    this.facts.format = format;
  }

  /** Counts a frame. Returns its number. */
  countFrame(): number {
    this.facts.frames++;
    return ++this.lastFrame;
  }

  /** Counts on to a frame of that number in the file, whose first frame is 1. Returns its number over all files. */
  countFramesTo(numberInFile: number): number {
    const more = Math.max(0, numberInFile - this.facts.frames);
    this.facts.frames += more;
    this.lastFrame += more;
    return this.lastFrame;
  }

  /** Counts a frame of which less was captured than was on the wire. */
  countSnapped(): void {
    if (this.facts.snappedFrames++ === 0) this.#firstSnapped = this.lastFrame;
  }

  interface(linkType: number, snapLength: number, name = "", filter = ""): void {
    const { facts } = this;
    if (!facts.linkTypes.includes(linkType) && facts.linkTypes.length < limits.linkTypes)
      facts.linkTypes.push(linkType);
    if (snapLength > 0 && snapLength < limits.capturedLength) {
      facts.snapLength = Math.min(snapLength, facts.snapLength ?? snapLength);
    }
    if (facts.interfaces.length < limits.interfaces) {
      facts.interfaces.push({ linkType, snapLength, name: this.text(name), filter: this.text(filter) });
    }
  }

  /** Text of the file as far as its share of memory goes. */
  text(text: string): string {
    const kept = text.slice(0, limits.captureText - this.#textLength);
    this.#textLength += kept.length;
    return kept;
  }

  comment(text: string): void {
    const kept = this.text(text);
    if (kept !== "" && this.facts.comments.length < limits.captureComments) this.facts.comments.push(kept);
  }

  secret(type: number, bytes: Uint8Array, offset: number): void {
    this.problemOnce(
      "secrets",
      "secrets-present",
      offset,
      `the file carries decryption secrets (${this.lastFrame === 0 ? "before the first frame" : `first after frame ${this.lastFrame}`}): whoever has it can read the traffic`,
    );
    this.#secretBytes += bytes.length;
    if (this.#secretBytes <= limits.secrets) {
      const block = { file: this.facts.name, type, afterFrame: this.lastFrame, bytes: bytes.slice() };
      this.secrets.push(block);
      this.onSecrets?.(block);
      return;
    }
    const detail = `more than ${limits.secrets} bytes of secrets; those from byte ${offset} on are not used`;
    this.problemOnce("secrets-limit", "limit", offset, detail);
  }

  /** What can only be said at the end of the file. */
  finish(): void {
    const { facts } = this;
    if (facts.snappedFrames > 0) {
      const detail = `${facts.snappedFrames} of ${facts.frames} frames were captured in part, frame ${this.#firstSnapped} first; record with snap length 0`;
      this.problem("snapped", undefined, detail);
    }
    if (facts.interfaceDrops > 0) {
      const detail = `the recorder dropped ${facts.interfaceDrops} packets; what is missing may only be missing here`;
      this.problem("interface-drops", undefined, detail);
    }
  }

  #readSoFar(): string {
    const { frames } = this.facts;
    return frames === 0 ? "no frame was read" : `frame ${this.lastFrame} is the last that was read`;
  }

  #problem(code: ProblemCode, offset: number | undefined, detail: string): Problem {
    const common = { layer: "capture", code, frame: this.lastFrame, detail } as const;
    return offset === undefined ? common : { ...common, offset };
  }
}
