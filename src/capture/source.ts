/** Bytes from somewhere, in order. cli/ makes them from files and standard input; tests make them from arrays. */
export interface ByteSource {
  /** Fills the front of `target`. Returns how many bytes; 0 only at the end. Rejects when the medium fails. */
  read(target: Uint8Array): Promise<number>;
  /** Gives the medium back; nothing is read afterwards. */
  close(): Promise<void>;
}

/** A capture that can be opened, once or again. */
export interface CaptureInput {
  /** What the user calls it: a path, or `-`. Untrusted text for display. */
  readonly name: string;
  /** False for standard input and FIFOs: they can be read once. */
  readonly reopenable: boolean;
  /** Bytes on disk where known, for progress. */
  readonly size?: number;
  /** From the first byte. Rejects when there is none to be had. */
  open(): Promise<ByteSource>;
}
