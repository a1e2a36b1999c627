import type { Problem } from "../problem.ts";
import type { Frame } from "./frame.ts";

/**
 * First and last time of a capture, and how far frames of one interface stand out of the order of their times: queues are
 * written in turns, files are joined one behind the other, clocks are set back. Recorders of several interfaces write
 * them in turns as a matter of course, and a connection passes one of them whole.
 */
export class CaptureTime {
  startSeconds = 0;
  startNanoseconds = 0;
  endSeconds = 0;
  endNanoseconds = 0;
  /** Some frame has a time. */
  timed = false;
  /** Of the frame with the last time. */
  #endInterface = 0;
  #lateFrames = 0;
  #firstLate = 0;
  #mostLate = 0;

  note(frame: Frame): void {
    if (!frame.timed) return;
    const { seconds, nanoseconds } = frame;
    if (seconds < this.endSeconds || (seconds === this.endSeconds && nanoseconds < this.endNanoseconds)) {
      this.#noteLate(frame);
      return;
    }
    if (!this.timed) {
      this.timed = true;
      this.startSeconds = seconds;
      this.startNanoseconds = nanoseconds;
    }
    this.endSeconds = seconds;
    this.endNanoseconds = nanoseconds;
    this.#endInterface = frame.interfaceId;
  }

  #noteLate({ number, seconds, nanoseconds, interfaceId }: Frame): void {
    if (interfaceId === this.#endInterface) {
      if (this.#lateFrames++ === 0) this.#firstLate = number;
      const late = this.endSeconds - seconds + (this.endNanoseconds - nanoseconds) / 1e9;
      this.#mostLate = Math.max(this.#mostLate, late);
    }
    if (seconds < this.startSeconds || (seconds === this.startSeconds && nanoseconds < this.startNanoseconds)) {
      this.startSeconds = seconds;
      this.startNanoseconds = nanoseconds;
    }
  }

  /** Says that frames are out of order; undefined where that is no more than recorders of one machine leave. */
  disorder(frames: number): Problem | undefined {
    if (this.#mostLate < usualDisorder) return undefined;
    const most = Number(this.#mostLate.toPrecision(2));
    const detail = `${this.#lateFrames} of ${frames} frames stand behind frames of a later time, by up to ${most} s, frame ${this.#firstLate} first`;
    return { layer: "capture", code: "out-of-time-order", frame: this.#firstLate, detail };
  }
}

/** Seconds. Below it are the CPUs of one machine that take packets at once; round trips to other machines are longer. */
const usualDisorder = 0.001;
