import { addressText, hostPort, utf8 } from "../bytes/text.ts";
import type { Frame } from "../capture/frame.ts";
import { limits } from "../limits.ts";
import type { Packet } from "../packet/packet.ts";
import type { ConnectionFacts } from "../stream/facts.ts";

/*
 * Where recorders write which process a packet is of:
 *
 *   ptcpdump   comment of the packet: "PID: 7", "Cmd: /usr/bin/git" (once "Command: …"), "Args: …", a line each
 *   Apple      pcapng process block; the reader makes such a comment of it
 *   PKTAP      in the header of the frame, little-endian: length 4, next type 4, link type 4, interface name 24,
 *              flags 4 (1 in, 2 out), family 4, lengths of link header and trailer 8, pid 4, name 20 with NULs
 */

/** A process of the recording machine. Untrusted. Its arguments may hold credentials and are not kept. */
export interface ProcessReport {
  readonly name: string;
  readonly pid: number;
  /** Path of its program, where the recorder has it. */
  readonly path?: string;
  /** Frame that says so. */
  readonly frame: number;
}

type Process = Omit<ProcessReport, "frame">;

interface Owned {
  readonly process: Process;
  readonly firstFrame: number;
}

const linkTypePktap = 258;
const pktapLength = 76;

/**
 * Processes by the connection whose near end they hold.
 *
 * Invariants: an end keeps the processes that took turns at it, up to a cap, and only ends of frames that name a process
 * are kept, up to a cap; equal texts are read once.
 */
export class ProcessLog {
  readonly #ends = new Map<string, Owned[]>();
  readonly #read = new Map<string, Process | undefined>();

  /** Notes the process of a frame with a TCP segment. */
  note(frame: Frame, packet: Packet): void {
    if (frame.comments.length === 0 && frame.linkType !== linkTypePktap) return;
    const pktap = frame.linkType === linkTypePktap && frame.end - frame.start >= pktapLength;
    const process = pktap ? this.#ofPktap(frame) : this.#ofComments(frame.comments);
    if (process === undefined) return;
    const direction = pktap ? frame.view.getUint32(frame.start + 36, true) & 3 : frame.direction;
    const { sourceAddress, sourcePort, destinationAddress, destinationPort } = packet;
    const source = endText(packet, sourceAddress, sourcePort);
    const destination = endText(packet, destinationAddress, destinationPort);
    this.#own(direction === 1 ? `${destination} ${source}` : `${source} ${destination}`, process, frame.number);
  }

  /** The process of a connection's client; undefined where none was named. */
  of(connection: ConnectionFacts): ProcessReport | undefined {
    if (this.#ends.size === 0) return undefined;
    const { clientAddress, clientPort, serverAddress, serverPort, firstFrame, lastFrame } = connection;
    const end = `${hostPort(clientAddress, clientPort)} ${hostPort(serverAddress, serverPort)}`;
    const owned = this.#ends.get(end)?.find((each) => each.firstFrame >= firstFrame && each.firstFrame <= lastFrame);
    return owned === undefined ? undefined : { ...owned.process, frame: owned.firstFrame };
  }

  #own(end: string, process: Process, frame: number): void {
    const owned = this.#ends.get(end);
    if (owned === undefined) {
      if (this.#ends.size < limits.ownedConnections) this.#ends.set(end, [{ process, firstFrame: frame }]);
    } else if (owned.at(-1)?.process !== process && owned.length < limits.processesOfEnd) {
      owned.push({ process, firstFrame: frame });
    }
  }

  #ofComments(comments: readonly string[]): Process | undefined {
    for (const comment of comments) {
      const process = this.#once(comment, () => readComment(comment));
      if (process !== undefined) return process;
    }
    return undefined;
  }

  #ofPktap({ bytes, view, start }: Frame): Process | undefined {
    const pid = view.getInt32(start + 52, true);
    const [name] = utf8(bytes, start + 56, start + pktapLength).split("\0", 1);
    return this.#once(`${pid} ${name}`, () => processOf(pid, name));
  }

  #once(text: string, read: () => Process | undefined): Process | undefined {
    if (this.#read.has(text)) return this.#read.get(text);
    const process = read();
    if (this.#read.size < limits.recordedProcesses) this.#read.set(text, process);
    return process;
  }
}

function endText(packet: Packet, at: number, port: number): string {
  return hostPort(addressText(packet.bytes, at, packet.addressLength), port);
}

function readComment(comment: string): Process | undefined {
  const [, pid, command] = /^PID: (\d{1,10})\r?\n(?:Cmd|Command): ([^\r\n]*)/.exec(comment) ?? [];
  return command === undefined ? undefined : processOf(Number(pid), command);
}

/* Recorders lay packets without a process of their own at the door of the kernel. */
function processOf(pid: number, command: string): Process | undefined {
  const path = command.slice(0, longestPath);
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  if (pid <= 0 || name === "" || name === "kernel_task") return undefined;
  return name === path ? { name, pid } : { name, pid, path };
}

const longestPath = 1024;
