/** Container format. `pcap-modified` is Kuznetzov's patched libpcap (magic 0xa1b2cd34). */
export const captureFormats = ["pcap", "pcap-nanosecond", "pcap-modified", "pcapng", "unknown"] as const;
/** One of `captureFormats`. */
export type CaptureFormat = (typeof captureFormats)[number];
export const captureCompressions = ["none", "gzip", "zstd", "lz4"] as const;
/** One of `captureCompressions`. */
export type CaptureCompression = (typeof captureCompressions)[number];

/** An interface that the recorder listened on. Texts are empty where not told, and untrusted. */
interface InterfaceFacts {
  readonly linkType: number;
  /** 0 when unlimited. */
  readonly snapLength: number;
  readonly name: string;
  readonly filter: string;
}

/** What was learnt of one capture file besides its frames. */
export interface CaptureFileFacts {
  readonly name: string;
  format: CaptureFormat;
  compression: CaptureCompression;
  /** LINKTYPE_ values in order of appearance. */
  linkTypes: number[];
  /** In order of appearance, over all sections. */
  interfaces: InterfaceFacts[];
  frames: number;
  /** Number, over all files, of the frame before this file's first: what to subtract to get Wireshark's number. */
  framesBefore: number;
  /** Bytes read, after decompression. */
  bytes: number;
  /** Smallest snap length of an interface that is set; absent when unlimited. */
  snapLength?: number;
  /** Frames of which less was captured than was on the wire. */
  snappedFrames: number;
  /** Packets that the recorder says it dropped (ISB). */
  interfaceDrops: number;
  hardware?: string;
  operatingSystem?: string;
  application?: string;
  /** Section, interface and file comments. Untrusted. */
  comments: string[];
  /** The file could not be read whole: cut, damaged, not a capture, or frames had to be left out. The CLI exits 3. */
  damaged: boolean;
}

/** A pcapng decryption secrets block. Its content is secret: never printed. */
export interface SecretsBlock {
  readonly file: string;
  /** `TLSK`, `SSHK`, `WGKL` … as the 32-bit type of the block. */
  readonly type: number;
  /** Number of the last frame read before it; 0 when it came first. */
  readonly afterFrame: number;
  readonly bytes: Uint8Array;
}

/** A name from a pcapng name resolution block. Untrusted. */
export interface ResolvedName {
  readonly address: string;
  readonly names: readonly string[];
}
