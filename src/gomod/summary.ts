import { counted } from "../bytes/text.ts";
import type { CaptureReport, Flow, Label, Summary } from "../flow/model.ts";
import { stageOrder } from "../protocol/layer.ts";
import { secondsBetween } from "../flow/timestamp.ts";
import { flowProgram } from "./program.ts";

/** Counts flows for the first line of a report, one flow at a time. */
export class Summarizer {
  readonly #labels: Record<Label, number> = { sumdb: 0, proxied: 0, direct: 0, other: 0 };
  #doubtful = 0;
  #noise = 0;
  #goTraffic = false;
  #oneSided = 0;
  #snapped = 0;
  #lossy = 0;
  #lostBytes = 0;
  #flows = 0;
  #joined = 0;
  #underWay = 0;
  readonly #captureEnd: string | undefined;
  readonly #others = new Map<string, number>();

  constructor(captureEnd?: string) {
    this.#captureEnd = captureEnd;
  }

  observe(flow: Flow): void {
    this.#flows++;
    if (flow.oneSided === true) this.#oneSided++;
    if ((flow.snappedSegments ?? 0) > 0) this.#snapped++;
    const lost = flow.lost.clientToServer + flow.lost.serverToClient;
    if (lost > 0) this.#lossy++;
    this.#lostBytes += lost;
    if (flow.sameAs !== undefined || flow.upstreamOf !== undefined) return;
    if (flow.noise) this.#noise++;
    else this.#labels[flow.label]++;
    if (!flow.noise && flow.label !== "other") {
      if (isDoubtful(flow)) this.#doubtful++;
      if (flow.opened === "midstream") this.#joined++;
      if (isUnderWay(flow, this.#captureEnd)) this.#underWay++;
    }
    if (!flow.noise && isGo(flow)) this.#goTraffic = true;
    else this.#count(describeOther(flow));
  }

  conclude(capture: CaptureReport): Summary {
    const instead = this.#instead(capture);
    return {
      labels: { ...this.#labels },
      ...(this.#doubtful > 0 && { doubtful: this.#doubtful }),
      noise: this.#noise,
      goTraffic: this.#goTraffic,
      ...(!this.#goTraffic && instead !== "" && { instead }),
      ...(this.#joined > 0 && { joined: this.#joined }),
      ...(this.#underWay > 0 && { underWay: this.#underWay }),
      blind: this.#blind(capture),
    };
  }

  #count(kind: string): void {
    this.#others.set(kind, (this.#others.get(kind) ?? 0) + 1);
  }

  #instead(capture: CaptureReport): string {
    const folded = capture.folded.reduce((sum, { count }) => sum + count, 0);
    const kinds = [...this.#others].sort((a, b) => b[1] - a[1]).slice(0, 6);
    const parts = kinds.map(([kind, count]) => `${counted(count, "flow")} of ${kind}`);
    if (folded > 0) parts.push(`${counted(folded, "connection")} without payload`);
    for (const [kind, count] of Object.entries(capture.datagrams)) {
      if (count > 0) parts.push(`${counted(count, "UDP datagram")} (${kind})`);
    }
    for (const [reason, count] of Object.entries(capture.notUnderstood)) {
      const what = reason === "link-type" ? `link type ${linkTypes(capture)}` : reason;
      parts.push(`${counted(count, "frame")} not understood (${what})`);
    }
    return parts.join(", ");
  }

  #blind({ files, interfaceDrops, frames }: CaptureReport): string[] {
    const blind: string[] = [];
    const snapped = files.reduce((sum, { snappedFrames }) => sum + (snappedFrames ?? 0), 0);
    if (snapped > 0 && this.#snapped > 0) {
      const length = files.find(({ snapLength }) => snapLength !== undefined)?.snapLength;
      blind.push(
        `the snap length${length === undefined ? "" : ` of ${length} bytes`} cut ${snapped} of ${frames} frames: hellos, certificates and requests may be missing; capture again with -s 0`,
      );
    }
    if (this.#oneSided > 0) {
      blind.push(
        `${this.#oneSided} of ${this.#flows} flows were captured in one direction only: what the other side said is not known`,
      );
    }
    if (this.#lossy > 0) {
      blind.push(
        `${counted(this.#lostBytes, "byte")} of ${counted(this.#lossy, "flow")} went over the wire and are not in the capture: what stood there is not known`,
      );
    }
    if (this.#joined > 0) {
      blind.push(`it begins in the midst of ${counted(this.#joined, "flow")}: what came before is not there`);
    }
    if (this.#underWay > 0) {
      blind.push(`it ends in the midst of ${counted(this.#underWay, "flow")}: what came later is not there`);
    }
    if (interfaceDrops > 0) blind.push(`the recorder dropped ${interfaceDrops} packets: bytes may be missing`);
    return blind;
  }
}

/**
 * Whether a flow was under way when the capture ended: there was more to come. One that had waited in vain for its next
 * stage hung, and shows all there was. One whose only packet is the last of the capture is under way as well. A whole run leaves no flow open: the end of its processes closes them.
 */
function isUnderWay({ closed, stage, stages, oneSided, syns, end }: Flow, captureEnd: string | undefined): boolean {
  if (closed === "unanswered") return syns === 1 && end !== undefined && end === captureEnd;
  if (closed !== "capture-end" || oneSided === true) return false;
  if (stageOrder.indexOf(stage) >= stageOrder.indexOf("established")) return true;
  const waited = secondsBetween(stages.at(-1)?.time, captureEnd);
  return waited === undefined || waited < patienceSeconds;
}

/** A stage follows another sooner where nothing hangs. */
const patienceSeconds = 3;

/** Whether nothing but the client's program speaks for the label. */
function isDoubtful({ label, labelEvidence }: Flow): boolean {
  return label === "direct" && labelEvidence.grade === "unknown";
}

/** A flow with a role in Go's work, or one of Go's or git's own; a TLS library alone proves neither. */
function isGo(flow: Flow): boolean {
  if (flow.label === "other") return false;
  if (!isDoubtful(flow)) return true;
  const program = flowProgram(flow);
  return program === "go" || program === "git";
}

function describeOther(flow: Flow): string {
  const stack = flow.tls.at(-1)?.clientStack?.text;
  if (stack !== undefined) return `TLS by ${stack}`;
  const layer = flow.layers.at(-1);
  if (layer !== undefined) return layer === "unknown" ? "an unknown protocol" : layer;
  return flow.closed === "unanswered" || flow.closed === "refused" ? `TCP, ${flow.closed}` : "TCP without payload";
}

function linkTypes({ files }: CaptureReport): string {
  return [...new Set(files.flatMap((file) => file.linkTypes))].join(", ");
}
