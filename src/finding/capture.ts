import { counted } from "../bytes/text.ts";
import type { CaptureReport } from "../flow/model.ts";
import type { Problem } from "../problem.ts";
import { framesFilter, serverFilter } from "./filter.ts";
import type { FindingContext, Seen, Sighting, Words } from "./sighting.ts";
import { list } from "./wording.ts";

/** What the capture itself cannot show. */
export class CaptureFindings {
  readonly #capture: CaptureReport;
  #snapped = 0;
  #unreadable = 0;
  #lostBytes = 0;
  #lossy = 0;

  constructor({ capture }: FindingContext) {
    this.#capture = capture;
  }

  /** What one flow says of the recorder. */
  *observe({ flow }: Seen): Iterable<Sighting> {
    if ((flow.snappedSegments ?? 0) > 0) {
      this.#snapped++;
      if (flow.layers.length === 0 || (flow.stage === "tcp" && flow.bytes.clientToServer > 0)) this.#unreadable++;
    }
    const lost = flow.lost.clientToServer + flow.lost.serverToClient;
    /* What a snap length cut was acknowledged and is not there either. */
    if (lost > 0 && flow.snappedSegments === undefined) {
      this.#lossy++;
      this.#lostBytes += lost;
    }
    if (flow.oneSided === true) {
      yield {
        ...base(flow.frames.first, () => oneSidedWords),
        rule: "capture-one-sided",
        severity: "warning",
        flow: flow.id,
      };
    }
    const differing = flow.problems.filter(({ code }) => code === "overlap-differs");
    if (differing.length === 0) return;
    yield {
      rule: "overlap-differs",
      subject: `${flow.id}`,
      severity: "warning",
      grade: "seen",
      flow: flow.id,
      frames: differing.map(({ frame }) => frame),
      words: () => ({
        title: `bytes of the connection to ${flow.server.address} came twice with different content`,
        detail: `${differing[0].detail}. Sound TCP repeats the same bytes: something on the way may inject segments. The first bytes counted here.`,
        remedy: "Capture at both ends and compare; a device on the way that answers in the server's name shows so.",
        filter: serverFilter(flow.server),
      }),
    };
  }

  *conclude(): Iterable<Sighting> {
    const { files, interfaceDrops } = this.#capture;
    // Of a file that gave no frame, its problem says all there is to say.
    const damaged = files.filter((file) => file.damaged && file.frames > 0);
    if (damaged.length > 0) {
      const [problem] = this.#capture.problems.filter(({ code }) => damages.includes(code));
      const words = damagedWords(
        damaged.map(({ name }) => name),
        problem,
        this.#capture.frames,
      );
      yield { ...base(problem?.frame ?? 0, () => words), rule: "capture-damaged", severity: "warning" };
    }
    if (this.#snapped > 0) {
      const severity = this.#unreadable > 0 ? "warning" : "note";
      yield { ...base(0, () => this.#snappedWords()), rule: "capture-snapped", severity };
    }
    const disorder = this.#capture.problems.find(({ code }) => code === "out-of-time-order");
    if (disorder !== undefined) {
      const severity = this.#lossy > 0 ? "warning" : "note";
      yield { ...base(disorder.frame, () => this.#disorderWords(disorder)), rule: "capture-unordered", severity };
    }
    /* What seems lost may stand elsewhere in the file. */
    if (interfaceDrops > 0 || (this.#lossy > 0 && disorder === undefined)) {
      const severity = interfaceDrops > 0 && this.#lossy > 0 ? "warning" : "note";
      yield { ...base(0, () => this.#dropWords()), rule: "capture-drops", severity };
    }
  }

  #snappedWords(): Words {
    const lengths = this.#capture.files.flatMap(({ snapLength }) => (snapLength === undefined ? [] : [snapLength]));
    const cut = lengths.length === 0 ? "" : ` of ${Math.min(...lengths)} bytes`;
    return {
      title: `the snap length${cut} cut the payload of ${counted(this.#snapped, "flow")}`,
      detail:
        `Frames were longer on the wire than in the file.${this.#unreadable > 0 ? ` ${counted(this.#unreadable, "flow")} could not be read at all.` : ""} ` +
        "Names, certificates and alerts may be missing.",
      remedy: "Record again with whole packets: tcpdump -s 0, dumpcap -s 262144.",
      filter: "frame.cap_len < frame.len",
    };
  }

  #disorderWords({ detail }: Problem): Words {
    const holes = this.#lossy > 0 ? ` ${counted(this.#lossy, "flow")} with holes may be whole.` : "";
    return {
      title: "frames stand in the file in another order than that of their times",
      detail: `${detail}. Queues of a network card were written in turns, files were joined one behind the other, or the clock was set back. Frames count here as the file has them: names, answers and how connections ended may be missed.${holes}`,
      remedy: "Put them in the order of their times, and analyze that: reordercap IN OUT, which comes with Wireshark.",
      filter: "frame.time_delta < 0",
    };
  }

  #dropWords(): Words {
    const { interfaceDrops } = this.#capture;
    const dropped =
      interfaceDrops > 0 ? `The recorder says that it dropped ${counted(interfaceDrops, "packet")}. ` : "";
    return {
      title: `the capture lacks packets that were on the wire: ${counted(this.#lossy, "flow")} with holes`,
      detail: `${dropped}${counted(this.#lostBytes, "byte")} were acknowledged but are not in the file. That is loss of the recorder, not of the network.`,
      remedy: "Record with a larger buffer (tcpdump -B 65536) and a narrower filter, and write to a local disk.",
      filter: "tcp.analysis.ack_lost_segment || tcp.analysis.lost_segment",
    };
  }
}

const damages: readonly string[] = [
  "capture-cut",
  "capture-damaged",
  "compression-damaged",
  "block-too-large",
  "interface-unknown",
  "malformed",
];

function base(frame: number, words: () => Words): Pick<Sighting, "subject" | "grade" | "frames" | "words"> {
  return { subject: "", grade: "seen", frames: [frame], words };
}

const oneSidedWords: Words = {
  title: "only one direction of some connections was captured",
  detail:
    "What the other side said is not in the file: refusals, certificates and alerts may be missing, and silence proves nothing.",
  remedy:
    "Record on the client itself, or at a place where both directions pass (asymmetric routes, a mirror port for one direction).",
  filter: "tcp",
};

function damagedWords(names: readonly string[], problem: Problem | undefined, frames: number): Words {
  const lastFrame = problem?.frame ?? 0;
  return {
    title: `${list(names)} could not be read whole`,
    detail: `${problem === undefined ? "" : `${problem.detail}. `}This report rests on the ${counted(frames, "frame")} that could be read.`,
    remedy:
      "Record again, and stop the recorder with an interrupt (Ctrl-C) so that it writes its buffer; or copy the file again.",
    filter: framesFilter(lastFrame > 0 ? [lastFrame] : []),
  };
}
