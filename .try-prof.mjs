// ../../s1b/prof.ts
import { readFileSync } from "node:fs";

// src/capture/decompression.ts
var DecompressionError = class extends Error {
  name = "DecompressionError";
  /** Offset into the compressed file. */
  offset;
  constructor(offset, what) {
    super(what);
    this.offset = offset;
  }
};
async function expect(input, length, what) {
  if (input.available >= length || await input.fill(length)) return;
  const end = input.offset + input.available;
  throw new DecompressionError(end, `the compressed stream ends at byte ${end}, inside ${what}`);
}
async function atEnd(input) {
  return input.available === 0 && !await input.fill(1);
}
function isSkippableMagic(magic) {
  return (magic & 4294967280) === 407710288;
}
async function skipFrame(input) {
  await expect(input, 8, "a skippable frame");
  input.skip(8 + input.view.getUint32(input.start + 4, true));
  if (input.skipping > 0) await input.fill(0);
  if (input.skipping === 0) return;
  throw new DecompressionError(
    input.offset,
    `the compressed stream ends at byte ${input.offset}, inside a skippable frame`
  );
}

// src/capture/gzip.ts
import { crc32, createInflateRaw } from "node:zlib";
var flagHeaderChecksum = 2;
var flagExtra = 4;
var flagName = 8;
var flagComment = 16;
var inputPiece = 16 << 10;
var outputPiece = 128 << 10;
var longestHeader = 1 << 17;
async function* gunzip(input) {
  while (!await atEnd(input)) {
    await readHeader(input);
    let sum = 0;
    let size = 0;
    const inflater = new Inflater(input);
    try {
      for (let piece = await inflater.next(); piece !== void 0; piece = await inflater.next()) {
        sum = crc32(piece, sum);
        size += piece.length;
        yield piece;
      }
    } finally {
      inflater.close();
    }
    await expect(input, 8, "a member's trailer");
    const { view, start } = input;
    if (view.getUint32(start, true) !== sum) throw damaged(input, "fails its checksum");
    if (view.getUint32(start + 4, true) !== size % 4294967296)
      throw damaged(input, "has another length than it says");
    input.start += 8;
  }
}
async function readHeader(input) {
  await expect(input, 10, "a member's header");
  const { bytes: bytes2, start } = input;
  if (bytes2[start] !== 31 || bytes2[start + 1] !== 139 || bytes2[start + 2] !== 8) {
    throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not a gzip member`);
  }
  const flags = bytes2[start + 3];
  let length = 10;
  if (flags & flagExtra) {
    await expect(input, length + 2, "a member's header");
    length += 2 + input.view.getUint16(input.start + length, true);
  }
  if (flags & flagName) length = await endOfText(input, length);
  if (flags & flagComment) length = await endOfText(input, length);
  if (flags & flagHeaderChecksum) length += 2;
  await expect(input, length, "a member's header");
  input.start += length;
}
async function endOfText(input, from) {
  for (let at = from; at < longestHeader; at++) {
    if (input.available <= at) await expect(input, at + 1, "a member's header");
    if (input.bytes[input.start + at] === 0) return at + 1;
  }
  throw damaged(input, "has an endless header");
}
var Inflater = class {
  #input;
  #zlib = createInflateRaw({ chunkSize: outputPiece });
  #writing = false;
  #finished = false;
  #failure;
  #consumed = 0;
  #wake = () => void 0;
  constructor(input) {
    this.#input = input;
    const wake = () => this.#wake();
    this.#zlib.on("readable", wake);
    this.#zlib.on("end", () => {
      this.#finished = true;
      wake();
    });
    this.#zlib.on("error", (error) => {
      this.#failure = error;
      wake();
    });
  }
  /** The next piece, or undefined behind the end of the stream. */
  async next() {
    for (; ; ) {
      this.#account();
      const piece = this.#zlib.read();
      if (piece !== null) return piece;
      if (this.#failure !== void 0) throw damaged(this.#input, "has bytes that are not DEFLATE");
      if (this.#finished) return void 0;
      if (!this.#writing) await this.#write();
      else await new Promise((resolve) => this.#wake = resolve);
    }
  }
  close() {
    this.#zlib.destroy();
  }
  async #write() {
    await expect(this.#input, 1, "compressed bytes");
    const { bytes: bytes2, start, end } = this.#input;
    this.#writing = true;
    this.#zlib.write(bytes2.subarray(start, Math.min(end, start + inputPiece)), () => {
      this.#writing = false;
      this.#wake();
    });
  }
  #account() {
    const { bytesWritten } = this.#zlib;
    this.#input.start += bytesWritten - this.#consumed;
    this.#consumed = bytesWritten;
  }
};
function damaged(input, what) {
  return new DecompressionError(input.offset, `the gzip member ${what} near byte ${input.offset}`);
}

// src/limits.ts
var limits = {
  /** Bytes of one read from the input: the awaited read costs nothing per frame, and they stay in the cache meanwhile. */
  readBlock: 256 << 10,
  /** Bytes of one pcapng block or pcap record; Wireshark refuses packets over 256 KiB, a block of names may be longer. */
  captureBlock: 16 << 20,
  /** Captured bytes of a pcap record, unless the file sets a larger snap length: MAXIMUM_SNAPLEN of libpcap. */
  capturedLength: 256 << 10,
  /** Link types listed for one file, its comments, comments of one frame, and characters of all text kept of a file. */
  linkTypes: 64,
  captureComments: 256,
  frameComments: 64,
  captureText: 1 << 20,
  /** Window of a zstd frame: what zstd itself accepts unless asked. */
  zstdWindow: 128 << 20,
  /** Bytes of pcapng secrets kept for decryption, over all blocks. */
  secrets: 4 << 20,
  /** Interfaces of one pcapng section; a real recorder has a few dozen. */
  interfaces: 4096,
  /** Process blocks of one pcapng section. */
  recordedProcesses: 4096,
  /** Names taken from pcapng name resolution blocks. */
  resolvedNames: 65536,
  /** Tunnels inside tunnels (GRE, IP in IP, VXLAN, Geneve), VLAN tags and IPv6 extension headers of one frame. */
  encapsulation: 16,
  /** IP datagrams being put together at a time, and bytes of them all. RFC 791 bounds one at 64 KiB. */
  fragmentedDatagrams: 256,
  fragmentBytes: 8 << 20,
  /** Seconds after which an incomplete datagram is given up: RFC 8200 §4.5 says 60, Linux does 30. */
  fragmentSeconds: 30,
  /** Out-of-order bytes and ranges held for one direction: a window of 1 MiB at loss. */
  outOfOrderBytes: 1 << 20,
  outOfOrderRanges: 64,
  /** Segments of which those ranges consist, so that many tiny ones do not cost more than their bytes. */
  outOfOrderPieces: 4096,
  /** Out-of-order bytes held over all connections. */
  outOfOrderTotal: 64 << 20,
  /** Connections followed at a time; the one idle longest is evicted into its finished flow. */
  liveConnections: 65536,
  /** Finished connections remembered, so that their late segments do not look like new ones. */
  finishedConnections: 16384,
  /** A hole that the peer has acknowledged is lost after so many frames or seconds: captures show ACKs before data. */
  holeFrames: 1e3,
  holeSeconds: 3,
  /** A connection that was left open and silent for so long when the capture ended was idle. */
  idleSeconds: 300,
  /** First bytes of a direction of which retransmissions are compared whole; later ones by samples. */
  comparedBytes: 8 << 10,
  /** ICMP errors and interfaces noted for one connection. */
  icmpErrors: 8,
  interfacesPerConnection: 8,
  /** Payload-free flows of one client and one outcome that are listed; the rest are folded. */
  payloadFreeFlows: 1e3,
  /** Payload-free flows that are listed in all, and clients that are told apart among them; 64 bytes each. */
  payloadFreeRows: 1 << 20,
  /** Payload-free flows of which everything is kept; of the others, what fits a row of 64 bytes. */
  payloadFreeDetails: 16384,
  /** Entries of folded flows; the clients beyond share one. */
  foldedClients: 4096,
  /** Bytes of one TLS handshake message; chains of real servers stay below 30 KiB, with OCSP and SCTs below 64. */
  handshakeMessage: 256 << 10,
  /** Certificates of one chain that are looked at; Go's own limit on messages gives about as many. */
  certificates: 64,
  /** Bytes of all distinct certificates kept. */
  certificateBytes: 64 << 20,
  /** TLS records whose lengths are noted after the server's first flight, for what they say without keys. */
  recordLengths: 24,
  /** Bytes of a key log file, and connections whose secrets are taken from one: months of a browser's. */
  keyLogBytes: 64 << 20,
  keyLogConnections: 262144,
  /** Protected bytes of a direction held until its keys can be known (early data, hellos out of order), and of all. */
  heldRecords: 128 << 10,
  heldRecordsTotal: 64 << 20,
  /** Protected records at a time of which a piece has come and the rest has not; 18 kB each. */
  openRecords: 4096,
  /** Numbers tried for the first record behind a loss: 256 records of 16 KiB are more than a receive window. */
  sequenceTrials: 256,
  /** TLS alerts kept for one connection; a real one sends two. */
  alerts: 16,
  /** Bytes looked through for TLS records after a loss: three records, the largest allowed. */
  resynchronize: 64 << 10,
  /** Bytes of an HTTP request or response head. */
  httpHead: 64 << 10,
  /** HTTP exchanges kept for one flow, and requests that wait for their answer at a time. */
  httpExchanges: 4096,
  /** Characters kept of one HTTP field or target, and of all of a flow: module URLs stay below 1 KiB. */
  httpText: 4096,
  httpTextTotal: 1 << 20,
  /** Bytes of a chunk-size line with its extensions, which nobody uses. */
  httpChunkLine: 4096,
  /** First bytes held of a direction until the protocol is told; a server's first flight of TLS is smaller. */
  detection: 16 << 10,
  /** Bytes in the middle of something that pass on a connection joined late until its other direction says what it is. */
  lateDetection: 256 << 10,
  /** Client bytes in which a STARTTLS command is looked for. */
  startTls: 1024,
  /** Client bytes held while a proxy has not answered: a ClientHello, or a pipelined request. */
  tunnelHeld: 64 << 10,
  /** Bytes of a SOCKS message: two names of 255 bytes and their lengths fit. */
  socksMessage: 1024,
  /** Protocol layers nested in one flow: TLS to the proxy, CONNECT, TLS, HTTP and one to spare. */
  layers: 6,
  /** DNS messages kept, and answers of one message. */
  dnsMessages: 65536,
  dnsAnswers: 64,
  /** Addresses that DNS answers gave, and names of one address, kept to name flows. */
  dnsAddresses: 262144,
  dnsNamesPerAddress: 64,
  /** Bytes of a DNS message over TCP. */
  dnsMessage: 65535,
  /** Signature checks for one certification path, as in Go's x509.verify (maxChainSignatureChecks). */
  signatureChecks: 100,
  /** Comparisons of names with name constraints for one path: Go's default until it could search them (1.25). */
  constraintComparisons: 25e4,
  /** Flows up to which the descriptions of all are held between the walks over them: about 3 kB each. */
  describedFlows: 4096,
  /** Texts of one kind that a JSON report keeps for the next flow: a certificate takes about 1 kB. */
  keptTexts: 2048,
  /** Problems kept for one flow and for the capture; the rest are counted. */
  problemsPerFlow: 32,
  problemsPerCapture: 256,
  /** Findings of one analysis; the flows and frames listed in one, the rest are counted. */
  findings: 1e3,
  findingFlows: 50,
  /** Places, and connections to them that failed, remembered until it is known whether another address family worked. */
  findingPlaces: 1e4,
  findingFrames: 20
};

// src/capture/input-block.ts
var InputBlock = class {
  bytes;
  view;
  start = 0;
  end = 0;
  /** Bytes from `start` on that the record there takes; set by the record's reader when it lacks some. */
  needed = 1;
  /** The source gave its last byte. */
  ended = false;
  #source;
  /** Offset in the input of `bytes[0]`. */
  #base = 0;
  #skipping = 0;
  constructor(source, capacity = limits.readBlock) {
    this.#source = source;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }
  /** Offset of `start` in the input. */
  get offset() {
    return this.#base + this.start;
  }
  get available() {
    return this.end - this.start;
  }
  /** Bytes to be skipped that have not arrived yet. */
  get skipping() {
    return this.#skipping;
  }
  /** Moves over bytes, in memory or still to come. */
  skip(count3) {
    const here = Math.min(count3, this.available);
    this.start += here;
    this.#skipping += count3 - here;
  }
  /** Reads until `needed` bytes are available. False when the input ends before that; what came of them is here. */
  async fill(needed) {
    while (!this.ended) {
      this.#makeRoom(needed);
      const room = Math.min(this.bytes.length, this.end + limits.readBlock);
      const count3 = await this.#source.read(this.bytes.subarray(this.end, room));
      this.end += count3;
      this.ended = count3 === 0;
      const skipped = Math.min(this.#skipping, this.available);
      this.start += skipped;
      this.#skipping -= skipped;
      if (this.#skipping === 0 && this.available >= needed && count3 > 0) return true;
    }
    return this.available >= needed;
  }
  async close() {
    await this.#source.close();
  }
  #makeRoom(needed) {
    const tail = this.bytes.length - this.end;
    if (this.start < this.end && this.start + needed <= this.bytes.length && tail >= smallestRead) return;
    const held = this.bytes.subarray(this.start, this.end);
    if (needed > this.bytes.length) {
      this.bytes = new Uint8Array(needed);
      this.view = new DataView(this.bytes.buffer);
      this.bytes.set(held);
    } else if (this.start > 0 && held.length > 0) {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.#base += this.start;
    this.start = 0;
    this.end = held.length;
  }
};
var smallestRead = 1 << 16;

// src/capture/xxh32.ts
var prime1 = 2654435761 | 0;
var prime2 = 2246822519 | 0;
var prime3 = 3266489917 | 0;
var prime4 = 668265263;
var prime5 = 374761393;
var Xxh32 = class {
  #lane1 = prime1 + prime2 | 0;
  #lane2 = prime2;
  #lane3 = 0;
  #lane4 = -prime1 | 0;
  #tail = new Uint8Array(16);
  #tailLength = 0;
  #length = 0;
  update(bytes2, start = 0, end = bytes2.length) {
    this.#length += end - start;
    let at = start;
    if (this.#tailLength > 0) {
      const taken = Math.min(16 - this.#tailLength, end - at);
      this.#tail.set(bytes2.subarray(at, at + taken), this.#tailLength);
      this.#tailLength += taken;
      at += taken;
      if (this.#tailLength < 16) return;
      this.#stripes(this.#tail, 0, 16);
      this.#tailLength = 0;
    }
    const whole = at + (end - at & ~15);
    this.#stripes(bytes2, at, whole);
    this.#tail.set(bytes2.subarray(whole, end));
    this.#tailLength = end - whole;
  }
  /** The checksum so far, unsigned. */
  digest() {
    let sum = prime5;
    if (this.#length >= 16) {
      sum = rotate(this.#lane1, 1) + rotate(this.#lane2, 7) + rotate(this.#lane3, 12) + rotate(this.#lane4, 18);
    }
    sum = sum + this.#length % 4294967296 | 0;
    let at = 0;
    for (; at + 4 <= this.#tailLength; at += 4) {
      sum = Math.imul(rotate(sum + Math.imul(word(this.#tail, at), prime3) | 0, 17), prime4);
    }
    for (; at < this.#tailLength; at++) {
      sum = Math.imul(rotate(sum + Math.imul(this.#tail[at], prime5) | 0, 11), prime1);
    }
    sum = Math.imul(sum ^ sum >>> 15, prime2);
    sum = Math.imul(sum ^ sum >>> 13, prime3);
    return (sum ^ sum >>> 16) >>> 0;
  }
  #stripes(bytes2, start, end) {
    let [lane1, lane2, lane3, lane4] = [this.#lane1, this.#lane2, this.#lane3, this.#lane4];
    for (let at = start; at < end; at += 16) {
      lane1 = round(lane1, word(bytes2, at));
      lane2 = round(lane2, word(bytes2, at + 4));
      lane3 = round(lane3, word(bytes2, at + 8));
      lane4 = round(lane4, word(bytes2, at + 12));
    }
    this.#lane1 = lane1;
    this.#lane2 = lane2;
    this.#lane3 = lane3;
    this.#lane4 = lane4;
  }
};
function xxh32(bytes2, start, end) {
  const sum = new Xxh32();
  sum.update(bytes2, start, end);
  return sum.digest();
}
function round(lane, input) {
  return Math.imul(rotate(lane + Math.imul(input, prime2) | 0, 13), prime1);
}
function rotate(value, bits) {
  return value << bits | value >>> 32 - bits;
}
function word(bytes2, at) {
  return bytes2[at] | bytes2[at + 1] << 8 | bytes2[at + 2] << 16 | bytes2[at + 3] << 24;
}

// src/capture/lz4.ts
var frameMagic = 407708164;
var legacyMagic = 407642370;
var windowLength = 1 << 16;
var largestRatio = 255;
var legacyBlock = 8 << 20;
var legacyLargest = legacyBlock + Math.floor(legacyBlock / 255) + 16;
async function* unlz4(input) {
  while (!await atEnd(input)) {
    await expect(input, 4, "a frame's magic");
    const magic = input.view.getUint32(input.start, true);
    if (isSkippableMagic(magic)) await skipFrame(input);
    else if (magic === frameMagic) yield* decodeFrame(input);
    else if (magic === legacyMagic) yield* decodeLegacyFrame(input);
    else throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not an LZ4 frame`);
  }
}
async function* decodeFrame(input) {
  const header = await readHeader2(input);
  const sum = new Xxh32();
  const output = new Lz4Output(header.largestBlock, header.independent);
  let size = 0;
  for (; ; ) {
    await expect(input, 4, "a block's length");
    const word2 = input.view.getUint32(input.start, true);
    const length = word2 & 2147483647;
    if (word2 === 0) break;
    if (length > header.largestBlock) throw damaged2(input, `claims a block of ${length} bytes`);
    await expect(input, 4 + length + (header.blockChecksums ? 4 : 0), "a block");
    const start = input.start + 4;
    const end = start + length;
    if (header.blockChecksums) checkSum(input, end, xxh32(input.bytes, start, end), "block");
    const piece = output.decode(input.bytes, start, end, word2 >= 2147483648);
    if (piece === void 0) throw damaged2(input, "has a block that contradicts itself");
    input.start = end + (header.blockChecksums ? 4 : 0);
    size += piece.length;
    if (header.contentChecksum) sum.update(piece);
    yield piece;
  }
  input.start += 4;
  if (header.contentChecksum) {
    await expect(input, 4, "the content checksum");
    checkSum(input, input.start, sum.digest(), "content");
    input.start += 4;
  }
  if (header.contentSize !== void 0 && header.contentSize !== size) {
    throw damaged2(input, `decodes to ${size} bytes instead of ${header.contentSize}`);
  }
}
async function readHeader2(input) {
  await expect(input, 7, "a frame header");
  const flags = input.bytes[input.start + 4];
  const sizeLength = flags & 8 ? 8 : 0;
  const length = 7 + sizeLength + (flags & 1 ? 4 : 0);
  await expect(input, length, "a frame header");
  const { bytes: bytes2, view, start } = input;
  const last = start + length - 1;
  const blockSize = bytes2[start + 5] >> 4 & 7;
  if (flags >> 6 !== 1 || blockSize < 4) throw damaged2(input, "has a header of an unknown version");
  if ((xxh32(bytes2, start + 4, last) >>> 8 & 255) !== bytes2[last]) throw damaged2(input, "fails its header checksum");
  if (flags & 1) throw damaged2(input, "needs a dictionary; decompress it with lz4 -D first");
  input.start += length;
  return {
    independent: (flags & 32) !== 0,
    blockChecksums: (flags & 16) !== 0,
    contentChecksum: (flags & 4) !== 0,
    contentSize: sizeLength === 0 ? void 0 : Number(view.getBigUint64(start + 6, true)),
    largestBlock: 1 << 8 + 2 * blockSize
  };
}
async function* decodeLegacyFrame(input) {
  input.start += 4;
  const output = new Lz4Output(legacyBlock, true);
  while (!await atEnd(input)) {
    await expect(input, 4, "a block's length");
    const length = input.view.getUint32(input.start, true);
    if (length > legacyLargest) return;
    await expect(input, 4 + length, "a block");
    const start = input.start + 4;
    const piece = output.decode(input.bytes, start, start + length, false);
    if (piece === void 0) throw damaged2(input, "has a block that contradicts itself");
    input.start = start + length;
    yield piece;
  }
}
function checkSum(input, at, sum, what) {
  if (input.view.getUint32(at, true) !== sum) throw damaged2(input, `fails a ${what} checksum`);
}
function damaged2(input, what) {
  return new DecompressionError(input.offset, `the LZ4 frame ${what} at byte ${input.offset}`);
}
var Lz4Output = class {
  #bytes;
  #largestBlock;
  #independent;
  #at = 0;
  constructor(largestBlock2, independent) {
    this.#largestBlock = largestBlock2;
    this.#independent = independent;
    this.#bytes = new Uint8Array(independent ? 0 : windowLength + Math.max(largestBlock2, limits.readBlock));
  }
  /** Decodes one block. Returns undefined when it contradicts itself. Borrows: until the next call. */
  decode(source, start, end, stored) {
    this.#makeRoom(end - start);
    const from = this.#at;
    const limit = Math.min(this.#bytes.length, from + this.#largestBlock);
    if (!stored) this.#at = this.#decodeSequences(source, start, end, limit);
    else {
      this.#bytes.set(source.subarray(start, end), from);
      this.#at = from + end - start;
    }
    return this.#at < 0 ? void 0 : this.#bytes.subarray(from, this.#at);
  }
  #makeRoom(length) {
    if (this.#independent) {
      const largest = Math.min(this.#largestBlock, length * largestRatio);
      if (largest > this.#bytes.length) this.#bytes = new Uint8Array(largest);
      this.#at = 0;
    } else if (this.#at + this.#largestBlock > this.#bytes.length) {
      const kept = Math.min(windowLength, this.#at);
      this.#bytes.copyWithin(0, this.#at - kept, this.#at);
      this.#at = kept;
    }
  }
  /**
   * Sequences: token 1 (literal length 4 bits, match length - 4), [more literal length], literals, offset 2,
   * [more match length]; the last has literals only. Returns the end of the output, or -1.
   */
  #decodeSequences(source, start, end, limit) {
    const target = this.#bytes;
    let from = start;
    let at = this.#at;
    while (from < end) {
      const token = source[from++];
      let literals = token >> 4;
      if (literals === 15) {
        const behind = endOfLength(source, from, end);
        if (behind < 0) return -1;
        literals += 255 * (behind - from - 1) + source[behind - 1];
        from = behind;
      }
      if (literals > end - from || literals > limit - at) return -1;
      copyLiterals(source, from, target, at, literals);
      from += literals;
      at += literals;
      if (from === end) return at;
      if (end - from < 2) return -1;
      const offset = source[from] | source[from + 1] << 8;
      from += 2;
      let length = token & 15;
      if (length === 15) {
        const behind = endOfLength(source, from, end);
        if (behind < 0) return -1;
        length += 255 * (behind - from - 1) + source[behind - 1];
        from = behind;
      }
      length += 4;
      if (offset === 0 || offset > at || length > limit - at) return -1;
      copyMatch(target, at, offset, length);
      at += length;
    }
    return -1;
  }
};
function endOfLength(source, from, end) {
  let at = from;
  while (at < end && source[at] === 255) at++;
  return at < end ? at + 1 : -1;
}
function copyLiterals(source, from, target, at, length) {
  if (length > 32) target.set(source.subarray(from, from + length), at);
  else for (let index = 0; index < length; index++) target[at + index] = source[from + index];
}
function copyMatch(target, at, offset, length) {
  const from = at - offset;
  if (length <= 64) {
    for (let index = 0; index < length; index++) target[at + index] = target[from + index];
    return;
  }
  const end = at + length;
  for (let to = at; to < end; ) {
    const count3 = Math.min(end - to, to - from);
    target.copyWithin(to, from, from + count3);
    to += count3;
  }
}

// src/capture/zstd.ts
import { Decompress } from "fzstd";
var frameMagic2 = 4247762216;
var largestBlock = 128 << 10;
var blockRle = 1;
var blockReserved = 3;
var movedAllowance = 8 * 2 ** 30;
var movedPerByte = 16384;
var movedPerDecodedByte = 64;
async function* unzstd(input, notes) {
  const effort = new Effort(input);
  while (!await atEnd(input)) {
    await expect(input, 4, "a frame's magic");
    const magic = input.view.getUint32(input.start, true);
    if (isSkippableMagic(magic)) await skipFrame(input);
    else if (magic === frameMagic2) yield* decodeFrame2(input, notes, effort);
    else throw new DecompressionError(input.offset, `what follows at byte ${input.offset} is not a Zstandard frame`);
  }
}
async function* decodeFrame2(input, notes, effort) {
  const header = await readHeader3(input);
  const decoder = new BlockDecoder(input, header.bytes);
  effort.spend(header.window);
  let size = 0;
  for (let last = false; !last; ) {
    await expect(input, 3, "a block header");
    const word2 = input.view.getUint16(input.start, true) | input.bytes[input.start + 2] << 16;
    const type = word2 >> 1 & 3;
    last = (word2 & 1) === 1;
    if (type === blockReserved || word2 >> 3 > largestBlock) throw damaged3(input, "has a block header that is none");
    const length = 3 + (type === blockRle ? 1 : word2 >> 3);
    await expect(input, length, "a block");
    effort.spend(header.window);
    for (const piece of decoder.decode(input.start, length, last)) {
      size += piece.length;
      effort.earn(piece.length);
      yield piece;
    }
    input.start += length;
  }
  if (header.checksum) {
    await expect(input, 4, "the content checksum");
    input.start += 4;
    notes.checksumSkipped = true;
  }
  if (header.contentSize !== void 0 && size !== header.contentSize) {
    throw damaged3(input, `decodes to ${size} bytes instead of ${header.contentSize}`);
  }
}
async function readHeader3(input) {
  await expect(input, 5, "a frame header");
  const descriptor = input.bytes[input.start + 4];
  const singleSegment = (descriptor & 32) !== 0;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3];
  const sizeLength = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  const sizeAt = 5 + (singleSegment ? 0 : 1) + dictionaryLength;
  await expect(input, sizeAt + sizeLength, "a frame header");
  const { view, start } = input;
  if (descriptor & 8) throw damaged3(input, "sets a reserved bit");
  if (dictionaryLength > 0) throw damaged3(input, "needs a dictionary; decompress it with zstd -D first");
  const contentSize = readContentSize(view, start + sizeAt, sizeLength);
  const windowCode = view.getUint8(start + 5);
  const window = singleSegment ? contentSize ?? 0 : 2 ** (10 + (windowCode >> 3)) * (1 + (windowCode & 7) / 8);
  if (window > limits.zstdWindow) {
    throw damaged3(input, `needs a window of ${window} bytes; decompress it with zstd -d --long=31 first`);
  }
  const bytes2 = input.bytes.slice(start, start + sizeAt + sizeLength);
  bytes2[4] &= ~4;
  input.start += bytes2.length;
  return { bytes: bytes2, window, contentSize, checksum: (descriptor & 4) !== 0 };
}
function readContentSize(view, at, length) {
  switch (length) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
    default:
      return void 0;
  }
}
var BlockDecoder = class {
  #input;
  #decompress;
  #pieces = [];
  constructor(input, header) {
    this.#input = input;
    this.#decompress = new Decompress((piece) => {
      if (piece.length > 0) this.#pieces.push(piece);
    });
    this.#push(header, false);
  }
  /** What the block at `start` decodes to; fzstd may hold a first small block back until the next. */
  decode(start, length, last) {
    this.#pieces = [];
    const block = this.#input.bytes.slice(start, start + length);
    this.#push(block.slice(0, 1), false);
    this.#push(block.subarray(1), last);
    return this.#pieces;
  }
  #push(bytes2, last) {
    try {
      this.#decompress.push(bytes2, last);
    } catch {
      throw damaged3(this.#input, "has a block that contradicts itself");
    }
  }
};
var Effort = class {
  #input;
  #moved = 0;
  constructor(input) {
    this.#input = input;
  }
  earn(decoded) {
    this.#moved -= decoded * movedPerDecodedByte;
  }
  spend(window) {
    this.#moved += window;
    if (this.#moved > movedAllowance + movedPerByte * this.#input.offset) {
      throw damaged3(this.#input, "has far more blocks than bytes; decompress it with zstd -d first");
    }
  }
};
function damaged3(input, what) {
  return new DecompressionError(input.offset, `the Zstandard frame ${what} at byte ${input.offset}`);
}

// src/capture/compression.ts
var decoders = { gzip: gunzip, zstd: unzstd, lz4: unlz4 };
var compressedBlock = 256 << 10;
function compressionOf(bytes2, start, end) {
  if (end - start < 4) return "none";
  const magic = new DataView(bytes2.buffer, bytes2.byteOffset + start, end - start).getUint32(0, true);
  if ((magic & 16777215) === 559903) return "gzip";
  if (magic === 4247762216) return "zstd";
  if (magic === 407708164 || magic === 407642370) return "lz4";
  if (!isSkippableMagic(magic)) return "none";
  return afterSkippableFrame(bytes2, start, end);
}
function afterSkippableFrame(bytes2, start, end) {
  const view = new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
  for (let at = start; at + 8 <= end; at += 8 + view.getUint32(at + 4, true)) {
    const magic = view.getUint32(at, true);
    if (isSkippableMagic(magic)) continue;
    return magic === 407708164 || magic === 407642370 ? "lz4" : "zstd";
  }
  return "zstd";
}
function decompressed(source, kind) {
  return new DecompressedSource(source, decoders[kind]);
}
var DecompressedSource = class {
  notes = { checksumSkipped: false };
  #input;
  #pieces;
  #piece = new Uint8Array(0);
  #taken = 0;
  #finished = false;
  #failure;
  constructor(source, decoder) {
    this.#input = new InputBlock(source, compressedBlock);
    this.#pieces = decoder(this.#input, this.notes);
  }
  async read(target) {
    let length = 0;
    while (length < target.length) {
      if (this.#taken === this.#piece.length && !await this.#next()) break;
      const end = Math.min(this.#piece.length, this.#taken + target.length - length);
      target.set(this.#piece.subarray(this.#taken, end), length);
      length += end - this.#taken;
      this.#taken = end;
    }
    if (length === 0 && this.#failure !== void 0) throw this.#failure;
    return length;
  }
  async close() {
    await this.#pieces.return();
    await this.#input.close();
  }
  async #next() {
    if (this.#finished) return false;
    try {
      const next = await this.#pieces.next();
      this.#finished = next.done === true;
      if (next.done !== true) {
        this.#piece = next.value;
        this.#taken = 0;
      }
    } catch (error) {
      this.#finished = true;
      this.#failure = error instanceof Error ? error : new DecompressionError(this.#input.offset, String(error));
    }
    return !this.#finished;
  }
};
function replayed(bytes2, source) {
  let rest = bytes2;
  return {
    async read(target) {
      if (rest.length === 0) return source.read(target);
      const length = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, length));
      rest = rest.subarray(length);
      return length;
    },
    close: async () => source.close()
  };
}

// src/capture/notes.ts
var CaptureNotes = class {
  facts;
  secrets = [];
  names = [];
  /** Told of each secrets block as it is read. */
  onSecrets;
  /** Number of the last frame, over all files. */
  lastFrame;
  /** Ordinal of the next interface, over all files. */
  nextInterface;
  #problems = [];
  #announced = /* @__PURE__ */ new Set();
  #unkeptProblems = 0;
  #firstSnapped = 0;
  #secretBytes = 0;
  #textLength = 0;
  constructor(name, position) {
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
      damaged: false
    };
  }
  /** The problems kept, with one at the end that counts the others. */
  get problems() {
    if (this.#unkeptProblems === 0) return this.#problems;
    const detail = `${this.#unkeptProblems} more problems of this file are not listed`;
    return [...this.#problems, this.#problem("problems-limit", void 0, detail)];
  }
  problem(code, offset, detail) {
    if (this.#problems.length < limits.problemsPerCapture) this.#problems.push(this.#problem(code, offset, detail));
    else this.#unkeptProblems++;
  }
  /** Notes a problem unless one was noted under this key. */
  problemOnce(key, code, offset, detail) {
    if (this.#announced.has(key)) return;
    this.#announced.add(key);
    this.problem(code, offset, detail);
  }
  /** Notes a problem behind which the file cannot be read. */
  damage(code, offset, detail) {
    this.facts.damaged = true;
    this.problem(code, offset, detail);
  }
  /** The input ended `missing` bytes before `what` did. */
  cut(offset, what, missing) {
    this.damage(
      "capture-cut",
      offset,
      `the file ends at byte ${offset}, ${missing} ${missing === 1 ? "byte" : "bytes"} before the end of ${what}; ${this.#readSoFar()}`
    );
  }
  /** The bytes at `offset` contradict the format. */
  contradiction(offset, what) {
    this.damage("capture-damaged", offset, `${what} at byte ${offset}; ${this.#readSoFar()}, the rest is left out`);
  }
  format(format) {
    this.facts.format = format;
  }
  /** Counts a frame. Returns its number. */
  countFrame() {
    this.facts.frames++;
    return ++this.lastFrame;
  }
  /** Counts a frame of which less was captured than was on the wire. */
  countSnapped() {
    if (this.facts.snappedFrames++ === 0) this.#firstSnapped = this.lastFrame;
  }
  interface(linkType, snapLength, name = "", filter = "") {
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
  text(text3) {
    const kept = text3.slice(0, limits.captureText - this.#textLength);
    this.#textLength += kept.length;
    return kept;
  }
  comment(text3) {
    const kept = this.text(text3);
    if (kept !== "" && this.facts.comments.length < limits.captureComments) this.facts.comments.push(kept);
  }
  secret(type, bytes2, offset) {
    this.problemOnce(
      "secrets",
      "secrets-present",
      offset,
      `the file carries decryption secrets (${this.lastFrame === 0 ? "before the first frame" : `first after frame ${this.lastFrame}`}): whoever has it can read the traffic`
    );
    this.#secretBytes += bytes2.length;
    if (this.#secretBytes <= limits.secrets) {
      const block = { file: this.facts.name, type, afterFrame: this.lastFrame, bytes: bytes2.slice() };
      this.secrets.push(block);
      this.onSecrets?.(block);
      return;
    }
    const detail = `more than ${limits.secrets} bytes of secrets; those from byte ${offset} on are not used`;
    this.problemOnce("secrets-limit", "limit", offset, detail);
  }
  /** What can only be said at the end of the file. */
  finish() {
    const { facts } = this;
    if (facts.snappedFrames > 0) {
      const detail = `${facts.snappedFrames} of ${facts.frames} frames were captured in part, frame ${this.#firstSnapped} first; record with snap length 0`;
      this.problem("snapped", void 0, detail);
    }
    if (facts.interfaceDrops > 0) {
      const detail = `the recorder dropped ${facts.interfaceDrops} packets; what is missing may only be missing here`;
      this.problem("interface-drops", void 0, detail);
    }
  }
  #readSoFar() {
    const { frames } = this.facts;
    return frames === 0 ? "no frame was read" : `frame ${this.lastFrame} is the last that was read`;
  }
  #problem(code, offset, detail) {
    const common = { layer: "capture", code, frame: this.lastFrame, detail };
    return offset === void 0 ? common : { ...common, offset };
  }
};

// src/capture/records.ts
var RecordStatus = {
  /** More bytes are needed: `input.needed` from `input.start` on. */
  More: 0,
  /** The frame was filled. */
  Frame: 1,
  /** The bytes contradict the format: nothing after them can be read. The notes say why. */
  Ended: 2
};
var noComments = [];

// src/capture/pcap.ts
var fileHeaderLength = 24;
var recordHeaderLength = 16;
var modifiedRecordHeaderLength = 24;
var packetOutgoing = 4;
var magics = /* @__PURE__ */ new Map([
  [2712847316, { format: "pcap", littleEndian: false }],
  [3569595041, { format: "pcap", littleEndian: true }],
  [2712812621, { format: "pcap-nanosecond", littleEndian: false }],
  [1295823521, { format: "pcap-nanosecond", littleEndian: true }],
  [2712849716, { format: "pcap-modified", littleEndian: false }],
  [885895841, { format: "pcap-modified", littleEndian: true }]
]);
function isPcapMagic(word2) {
  return magics.has(word2);
}
var PcapReader = class {
  #input;
  #notes;
  #interfaceId;
  #started = false;
  #littleEndian = false;
  #modified = false;
  #lengthsMayBeSwapped = false;
  #headerLength = recordHeaderLength;
  #unitNanoseconds = 1e3;
  #unitsPerSecond = 1e6;
  #linkType = 0;
  #largestCapture = limits.capturedLength;
  constructor(input, notes) {
    this.#input = input;
    this.#notes = notes;
    this.#interfaceId = notes.nextInterface;
  }
  next(frame) {
    const input = this.#input;
    if (!this.#started) {
      const status = this.#readFileHeader();
      if (status !== RecordStatus.Frame) return status;
    }
    const at = input.start;
    const available = input.end - at;
    const header = this.#headerLength;
    if (available < header) return this.#want(header);
    const view = input.view;
    const little = this.#littleEndian;
    let captured = view.getUint32(at + 8, little);
    let original = view.getUint32(at + 12, little);
    if (this.#lengthsMayBeSwapped && captured > original) [captured, original] = [original, captured];
    if (captured > this.#largestCapture) return this.#contradiction(captured);
    if (available < header + captured) return this.#want(header + captured);
    frame.number = this.#notes.countFrame();
    if (captured < original) this.#notes.countSnapped();
    frame.linkType = this.#linkType;
    frame.interfaceId = this.#interfaceId;
    frame.originalLength = original < captured ? captured : original;
    frame.bytes = input.bytes;
    frame.view = view;
    frame.start = at + header;
    frame.end = at + header + captured;
    frame.timed = true;
    frame.direction = this.#modified ? direction(view.getUint8(at + 22)) : 0;
    frame.comments = noComments;
    this.#readTime(frame, view.getUint32(at, little), view.getUint32(at + 4, little));
    input.start = frame.end;
    return RecordStatus.Frame;
  }
  finish() {
    const { available, offset, needed } = this.#input;
    if (available === 0 && this.#started) return;
    const what = this.#started ? `the record of frame ${this.#notes.lastFrame + 1}` : "the file header";
    this.#notes.cut(offset + available, what, needed - available);
  }
  /** Some writers let the fraction run over a second; it is carried. */
  #readTime(frame, seconds, fraction) {
    const perSecond = this.#unitsPerSecond;
    const carry = fraction < perSecond ? 0 : Math.floor(fraction / perSecond);
    frame.seconds = seconds + carry;
    frame.nanoseconds = (fraction - carry * perSecond) * this.#unitNanoseconds;
  }
  #readFileHeader() {
    const input = this.#input;
    if (input.available < fileHeaderLength) return this.#want(fileHeaderLength);
    const { view, start: at } = input;
    const variant = magics.get(view.getUint32(at));
    if (variant === void 0) return RecordStatus.Ended;
    const little = variant.littleEndian;
    this.#littleEndian = little;
    this.#notes.format(variant.format);
    this.#modified = variant.format === "pcap-modified";
    if (this.#modified) this.#headerLength = modifiedRecordHeaderLength;
    if (variant.format === "pcap-nanosecond") {
      this.#unitNanoseconds = 1;
      this.#unitsPerSecond = 1e9;
    }
    const major = view.getUint16(at + 4, little);
    const minor = view.getUint16(at + 6, little);
    if (major !== 2) {
      this.#notes.damage("capture-unsupported", 4, `pcap version ${major}.${minor}; versions 2.x are known`);
      return RecordStatus.Ended;
    }
    this.#lengthsMayBeSwapped = minor <= 3;
    const snapLength = view.getUint32(at + 16, little);
    if (snapLength <= limits.captureBlock) this.#largestCapture = Math.max(snapLength, limits.capturedLength);
    this.#linkType = view.getUint32(at + 20, little) & 65535;
    this.#notes.interface(this.#linkType, snapLength);
    this.#notes.nextInterface++;
    input.start += fileHeaderLength;
    this.#started = true;
    return RecordStatus.Frame;
  }
  #want(needed) {
    this.#input.needed = needed;
    return RecordStatus.More;
  }
  #contradiction(captured) {
    const what = `the record of frame ${this.#notes.lastFrame + 1} claims ${captured} captured bytes, more than the ${this.#largestCapture} that this file allows,`;
    this.#notes.contradiction(this.#input.offset, what);
    return RecordStatus.Ended;
  }
};
function direction(packetType) {
  return packetType === packetOutgoing ? 2 : 1;
}

// src/bytes/text.ts
var hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
function hex(bytes2, start = 0, end = bytes2.length) {
  let text3 = "";
  for (let at = start; at < end; at++) text3 += hexPairs[bytes2[at]];
  return text3;
}
function hexCode(value, digits = 4) {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
function latin1(bytes2, start = 0, end = bytes2.length) {
  return Buffer.from(bytes2.buffer, bytes2.byteOffset + start, end - start).toString("latin1");
}
function utf8(bytes2, start = 0, end = bytes2.length) {
  return Buffer.from(bytes2.buffer, bytes2.byteOffset + start, end - start).toString("utf8");
}
function addressText(bytes2, start, length) {
  if (length === 4) return `${bytes2[start]}.${bytes2[start + 1]}.${bytes2[start + 2]}.${bytes2[start + 3]}`;
  const groups = [];
  for (let at = start; at < start + 16; at += 2) groups.push(bytes2[at] << 8 | bytes2[at + 1]);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 65535) {
    return `::ffff:${addressText(bytes2, start + 12, 4)}`;
  }
  const [zerosAt, zeros] = longestZeroRun(groups);
  const text3 = (part) => part.map((group) => group.toString(16)).join(":");
  if (zeros < 2) return text3(groups);
  return `${text3(groups.slice(0, zerosAt))}::${text3(groups.slice(zerosAt + zeros))}`;
}
function longestZeroRun(groups) {
  let best = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best[1]) best = [start, end - start];
    if (end > start) start = end;
  }
  return best;
}

// src/capture/pcapng-block.ts
var PcapngBlock = class {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  littleEndian = true;
  type = 0;
  /** The body, without lengths. */
  start = 0;
  end = 0;
  /** Offset of the block in the file. */
  offset = 0;
  /** The option that `nextOption` found. */
  optionCode = 0;
  optionStart = 0;
  optionLength = 0;
  /** An option ran over the end of the block. */
  overrun = false;
  #optionsAt = 0;
  get length() {
    return this.end - this.start;
  }
  u16(at) {
    return this.view.getUint16(at, this.littleEndian);
  }
  u32(at) {
    return this.view.getUint32(at, this.littleEndian);
  }
  /** An unsigned 64-bit integer, exact up to 2^53. */
  u64(at) {
    const [high, low] = this.littleEndian ? [at + 4, at] : [at, at + 4];
    return this.u32(high) * 4294967296 + this.u32(low);
  }
  /** A signed 64-bit integer, exact up to 2^53. */
  i64(at) {
    const [high, low] = this.littleEndian ? [at + 4, at] : [at, at + 4];
    return this.view.getInt32(high, this.littleEndian) * 4294967296 + this.u32(low);
  }
  /** Puts the cursor before the first option. */
  openOptions(at) {
    this.#optionsAt = at;
    this.overrun = false;
  }
  /** Moves to the next option. False behind the last, or where an option runs over the end: then `overrun` is set. */
  nextOption() {
    const at = this.#optionsAt;
    if (at + 4 > this.end) return false;
    this.optionCode = this.u16(at);
    if (this.optionCode === 0) return false;
    this.optionLength = this.u16(at + 2);
    this.optionStart = at + 4;
    if (this.optionStart + this.optionLength > this.end) {
      this.overrun = true;
      return false;
    }
    this.#optionsAt = this.optionStart + padded(this.optionLength);
    return true;
  }
  /** The option's value as text. Untrusted. Recorders that end it with NUL are met. */
  optionText() {
    return utf8(this.bytes, this.optionStart, this.optionStart + this.optionLength).replace(/\0+$/, "");
  }
};
function padded(length) {
  return length + (-length & 3);
}

// src/capture/timestamp.ts
var twoTo16 = 65536;
var twoTo32 = 4294967296;
var billion = 1e9;
var TimestampScale = class {
  /** if_tsresol: the exponent n, and whether its base is 2. */
  #exponent;
  #binary;
  #offsetSeconds;
  /** Decimal: units per second, at most 10^9, and nanoseconds per unit. */
  #perSecond;
  #unitNanoseconds;
  constructor(resolution = 6, offsetSeconds = 0) {
    this.#binary = (resolution & 128) !== 0;
    this.#exponent = resolution & 127;
    this.#offsetSeconds = offsetSeconds;
    this.#perSecond = 10 ** Math.min(this.#exponent, 9);
    this.#unitNanoseconds = billion / this.#perSecond;
  }
  /** Sets the time of a frame. Cost: three divisions for the decimal resolutions in use. */
  apply(high, low, frame) {
    if (this.#binary) this.#applyBinary(high, low, frame);
    else if (this.#exponent <= 9) this.#applyDecimal(high, low, frame);
    else this.#applyFine(high, low, frame);
    frame.seconds += this.#offsetSeconds;
  }
  #applyDecimal(high, low, frame) {
    const divisor = this.#perSecond;
    const highQuotient = Math.floor(high / divisor);
    const upper = (high - highQuotient * divisor) * twoTo16 + (low >>> 16);
    const upperQuotient = Math.floor(upper / divisor);
    const lower = (upper - upperQuotient * divisor) * twoTo16 + (low & 65535);
    const lowerQuotient = Math.floor(lower / divisor);
    frame.seconds = highQuotient * twoTo32 + upperQuotient * twoTo16 + lowerQuotient;
    frame.nanoseconds = (lower - lowerQuotient * divisor) * this.#unitNanoseconds;
  }
  /** Finer than nanoseconds: first divides the count down to nanoseconds. */
  #applyFine(high, low, frame) {
    let quotientHigh = high;
    let quotientLow = low;
    for (let digits = this.#exponent - 9; digits > 0; digits -= 9) {
      const divisor = 10 ** Math.min(digits, 9);
      const highQuotient = Math.floor(quotientHigh / divisor);
      const upper = (quotientHigh - highQuotient * divisor) * twoTo16 + (quotientLow >>> 16);
      const upperQuotient = Math.floor(upper / divisor);
      const lower = (upper - upperQuotient * divisor) * twoTo16 + (quotientLow & 65535);
      quotientHigh = highQuotient;
      quotientLow = upperQuotient * twoTo16 + Math.floor(lower / divisor);
    }
    this.#applyDecimal(quotientHigh, quotientLow, frame);
  }
  #applyBinary(high, low, frame) {
    const exponent = this.#exponent;
    if (exponent >= 64) {
      frame.seconds = 0;
      frame.nanoseconds = Math.floor(fractionNanoseconds(high, low) / 2 ** (exponent - 64));
    } else if (exponent > 32) {
      const shift = 64 - exponent;
      frame.seconds = high >>> exponent - 32;
      frame.nanoseconds = fractionNanoseconds((high << shift | low >>> 32 - shift) >>> 0, low << shift >>> 0);
    } else {
      const whole = 2 ** exponent;
      const fraction = low % whole;
      frame.seconds = high * 2 ** (32 - exponent) + (low - fraction) / whole;
      frame.nanoseconds = fractionNanoseconds(fraction * 2 ** (32 - exponent), 0);
    }
  }
};
function fractionNanoseconds(high, low) {
  let carry = Math.floor((low & 65535) * billion / twoTo16);
  carry = Math.floor(((low >>> 16) * billion + carry) / twoTo16);
  carry = Math.floor(((high & 65535) * billion + carry) / twoTo16);
  return Math.floor(((high >>> 16) * billion + carry) / twoTo16);
}

// src/capture/pcapng-section.ts
var optionComment = 1;
var PcapngInterface = class {
  /** Over all sections and files of the analysis. */
  id;
  linkType;
  /** 0 when unlimited. */
  snapLength;
  scale;
  /** Packets the recorder says it dropped. */
  drops = 0;
  constructor(id, linkType, snapLength, scale) {
    this.id = id;
    this.linkType = linkType;
    this.snapLength = snapLength;
    this.scale = scale;
  }
};
var PcapngSection = class {
  interfaces = [];
  /** Comments that a frame gets for the process that it names by its ordinal in the section. */
  processes = [];
  #notes;
  constructor(notes) {
    this.#notes = notes;
  }
  /** Takes the options of the section header; the first of a kind wins over all sections. */
  readHeader(block) {
    const { facts } = this.#notes;
    block.openOptions(block.start + 16);
    while (block.nextOption()) {
      if (block.optionCode === optionComment) this.#notes.comment(block.optionText());
      else if (block.optionCode === 2) facts.hardware ??= this.#notes.text(block.optionText());
      else if (block.optionCode === 3) facts.operatingSystem ??= this.#notes.text(block.optionText());
      else if (block.optionCode === 4) facts.application ??= this.#notes.text(block.optionText());
    }
    this.#checkOptions(block);
  }
  readInterface(block) {
    if (block.length < 8) {
      this.#malformed(block, "the interface description block is shorter than its fields");
      return;
    }
    if (this.interfaces.length >= limits.interfaces) {
      const detail = `the section describes more than ${limits.interfaces} interfaces; frames of the others are left out`;
      this.#notes.problemOnce("interfaces", "limit", block.offset, detail);
      return;
    }
    const linkType = block.u16(block.start);
    const snapLength = block.u32(block.start + 4);
    const options = this.#readInterfaceOptions(block);
    const scale = new TimestampScale(options.resolution, options.offsetSeconds);
    this.interfaces.push(new PcapngInterface(this.#notes.nextInterface++, linkType, snapLength, scale));
    this.#notes.interface(linkType, snapLength, options.name, options.filter);
  }
  /** Drops are totals so far: the last block of an interface counts. */
  readStatistics(block) {
    const entry = block.length < 12 ? void 0 : this.interfaces[block.u32(block.start)];
    if (entry === void 0) {
      this.#malformed(block, "the interface statistics block names no interface of its section");
      return;
    }
    let drops = 0;
    let told = false;
    block.openOptions(block.start + 12);
    while (block.nextOption()) {
      const counted = block.optionCode === 5 || block.optionCode === 7;
      if (counted && block.optionLength === 8) {
        drops += block.u64(block.optionStart);
        told = true;
      } else if (block.optionCode === optionComment) this.#notes.comment(block.optionText());
    }
    this.#checkOptions(block);
    if (told) this.countDrops(entry, drops - entry.drops);
  }
  countDrops(entry, more) {
    entry.drops += more;
    this.#notes.facts.interfaceDrops += more;
  }
  readNames(block) {
    let at = block.start;
    while (at + 4 <= block.end) {
      const type = block.u16(at);
      const length = block.u16(at + 2);
      const value = at + 4;
      if (type === 0) return;
      if (value + length > block.end) {
        this.#malformed(block, "a name resolution record runs over the end of its block");
        return;
      }
      if (type === 1) this.#readName(block, value, value + length, 4);
      else if (type === 2) this.#readName(block, value, value + length, 16);
      at = value + padded(length);
    }
  }
  readSecrets(block) {
    const start = block.start + 8;
    const length = block.length < 8 ? Infinity : block.u32(block.start + 4);
    if (start + length > block.end) {
      this.#malformed(block, "the decryption secrets block is shorter than its secrets");
      return;
    }
    this.#notes.secret(block.u32(block.start), block.bytes.subarray(start, start + length), block.offset);
  }
  readProcess(block) {
    if (block.length < 4 || this.processes.length >= limits.recordedProcesses) return;
    let name = "";
    block.openOptions(block.start + 4);
    while (block.nextOption()) if (block.optionCode === 2) name = block.optionText().slice(0, longestName);
    this.processes.push(`PID: ${block.u32(block.start)}
Cmd: ${name}`);
  }
  #readInterfaceOptions(block) {
    const options = { resolution: 6, offsetSeconds: 0, name: "", filter: "" };
    block.openOptions(block.start + 8);
    while (block.nextOption()) {
      const { optionCode: code, optionStart: at, optionLength: length } = block;
      if (code === optionComment) this.#notes.comment(block.optionText());
      else if (code === 2) options.name = block.optionText();
      else if (code === 9 && length === 1) options.resolution = block.view.getUint8(at);
      else if (code === 11 && length > 1 && block.bytes[at] === 0) options.filter = block.optionText().slice(1);
      else if (code === 14 && length === 8) options.offsetSeconds = block.i64(at);
    }
    this.#checkOptions(block);
    return options;
  }
  #readName(block, start, end, addressLength) {
    if (end - start < addressLength) return;
    const text3 = utf8(block.bytes, start + addressLength, end);
    const names3 = text3.split("\0").filter((name) => name !== "" && name.length <= longestName);
    if (names3.length === 0) return;
    if (this.#notes.names.length < limits.resolvedNames) {
      const address = addressText(block.bytes, start, addressLength);
      this.#notes.names.push({ address, names: names3.slice(0, namesOfAddress) });
      return;
    }
    const detail = `the file names more than ${limits.resolvedNames} addresses; the others are not used`;
    this.#notes.problemOnce("names", "limit", block.offset, detail);
  }
  #checkOptions(block) {
    if (block.overrun) this.#malformed(block, "an option runs over the end of its block; those before it are used");
  }
  #malformed(block, what) {
    this.#notes.problem("malformed", block.offset, `${what} (block at byte ${block.offset})`);
  }
};
var longestName = 255;
var namesOfAddress = 16;

// src/capture/pcapng.ts
var BlockType = {
  Interface: 1,
  Packet: 2,
  SimplePacket: 3,
  NameResolution: 4,
  InterfaceStatistics: 5,
  EnhancedPacket: 6,
  DecryptionSecrets: 10,
  /** Apple's tcpdump: a process, which frames name by its ordinal. */
  Process: 2147483649,
  /** A palindrome: read before the byte order is known. */
  SectionHeader: 168627466
};
var numberedBlocks = /* @__PURE__ */ new Set([2989, 1073744813, 9, 516, 520, 534, 535, 545, 546]);
var optionComment2 = 1;
var optionFlags = 2;
var optionProcess = 32769;
var byteOrderMagic = 439041101;
var smallestBlock = 12;
var smallestSectionHeader = 28;
var packetFields = 20;
function isPcapngMagic(word2) {
  return word2 === BlockType.SectionHeader;
}
var PcapngReader = class {
  #input;
  #notes;
  #block = new PcapngBlock();
  #section;
  #littleEndian = true;
  constructor(input, notes) {
    this.#input = input;
    this.#notes = notes;
    this.#section = new PcapngSection(notes);
    notes.format("pcapng");
  }
  next(frame) {
    const input = this.#input;
    for (; ; ) {
      const at = input.start;
      const available = input.end - at;
      if (available < smallestBlock) return this.#want(smallestBlock);
      const { view } = input;
      const type = view.getUint32(at, this.#littleEndian);
      if (type === BlockType.SectionHeader && !this.#readByteOrder(view.getUint32(at + 8))) return RecordStatus.Ended;
      const little = this.#littleEndian;
      const length = view.getUint32(at + 4, little);
      if (length < smallestBlock || (length & 3) !== 0)
        return this.#contradiction(`claims a length of ${length} bytes`);
      if (length > limits.captureBlock) {
        this.#skipLarge(type, length);
        continue;
      }
      if (available < length) return this.#want(length);
      const again = view.getUint32(at + length - 4, little);
      if (again !== length) return this.#contradiction(`gives its length as ${length} before and ${again} behind it`);
      const status = this.#readBlock(type, length, frame);
      input.start = at + length;
      if (status !== RecordStatus.More) return status;
    }
  }
  finish() {
    const { available, offset, needed, skipping } = this.#input;
    if (skipping > 0) this.#notes.cut(offset, "a block that is left out", skipping);
    else if (available > 0) this.#notes.cut(offset + available, `the block at byte ${offset}`, needed - available);
  }
  /** Returns `More` when the block carried no frame and the next one may be read. */
  #readBlock(type, length, frame) {
    const block = this.#openBlock(type, length);
    switch (type) {
      case BlockType.EnhancedPacket:
        return this.#readPacket(block.length < packetFields ? -1 : block.u32(block.start), frame);
      case BlockType.Packet:
        return this.#readPacket(block.length < packetFields ? -1 : this.#readDrops(block), frame);
      case BlockType.SimplePacket:
        return this.#readSimplePacket(frame);
      case BlockType.SectionHeader:
        return this.#readSectionHeader();
      case BlockType.Interface:
        this.#section.readInterface(block);
        break;
      case BlockType.NameResolution:
        this.#section.readNames(block);
        break;
      case BlockType.InterfaceStatistics:
        this.#section.readStatistics(block);
        break;
      case BlockType.DecryptionSecrets:
        this.#section.readSecrets(block);
        break;
      case BlockType.Process:
        this.#section.readProcess(block);
        break;
      default:
        if (numberedBlocks.has(type)) this.#notes.countFrame();
    }
    return RecordStatus.More;
  }
  #openBlock(type, length) {
    const { bytes: bytes2, view, start, offset } = this.#input;
    const block = this.#block;
    block.bytes = bytes2;
    block.view = view;
    block.littleEndian = this.#littleEndian;
    block.type = type;
    block.offset = offset;
    block.start = start + 8;
    block.end = start + length - 4;
    return block;
  }
  /** `interfaceNumber` is -1 where the block is too short to name one. */
  #readPacket(interfaceNumber, frame) {
    const block = this.#block;
    const { start, end } = block;
    if (interfaceNumber < 0) return this.#refuseFrame("malformed", "is shorter than its fields");
    const entry = this.#section.interfaces[interfaceNumber];
    if (entry === void 0) return this.#refuseUnknownInterface(interfaceNumber);
    const captured = block.u32(start + 12);
    const from = start + packetFields;
    if (captured > end - from)
      return this.#refuseFrame("malformed", `claims ${captured} captured bytes, more than it holds`);
    this.#fill(frame, entry, from, captured, block.u32(start + 16));
    frame.timed = true;
    entry.scale.apply(block.u32(start + 4), block.u32(start + 8), frame);
    const options = from + padded(captured);
    if (options + 4 <= end) this.#readPacketOptions(options, frame);
    return RecordStatus.Frame;
  }
  #readSimplePacket(frame) {
    const block = this.#block;
    if (block.length < 4) return this.#refuseFrame("malformed", "is shorter than its fields");
    const entry = this.#section.interfaces[0];
    if (entry === void 0) return this.#refuseUnknownInterface(0);
    const original = block.u32(block.start);
    const limit = entry.snapLength === 0 ? original : Math.min(original, entry.snapLength);
    this.#fill(frame, entry, block.start + 4, Math.min(limit, block.length - 4), original);
    frame.timed = false;
    frame.seconds = 0;
    frame.nanoseconds = 0;
    const detail = `frame ${frame.number} comes without a time (simple packet block), as may others; record as enhanced packets`;
    this.#notes.problemOnce("timestamp", "no-timestamp", block.offset, detail);
    return RecordStatus.Frame;
  }
  #fill(frame, entry, from, captured, original) {
    const block = this.#block;
    frame.number = this.#notes.countFrame();
    if (captured < original) this.#notes.countSnapped();
    frame.linkType = entry.linkType;
    frame.interfaceId = entry.id;
    frame.originalLength = original < captured ? captured : original;
    frame.bytes = block.bytes;
    frame.view = block.view;
    frame.start = from;
    frame.end = from + captured;
    frame.direction = 0;
    frame.comments = noComments;
  }
  #readPacketOptions(at, frame) {
    const block = this.#block;
    block.openOptions(at);
    while (block.nextOption()) {
      const { optionCode: code, optionLength: length } = block;
      if (code === optionFlags && length === 4) frame.direction = block.u32(block.optionStart) & 3;
      else if (code === optionComment2) addComment(frame, block.optionText());
      else if (code === optionProcess && length === 4) {
        const process2 = this.#section.processes[block.u32(block.optionStart)];
        if (process2 !== void 0) addComment(frame, process2);
      }
    }
    if (!block.overrun) return;
    const detail = `an option of frame ${frame.number} runs over the end of its block; those before it are used`;
    this.#notes.problem("malformed", block.offset, detail);
  }
  /** Drops stand before the interface's next packet. 0xffff is "not known". */
  #readDrops(block) {
    const interfaceNumber = block.u16(block.start);
    const drops = block.u16(block.start + 2);
    const entry = this.#section.interfaces[interfaceNumber];
    if (entry !== void 0 && drops !== 65535) this.#section.countDrops(entry, drops);
    return interfaceNumber;
  }
  #readByteOrder(magic) {
    if (magic === byteOrderMagic) this.#littleEndian = false;
    else if (magic === 1295788826) this.#littleEndian = true;
    else {
      this.#contradiction(`is a section header with the byte-order magic ${hexCode(magic, 8)}`);
      return false;
    }
    return true;
  }
  #readSectionHeader() {
    const block = this.#block;
    if (block.length < smallestSectionHeader - smallestBlock)
      return this.#contradiction("is too short a section header");
    const major = block.u16(block.start + 4);
    if (major !== 1) {
      const detail = `the section at byte ${block.offset} is of pcapng version ${major}; version 1 is known`;
      this.#notes.damage("capture-unsupported", block.offset, detail);
      return RecordStatus.Ended;
    }
    this.#section = new PcapngSection(this.#notes);
    this.#section.readHeader(block);
    return RecordStatus.More;
  }
  /** The frame is counted, as Wireshark numbers it, and left out. */
  #refuseUnknownInterface(interfaceNumber) {
    this.#notes.countFrame();
    const { lastFrame } = this.#notes;
    const detail = `frame ${lastFrame} is of interface ${interfaceNumber}, which its section does not describe; it is left out, as are others of such`;
    this.#notes.facts.damaged = true;
    this.#notes.problemOnce("interface", "interface-unknown", this.#block.offset, detail);
    return RecordStatus.More;
  }
  #refuseFrame(code, what) {
    const number = this.#notes.countFrame();
    this.#notes.damage(code, this.#block.offset, `the block of frame ${number} ${what}; the frame is left out`);
    return RecordStatus.More;
  }
  /** A block larger than any recorder writes: memory is not spent on it. */
  #skipLarge(type, length) {
    const { offset } = this.#input;
    if (carriesFrame(type)) this.#notes.countFrame();
    const detail = `the block at byte ${offset} (type ${hexCode(type, 8)}) has ${length} bytes, more than ${limits.captureBlock}; it is left out`;
    this.#notes.problem("block-too-large", offset, detail);
    this.#input.skip(length);
  }
  #want(needed) {
    this.#input.needed = needed;
    return RecordStatus.More;
  }
  #contradiction(what) {
    this.#notes.contradiction(this.#input.offset, `the block ${what}`);
    return RecordStatus.Ended;
  }
};
function carriesFrame(type) {
  return type === BlockType.EnhancedPacket || type === BlockType.SimplePacket || type === BlockType.Packet || numberedBlocks.has(type);
}
function addComment(frame, text3) {
  if (frame.comments.length < limits.frameComments) frame.comments = [...frame.comments, text3];
}

// src/capture/strangers.ts
var convert = "convert it: editcap -F pcapng IN OUT.pcapng";
var unpack = (command) => `decompress it first: ${command}`;
var byMagic = [
  ["snoop\0\0\0", "a snoop capture (Solaris)", convert],
  ["TRSNIFF data    ", "a Network General Sniffer capture", convert],
  ["XCP\0", "a NetXRay capture", convert],
  ["GMBU", "a Microsoft Network Monitor capture", convert],
  ["RTSS", "a Microsoft Network Monitor 1.x capture", convert],
  ["iptrace ", "an iptrace capture (AIX)", convert],
  ["\x7Fver", "a Peek capture (LiveAction, Savvius)", convert],
  ["PK", "a zip archive", "unpack it and give the capture inside"],
  ["\xFD7zXZ\0", "an xz file", unpack("xz -d")],
  ["BZh", "a bzip2 file", unpack("bzip2 -d")],
  ["7z\xBC\xAF'", "a 7z archive", "unpack it and give the capture inside"],
  ["Rar!", "a RAR archive", "unpack it and give the capture inside"],
  ["\x7FELF", "a program", "give a capture file"],
  ["SQLite format 3\0", "an SQLite database", "give a capture file"],
  ["%PDF-", "a PDF document", "give a capture file"],
  ["version https://git-lfs", "a Git LFS pointer", "fetch the file itself: git lfs pull"],
  ["-----BEGIN ", "a PEM file", "give a capture file"]
];
var byText = [
  [
    /^\s*<(!doctype html|html)\b/i,
    "an HTML page",
    "the download gave a page instead of the capture; fetch the file itself"
  ],
  [/^\s*<\?xml\b|^\s*<pdml\b/i, "an XML text", "save the packets themselves as pcapng"],
  [
    /^(#.*\n)*(CLIENT_RANDOM|SERVER_HANDSHAKE_TRAFFIC_SECRET|CLIENT_HANDSHAKE_TRAFFIC_SECRET) /,
    "a TLS key log",
    "give the capture here, and the key log as a key log"
  ],
  [
    /^(tcpdump: |reading from file|(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3,9} \S)/,
    "what tcpdump prints, a text log",
    "record the packets themselves: tcpdump -w FILE"
  ],
  [
    /^\s*\d+ +\d+\.\d+ +\S+ +(→|->) /,
    "what tshark prints, a text log",
    "record the packets themselves: tshark -w FILE"
  ],
  [/^\s*[{[]/, "JSON", "give the capture that it was made from"]
];
function describeStranger(bytes2) {
  const head = latin1(bytes2, 0, Math.min(bytes2.length, 512));
  const stranger = knownMagic(head) ?? lanalyzer(bytes2) ?? erf(bytes2) ?? text(bytes2, head) ?? unknown;
  return `this is not a capture in pcap or pcapng format; it looks like ${stranger.looksLike}: ${stranger.remedy}`;
}
var unknown = {
  looksLike: "nothing that is known here",
  remedy: "if Wireshark opens it, save it there as pcapng, or run editcap -F pcapng IN OUT.pcapng"
};
function knownMagic(head) {
  const found = byMagic.find(([magic]) => head.startsWith(magic));
  if (found !== void 0) return { looksLike: found[1], remedy: found[2] };
  if (head.startsWith("ustar", 257))
    return { looksLike: "a tar archive", remedy: "unpack it and give the capture inside" };
  return void 0;
}
function text(bytes2, head) {
  const plain = head.startsWith("\xFF\xFE") ? head.slice(2).replaceAll("\0", "") : utf8(bytes2, 0, head.length);
  if (Array.from(plain.slice(0, -1)).some(isBinary)) return void 0;
  const found = byText.find(([pattern]) => pattern.test(plain.replace(/^\ufeff/, "")));
  if (found !== void 0) return { looksLike: found[1], remedy: found[2] };
  return { looksLike: "a text file", remedy: "give a capture file" };
}
function isBinary(character) {
  const code = character.charCodeAt(0);
  return code < 9 || code > 13 && code < 27 || code === 65533;
}
function lanalyzer(bytes2) {
  if (bytes2.length < 8 || bytes2[1] !== 16 || bytes2[0] !== 1 && bytes2[0] !== 7) return void 0;
  const length = bytes2[2] | bytes2[3] << 8;
  const next = 4 + length;
  if (next + 2 <= bytes2.length && bytes2[next + 1] !== 16) return void 0;
  return { looksLike: "a LANalyzer capture", remedy: convert };
}
function erf(bytes2) {
  let at = 0;
  let records = 0;
  while (at + 16 <= bytes2.length && records < 8) {
    const type = bytes2[at + 8] & 127;
    const length = bytes2[at + 10] << 8 | bytes2[at + 11];
    if (type === 0 || type > 48 || length < 16) return void 0;
    at += length;
    records++;
  }
  return records > 1 && at <= bytes2.length + 65535 ? { looksLike: "an ERF capture (Endace)", remedy: convert } : void 0;
}

// src/capture/reader.ts
var CaptureReader = class _CaptureReader {
  #notes;
  #input;
  #records;
  #decompressed;
  #ended = false;
  #finished = false;
  constructor(input, notes) {
    this.#input = input;
    this.#notes = notes;
  }
  /** Opens a capture and reads its first block. Rejects when the input cannot be opened. */
  static async open(input, position = firstPosition) {
    const source = await input.open();
    const reader = new _CaptureReader(new InputBlock(source), new CaptureNotes(input.name, position));
    await reader.#start(source);
    return reader;
  }
  get facts() {
    return this.#notes.facts;
  }
  get problems() {
    return this.#notes.problems;
  }
  get secrets() {
    return this.#notes.secrets;
  }
  /** Whom to tell of a secrets block before the frames behind it. */
  set onSecrets(listener) {
    this.#notes.onSecrets = listener;
  }
  get names() {
    return this.#notes.names;
  }
  /** Where the next file of the analysis stands. */
  get position() {
    return { framesBefore: this.#notes.lastFrame, interfacesBefore: this.#notes.nextInterface };
  }
  /** Fills the frame with the next one of the bytes in memory. False when `fill` is due. */
  next(frame) {
    if (this.#ended) return false;
    const status = this.#records.next(frame);
    if (status === RecordStatus.Ended) this.#ended = true;
    return status === RecordStatus.Frame;
  }
  /** Reads on: about one `limits.readBlock`, more only for a larger record. False at the end of the file. */
  async fill() {
    if (this.#ended) return this.#finish();
    const more = await this.#read(this.#input.needed);
    if (!more) this.#records.finish();
    return more || this.#finish();
  }
  async close() {
    await this.#input.close();
  }
  async #start(source) {
    await this.#read(identifyingBytes);
    const { bytes: bytes2, start, end } = this.#input;
    const compression = compressionOf(bytes2, start, end);
    if (compression !== "none") {
      this.#notes.facts.compression = compression;
      this.#decompressed = decompressed(replayed(bytes2.slice(start, end), source), compression);
      this.#input = new InputBlock(this.#decompressed);
      await this.#read(identifyingBytes);
    }
    this.#records = this.#recognise();
    this.#ended = this.#records === void 0;
  }
  #recognise() {
    const { bytes: bytes2, view, start, end, available } = this.#input;
    const notes = this.#notes;
    if (available === 0) {
      if (!notes.facts.damaged) notes.damage("capture-empty", 0, "the file is empty: nothing was recorded into it");
      return void 0;
    }
    const magic = available < 4 ? 0 : view.getUint32(start);
    if (isPcapMagic(magic)) return new PcapReader(this.#input, notes);
    if (isPcapngMagic(magic)) return new PcapngReader(this.#input, notes);
    const nested = this.#decompressed === void 0 ? "none" : compressionOf(bytes2, start, end);
    const detail = nested === "none" ? describeStranger(bytes2.subarray(start, end)) : `the file is compressed twice, inside with ${nested}: decompress it once first`;
    notes.damage("capture-unsupported", 0, detail);
    return void 0;
  }
  /** False when the input has ended before `needed` bytes, for good or because it is damaged. */
  async #read(needed) {
    try {
      return await this.#input.fill(needed);
    } catch (error) {
      this.#input.ended = true;
      const { offset, available } = this.#input;
      const { lastFrame } = this.#notes;
      if (error instanceof DecompressionError) {
        const detail = `${error.message}; frame ${lastFrame} is the last before it`;
        this.#notes.damage("compression-damaged", offset + available, detail);
      } else if (isSystemError(error)) {
        const detail = `reading failed at byte ${offset + available}: ${error.message}; frame ${lastFrame} is the last before it`;
        this.#notes.damage("capture-cut", offset + available, detail);
      } else throw error;
      return this.#input.available >= needed;
    } finally {
      this.#notes.facts.bytes = this.#input.offset + this.#input.available;
    }
  }
  /** Returns false, for `fill`. */
  #finish() {
    this.#ended = true;
    if (this.#finished) return false;
    this.#finished = true;
    if (this.#decompressed?.notes.checksumSkipped === true) {
      const detail = "the checksum of the zstd file was not verified; zstd -t checks it";
      this.#notes.problem("checksum-not-verified", void 0, detail);
    }
    this.#notes.finish();
    return false;
  }
};
var firstPosition = { framesBefore: 0, interfacesBefore: 0 };
var identifyingBytes = 4;
function isSystemError(error) {
  return error instanceof Error && typeof error.code === "string";
}

// src/capture/frame.ts
var Frame = class {
  /** From 1, over all files of the analysis. Exact up to 2^53. */
  number = 0;
  /** Time since the Unix epoch; both 0, and `timed` false, where the format gives none (pcapng simple packets). */
  seconds = 0;
  nanoseconds = 0;
  timed = true;
  /** LINKTYPE_ value of the frame's interface. */
  linkType = 0;
  /** Ordinal of the interface over all sections and files of the analysis. */
  interfaceId = 0;
  /** Bytes on the wire; `end - start` is what was captured. */
  originalLength = 0;
  bytes = new Uint8Array(0);
  view = new DataView(new ArrayBuffer(0));
  start = 0;
  end = 0;
  /** pcapng epb_flags direction bits: 0 unknown, 1 inbound, 2 outbound. */
  direction = 0;
  /** pcapng comments of this frame, if any: recorders put process names there. Untrusted. */
  comments = noComments2;
};
var noComments2 = [];

// src/problem.ts
var ProblemLog = class {
  kept = [];
  more = 0;
  #limit;
  constructor(limit) {
    this.#limit = limit;
  }
  note(problem) {
    if (this.kept.length < this.#limit) this.kept.push(problem);
    else this.more++;
  }
};

// src/bytes/malformed.ts
var MalformedError = class extends Error {
  name = "MalformedError";
  code;
  /** Offset into the message being parsed. */
  offset;
  /** The element that was being read, by its name in the specification. */
  what;
  /** Cost: no stack trace is gathered, which would be most of it: hostile traffic may raise one a packet. */
  constructor(code, offset, what) {
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`${what}: ${code} at offset ${offset}`);
    Error.stackTraceLimit = depth;
    this.code = code;
    this.offset = offset;
    this.what = what;
  }
};

// src/bytes/byte-reader.ts
var ByteReader = class _ByteReader {
  bytes;
  end;
  /** The element being read, for errors. */
  what;
  #offset;
  #view;
  constructor(bytes2, what, start = 0, end = bytes2.length, view) {
    this.bytes = bytes2;
    this.what = what;
    this.#offset = start;
    this.end = end;
    this.#view = view ?? new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
  }
  get offset() {
    return this.#offset;
  }
  get remaining() {
    return this.end - this.#offset;
  }
  u8() {
    return this.#view.getUint8(this.#take(1));
  }
  u16() {
    return this.#view.getUint16(this.#take(2));
  }
  u24() {
    const at = this.#take(3);
    return this.#view.getUint16(at) << 8 | this.#view.getUint8(at + 2);
  }
  u32() {
    return this.#view.getUint32(this.#take(4));
  }
  /** The next `length` bytes. Borrows: the view is valid as long as the bytes below the reader are. */
  slice(length) {
    const at = this.#take(length);
    return this.bytes.subarray(at, at + length);
  }
  /** Everything up to the end. Borrows, like `slice`. */
  rest() {
    return this.slice(this.remaining);
  }
  skip(length) {
    this.#take(length);
  }
  /** A cursor over the next `length` bytes, which this one skips. */
  child(length, what) {
    const at = this.#take(length);
    return new _ByteReader(this.bytes, what, at, at + length, this.#view);
  }
  /** Throws `trailing` unless every byte was read. */
  expectEnd() {
    if (this.#offset !== this.end) throw this.malformed("trailing");
  }
  malformed(code) {
    return new MalformedError(code, this.#offset, this.what);
  }
  #take(length) {
    const at = this.#offset;
    if (length > this.end - at) throw this.malformed("truncated");
    this.#offset = at + length;
    return at;
  }
};

// src/protocol/dns/message.ts
function parseDnsMessage(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "dns message", start, end);
  const id = reader.u16();
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16(), reader.u16() + reader.u16()];
  const truncated = (flags & 512) !== 0;
  let name = "";
  let type = 0;
  for (let index = 0; index < counts[0]; index++) {
    if (index === 0) name = readName(reader, start);
    else skipName(reader);
    const questionType = reader.u16();
    if (index === 0) type = questionType;
    reader.skip(2);
  }
  const answers = [];
  if (!truncated) {
    readRecords(reader, start, counts[1], answers);
    readRecords(reader, start, counts[2], void 0);
    reader.expectEnd();
  }
  return {
    id,
    response: (flags & 32768) !== 0,
    opcode: flags >> 11 & 15,
    truncated,
    responseCode: flags & 15,
    questions: counts[0],
    name,
    type,
    answers
  };
}
function readRecords(reader, start, count3, answers) {
  for (let index = 0; index < count3; index++) {
    const kept = answers !== void 0 && answers.length < limits.dnsAnswers;
    const name = kept ? readName(reader, start) : skipName(reader);
    const type = reader.u16();
    const recordClass = reader.u16();
    const ttlSeconds = reader.u32();
    const data = reader.child(reader.u16(), "rdata");
    if (kept && recordClass === 1) answers.push(readAnswer(name, type, ttlSeconds, data, start));
  }
}
function readAnswer(name, type, ttlSeconds, data, start) {
  switch (type) {
    case DnsType.A:
    case DnsType.Aaaa: {
      const length = type === DnsType.A ? 4 : 16;
      if (data.remaining !== length) throw data.malformed("bad-length");
      const value = addressText(data.bytes, data.offset, length);
      return { name, type: type === DnsType.A ? "A" : "AAAA", value, ttlSeconds };
    }
    case DnsType.Cname: {
      const value = readName(data, start);
      data.expectEnd();
      return { name, type: "CNAME", value, ttlSeconds };
    }
    case DnsType.Https:
    case DnsType.Svcb: {
      data.skip(2);
      const target = readName(data, start);
      return {
        name,
        type: type === DnsType.Https ? "HTTPS" : "SVCB",
        value: target === "" ? name : target,
        ttlSeconds
      };
    }
    default:
      return { name, type: "other", value: "", ttlSeconds };
  }
}
function readName(reader, messageStart) {
  let text3 = "";
  let wireLength = 1;
  let at = reader;
  let labelsStart = reader.offset;
  let pointers = 0;
  for (; ; ) {
    const length = at.u8();
    if (length === 0) return text3;
    if (length >= 192) {
      const target = messageStart + ((length & 63) << 8 | at.u8());
      if (target >= labelsStart) throw at.malformed("bad-value");
      if (++pointers > 127) throw at.malformed("too-deep");
      at = new ByteReader(reader.bytes, "name", target, labelsStart);
      labelsStart = target;
      continue;
    }
    if (length > 63) throw at.malformed("bad-value");
    wireLength += length + 1;
    if (wireLength > 255) throw at.malformed("too-large");
    text3 = text3 === "" ? labelText(at, length) : `${text3}.${labelText(at, length)}`;
  }
}
function labelText(reader, length) {
  let text3 = "";
  for (let index = 0; index < length; index++) {
    const byte = reader.u8();
    if (byte === 46 || byte === 92) text3 += `\\${String.fromCharCode(byte)}`;
    else if (byte <= 32 || byte >= 127) text3 += `\\${byte.toString().padStart(3, "0")}`;
    else text3 += String.fromCharCode(byte >= 65 && byte <= 90 ? byte | 32 : byte);
  }
  return text3;
}
function skipName(reader) {
  for (; ; ) {
    const length = reader.u8();
    if (length === 0) return "";
    if (length >= 192) {
      reader.skip(1);
      return "";
    }
    if (length > 63) throw reader.malformed("bad-value");
    reader.skip(length);
  }
}
function isPlausibleDns(bytes2, start, end) {
  if (end - start < 17 || !isPlausibleHeader(bytes2, start)) return false;
  try {
    const message = parseDnsMessage(bytes2, start, end);
    return message.name !== "" && dnsTypeNames.has(message.type) && !message.name.includes("\\");
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
function isPlausibleHeader(bytes2, start) {
  const flags = bytes2[start + 2] << 8 | bytes2[start + 3];
  const count3 = (index) => bytes2[start + 4 + 2 * index] << 8 | bytes2[start + 5 + 2 * index];
  if ((flags & 30784) !== 0 || count3(0) !== 1) return false;
  if ((flags & 32768) !== 0) return (flags & 15) <= 10 && count3(1) <= 512 && count3(2) <= 64 && count3(3) <= 512;
  return (flags & 1679) === 0 && count3(1) === 0 && count3(2) === 0 && count3(3) <= 2;
}
function dnsTypeName(type) {
  return dnsTypeNames.get(type) ?? `TYPE${type}`;
}
function responseCodeName(code) {
  return responseCodes[code] ?? `RCODE${code}`;
}
var DnsType = { A: 1, Cname: 5, Aaaa: 28, Svcb: 64, Https: 65 };
var dnsTypeNames = /* @__PURE__ */ new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [13, "HINFO"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [35, "NAPTR"],
  [39, "DNAME"],
  [43, "DS"],
  [46, "RRSIG"],
  [47, "NSEC"],
  [48, "DNSKEY"],
  [50, "NSEC3"],
  [52, "TLSA"],
  [64, "SVCB"],
  [65, "HTTPS"],
  [99, "SPF"],
  [252, "AXFR"],
  [255, "ANY"],
  [257, "CAA"]
]);
var responseCodes = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE"
];

// src/protocol/dns/log.ts
var DnsLog = class {
  facts = [];
  #problem;
  #entries = /* @__PURE__ */ new Map();
  #names = /* @__PURE__ */ new Map();
  #strings = /* @__PURE__ */ new Map();
  #full = false;
  /** `problem` notes damaged messages and the cap, for the layer `dns`. */
  constructor(problem) {
    this.#problem = problem;
  }
  /**
   * Takes a UDP datagram. Returns whether it is DNS: by its port (53), or on another port by every one of its bytes.
   * Multicast DNS and LLMNR are recognised by port and not logged: they name no host that Go would reach.
   *
   * Borrows: the packet, for the duration of the call.
   */
  datagram(packet, moment) {
    const { sourcePort, destinationPort, bytes: bytes2, payloadStart, payloadEnd } = packet;
    if (isMulticastPort(destinationPort) || isMulticastPort(sourcePort)) return true;
    const known = sourcePort === 53 || destinationPort === 53;
    if (!known && !isPlausibleDns(bytes2, payloadStart, payloadEnd)) return false;
    if (packet.payloadLength > payloadEnd - payloadStart) return true;
    try {
      const message = parseDnsMessage(bytes2, payloadStart, payloadEnd);
      const path = {
        source: addressText(bytes2, packet.sourceAddress, packet.addressLength),
        sourcePort,
        destination: addressText(bytes2, packet.destinationAddress, packet.addressLength),
        destinationPort,
        transport: "udp"
      };
      this.#note(message, path, moment);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#problem("malformed", `datagram on port 53 is no DNS message: ${error.message}`);
    }
    return true;
  }
  /** Takes a message whose bounds are known. Throws: what `parseDnsMessage` throws. */
  message(bytes2, start, end, path, moment) {
    this.#note(parseDnsMessage(bytes2, start, end), path, moment);
  }
  /** Names that were asked for and answered with the address up to the frame: the latest answer first. */
  namesFor(address, frame) {
    const seen = (this.#names.get(address) ?? []).filter((name) => name.firstFrame <= frame);
    const latest = (name) => name.lastFrame <= frame ? name.lastFrame : name.firstFrame;
    return seen.sort((one, other2) => latest(other2) - latest(one)).map((name) => name.name);
  }
  #note(message, path, moment) {
    if (message.opcode !== 0 || message.questions === 0) return;
    const asked = message.response ? { client: path.destination, clientPort: path.destinationPort, server: path.source } : { client: path.source, clientPort: path.sourcePort, server: path.destination };
    const key = [message.id, asked.clientPort, path.transport, message.type, asked.client, asked.server, message.name];
    const entry = this.#entry(key.join(" "), message, moment, () => ({
      name: this.#intern(message.name),
      type: dnsTypeName(message.type),
      transport: path.transport,
      client: this.#intern(asked.client),
      server: this.#intern(asked.server),
      questionFrame: 0,
      questionSeconds: 0,
      questionNanoseconds: 0,
      questions: 0,
      answerFrame: 0,
      answerSeconds: 0,
      answerNanoseconds: 0,
      truncated: false,
      answers: []
    }));
    if (entry === void 0) return;
    if (message.response) this.#answer(entry.facts, message, moment);
    else noteQuestion(entry, moment);
  }
  #entry(key, message, moment, facts) {
    const open2 = this.#entries.get(key);
    if (open2 !== void 0 && !isNewQuestion(open2, message, moment)) return open2;
    if (this.facts.length >= limits.dnsMessages) {
      if (!this.#full) this.#problem("limit", `more than ${limits.dnsMessages} DNS questions: the rest is left out`);
      this.#full = true;
      return void 0;
    }
    const entry = { facts: facts(), lastQuestion: -Infinity };
    this.facts.push(entry.facts);
    this.#entries.set(key, entry);
    return entry;
  }
  #answer(facts, message, moment) {
    if (facts.answerFrame !== 0 || facts.responseCode !== void 0) {
      if (facts.disagreeing !== void 0 || sameAnswer(facts, message)) return;
      facts.disagreeing = this.#kept(message.answers);
      facts.disagreeingCode = responseCodeName(message.responseCode);
      facts.disagreeingFrame = moment.frame;
    } else {
      facts.answerFrame = moment.frame;
      facts.answerSeconds = moment.seconds;
      facts.answerNanoseconds = moment.nanoseconds;
      facts.responseCode = responseCodeName(message.responseCode);
      facts.truncated = message.truncated;
      facts.answers = this.#kept(message.answers);
    }
    this.#nameAddresses(facts.name, message.answers, moment.frame);
  }
  #kept(answers) {
    return answers.map((answer) => ({
      ...answer,
      name: this.#intern(answer.name),
      value: this.#intern(answer.value)
    }));
  }
  #nameAddresses(asked, answers, frame) {
    const owners = /* @__PURE__ */ new Set([asked]);
    for (const answer of answers) {
      if (!owners.has(answer.name)) continue;
      if (answer.type === "CNAME") owners.add(answer.value);
      else if (answer.type === "A" || answer.type === "AAAA") this.#nameAddress(answer.value, asked, frame);
    }
  }
  #nameAddress(address, name, frame) {
    let names3 = this.#names.get(address);
    if (names3 === void 0) {
      if (this.#names.size >= limits.dnsAddresses) return;
      names3 = [];
      this.#names.set(this.#intern(address), names3);
    }
    const known = names3.find((seen) => seen.name === name);
    if (known !== void 0) known.lastFrame = Math.max(known.lastFrame, frame);
    else if (names3.length < limits.dnsNamesPerAddress) names3.push({ name, firstFrame: frame, lastFrame: frame });
  }
  #intern(text3) {
    const known = this.#strings.get(text3);
    if (known !== void 0) return known;
    this.#strings.set(text3, text3);
    return text3;
  }
};
function noteQuestion(entry, moment) {
  const { facts } = entry;
  const now = moment.seconds + moment.nanoseconds / 1e9;
  const sinceLast = Math.abs(now - entry.lastQuestion);
  entry.lastQuestion = now;
  if (moment.timed && facts.questions > 0 && sinceLast < twiceCapturedSeconds) return;
  facts.questions++;
  if (facts.questionFrame !== 0) return;
  facts.questionFrame = moment.frame;
  facts.questionSeconds = moment.seconds;
  facts.questionNanoseconds = moment.nanoseconds;
}
function isNewQuestion(entry, message, moment) {
  if (message.response || entry.facts.questions === 0 || !moment.timed) return false;
  return moment.seconds - entry.lastQuestion > retransmissionSeconds;
}
function sameAnswer(facts, message) {
  if (facts.responseCode !== responseCodeName(message.responseCode)) return false;
  if (facts.truncated !== message.truncated) return false;
  const values = (answers) => answers.filter((answer) => answer.type !== "other").map((answer) => `${answer.name} ${answer.type} ${answer.value}`).sort().join("\n");
  return values(facts.answers) === values(message.answers);
}
function isMulticastPort(port) {
  return port === 5353 || port === 5355;
}
var twiceCapturedSeconds = 0.02;
var retransmissionSeconds = 30;

// src/protocol/quic.ts
function isQuicLong(bytes2, start, end) {
  if (end - start < 7 || bytes2[start] < 192) return false;
  const version2 = (bytes2[start + 1] << 24 | bytes2[start + 2] << 16 | bytes2[start + 3] << 8 | bytes2[start + 4]) >>> 0;
  if (version2 !== 1 && version2 !== quicVersion2 && version2 >>> 8 !== draftPrefix) return false;
  const destinationLength = bytes2[start + 5];
  const sourceLengthAt = start + 6 + destinationLength;
  if (destinationLength > 20 || sourceLengthAt >= end) return false;
  const sourceLength = bytes2[sourceLengthAt];
  return sourceLength <= 20 && sourceLengthAt + 1 + sourceLength <= end;
}
var quicVersion2 = 1798521807;
var draftPrefix = 16711680;

// src/stream/consumer.ts
var Demand = { More: 0, Skip: 1 };
var Moment = class {
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  timed = true;
  /** Interface that the frame was captured at; tells a frame captured twice from one sent twice. */
  interfaceId = 0;
};

// src/bytes/accumulator.ts
var Accumulator = class {
  bytes = empty;
  length = 0;
  limit;
  constructor(limit) {
    this.limit = limit;
  }
  /** Copies the range in. Returns false, and takes nothing, when that would pass the limit. */
  append(source, start, end) {
    const needed = this.length + end - start;
    if (needed > this.limit) return false;
    if (needed > this.bytes.length) this.#grow(needed);
    this.bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
    return true;
  }
  /** Drops the first `count` bytes and keeps the rest. */
  consume(count3) {
    this.bytes.copyWithin(0, count3, this.length);
    this.length -= count3;
  }
  /** Drops everything and gives the memory back: the next accumulator to grow may write over what stood in `bytes`. */
  clear() {
    giveBack(this.bytes);
    this.bytes = empty;
    this.length = 0;
  }
  #grow(needed) {
    const grown = take(Math.min(this.limit, Math.max(needed, this.bytes.length * 2, smallest)));
    if (this.length > 0) grown.set(this.bytes.subarray(0, this.length));
    giveBack(this.bytes);
    this.bytes = grown;
  }
};
var empty = new Uint8Array(0);
var smallest = 4096;
var spares = new Map(
  [smallest, 2 * smallest, 4 * smallest].map((size) => [size, []])
);
var spareLimit = 16;
function take(size) {
  return spares.get(size)?.pop() ?? new Uint8Array(size);
}
function giveBack(buffer) {
  const spare = spares.get(buffer.length);
  if (spare !== void 0 && spare.length < spareLimit) spare.push(buffer);
}

// src/protocol/dns/tcp-decoder.ts
var DnsTcpDecoder = class {
  facts;
  #context;
  #held = [new Accumulator(limits.dnsMessage + 2), new Accumulator(limits.dnsMessage + 2)];
  #opaque = false;
  constructor(context) {
    this.#context = context;
    this.facts = { layer: "named", protocol: "dns", frame: context.moment.frame };
  }
  onData(direction2, bytes2, start, end) {
    if (this.#opaque) return Demand.Skip;
    try {
      this.#cut(direction2, bytes2, start, end);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#giveUp();
      this.#context.problem("dns", "malformed", `message over TCP: ${error.message}`, error.offset);
    }
    return this.#opaque ? Demand.Skip : Demand.More;
  }
  onGap(direction2, length) {
    if (!this.#opaque) {
      const from = direction2 === 0 ? "client" : "server";
      this.#context.problem("dns", "bytes-lost", `${length} bytes from the ${from} are missing between DNS messages`);
      this.#giveUp();
    }
    return Demand.Skip;
  }
  onEnd(direction2) {
    this.#held[direction2].clear();
  }
  #cut(direction2, bytes2, start, end) {
    const held = this.#held[direction2];
    let at = start;
    while (at < end) {
      if (held.length === 0 && end - at >= 2) {
        const messageEnd = at + 2 + (bytes2[at] << 8 | bytes2[at + 1]);
        if (messageEnd <= end) {
          this.#message(direction2, bytes2, at + 2, messageEnd);
          at = messageEnd;
          continue;
        }
      }
      const wanted = held.length < 2 ? 2 : 2 + (held.bytes[0] << 8 | held.bytes[1]);
      const taken = Math.min(end - at, wanted - held.length);
      held.append(bytes2, at, at + taken);
      at += taken;
      if (held.length < 2 || held.length < 2 + (held.bytes[0] << 8 | held.bytes[1])) continue;
      this.#message(direction2, held.bytes, 2, held.length);
      held.clear();
    }
  }
  #message(direction2, bytes2, start, end) {
    const { clientAddress, clientPort, serverAddress, serverPort } = this.#context.endpoints;
    const path = direction2 === 0 ? {
      source: clientAddress,
      sourcePort: clientPort,
      destination: serverAddress,
      destinationPort: serverPort,
      transport: "tcp"
    } : {
      source: serverAddress,
      sourcePort: serverPort,
      destination: clientAddress,
      destinationPort: clientPort,
      transport: "tcp"
    };
    this.#context.dns.message(bytes2, start, end, path, this.#context.moment);
  }
  #giveUp() {
    this.#opaque = true;
    this.#held[0].clear();
    this.#held[1].clear();
  }
};
function detectDnsTcp(bytes2, start, end, serverPort) {
  const available = end - start;
  if (available < 2) return available === 1 && serverPort !== 53 && bytes2[start] > 1 ? "no" : "more";
  const length = bytes2[start] << 8 | bytes2[start + 1];
  if (length < 17 || serverPort !== 53 && length > 512) return "no";
  if (available < 14) return "more";
  if (!isPlausibleHeader(bytes2, start + 2)) return "no";
  if (serverPort === 53) return "yes";
  if (available < 2 + length) return "more";
  return isPlausibleDns(bytes2, start + 2, start + 2 + length) ? "yes" : "no";
}

// src/protocol/http1/credentials.ts
function knownScheme(credentials) {
  const blank = credentials.search(/[ \t]/);
  const scheme = (blank < 0 ? credentials : credentials.slice(0, blank)).toLowerCase();
  return schemes.get(scheme) ?? "other";
}
function parseChallenges(value) {
  const found = [];
  for (const item of splitOutsideQuotes(value)) {
    const scheme = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}/.exec(item)?.[0];
    if (scheme === void 0) continue;
    const after = item.slice(scheme.length);
    const blank = after === "" || after.startsWith(" ") || after.startsWith("	");
    if (blank && !after.trimStart().startsWith("=")) found.push(schemes.get(scheme.toLowerCase()) ?? scheme);
  }
  return found;
}
function splitOutsideQuotes(value) {
  const items = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (quoted && character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      items.push(value.slice(start, at).trim());
      start = at + 1;
    }
  }
  items.push(value.slice(start).trim());
  return items;
}
var schemes = new Map(
  [
    "Basic",
    "Bearer",
    "Concealed",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Mutual",
    "Negotiate",
    "NTLM",
    "Kerberos",
    "OAuth",
    "PrivateToken",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "token",
    "vapid",
    "AWS4-HMAC-SHA256"
  ].map((name) => [name.toLowerCase(), name])
);

// src/protocol/http1/fields.ts
function parseFields(bytes2, start, end, strict) {
  const fields = { contentLengths: [], transferCodings: [], challenges: [] };
  let at = start;
  while (at < end) {
    const lineEnd2 = endOfFieldLine(bytes2, at, end);
    const colon = indexOfByte(bytes2, 58, at, lineEnd2);
    const named = colon > at;
    const nameEnd = named ? trimBlanksBefore(bytes2, at, colon) : at;
    if (strict && (nameEnd !== colon || !isToken(bytes2, at, nameEnd))) {
      throw new MalformedError("bad-value", at - start, "field name");
    }
    if (nameEnd > at && nameEnd - at <= longestName2) {
      const read = readers.get(latin1(bytes2, at, nameEnd).toLowerCase());
      if (read !== void 0) read(fields, fieldValue(bytes2, colon + 1, lineEnd2));
    }
    at = lineEnd2;
  }
  return fields;
}
function indexOfByte(bytes2, byte, start, end) {
  for (let at = start; at < end; at++) if (bytes2[at] === byte) return at;
  return -1;
}
function isToken(bytes2, start, end) {
  if (start >= end) return false;
  for (let at = start; at < end; at++) if (!isTokenByte(bytes2[at])) return false;
  return true;
}
function keptText(text3) {
  if (text3.length <= limits.httpText) return text3;
  return `${Buffer.from(text3.slice(0, limits.httpText), "latin1").toString("latin1")}\u2026`;
}
function withoutUserinfo(text3) {
  return text3.replace(/\/\/[^/?#]*@/g, "//");
}
function authorityWithoutUserinfo(authority) {
  return authority.slice(authority.lastIndexOf("@") + 1);
}
function endOfFieldLine(bytes2, start, end) {
  let at = start;
  for (; ; ) {
    const lineFeed2 = indexOfByte(bytes2, 10, at, end);
    if (lineFeed2 < 0) return end;
    at = lineFeed2 + 1;
    if (at >= end || !isBlank(bytes2[at])) return at;
  }
}
function fieldValue(bytes2, start, end) {
  const text3 = latin1(bytes2, start, end);
  return text3.replace(/\r?\n[ \t]*/g, " ").trim();
}
function trimBlanksBefore(bytes2, start, end) {
  let at = end;
  while (at > start && isBlank(bytes2[at - 1])) at--;
  return at;
}
function isBlank(byte) {
  return byte === 32 || byte === 9;
}
function isTokenByte(byte) {
  const letter = byte | 32;
  if (letter >= 97 && letter <= 122) return true;
  if (byte >= 48 && byte <= 57) return true;
  return tokenMarks.includes(byte);
}
function list(value) {
  return value.toLowerCase().split(",").map((item) => item.trim()).filter((item) => item !== "");
}
var readChallenges = (fields, value) => {
  for (const scheme of parseChallenges(value)) {
    if (!fields.challenges.includes(scheme) && fields.challenges.length < 16) fields.challenges.push(scheme);
  }
};
var readers = /* @__PURE__ */ new Map([
  // Only differences between the values matter, and two show one.
  ["content-length", (fields, value) => fields.contentLengths.length < 16 && fields.contentLengths.push(value)],
  ["transfer-encoding", (fields, value) => fields.transferCodings.push(...list(value))],
  ["upgrade", (fields, value) => fields.upgrade ??= value.toLowerCase()],
  ["host", (fields, value) => fields.host ??= keptText(authorityWithoutUserinfo(withoutUserinfo(value)))],
  ["user-agent", (fields, value) => fields.userAgent ??= keptText(value)],
  ["accept", (fields, value) => fields.accept ??= keptText(value)],
  ["location", (fields, value) => fields.location ??= keptText(withoutUserinfo(value))],
  ["content-type", (fields, value) => fields.contentType ??= keptText(value)],
  ["server", (fields, value) => fields.server ??= keptText(value)],
  ["via", (fields, value) => fields.via ??= keptText(value)],
  ["authorization", (fields, value) => fields.authorization ??= knownScheme(value)],
  ["proxy-authorization", (fields, value) => fields.proxyAuthorization ??= knownScheme(value)],
  ["www-authenticate", readChallenges],
  ["proxy-authenticate", readChallenges]
]);
var longestName2 = Math.max(...[...readers.keys()].map((name) => name.length));
var tokenMarks = [...Buffer.from("!#$%&'*+-.^_`|~", "latin1")];

// src/protocol/http1/head.ts
function endOfHead(bytes2, from, end) {
  let at = from;
  for (; ; ) {
    const lineFeed2 = indexOfByte(bytes2, 10, at, end);
    if (lineFeed2 < 0 || lineFeed2 + 1 >= end) return -1;
    if (bytes2[lineFeed2 + 1] === 10) return lineFeed2 + 2;
    if (bytes2[lineFeed2 + 1] === 13 && lineFeed2 + 2 < end && bytes2[lineFeed2 + 2] === 10) return lineFeed2 + 3;
    at = lineFeed2 + 1;
  }
}
function parseRequestHead(bytes2, start, end) {
  const line = startLine(bytes2, start, end);
  const methodEnd = indexOfByte(bytes2, 32, start, Math.min(end, start + 33));
  if (methodEnd < 0 || !isToken(bytes2, start, methodEnd)) throw malformed("method");
  const method = latin1(bytes2, start, methodEnd);
  const versionAt = line.lastIndexOf(" ") + 1;
  const version2 = line.slice(versionAt);
  if (!/^HTTP\/1\.\d$/.test(version2)) throw malformed("HTTP-version");
  const rawTarget = line.slice(method.length + 1, versionAt - 1).trim();
  if (rawTarget === "") throw malformed("request-target");
  const form = targetForm(method, rawTarget);
  const target = form === "authority" ? authorityWithoutUserinfo(rawTarget) : withoutUserinfo(rawTarget);
  const fields = parseFields(bytes2, lineEnd(bytes2, start, end), endOfFields(bytes2, end), true);
  const host = authorityOf(form, target) ?? fields.host;
  return {
    method,
    target: keptText(target),
    form,
    version: version2,
    fields,
    ...host !== void 0 && { host: keptText(host) }
  };
}
function parseResponseHead(bytes2, start, end) {
  const line = startLine(bytes2, start, end);
  const parts = /^(HTTP\/1\.\d) +(\d{3})(?: (.*))?$/s.exec(line);
  if (parts === null) throw malformed("status-line");
  const fields = parseFields(bytes2, lineEnd(bytes2, start, end), endOfFields(bytes2, end), false);
  return { version: parts[1], status: Number(parts[2]), reason: keptText((parts[3] ?? "").trim()), fields };
}
function mayBeResponse(bytes2, start, end, offset = 0) {
  const length = Math.min(end - start, responseStart.length - offset);
  for (let index = 0; index < length; index++) if (bytes2[start + index] !== responseStart[offset + index]) return false;
  return true;
}
function targetForm(method, target) {
  if (method === "CONNECT") return "authority";
  if (target === "*") return "asterisk";
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(target) ? "absolute" : "origin";
}
function authorityOf(form, target) {
  if (form === "authority") return target;
  if (form !== "absolute") return void 0;
  return /^[^/]*\/\/([^/?#]*)/.exec(target)?.[1];
}
function lineEnd(bytes2, start, end) {
  const lineFeed2 = indexOfByte(bytes2, 10, start, end);
  return lineFeed2 < 0 ? end : lineFeed2 + 1;
}
function endOfFields(bytes2, end) {
  return bytes2[end - 2] === 13 ? end - 2 : end - 1;
}
function startLine(bytes2, start, end) {
  return latin1(bytes2, start, lineEnd(bytes2, start, end)).replace(/\r?\n$/, "");
}
function malformed(what) {
  return new MalformedError("bad-value", 0, what);
}
var responseStart = Buffer.from("HTTP/1.", "latin1");

// src/protocol/http1/detect.ts
function detectRequest(bytes2, start, end) {
  let at = start;
  while (at < end && isToken(bytes2, at, at + 1)) {
    if (++at - start > longestMethod) return "no";
  }
  const word2 = Buffer.from(bytes2.buffer, bytes2.byteOffset + start, at - start).toString("latin1");
  if (at === end) return methods.some((method) => method.startsWith(word2)) ? "more" : "no";
  if (bytes2[at] !== 32 || !methods.includes(word2)) return "no";
  if (at + 1 === end) return "more";
  return bytes2[at + 1] > 32 && bytes2[at + 1] < 127 ? "yes" : "no";
}
function detectResponse(bytes2, start, end) {
  if (!mayBeResponse(bytes2, start, end)) return "no";
  return end - start >= "HTTP/1.".length ? "yes" : "more";
}
var methods = [
  "GET",
  "CONNECT",
  "POST",
  "HEAD",
  "PUT",
  "OPTIONS",
  "DELETE",
  "PATCH",
  "TRACE",
  "PROPFIND",
  "PROPPATCH",
  "MKCOL",
  "COPY",
  "MOVE",
  "LOCK",
  "UNLOCK",
  "REPORT",
  "SEARCH",
  "PURGE",
  "BASELINE-CONTROL"
];
var longestMethod = 16;

// src/protocol/named.ts
var leftAlone = {
  onData: () => Demand.Skip,
  onGap: () => Demand.Skip,
  onEnd: () => void 0
};
var StartTlsWatch = class {
  #found;
  #text = "";
  constructor(found) {
    this.#found = found;
  }
  onData(direction2, bytes2, start, end) {
    if (direction2 === 1) return Demand.Skip;
    const room = limits.startTls - this.#text.length;
    this.#text += latin1(bytes2, start, Math.min(end, start + room));
    const found = /^(?:\S{1,32} )?(?:STARTTLS|STLS|AUTH (?:TLS|SSL)(?:-[CP])?)\r?$/im.test(lines(this.#text));
    if (!found) return this.#text.length < limits.startTls ? Demand.More : Demand.Skip;
    this.#found();
    return Demand.Skip;
  }
  onGap() {
    return Demand.Skip;
  }
  onEnd() {
    this.#text = "";
  }
};
function lines(text3) {
  return text3.slice(0, text3.lastIndexOf("\n") + 1);
}
function clientNamed(bytes2, start, end) {
  return firstMatch(clientSignatures, bytes2, start, end);
}
function serverNamed(bytes2, start, end) {
  const named = firstMatch(serverSignatures, bytes2, start, end);
  if (named !== "smtp") return named;
  const greeting = latin1(bytes2, start, Math.min(end, start + 256));
  if (!greeting.includes("\n") && end - start < 256) return "more";
  return /ftp/i.test(greeting) && !/smtp|mail/i.test(greeting) ? "ftp" : "smtp";
}
function firstMatch(signatures, bytes2, start, end) {
  let undecided2 = false;
  for (const { protocol, pattern } of signatures) {
    const length = Math.min(end - start, pattern.length);
    let index = 0;
    while (index < length && (pattern[index] === any || pattern[index] === bytes2[start + index])) index++;
    if (index === pattern.length) return protocol;
    undecided2 ||= index === length;
  }
  return undecided2 ? "more" : "no";
}
var any = -1;
var text2 = (value) => [...Buffer.from(value, "latin1")];
var pktLine = (command) => [48, any, any, any, ...text2(command)];
var clientSignatures = [
  // RFC 9113 §3.4
  { protocol: "http2", pattern: text2("PRI * HTTP/2.0\r\n") },
  { protocol: "ssh", pattern: text2("SSH-2.0-") },
  { protocol: "git", pattern: pktLine("git-upload-pack ") },
  { protocol: "git", pattern: pktLine("git-receive-pack ") },
  { protocol: "git", pattern: pktLine("git-upload-archive ") },
  // RFC 4271 §4.1: the marker, all ones
  { protocol: "bgp", pattern: new Array(16).fill(255) },
  // TPKT (RFC 2126) with a COTP connection request: [MS-RDPBCGR] §2.2.1.1
  { protocol: "rdp", pattern: [3, 0, any, any, any, 224] },
  // SSLRequest, GSSENCRequest and StartupMessage of protocol 3.0
  { protocol: "postgresql", pattern: [0, 0, 0, 8, 4, 210, 22, 47] },
  { protocol: "postgresql", pattern: [0, 0, 0, 8, 4, 210, 22, 48] },
  { protocol: "postgresql", pattern: [0, 0, any, any, 0, 3, 0, 0, ...text2("user\0")] }
];
var serverSignatures = [
  { protocol: "ssh", pattern: text2("SSH-") },
  { protocol: "smtp", pattern: text2("220 ") },
  { protocol: "smtp", pattern: text2("220-") },
  { protocol: "imap", pattern: text2("* OK") },
  { protocol: "imap", pattern: text2("* PREAUTH") },
  { protocol: "pop3", pattern: text2("+OK") }
];

// src/protocol/socks/messages.ts
function greetingLength(bytes2, start, end) {
  expect2(bytes2, start, end, 0, 5, "greeting version");
  if (end - start < 2) return 0;
  const length = 2 + bytes2[start + 1];
  return end - start < length ? 0 : length;
}
function passwordLength(bytes2, start, end) {
  expect2(bytes2, start, end, 0, 1, "authentication version");
  if (end - start < 2) return 0;
  const passwordAt = start + 2 + bytes2[start + 1];
  if (passwordAt >= end) return 0;
  const length = passwordAt + 1 + bytes2[passwordAt] - start;
  return end - start < length ? 0 : length;
}
function parseRequest5(bytes2, start, end) {
  expect2(bytes2, start, end, 0, 5, "version");
  expect2(bytes2, start, end, 2, 0, "reserved byte");
  if (end - start < 5) return void 0;
  const form = addressForms.get(bytes2[start + 3]);
  if (form === void 0) throw new MalformedError("bad-value", 3, "address type");
  const named = form.addressType === "name";
  const addressAt = start + (named ? 5 : 4);
  const addressEnd = addressAt + (named ? bytes2[start + 4] : form.length);
  if (end < addressEnd + 2) return void 0;
  return {
    length: addressEnd + 2 - start,
    command: bytes2[start + 1],
    host: named ? latin1(bytes2, addressAt, addressEnd) : addressText(bytes2, addressAt, form.length),
    port: bytes2[addressEnd] << 8 | bytes2[addressEnd + 1],
    addressType: form.addressType
  };
}
function parseRequest4(bytes2, start, end) {
  expect2(bytes2, start, end, 0, 4, "version");
  if (end - start < 9) return void 0;
  const userEnd = endOfText2(bytes2, start + 8, end, "user id");
  if (userEnd < 0) return void 0;
  const common = { command: bytes2[start + 1], port: bytes2[start + 2] << 8 | bytes2[start + 3] };
  if (!asksByName(bytes2, start)) {
    const host2 = addressText(bytes2, start + 4, 4);
    return { ...common, length: userEnd + 1 - start, host: host2, addressType: "ipv4" };
  }
  const nameEnd = endOfText2(bytes2, userEnd + 1, end, "name");
  if (nameEnd < 0) return void 0;
  const host = latin1(bytes2, userEnd + 1, nameEnd);
  return { ...common, length: nameEnd + 1 - start, host, addressType: "name" };
}
function asksByName(bytes2, start) {
  return bytes2[start + 4] === 0 && bytes2[start + 5] === 0 && bytes2[start + 6] === 0 && bytes2[start + 7] !== 0;
}
function endOfText2(bytes2, start, end, what) {
  const last = Math.min(end, start + 256);
  for (let at = start; at < last; at++) if (bytes2[at] === 0) return at;
  if (last < end || last === start + 256) throw new MalformedError("too-large", start, what);
  return -1;
}
function expect2(bytes2, start, end, index, value, what) {
  if (start + index < end && bytes2[start + index] !== value) throw new MalformedError("bad-value", index, what);
}
var addressForms = /* @__PURE__ */ new Map([
  [1, { addressType: "ipv4", length: 4 }],
  [3, { addressType: "name", length: 4 }],
  [4, { addressType: "ipv6", length: 16 }]
]);

// src/protocol/socks/detect.ts
function detectSocks(bytes2, start, end) {
  if (start === end) return "more";
  if (bytes2[start] !== 4 && bytes2[start] !== 5) return "no";
  try {
    return bytes2[start] === 5 ? detectSocks5(bytes2, start, end) : detectSocks4(bytes2, start, end);
  } catch (error) {
    if (error instanceof MalformedError) return "no";
    throw error;
  }
}
function detectSocks5(bytes2, start, end) {
  if (end - start < 2) return "more";
  const methods3 = bytes2[start + 1];
  if (methods3 === 0) return "no";
  if (!areMethods(bytes2.subarray(start + 2, Math.min(end, start + 2 + methods3)))) return "no";
  const length = greetingLength(bytes2, start, end);
  if (length === 0) return "more";
  const next = start + length;
  if (next === end) return "yes";
  if (bytes2[next] === 1) return passwordLength(bytes2, next, end) > 0 ? "yes" : "more";
  if (next + 1 < end && (bytes2[next + 1] === 0 || bytes2[next + 1] > 3)) return "no";
  return parseRequest5(bytes2, next, end) === void 0 ? "more" : "yes";
}
function areMethods(methods3) {
  return methods3.every(
    (method, index) => (method <= 9 || method >= 128 && method < 255) && methods3.indexOf(method) === index
  );
}
function detectSocks4(bytes2, start, end) {
  if (end - start >= 2 && bytes2[start + 1] !== 1 && bytes2[start + 1] !== 2) return "no";
  for (let at = start + 8; at < end && bytes2[at] !== 0; at++) if (bytes2[at] < 32) return "no";
  const request = parseRequest4(bytes2, start, end);
  if (request === void 0) return "more";
  const named = asksByName(bytes2, start);
  if (request.port === 0 || named && !/^[\x21-\x7e]+$/.test(request.host)) return "no";
  return named || start + request.length === end ? "yes" : "no";
}

// src/protocol/tls/record.ts
var ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24
};
var recordHeaderLength2 = 5;
var maximumFragment = 16384 + 2048;
function isRecordHeader(type, major, minor, length) {
  if (type < ContentType.changeCipherSpec || type > ContentType.heartbeat) return false;
  return major === 3 && minor <= 4 && length <= maximumFragment;
}
var RecordReader = class {
  #direction;
  #sink;
  #header = new Uint8Array(recordHeaderLength2);
  #held = 0;
  #length = 0;
  #remaining = -1;
  /** Complete records so far. */
  records = 0;
  /** Where `read` stopped when it returned false: the offset behind the header bytes that it took. */
  stoppedAt = 0;
  constructor(direction2, sink) {
    this.#direction = direction2;
    this.#sink = sink;
  }
  /** Returns false, for good, where something stands that is no record header. */
  read(bytes2, start, end, frame) {
    let at = start;
    while (at < end) {
      if (this.#remaining < 0) {
        while (this.#held < recordHeaderLength2 && at < end) this.#header[this.#held++] = bytes2[at++];
        if (!this.#open(frame)) {
          this.stoppedAt = at;
          return false;
        }
        continue;
      }
      const until = Math.min(end, at + this.#remaining);
      this.#remaining -= until - at;
      this.#sink.recordBytes(this.#direction, bytes2, at, until, frame);
      at = until;
      this.#closeIfComplete(frame);
    }
    return true;
  }
  /** Header bytes of the record that has not opened yet: what stood there when `read` returned false. */
  get pending() {
    return this.#header.subarray(0, this.#held);
  }
  /** Bytes read of the header or record that is open. */
  get unfinished() {
    return this.#remaining < 0 ? this.#held : recordHeaderLength2 + this.#length - this.#remaining;
  }
  /** Steps over bytes that are lost. Returns false when they reach past the record that is open: the place is lost. */
  skipLost(length) {
    if (this.#remaining < length) return false;
    this.#remaining -= length;
    return true;
  }
  /** Ends an open record whose last bytes were lost. */
  closeIfSkipped(frame) {
    this.#closeIfComplete(frame);
  }
  /** Starts anew at a record boundary. */
  restart() {
    this.#held = 0;
    this.#remaining = -1;
  }
  /** Returns false as soon as the header bytes held cannot become a header. */
  #open(frame) {
    const header = this.#header;
    const held = this.#held;
    const length = held < recordHeaderLength2 ? 0 : header[3] << 8 | header[4];
    if (!isRecordHeader(header[0], held > 1 ? header[1] : 3, held > 2 ? header[2] : 0, length)) return false;
    if (held < recordHeaderLength2) return true;
    this.#held = 0;
    this.#length = length;
    this.#remaining = length;
    this.#sink.recordStart(this.#direction, header[0], length, frame);
    this.#closeIfComplete(frame);
    return true;
  }
  #closeIfComplete(frame) {
    if (this.#remaining !== 0) return;
    this.#remaining = -1;
    this.records++;
    this.#sink.recordEnd(this.#direction, frame);
  }
};

// src/protocol/tls/handshake.ts
var HandshakeType = {
  clientHello: 1,
  serverHello: 2,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  finished: 20,
  keyUpdate: 24,
  compressedCertificate: 25
};
var handshakeHeaderLength = 4;
var HandshakeReader = class {
  #held = new Accumulator(limits.handshakeMessage + handshakeHeaderLength + maximumFragment);
  #offset = 0;
  /** The message that `next` found: its type, and the range of its body in `bytes`. */
  type = 0;
  start = 0;
  end = 0;
  get bytes() {
    return this.#held.bytes;
  }
  /** Copies the range in. To be followed by `next` until it returns false. */
  append(bytes2, start, end) {
    this.#held.append(bytes2, start, end);
  }
  /** Moves to the next whole message. Throws: `too-large`. */
  next() {
    const { bytes: bytes2, length } = this.#held;
    const at = this.#offset;
    const body = at + handshakeHeaderLength;
    if (body > length) return this.#rest();
    const size = bytes2[at + 1] << 16 | bytes2[at + 2] << 8 | bytes2[at + 3];
    if (size > limits.handshakeMessage) throw new MalformedError("too-large", at + 1, "handshake message");
    if (body + size > length) return this.#rest();
    this.type = bytes2[at];
    this.start = body;
    this.end = body + size;
    this.#offset = this.end;
    return true;
  }
  /**
   * Moves to the message of which only the first bytes have come: `end` is where it breaks off. Returns its whole length,
   * header included, or 0 where there is none.
   */
  broken() {
    const { bytes: bytes2, length } = this.#held;
    if (length < handshakeHeaderLength) return 0;
    this.type = bytes2[0];
    this.start = handshakeHeaderLength;
    this.end = length;
    return handshakeHeaderLength + (bytes2[1] << 16 | bytes2[2] << 8 | bytes2[3]);
  }
  /** Forgets what was gathered and gives the memory back. */
  clear() {
    this.#held.clear();
    this.#offset = 0;
  }
  #rest() {
    if (this.#offset === this.#held.length) this.#held.clear();
    else this.#held.consume(this.#offset);
    this.#offset = 0;
    return false;
  }
};

// src/protocol/tls/detect.ts
function detectTls(bytes2, start, end) {
  const at = (index, absent) => start + index < end ? bytes2[start + index] : absent;
  const count3 = end - start;
  const type = at(0, ContentType.handshake);
  if (type !== ContentType.handshake && type !== ContentType.alert) return "no";
  const whole = count3 >= recordHeaderLength2;
  const length = whole ? at(3, 0) << 8 | at(4, 0) : 1;
  if (!isRecordHeader(type, at(1, 3), at(2, 1), length) || length === 0) return "no";
  return type === ContentType.alert ? detectAlert(at, count3, length) : detectHello(at, count3);
}
function detectAlert(at, count3, length) {
  if (count3 >= recordHeaderLength2 && length !== 2) return "no";
  const level = at(recordHeaderLength2, 1);
  if (level !== 1 && level !== 2) return "no";
  return count3 > recordHeaderLength2 ? "yes" : "more";
}
function detectHello(at, count3) {
  const message = recordHeaderLength2;
  const messageType = at(message, HandshakeType.clientHello);
  if (messageType !== HandshakeType.clientHello && messageType !== HandshakeType.serverHello) return "no";
  const body = message + handshakeHeaderLength;
  if (count3 < body) return at(message + 1, 0) > limits.handshakeMessage >> 16 ? "no" : "more";
  const size = at(message + 1, 0) << 16 | at(message + 2, 0) << 8 | at(message + 3, 0);
  if (size < 38 || size > limits.handshakeMessage) return "no";
  if (at(body, 3) !== 3 || at(body + 1, 3) > 4) return "no";
  return count3 >= body + 2 ? "yes" : "more";
}

// src/protocol/detect.ts
function tellClient(bytes2, start, end, serverPort) {
  return firstOf([
    ["tls", detectTls(bytes2, start, end)],
    ["http1", detectRequest(bytes2, start, end)],
    ["socks", detectSocks(bytes2, start, end)],
    ["dns-tcp", detectDnsTcp(bytes2, start, end, serverPort)],
    ["unknown", clientNamed(bytes2, start, end)]
  ]);
}
function tellServer(bytes2, start, end, serverPort) {
  return firstOf([
    ["tls", detectTls(bytes2, start, end)],
    ["http1", detectResponse(bytes2, start, end)],
    ["dns-tcp", detectDnsTcp(bytes2, start, end, serverPort)],
    ["unknown", serverNamed(bytes2, start, end)]
  ]);
}
function speaker(bytes2, start, end) {
  if (detectTls(bytes2, start, end) === "yes" && bytes2[start] === handshakeRecord) {
    return bytes2[start + 5] === clientHello ? "client" : "server";
  }
  if (detectRequest(bytes2, start, end) === "yes" || detectSocks(bytes2, start, end) === "yes") return "client";
  if (detectResponse(bytes2, start, end) === "yes") return "server";
  const named = serverNamed(bytes2, start, end);
  return named === "no" || named === "more" || named === "ssh" ? void 0 : "server";
}
function grantsTunnel(bytes2, start, end) {
  return /^HTTP\/1\.\d 2\d\d/.test(latin1(bytes2, start, Math.min(end, start + 12)));
}
function isTlsRecord(bytes2, start, end) {
  if (end - start < 5 || bytes2[start] < 20 || bytes2[start] > 23 || bytes2[start + 1] !== 3) return false;
  const length = bytes2[start + 3] << 8 | bytes2[start + 4];
  return bytes2[start + 2] <= 4 && length > 0 && length <= 16640;
}
function firstOf(answers) {
  let more = false;
  for (const [protocol, answer] of answers) {
    if (answer === "yes") return protocol;
    if (answer === "more") more = true;
    else if (answer !== "no") return answer;
  }
  return more ? "more" : "no";
}
var handshakeRecord = 22;
var clientHello = 1;

// src/protocol/held.ts
var HeldBytes = class extends Accumulator {
  #first = new Moment();
  /** Frame that carried the first byte. */
  frame = 0;
  /** Copies the range in and notes its moment if it is the first. Returns false, and takes nothing, at the limit. */
  hold(bytes2, start, end, frame, moment) {
    if (this.length === 0) {
      this.frame = frame;
      copyMoment(moment, this.#first);
    }
    return this.append(bytes2, start, end);
  }
  /** Empties itself into the consumer; what that notes bears the moment at which the bytes came. */
  replay(direction2, consumer, moment) {
    const { bytes: bytes2, length } = this;
    const now = new Moment();
    copyMoment(moment, now);
    this.clear();
    copyMoment(this.#first, moment);
    const demand = consumer.onData(direction2, bytes2, 0, length, this.frame);
    copyMoment(now, moment);
    return demand;
  }
};
function copyMoment(from, to) {
  to.frame = from.frame;
  to.seconds = from.seconds;
  to.nanoseconds = from.nanoseconds;
  to.timed = from.timed;
}

// src/protocol/inner-layer.ts
var InnerLayer = class {
  #consumer;
  #moment;
  #skips = [false, false];
  constructor(consumer, moment) {
    this.#consumer = consumer;
    this.#moment = moment;
  }
  /** What the consumer answered last in this direction. */
  demand(direction2) {
    return this.#skips[direction2] ? Demand.Skip : Demand.More;
  }
  onData(direction2, bytes2, start, end, frame) {
    if (this.#skips[direction2]) return Demand.Skip;
    return this.#note(direction2, this.#consumer.onData(direction2, bytes2, start, end, frame));
  }
  onGap(direction2, length) {
    if (this.#skips[direction2]) return Demand.Skip;
    return this.#note(direction2, this.#consumer.onGap(direction2, length));
  }
  onEnd(direction2, reason) {
    this.#consumer.onEnd(direction2, reason);
  }
  /** Gives what came of a direction before the layer was open: `missing` bytes lost, then what was held. */
  begin(direction2, missing, held) {
    if (missing > 0) this.onGap(direction2, missing);
    if (held.length === 0 || this.#skips[direction2]) return;
    this.#note(direction2, held.replay(direction2, this.#consumer, this.#moment));
  }
  /** Tells the ends of the directions that were over before the layer was open. */
  tellEnds(reasons) {
    reasons.forEach((reason, direction2) => {
      if (reason !== void 0) this.onEnd(direction2, reason);
    });
  }
  /** Hands on no more of a direction whose bytes can no longer be told apart. */
  skip(direction2) {
    this.#skips[direction2] = true;
  }
  #note(direction2, demand) {
    if (demand === Demand.Skip) this.#skips[direction2] = true;
    return demand;
  }
};

// src/protocol/detector.ts
var Detector = class {
  #host;
  #midstream;
  #target;
  #held;
  #gaps = [0, 0];
  #ended = [void 0, void 0];
  constructor(host) {
    this.#host = host;
    this.#midstream = host.reversible;
  }
  onData(direction2, bytes2, start, end, frame) {
    if (this.#target !== void 0) return this.#target.onData(direction2, bytes2, start, end, frame);
    const held = this.#holds()[direction2];
    const chunk = { direction: direction2, bytes: bytes2, start, end };
    const told = held.length === 0 && !this.#midstream ? this.#tell(chunk) : void 0;
    if (told !== void 0 && told !== "swapped") return this.#handOver(told, chunk, frame);
    if (held.hold(bytes2, start, end, frame, this.#host.moment)) {
      const swapped3 = this.#midstream || held.length > end - start ? this.#decide(false) : false;
      return this.#demand(swapped3 ? other(direction2) : direction2);
    }
    if (this.#isMiddle(direction2)) {
      this.#gaps[direction2] += held.length + end - start;
      held.clear();
      return this.#demand(direction2);
    }
    const last = held.length === 0 ? this.#tell(chunk, true) : void 0;
    if (last !== void 0 && last !== "swapped") return this.#handOver(last, chunk, frame);
    const swapped2 = this.#decide(true);
    return this.#pass(swapped2 ? other(direction2) : direction2, bytes2, start, end, frame);
  }
  /** Whether a direction joined late goes on with the middle of something while the other has yet to say a word. */
  #isMiddle(direction2) {
    if (!this.#midstream || this.#gaps[direction2] >= limits.lateDetection) return false;
    const { bytes: bytes2, length } = this.#holds()[direction2];
    if (length === 0 || this.#holds()[other(direction2)].length > 0) return false;
    const tell = direction2 === 0 ? tellClient : tellServer;
    return tell(bytes2, 0, length, this.#host.serverPort) === "no" && !isTlsRecord(bytes2, 0, length);
  }
  onGap(direction2, length) {
    if (this.#target !== void 0) return this.#target.onGap(direction2, length);
    if (this.#holds()[direction2].length === 0) {
      this.#gaps[direction2] += length;
    } else {
      this.#decide(true);
      return this.onGap(direction2, length);
    }
    return this.#demand(direction2);
  }
  onEnd(direction2, reason) {
    this.#ended[direction2] = reason;
    if (this.#target !== void 0) this.#target.onEnd(direction2, reason);
    else if (this.#ended[0] !== void 0 && this.#ended[1] !== void 0 && this.#anythingHeld()) this.#decide(true);
  }
  #pass(direction2, bytes2, start, end, frame) {
    return this.#target?.onData(direction2, bytes2, start, end, frame) ?? Demand.Skip;
  }
  /** Decides by what is held; for good when `last`. Returns whether the directions turned out to be exchanged. */
  #decide(last) {
    const told = this.#tell(void 0, last);
    if (told === "swapped") {
      this.#decide(last);
      return true;
    }
    if (told === void 0) return false;
    const [client, server] = this.#holds();
    this.#open(told, client.length > 0 ? client.frame : server.frame);
    this.#replay(0);
    this.#replay(1);
    this.#held = void 0;
    this.#target?.tellEnds(this.#ended);
    return false;
  }
  /** Opens the protocol with bytes that were never held; the client's are given first. */
  #handOver(told, chunk, frame) {
    const { direction: direction2 } = chunk;
    this.#open(told, frame);
    if (direction2 === 1) this.#replay(0);
    this.#replay(direction2);
    this.#pass(direction2, chunk.bytes, chunk.start, chunk.end, frame);
    if (direction2 === 0) this.#replay(1);
    this.#held = void 0;
    this.#target?.tellEnds(this.#ended);
    return this.#demand(direction2);
  }
  #open(told, frame) {
    this.#target = new InnerLayer(this.#host.open(told, frame), this.#host.moment);
    this.#dropUnfit(told);
  }
  /** Bytes of a connection joined late that are the middle of something: missing, as far as the decoder is concerned. */
  #dropUnfit(told) {
    if (!this.#midstream || told !== "http1" && told !== "tls") return;
    this.#holds().forEach((held, direction2) => {
      if (held.length === 0) return;
      const tell = direction2 === 0 ? tellClient : tellServer;
      const fits = tell(held.bytes, 0, held.length, this.#host.serverPort) === told;
      if (fits || told === "tls" && isTlsRecord(held.bytes, 0, held.length)) return;
      this.#gaps[direction2] += held.length;
      held.clear();
    });
  }
  #replay(direction2) {
    this.#target?.begin(direction2, this.#gaps[direction2], this.#holds()[direction2]);
  }
  /** The protocol, undefined while more is to be waited for, `swapped` after the directions have been exchanged. */
  #tell(chunk, last = false) {
    const [client, server] = [0, 1].map((direction2) => this.#first(direction2, chunk));
    if (this.#host.reversible && isReversed(client, server)) {
      this.#swap();
      return "swapped";
    }
    const asked = this.#asked(client, server);
    if (isKnown(asked)) return asked;
    const answered = this.#late(tellServer(server.bytes, server.start, server.end, this.#host.serverPort), server);
    if (last) return isKnown(answered) ? answered : "unknown";
    const greeting = isKnown(answered) && !answersFirst(answered) ? answered : void 0;
    if (isEmpty(client)) return greeting;
    if (asked === "more") return void 0;
    return this.#midstream || this.#gaps[0] > 0 ? byAnswer(answered, isEmpty(server)) : greeting ?? "unknown";
  }
  #asked(client, server) {
    const told = this.#late(tellClient(client.bytes, client.start, client.end, this.#host.serverPort), client);
    const granted = told === "tls" && this.#midstream && grantsTunnel(server.bytes, server.start, server.end);
    return granted ? "http-tunnel" : told;
  }
  #late(told, chunk) {
    return this.#midstream && told === "no" && isTlsRecord(chunk.bytes, chunk.start, chunk.end) ? "tls" : told;
  }
  #swap() {
    this.#host.swap();
    const [client, server] = this.#holds();
    this.#held = [server, client];
    this.#gaps = [this.#gaps[1], this.#gaps[0]];
    this.#ended.reverse();
  }
  #first(direction2, chunk) {
    if (chunk?.direction === direction2) return chunk;
    const held = this.#holds()[direction2];
    return { direction: direction2, bytes: held.bytes, start: 0, end: held.length };
  }
  #holds() {
    return this.#held ??= [new HeldBytes(limits.detection), new HeldBytes(limits.detection)];
  }
  #anythingHeld() {
    return this.#held !== void 0 && this.#held[0].length + this.#held[1].length > 0;
  }
  #demand(direction2) {
    return this.#target?.demand(direction2) ?? Demand.More;
  }
};
function byAnswer(answered, unanswered2) {
  if (unanswered2 || answered === "more") return void 0;
  return answered === "no" ? "unknown" : answered;
}
function isKnown(told) {
  return told !== "more" && told !== "no";
}
function isEmpty(chunk) {
  return chunk.start === chunk.end;
}
function isReversed(client, server) {
  const clientSide = speaker(client.bytes, client.start, client.end);
  const serverSide = speaker(server.bytes, server.start, server.end);
  return clientSide === "server" ? serverSide !== "server" : serverSide === "client" && clientSide === void 0;
}
function other(direction2) {
  return direction2 === 0 ? 1 : 0;
}
function answersFirst(protocol) {
  return protocol === "tls" || protocol === "http1" || protocol === "dns-tcp";
}

// src/protocol/http1/body.ts
function framingOf(fields, version2, from) {
  const { contentLengths, transferCodings } = fields;
  if (transferCodings.length > 0) {
    if (contentLengths.length > 0) throw malformed2("duplicate", "Content-Length beside Transfer-Encoding");
    if (version2 === "HTTP/1.0") throw malformed2("bad-value", "Transfer-Encoding in HTTP/1.0");
    if (transferCodings.indexOf("chunked") === transferCodings.length - 1) return { kind: "chunked" };
    if (from === "request" || transferCodings.includes("chunked")) throw malformed2("bad-value", "Transfer-Encoding");
    return { kind: "close" };
  }
  const lengths = new Set(contentLengths.flatMap((value) => value.split(",")).map((value) => value.trim()));
  if (lengths.size > 1) throw malformed2("duplicate", "Content-Length");
  for (const length of lengths) {
    if (!/^\d{1,15}$/.test(length)) throw malformed2("bad-value", "Content-Length");
    return { kind: "length", length: Number(length) };
  }
  return from === "request" ? none : { kind: "close" };
}
var none = { kind: "length", length: 0 };
var BodyReader = class {
  /** Content bytes passed so far, chunk framing left out. */
  content = 0;
  #state = "done";
  #remaining = 0;
  /** Chunk size being read, -1 before its first digit. */
  #size = -1;
  #digits = 0;
  /** Bytes of the line, or of all trailers, being read. */
  #lineLength = 0;
  get done() {
    return this.#state === "done";
  }
  /** Content that ends with the connection, or not at all. */
  get untilClose() {
    return this.#state === "until-close";
  }
  begin(framing) {
    this.content = 0;
    this.#remaining = framing.kind === "length" ? framing.length : 0;
    if (framing.kind === "length") this.#state = framing.length === 0 ? "done" : "data";
    else if (framing.kind === "close") this.#state = "until-close";
    else this.#beginChunk();
  }
  /** Passes content from `start` on. Returns where it ended: before `end` only when done. Throws: see `#sizeByte`. */
  read(bytes2, start, end) {
    let at = start;
    while (at < end && this.#state !== "done") {
      if (this.#state === "data" || this.#state === "chunk-data" || this.#state === "until-close") {
        at += this.#pass(end - at);
      } else {
        this.#lineByte(bytes2[at]);
        at++;
      }
    }
    return at;
  }
  /** Passes bytes that are missing. Returns false where they are not all known to be content. */
  skipMissing(length) {
    if (this.#state === "until-close" || this.#remaining >= length && this.#remaining > 0) {
      this.#pass(length);
      return true;
    }
    return false;
  }
  #pass(available) {
    const passed = this.#state === "until-close" ? available : Math.min(available, this.#remaining);
    this.content += passed;
    if (this.#state === "until-close") return passed;
    this.#remaining -= passed;
    if (this.#remaining === 0) this.#state = this.#state === "data" ? "done" : "chunk-end";
    return passed;
  }
  #lineByte(byte) {
    if (++this.#lineLength > longestLine(this.#state)) throw malformed2("too-large", "chunk framing");
    const lineFeed2 = byte === 10;
    switch (this.#state) {
      case "chunk-size":
        this.#sizeByte(byte);
        break;
      case "chunk-extension":
        if (lineFeed2) this.#beginData();
        break;
      case "chunk-end":
        if (lineFeed2) this.#beginChunk();
        else if (byte !== 13 || this.#lineLength > 1) throw malformed2("bad-value", "end of chunk");
        break;
      case "trailer-start":
        if (byte !== 13) this.#state = lineFeed2 ? "done" : "trailer";
        break;
      default:
        if (lineFeed2) this.#state = "trailer-start";
    }
  }
  #sizeByte(byte) {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > 13) throw malformed2("too-large", "chunk-size");
      this.#size = Math.max(this.#size, 0) * 16 + digit;
    } else if (this.#size < 0) throw malformed2("bad-value", "chunk-size");
    else if (byte === 10) this.#beginData();
    else if (byte === 13 || byte === 59 || byte === 32 || byte === 9) this.#state = "chunk-extension";
    else throw malformed2("bad-value", "chunk-size");
  }
  #beginChunk() {
    this.#state = "chunk-size";
    this.#size = -1;
    this.#digits = 0;
    this.#lineLength = 0;
  }
  #beginData() {
    this.#remaining = this.#size;
    this.#state = this.#size === 0 ? "trailer-start" : "chunk-data";
    this.#lineLength = 0;
  }
};
function longestLine(state) {
  return state === "trailer" || state === "trailer-start" ? limits.httpHead : limits.httpChunkLine;
}
function hexDigit(byte) {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
function malformed2(code, what) {
  return new MalformedError(code, 0, what);
}

// src/protocol/http1/exchange-log.ts
var ExchangeLog = class {
  #facts;
  #queue = [];
  #next = 0;
  #textLeft = limits.httpTextTotal;
  constructor(facts) {
    this.#facts = facts;
  }
  /** The oldest request without a final answer. */
  get waiting() {
    return this.#queue[this.#next];
  }
  /** Requests that wait are at their cap: no more can be matched. */
  get full() {
    return this.#queue.length - this.#next >= limits.httpExchanges;
  }
  request(head, at) {
    const last = this.#facts.exchanges.at(-1);
    const exchange = emptyExchange();
    exchange.method = head.method;
    exchange.requestTarget = head.target;
    exchange.form = head.form;
    exchange.version = head.version;
    exchange.requestFrame = at.frame;
    exchange.requestSeconds = at.seconds;
    exchange.requestNanoseconds = at.nanoseconds;
    const { fields } = head;
    if (head.host !== void 0) exchange.host = shared(head.host, last?.host);
    if (fields.userAgent !== void 0) exchange.userAgent = shared(fields.userAgent, last?.userAgent);
    if (fields.accept !== void 0) exchange.accept = shared(fields.accept, last?.accept);
    if (fields.proxyAuthorization !== void 0) exchange.proxyAuthorization = fields.proxyAuthorization;
    if (fields.authorization !== void 0) exchange.authorization = fields.authorization;
    const pending = this.#keep(exchange, fields.upgrade);
    this.#queue.push(pending);
    return pending;
  }
  /** An answer whose request was not seen. */
  unasked() {
    return this.#keep(emptyExchange(), void 0);
  }
  /** A CONNECT that was not seen and whose answer is to come. */
  missedConnect() {
    const exchange = emptyExchange();
    exchange.method = "CONNECT";
    exchange.form = "authority";
    const pending = this.#keep(exchange, void 0);
    this.#queue.push(pending);
    return pending;
  }
  answer(pending, head, at) {
    const { exchange } = pending;
    const { fields } = head;
    const textBefore = textLength(exchange);
    if (exchange.version === "") exchange.version = head.version;
    exchange.responseFrame = at.frame;
    exchange.responseSeconds = at.seconds;
    exchange.responseNanoseconds = at.nanoseconds;
    exchange.status = head.status;
    exchange.reason = head.reason;
    if (fields.location !== void 0) exchange.location = fields.location;
    if (fields.contentType !== void 0) exchange.contentType = fields.contentType;
    if (fields.server !== void 0) exchange.server = fields.server;
    if (fields.via !== void 0) exchange.via = fields.via;
    if (fields.challenges.length > 0) exchange.challenges = fields.challenges;
    this.#textLeft -= textLength(exchange) - textBefore;
    if (pending !== this.waiting) return;
    this.#next++;
    if (this.#next < 256) return;
    this.#queue = this.#queue.slice(this.#next);
    this.#next = 0;
  }
  #keep(exchange, upgrade) {
    const { exchanges } = this.#facts;
    this.#textLeft -= textLength(exchange);
    const kept = exchanges.length < limits.httpExchanges && this.#textLeft >= 0;
    if (kept) exchanges.push(exchange);
    else this.#facts.uncounted++;
    return { exchange, index: kept ? exchanges.length - 1 : -1, ...upgrade !== void 0 && { upgrade } };
  }
};
function emptyExchange() {
  return {
    method: "",
    requestTarget: "",
    form: "origin",
    version: "",
    requestFrame: 0,
    requestSeconds: 0,
    requestNanoseconds: 0,
    responseFrame: 0,
    responseSeconds: 0,
    responseNanoseconds: 0,
    requestBytes: 0,
    responseBytes: 0
  };
}
function shared(text3, before) {
  return text3 === before ? before : text3;
}
function textLength(exchange) {
  const { method, requestTarget, host, userAgent, accept, reason, location, contentType, server, via } = exchange;
  let length = method.length + requestTarget.length;
  for (const text3 of [host, userAgent, accept, reason, location, contentType, server, via]) length += text3?.length ?? 0;
  return length;
}

// src/protocol/http1/head-reader.ts
var HeadReader = class {
  /** The head when `complete`. Borrows: until the next call. */
  bytes = new Uint8Array(0);
  start = 0;
  end = 0;
  complete = false;
  frame = 0;
  seconds = 0;
  nanoseconds = 0;
  #held = new Accumulator(limits.httpHead);
  #scanned = 0;
  /** Bytes gathered of a head that is not complete. */
  get gathered() {
    return this.#held.length;
  }
  /** What has been gathered of a head that is not complete, at most `length` bytes. Borrows: until the next call. */
  peek(length) {
    return this.#held.bytes.subarray(0, Math.min(length, this.gathered));
  }
  /**
   * Takes what belongs to the head, empty lines before it passed over (RFC 9112 §2.2). Returns where that ends; the head
   * is there when `complete`, to be cleared before the next. Throws: `too-large`.
   */
  read(bytes2, start, end, frame, moment) {
    if (this.#held.length > 0) return this.#readOn(bytes2, start, end);
    const at = skipEmptyLines(bytes2, start, end);
    if (at === end) return end;
    this.frame = frame;
    this.seconds = moment.seconds;
    this.nanoseconds = moment.nanoseconds;
    const headEnd = endOfHead(bytes2, at, Math.min(end, at + limits.httpHead));
    if (headEnd >= 0) return this.#found(bytes2, at, headEnd);
    if (!this.#held.append(bytes2, at, end)) throw new MalformedError("too-large", 0, "head");
    this.#scanned = this.#held.length;
    return end;
  }
  /** Takes the whole lines of a head whose end is missing for the head. Returns false where there is none. */
  cutShort() {
    const held = this.#held;
    const lines3 = held.length === 0 ? 0 : held.bytes.lastIndexOf(lineFeed, held.length - 1) + 1;
    if (lines3 === 0) return false;
    held.length = lines3;
    if (!held.append(emptyLine, 0, emptyLine.length)) return false;
    this.#found(held.bytes, 0, held.length);
    return true;
  }
  /** Makes ready for the next head and gives the memory back. */
  clear() {
    this.complete = false;
    this.#held.clear();
    this.#scanned = 0;
  }
  #readOn(bytes2, start, end) {
    const held = this.#held;
    const before = held.length;
    const taken = Math.min(end - start, limits.httpHead - before);
    held.append(bytes2, start, start + taken);
    const headEnd = endOfHead(held.bytes, Math.max(0, this.#scanned - 2), held.length);
    if (headEnd >= 0) {
      this.#found(held.bytes, 0, headEnd);
      return start + headEnd - before;
    }
    if (held.length === limits.httpHead) throw new MalformedError("too-large", 0, "head");
    this.#scanned = held.length;
    return start + taken;
  }
  #found(bytes2, start, end) {
    this.complete = true;
    this.bytes = bytes2;
    this.start = start;
    this.end = end;
    return end;
  }
};
function skipEmptyLines(bytes2, start, end) {
  let at = start;
  while (at < end && (bytes2[at] === 13 || bytes2[at] === 10)) at++;
  return at;
}
var lineFeed = 10;
var emptyLine = Uint8Array.of(lineFeed);

// src/protocol/http1/decoder.ts
var Http1Decoder = class {
  facts = { layer: "http1", exchanges: [], uncounted: 0, partial: false, opaque: false };
  #context;
  #log = new ExchangeLog(this.facts);
  #states = ["head", "head"];
  #heads = [new HeadReader(), new HeadReader()];
  #bodies = [new BodyReader(), new BodyReader()];
  /** Whose content is being passed, by direction. */
  #current = [void 0, void 0];
  #held = new HeldBytes(limits.tunnelHeld);
  #early = new HeldBytes(limits.detection);
  #ended = [void 0, void 0];
  #seen = [false, false];
  /** Bytes missing at the very beginning of what is held, or of the answer to a CONNECT. */
  #missing = [0, 0];
  #inner;
  #answers = 0;
  /** No more waiting for the requests of answers: they were not captured. */
  #requestsMissing = false;
  /** `connectMissed`: the capture begins between a CONNECT and its answer. */
  constructor(context, connectMissed = false) {
    this.#context = context;
    if (!connectMissed) return;
    this.facts.partial = true;
    this.#current[0] = this.#log.missedConnect();
    this.#states[0] = "waiting";
    context.stage("proxy");
  }
  onData(direction2, bytes2, start, end, frame) {
    this.#seen[direction2] = true;
    try {
      if (direction2 === 0) this.#client(bytes2, start, end, frame);
      else this.#server(bytes2, start, end, frame);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      const from = direction2 === 0 ? "request" : "answer";
      const code = error.code === "too-large" ? "message-too-large" : "malformed";
      this.#giveUp(direction2, code, `${from}: ${error.message}`);
    }
    if (direction2 === 0 && this.#early.length > 0) this.#releaseEarly();
    return this.#demand(direction2);
  }
  onGap(direction2, length) {
    const state = this.#states[direction2];
    if (this.#inner !== void 0) return this.#inner.onGap(direction2, length);
    if (state === "opaque" || state === "strange") return Demand.Skip;
    const pending = this.#current[direction2];
    if (state === "body" && this.#bodies[direction2].skipMissing(length)) {
      this.#countContent(direction2, pending);
    } else if (!this.#seen[direction2] && this.#heads[direction2].gathered === 0) {
      this.facts.partial = true;
      if (direction2 === 1) this.#missing[1] = length;
    } else if (state === "waiting" && this.#held.length === 0) {
      this.#missing[0] += length;
    } else {
      this.#loseInside(direction2, length);
    }
    if (direction2 === 1) this.#assumeTunnel();
    return this.#demand(direction2);
  }
  onEnd(direction2, reason) {
    this.#ended[direction2] = reason;
    if (this.#inner !== void 0) {
      this.#inner.onEnd(direction2, reason);
      return;
    }
    if (this.#ended[0] === void 0 || this.#ended[1] === void 0) return;
    if (this.#early.length > 0) this.#releaseUnasked();
    this.#assumeTunnel();
    for (const head of this.#heads) head.clear();
    this.#held.clear();
  }
  #client(bytes2, start, end, frame) {
    let at = start;
    while (at < end) {
      switch (this.#states[0]) {
        case "head":
          at = this.#heads[0].read(bytes2, at, end, frame, this.#context.moment);
          if (this.#heads[0].complete) this.#request();
          break;
        case "body":
          at = this.#bodies[0].read(bytes2, at, end);
          this.#countContent(0, this.#current[0]);
          break;
        case "waiting":
          if (this.#holds(bytes2, at, end, frame)) return;
          break;
        case "tunnel":
          this.#inner.onData(0, bytes2, at, end, frame);
          return;
        default:
          return;
      }
    }
  }
  /** Returns false where the bytes are to be read instead, because no answer will decide what they are. */
  #holds(bytes2, start, end, frame) {
    const held = this.#held.hold(bytes2, start, end, frame, this.#context.moment);
    this.#assumeTunnel(!held);
    return held;
  }
  #request() {
    const reader = this.#heads[0];
    const head = parseRequestHead(reader.bytes, reader.start, reader.end);
    reader.clear();
    if (this.#log.full) {
      this.#giveUp(0, "limit", `${limits.httpExchanges} requests without an answer: the rest is not looked at`);
      return;
    }
    const connect = head.method === "CONNECT";
    const pending = this.#log.request(head, reader);
    if (connect || head.form === "absolute") this.#context.stage("proxy");
    if (!connect) this.#context.stage("http");
    this.#current[0] = pending;
    this.#bodies[0].begin(connect ? none : framingOf(head.fields, head.version, "request"));
    this.#states[0] = "body";
    this.#countContent(0, pending);
  }
  #countContent(direction2, pending) {
    const body = this.#bodies[direction2];
    if (pending !== void 0) {
      if (direction2 === 0) pending.exchange.requestBytes = body.content;
      else pending.exchange.responseBytes = body.content;
    }
    if (!body.done) return;
    const switches = pending?.exchange.method === "CONNECT" || pending?.upgrade !== void 0;
    const unanswered2 = pending?.exchange.status === void 0;
    this.#states[direction2] = direction2 === 0 && switches && unanswered2 ? "waiting" : "head";
  }
  #server(bytes2, start, end, frame) {
    let at = start;
    while (at < end) {
      switch (this.#states[1]) {
        case "head":
          if (this.#isEarly() && this.#early.hold(bytes2, at, end, frame, this.#context.moment)) return;
          if (this.#isEarly()) this.#releaseUnasked();
          else at = this.#answerHead(bytes2, at, end, frame);
          break;
        case "body":
          at = this.#bodies[1].read(bytes2, at, end);
          this.#countContent(1, this.#current[1]);
          break;
        case "strange":
          this.#strange(latin1(bytes2, at, Math.min(end, at + strangeLength)));
          return;
        case "tunnel":
          this.#inner.onData(1, bytes2, at, end, frame);
          return;
        default:
          return;
      }
    }
  }
  #isEarly() {
    if (this.#log.waiting !== void 0 || this.#requestsMissing) return false;
    return this.#heads[1].gathered === 0 && this.#states[0] !== "opaque";
  }
  #answerHead(bytes2, start, end, frame) {
    const reader = this.#heads[1];
    const before = reader.gathered;
    const first = before === 0 ? skipEmptyLines(bytes2, start, end) : start;
    if (!mayBeResponse(bytes2, first, end, Math.min(before, 7))) {
      this.#noAnswer(latin1(reader.peek(strangeLength)));
      return first;
    }
    const at = reader.read(bytes2, start, end, frame, this.#context.moment);
    if (reader.complete) {
      const head = parseResponseHead(reader.bytes, reader.start, reader.end);
      reader.clear();
      this.#answer(head);
    }
    return at;
  }
  #noAnswer(gathered) {
    const { waiting } = this.#log;
    if (this.#missing[1] > 0) {
      this.#giveUp(1, "bytes-lost", `${this.#missing[1]} bytes of the server's answers are missing`);
      return;
    }
    if (waiting === void 0 || this.#answers > 0 && waiting.exchange.method !== "CONNECT") {
      throw new MalformedError("bad-value", 0, "status-line");
    }
    this.facts.opaque = true;
    this.#states[1] = "strange";
    this.#heads[1].clear();
    this.facts.strangeAnswer = "";
    this.#strange(gathered);
    if (this.#states[0] === "waiting") this.#states[0] = "opaque";
    this.#held.clear();
  }
  #strange(text3) {
    const soFar = (this.facts.strangeAnswer ?? "") + text3;
    this.facts.strangeAnswer = soFar.slice(0, strangeLength);
    if (soFar.length >= strangeLength) this.#states[1] = "opaque";
  }
  #answer(head) {
    if (head.status < 200 && head.status !== 101) return;
    this.#answers++;
    this.#missing[1] = 0;
    const pending = this.#log.waiting ?? this.#log.unasked();
    this.#log.answer(pending, head, this.#heads[1]);
    this.#current[1] = pending;
    const granted = pending.exchange.method === "CONNECT" && head.status >= 200 && head.status < 300;
    if (granted || head.status === 101) {
      this.#openTunnel(pending, head.status === 101 ? upgraded(head.fields.upgrade ?? pending.upgrade) : void 0);
      return;
    }
    const switching = this.#states[0] === "waiting" && this.#current[0] === pending;
    this.#bodies[1].begin(contentOf(pending, head));
    this.#states[1] = "body";
    this.#countContent(1, pending);
    if (switching) this.#releaseHeld();
  }
  /** The tunnel was refused: what the client sent behind its request are more requests. */
  #releaseHeld() {
    this.#states[0] = "head";
    if (this.#missing[0] > 0) this.#giveUp(0, "bytes-lost", `${this.#missing[0]} bytes of a request are missing`);
    if (this.#held.length > 0) this.#held.replay(0, this, this.#context.moment);
  }
  #releaseEarly() {
    if (this.#log.waiting !== void 0 || this.#states[0] === "opaque") {
      this.#early.replay(1, this, this.#context.moment);
    }
  }
  #releaseUnasked() {
    this.#requestsMissing = true;
    if (this.facts.exchanges.length === 0) this.facts.partial = true;
    if (this.#early.length > 0) this.#early.replay(1, this, this.#context.moment);
  }
  /**
   * Takes a CONNECT for granted whose answer the capture lacks, when the client went on with something that is no
   * request.
   */
  #assumeTunnel(full = false) {
    const pending = this.#current[0];
    if (this.#states[0] !== "waiting" || this.#held.length === 0 || pending === void 0) return;
    const over = this.#ended[0] !== void 0 && this.#ended[1] !== void 0;
    if (!full && this.#missing[1] === 0 && (!over || this.#seen[1])) return;
    const request = detectRequest(this.#held.bytes, 0, this.#held.length) !== "no";
    if (pending.exchange.method !== "CONNECT" || request) {
      this.#releaseHeld();
      return;
    }
    this.facts.partial = true;
    this.#openTunnel(pending, void 0);
    if (this.#missing[1] > 0) this.#inner?.onGap(1, this.#missing[1]);
  }
  #openTunnel(pending, named) {
    if (pending.index >= 0) this.facts.tunnel = pending.index;
    const inner = new InnerLayer(this.#context.openInner(named), this.#context.moment);
    this.#inner = inner;
    if (this.#states[0] === "opaque") inner.skip(0);
    this.#states[0] = "tunnel";
    this.#states[1] = "tunnel";
    inner.begin(0, this.#missing[0], this.#held);
    inner.tellEnds(this.#ended);
  }
  /** Ends the reading of a direction, unless what is missing is the end of a head of a CONNECT, which has no content. */
  #loseInside(direction2, length) {
    const from = direction2 === 0 ? "client" : "server";
    const detail = `${length} bytes from the ${from} are missing inside a message`;
    if (this.#states[direction2] === "head") this.#cutHead(direction2);
    const state = this.#states[direction2];
    if (state === "waiting" || state === "tunnel") {
      this.#context.problem("http1", "bytes-lost", detail);
      return;
    }
    this.#giveUp(direction2, "bytes-lost", detail);
    if (direction2 === 1) this.#missing[1] = length;
  }
  /** Reads the lines that are whole of a head that the capture cut. */
  #cutHead(direction2) {
    const reader = this.#heads[direction2];
    if (!reader.cutShort()) return;
    try {
      if (direction2 === 0) this.#request();
      else this.#answer(parseResponseHead(reader.bytes, reader.start, reader.end));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
    reader.clear();
  }
  #giveUp(direction2, code, detail) {
    this.facts.opaque = true;
    this.#states[direction2] = "opaque";
    this.#heads[direction2].clear();
    if (direction2 === 0) this.#held.clear();
    this.#context.problem("http1", code, detail);
  }
  #demand(direction2) {
    if (this.#inner !== void 0) return this.#inner.demand(direction2);
    return this.#states[direction2] === "opaque" ? Demand.Skip : Demand.More;
  }
};
function contentOf(pending, head) {
  const { status, fields, version: version2 } = head;
  if (pending.exchange.method === "HEAD" || status === 204 || status === 304) return none;
  return framingOf(fields, version2, "response");
}
function upgraded(protocol) {
  if (protocol === void 0) return void 0;
  if (protocol.includes("websocket")) return "websocket";
  return protocol.includes("h2c") ? "http2" : void 0;
}
var strangeLength = 32;

// src/protocol/socks/decoder.ts
var SocksDecoder = class {
  facts;
  #context;
  #held = [new HeldBytes(limits.tunnelHeld), new HeldBytes(limits.tunnelHeld)];
  #ended = [void 0, void 0];
  #state = "dialogue";
  #client = "greeting";
  #server = "selection";
  #inner;
  #serverSeen = false;
  /** Bytes of the server that are missing: its answers may have been among them. */
  #serverMissing = 0;
  /** The server's answers are not in the capture: the client's bytes alone say how it went on. */
  #unanswered = false;
  constructor(context) {
    this.#context = context;
    this.facts = {
      layer: "socks",
      version: 5,
      v4a: false,
      frame: context.moment.frame,
      methodsOffered: [],
      requestFrame: 0,
      replyFrame: 0,
      tunnel: false
    };
    context.stage("proxy");
  }
  onData(direction2, bytes2, start, end, frame) {
    if (direction2 === 1) this.#serverSeen = true;
    if (this.#inner !== void 0) return this.#inner.onData(direction2, bytes2, start, end, frame);
    if (this.#state === "strange" && direction2 === 1) this.#strange(latin1(bytes2, start, Math.min(end, start + 32)));
    else if (this.#state === "dialogue") this.#hold(direction2, bytes2, start, end, frame);
    return this.#demand(direction2);
  }
  onGap(direction2, length) {
    if (this.#inner !== void 0) return this.#inner.onGap(direction2, length);
    if (this.#state === "dialogue" && direction2 === 1) {
      this.#serverMissing += length;
      this.#unanswered = true;
      this.#advance(this.#context.moment.frame);
    } else if (this.#state === "dialogue") {
      this.#giveUp("bytes-lost", `${length} bytes of the client are missing between SOCKS messages`);
    }
    return this.#demand(direction2);
  }
  onEnd(direction2, reason) {
    this.#ended[direction2] = reason;
    if (this.#inner !== void 0) {
      this.#inner.onEnd(direction2, reason);
      return;
    }
    if (this.#ended[0] === void 0 || this.#ended[1] === void 0) return;
    if (!this.#serverSeen && this.#state === "dialogue") {
      this.#unanswered = true;
      this.#advance(this.#context.moment.frame);
    }
    this.#held[0].clear();
    this.#held[1].clear();
  }
  #hold(direction2, bytes2, start, end, frame) {
    if (this.#held[direction2].hold(bytes2, start, end, frame, this.#context.moment)) this.#advance(frame);
    else this.#giveUp("message-too-large", `${limits.tunnelHeld} bytes without the SOCKS message that should be there`);
  }
  #advance(frame) {
    try {
      while (this.#state === "dialogue" && (this.#clientStep(frame) || this.#serverStep(frame))) ;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#giveUp("malformed", error.message);
    }
  }
  /** Takes one message of the client. Returns false when none is complete or its turn has not come. */
  #clientStep(frame) {
    const held = this.#held[0];
    if (held.length === 0) return false;
    switch (this.#client) {
      case "greeting":
        return this.#greeting(frame);
      case "authentication":
        return this.#authentication(frame);
      case "request":
        return this.#request(frame);
      default:
        if (this.#unanswered) this.#openTunnel();
        return false;
    }
  }
  #greeting(frame) {
    const held = this.#held[0];
    if (held.bytes[0] === 4) {
      this.facts.version = 4;
      this.#client = "request";
      this.#server = "reply";
      return true;
    }
    const length = greetingLength(held.bytes, 0, held.length);
    if (length === 0) return false;
    this.facts.methodsOffered = [...new Set(held.bytes.subarray(2, length))];
    this.#take(0, length, frame);
    this.#client = "authentication";
    return true;
  }
  /** A client may send its request without waiting; whether anything else is a password only the selection tells. */
  #authentication(frame) {
    const held = this.#held[0];
    const selected = this.facts.methodSelected;
    if (held.bytes[0] === 5 || selected === 0) {
      this.#client = "request";
      return true;
    }
    if (selected === void 0 && !this.#unanswered) return false;
    if (selected !== void 0 && selected !== 2) {
      this.#over();
      return false;
    }
    const length = passwordLength(held.bytes, 0, held.length);
    if (length === 0) return false;
    this.#take(0, length, frame);
    this.#client = "request";
    return true;
  }
  #request(frame) {
    const held = this.#held[0];
    const { facts } = this;
    const parse = facts.version === 4 ? parseRequest4 : parseRequest5;
    const request = parse(held.bytes, 0, held.length);
    if (request === void 0) return false;
    facts.v4a = facts.version === 4 && asksByName(held.bytes, 0);
    facts.command = request.command;
    facts.targetHost = request.host;
    facts.targetPort = request.port;
    facts.addressType = request.addressType;
    facts.requestFrame = held.frame;
    this.#take(0, request.length, frame);
    this.#client = "none";
    return true;
  }
  /** Takes one message of the server. Returns false when none is complete or its turn has not come. */
  #serverStep(frame) {
    const { bytes: bytes2, length } = this.#held[1];
    if (length === 0 || this.#unanswered) return false;
    switch (this.#server) {
      case "selection":
        if (bytes2[0] !== 5) return this.#noAnswer();
        if (length < 2) return false;
        this.facts.methodSelected = bytes2[1];
        this.#server = bytes2[1] === 2 ? "status" : "reply";
        this.#take(1, 2, frame);
        if (bytes2[1] === 255) this.#over();
        return true;
      case "status":
        if (bytes2[0] !== 1 && bytes2[0] !== 5) throw new MalformedError("bad-value", 0, "authentication status");
        if (length < 2) return false;
        this.facts.authenticationStatus = bytes2[1];
        this.#server = "reply";
        this.#take(1, 2, frame);
        return true;
      case "reply":
        return this.#client === "none" && this.#reply();
      default:
        return false;
    }
  }
  #reply() {
    const { facts } = this;
    const held = this.#held[1];
    const { bytes: bytes2 } = held;
    if (facts.version === 4 && bytes2[0] !== 0) return this.#noAnswer();
    if (held.length < 2) return false;
    facts.reply ??= bytes2[1];
    if (facts.replyFrame === 0) facts.replyFrame = held.frame;
    const length = facts.version === 4 ? 8 : parseRequest5(bytes2, 0, held.length)?.length ?? Infinity;
    if (held.length < length) return false;
    held.consume(length);
    const granted = facts.reply === (facts.version === 4 ? 90 : 0);
    if (granted && facts.command === 1) this.#openTunnel();
    else this.#over();
    return false;
  }
  #noAnswer() {
    const held = this.#held[1];
    this.#state = "strange";
    this.#strange(latin1(held.bytes, 0, Math.min(32, held.length)));
    this.#held[0].clear();
    held.clear();
    return false;
  }
  #strange(text3) {
    const soFar = (this.facts.strangeAnswer ?? "") + text3;
    this.facts.strangeAnswer = soFar.slice(0, 32);
    if (soFar.length >= 32) this.#state = "over";
  }
  #take(direction2, length, frame) {
    const held = this.#held[direction2];
    held.consume(length);
    held.frame = frame;
  }
  #openTunnel() {
    this.facts.tunnel = true;
    this.#state = "tunnel";
    const inner = new InnerLayer(this.#context.openInner(), this.#context.moment);
    this.#inner = inner;
    inner.begin(0, 0, this.#held[0]);
    inner.begin(1, this.#serverMissing, this.#held[1]);
    inner.tellEnds(this.#ended);
  }
  #over() {
    this.#state = "over";
    this.#held[0].clear();
    this.#held[1].clear();
  }
  #giveUp(code, detail) {
    this.#over();
    this.#context.problem("socks", code, detail);
  }
  #demand(direction2) {
    if (this.#inner !== void 0) return this.#inner.demand(direction2);
    if (this.#state === "over") return Demand.Skip;
    return this.#state === "strange" && direction2 === 0 ? Demand.Skip : Demand.More;
  }
};

// src/protocol/tls/application-data.ts
var ApplicationData = class {
  /** Frame of the first data of each direction; 0 before. */
  frames = [0, 0];
  #context;
  #facts;
  #inner;
  #gaps = [0, 0];
  #ended = [void 0, void 0];
  /** Nothing of the client's is decrypted. */
  clientIsHidden = false;
  constructor(context, facts) {
    this.#context = context;
    this.#facts = facts;
  }
  onData(direction2, bytes2, start, end, frame) {
    if (start === end) return;
    if (this.frames[direction2] === 0) this.frames[direction2] = frame;
    this.#inner ??= this.#open();
    this.#inner.onData(direction2, bytes2, start, end, frame);
  }
  onGap(direction2, length) {
    if (this.#inner === void 0) this.#gaps[direction2] += length;
    else this.#inner.onGap(direction2, length);
  }
  onEnd(direction2, reason) {
    if (this.#inner === void 0) this.#ended[direction2] = reason;
    else this.#inner.onEnd(direction2, reason);
  }
  demand(direction2) {
    return this.#inner?.demand(direction2) ?? Demand.More;
  }
  /** Bytes tell what they are by their beginning; where that is lost, what was agreed on tells. */
  #open() {
    const lost = this.clientIsHidden || this.#gaps[0] > 0;
    const consumer = this.#context.openInner(lost && this.#facts.alpn === "h2" ? "http2" : void 0);
    const inner = new InnerLayer(consumer, this.#context.moment);
    this.#gaps.forEach((gap, direction2) => {
      if (gap > 0) inner.onGap(direction2, gap);
    });
    inner.tellEnds(this.#ended);
    return inner;
  }
};

// src/protocol/tls/cipher-suites.ts
var table = `
  0000 NULL_WITH_NULL_NULL, 0001 RSA_WITH_NULL_MD5, 0002 RSA_WITH_NULL_SHA, 0004 RSA_WITH_RC4_128_MD5,
  0005 RSA_WITH_RC4_128_SHA, 0009 RSA_WITH_DES_CBC_SHA, 000a RSA_WITH_3DES_EDE_CBC_SHA,
  000d DH_DSS_WITH_3DES_EDE_CBC_SHA, 0013 DHE_DSS_WITH_3DES_EDE_CBC_SHA, 0016 DHE_RSA_WITH_3DES_EDE_CBC_SHA,
  002c PSK_WITH_NULL_SHA, 002d DHE_PSK_WITH_NULL_SHA, 002e RSA_PSK_WITH_NULL_SHA, 002f RSA_WITH_AES_128_CBC_SHA,
  0032 DHE_DSS_WITH_AES_128_CBC_SHA, 0033 DHE_RSA_WITH_AES_128_CBC_SHA, 0034 DH_anon_WITH_AES_128_CBC_SHA,
  0035 RSA_WITH_AES_256_CBC_SHA, 0038 DHE_DSS_WITH_AES_256_CBC_SHA, 0039 DHE_RSA_WITH_AES_256_CBC_SHA,
  003a DH_anon_WITH_AES_256_CBC_SHA, 003b RSA_WITH_NULL_SHA256, 003c RSA_WITH_AES_128_CBC_SHA256,
  003d RSA_WITH_AES_256_CBC_SHA256, 0040 DHE_DSS_WITH_AES_128_CBC_SHA256, 0041 RSA_WITH_CAMELLIA_128_CBC_SHA,
  0044 DHE_DSS_WITH_CAMELLIA_128_CBC_SHA, 0045 DHE_RSA_WITH_CAMELLIA_128_CBC_SHA,
  0046 DH_anon_WITH_CAMELLIA_128_CBC_SHA, 0067 DHE_RSA_WITH_AES_128_CBC_SHA256,
  006a DHE_DSS_WITH_AES_256_CBC_SHA256, 006b DHE_RSA_WITH_AES_256_CBC_SHA256, 006c DH_anon_WITH_AES_128_CBC_SHA256,
  006d DH_anon_WITH_AES_256_CBC_SHA256, 0084 RSA_WITH_CAMELLIA_256_CBC_SHA, 0087 DHE_DSS_WITH_CAMELLIA_256_CBC_SHA,
  0088 DHE_RSA_WITH_CAMELLIA_256_CBC_SHA, 0089 DH_anon_WITH_CAMELLIA_256_CBC_SHA, 008c PSK_WITH_AES_128_CBC_SHA,
  008d PSK_WITH_AES_256_CBC_SHA, 0090 DHE_PSK_WITH_AES_128_CBC_SHA, 0091 DHE_PSK_WITH_AES_256_CBC_SHA,
  0094 RSA_PSK_WITH_AES_128_CBC_SHA, 0095 RSA_PSK_WITH_AES_256_CBC_SHA, 009c RSA_WITH_AES_128_GCM_SHA256,
  009d RSA_WITH_AES_256_GCM_SHA384, 009e DHE_RSA_WITH_AES_128_GCM_SHA256, 009f DHE_RSA_WITH_AES_256_GCM_SHA384,
  00a2 DHE_DSS_WITH_AES_128_GCM_SHA256, 00a3 DHE_DSS_WITH_AES_256_GCM_SHA384, 00a6 DH_anon_WITH_AES_128_GCM_SHA256,
  00a7 DH_anon_WITH_AES_256_GCM_SHA384, 00a8 PSK_WITH_AES_128_GCM_SHA256, 00a9 PSK_WITH_AES_256_GCM_SHA384,
  00aa DHE_PSK_WITH_AES_128_GCM_SHA256, 00ab DHE_PSK_WITH_AES_256_GCM_SHA384, 00ac RSA_PSK_WITH_AES_128_GCM_SHA256,
  00ad RSA_PSK_WITH_AES_256_GCM_SHA384, 00ae PSK_WITH_AES_128_CBC_SHA256, 00af PSK_WITH_AES_256_CBC_SHA384,
  00b0 PSK_WITH_NULL_SHA256, 00b1 PSK_WITH_NULL_SHA384, 00b2 DHE_PSK_WITH_AES_128_CBC_SHA256,
  00b3 DHE_PSK_WITH_AES_256_CBC_SHA384, 00b4 DHE_PSK_WITH_NULL_SHA256, 00b5 DHE_PSK_WITH_NULL_SHA384,
  00b6 RSA_PSK_WITH_AES_128_CBC_SHA256, 00b7 RSA_PSK_WITH_AES_256_CBC_SHA384, 00b8 RSA_PSK_WITH_NULL_SHA256,
  00b9 RSA_PSK_WITH_NULL_SHA384, 00ba RSA_WITH_CAMELLIA_128_CBC_SHA256, 00bd DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256,
  00be DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256, 00bf DH_anon_WITH_CAMELLIA_128_CBC_SHA256,
  00c0 RSA_WITH_CAMELLIA_256_CBC_SHA256, 00c3 DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256,
  00c4 DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256, 00c5 DH_anon_WITH_CAMELLIA_256_CBC_SHA256,
  00ff EMPTY_RENEGOTIATION_INFO_SCSV, 1301 AES_128_GCM_SHA256, 1302 AES_256_GCM_SHA384,
  1303 CHACHA20_POLY1305_SHA256, 1304 AES_128_CCM_SHA256, 1305 AES_128_CCM_8_SHA256, 5600 FALLBACK_SCSV,
  c006 ECDHE_ECDSA_WITH_NULL_SHA, c007 ECDHE_ECDSA_WITH_RC4_128_SHA, c008 ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA,
  c009 ECDHE_ECDSA_WITH_AES_128_CBC_SHA, c00a ECDHE_ECDSA_WITH_AES_256_CBC_SHA, c010 ECDHE_RSA_WITH_NULL_SHA,
  c011 ECDHE_RSA_WITH_RC4_128_SHA, c012 ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, c013 ECDHE_RSA_WITH_AES_128_CBC_SHA,
  c014 ECDHE_RSA_WITH_AES_256_CBC_SHA, c015 ECDH_anon_WITH_NULL_SHA, c018 ECDH_anon_WITH_AES_128_CBC_SHA,
  c019 ECDH_anon_WITH_AES_256_CBC_SHA, c01d SRP_SHA_WITH_AES_128_CBC_SHA, c01e SRP_SHA_RSA_WITH_AES_128_CBC_SHA,
  c01f SRP_SHA_DSS_WITH_AES_128_CBC_SHA, c020 SRP_SHA_WITH_AES_256_CBC_SHA, c021 SRP_SHA_RSA_WITH_AES_256_CBC_SHA,
  c022 SRP_SHA_DSS_WITH_AES_256_CBC_SHA, c023 ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  c024 ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, c027 ECDHE_RSA_WITH_AES_128_CBC_SHA256,
  c028 ECDHE_RSA_WITH_AES_256_CBC_SHA384, c02b ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  c02c ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, c02f ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  c030 ECDHE_RSA_WITH_AES_256_GCM_SHA384, c035 ECDHE_PSK_WITH_AES_128_CBC_SHA, c036 ECDHE_PSK_WITH_AES_256_CBC_SHA,
  c037 ECDHE_PSK_WITH_AES_128_CBC_SHA256, c038 ECDHE_PSK_WITH_AES_256_CBC_SHA384, c039 ECDHE_PSK_WITH_NULL_SHA,
  c03a ECDHE_PSK_WITH_NULL_SHA256, c03b ECDHE_PSK_WITH_NULL_SHA384, c050 RSA_WITH_ARIA_128_GCM_SHA256,
  c051 RSA_WITH_ARIA_256_GCM_SHA384, c052 DHE_RSA_WITH_ARIA_128_GCM_SHA256, c053 DHE_RSA_WITH_ARIA_256_GCM_SHA384,
  c056 DHE_DSS_WITH_ARIA_128_GCM_SHA256, c057 DHE_DSS_WITH_ARIA_256_GCM_SHA384,
  c05c ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256, c05d ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384,
  c060 ECDHE_RSA_WITH_ARIA_128_GCM_SHA256, c061 ECDHE_RSA_WITH_ARIA_256_GCM_SHA384,
  c06a PSK_WITH_ARIA_128_GCM_SHA256, c06b PSK_WITH_ARIA_256_GCM_SHA384, c06c DHE_PSK_WITH_ARIA_128_GCM_SHA256,
  c06d DHE_PSK_WITH_ARIA_256_GCM_SHA384, c06e RSA_PSK_WITH_ARIA_128_GCM_SHA256,
  c06f RSA_PSK_WITH_ARIA_256_GCM_SHA384, c072 ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256,
  c073 ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384, c076 ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256,
  c077 ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384, c094 PSK_WITH_CAMELLIA_128_CBC_SHA256,
  c095 PSK_WITH_CAMELLIA_256_CBC_SHA384, c096 DHE_PSK_WITH_CAMELLIA_128_CBC_SHA256,
  c097 DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384, c098 RSA_PSK_WITH_CAMELLIA_128_CBC_SHA256,
  c099 RSA_PSK_WITH_CAMELLIA_256_CBC_SHA384, c09a ECDHE_PSK_WITH_CAMELLIA_128_CBC_SHA256,
  c09b ECDHE_PSK_WITH_CAMELLIA_256_CBC_SHA384, c09c RSA_WITH_AES_128_CCM, c09d RSA_WITH_AES_256_CCM,
  c09e DHE_RSA_WITH_AES_128_CCM, c09f DHE_RSA_WITH_AES_256_CCM, c0a0 RSA_WITH_AES_128_CCM_8,
  c0a1 RSA_WITH_AES_256_CCM_8, c0a2 DHE_RSA_WITH_AES_128_CCM_8, c0a3 DHE_RSA_WITH_AES_256_CCM_8,
  c0a4 PSK_WITH_AES_128_CCM, c0a5 PSK_WITH_AES_256_CCM, c0a6 DHE_PSK_WITH_AES_128_CCM,
  c0a7 DHE_PSK_WITH_AES_256_CCM, c0a8 PSK_WITH_AES_128_CCM_8, c0a9 PSK_WITH_AES_256_CCM_8,
  c0aa PSK_DHE_WITH_AES_128_CCM_8, c0ab PSK_DHE_WITH_AES_256_CCM_8, c0ac ECDHE_ECDSA_WITH_AES_128_CCM,
  c0ad ECDHE_ECDSA_WITH_AES_256_CCM, c0ae ECDHE_ECDSA_WITH_AES_128_CCM_8, c0af ECDHE_ECDSA_WITH_AES_256_CCM_8,
  cca8 ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, cca9 ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  ccaa DHE_RSA_WITH_CHACHA20_POLY1305_SHA256, ccab PSK_WITH_CHACHA20_POLY1305_SHA256,
  ccac ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256, ccad DHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  ccae RSA_PSK_WITH_CHACHA20_POLY1305_SHA256
`;
var names;
function registeredCipherSuite(code) {
  names ??= new Map(
    table.trim().split(/,\s*/).map((row) => [Number.parseInt(row.slice(0, 4), 16), `TLS_${row.slice(5)}`])
  );
  return names.get(code);
}

// src/protocol/tls/names.ts
function isGrease(code) {
  return (code & 3855) === 2570 && code >> 8 === (code & 255);
}
function cipherSuiteName(code) {
  return isGrease(code) ? "GREASE" : registeredCipherSuite(code) ?? hexCode(code);
}

// src/protocol/tls/client-hello.ts
var Extension = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  compressCertificate: 27,
  recordSizeLimit: 28,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  encryptedClientHello: 65037
};
function parseClientHello(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "ClientHello", start, end);
  const draft = emptyDraft(end - start + handshakeHeaderLength);
  readHead(reader, draft);
  if (reader.remaining > 0) {
    const list2 = reader.child(reader.u16(), "extensions");
    reader.expectEnd();
    readExtensions(list2, draft);
  }
  return draft;
}
function parseCutClientHello(bytes2, start, end, length) {
  const reader = new ByteReader(bytes2, "ClientHello", start, end);
  const draft = emptyDraft(length);
  readHead(reader, draft);
  const listed = Math.min(reader.u16(), reader.remaining);
  readExtensions(reader.child(wholeExtensions(reader, listed), "extensions"), draft);
  return { ...draft, incomplete: true };
}
function emptyDraft(length) {
  return {
    echOuter: false,
    legacyVersion: 0,
    supportedVersions: [],
    cipherSuites: [],
    groups: [],
    keyShares: [],
    alpnOffered: [],
    signatureAlgorithms: [],
    extensions: [],
    grease: false,
    pskOffered: false,
    earlyData: false,
    length
  };
}
function readHead(reader, draft) {
  draft.legacyVersion = reader.u16();
  reader.skip(32);
  const sessionIdLength = reader.u8();
  if (sessionIdLength > 32) throw reader.malformed("bad-length");
  reader.skip(sessionIdLength);
  draft.cipherSuites = readCodes(reader.child(reader.u16(), "cipher_suites"));
  draft.grease = draft.cipherSuites.some(isGrease);
  const compressions = reader.u8();
  if (compressions === 0) throw reader.malformed("empty-list");
  reader.skip(compressions);
}
function wholeExtensions({ bytes: bytes2, offset }, length) {
  const end = offset + length;
  let at = offset;
  while (at + 4 <= end) {
    const next = at + 4 + (bytes2[at + 2] << 8 | bytes2[at + 3]);
    if (next > end) break;
    at = next;
  }
  return at - offset;
}
function readExtensions(list2, draft) {
  const types = /* @__PURE__ */ new Set();
  while (list2.remaining > 0) {
    const type = list2.u16();
    if (types.has(type)) throw list2.malformed("duplicate");
    types.add(type);
    if (isGrease(type)) draft.grease = true;
    readExtension(type, list2.child(list2.u16(), "extension"), draft);
  }
  draft.extensions = [...types];
}
function readExtension(type, body, draft) {
  switch (type) {
    case Extension.serverName:
      readServerName(body, draft);
      break;
    case Extension.supportedGroups:
      draft.groups = readCodes(lastChild(body, body.u16(), "named_group_list"));
      break;
    case Extension.signatureAlgorithms:
      draft.signatureAlgorithms = readCodes(lastChild(body, body.u16(), "supported_signature_algorithms"));
      break;
    case Extension.alpn:
      draft.alpnOffered = readAlpn(body);
      break;
    case Extension.supportedVersions:
      draft.supportedVersions = readCodes(lastChild(body, body.u8(), "versions"));
      break;
    case Extension.keyShare:
      draft.keyShares = readKeyShares(lastChild(body, body.u16(), "client_shares"));
      break;
    case Extension.preSharedKey:
      draft.pskOffered = true;
      break;
    case Extension.earlyData:
      draft.earlyData = true;
      break;
    case Extension.encryptedClientHello:
      draft.echOuter = body.u8() === 0;
      break;
  }
}
function readServerName(body, draft) {
  const list2 = lastChild(body, body.u16(), "server_name_list");
  while (list2.remaining > 0) {
    const nameType = list2.u8();
    const name = list2.child(list2.u16(), "server_name");
    if (nameType !== 0 || draft.serverName !== void 0) continue;
    if (name.remaining === 0) throw name.malformed("empty-item");
    draft.serverName = latin1(name.bytes, name.offset, name.end);
  }
}
function readAlpn(body) {
  const list2 = lastChild(body, body.u16(), "protocol_name_list");
  if (list2.remaining === 0) throw list2.malformed("empty-list");
  const names3 = [];
  while (list2.remaining > 0) {
    const name = list2.child(list2.u8(), "protocol_name");
    if (name.remaining === 0) throw name.malformed("empty-item");
    names3.push(latin1(name.bytes, name.offset, name.end));
  }
  return names3;
}
function readKeyShares(list2) {
  const groups = [];
  while (list2.remaining > 0) {
    groups.push(list2.u16());
    list2.skip(list2.u16());
  }
  return groups;
}
function readCodes(list2) {
  if (list2.remaining % 2 !== 0) throw list2.malformed("bad-length");
  const codes = [];
  while (list2.remaining > 0) codes.push(list2.u16());
  return codes;
}
function lastChild(parent, length, what) {
  const child = parent.child(length, what);
  parent.expectEnd();
  return child;
}

// src/protocol/tls/record-log.ts
var RecordLog = class {
  counts = [0, 0];
  #codes = [];
  #frames = [];
  note(direction2, contentType, length, frame) {
    if (this.counts[direction2] >= limits.recordLengths) return;
    this.counts[direction2]++;
    this.#codes.push(direction2 << 24 | contentType << 16 | length);
    this.#frames.push(frame);
  }
  records() {
    return this.#codes.map((code, index) => ({
      direction: code >> 24 === 0 ? 0 : 1,
      contentType: code >> 16 & 255,
      length: code & 65535,
      frame: this.#frames[index]
    }));
  }
};
var hash256Suites = /* @__PURE__ */ new Set([4865, 4867, 4868, 4869]);
var ccm8 = 4869;
var aes256Gcm = 4866;
function recordSizes(cipherSuite) {
  const overhead = 1 + (cipherSuite === ccm8 ? 8 : 16);
  const sha256 = 4 + 32 + overhead;
  const sha384 = 4 + 48 + overhead;
  const finished = cipherSuite === aes256Gcm ? [sha384] : cipherSuite !== void 0 && hash256Suites.has(cipherSuite) ? [sha256] : [sha256, sha384];
  return { overhead, finished, alert: 2 + overhead };
}
function protectedRecords(records, direction2) {
  return records.filter(
    (record) => record.direction === direction2 && record.contentType === ContentType.applicationData
  );
}

// src/protocol/tls/inference.ts
var keyHypotheses = [
  { key: "RSA-2048", verify: [264, 264], smallest: 600 },
  { key: "RSA-3072", verify: [392, 392], smallest: 730 },
  { key: "RSA-4096", verify: [520, 520], smallest: 860 },
  { key: "P-256", verify: [76, 80], smallest: 380 },
  { key: "P-384", verify: [108, 112], smallest: 410 },
  { key: "P-521", verify: [142, 147], smallest: 450 },
  { key: "Ed25519", verify: [72, 72], smallest: 330 },
  { key: "Ed448", verify: [122, 122], smallest: 400 },
  { key: "ML-DSA-44", verify: [2428, 2428], smallest: 1700 },
  { key: "ML-DSA-65", verify: [3317, 3317], smallest: 2300 },
  { key: "ML-DSA-87", verify: [4635, 4635], smallest: 2900 }
];
var certificateFrame = 8;
var entryFrame = 5;
var smallestAuthority = 380;
var largestCertificate = 6144;
var fullFragment = 16384;
var extensionsRange = [6, 160];
function readServerFlight(records, cipherSuite) {
  const sizes = recordSizes(cipherSuite);
  return separateMessages(protectedRecords(records, 1), sizes) ?? packedMessages(records, sizes);
}
function separateMessages(server, sizes) {
  for (let at = 3; at < server.length; at++) {
    const key = keyOf(server[at - 1].length - sizes.overhead);
    if (key === void 0 || !sizes.finished.includes(server[at].length)) continue;
    const middle = server.slice(1, at - 1);
    const requested = middle.length > 1 && middle[0].length !== fullFragment + sizes.overhead;
    const parts = requested ? middle.slice(1) : middle;
    if (!isOneMessage(parts, sizes)) continue;
    return {
      clientCertificateRequested: requested,
      certificate: exactCertificate(server[0], parts, key, server[at], sizes),
      finishedFrame: server[at].frame
    };
  }
  return void 0;
}
function isOneMessage(parts, sizes) {
  const full = fullFragment + sizes.overhead;
  return parts.every((part, index) => index === parts.length - 1 || part.length === full);
}
function keyOf(verify) {
  return keyHypotheses.find((hypothesis) => hypothesis.verify[0] <= verify && verify <= hypothesis.verify[1]);
}
function exactCertificate(extensions, parts, key, finished, sizes) {
  const overhead = parts.length * sizes.overhead;
  const records = parts.reduce((sum, part) => sum + part.length, 0);
  const certificateBytes = records - overhead;
  const list2 = certificateBytes - certificateFrame;
  const verify = `CertificateVerify fits a leaf key ${key.key}`;
  const because = `one message a record (EncryptedExtensions ${extensions.length}, Finished ${finished.length}): ${parts.map((part) => part.length).join(" + ")} = ${overhead} overhead + ${certificateFrame} header + ${list2} bytes of certificate list, each certificate DER + ${entryFrame}, OCSP and SCTs if any included; ${verify}`;
  return {
    certificateBytes,
    certificates: certificatesIn(list2, list2, key.smallest),
    leafKey: key.key,
    grade: "exact",
    because
  };
}
function certificatesIn(least, most, smallestLeaf) {
  const authorities = Math.floor((most - smallestLeaf - entryFrame) / (smallestAuthority + entryFrame));
  const fewest = Math.max(1, Math.ceil(least / (largestCertificate + entryFrame)));
  return [fewest, Math.max(fewest, 1 + authorities)];
}
function packedMessages(records, sizes) {
  const answer = records.findIndex((record) => record.direction === 0);
  const flight = protectedRecords(records.slice(0, Math.max(answer, 0)), 1);
  if (flight.length === 0) return void 0;
  const total = flight.reduce((sum, record) => sum + record.length - sizes.overhead, 0);
  const finished = [sizes.finished[0] - sizes.overhead, sizes.finished[sizes.finished.length - 1] - sizes.overhead];
  const certificate = certificateWithin(
    [total - finished[1] - extensionsRange[1], total - finished[0] - extensionsRange[0]],
    `${total} bytes from EncryptedExtensions to Finished packed in ${flight.length} record${flight.length > 1 ? "s" : ""}`
  );
  return {
    clientCertificateRequested: false,
    ...certificate !== void 0 && { certificate },
    finishedFrame: flight[flight.length - 1].frame
  };
}
var usualKeys = keyHypotheses.filter((hypothesis) => /^(RSA-2048|RSA-4096|P-256|P-384)$/.test(hypothesis.key));
function certificateWithin(together, what) {
  const fitting = usualKeys.filter(
    (hypothesis) => together[1] - hypothesis.verify[0] >= certificateFrame + entryFrame + hypothesis.smallest
  );
  if (fitting.length === 0) return void 0;
  const ranges = fitting.map((hypothesis) => {
    const smallest2 = certificateFrame + entryFrame + hypothesis.smallest;
    return [Math.max(smallest2, together[0] - hypothesis.verify[1]), together[1] - hypothesis.verify[0]];
  });
  const least = Math.min(...ranges.map(([low]) => low));
  const most = Math.max(...ranges.map(([, high]) => high));
  const byKey = fitting.map((hypothesis, index) => `${ranges[index].join("\u2013")} with ${hypothesis.key}`).join(", ");
  const smallestLeaf = Math.min(...fitting.map((hypothesis) => hypothesis.smallest));
  return {
    certificateBytes: [least, most],
    certificates: certificatesIn(least - certificateFrame, most - certificateFrame, smallestLeaf),
    grade: "inferred",
    because: `${what}; the Certificate message has ${byKey}`
  };
}

// src/protocol/tls/tunnel.ts
var requestFrame = 61;
var credentialsFrame = 29;
var shortestReply = 19;
var serverNameFrame = 9;
var longestHost = 253;
var changeCipherSpecRecord = 6;
var clearAlertRecord = 7;
var defaultPort = ":443".length;
function inferTunnel(outer) {
  const overhead = outerOverhead(outer);
  if (outer.hello.stack?.name !== "go" || overhead === void 0) return void 0;
  const { records } = outer;
  const client = applicationRecords(outer);
  if (client.length < 2) return void 0;
  const [request, hello] = client;
  const between = serverBetween(records, request, hello);
  const helloBytes = hello.length - overhead - recordHeaderLength2;
  const target = targetOf(request.length - overhead, helloBytes - outer.hello.length, outer.hello.serverName);
  if (target === void 0 || !between.some((record) => record.length >= shortestReply + overhead)) return void 0;
  const answer = client[2];
  const verdict = answer && judgeInner(client.slice(2), overhead, outer.clientEnded);
  const certificate = answer && innerCertificate(outer, serverBetween(records, hello, answer), answer.length - overhead, overhead);
  const reply = between[between.length - 1].length;
  return {
    targetLength: target.length,
    helloBytes,
    because: `after Finished: request ${request.length} = ${requestFrame} + 2 \xD7 ${target.length}${target.credentials} + ${overhead} overhead, reply ${reply}, then ${hello.length} = a ClientHello of ${helloBytes} bytes + ${recordHeaderLength2} + ${overhead}`,
    ...verdict !== void 0 && { verdict },
    ...certificate !== void 0 && { certificate }
  };
}
function outerOverhead(outer) {
  if (outer.negotiatedVersion >= 772) return recordSizes(outer.cipherSuite).overhead;
  const suite = cipherSuiteName(outer.cipherSuite);
  if (suite.includes("CHACHA20_POLY1305")) return 16;
  if (/_CCM_8$/.test(suite)) return 16;
  return /_(GCM|CCM)(_|$)/.test(suite) ? 24 : void 0;
}
function applicationRecords(outer) {
  const client = protectedRecords(outer.records, 0);
  if (outer.negotiatedVersion < 772) return client;
  const { finished } = recordSizes(outer.cipherSuite);
  const at = client.slice(0, 4).findIndex((record) => finished.includes(record.length));
  return at < 0 ? [] : client.slice(at + 1);
}
function serverBetween(records, from, to) {
  return protectedRecords(records.slice(records.indexOf(from), records.indexOf(to)), 1);
}
function targetOf(request, growth, outerName = "") {
  const host = outerName.length + growth;
  const plain = (request - requestFrame) / 2;
  if (outerName !== "" && growth === -(serverNameFrame + outerName.length)) {
    return Number.isInteger(plain) && plain >= 9 && plain <= 53 ? { length: plain, credentials: "" } : void 0;
  }
  if (host < 1 || host > longestHost) return void 0;
  if (Number.isInteger(plain) && plain >= host + 2 && plain <= host + 6) return { length: plain, credentials: "" };
  const length = host + defaultPort;
  const credentials = request - requestFrame - 2 * length;
  const base64 = credentials - credentialsFrame;
  if (base64 < 4 || base64 % 4 !== 0 || base64 > 1024) return void 0;
  return { length, credentials: ` + ${credentials} of credentials` };
}
function judgeInner(answer, overhead, ended) {
  const first = answer[0].length - overhead;
  const { frame } = answer[0];
  if (isTls13Alert(first) || first === clearAlertRecord) {
    const because2 = `inside the tunnel the client answered with ${first} bytes, an alert where its Finished would stand`;
    return { value: "rejected", grade: "inferred", because: because2, frame };
  }
  const finished = finishedBytes.has(first) || first >= smallestTls12Answer;
  if (!finished) return void 0;
  const data = answer.slice(1).find((record) => !closingBytes.has(record.length - overhead));
  const because = `inside the tunnel the client answered with ${first} bytes, Finished`;
  if (data !== void 0) {
    return { value: "accepted", grade: "inferred", because: `${because}, then data`, frame: data.frame };
  }
  if (answer.length === 1 && !ended) return { value: "accepted", grade: "inferred", because, frame };
  return { value: "accepted", unused: true, grade: "inferred", because: `${because}, then closed without data`, frame };
}
var finishedBytes = new Set([53, 69].map((size) => changeCipherSpecRecord + 5 + size));
var smallestTls12Answer = 85;
var closingBytes = /* @__PURE__ */ new Set([5 + 19, 5 + 26, 5 + 18, 2]);
function isTls13Alert(length) {
  return length === changeCipherSpecRecord + 5 + 19;
}
function innerCertificate(outer, flight, answer, overhead) {
  if (!finishedBytes.has(answer) && !isTls13Alert(answer)) return void 0;
  const total = flight.reduce((sum, record) => sum + record.length - overhead, 0);
  const hybrid = outer.hello.keyShares.includes(x25519Mlkem768) ? hybridShare : 0;
  return certificateWithin(
    [total - restOfFlight[1] - hybrid, total - restOfFlight[0]],
    `${total} bytes from the inner ServerHello to Finished`
  );
}
var restOfFlight = [95 + 6 + 36 + 22, 160 + 6 + 40 + 52 + 88];
var x25519Mlkem768 = 4588;
var hybridShare = 1088;

// src/protocol/tls/alerts.ts
var names2 = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  21: "decryption_failed",
  22: "record_overflow",
  30: "decompression_failure",
  40: "handshake_failure",
  41: "no_certificate",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  52: "too_many_cids_requested",
  60: "export_restriction",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation",
  109: "missing_extension",
  110: "unsupported_extension",
  111: "certificate_unobtainable",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  114: "bad_certificate_hash_value",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
  121: "ech_required"
};
var refusals = /* @__PURE__ */ new Set([42, 43, 44, 45, 46, 48, 113, 114]);
var closeNotify = 0;
var userCanceled = 90;
var fatal = 2;
function alertName(description) {
  return names2[description] ?? "unassigned";
}
function alertText(description) {
  return `${alertName(description)} (${description})`;
}
function refusesCertificate(description) {
  return refusals.has(description);
}

// src/protocol/tls/verdict.ts
var closedUnused = {
  go: { value: "accepted", unused: true, because: "Go's spare connection: it dials several and uses one" },
  gnutls: {
    value: "rejected",
    because: "GnuTLS programs judge the certificate after the handshake, and git and curl never open a connection in vain"
  },
  openssl: {
    value: "undecided",
    because: "OpenSSL verified the path, but curl compares the name after the handshake and then closes like this"
  },
  browser: { value: "accepted", unused: true, because: "browsers open connections that they may not use" },
  other: { value: "undecided", because: "this client's habits are not known" }
};
var finishedAccepts = {
  go: true,
  gnutls: false,
  openssl: true,
  browser: true,
  other: false
};
function judgeHandshake(seen) {
  const refusal = clientAlert(seen);
  if (refusal !== void 0) return refusal;
  if (seen.negotiatedVersion === void 0 && seen.records.length === 0) return undecided(unanswered(seen));
  if (!speaksTls13(seen)) return judgeTls12(seen);
  return (seen.decrypted?.opened[0] === true ? judgeDecrypted(seen, seen.decrypted) : void 0) ?? judgeTls13(seen);
}
function judgeDecrypted(seen, decrypted) {
  const { finishedFrame, dataFrames } = decrypted;
  const dataFrame = seen.earlyData && finishedFrame === 0 ? 0 : dataFrames[0];
  if (dataFrame > 0) {
    const shape2 = finishedFrame > 0 ? "client sent Finished, then application data" : "client sent application data";
    return accepted("decrypted", shape2, Math.max(dataFrame, finishedFrame));
  }
  if (finishedFrame === 0) return void 0;
  const alert = seen.alerts.find((each) => each.from === "client");
  const tail = alert?.description === void 0 ? "" : `, then alert ${alertText(alert.description)} and no data`;
  return afterFinished(seen, `client sent Finished${tail}`, finishedFrame, alert?.frame, "decrypted");
}
function speaksTls13(seen) {
  if (seen.negotiatedVersion !== void 0) return seen.negotiatedVersion >= 772;
  return seen.records.every((record) => record.contentType === ContentType.applicationData);
}
function clientAlert(seen) {
  const alert = seen.alerts.find((each) => each.from === "client" && !closes(each.description));
  if (alert?.description === void 0) return void 0;
  if (alert.level !== fatal && (alert.grade === "seen" || !speaksTls13(seen))) return void 0;
  const name = alertText(alert.description);
  const { frame, grade } = alert;
  const serverSpoke = seen.serverHelloFrame > 0 || seen.certificatesSeen || seen.lost[1];
  const unparsed = alert.description === 50 && seen.certificatesSeen;
  if (serverSpoke && (refusesCertificate(alert.description) || unparsed)) {
    const how = grade === "seen" ? " in clear" : "";
    return { value: "rejected", grade, because: `client sent fatal alert ${name}${how}`, frame };
  }
  const because = `client gave up with alert ${name}, which does not speak of the certificate`;
  return { value: "undecided", grade, because, frame };
}
function closes(description) {
  return description === closeNotify || description === userCanceled;
}
function unanswered(seen) {
  const alert = seen.alerts.find((each) => each.from === "server" && each.description !== closeNotify);
  if (alert?.description !== void 0) {
    return `server answered with alert ${alertText(alert.description)}`;
  }
  if (seen.lost[0] || seen.lost[1]) return "bytes of the handshake are missing from the capture";
  return seen.helloFrame > 0 ? "no ServerHello followed the ClientHello" : "no handshake was seen";
}
function judgeTls12(seen) {
  const client = seen.records.filter((record) => record.direction === 0);
  const data = client.find((record) => record.contentType === ContentType.applicationData);
  if (data !== void 0) {
    return accepted("seen", `client went on with application data after ${finishedText(seen)}`, data.frame);
  }
  const finished = client.find((record) => record.contentType === ContentType.handshake);
  if (finished === void 0) {
    if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
    if (seen.serverHelloFrame === 0) return undecided(unanswered(seen));
    return undecided(`client did not answer the server's messages${endText(seen)}`);
  }
  const alert = client.find((record) => record.contentType === ContentType.alert && record !== finished);
  const shape2 = alert === void 0 ? "" : `, then an encrypted alert (type 21, ${alert.length} bytes) and no data`;
  return afterFinished(seen, `client sent ${finishedText(seen)}${shape2}`, finished.frame, alert?.frame);
}
function finishedText(seen) {
  return seen.resumed ? "Finished of a resumed session" : "ClientKeyExchange and Finished";
}
function judgeTls13(seen) {
  const sizes = recordSizes(seen.cipherSuite);
  const client = protectedRecords(seen.records, 0);
  if (client.length === 0) {
    if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
    return undecided(`client did not answer the server's flight${endText(seen)}`);
  }
  if (seen.lost[0] || seen.earlyData || isJoinedLate(seen)) return judgeByDataAlone(seen, client);
  const steps = seen.clientCertificateRequested || client[0].length === emptyCertificate + sizes.overhead ? 4 : 1;
  const flight = client.slice(0, steps);
  const finishedAt = flight.findIndex((record) => sizes.finished.includes(record.length));
  const refusal = flight.slice(0, finishedAt < 0 ? steps : finishedAt).find((record) => record.length === sizes.alert);
  if (refusal !== void 0) {
    const because = `client's first encrypted record has ${refusal.length} bytes: a fatal alert where Finished (${sizes.finished.join(" or ")}) would stand`;
    return { value: "rejected", grade: "inferred", because, frame: refusal.frame };
  }
  if (finishedAt < 0) return judgeByDataAlone(seen, client);
  const finished = client[finishedAt];
  const rest = client.slice(finishedAt + 1);
  const data = rest.find((record) => record.length !== sizes.alert);
  const shape2 = `client sent Finished (${finished.length} bytes)`;
  if (data !== void 0) {
    return accepted("inferred", `${shape2}, then application data (${data.length} bytes)`, data.frame);
  }
  const alert = rest[0];
  const tail = alert === void 0 ? "" : `, then an alert (${alert.length} bytes) and no data`;
  return afterFinished(seen, shape2 + tail, finished.frame, alert?.frame);
}
function isJoinedLate(seen) {
  return seen.helloFrame === 0 && seen.serverHelloFrame === 0;
}
var emptyCertificate = 8;
function judgeByDataAlone(seen, client) {
  const first = seen.records.indexOf(client[0]);
  const answered = seen.records.slice(first).some((record) => record.direction === 1);
  if (client.length >= 3 && answered) {
    return accepted("inferred", "client and server went on exchanging encrypted records", client[2].frame);
  }
  if (seen.lost[0]) return undecided("bytes of the client's handshake are missing from the capture");
  if (isJoinedLate(seen)) return undecided("the beginning of the connection is not in the capture");
  return undecided(`client's first encrypted record (${client[0].length} bytes) is neither Finished nor an alert`);
}
function afterFinished(seen, shape2, finishedFrame, alertFrame, grade = "inferred") {
  const stack2 = seen.stack ?? "other";
  const closing = closedUnused[stack2];
  const because = `${shape2}; ${closing.because}`;
  if (alertFrame !== void 0) {
    const certainly = finishedAccepts[stack2] ? grade : "inferred";
    const verdict = { value: closing.value, grade: certainly, because, frame: alertFrame };
    return closing.unused === true ? { ...verdict, unused: true } : verdict;
  }
  if (!finishedAccepts[stack2]) return undecided(`${shape2} and nothing more${endText(seen)}`);
  if (!seen.clientEnded || closing.unused !== true) return accepted(grade, shape2, finishedFrame);
  return { ...accepted(grade, because, finishedFrame), unused: true };
}
function endText(seen) {
  return seen.clientEnded ? " and closed" : "";
}
function accepted(grade, because, frame) {
  return { value: "accepted", grade, because, frame };
}
function undecided(because) {
  return { value: "undecided", grade: "unknown", because };
}

// src/protocol/tls/conclusion.ts
var tls13 = 772;
function conclude(facts, share, notes) {
  const encrypted13 = (facts.negotiatedVersion ?? 0) >= tls13;
  if (encrypted13) inferFlight(facts, notes);
  facts.applicationData = applicationData(facts, notes);
  const { alerts, records, clientEnded, lost, decrypted } = notes;
  facts.verdict = judgeHandshake({
    alerts,
    records,
    clientEnded,
    lost,
    decrypted,
    stack: facts.hello?.stack?.name,
    helloFrame: facts.helloFrame,
    negotiatedVersion: facts.negotiatedVersion,
    cipherSuite: facts.cipherSuite,
    serverHelloFrame: facts.serverHelloFrame,
    certificatesSeen: facts.certificatesSeen,
    resumed: facts.resumed,
    earlyData: facts.hello?.earlyData === true && !facts.helloRetryRequest,
    clientCertificateRequested: facts.clientCertificateRequested
  });
  facts.verdict = { ...facts.verdict, because: share(facts.verdict.because) };
  if (facts.inferred !== void 0) facts.inferred = { ...facts.inferred, because: share(facts.inferred.because) };
  facts.alerts = [...alerts, ...hiddenAlerts(facts, notes)];
  inferInner(facts, notes);
}
function inferFlight(facts, notes) {
  const compressed = facts.hello?.extensions.includes(Extension.compressCertificate) === true;
  if (facts.resumed || facts.certificatesSeen || notes.lost[1] || compressed) return;
  if (notes.decrypted?.opened[1] === true) return;
  const flight = readServerFlight(notes.records, facts.cipherSuite);
  if (flight === void 0) return;
  facts.clientCertificateRequested = flight.clientCertificateRequested;
  if (flight.certificate !== void 0) facts.inferred = flight.certificate;
}
function hiddenAlerts(facts, { records, decrypted }) {
  const { alert } = recordSizes(facts.cipherSuite);
  const { verdict } = facts;
  if (verdict.value === "rejected" && verdict.grade !== "seen") {
    if (decrypted?.opened[0] === true) return [];
    const first2 = protectedRecords(records, 0)[0];
    return first2?.length === alert ? [{ from: "client", level: 0, frame: first2.frame, grade: verdict.grade }] : [];
  }
  const { clientCertificateRequested, negotiatedVersion = 0 } = facts;
  if (!clientCertificateRequested || negotiatedVersion < tls13 || verdict.unused === true) return [];
  if (decrypted?.opened[1] === true) return [];
  const first = behindFinished(facts.cipherSuite, records, 1)[0];
  return first?.length === alert ? [{ from: "server", level: 0, frame: first.frame, grade: "inferred" }] : [];
}
function inferInner(facts, notes) {
  const { hello, negotiatedVersion, cipherSuite } = facts;
  if (hello === void 0 || negotiatedVersion === void 0 || cipherSuite === void 0) return;
  if (notes.lost[0] || notes.lost[1] || notes.decrypted !== void 0) return;
  const { records, clientEnded } = notes;
  const tunnel = inferTunnel({ hello, negotiatedVersion, cipherSuite, records, clientEnded });
  if (tunnel !== void 0) facts.inferredTunnel = tunnel;
}
function applicationData({ negotiatedVersion = 0, cipherSuite }, notes) {
  const { records, decrypted } = notes;
  const byLength = negotiatedVersion >= tls13 ? data13(cipherSuite, records) : data12(records);
  if (decrypted === void 0) return byLength;
  const sent = [0, 1].map(
    (side) => decrypted.opened[side] ? decrypted.dataFrames[side] > 0 : byLength[side]
  );
  return [sent[0], sent[1]];
}
function data12(records) {
  const sent = (direction2) => records.some((record) => record.direction === direction2 && record.contentType === ContentType.applicationData);
  return [sent(0), sent(1)];
}
function data13(cipherSuite, records) {
  const { alert } = recordSizes(cipherSuite);
  const sent = (direction2) => behindFinished(cipherSuite, records, direction2).filter((record) => record.length !== alert);
  const server = sent(1);
  return [sent(0).length > 0, server.some((record) => record.length !== server[0].length)];
}
function behindFinished(cipherSuite, records, direction2) {
  const { finished } = recordSizes(cipherSuite);
  const sent = protectedRecords(records, direction2);
  const at = sent.findIndex((record, index) => index >= direction2 && finished.includes(record.length));
  return at < 0 ? [] : sent.slice(at + 1);
}

// src/protocol/tls/direction-keys.ts
var DirectionKeys = class {
  /** Records opened so far. */
  opened = 0;
  /** Records passed over before the last one opened, in its epoch. */
  skipped = 0;
  /** Ordinal of the epoch, from 0; -1 before the first. */
  epoch = -1;
  #epochs = noEpochs;
  #cipher;
  /** The epoch that `#next` belongs to. */
  #nextEpoch = 0;
  #next;
  #sequence = 0;
  #passed = 0;
  #reach = 0;
  #trials = limits.sequenceTrials;
  /** Goes on to the first of these epochs. */
  begin(epochs) {
    this.#epochs = epochs;
    this.advance();
  }
  /** The cipher of the next epoch, where epochs do not follow from each other. */
  offer(cipher) {
    this.#next = cipher;
    this.#nextEpoch = this.epoch + 1;
  }
  /** Goes on to the next epoch. */
  advance() {
    const epoch = this.epoch + 1;
    const next = this.#nextEpoch === epoch ? this.#next : void 0;
    this.#enter(epoch, next ?? this.#epochs.cipher(epoch));
  }
  /** Whether no secret is known for this epoch, nor for one behind it. */
  get isBlind() {
    return this.#cipher === void 0 && this.#lookAhead() === void 0;
  }
  /** Bytes that a record of this epoch has more than its content, header included. */
  get overhead() {
    return recordHeaderLength2 + (this.#cipher?.overhead ?? 0);
  }
  /** Whether nothing was passed over, and so the next record has to open. */
  get isCertain() {
    return this.#cipher !== void 0 && this.#passed + this.#reach === 0;
  }
  /** A record went by that could not be opened. */
  pass() {
    this.#passed++;
  }
  /** So many bytes of records are missing. */
  lose(bytes2) {
    this.#passed += Math.max(0, Math.floor(bytes2 / (maximumFragment + recordHeaderLength2)) - 1);
    this.#reach = Math.min(limits.sequenceTrials, this.#reach + Math.ceil(bytes2 / leastRecord));
  }
  /** The plaintext of the next fragment; undefined when it does not authenticate as any that it may be. */
  open(contentType, bytes2, start, end) {
    const first = this.#cipher?.open(contentType, bytes2, start, end, this.#sequence + this.#passed);
    const plaintext = first !== void 0 ? this.#arrive(this.#passed, first) : this.#search({ contentType, bytes: bytes2, start, end });
    this.#cipher?.leave?.(bytes2, start, end);
    return plaintext;
  }
  #search(fragment) {
    if (this.isCertain) return void 0;
    return this.#searchHere(fragment) ?? this.#searchNext(fragment);
  }
  #searchHere(fragment) {
    const cipher = this.#cipher;
    if (cipher === void 0) return void 0;
    const named = cipher.namedSequence?.(fragment.bytes, fragment.start) ?? -1;
    if (named >= this.#sequence) {
      const plaintext = this.#try(cipher, fragment, named);
      if (plaintext !== void 0) return this.#arrive(named - this.#sequence, plaintext);
    }
    for (let skip = this.#passed + 1; skip <= this.#passed + this.#reach; skip++) {
      const plaintext = this.#try(cipher, fragment, this.#sequence + skip);
      if (plaintext !== void 0) return this.#arrive(skip, plaintext);
    }
    return void 0;
  }
  #searchNext(fragment) {
    const next = this.#lookAhead();
    if (next === void 0) return void 0;
    for (let sequence = 0; sequence <= this.#passed + this.#reach; sequence++) {
      const plaintext = this.#try(next, fragment, sequence);
      if (plaintext === void 0) continue;
      this.#enter(this.#nextEpoch, next);
      return this.#arrive(sequence, plaintext);
    }
    return void 0;
  }
  #try(cipher, fragment, sequence) {
    if (this.#trials <= 0 || !Number.isSafeInteger(sequence)) return void 0;
    this.#trials--;
    return cipher.open(fragment.contentType, fragment.bytes, fragment.start, fragment.end, sequence);
  }
  #arrive(skipped, plaintext) {
    this.opened++;
    this.skipped = skipped;
    this.#sequence += skipped + 1;
    this.#passed = 0;
    this.#reach = 0;
    this.#trials = Math.min(limits.sequenceTrials, this.#trials + trialsPerRecord);
    return plaintext;
  }
  #enter(epoch, cipher) {
    this.epoch = epoch;
    this.#cipher = cipher;
    this.#next = void 0;
    this.#sequence = 0;
  }
  /** The next epoch of which the keys are known: an epoch of the handshake may lack them. */
  #lookAhead() {
    let epoch = this.epoch + 1;
    while (this.#next === void 0) {
      this.#nextEpoch = epoch;
      this.#next = this.#epochs.cipher(epoch);
      if (epoch++ >= this.#epochs.dataEpoch) break;
    }
    return this.#next;
  }
};
var noEpochs = { dataEpoch: 0, cipher: () => void 0 };
var leastRecord = recordHeaderLength2 + 16;
var trialsPerRecord = 8;

// src/protocol/tls/protection.ts
function protectionOf(cipherSuite) {
  const name = cipherSuiteName(cipherSuite).replace(/^TLS_(?:.*_WITH_)?/, "");
  const hash = name.endsWith("_SHA384") ? "sha384" : "sha256";
  const aead = /^(?:AES_(128|256)_(GCM|CCM)|CHACHA20_POLY1305)(_8)?/.exec(name);
  if (aead !== null) return aeadOf(aead, hash);
  const cbc = /^(AES_128|AES_256|CAMELLIA_128|CAMELLIA_256|3DES_EDE)_CBC_(SHA|SHA256|SHA384)$/.exec(name);
  if (cbc === null) return void 0;
  const mac = cbc[2] === "SHA" ? "sha1" : hash;
  return { kind: "cbc", ...blockCiphers[cbc[1]], mac, macLength: macLengths[mac], hash };
}
function aeadOf([, bits, mode, short], hash) {
  if (mode === void 0) return { kind: "aead", cipher: "chacha20-poly1305", keyLength: 32, tagLength: 16, hash };
  const cipher = `aes-${bits}-${mode.toLowerCase()}`;
  return { kind: "aead", cipher, keyLength: Number(bits) / 8, tagLength: short === void 0 ? 16 : 8, hash };
}
var blockCiphers = {
  AES_128: { cipher: "aes-128-cbc", keyLength: 16, blockLength: 16 },
  AES_256: { cipher: "aes-256-cbc", keyLength: 32, blockLength: 16 },
  CAMELLIA_128: { cipher: "camellia-128-cbc", keyLength: 16, blockLength: 16 },
  CAMELLIA_256: { cipher: "camellia-256-cbc", keyLength: 32, blockLength: 16 },
  "3DES_EDE": { cipher: "des-ede3-cbc", keyLength: 24, blockLength: 8 }
};
var macLengths = { sha1: 20, sha256: 32, sha384: 48 };

// src/protocol/tls/record-gatherer.ts
var RecordGatherer = class {
  #direction;
  #secrets;
  #opener;
  #type = 0;
  #length = 0;
  #filled = 0;
  #broken = false;
  #done = false;
  #buffer;
  #held;
  #opened = false;
  constructor(direction2, secrets, opener) {
    this.#direction = direction2;
    this.#secrets = secrets;
    this.#opener = opener;
  }
  recordStart(contentType, length) {
    this.#type = contentType;
    this.#length = length;
    this.#filled = 0;
    this.#broken = false;
    this.#done = false;
  }
  recordBytes(bytes2, start, end, frame) {
    if (end - start === this.#length) {
      this.#done = true;
      this.#pass(bytes2, start, end, frame);
      return;
    }
    if (this.#broken) return;
    this.#buffer ??= this.#secrets.takeBuffer();
    if (this.#buffer === void 0) {
      this.#broken = true;
      return;
    }
    this.#buffer.set(bytes2.subarray(start, end), this.#filled);
    this.#filled += end - start;
  }
  recordEnd(frame) {
    if (!this.#done) {
      const buffer = this.#buffer;
      if (this.#broken || this.#filled < this.#length) this.#opener.brokenRecord(this.#direction, this.#length);
      else this.#pass(buffer ?? nothing, 0, this.#length, frame);
    }
    this.abandon();
  }
  /** Bytes of the open record are missing. */
  damage() {
    this.#broken = true;
  }
  /** The open record will not end. */
  abandon() {
    if (this.#buffer !== void 0) this.#secrets.giveBuffer(this.#buffer);
    this.#buffer = void 0;
  }
  /** From now on records are passed on at once; those held come first. */
  open() {
    this.#opened = true;
    const held = this.#take();
    if (held === void 0) return;
    let at = 0;
    held.lengths.forEach((length, index) => {
      const { bytes: bytes2 } = held.bytes;
      this.#opener.openRecord(this.#direction, held.types[index], bytes2, at, at + length, held.frames[index]);
      at += length;
    });
  }
  /** Forgets what is held. Returns how many bytes of fragments that were. */
  forget() {
    return this.#take()?.bytes.length ?? 0;
  }
  /** Fragments held. */
  get waiting() {
    return this.#held?.types.length ?? 0;
  }
  #take() {
    const held = this.#held;
    this.#held = void 0;
    if (held !== void 0) this.#secrets.release(held.bytes.length);
    return held;
  }
  #pass(bytes2, start, end, frame) {
    if (this.#opened) this.#opener.openRecord(this.#direction, this.#type, bytes2, start, end, frame);
    else if (!this.#hold(bytes2, start, end, frame)) this.#opener.brokenRecord(this.#direction, end - start);
  }
  #hold(bytes2, start, end, frame) {
    const held = this.#held ??= { bytes: new Accumulator(limits.heldRecords), types: [], lengths: [], frames: [] };
    if (held.types.length >= limits.heldRecords / leastRecord2 || !this.#secrets.hold(end - start)) return false;
    if (!held.bytes.append(bytes2, start, end)) {
      this.#secrets.release(end - start);
      return false;
    }
    held.types.push(this.#type);
    held.lengths.push(end - start);
    held.frames.push(frame);
    return true;
  }
};
var nothing = new Uint8Array(0);
var leastRecord2 = 16;

// src/protocol/tls/server-hello.ts
var retryRandom = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
var namedCurve = 3;
function parseServerHello(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "ServerHello", start, end);
  const legacyVersion = reader.u16();
  const random = reader.slice(32);
  const sessionIdLength = reader.u8();
  if (sessionIdLength > 32) throw reader.malformed("bad-length");
  reader.skip(sessionIdLength);
  const hello = {
    helloRetryRequest: random[0] === 207 && hex(random) === retryRandom,
    cipherSuite: reader.u16(),
    negotiatedVersion: legacyVersion,
    pskAccepted: false,
    encryptThenMac: false
  };
  reader.skip(1);
  if (reader.remaining > 0) readExtensions2(reader, hello);
  return hello;
}
function readExtensions2(reader, hello) {
  const list2 = reader.child(reader.u16(), "extensions");
  reader.expectEnd();
  const types = /* @__PURE__ */ new Set();
  while (list2.remaining > 0) {
    const type = list2.u16();
    if (types.has(type)) throw list2.malformed("duplicate");
    types.add(type);
    const body = list2.child(list2.u16(), "extension");
    if (type === Extension.supportedVersions) hello.negotiatedVersion = body.u16();
    else if (type === Extension.keyShare) hello.selectedGroup = body.u16();
    else if (type === Extension.preSharedKey) hello.pskAccepted = true;
    else if (type === Extension.encryptThenMac) hello.encryptThenMac = true;
    else if (type === Extension.alpn) hello.alpn = readAlpn(body)[0];
  }
}
function parseKeyExchangeGroup(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "ServerKeyExchange", start, end);
  return reader.u8() === namedCurve ? reader.u16() : void 0;
}

// src/protocol/tls/cbc-cipher.ts
import { createDecipheriv as createDecipheriv2, createHmac, createSecretKey as createSecretKey2 } from "node:crypto";

// src/protocol/tls/record-cipher.ts
import { createDecipheriv, createSecretKey } from "node:crypto";
var explicitNonceLength = 8;
var sequenceAt = 4;
var two32 = 4294967296;
var AeadCipher = class {
  overhead;
  #cipher;
  #key;
  #iv;
  #explicit;
  #tagLength;
  #nonce = Buffer.alloc(12);
  #nonceView = new DataView(this.#nonce.buffer, this.#nonce.byteOffset, 12);
  #additional;
  #version;
  #options;
  #isCcm;
  /** Sequence number minus explicit nonce of the last record opened, where it is small enough to be told. */
  #distance;
  /** `iv` has 12 bytes, or the 4 of a salt: then records carry the other 8. `version` is the negotiated one. */
  constructor(protection, key, iv, version2) {
    this.#cipher = protection.cipher;
    this.#isCcm = protection.cipher.endsWith("ccm");
    this.#key = createSecretKey(key);
    this.#iv = iv;
    this.#explicit = iv.length === 12 ? 0 : explicitNonceLength;
    this.#tagLength = protection.tagLength;
    this.#version = version2;
    this.#nonce.set(iv);
    this.#options = { authTagLength: protection.tagLength };
    this.overhead = this.#explicit + protection.tagLength + (version2 >= tls132 ? 1 : 0);
    this.#additional = Buffer.alloc(version2 >= tls132 ? 5 : 13);
  }
  open(contentType, bytes2, start, end, sequence) {
    const from = start + this.#explicit;
    const to = end - this.#tagLength;
    if (to < from) return void 0;
    this.#setNonce(bytes2, start, sequence);
    this.#setAdditional(contentType, end - start, to - from, sequence);
    const plaintext = this.#decrypt(bytes2, from, to);
    if (plaintext !== void 0 && this.#explicit > 0) this.#noteDistance(bytes2, start, sequence);
    return plaintext;
  }
  namedSequence(bytes2, start) {
    return this.#distance === void 0 ? void 0 : explicitNonce(bytes2, start) + this.#distance;
  }
  #decrypt(bytes2, from, to) {
    const options = this.#options;
    if (this.#isCcm) options.plaintextLength = to - from;
    const decipher = createDecipheriv(this.#cipher, this.#key, this.#nonce, options);
    decipher.setAuthTag(bytes2.subarray(to, to + this.#tagLength));
    decipher.setAAD(this.#additional, options);
    try {
      const plaintext = decipher.update(bytes2.subarray(from, to));
      decipher.final();
      return plaintext;
    } catch {
      return void 0;
    }
  }
  #setNonce(bytes2, start, sequence) {
    const nonce = this.#nonce;
    if (this.#explicit > 0) {
      for (let at = 0; at < explicitNonceLength; at++) nonce[sequenceAt + at] = bytes2[start + at];
      return;
    }
    const iv = this.#iv;
    this.#nonceView.setUint32(sequenceAt, Math.floor(sequence / two32));
    this.#nonceView.setUint32(sequenceAt + 4, sequence >>> 0);
    for (let at = sequenceAt; at < nonce.length; at++) nonce[at] ^= iv[at];
  }
  #setAdditional(contentType, fragment, plaintext, sequence) {
    const additional = this.#additional;
    if (this.#version >= tls132) {
      additional[0] = contentType;
      additional.writeUInt16BE(771, 1);
      additional.writeUInt16BE(fragment, 3);
    } else writeAdditional(additional, sequence, contentType, this.#version, plaintext);
  }
  #noteDistance(bytes2, start, sequence) {
    const distance3 = sequence - explicitNonce(bytes2, start);
    this.#distance = Number.isSafeInteger(distance3) ? distance3 : void 0;
  }
};
function writeAdditional(target, sequence, contentType, version2, length) {
  target.writeUInt32BE(Math.floor(sequence / two32), 0);
  target.writeUInt32BE(sequence >>> 0, 4);
  target[8] = contentType;
  target.writeUInt16BE(version2, 9);
  target.writeUInt16BE(length, 11);
}
function explicitNonce(bytes2, start) {
  let value = 0;
  for (let at = start; at < start + explicitNonceLength; at++) value = value * 256 + bytes2[at];
  return value;
}
var tls132 = 772;

// src/protocol/tls/cbc-cipher.ts
var CbcCipher = class {
  overhead;
  #protection;
  #version;
  #encryptThenMac;
  #key;
  #macKey;
  /** TLS 1.0: the last block of the last record. */
  #chained;
  #additional = Buffer.alloc(13);
  constructor(protection, keys, version2, encryptThenMac) {
    this.#protection = protection;
    this.#version = version2;
    this.#encryptThenMac = encryptThenMac;
    this.#key = createSecretKey2(keys.key);
    this.#macKey = createSecretKey2(keys.mac);
    this.#chained = keys.iv;
    this.overhead = (keys.iv === void 0 ? protection.blockLength : 0) + protection.macLength + 1;
  }
  open(contentType, bytes2, start, end, sequence) {
    const { blockLength, macLength } = this.#protection;
    const bodyEnd = this.#encryptThenMac ? end - macLength : end;
    const chained = this.#chained;
    const from = chained === void 0 ? start + blockLength : start;
    if (bodyEnd - from < blockLength || (bodyEnd - from) % blockLength !== 0) return void 0;
    const iv = chained ?? bytes2.subarray(start, from);
    if (!this.#encryptThenMac) return this.#checked(contentType, this.#decrypt(bytes2, from, bodyEnd, iv), sequence);
    const body = bytes2.subarray(start, bodyEnd);
    if (!this.#mac(contentType, body, sequence).equals(bytes2.subarray(bodyEnd, end))) return void 0;
    const plaintext = this.#decrypt(bytes2, from, bodyEnd, iv);
    const length = unpadded(plaintext);
    return length < 0 ? void 0 : plaintext.subarray(0, length);
  }
  leave(bytes2, start, end) {
    const bodyEnd = this.#encryptThenMac ? end - this.#protection.macLength : end;
    const from = bodyEnd - this.#protection.blockLength;
    if (this.#chained !== void 0 && from >= start) this.#chained = bytes2.slice(from, bodyEnd);
  }
  #decrypt(bytes2, from, to, iv) {
    const decipher = createDecipheriv2(this.#protection.cipher, this.#key, iv).setAutoPadding(false);
    return decipher.update(bytes2.subarray(from, to));
  }
  /** MAC-then-encrypt: the content, when padding and MAC are right. */
  #checked(contentType, plaintext, sequence) {
    const length = unpadded(plaintext) - this.#protection.macLength;
    if (length < 0) return void 0;
    const content = plaintext.subarray(0, length);
    const mac = plaintext.subarray(length, length + this.#protection.macLength);
    return this.#mac(contentType, content, sequence).equals(mac) ? content : void 0;
  }
  #mac(contentType, content, sequence) {
    writeAdditional(this.#additional, sequence, contentType, this.#version, content.length);
    return createHmac(this.#protection.mac, this.#macKey).update(this.#additional).update(content).digest();
  }
};
function unpadded(plaintext) {
  const padding = plaintext[plaintext.length - 1];
  const length = plaintext.length - padding - 1;
  if (length < 0) return -1;
  for (let at = length; at < plaintext.length; at++) if (plaintext[at] !== padding) return -1;
  return length;
}

// src/protocol/tls/key-schedule.ts
import { createHmac as createHmac2 } from "node:crypto";
function expandLabel(hash, secret, label, length) {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  const info = Buffer.concat([Buffer.of(length >> 8, length & 255, name.length), name, Buffer.of(0, 1)]);
  return createHmac2(hash, secret).update(info).digest().subarray(0, length);
}
function nextTrafficSecret(hash, secret) {
  return expandLabel(hash, secret, "traffic upd", secret.length);
}
function keyBlock(hash, master, serverRandom, clientRandom, length) {
  const seed = Buffer.concat([Buffer.from("key expansion", "latin1"), serverRandom, clientRandom]);
  if (hash !== void 0) return expand(hash, master, seed, length);
  const half = Math.ceil(master.length / 2);
  const block = expand("md5", master.subarray(0, half), seed, length);
  const sha = expand("sha1", master.subarray(master.length - half), seed, length);
  for (let at = 0; at < length; at++) block[at] ^= sha[at];
  return block;
}
function expand(hash, secret, seed, length) {
  const hmac = (...parts) => {
    const mac = createHmac2(hash, secret);
    for (const part of parts) mac.update(part);
    return mac.digest();
  };
  const blocks = [];
  let a = hmac(seed);
  for (let made = 0; made < length; a = hmac(a)) made += blocks[blocks.push(hmac(a, seed)) - 1].length;
  return Buffer.concat(blocks).subarray(0, length);
}

// src/protocol/tls/traffic-keys.ts
var tls12 = 771;
var tls11 = 770;
var tls133 = 772;
var ivLength = 12;
var saltLength = 4;
function trafficCipher(protection, secret) {
  const { hash, keyLength } = protection;
  const key = expandLabel(hash, secret, "key", keyLength);
  return new AeadCipher(protection, key, expandLabel(hash, secret, "iv", ivLength), tls133);
}
var TrafficEpochs = class {
  dataEpoch;
  #protection;
  #handshake;
  #traffic;
  #epoch = -1;
  #secret;
  constructor(protection, handshake, traffic) {
    this.#protection = protection;
    this.#handshake = handshake;
    this.#traffic = traffic;
    this.dataEpoch = handshake.length;
  }
  cipher(epoch) {
    const secret = epoch < this.dataEpoch ? this.#handshake[epoch]() : this.#trafficSecret(epoch);
    return secret && trafficCipher(this.#protection, secret);
  }
  /** Each follows from the one before. Spec: RFC 8446 §7.2. */
  #trafficSecret(epoch) {
    if (epoch === this.#epoch) return this.#secret;
    const secret = this.#secret && nextTrafficSecret(this.#protection.hash, this.#secret);
    this.#secret = epoch === this.dataEpoch ? this.#traffic() : secret;
    if (this.#secret !== void 0) this.#epoch = epoch;
    return this.#secret;
  }
};
function masterCiphers(keys) {
  const { protection, version: version2 } = keys;
  const lengths = protection.kind === "aead" ? aeadLengths(protection) : cbcLengths(protection, version2);
  const hash = version2 >= tls12 ? protection.hash : void 0;
  const total = 2 * lengths.reduce((sum, length) => sum + length, 0);
  const block = keyBlock(hash, keys.master, keys.serverRandom, keys.clientRandom, total);
  const parts = lengths.map((length, kind) => {
    const at = 2 * lengths.slice(0, kind).reduce((sum, each) => sum + each, 0);
    return [block.subarray(at, at + length), block.subarray(at + length, at + 2 * length)];
  });
  const cipherOf = (side) => {
    const [mac, key, iv] = parts.map((pair2) => pair2[side]);
    if (protection.kind === "aead") return new AeadCipher(protection, key, iv, version2);
    const cbc = { mac, key, iv: iv.length > 0 ? iv : void 0 };
    return new CbcCipher(protection, cbc, version2, keys.encryptThenMac);
  };
  return [cipherOf(0), cipherOf(1)];
}
function aeadLengths({ cipher, keyLength }) {
  return [0, keyLength, cipher === "chacha20-poly1305" ? ivLength : saltLength];
}
function cbcLengths({ macLength, keyLength, blockLength }, version2) {
  return [macLength, keyLength, version2 >= tls11 ? 0 : blockLength];
}

// src/protocol/tls/decryption.ts
var sender = ["client", "server"];
var tls134 = 772;
var mostUnopened = 64;
var DirectionState = class {
  keys = new DirectionKeys();
  gatherer;
  /** ChangeCipherSpec came before the keys were known. */
  changedCipher = false;
  /** Bytes of records missing since the last one opened. */
  missing = 0;
  /** Some of them belong to an epoch of application data. */
  missesData = false;
  /** Records that did not open, in a row. */
  unopened = 0;
  /** The records to be passed over are early data that the server refused: nothing is lost with them. */
  refusedEarlyData = false;
  over = false;
  constructor(direction2, secrets, opener) {
    this.gatherer = new RecordGatherer(direction2, secrets, opener);
  }
};
var Decryption = class {
  #secrets;
  #facts;
  #sink;
  #sides;
  #found;
  #clientRandom;
  #serverRandom;
  #hello;
  #protection;
  /** Epoch of the client's handshake keys: early data has one before. */
  #clientHandshakeEpoch = 0;
  /** `facts` are those that the handshake messages have already been read into. */
  constructor(secrets, facts, sink) {
    this.#secrets = secrets;
    this.#facts = facts;
    this.#sink = sink;
    this.#sides = [new DirectionState(0, secrets, this), new DirectionState(1, secrets, this)];
  }
  /** Whether nothing can come of it: no secret belongs to the client's random. */
  get isIdle() {
    return this.#clientRandom !== void 0 && this.#found === void 0;
  }
  /** Whether records of this direction are, or may yet be, opened. */
  isActive(direction2) {
    return !this.#sides[direction2].over && !this.isIdle;
  }
  /** Whether records of this direction have been opened. */
  hasOpened(direction2) {
    return this.#sides[direction2].keys.opened > 0;
  }
  /** Whether a record of this direction, as far as is known, carries application data. */
  carriesData(direction2) {
    const { epoch } = this.#sides[direction2].keys;
    if ((this.#hello?.negotiatedVersion ?? 0) < tls134) return epoch >= 0;
    return epoch !== (direction2 === 0 ? this.#clientHandshakeEpoch : 0);
  }
  /** A handshake message without its header, after it was read into the facts. Throws: MalformedError. */
  message(direction2, type, bytes2, start, end) {
    if (type === HandshakeType.clientHello && direction2 === 0) {
      this.#clientRandom = bytes2.slice(start + 2, start + 34);
      this.#found = this.#secrets.find(bytes2, start + 2);
      if (this.#hello !== void 0 && !this.#hello.helloRetryRequest) this.#begin();
    } else if (type === HandshakeType.serverHello && direction2 === 1) {
      this.#hello = parseServerHello(bytes2, start, end);
      this.#serverRandom = bytes2.slice(start + 2, start + 34);
      if (this.#found !== void 0 && !this.#hello.helloRetryRequest) this.#begin();
    } else if ((this.#hello?.negotiatedVersion ?? 0) >= tls134) this.#moveOn(direction2, type);
  }
  /** Up to TLS 1.2 the records behind ChangeCipherSpec are protected by the keys agreed on last. */
  changeCipher(direction2) {
    const side = this.#sides[direction2];
    if (this.#protection === void 0) side.changedCipher = true;
    else if (this.#hello.negotiatedVersion < tls134) side.keys.advance();
  }
  recordStart(direction2, contentType, length) {
    this.#sides[direction2].gatherer.recordStart(contentType, length);
  }
  recordBytes(direction2, bytes2, start, end, frame) {
    this.#sides[direction2].gatherer.recordBytes(bytes2, start, end, frame);
  }
  recordEnd(direction2, frame) {
    this.#sides[direction2].gatherer.recordEnd(frame);
  }
  /** Bytes of the open record are missing, its end is known. */
  damage(direction2) {
    this.#sides[direction2].gatherer.damage();
  }
  /** So many bytes went by in which no record could be made out. */
  lose(direction2, bytes2) {
    const side = this.#sides[direction2];
    side.gatherer.abandon();
    this.#miss(side, direction2, bytes2);
    side.keys.lose(bytes2);
  }
  /** No more records of this direction will come. */
  end(direction2) {
    const side = this.#sides[direction2];
    if (!side.over && side.missing > 0 && side.keys.opened > 0) this.#tellLoss(side, direction2, 0);
    this.stop(direction2);
  }
  /** No more records of this direction are wanted. */
  stop(direction2) {
    const side = this.#sides[direction2];
    side.gatherer.abandon();
    side.gatherer.forget();
    side.over = true;
  }
  openRecord(direction2, type, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    if (side.over) return;
    const plaintext = side.keys.open(type, bytes2, start, end);
    if (plaintext === void 0) {
      this.#unopened(side, direction2, end - start);
      return;
    }
    if (side.missing > 0) this.#tellLoss(side, direction2, side.keys.skipped);
    side.unopened = 0;
    side.refusedEarlyData = false;
    this.#noteUse(direction2);
    this.#passOn(direction2, type, plaintext, frame);
  }
  brokenRecord(direction2, length) {
    const side = this.#sides[direction2];
    this.#miss(side, direction2, length + recordHeaderLength2);
    side.keys.pass();
  }
  #miss(side, direction2, bytes2) {
    side.missing += bytes2;
    side.missesData ||= this.carriesData(direction2);
  }
  #noteUse(direction2) {
    const facts = this.#facts;
    facts.keys ??= { sources: this.#found.sources, opened: [false, false] };
    facts.keys.opened[direction2] = true;
  }
  /** In TLS 1.3 the type stands behind the content, zeros behind that. Spec: RFC 8446 §5.2, §5.4. */
  #passOn(direction2, type, plaintext, frame) {
    let end = plaintext.length;
    let contentType = type;
    if (this.#hello.negotiatedVersion >= tls134) {
      while (end > 0 && plaintext[end - 1] === 0) end--;
      if (end === 0) return;
      contentType = plaintext[--end];
    }
    this.#sink.plaintext(direction2, contentType, plaintext, 0, end, frame);
  }
  #unopened(side, direction2, length) {
    const { keys } = side;
    const isWrong = keys.isCertain && keys.opened === 0;
    if (!side.refusedEarlyData) {
      this.#miss(side, direction2, length + recordHeaderLength2);
      keys.pass();
    }
    side.unopened++;
    if (!isWrong && !keys.isBlind && side.unopened < mostUnopened) return;
    side.over = true;
    this.#facts.decryptionStopped = true;
    if (keys.opened > 0) this.#sink.recordsLost(direction2, side.missesData ? side.missing : 0);
    const whose = `the ${sender[direction2]}'s records`;
    const behind = keys.opened > 0 ? ` behind the ${keys.opened} that were decrypted` : "";
    const detail = keys.isBlind ? `the key log has no secret for ${whose}${behind}` : keys.opened === 0 ? `the secrets given do not fit: ${whose} do not authenticate` : `${side.unopened} of ${whose} in a row${behind} do not authenticate`;
    this.#sink.problem("decryption-failed", detail);
  }
  /** What went missing before the record that was just opened, `skipped` records behind the one before. */
  #tellLoss(side, direction2, skipped) {
    const { missing } = side;
    const missesData = side.missesData || skipped > 0 && this.carriesData(direction2);
    side.missing = 0;
    side.missesData = false;
    const data = missesData ? Math.max(0, missing - skipped * side.keys.overhead) : 0;
    this.#sink.recordsLost(direction2, data);
    const records = skipped === 1 ? "1 record" : `${skipped} records`;
    const where = skipped > 0 ? `${records} of the ${sender[direction2]} could` : `the ${sender[direction2]}'s last could`;
    this.#sink.problem("bytes-lost", `${missing} bytes: ${where} not be decrypted; what they held is not known`);
  }
  /** Both hellos are known. */
  #begin() {
    const { negotiatedVersion, cipherSuite } = this.#hello;
    this.#protection = protectionOf(cipherSuite);
    if (this.#protection === void 0) {
      this.#giveUp(`decryption of ${cipherSuiteName(cipherSuite)} is not supported`);
    } else if (negotiatedVersion < tls134) this.#begin12(this.#protection);
    else if (this.#protection.kind === "aead") this.#begin13(this.#protection);
    else this.#giveUp(`${cipherSuiteName(cipherSuite)} is no cipher suite of TLS 1.3`);
  }
  #giveUp(detail) {
    this.stop(0);
    this.stop(1);
    this.#facts.decryptionStopped = true;
    this.#sink.problem("decryption-failed", detail);
  }
  #begin12(protection) {
    const { master } = this.#found.secrets;
    if (master === void 0) {
      this.#giveUp("the key log has no CLIENT_RANDOM line for this connection, which TLS up to 1.2 needs");
      return;
    }
    const ciphers = masterCiphers({
      protection,
      version: this.#hello.negotiatedVersion,
      master,
      clientRandom: this.#clientRandom,
      serverRandom: this.#serverRandom,
      encryptThenMac: this.#hello.encryptThenMac
    });
    this.#sides.forEach((side, direction2) => {
      side.keys.offer(ciphers[direction2]);
      if (side.changedCipher) side.keys.advance();
      side.changedCipher = false;
      side.gatherer.open();
    });
  }
  #begin13(protection) {
    const [, server] = this.#sides;
    const { secrets } = this.#found;
    server.keys.begin(new TrafficEpochs(protection, [() => secrets.serverHandshake], () => secrets.serverTraffic));
    const offered = this.#facts.hello?.earlyData === true;
    const canBeTaken = offered && this.#hello.pskAccepted && !this.#facts.helloRetryRequest;
    if (!canBeTaken || secrets.serverHandshake === void 0) this.#beginClient(protection, canBeTaken);
    server.gatherer.open();
  }
  #beginClient(protection, earlyData) {
    const [client] = this.#sides;
    if (client.keys.epoch >= 0) return;
    const { secrets } = this.#found;
    const early = earlyData ? [() => secrets.clientEarly] : [];
    this.#clientHandshakeEpoch = early.length;
    client.refusedEarlyData = this.#facts.hello?.earlyData === true && !earlyData;
    if (client.refusedEarlyData) client.keys.lose(1);
    const handshake = [...early, () => secrets.clientHandshake];
    client.keys.begin(new TrafficEpochs(protection, handshake, () => secrets.clientTraffic));
    client.gatherer.open();
  }
  /** The messages of TLS 1.3 behind which other keys protect. */
  #moveOn(direction2, type) {
    const { keys } = this.#sides[direction2];
    const handshakeEpoch = direction2 === 0 ? this.#clientHandshakeEpoch : 0;
    if (type === HandshakeType.encryptedExtensions && direction2 === 1) {
      if (this.#protection?.kind === "aead")
        this.#beginClient(this.#protection, this.#facts.earlyDataAccepted === true);
    } else if (type === HandshakeType.finished) {
      if (keys.epoch === handshakeEpoch) keys.advance();
    } else if (type === HandshakeType.endOfEarlyData) {
      if (direction2 === 0 && keys.epoch < handshakeEpoch) keys.advance();
    } else if (type === HandshakeType.keyUpdate && keys.epoch > handshakeEpoch) keys.advance();
  }
};

// src/protocol/tls/certificate.ts
function parseCertificates(bytes2, start, end, tls137) {
  const reader = new ByteReader(bytes2, "Certificate", start, end);
  if (tls137) reader.skip(reader.u8());
  const list2 = reader.child(reader.u24(), "certificate_list");
  reader.expectEnd();
  const certificates = [];
  while (list2.remaining > 0) {
    const length = list2.u24();
    if (length === 0) throw list2.malformed("empty-item");
    certificates.push(list2.slice(length));
    if (tls137) list2.skip(list2.u16());
  }
  return certificates;
}

// src/protocol/tls/client-hello-key.ts
function clientHelloKey(bytes2, start, end) {
  const hello = Buffer.from(bytes2.subarray(start, end));
  if (hello.length < sessionIdAt + 1) return void 0;
  let at = sessionIdAt + 1 + hello[sessionIdAt];
  if (at > hello.length) return void 0;
  hello.fill(0, randomAt, sessionIdAt).fill(0, sessionIdAt + 1, at);
  at += 2 + read16(hello, at);
  if (at >= hello.length) return void 0;
  at += 1 + hello[at] + 2;
  while (at + 4 <= hello.length) {
    const type = read16(hello, at);
    const next = at + 4 + read16(hello, at + 2);
    if (next > hello.length) return void 0;
    if (type === Extension.keyShare) maskShares(hello, at + 4, next);
    else if (type === Extension.encryptedClientHello) hello.fill(0, Math.min(at + 5, next), next);
    else if (!readBodies.has(type)) hello.fill(0, at + 4, next);
    at = next;
  }
  return hello.toString("latin1");
}
function maskShares(hello, start, end) {
  for (let at = start + 2; at + 4 <= end; ) {
    const next = at + 4 + read16(hello, at + 2);
    hello.fill(0, at + 4, Math.min(next, end));
    at = next;
  }
}
function read16(bytes2, at) {
  return bytes2[at] << 8 | bytes2[at + 1];
}
var readBodies = /* @__PURE__ */ new Set([
  Extension.serverName,
  Extension.supportedGroups,
  Extension.signatureAlgorithms,
  Extension.alpn,
  Extension.supportedVersions
]);
var randomAt = 2;
var sessionIdAt = 34;

// src/protocol/tls/client-stack.ts
var varying = /* @__PURE__ */ new Set([0, 16, 35, 41, 42, 44, 45, Extension.encryptedClientHello]);
var goSuites = /* @__PURE__ */ new Set([
  ...[4865, 4866, 4867, 49195, 49199, 49196, 49200, 52393, 52392, 49161, 49171, 49162, 49172],
  ...[156, 157, 47, 53, 49170, 10],
  ...[60, 49187, 49191, 5, 49159, 49169]
]);
var goExtensions = /* @__PURE__ */ new Set([5, 10, 11, 13, 18, 23, 43, 50, 51, 65281]);
var x25519Kyber768 = 25497;
var x25519Mlkem7682 = 4588;
var secp256r1Mlkem768 = 4587;
var mldsa44 = 2308;
var rsaAes128Gcm = 156;
var ecdhe3des = 49170;
var goOrders = /* @__PURE__ */ new Map([
  ["5,10,11,13,65281,18,43,51", () => "\u22641.20"],
  ["5,10,11,13,65281,23,18,43,51", () => "1.21\u20131.22"],
  ["11,65281,23,18,5,10,13,43,51", go123or124],
  ["11,65281,23,18,5,10,13,50,43,51", go125on]
]);
function go123or124(hello) {
  if (hello.groups.includes(x25519Mlkem7682)) return "1.24";
  const olderDefaults = hello.cipherSuites.includes(rsaAes128Gcm) && hello.cipherSuites.includes(ecdhe3des);
  return olderDefaults || hello.groups.includes(x25519Kyber768) ? "1.23" : "1.23\u20131.24";
}
function go125on(hello) {
  if (hello.signatureAlgorithms.includes(mldsa44)) return "1.27";
  if (hello.groups.includes(secp256r1Mlkem768)) return "1.26";
  return hello.groups.includes(x25519Mlkem7682) ? "1.25" : "1.25\u20131.26";
}
function clientStack(hello) {
  if (hello.grease)
    return stack("browser", "browser", "GREASE values, as browsers and other BoringSSL programs send them");
  return goStack(hello) ?? otherStack(hello);
}
function goStack(hello) {
  const fixed = hello.extensions.filter((type) => !varying.has(type));
  if (!hello.cipherSuites.every((suite) => goSuites.has(suite)) || !fixed.includes(18)) return void 0;
  const goVersions = goOrders.get(fixed.join(","))?.(hello);
  const withoutAlpn = hello.alpnOffered.length === 0 ? "; no ALPN: HTTP/2 is off, as under GOINSECURE" : "";
  if (goVersions !== void 0) {
    const release = goVersions === "\u22641.20" ? "Go 1.20 or older" : `Go ${goVersions}`;
    const because2 = `extension order, groups and cipher suites of crypto/tls in ${release}; any Go program of that version looks the same`;
    return { ...stack("go", release, because2 + withoutAlpn), goVersions };
  }
  if (!fixed.every((type) => goExtensions.has(type))) return void 0;
  const because = "extensions and cipher suites are all crypto/tls's, in an order of no known version; any Go program may look so";
  return stack("go", "Go, version not told", because + withoutAlpn);
}
function otherStack(hello) {
  const { extensions, cipherSuites } = hello;
  const has = (...types) => types.every((type) => extensions.includes(type));
  const ccm = [4868, 49324, 49325].some((suite) => cipherSuites.includes(suite));
  if (ccm && has(22, 23, Extension.recordSizeLimit)) {
    const because = "encrypt_then_mac, record_size_limit and CCM suites together, as GnuTLS sends them; any GnuTLS program looks the same";
    return stack("gnutls", "git or curl with GnuTLS", because);
  }
  const points = extensions.indexOf(11);
  if (points >= 0 && extensions[points + 1] === 10 && has(22, 23)) {
    const because = "ec_point_formats before supported_groups, then encrypt_then_mac, as OpenSSL orders them; any OpenSSL program looks the same";
    return stack("openssl", "git, curl or another program with OpenSSL", because);
  }
  if (has(34) || has(23, Extension.recordSizeLimit) && cipherSuites[0] === 4865 && cipherSuites[1] === 4867) {
    return stack(
      "browser",
      "Firefox or another NSS program",
      "record_size_limit or delegated_credential with NSS's suite order"
    );
  }
  return stack("other", "another TLS library", "extensions and cipher suites fit no known stack");
}
function stack(name, text3, because) {
  return { name, text: text3, grade: "inferred", because };
}

// src/protocol/tls/compressed-certificate.ts
import { brotliDecompressSync, inflateSync } from "node:zlib";
import { decompress } from "fzstd";
function decompressCertificate(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "CompressedCertificate", start, end);
  const algorithm = reader.u16();
  const length = reader.u24();
  if (length > limits.handshakeMessage) throw reader.malformed("too-large");
  const compressed = reader.slice(reader.u24());
  reader.expectEnd();
  const decoder = algorithms.get(algorithm);
  if (decoder === void 0) throw reader.malformed("bad-value");
  const message = attempt(() => decoder(compressed, length));
  if (message?.length !== length) throw reader.malformed("bad-encoding");
  return message;
}
function attempt(decode) {
  try {
    return decode();
  } catch {
    return void 0;
  }
}
function zstd(compressed, length) {
  if (zstdBlocks(compressed) > mostBlocks) throw new RangeError();
  return decompress(compressed, new Uint8Array(length));
}
function zstdBlocks(frame) {
  const descriptor = frame[4];
  const contentSize = [descriptor >> 5 & 1, 2, 4, 8][descriptor >> 6];
  const dictionaryId = [0, 1, 2, 4][descriptor & 3];
  let at = 5 + (1 - (descriptor >> 5 & 1)) + dictionaryId + contentSize;
  for (let blocks = 1; ; blocks++) {
    if (at + 3 > frame.length || (frame[at] & 1) === 1) return blocks;
    const isRunLength = (frame[at] >> 1 & 3) === 1;
    at += 3 + (isRunLength ? 1 : frame[at] >> 3 | frame[at + 1] << 5 | frame[at + 2] << 13);
  }
}
var mostBlocks = 16;
var algorithms = /* @__PURE__ */ new Map([
  [1, (compressed, maxOutputLength) => inflateSync(compressed, { maxOutputLength })],
  [2, (compressed, maxOutputLength) => brotliDecompressSync(compressed, { maxOutputLength })],
  [3, zstd]
]);

// src/protocol/tls/encrypted-extensions.ts
function parseEncryptedExtensions(bytes2, start, end) {
  const reader = new ByteReader(bytes2, "EncryptedExtensions", start, end);
  const list2 = reader.child(reader.u16(), "extensions");
  reader.expectEnd();
  const extensions = { earlyData: false };
  while (list2.remaining > 0) {
    const type = list2.u16();
    const body = list2.child(list2.u16(), "extension");
    if (type === Extension.alpn) extensions.alpn = readAlpn(body)[0];
    else if (type === Extension.earlyData) extensions.earlyData = true;
  }
  return extensions;
}

// src/protocol/tls/ja4.ts
import { createHash } from "node:crypto";
var versionCodes = {
  772: "13",
  771: "12",
  770: "11",
  769: "10",
  768: "s3",
  2: "s2"
};
var nothing2 = "000000000000";
function ja4(hello) {
  const suites = real(hello.cipherSuites);
  const extensions = real(hello.extensions);
  const hashed = extensions.filter((type) => type !== Extension.serverName && type !== Extension.alpn);
  const name = extensions.includes(Extension.serverName) ? "d" : "i";
  const head = `t${version(hello)}${name}${count(suites)}${count(extensions)}${alpnLetters(hello.alpnOffered[0])}`;
  const algorithms2 = real(hello.signatureAlgorithms);
  const tail = algorithms2.length === 0 ? "" : `_${algorithms2.map(hex4).join(",")}`;
  return `${head}_${digest(sorted(suites))}_${extensions.length === 0 ? nothing2 : digest(sorted(hashed) + tail)}`;
}
function version(hello) {
  const offered = real(hello.supportedVersions);
  return versionCodes[offered.length > 0 ? Math.max(...offered) : hello.legacyVersion] ?? "00";
}
function count(values) {
  return String(Math.min(values.length, 99)).padStart(2, "0");
}
function alpnLetters(value) {
  if (value === void 0 || value.length === 0) return "00";
  const ends = value[0] + value[value.length - 1];
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const bytes2 = Buffer.from(value, "latin1").toString("hex");
  return bytes2[0] + bytes2[bytes2.length - 1];
}
function real(values) {
  return values.filter((value) => !isGrease(value));
}
function sorted(values) {
  return values.map(hex4).sort().join(",");
}
function hex4(value) {
  return value.toString(16).padStart(4, "0");
}
function digest(text3) {
  return text3 === "" ? nothing2 : createHash("sha256").update(text3).digest("hex").slice(0, 12);
}

// src/protocol/tls/observer.ts
var serverHelloDone = 14;
var tls135 = 772;
var hostName = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*$/;
function emptyFacts() {
  return {
    layer: "tls",
    helloFrame: 0,
    helloSegments: 0,
    randomHigh: 0,
    randomLow: 0,
    serverHelloFrame: 0,
    helloRetryRequest: false,
    resumed: false,
    alerts: [],
    certificates: [],
    certificatesSeen: false,
    certificateFrame: 0,
    clientCertificates: [],
    clientCertificateRequested: false,
    verdict: { value: "undecided", grade: "unknown", because: "no handshake was seen" },
    applicationData: [false, false],
    handshakeLost: false
  };
}
var HandshakeObserver = class {
  #context;
  #facts;
  #fullHandshake = false;
  constructor(context, facts) {
    this.#context = context;
    this.#facts = facts;
  }
  /** One message without its header. Throws: MalformedError. */
  message(direction2, type, bytes2, start, end, frame) {
    if (direction2 === 0) this.#fromClient(type, bytes2, start, end, frame);
    else this.#fromServer(type, bytes2, start, end, frame);
  }
  /** The first ClientHello as far as it was captured; `length` is that of all of it, header included. Throws: MalformedError. */
  cutHello(bytes2, start, end, length, frame) {
    const content = parseCutClientHello(bytes2, start, end, length);
    const hello = this.#context.hellos.intern(JSON.stringify(content), () => content);
    this.#firstHello(hello, bytes2, start, frame);
  }
  /** The server changed to its new keys: up to TLS 1.2, without certificate or key exchange before, an old session. */
  serverChangedCipher() {
    const { negotiatedVersion, handshakeLost } = this.#facts;
    if (negotiatedVersion === void 0 || negotiatedVersion >= tls135 || handshakeLost) return;
    if (!this.#fullHandshake) this.#facts.resumed = true;
  }
  #fromClient(type, bytes2, start, end, frame) {
    const facts = this.#facts;
    if (type === HandshakeType.clientHello) this.#clientHello(bytes2, start, end, frame);
    else if (facts.clientCertificates.length > 0) return;
    else if (type === HandshakeType.certificate) facts.clientCertificates = this.#certificates(bytes2, start, end);
    else if (type === HandshakeType.compressedCertificate) {
      const message = decompressCertificate(bytes2, start, end);
      facts.clientCertificates = this.#certificates(message, 0, message.length);
    }
  }
  #fromServer(type, bytes2, start, end, frame) {
    const facts = this.#facts;
    switch (type) {
      case HandshakeType.serverHello:
        if (facts.serverHelloFrame === 0) this.#serverHello(bytes2, start, end, frame);
        break;
      case HandshakeType.certificate:
        this.#fullHandshake = true;
        if (!facts.certificatesSeen) this.#serverCertificates(bytes2, start, end, frame);
        break;
      case HandshakeType.compressedCertificate:
        if (!facts.certificatesSeen) {
          const message = decompressCertificate(bytes2, start, end);
          this.#serverCertificates(message, 0, message.length, frame);
        }
        break;
      case HandshakeType.encryptedExtensions:
        this.#encryptedExtensions(bytes2, start, end);
        break;
      case HandshakeType.serverKeyExchange:
        this.#fullHandshake = true;
        this.#keyExchange(bytes2, start, end);
        break;
      case HandshakeType.certificateRequest:
        facts.clientCertificateRequested = true;
        break;
      case serverHelloDone:
        this.#fullHandshake = true;
        break;
    }
  }
  #clientHello(bytes2, start, end, frame) {
    const facts = this.#facts;
    if (facts.secondHello !== void 0) return;
    const hello = this.#context.hellos.intern(clientHelloKey(bytes2, start, end), () => {
      const content = parseClientHello(bytes2, start, end);
      return { ...content, ja4: ja4(content), stack: clientStack(content) };
    });
    if (facts.hello === void 0) this.#firstHello(hello, bytes2, start, frame);
    else facts.secondHello = hello;
  }
  #firstHello(hello, bytes2, start, frame) {
    const facts = this.#facts;
    facts.hello = hello;
    facts.helloFrame = frame;
    const random = new DataView(bytes2.buffer, bytes2.byteOffset + start + 2, 8);
    facts.randomHigh = random.getInt32(0);
    facts.randomLow = random.getInt32(4);
    if (hello.serverName !== void 0 && (hello.serverName.length > 253 || !hostName.test(hello.serverName))) {
      this.#context.problem("tls", "malformed", `server_name is no host name: ${JSON.stringify(hello.serverName)}`);
    }
    this.#context.stage("hello");
  }
  #serverHello(bytes2, start, end, frame) {
    const facts = this.#facts;
    const hello = parseServerHello(bytes2, start, end);
    facts.negotiatedVersion = hello.negotiatedVersion;
    facts.cipherSuite = hello.cipherSuite;
    if (hello.selectedGroup !== void 0) facts.selectedGroup = hello.selectedGroup;
    if (hello.helloRetryRequest) facts.helloRetryRequest = true;
    else {
      facts.serverHelloFrame = frame;
      facts.resumed = hello.pskAccepted;
      if (hello.alpn !== void 0) facts.alpn = hello.alpn;
    }
    this.#context.stage("server-flight");
  }
  #serverCertificates(bytes2, start, end, frame) {
    const facts = this.#facts;
    facts.certificates = this.#certificates(bytes2, start, end);
    facts.certificatesSeen = true;
    facts.certificateFrame = frame;
    facts.certificateGrade = (facts.negotiatedVersion ?? 0) >= tls135 ? "decrypted" : "seen";
    this.#context.stage("certificate");
  }
  #encryptedExtensions(bytes2, start, end) {
    const { alpn, earlyData } = parseEncryptedExtensions(bytes2, start, end);
    if (alpn !== void 0) this.#facts.alpn = alpn;
    if (earlyData) this.#facts.earlyDataAccepted = true;
  }
  #certificates(bytes2, start, end) {
    const version2 = this.#facts.negotiatedVersion ?? 0;
    const ders = parseCertificates(bytes2, start, end, version2 >= tls135);
    const kept = [];
    for (const der of ders.slice(0, limits.certificates)) {
      const certificate = this.#context.certificates.intern(der);
      if (certificate !== void 0) kept.push(certificate);
    }
    if (kept.length < ders.length) {
      this.#context.problem(
        "tls",
        "limit",
        `${ders.length - kept.length} of ${ders.length} certificates were left out`
      );
    }
    return kept;
  }
  #keyExchange(bytes2, start, end) {
    const facts = this.#facts;
    if (!cipherSuiteName(facts.cipherSuite ?? 0).startsWith("TLS_ECDHE_")) return;
    const group = parseKeyExchangeGroup(bytes2, start, end);
    if (group !== void 0) facts.selectedGroup = group;
  }
};

// src/protocol/tls/resynchronizer.ts
var chain = 3;
var Resynchronizer = class {
  #held = new Accumulator(limits.resynchronize);
  #nextLook = 512;
  get bytes() {
    return this.#held.bytes;
  }
  get length() {
    return this.#held.length;
  }
  /** Returns false when the cap is met: no records were found in so many bytes. */
  append(bytes2, start, end) {
    return this.#held.append(bytes2, start, end);
  }
  /** Offset of the first header of a chain; -1 while there is none. At the end two headers and a cut do. */
  find(atEnd2) {
    const { bytes: bytes2, length } = this.#held;
    if (!atEnd2 && length < this.#nextLook) return -1;
    this.#nextLook = length * 2;
    const least = atEnd2 ? 2 : chain;
    for (let at = 0; at + recordHeaderLength2 <= length; at++) {
      if (chainLength(bytes2, at, length) >= least) return at;
    }
    return -1;
  }
};
function chainLength(bytes2, start, length) {
  let at = start;
  let headers = 0;
  while (headers < chain && at + recordHeaderLength2 <= length) {
    const size = bytes2[at + 3] << 8 | bytes2[at + 4];
    const type = bytes2[at];
    if (type < ContentType.changeCipherSpec || type > ContentType.applicationData) return 0;
    if (bytes2[at + 1] !== 3 || bytes2[at + 2] < 1 || bytes2[at + 2] > 3 || size === 0 || size > maximumFragment) return 0;
    headers++;
    at += recordHeaderLength2 + size;
  }
  return headers;
}

// src/protocol/tls/decoder.ts
var tls136 = 772;
var strangeBytes = 32;
var sender2 = ["client", "server"];
var Side = class {
  reader;
  handshake = new HandshakeReader();
  /** The record that is open, and whether its fragment is in clear. */
  contentType = 0;
  recordLength = 0;
  clear = true;
  /** What is being read now was decrypted. */
  decrypted = false;
  /** Frame of the Finished message that was decrypted; 0 before. */
  finishedFrame = 0;
  changedCipher = false;
  /** First byte of an alert in clear; -1 outside. */
  alertLevel = -1;
  /** Handshake messages are no longer read: one was malformed, or the place between them is lost. */
  deaf = false;
  /** Nothing is read any more. */
  quiet = false;
  lost = false;
  ended;
  resynchronizer;
  constructor(direction2, sink) {
    this.reader = new RecordReader(direction2, sink);
  }
};
function isOver(side) {
  return side.quiet || side.ended !== void 0;
}
var TlsDecoder = class {
  facts = emptyFacts();
  #context;
  #observer;
  #sides;
  #log = new RecordLog();
  #alerts = [];
  #data;
  /** Undefined where there are no secrets, or none for this connection. */
  #decryption;
  #established = false;
  #clientFrame = -1;
  /** Whether the last conclusion knew that the client had ended the connection; undefined before the first. */
  #concludedWith;
  constructor(context) {
    this.#context = context;
    this.#observer = new HandshakeObserver(context, this.facts);
    this.#sides = [new Side(0, this), new Side(1, this)];
    if (context.secrets !== void 0) {
      this.#decryption = new Decryption(context.secrets, this.facts, this);
      this.#data = new ApplicationData(context, this.facts);
    }
  }
  onData(direction2, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    if (side.quiet) return this.#strangeAnswer(side, bytes2, start, end);
    if (direction2 === 0 && this.facts.hello === void 0 && frame !== this.#clientFrame) {
      this.#clientFrame = frame;
      this.facts.helloSegments++;
    }
    if (side.resynchronizer !== void 0) this.#resynchronize(direction2, bytes2, start, end, frame);
    else if (!side.reader.read(bytes2, start, end, frame)) this.#notTls(direction2, bytes2, end);
    return this.#demand(side, direction2);
  }
  onGap(direction2, length) {
    const side = this.#sides[direction2];
    if (side.quiet) return Demand.Skip;
    const { frame } = this.#context.moment;
    const openClear = side.clear && side.contentType === ContentType.handshake;
    if (side.resynchronizer === void 0 && side.reader.skipLost(length)) {
      if (openClear) this.#lose(side, direction2, length);
      else this.#decryption?.damage(direction2);
      side.reader.closeIfSkipped(frame);
    } else if (this.#established && this.#decryption?.isActive(direction2) !== true) {
      side.quiet = true;
    } else {
      if (this.#decryption?.carriesData(direction2) !== true) this.#lose(side, direction2, length);
      this.#decryption?.lose(direction2, length + (side.resynchronizer?.length ?? side.reader.unfinished));
      side.reader.restart();
      side.resynchronizer = new Resynchronizer();
    }
    return this.#demand(side, direction2);
  }
  onEnd(direction2, reason) {
    const side = this.#sides[direction2];
    side.ended = reason;
    if (direction2 === 0 && !side.quiet && this.#readCutHello(side)) {
      this.#context.problem("tls", "bytes-lost", "the capture has only the beginning of the ClientHello");
    }
    if (side.resynchronizer !== void 0 && !side.quiet) {
      this.#continueAt(direction2, side.resynchronizer.find(true), this.#context.moment.frame);
    }
    this.#decryption?.end(direction2);
    this.#concludeIfOver();
    this.#data?.onEnd(direction2, reason);
  }
  /** Called by the record readers. */
  recordStart(direction2, contentType, length) {
    const side = this.#sides[direction2];
    side.contentType = contentType;
    side.recordLength = length;
    side.clear = this.#isClear(side, contentType, length);
    side.alertLevel = -1;
    if (!side.clear) this.#decryption?.recordStart(direction2, contentType, length);
  }
  /** Called by the record readers. */
  recordBytes(direction2, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    if (!side.clear) this.#decryption?.recordBytes(direction2, bytes2, start, end, frame);
    else if (side.contentType === ContentType.handshake) this.#handshakeBytes(direction2, bytes2, start, end, frame);
    else if (side.contentType === ContentType.alert) this.#alertBytes(direction2, bytes2, start, end, frame);
  }
  /** Called by the record readers. */
  recordEnd(direction2, frame) {
    const side = this.#sides[direction2];
    if (!side.clear) this.#decryption?.recordEnd(direction2, frame);
    if (side.contentType === ContentType.changeCipherSpec) {
      if (side.clear) this.#decryption?.changeCipher(direction2);
      side.changedCipher = true;
      if (direction2 === 1) this.#observer.serverChangedCipher();
    } else if (!side.clear && side.contentType !== ContentType.heartbeat) {
      this.#log.note(direction2, side.contentType, side.recordLength, frame);
      this.#noteProgress(direction2, side.contentType, side.recordLength);
    }
  }
  /** Called by the decryption. */
  plaintext(direction2, contentType, bytes2, start, end, frame) {
    if (contentType === ContentType.applicationData) {
      this.#data.clientIsHidden = !this.#decryption.hasOpened(0) && !this.#decryption.isActive(0);
      this.#data.onData(direction2, bytes2, start, end, frame);
      return;
    }
    const side = this.#sides[direction2];
    const outer = side.decrypted;
    side.decrypted = true;
    if (contentType === ContentType.handshake) this.#handshakeBytes(direction2, bytes2, start, end, frame);
    else if (contentType === ContentType.alert) this.#alertBytes(direction2, bytes2, start, end, frame);
    else if (contentType === ContentType.changeCipherSpec) this.#decryption?.changeCipher(direction2);
    side.decrypted = outer;
  }
  /** Called by the decryption. */
  recordsLost(direction2, dataBytes) {
    const side = this.#sides[direction2];
    side.handshake.clear();
    if (dataBytes > 0) {
      this.#data.onGap(direction2, dataBytes);
    } else if (!this.#established) {
      side.lost = true;
      this.facts.handshakeLost = true;
    }
  }
  /** Called by the decryption. */
  problem(code, detail) {
    this.#context.problem("tls", code, detail);
  }
  /**
   * In TLS 1.3 ChangeCipherSpec means nothing; one of more than its byte belongs to a renegotiation. An alert of two bytes
   * is in clear in every version.
   */
  #isClear(side, contentType, length) {
    if (contentType === ContentType.applicationData) return false;
    if (contentType === ContentType.alert) return length === 2;
    if (contentType === ContentType.changeCipherSpec) return length === 1 || !side.changedCipher;
    return !side.changedCipher || (this.facts.negotiatedVersion ?? 0) >= tls136;
  }
  #handshakeBytes(direction2, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    if (side.deaf) return;
    const { handshake } = side;
    try {
      handshake.append(bytes2, start, end);
      while (handshake.next()) {
        this.#message(direction2, side, frame);
      }
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      side.deaf = true;
      handshake.clear();
      if (!side.lost) this.#reportMalformed(direction2, error);
    }
  }
  #message(direction2, side, frame) {
    const { type, bytes: bytes2, start, end } = side.handshake;
    const { negotiatedVersion = 0 } = this.facts;
    if (!side.decrypted || negotiatedVersion >= tls136)
      this.#observer.message(direction2, type, bytes2, start, end, frame);
    if (side.decrypted && type === HandshakeType.finished) this.#finished(direction2, side, frame);
    if (this.#decryption === void 0) return;
    this.#decryption.message(direction2, type, bytes2, start, end);
    if (this.#decryption.isIdle) this.#forgetDecryption();
  }
  #finished(direction2, side, frame) {
    if (side.finishedFrame === 0) side.finishedFrame = frame;
    if (direction2 === 0 && (this.facts.negotiatedVersion ?? 0) >= tls136) this.#establish();
  }
  #forgetDecryption() {
    this.#decryption?.stop(0);
    this.#decryption?.stop(1);
    this.#decryption = void 0;
    this.#data = void 0;
  }
  #reportMalformed(direction2, error) {
    const code = error.code === "too-large" ? "message-too-large" : "malformed";
    this.#context.problem("tls", code, `${sender2[direction2]}'s ${error.message}`, error.offset);
  }
  #alertBytes(direction2, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    for (let at = start; at < end; at++) {
      if (side.alertLevel < 0) side.alertLevel = bytes2[at];
      else {
        const alert = { from: sender2[direction2], level: side.alertLevel, description: bytes2[at], frame };
        if (this.#alerts.length < limits.alerts) {
          this.#alerts.push({ ...alert, grade: side.decrypted ? "decrypted" : "seen" });
        }
        side.alertLevel = -1;
      }
    }
  }
  /** Stages as the encrypted records show them. */
  #noteProgress(direction2, contentType, length) {
    if (this.#established) return;
    if ((this.facts.negotiatedVersion ?? 0) >= tls136) {
      this.#noteProgress13(direction2, length);
      return;
    }
    const [fromClient, fromServer] = this.#log.counts;
    const data = contentType === ContentType.applicationData && fromClient + fromServer > 1;
    if (data || fromClient > 0 && fromServer > 0) this.#establish();
  }
  #noteProgress13(direction2, length) {
    const [fromClient, fromServer] = this.#log.counts;
    const sizes = recordSizes(this.facts.cipherSuite);
    const finished = sizes.finished.includes(length);
    const flightPassed = direction2 === 1 ? finished && fromServer > 2 : fromServer > 0;
    const { certificatesSeen, resumed } = this.facts;
    if (flightPassed && !resumed && !certificatesSeen) this.#context.stage("certificate");
    if (this.#decryption?.isActive(0) === true) return;
    if (direction2 === 0 && (finished || fromClient > 1 && length !== sizes.alert)) this.#establish();
  }
  #establish() {
    this.#established = true;
    this.#context.stage("established");
  }
  #lose(side, direction2, length) {
    const cut = direction2 === 0 && this.#readCutHello(side) ? ": of the ClientHello only the beginning is there" : "";
    side.lost = true;
    side.handshake.clear();
    this.facts.handshakeLost = true;
    const detail = `${length} bytes of the ${sender2[direction2]}'s handshake are missing from the capture${cut}`;
    this.#context.problem("tls", "bytes-lost", detail);
  }
  /** Reads what has come of a ClientHello that will never be whole. Returns whether it said something. */
  #readCutHello({ handshake, deaf, lost }) {
    if (deaf || lost || this.facts.hello !== void 0) return false;
    const length = handshake.broken();
    if (length === 0 || handshake.type !== HandshakeType.clientHello) return false;
    try {
      this.#observer.cutHello(handshake.bytes, handshake.start, handshake.end, length, this.#clientFrame);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
    return this.facts.hello !== void 0;
  }
  #resynchronize(direction2, bytes2, start, end, frame) {
    const side = this.#sides[direction2];
    const resynchronizer = side.resynchronizer;
    if (!resynchronizer.append(bytes2, start, end)) side.quiet = true;
    else this.#continueAt(direction2, resynchronizer.find(false), frame);
  }
  #continueAt(direction2, offset, frame) {
    const side = this.#sides[direction2];
    const held = side.resynchronizer;
    if (offset < 0) return;
    side.resynchronizer = void 0;
    if (offset > 0) this.#decryption?.lose(direction2, offset);
    if (!side.reader.read(held.bytes, offset, held.length, frame)) this.#notTls(direction2, held.bytes, held.length);
  }
  /** No record stands where one should. */
  #notTls(direction2, bytes2, end) {
    const side = this.#sides[direction2];
    const { pending, stoppedAt, records } = side.reader;
    side.quiet = true;
    if (direction2 === 1 && records === 0 && !side.lost) {
      this.facts.strangeAnswer = latin1(pending);
      this.#strangeAnswer(side, bytes2, stoppedAt, end);
      return;
    }
    const detail = `no TLS record stands where the ${sender2[direction2]}'s record ${records + 1} should`;
    this.#context.problem("tls", "malformed", detail);
  }
  #strangeAnswer(side, bytes2, start, end) {
    const { strangeAnswer } = this.facts;
    if (strangeAnswer === void 0 || side !== this.#sides[1]) return Demand.Skip;
    const room = strangeBytes - strangeAnswer.length;
    this.facts.strangeAnswer = strangeAnswer + latin1(bytes2, start, Math.min(end, start + room));
    return end - start < room ? Demand.More : Demand.Skip;
  }
  #demand(side, direction2) {
    const decrypts = this.#decryption?.isActive(direction2) === true;
    const full = decrypts ? this.#data.demand(direction2) === Demand.Skip : this.#log.counts[direction2] >= limits.recordLengths;
    if (!side.quiet && !full) return Demand.More;
    side.quiet = true;
    this.#decryption?.stop(direction2);
    const unfinished = direction2 === 1 && (this.facts.strangeAnswer?.length ?? strangeBytes) < strangeBytes;
    this.#concludeIfOver();
    return unfinished ? Demand.More : Demand.Skip;
  }
  /**
   * When neither direction has more to say, and again only where the client's end tells more: conclusions cost more than
   * all the records before.
   */
  #concludeIfOver() {
    const [client, server] = this.#sides;
    const clientEnded = client.ended === "fin";
    if (!isOver(client) || !isOver(server) || this.#concludedWith === clientEnded) return;
    this.#concludedWith = clientEnded;
    const share = (text3) => this.#context.hellos.sentence(text3);
    conclude(this.facts, share, {
      alerts: this.#alerts,
      records: this.#log.records(),
      clientEnded,
      lost: [client.lost, server.lost],
      ...this.facts.keys !== void 0 && { decrypted: this.#decryptedNotes() }
    });
  }
  #decryptedNotes() {
    const [client] = this.#sides;
    return {
      opened: this.facts.keys.opened,
      finishedFrame: client.finishedFrame,
      dataFrames: this.#data.frames
    };
  }
};

// src/protocol/registry.ts
var ProtocolStack = class {
  layers = [];
  context;
  /** The connection was joined late, and its bytes say that the other side is the client. */
  swapped = false;
  moment;
  certificates;
  hellos;
  secrets;
  content;
  dns;
  #connection;
  #outermost;
  constructor(context, connection) {
    this.context = context;
    this.moment = context.moment;
    this.certificates = context.certificates;
    this.hellos = context.hellos;
    this.content = context.content;
    this.secrets = context.secrets;
    this.dns = context.dns;
    this.#connection = connection;
    this.#outermost = new Detector(new Opening(this, !connection.synSeen));
  }
  /** Between whom the flow runs, the client being the one that speaks as such. */
  get endpoints() {
    const { clientAddress, clientPort, serverAddress, serverPort } = this.#connection;
    if (!this.swapped) return { clientAddress, clientPort, serverAddress, serverPort };
    return {
      clientAddress: serverAddress,
      clientPort: serverPort,
      serverAddress: clientAddress,
      serverPort: clientPort
    };
  }
  onData(direction2, bytes2, start, end, frame) {
    return this.#outermost.onData(this.#true(direction2), bytes2, start, end, frame);
  }
  onGap(direction2, length) {
    return this.#outermost.onGap(this.#true(direction2), length);
  }
  onEnd(direction2, reason) {
    this.#outermost.onEnd(this.#true(direction2), reason);
  }
  problem(layer, code, detail, offset) {
    this.context.problem(layer, code, detail, offset);
  }
  stage(stage) {
    this.context.stage(stage);
  }
  openInner(named) {
    if (named === void 0) return new Detector(new Opening(this, false));
    return this.open(named, this.moment.frame);
  }
  /** Opens the protocol as the next layer. */
  open(protocol, frame) {
    if (this.layers.length >= limits.layers) {
      this.problem(
        "flow",
        "limit",
        `more than ${limits.layers} protocols inside each other: the innermost is left alone`
      );
      return leftAlone;
    }
    switch (protocol) {
      case "tls":
        return this.#decoder(new TlsDecoder(this));
      case "http1":
        return this.#decoder(new Http1Decoder(this));
      case "http-tunnel":
        return this.#decoder(new Http1Decoder(this, true));
      case "socks":
        return this.#decoder(new SocksDecoder(this));
      case "dns-tcp":
        return this.#decoder(new DnsTcpDecoder(this));
      default:
        return this.#named(protocol, frame);
    }
  }
  #decoder(decoder) {
    this.layers.push(decoder.facts);
    return decoder;
  }
  #named(protocol, frame) {
    this.layers.push({ layer: "named", protocol, frame });
    if (protocol !== "smtp" && protocol !== "imap" && protocol !== "pop3" && protocol !== "ftp") return leftAlone;
    return new StartTlsWatch(() => {
      this.layers.push({ layer: "named", protocol: "starttls", frame: this.moment.frame });
    });
  }
  #true(direction2) {
    return this.swapped ? 1 - direction2 : direction2;
  }
};
var Opening = class {
  reversible;
  #stack;
  constructor(stack2, reversible) {
    this.#stack = stack2;
    this.reversible = reversible;
  }
  get moment() {
    return this.#stack.moment;
  }
  get serverPort() {
    return this.#stack.endpoints.serverPort;
  }
  swap() {
    this.#stack.swapped = !this.#stack.swapped;
  }
  open(protocol, frame) {
    return this.#stack.open(protocol, frame);
  }
};

// src/protocol/tls/certificate-store.ts
import { createHash as createHash2 } from "node:crypto";
var CertificateStore = class {
  #byDigest = /* @__PURE__ */ new Map();
  #byEnding = /* @__PURE__ */ new Map();
  #bytes = 0;
  /** The one object for these bytes, which are copied; undefined once `limits.certificateBytes` is reached. */
  intern(der) {
    const key = ending(der);
    const likely = this.#byEnding.get(key);
    if (likely !== void 0 && Buffer.compare(likely.der, der) === 0) return likely;
    const certificate = this.#internByDigest(der);
    if (certificate !== void 0) this.#byEnding.set(key, certificate);
    return certificate;
  }
  #internByDigest(der) {
    const sha256 = createHash2("sha256").update(der).digest("hex");
    const known = this.#byDigest.get(sha256);
    if (known !== void 0) return known;
    if (this.#bytes + der.length > limits.certificateBytes) return void 0;
    this.#bytes += der.length;
    const certificate = { sha256, der: der.slice() };
    this.#byDigest.set(sha256, certificate);
    return certificate;
  }
  find(sha256) {
    return this.#byDigest.get(sha256);
  }
  /** Every distinct certificate, in order of first appearance. */
  all() {
    return this.#byDigest.values();
  }
};
function ending(der) {
  let number = 0;
  for (let at = Math.max(0, der.length - 6); at < der.length; at++) number = number * 256 + der[at];
  return number;
}

// src/protocol/tls/client-hello-store.ts
var sentenceLimit = 4096;
var ClientHelloStore = class {
  #byContent = /* @__PURE__ */ new Map();
  #sentences = /* @__PURE__ */ new Map();
  /** The hello kept under `key`, made by `make` at its first appearance; without a key it is not kept. Throws: as `make`. */
  intern(key, make) {
    if (key === void 0) return make();
    let hello = this.#byContent.get(key);
    if (hello === void 0) {
      hello = make();
      this.#byContent.set(key, hello);
    }
    return hello;
  }
  /** The one copy of a sentence. */
  sentence(text3) {
    const known = this.#sentences.get(text3);
    if (known !== void 0) return known;
    if (this.#sentences.size < sentenceLimit) this.#sentences.set(text3, text3);
    return text3;
  }
};

// src/stream/swap.ts
function swapDirections(facts) {
  return {
    ...facts,
    clientAddress: facts.serverAddress,
    clientPort: facts.serverPort,
    serverAddress: facts.clientAddress,
    serverPort: facts.clientPort,
    ...facts.closedBy !== void 0 && { closedBy: facts.closedBy === 0 ? 1 : 0 },
    bytes: swapped(facts.bytes),
    lost: swapped(facts.lost),
    finFrames: swapped(facts.finFrames),
    lastDataFrames: swapped(facts.lastDataFrames),
    lastDataSeconds: swapped(facts.lastDataSeconds),
    lastDataNanoseconds: swapped(facts.lastDataNanoseconds),
    unacknowledged: swapped(facts.unacknowledged),
    retransmitted: swapped(facts.retransmitted),
    largestSegment: swapped(facts.largestSegment),
    firstSequence: swapped(facts.firstSequence)
  };
}
function swapped([first, second]) {
  return [second, first];
}

// src/stream/facts.ts
var openedNames = ["handshake", "midstream", "syn-only"];
var closedNames = ["fin", "reset", "refused", "unanswered", "idle", "evicted", "capture-end"];

// src/flow/packed-rows.ts
var PackedRows = class {
  #chunks = [];
  /** Bytes used of the last chunk. */
  #used = chunkBytes;
  /** For each column the earlier one that it is told by its distance to; -1 for none. */
  #near;
  constructor(near) {
    this.#near = near;
  }
  /** Adds a row of finite whole numbers. Returns where it starts. */
  add(row) {
    if (this.#used + this.#near.length * numberBytes > chunkBytes) {
      this.#chunks.push(new Uint8Array(chunkBytes));
      this.#used = 0;
    }
    const start = (this.#chunks.length - 1) * chunkBytes + this.#used;
    const bytes2 = this.#chunks[this.#chunks.length - 1];
    let at = this.#used;
    for (let column = 0; column < this.#near.length; column++) {
      const base = this.#near[column];
      at = writeNumber(bytes2, at, base < 0 ? row[column] : distance(row[column], row[base]));
    }
    this.#used = at;
    return start;
  }
  /** The row that starts there. */
  read(start) {
    const bytes2 = this.#chunks[Math.floor(start / chunkBytes)];
    let at = start % chunkBytes;
    const row = [];
    for (let column = 0; column < this.#near.length; column++) {
      let byte = bytes2[at++];
      const negative = (byte & 1) !== 0;
      let number = (byte & 127) >> 1;
      for (let scale = 64; byte >= 128; scale *= 128) {
        byte = bytes2[at++];
        number += (byte & 127) * scale;
      }
      const signed = negative ? -number : number;
      const base = this.#near[column];
      row.push(base < 0 || signed === 0 ? signed : signed + row[base] - (signed > 0 ? 1 : 0));
    }
    return row;
  }
};
var chunkBytes = 64 << 10;
var numberBytes = 10;
function distance(number, base) {
  if (number === 0) return 0;
  return number >= base ? number - base + 1 : number - base;
}
function writeNumber(bytes2, start, signed) {
  let at = start;
  let number = Math.abs(signed);
  let group = number % 64 * 2 + (signed < 0 ? 1 : 0);
  for (number = Math.floor(number / 64); number > 0; number = Math.floor(number / 128)) {
    bytes2[at++] = group | 128;
    group = number % 128;
  }
  bytes2[at++] = group;
  return at;
}

// src/flow/store.ts
var stageOrder = [
  "tcp",
  "proxy",
  "hello",
  "server-flight",
  "certificate",
  "established",
  "http"
];
var Column = {
  id: 0,
  addressLength: 1,
  clientAddress: 2,
  clientPort: 3,
  serverAddress: 4,
  serverPort: 5,
  opened: 6,
  closed: 7,
  /** 0 for nobody, else the direction and 1. */
  closedBy: 8,
  flags: 9,
  firstFrame: 10,
  lastFrame: 11,
  startSeconds: 12,
  startNanoseconds: 13,
  endSeconds: 14,
  endNanoseconds: 15,
  frames: 16,
  retransmittedSegments: 17,
  outOfOrderSegments: 18,
  duplicateFrames: 19,
  synAckFrame: 20,
  synAckSeconds: 21,
  synAckNanoseconds: 22,
  syns: 23,
  resetFrame: 24,
  snappedSegments: 25,
  overlapsDiffer: 26,
  bytes: 27,
  lost: 29,
  finFrames: 31,
  lastDataFrames: 33,
  lastDataSeconds: 35,
  lastDataNanoseconds: 37,
  unacknowledged: 39,
  retransmitted: 41,
  largestSegment: 43,
  firstSequence: 45,
  stageFrames: 47,
  stageSeconds: 47 + stageOrder.length,
  stageNanoseconds: 47 + 2 * stageOrder.length
};
var columns = 47 + 3 * stageOrder.length;
var isTimed = 1;
var isOneSided = 2;
function nearColumns() {
  const near = new Int8Array(columns).fill(-1);
  for (const column of [Column.lastFrame, Column.synAckFrame, Column.resetFrame]) near[column] = Column.firstFrame;
  near.fill(Column.firstFrame, Column.finFrames, Column.finFrames + 2);
  near.fill(Column.firstFrame, Column.lastDataFrames, Column.lastDataFrames + 2);
  near.fill(Column.firstFrame, Column.stageFrames, Column.stageSeconds);
  for (const column of [Column.endSeconds, Column.synAckSeconds]) near[column] = Column.startSeconds;
  near.fill(Column.startSeconds, Column.lastDataSeconds, Column.lastDataSeconds + 2);
  near.fill(Column.startSeconds, Column.stageSeconds, Column.stageNanoseconds);
  return near;
}
var FlowStore = class {
  #rows = new PackedRows(nearColumns());
  /** Put together here, so that a flow that finishes needs no array. */
  #row = new Float64Array(columns);
  #ids = [];
  #starts = [];
  /** The one layer of a flow, or its layers. */
  #layers = [];
  #addresses = [];
  #addressIndex = /* @__PURE__ */ new Map();
  #icmp = /* @__PURE__ */ new Map();
  #interfaces = /* @__PURE__ */ new Map();
  #problems = /* @__PURE__ */ new Map();
  #order;
  get length() {
    return this.#ids.length;
  }
  add({ connection, layers, stages, problems, moreProblems }) {
    const ordinal = this.#ids.length;
    this.#order = void 0;
    this.#pack(connection);
    packPairs(connection, this.#row);
    packStages(stages, this.#row);
    this.#ids.push(connection.id);
    this.#starts.push(this.#rows.add(this.#row));
    this.#layers.push(layers.length === 1 ? layers[0] : layers.slice());
    if (connection.icmp.length > 0) this.#icmp.set(ordinal, connection.icmp);
    if (connection.interfaceIds.some((id) => id !== 0)) this.#interfaces.set(ordinal, connection.interfaceIds);
    if (problems.length > 0) this.#problems.set(ordinal, { kept: problems, more: moreProblems });
  }
  /** All flows, by id. Each is made when it is asked for. */
  *flows() {
    for (const ordinal of this.#byId()) yield this.#read(ordinal);
  }
  /** The flow of that id, if it carried payload. Cost: logarithmic. */
  flow(id) {
    const order = this.#byId();
    let low = 0;
    let high = order.length - 1;
    while (low <= high) {
      const middle = low + high >> 1;
      const found = this.#ids[order[middle]];
      if (found === id) return this.#read(order[middle]);
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return void 0;
  }
  #byId() {
    const ids = this.#ids;
    this.#order ??= Int32Array.from(ids, (_, ordinal) => ordinal).sort((a, b) => ids[a] - ids[b]);
    return this.#order;
  }
  #pack(connection) {
    const row = this.#row;
    row[Column.id] = connection.id;
    row[Column.addressLength] = connection.addressLength;
    row[Column.clientAddress] = this.#intern(connection.clientAddress);
    row[Column.clientPort] = connection.clientPort;
    row[Column.serverAddress] = this.#intern(connection.serverAddress);
    row[Column.serverPort] = connection.serverPort;
    row[Column.opened] = openedNames.indexOf(connection.opened);
    row[Column.closed] = closedNames.indexOf(connection.closed);
    row[Column.closedBy] = connection.closedBy === void 0 ? 0 : connection.closedBy + 1;
    row[Column.flags] = (connection.timed ? isTimed : 0) | (connection.oneSided ? isOneSided : 0);
    row[Column.firstFrame] = connection.firstFrame;
    row[Column.lastFrame] = connection.lastFrame;
    row[Column.startSeconds] = connection.startSeconds;
    row[Column.startNanoseconds] = connection.startNanoseconds;
    row[Column.endSeconds] = connection.endSeconds;
    row[Column.endNanoseconds] = connection.endNanoseconds;
    row[Column.frames] = connection.frames;
    row[Column.retransmittedSegments] = connection.retransmittedSegments;
    row[Column.outOfOrderSegments] = connection.outOfOrderSegments;
    row[Column.duplicateFrames] = connection.duplicateFrames;
    row[Column.synAckFrame] = connection.synAckFrame;
    row[Column.synAckSeconds] = connection.synAckSeconds;
    row[Column.synAckNanoseconds] = connection.synAckNanoseconds;
    row[Column.syns] = connection.syns;
    row[Column.resetFrame] = connection.resetFrame;
    row[Column.snappedSegments] = connection.snappedSegments;
    row[Column.overlapsDiffer] = connection.overlapsDiffer;
  }
  #read(ordinal) {
    const problems = this.#problems.get(ordinal);
    const row = this.#rows.read(this.#starts[ordinal]);
    const layers = this.#layers[ordinal];
    return {
      connection: this.#readConnection(ordinal, row),
      layers: Array.isArray(layers) ? layers : [layers],
      stages: {
        frames: row.slice(Column.stageFrames, Column.stageSeconds),
        seconds: row.slice(Column.stageSeconds, Column.stageNanoseconds),
        nanoseconds: row.slice(Column.stageNanoseconds)
      },
      problems: problems?.kept ?? [],
      moreProblems: problems?.more ?? 0
    };
  }
  /** One literal, so that all connections have one shape: everything behind reads them several times as fast. */
  #readConnection(ordinal, row) {
    const facts = {
      id: row[Column.id],
      addressLength: row[Column.addressLength],
      clientAddress: this.#addresses[row[Column.clientAddress]],
      clientPort: row[Column.clientPort],
      serverAddress: this.#addresses[row[Column.serverAddress]],
      serverPort: row[Column.serverPort],
      opened: openedNames[row[Column.opened]],
      closed: closedNames[row[Column.closed]],
      firstFrame: row[Column.firstFrame],
      lastFrame: row[Column.lastFrame],
      startSeconds: row[Column.startSeconds],
      startNanoseconds: row[Column.startNanoseconds],
      endSeconds: row[Column.endSeconds],
      endNanoseconds: row[Column.endNanoseconds],
      timed: (row[Column.flags] & isTimed) !== 0,
      frames: row[Column.frames],
      bytes: pair(row, Column.bytes),
      lost: pair(row, Column.lost),
      retransmittedSegments: row[Column.retransmittedSegments],
      outOfOrderSegments: row[Column.outOfOrderSegments],
      duplicateFrames: row[Column.duplicateFrames],
      synAckFrame: row[Column.synAckFrame],
      synAckSeconds: row[Column.synAckSeconds],
      synAckNanoseconds: row[Column.synAckNanoseconds],
      syns: row[Column.syns],
      finFrames: pair(row, Column.finFrames),
      resetFrame: row[Column.resetFrame],
      lastDataFrames: pair(row, Column.lastDataFrames),
      lastDataSeconds: pair(row, Column.lastDataSeconds),
      lastDataNanoseconds: pair(row, Column.lastDataNanoseconds),
      unacknowledged: pair(row, Column.unacknowledged),
      retransmitted: pair(row, Column.retransmitted),
      largestSegment: pair(row, Column.largestSegment),
      oneSided: (row[Column.flags] & isOneSided) !== 0,
      firstSequence: pair(row, Column.firstSequence),
      icmp: this.#icmp.get(ordinal) ?? [],
      snappedSegments: row[Column.snappedSegments],
      overlapsDiffer: row[Column.overlapsDiffer],
      interfaceIds: this.#interfaces.get(ordinal) ?? [0]
    };
    const closedBy = row[Column.closedBy];
    if (closedBy > 0) facts.closedBy = closedBy - 1;
    return facts;
  }
  #intern(address) {
    let index = this.#addressIndex.get(address);
    if (index === void 0) {
      index = this.#addresses.push(address) - 1;
      this.#addressIndex.set(address, index);
    }
    return index;
  }
};
function packPairs(connection, row) {
  row.set(connection.bytes, Column.bytes);
  row.set(connection.lost, Column.lost);
  row.set(connection.finFrames, Column.finFrames);
  row.set(connection.lastDataFrames, Column.lastDataFrames);
  row.set(connection.lastDataSeconds, Column.lastDataSeconds);
  row.set(connection.lastDataNanoseconds, Column.lastDataNanoseconds);
  row.set(connection.unacknowledged, Column.unacknowledged);
  row.set(connection.retransmitted, Column.retransmitted);
  row.set(connection.largestSegment, Column.largestSegment);
  row.set(connection.firstSequence, Column.firstSequence);
}
function pair(row, column) {
  return [row[column], row[column + 1]];
}
function packStages(stages, row) {
  row.set(stages.frames, Column.stageFrames);
  row.set(stages.seconds, Column.stageSeconds);
  row.set(stages.nanoseconds, Column.stageNanoseconds);
}

// src/flow/collector.ts
var Collector = class {
  store = new FlowStore();
  dns = new DnsLog(
    (code, detail) => this.#problems.note({ layer: "dns", code, frame: this.#moment.frame, detail })
  );
  certificates = new CertificateStore();
  hellos = new ClientHelloStore();
  /** UDP datagrams by what they are. */
  datagrams = { dns: 0, quic: 0, other: 0 };
  #moment;
  #problems;
  /** What TLS may be decrypted with, for the connections that open from now on. */
  secrets;
  /** `problems` takes what belongs to no flow. */
  constructor(moment, problems, secrets) {
    this.#moment = moment;
    this.#problems = problems;
    this.secrets = secrets;
  }
  open(connection) {
    return new ProtocolStack(new FlowNotes(this, this.#moment), connection);
  }
  close(connection, stack2) {
    const notes = stack2.context;
    const facts = stack2.swapped ? swapDirections(connection) : connection;
    noteTcp(notes.stages, facts);
    this.store.add({
      connection: facts,
      layers: stack2.layers,
      stages: notes.stages,
      problems: notes.problems.kept,
      moreProblems: notes.problems.more
    });
  }
  problem(code, detail, stack2) {
    if (stack2 === void 0) this.#problems.note({ layer: "stream", code, frame: this.#moment.frame, detail });
    else stack2.context.problem("stream", code, detail);
  }
  datagram(packet) {
    if (this.dns.datagram(packet, this.#moment)) this.datagrams.dns++;
    else if (isQuicLong(packet.bytes, packet.payloadStart, packet.payloadEnd)) this.datagrams.quic++;
    else this.datagrams.other++;
  }
};
var FlowNotes = class {
  moment;
  dns;
  certificates;
  hellos;
  secrets;
  stages = emptyStages();
  problems = new ProblemLog(limits.problemsPerFlow);
  constructor(collector, moment) {
    this.moment = moment;
    this.dns = collector.dns;
    this.certificates = collector.certificates;
    this.hellos = collector.hellos;
    this.secrets = collector.secrets;
  }
  problem(layer, code, detail, offset) {
    const { frame } = this.moment;
    this.problems.note({ layer, code, frame, ...offset !== void 0 && { offset }, detail });
  }
  stage(stage) {
    const at = stageOrder.indexOf(stage);
    const { frame, seconds, nanoseconds } = this.moment;
    if (this.stages.frames[at] === 0) note(this.stages, at, frame, seconds, nanoseconds);
  }
};
function emptyStages() {
  const none2 = () => stageOrder.map(() => 0);
  return { frames: none2(), seconds: none2(), nanoseconds: none2() };
}
function noteTcp(stages, facts) {
  if (facts.synAckFrame > 0) note(stages, 0, facts.synAckFrame, facts.synAckSeconds, facts.synAckNanoseconds);
  else if (facts.opened === "midstream") note(stages, 0, facts.firstFrame, facts.startSeconds, facts.startNanoseconds);
}
function note(stages, at, frame, seconds, nanoseconds) {
  stages.frames[at] = frame;
  stages.seconds[at] = seconds;
  stages.nanoseconds[at] = nanoseconds;
}

// src/packet/packet.ts
var Packet = class {
  bytes = new Uint8Array(0);
  view = new DataView(new ArrayBuffer(0));
  /** 4 or 16; the IP version follows. */
  addressLength = 4;
  /** Offsets of the addresses. */
  sourceAddress = 0;
  destinationAddress = 0;
  /** IP protocol of the payload: 6, 17, 1, 58. */
  protocol = 0;
  /** IPv4 identification, or 0. Two copies of one packet share it; a retransmission does not. */
  identification = 0;
  /** IPv4 TTL or IPv6 hop limit: differs between the legs of a router. */
  hopLimit = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** TCP sequence and acknowledgment numbers as signed 32-bit integers: compare by wrapped subtraction. */
  sequence = 0;
  acknowledgment = 0;
  /** TCP flags: the low nine bits of the field. */
  flags = 0;
  window = 0;
  /** Payload that was captured. */
  payloadStart = 0;
  payloadEnd = 0;
  /** Payload bytes the packet had on the wire: more than captured when the snap length cut it. */
  payloadLength = 0;
  /** Tunnel headers around the packet: 0 when the outermost IP header is also the innermost. */
  tunnels = 0;
};
var TcpFlag = { Fin: 1, Syn: 2, Rst: 4, Psh: 8, Ack: 16, Urg: 32 };
var PacketKind = {
  /** Not understood; the decoder counted the reason. */
  None: 0,
  Tcp: 1,
  Udp: 2,
  /** ICMP or ICMPv6; `payloadStart` is at the ICMP header. */
  Icmp: 3,
  /** A fragment that waits for the others. */
  Fragment: 4
};

// src/packet/header-cursor.ts
var Step = {
  /** Nothing more to read; `HeaderCursor.kind` says what came out. */
  Done: 0,
  Ethernet: 1,
  Vlan: 2,
  Llc: 3,
  Mpls: 4,
  Pppoe: 5,
  Ppp: 6,
  PppHdlc: 7,
  CiscoHdlc: 8,
  Loopback: 9,
  LinuxCooked: 10,
  LinuxCooked2: 11,
  Pktap: 12,
  Ip: 13,
  Ipv4: 14,
  Ipv6: 15,
  ExtensionHeader: 16,
  AuthenticationHeader: 17,
  FragmentHeader: 18,
  Fragment: 19,
  Tcp: 20,
  Udp: 21,
  Icmp: 22,
  Gre: 23,
  Vxlan: 24,
  Geneve: 25
};
var HeaderCursor = class {
  packet = new Packet();
  notUnderstood = /* @__PURE__ */ new Map();
  frame = void 0;
  bytes = this.packet.bytes;
  view = this.packet.view;
  at = 0;
  end = 0;
  wireEnd = 0;
  headersLeft = 0;
  kind = PacketKind.None;
  /** Counts frames: tells what belongs to the current one. */
  turn = 0;
  /** IP protocol of a fragment's or extension header's content. */
  protocol = 0;
  fragmentOffset = 0;
  moreFragments = false;
  fragmentIdentification = 0;
  /** Stands at the link header of a frame. Borrows: the frame's bytes, until the next frame. */
  enterFrame(frame) {
    const captured = frame.end - frame.start;
    const onWire = frame.originalLength > captured ? frame.originalLength : captured;
    this.frame = frame;
    this.turn++;
    this.kind = PacketKind.None;
    this.headersLeft = limits.encapsulation;
    this.packet.tunnels = 0;
    this.enterBytes(frame.bytes, frame.view);
    this.at = frame.start;
    this.end = frame.end;
    this.wireEnd = frame.start + (onWire > limits.captureBlock ? Math.max(captured, limits.captureBlock) : onWire);
  }
  /** Goes over to another buffer; the caller sets the offsets. */
  enterBytes(bytes2, view) {
    this.bytes = bytes2;
    this.view = view;
    this.packet.bytes = bytes2;
    this.packet.view = view;
  }
  /** Whether the next `length` bytes were captured. */
  has(length) {
    return this.at + length <= this.end;
  }
  /** Ends the current layer `length` bytes from here, when that is nearer: what follows is padding. */
  limitTo(length) {
    const wireEnd = this.at + length;
    if (wireEnd >= this.wireEnd) return;
    this.wireEnd = wireEnd;
    if (wireEnd < this.end) this.end = wireEnd;
  }
  /** Takes one of the headers that may repeat. False when the frame has had its share. */
  takeHeader() {
    return --this.headersLeft >= 0;
  }
  /** Gives the frame up for a reason, which is counted. */
  refuse(reason) {
    this.count(reason, 1);
    this.kind = PacketKind.None;
    return Step.Done;
  }
  /** The next header is not whole: `cut` when it was on the wire and only not captured, `malformed` otherwise. */
  refuseShort(length, cut, malformed3) {
    return this.refuse(this.at + length <= this.wireEnd ? cut : malformed3);
  }
  count(reason, frames) {
    this.notUnderstood.set(reason, (this.notUnderstood.get(reason) ?? 0) + frames);
  }
};

// src/packet/ether-type.ts
function etherTypeStep(cursor, etherType) {
  if (etherType === EtherType.Ipv4) return Step.Ipv4;
  if (etherType === EtherType.Ipv6) return Step.Ipv6;
  switch (etherType) {
    case EtherType.Vlan:
    case EtherType.ServiceVlan:
    case EtherType.OldServiceVlan:
      return Step.Vlan;
    case EtherType.MplsUnicast:
    case EtherType.MplsMulticast:
      return Step.Mpls;
    case EtherType.PppoeSession:
      return Step.Pppoe;
    case EtherType.TransparentEthernet:
      return Step.Ethernet;
    case EtherType.Arp:
      return cursor.refuse("arp");
    default:
      if (etherType > longest8023) return cursor.refuse("ether-type");
      cursor.limitTo(etherType);
      return Step.Llc;
  }
}
var EtherType = {
  Ipv4: 2048,
  Arp: 2054,
  TransparentEthernet: 25944,
  Vlan: 33024,
  Ipv6: 34525,
  MplsUnicast: 34887,
  MplsMulticast: 34888,
  PppoeSession: 34916,
  Ppp: 34827,
  ServiceVlan: 34984,
  ErspanOneOrTwo: 35006,
  ErspanThree: 8939,
  OldServiceVlan: 37120
};
var longest8023 = 1500;

// src/packet/transport.ts
function readTcp(cursor) {
  if (!cursor.has(20)) return cursor.refuseShort(20, "tcp-header-cut", "tcp-header-malformed");
  const { at, view, packet } = cursor;
  const offsetAndFlags = view.getUint16(at + 12);
  const headerLength = offsetAndFlags >> 12 << 2;
  if (headerLength < 20 || at + headerLength > cursor.wireEnd) return cursor.refuse("tcp-header-malformed");
  packet.sourcePort = view.getUint16(at);
  packet.destinationPort = view.getUint16(at + 2);
  packet.sequence = view.getInt32(at + 4);
  packet.acknowledgment = view.getInt32(at + 8);
  packet.flags = offsetAndFlags & 511;
  packet.window = view.getUint16(at + 14);
  cursor.at = at + headerLength;
  return finish(cursor, PacketKind.Tcp);
}
function readUdp(cursor) {
  if (!cursor.has(8)) return cursor.refuse("udp-header-cut");
  const { at, view, packet } = cursor;
  const length = view.getUint16(at + 4);
  packet.sourcePort = view.getUint16(at);
  packet.destinationPort = view.getUint16(at + 2);
  if (length >= 8) cursor.limitTo(length);
  cursor.at = at + 8;
  if (packet.destinationPort === 4789 || packet.destinationPort === 8472) return Step.Vxlan;
  if (packet.destinationPort === 6081) return Step.Geneve;
  return finish(cursor, PacketKind.Udp);
}
function readIcmp(cursor) {
  if (!cursor.has(4)) return cursor.refuse("icmp-header-cut");
  return finish(cursor, PacketKind.Icmp);
}
function finish(cursor, kind) {
  const { packet, at, end } = cursor;
  packet.payloadStart = at < end ? at : end;
  packet.payloadEnd = end;
  packet.payloadLength = cursor.wireEnd - at;
  cursor.kind = kind;
  return Step.Done;
}

// src/packet/tunnels.ts
function readGre(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(4)) return cursor.refuse("tunnel-header-cut");
  const flags = cursor.view.getUint16(cursor.at);
  const protocol = cursor.view.getUint16(cursor.at + 2);
  const version2 = flags & 7;
  if (version2 > 1 || (flags & GreFlag.Routing) !== 0) return cursor.refuse("tunnel-header-malformed");
  const length = greHeaderLength(flags);
  if (!cursor.has(length)) return cursor.refuse("tunnel-header-cut");
  cursor.at += length;
  cursor.packet.tunnels++;
  if (version2 === 1) return protocol === EtherType.Ppp ? Step.Ppp : cursor.refuse("ether-type");
  return greContentStep(cursor, protocol, flags);
}
function greHeaderLength(flags) {
  let length = 4;
  if ((flags & GreFlag.Checksum) !== 0) length += 4;
  if ((flags & GreFlag.Key) !== 0) length += 4;
  if ((flags & GreFlag.Sequence) !== 0) length += 4;
  if ((flags & (GreFlag.Acknowledgment | 1)) === (GreFlag.Acknowledgment | 1)) length += 4;
  return length;
}
function greContentStep(cursor, protocol, flags) {
  if (protocol === EtherType.ErspanOneOrTwo) return skipErspan(cursor, (flags & GreFlag.Sequence) !== 0 ? 8 : 0);
  if (protocol === EtherType.ErspanThree) return readErspanThree(cursor);
  return protocol < 1536 ? cursor.refuse("ether-type") : etherTypeStep(cursor, protocol);
}
var GreFlag = { Checksum: 32768, Routing: 16384, Key: 8192, Sequence: 4096, Acknowledgment: 128 };
function readErspanThree(cursor) {
  if (!cursor.has(12)) return cursor.refuse("tunnel-header-cut");
  const platformHeader = (cursor.bytes[cursor.at + 11] & 1) === 1;
  return skipErspan(cursor, platformHeader ? 20 : 12);
}
function skipErspan(cursor, length) {
  if (!cursor.has(length)) return cursor.refuse("tunnel-header-cut");
  cursor.at += length;
  return Step.Ethernet;
}
function readVxlan(cursor) {
  if (!cursor.has(8 + 14)) return finish(cursor, PacketKind.Udp);
  const flags = cursor.bytes[cursor.at];
  const reserved = cursor.view.getUint32(cursor.at) & 16777215;
  const plausible = flags === 8 && reserved === 0 || flags === 136;
  if (!plausible || cursor.bytes[cursor.at + 7] !== 0) return finish(cursor, PacketKind.Udp);
  return enterTunnel(cursor, 8, Step.Ethernet);
}
function readGeneve(cursor) {
  if (!cursor.has(8)) return finish(cursor, PacketKind.Udp);
  const { at, bytes: bytes2, view } = cursor;
  const length = 8 + ((bytes2[at] & 63) << 2);
  const inner = geneveSteps.get(view.getUint16(at + 2));
  const plausible = bytes2[at] >> 6 === 0 && (bytes2[at + 1] & 63) === 0 && bytes2[at + 7] === 0;
  if (!plausible || inner === void 0 || !cursor.has(length)) return finish(cursor, PacketKind.Udp);
  return enterTunnel(cursor, length, inner);
}
var geneveSteps = /* @__PURE__ */ new Map([
  [EtherType.Ipv4, Step.Ipv4],
  [EtherType.Ipv6, Step.Ipv6],
  [EtherType.TransparentEthernet, Step.Ethernet]
]);
function enterTunnel(cursor, headerLength, inner) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  cursor.at += headerLength;
  cursor.packet.tunnels++;
  return inner;
}

// src/packet/ip.ts
function readIp(cursor) {
  if (!cursor.has(1)) return cursor.refuseShort(1, "ip-header-cut", "no-payload");
  const version2 = cursor.bytes[cursor.at] >> 4;
  if (version2 === 4) return Step.Ipv4;
  return version2 === 6 ? Step.Ipv6 : cursor.refuse("ip-version");
}
function readIpv4(cursor) {
  if (!cursor.has(20)) return cursor.refuseShort(20, "ip-header-cut", "ip-header-malformed");
  const { at, bytes: bytes2, view, packet } = cursor;
  const first = bytes2[at];
  if (first >> 4 !== 4) return cursor.refuse("ip-version");
  const headerLength = (first & 15) << 2;
  const totalLength = view.getUint16(at + 2);
  if (headerLength < 20 || totalLength !== 0 && totalLength < headerLength) {
    return cursor.refuse("ip-header-malformed");
  }
  if (totalLength !== 0) cursor.limitTo(totalLength);
  if (!cursor.has(headerLength)) return cursor.refuseShort(headerLength, "ip-header-cut", "ip-header-malformed");
  const fragment = view.getUint16(at + 6);
  packet.addressLength = 4;
  packet.identification = view.getUint16(at + 4);
  packet.hopLimit = bytes2[at + 8];
  packet.sourceAddress = at + 12;
  packet.destinationAddress = at + 16;
  cursor.at = at + headerLength;
  if ((fragment & 16383) === 0) return protocolStep(cursor, bytes2[at + 9]);
  cursor.protocol = bytes2[at + 9];
  cursor.fragmentIdentification = packet.identification;
  cursor.fragmentOffset = (fragment & 8191) << 3;
  cursor.moreFragments = (fragment & 8192) !== 0;
  return Step.Fragment;
}
function readIpv6(cursor) {
  if (!cursor.has(40)) return cursor.refuseShort(40, "ip-header-cut", "ip-header-malformed");
  const { at, bytes: bytes2, view, packet } = cursor;
  if (bytes2[at] >> 4 !== 6) return cursor.refuse("ip-version");
  const payloadLength = view.getUint16(at + 4);
  packet.addressLength = 16;
  packet.identification = 0;
  packet.hopLimit = bytes2[at + 7];
  packet.sourceAddress = at + 8;
  packet.destinationAddress = at + 24;
  cursor.at = at + 40;
  if (payloadLength !== 0) cursor.limitTo(payloadLength);
  return protocolStep(cursor, bytes2[at + 6]);
}
function readExtensionHeader(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(8)) return cursor.refuseShort(8, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  return skipHeader(cursor, cursor.bytes[cursor.at + 1] + 1 << 3, next);
}
function readAuthenticationHeader(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(12)) return cursor.refuseShort(12, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  return skipHeader(cursor, cursor.bytes[cursor.at + 1] + 2 << 2, next);
}
function readFragmentHeader(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(8)) return cursor.refuseShort(8, "ip-header-cut", "ip-header-malformed");
  const next = cursor.bytes[cursor.at];
  const fragment = cursor.view.getUint16(cursor.at + 2);
  cursor.fragmentIdentification = cursor.view.getUint32(cursor.at + 4);
  cursor.at += 8;
  if ((fragment & 65529) === 0) return protocolStep(cursor, next);
  cursor.protocol = next;
  cursor.fragmentOffset = fragment & 65528;
  cursor.moreFragments = (fragment & 1) === 1;
  return Step.Fragment;
}
function protocolStep(cursor, protocol) {
  cursor.packet.protocol = protocol;
  if (protocol === Protocol.Tcp) return Step.Tcp;
  if (protocol === Protocol.Udp) return Step.Udp;
  if (protocol === Protocol.Icmp || protocol === Protocol.Icmpv6) return Step.Icmp;
  if (protocol === Protocol.Gre) return Step.Gre;
  if (protocol === Protocol.AuthenticationHeader) return Step.AuthenticationHeader;
  if (protocol === Protocol.Ipv4) return innerIp(cursor, Step.Ipv4);
  if (protocol === Protocol.Ipv6) return innerIp(cursor, Step.Ipv6);
  return cursor.packet.addressLength === 16 ? extensionStep(cursor, protocol) : cursor.refuse("ip-protocol");
}
function extensionStep(cursor, protocol) {
  if (protocol === Protocol.Fragment) return Step.FragmentHeader;
  if (isExtensionHeader(protocol)) return Step.ExtensionHeader;
  return cursor.refuse(protocol === Protocol.NoNextHeader ? "no-payload" : "ip-protocol");
}
function isExtensionHeader(protocol) {
  return extensionHeaders.has(protocol);
}
var extensionHeaders = /* @__PURE__ */ new Set([0, 43, 60, 135, 139, 140]);
function innerIp(cursor, step) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  cursor.packet.tunnels++;
  return step;
}
function skipHeader(cursor, length, next) {
  if (!cursor.has(length)) return cursor.refuseShort(length, "ip-header-cut", "ip-header-malformed");
  cursor.at += length;
  return protocolStep(cursor, next);
}
var Protocol = {
  Icmp: 1,
  Ipv4: 4,
  Tcp: 6,
  Udp: 17,
  Ipv6: 41,
  Fragment: 44,
  Gre: 47,
  AuthenticationHeader: 51,
  Icmpv6: 58,
  NoNextHeader: 59
};

// src/packet/fragments.ts
var FragmentTable = class {
  #datagrams = [];
  /** Takes the fragment at the cursor. When its datagram is whole, the cursor goes on in that. */
  readFragment(cursor) {
    const wireLength = cursor.wireEnd - cursor.at;
    const length = cursor.moreFragments ? wireLength & ~7 : wireLength;
    if (cursor.fragmentOffset + length > longestPayload) return cursor.refuse("ip-header-malformed");
    const datagram = this.#find(cursor) ?? this.#begin(cursor);
    datagram.add(cursor, length);
    if (!datagram.whole) {
      cursor.kind = PacketKind.Fragment;
      return Step.Done;
    }
    datagram.live = false;
    datagram.deliveredTurn = cursor.turn;
    datagram.enter(cursor);
    return protocolStep(cursor, datagram.innerProtocol);
  }
  /** Gives up what is still incomplete at the end of the capture. */
  finish(cursor) {
    for (const datagram of this.#datagrams) if (datagram.live) abandon(cursor, datagram, "fragment-incomplete");
  }
  #find(cursor) {
    let found;
    for (const datagram of this.#datagrams) {
      if (!datagram.live) continue;
      if (cursor.frame.seconds - datagram.seconds > limits.fragmentSeconds) {
        abandon(cursor, datagram, "fragment-incomplete");
      } else if (found === void 0 && datagram.matches(cursor)) {
        found = datagram;
      }
    }
    return found;
  }
  #begin(cursor) {
    let free;
    let oldest;
    for (const datagram of this.#datagrams) {
      if (datagram.live) {
        if (oldest === void 0 || datagram.turn < oldest.turn) oldest = datagram;
      } else if (datagram.deliveredTurn !== cursor.turn) {
        free ??= datagram;
      }
    }
    if (free === void 0 && this.#datagrams.length < mostDatagrams) {
      free = new Datagram();
      this.#datagrams.push(free);
    }
    if (free === void 0) {
      free = oldest;
      abandon(cursor, free, "fragment-limit");
    }
    free.begin(cursor);
    return free;
  }
};
var Datagram = class {
  live = false;
  /** Frame, as the cursor counts them, of the first fragment and of the delivery. */
  turn = 0;
  deliveredTurn = 0;
  seconds = 0;
  frames = 0;
  interfaceId = 0;
  addressLength = 4;
  identification = 0;
  protocol = 0;
  /** What the first fragment says it carries; for IPv6 only that one counts. */
  innerProtocol = 0;
  total = unknownTotal;
  filled = 0;
  capturedEnd = 0;
  bytes = new Uint8Array(payloadAt + longestPayload);
  view = new DataView(this.bytes.buffer);
  present = new Uint8Array(units(longestPayload));
  get whole() {
    return this.total !== unknownTotal && this.filled === units(this.total);
  }
  begin(cursor) {
    const { packet, bytes: bytes2 } = cursor;
    this.live = true;
    this.turn = cursor.turn;
    this.seconds = cursor.frame.seconds;
    this.frames = 0;
    this.interfaceId = cursor.frame.interfaceId;
    this.addressLength = packet.addressLength;
    this.identification = cursor.fragmentIdentification;
    this.protocol = cursor.protocol;
    this.total = unknownTotal;
    this.filled = 0;
    this.capturedEnd = longestPayload;
    this.present.fill(0);
    for (let n = 0; n < packet.addressLength; n++) {
      this.bytes[n] = bytes2[packet.sourceAddress + n];
      this.bytes[packet.addressLength + n] = bytes2[packet.destinationAddress + n];
    }
  }
  /** RFC 791: source, destination, protocol, identification. RFC 8200: without the protocol. Copies on two interfaces stay apart. */
  matches(cursor) {
    const { packet, bytes: bytes2 } = cursor;
    if (this.identification !== cursor.fragmentIdentification || this.interfaceId !== cursor.frame.interfaceId) {
      return false;
    }
    const length = packet.addressLength;
    if (this.addressLength !== length || length === 4 && this.protocol !== cursor.protocol) return false;
    for (let n = 0; n < length; n++) {
      if (this.bytes[n] !== bytes2[packet.sourceAddress + n]) return false;
      if (this.bytes[length + n] !== bytes2[packet.destinationAddress + n]) return false;
    }
    return true;
  }
  add(cursor, length) {
    const offset = cursor.fragmentOffset;
    this.frames++;
    if (!cursor.moreFragments && this.total === unknownTotal) this.#end(offset + length);
    let end = this.total === unknownTotal ? offset + length : Math.min(offset + length, this.total);
    if (end < this.total) end &= ~7;
    if (offset === 0 && length > 0 && this.present[0] === 0) this.innerProtocol = cursor.protocol;
    const afterLast = units(end);
    let unit = this.present.indexOf(0, offset >> 3);
    while (unit >= 0 && unit < afterLast) {
      const next = this.present.indexOf(1, unit);
      const until = next < 0 || next > afterLast ? afterLast : next;
      this.#take(cursor, unit, until, Math.min(until << 3, end));
      unit = this.present.indexOf(0, until);
    }
  }
  enter(cursor) {
    cursor.enterBytes(this.bytes, this.view);
    cursor.packet.sourceAddress = 0;
    cursor.packet.destinationAddress = this.addressLength;
    cursor.at = payloadAt;
    cursor.wireEnd = payloadAt + this.total;
    cursor.end = payloadAt + Math.min(this.total, this.capturedEnd);
  }
  /** Takes the units from `first` up to `until`, none of which is there yet; their bytes end at `to`. */
  #take(cursor, first, until, to) {
    const from = first << 3;
    const source = cursor.at - cursor.fragmentOffset;
    const captured = Math.min(to, cursor.end - source);
    this.present.fill(1, first, until);
    this.filled += until - first;
    if (captured < to) this.capturedEnd = Math.min(this.capturedEnd, Math.max(captured, from));
    if (captured <= from) return;
    this.bytes.set(cursor.bytes.subarray(source + from, source + captured), payloadAt + from);
  }
  #end(total) {
    this.total = total;
    this.filled = 0;
    const last = units(total);
    for (let unit = 0; unit < last; unit++) this.filled += this.present[unit];
  }
};
function abandon(cursor, datagram, reason) {
  datagram.live = false;
  cursor.count(reason, datagram.frames);
}
function units(length) {
  return length + 7 >> 3;
}
var payloadAt = 32;
var longestPayload = 65535;
var unknownTotal = -1;
var mostDatagrams = Math.min(
  limits.fragmentedDatagrams,
  Math.floor(limits.fragmentBytes / (payloadAt + longestPayload + units(longestPayload)))
);

// src/packet/link.ts
function linkStep(cursor, linkType) {
  if (linkType === 1) return Step.Ethernet;
  return linkSteps.get(linkType) ?? cursor.refuse("link-type");
}
var linkSteps = /* @__PURE__ */ new Map([
  [0, Step.Loopback],
  [9, Step.Ppp],
  [12, Step.Ip],
  [14, Step.Ip],
  [50, Step.PppHdlc],
  [51, Step.Pppoe],
  [101, Step.Ip],
  [104, Step.CiscoHdlc],
  [108, Step.Loopback],
  [113, Step.LinuxCooked],
  [228, Step.Ipv4],
  [229, Step.Ipv6],
  [258, Step.Pktap],
  [276, Step.LinuxCooked2]
]);
function readEthernet(cursor) {
  if (!cursor.has(14)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 12);
  cursor.at += 14;
  return etherTypeStep(cursor, etherType);
}
function readVlan(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 2);
  cursor.at += 4;
  return etherTypeStep(cursor, etherType);
}
function readLlc(cursor) {
  if (!cursor.has(3)) return cursor.refuse("link-header-cut");
  const accessPoints = cursor.view.getUint16(cursor.at);
  const control = cursor.bytes[cursor.at + 2];
  cursor.at += 3;
  if (control !== unnumberedInformation) return cursor.refuse("ether-type");
  if (accessPoints === 1542) return Step.Ip;
  if (accessPoints !== 43690) return cursor.refuse("ether-type");
  if (!cursor.has(5)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 3);
  cursor.at += 5;
  return etherType < 1536 ? cursor.refuse("ether-type") : etherTypeStep(cursor, etherType);
}
var unnumberedInformation = 3;
function readMpls(cursor) {
  for (; ; ) {
    if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
    if (!cursor.has(4)) return cursor.refuse("link-header-cut");
    const bottom = (cursor.bytes[cursor.at + 2] & 1) === 1;
    cursor.at += 4;
    if (bottom) break;
  }
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  const nibble = cursor.bytes[cursor.at] >> 4;
  if (nibble === 4 || nibble === 6) return Step.Ip;
  if (nibble !== 0) return cursor.refuse("ether-type");
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  cursor.at += 4;
  return Step.Ethernet;
}
function readLoopback(cursor) {
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const little = cursor.view.getUint32(cursor.at, true);
  const family = little > 65535 ? cursor.view.getUint32(cursor.at) : little;
  cursor.at += 4;
  if (family === 2) return Step.Ipv4;
  return inet6Families.has(family) ? Step.Ipv6 : cursor.refuse("ether-type");
}
var inet6Families = /* @__PURE__ */ new Set([10, 23, 24, 28, 30]);
function readLinuxCooked(cursor) {
  if (!cursor.has(16)) return cursor.refuse("link-header-cut");
  const protocol = cursor.view.getUint16(cursor.at + 14);
  cursor.at += 16;
  return cookedStep(cursor, protocol);
}
function readLinuxCooked2(cursor) {
  if (!cursor.has(20)) return cursor.refuse("link-header-cut");
  const protocol = cursor.view.getUint16(cursor.at);
  cursor.at += 20;
  return cookedStep(cursor, protocol);
}
function cookedStep(cursor, protocol) {
  if (protocol === 4) return Step.Llc;
  return protocol < 1536 ? cursor.refuse("ether-type") : etherTypeStep(cursor, protocol);
}
function readPktap(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(12)) return cursor.refuse("link-header-cut");
  const length = cursor.view.getUint32(cursor.at, true);
  const linkType = cursor.view.getUint32(cursor.at + 8, true);
  if (length < 12 || !cursor.has(length)) return cursor.refuse("link-header-cut");
  cursor.at += length;
  return linkStep(cursor, linkType);
}

// src/packet/ppp.ts
function readPppoe(cursor) {
  if (!cursor.takeHeader()) return cursor.refuse("encapsulation-limit");
  if (!cursor.has(6)) return cursor.refuse("link-header-cut");
  const sessionData = cursor.view.getUint16(cursor.at) === 4352;
  const length = cursor.view.getUint16(cursor.at + 4);
  cursor.at += 6;
  if (!sessionData) return cursor.refuse("ppp-protocol");
  cursor.limitTo(length);
  return Step.Ppp;
}
function readPpp(cursor) {
  if (cursor.has(2) && cursor.view.getUint16(cursor.at) === 65283) cursor.at += 2;
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  let protocol = cursor.bytes[cursor.at];
  if ((protocol & 1) === 1) {
    cursor.at += 1;
  } else {
    if (!cursor.has(2)) return cursor.refuse("link-header-cut");
    protocol = cursor.view.getUint16(cursor.at);
    cursor.at += 2;
  }
  if (protocol === 33) return Step.Ipv4;
  if (protocol === 87) return Step.Ipv6;
  return protocol === 641 || protocol === 643 ? Step.Mpls : cursor.refuse("ppp-protocol");
}
function readPppHdlc(cursor) {
  if (!cursor.has(1)) return cursor.refuse("link-header-cut");
  const address = cursor.bytes[cursor.at];
  return address === 15 || address === 143 ? Step.CiscoHdlc : Step.Ppp;
}
function readCiscoHdlc(cursor) {
  if (!cursor.has(4)) return cursor.refuse("link-header-cut");
  const etherType = cursor.view.getUint16(cursor.at + 2);
  cursor.at += 4;
  return etherType < 1536 ? cursor.refuse("ether-type") : etherTypeStep(cursor, etherType);
}

// src/packet/decoder.ts
var PacketDecoder = class {
  packet;
  /** Frames by the reason for which they, or what is in them, were left alone. */
  notUnderstood;
  #cursor = new HeaderCursor();
  #fragments = new FragmentTable();
  constructor() {
    this.packet = this.#cursor.packet;
    this.notUnderstood = this.#cursor.notUnderstood;
  }
  /**
   * Decodes a frame into `packet`. Never throws.
   *
   * Borrows: the packet points into the frame's bytes, or into a buffer of ours, until the next call.
   */
  decode(frame) {
    const cursor = this.#cursor;
    cursor.enterFrame(frame);
    let step = linkStep(cursor, frame.linkType);
    if (step === Step.Ethernet) step = readEthernet(cursor);
    if (step === Step.Ipv4) step = readIpv4(cursor);
    if (step === Step.Tcp) step = readTcp(cursor);
    while (step !== Step.Done) {
      step = step === Step.Fragment ? this.#fragments.readFragment(cursor) : readers2[step](cursor);
    }
    return cursor.kind;
  }
  /** Counts the datagrams that will never be whole. Called once, after the last frame. */
  finish() {
    this.#fragments.finish(this.#cursor);
  }
};
var readers2 = {
  [Step.Ethernet]: readEthernet,
  [Step.Vlan]: readVlan,
  [Step.Llc]: readLlc,
  [Step.Mpls]: readMpls,
  [Step.Pppoe]: readPppoe,
  [Step.Ppp]: readPpp,
  [Step.PppHdlc]: readPppHdlc,
  [Step.CiscoHdlc]: readCiscoHdlc,
  [Step.Loopback]: readLoopback,
  [Step.LinuxCooked]: readLinuxCooked,
  [Step.LinuxCooked2]: readLinuxCooked2,
  [Step.Pktap]: readPktap,
  [Step.Ip]: readIp,
  [Step.Ipv4]: readIpv4,
  [Step.Ipv6]: readIpv6,
  [Step.ExtensionHeader]: readExtensionHeader,
  [Step.AuthenticationHeader]: readAuthenticationHeader,
  [Step.FragmentHeader]: readFragmentHeader,
  [Step.Tcp]: readTcp,
  [Step.Udp]: readUdp,
  [Step.Icmp]: readIcmp,
  [Step.Gre]: readGre,
  [Step.Vxlan]: readVxlan,
  [Step.Geneve]: readGeneve
};

// src/packet/icmp.ts
var QuotedSegment = class {
  type = 0;
  code = 0;
  /** Next-hop MTU of "fragmentation needed" and "packet too big"; 0 otherwise, and from routers that predate RFC 1191. */
  mtu = 0;
  addressLength = 4;
  /** Offsets of the addresses of the segment that met the error: its source is who is told. */
  sourceAddress = 0;
  destinationAddress = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** As a signed 32-bit integer. */
  sequence = 0;
};
function readIcmpError(packet, quoted) {
  const at = packet.payloadStart;
  if (packet.payloadEnd - at < 8) return false;
  const { bytes: bytes2, view } = packet;
  const type = bytes2[at];
  const code = bytes2[at + 1];
  quoted.type = type;
  quoted.code = code;
  if (packet.protocol === Protocol.Icmp) {
    if (type !== 3 && type !== 11 && type !== 12) return false;
    quoted.mtu = type === 3 && code === 4 ? view.getUint16(at + 6) : 0;
    return readQuotedIpv4(packet, at + 8, quoted);
  }
  if (type < 1 || type > 4) return false;
  quoted.mtu = type === 2 ? view.getUint32(at + 4) : 0;
  return readQuotedIpv6(packet, at + 8, quoted);
}
function readQuotedIpv4(packet, at, quoted) {
  const { bytes: bytes2, view } = packet;
  if (at + 20 > packet.payloadEnd || bytes2[at] >> 4 !== 4) return false;
  const headerLength = (bytes2[at] & 15) << 2;
  const laterFragment = (view.getUint16(at + 6) & 8191) !== 0;
  if (headerLength < 20 || laterFragment || bytes2[at + 9] !== Protocol.Tcp) return false;
  quoted.addressLength = 4;
  quoted.sourceAddress = at + 12;
  quoted.destinationAddress = at + 16;
  return readQuotedTcp(packet, at + headerLength, quoted);
}
function readQuotedIpv6(packet, at, quoted) {
  const { bytes: bytes2, payloadEnd } = packet;
  if (at + 40 > payloadEnd || bytes2[at] >> 4 !== 6) return false;
  quoted.addressLength = 16;
  quoted.sourceAddress = at + 8;
  quoted.destinationAddress = at + 24;
  let next = bytes2[at + 6];
  let transport = at + 40;
  for (let headers = 0; headers < limits.encapsulation && isExtensionHeader(next); headers++) {
    if (transport + 2 > payloadEnd) return false;
    next = bytes2[transport];
    transport += bytes2[transport + 1] + 1 << 3;
  }
  return next === Protocol.Tcp && readQuotedTcp(packet, transport, quoted);
}
function readQuotedTcp(packet, at, quoted) {
  if (at + 8 > packet.payloadEnd) return false;
  const { view } = packet;
  quoted.sourcePort = view.getUint16(at);
  quoted.destinationPort = view.getUint16(at + 2);
  quoted.sequence = view.getInt32(at + 4);
  return true;
}

// src/protocol/tls/key-log.ts
function parseKeyLog(name, bytes2, origin2 = "file") {
  const connections = /* @__PURE__ */ new Map();
  const counts = { bad: noLines(), unsupported: noLines(), overflow: noLines() };
  const text3 = Buffer.from(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
  let number = 0;
  for (let start = byteOrderMark(bytes2); start < text3.length; ) {
    const newline = text3.indexOf(10, start);
    const end = newline < 0 ? text3.length : newline;
    number++;
    const line = end - start > longestLine2 ? "\0" : text3.toString("latin1", start, end).trim();
    const kind = line === "" || line.startsWith("#") ? void 0 : readLine(line, connections);
    if (kind !== void 0) count2(counts[kind], number);
    start = end + 1;
  }
  return { name, origin: origin2, connections, complaints: complaintsOf(counts) };
}
function noLines() {
  return { lines: 0, first: 0 };
}
function count2(tally, line) {
  if (tally.lines++ === 0) tally.first = line;
}
function readLine(line, connections) {
  const [label, random = "", secret = "", ...more] = line.split(/[ \t]+/);
  if (label === "RSA" || label === "PMS_CLIENT_RANDOM") return "unsupported";
  if (!/^[A-Z][A-Z0-9_]+$/.test(label) || more.length > 0) return "bad";
  if (!isHex(random) || !isHex(secret)) return "bad";
  const place = places.get(label);
  if (place === void 0) return void 0;
  if (random.length !== 64 || !lengthsOf(place).includes(secret.length / 2)) return "bad";
  const key = random.toLowerCase();
  let connection = connections.get(key);
  if (connection === void 0) {
    if (connections.size >= limits.keyLogConnections) return "overflow";
    connections.set(key, connection = {});
  }
  connection[place] ??= Uint8Array.from(Buffer.from(secret, "hex"));
  return void 0;
}
function isHex(text3) {
  return text3.length > 0 && text3.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(text3);
}
function lengthsOf(place) {
  return place === "master" ? [48] : [32, 48];
}
function complaintsOf({ bad, unsupported, overflow }) {
  const complaints = [];
  if (bad.lines > 0) {
    complaints.push(`${lines2(bad)} not as a key log has them: label, client random, secret; cut or damaged`);
  }
  if (unsupported.lines > 0) {
    complaints.push(
      `${lines2(unsupported)} of a kind that is not used (RSA premaster secrets); log CLIENT_RANDOM lines`
    );
  }
  if (overflow.lines > 0) {
    complaints.push(`${lines2(overflow)} beyond the first ${limits.keyLogConnections} connections left out`);
  }
  return complaints;
}
function lines2({ lines: number, first }) {
  return number === 1 ? `line ${first} is` : `${number} lines, line ${first} first, are`;
}
function byteOrderMark(bytes2) {
  return bytes2[0] === 239 && bytes2[1] === 187 && bytes2[2] === 191 ? 3 : 0;
}
var places = /* @__PURE__ */ new Map([
  ["CLIENT_RANDOM", "master"],
  ["CLIENT_EARLY_TRAFFIC_SECRET", "clientEarly"],
  ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "clientHandshake"],
  ["SERVER_HANDSHAKE_TRAFFIC_SECRET", "serverHandshake"],
  ["CLIENT_TRAFFIC_SECRET_0", "clientTraffic"],
  ["SERVER_TRAFFIC_SECRET_0", "serverTraffic"]
]);
var longestLine2 = 512;

// src/protocol/tls/secrets.ts
var TlsSecrets = class {
  sources = [];
  #connections = /* @__PURE__ */ new Map();
  /** By the first eight bytes of the random, all that facts keep: the frame behind which the last secret came. */
  #lastCame = /* @__PURE__ */ new Map();
  #buffers = [];
  #lent = 0;
  #held = 0;
  constructor(logs = []) {
    for (const log of logs) this.add(log);
  }
  /** `afterFrame` is the frame that was read before, where the log came with the capture. */
  add(log, afterFrame = -1) {
    const ordinal = this.#sourceOf(log);
    const source = this.sources[ordinal];
    source.complaints.push(...log.complaints);
    for (const [random, secrets] of log.connections) {
      let found = this.#connections.get(random);
      if (found === void 0) {
        found = { secrets: {}, sources: [], used: false };
        this.#connections.set(random, found);
      }
      if (!found.sources.includes(ordinal)) {
        found.sources.push(ordinal);
        source.connections++;
      }
      Object.assign(found.secrets, { ...secrets, ...found.secrets });
      this.#lastCame.set(random.slice(0, 16), afterFrame);
    }
  }
  /** Connections that there are secrets of. */
  get size() {
    return this.#connections.size;
  }
  /** How many of them belong to no connection that was seen; over all sources, and of one. */
  unused(source) {
    let count3 = 0;
    for (const { used, sources } of this.#connections.values()) {
      if (!used && (source === void 0 || sources.includes(source))) count3++;
    }
    return count3;
  }
  /** Of a connection by the 32 bytes of its ClientHello random. */
  find(bytes2, start) {
    const found = this.#connections.get(hex(bytes2, start, start + 32));
    if (found !== void 0) found.used = true;
    return found;
  }
  /** Whether secrets came behind the connection's hello that it could not be decrypted without. */
  cameLateFor({ randomHigh, randomLow, helloFrame, keys, decryptionStopped }) {
    if (keys !== void 0 && decryptionStopped !== true) return false;
    return (this.#lastCame.get(randomPrefix(randomHigh, randomLow)) ?? -1) >= helloFrame;
  }
  /** Room for a record that arrives in pieces; undefined when too many are open. To be given back. */
  takeBuffer() {
    const buffer = this.#buffers.pop();
    if (buffer !== void 0 || this.#lent >= limits.openRecords) return buffer;
    this.#lent++;
    return new Uint8Array(maximumFragment);
  }
  giveBuffer(buffer) {
    this.#buffers.push(buffer);
  }
  /** Asks to keep so many bytes until they can be decrypted. */
  hold(bytes2) {
    if (this.#held + bytes2 > limits.heldRecordsTotal) return false;
    this.#held += bytes2;
    return true;
  }
  release(bytes2) {
    this.#held -= bytes2;
  }
  /** The blocks of one capture are one source. */
  #sourceOf({ name, origin: origin2 }) {
    const known = this.sources.findIndex(
      (source) => origin2 === "capture" && source.origin === origin2 && source.name === name
    );
    return known >= 0 ? known : this.sources.push({ name, origin: origin2, connections: 0, complaints: [] }) - 1;
  }
};
function randomPrefix(high, low) {
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

// src/stream/sequence.ts
function distance2(from, to) {
  return to - from | 0;
}
function advance(sequence, count3) {
  return sequence + count3 | 0;
}
function isBefore(a, b) {
  return (a - b | 0) < 0;
}
function later(a, b) {
  return (a - b | 0) < 0 ? b : a;
}

// src/stream/held.ts
var HoldBudget = class {
  used = 0;
  limits;
  constructor(caps = limits) {
    this.limits = caps;
  }
};
var noBytes = new Uint8Array(0);
var noPieces = new Int32Array(0);
var noFrames = new Float64Array(0);
var firstPieces = 8;
var firstArena = 4096;
var HeldSegments = class {
  // Most directions never hold anything: the arrays come with the first piece.
  #starts = noPieces;
  #ends = noPieces;
  #offsets = noPieces;
  #frames = noFrames;
  #head = 0;
  #tail = 0;
  #ranges = 0;
  #heldBytes = 0;
  #used = 0;
  #arena = noBytes;
  #budget;
  constructor(budget) {
    this.#budget = budget;
  }
  get isEmpty() {
    return this.#head === this.#tail;
  }
  get ranges() {
    return this.#ranges;
  }
  get heldBytes() {
    return this.#heldBytes;
  }
  /** The earliest piece. Undefined behaviour when empty. Borrows: `arena` is valid until the next `insert`. */
  get firstStart() {
    return this.#starts[this.#head];
  }
  get firstEnd() {
    return this.#ends[this.#head];
  }
  /** Offset of the first piece in `arena`; -1 when its bytes are not kept. */
  get firstOffset() {
    return this.#offsets[this.#head];
  }
  get firstFrame() {
    return this.#frames[this.#head];
  }
  get arena() {
    return this.#arena;
  }
  /** One past the last byte held. */
  get lastEnd() {
    return this.#ends[this.#tail - 1];
  }
  /** Whether one more segment of `length` bytes can be taken whatever it overlaps. */
  hasRoom(length, keep) {
    const caps = this.#budget.limits;
    if (this.#ranges >= caps.outOfOrderRanges) return false;
    if (this.#tail - this.#head + this.#ranges + 1 > caps.outOfOrderPieces) return false;
    if (!keep) return true;
    if (this.#heldBytes + length > caps.outOfOrderBytes) return false;
    const grown = this.#arenaFor(length) - this.#arena.length;
    return this.#budget.used + grown <= caps.outOfOrderTotal;
  }
  /**
   * Takes what is new of a segment: bytes `from` on stand for sequence numbers `start` to `end`. Without `keep` only
   * the range is noted. Returns the number of bytes that were new, or -1 minus that number when bytes that were
   * already held differ from those that came now. The caller asked `hasRoom` before.
   */
  insert(start, end, bytes2, from, frame, keep) {
    let at = this.#firstEndingAfter(start);
    let cursor = start;
    let fresh = 0;
    let differs = false;
    while (distance2(cursor, end) > 0) {
      if (at < this.#tail && distance2(this.#starts[at], cursor) >= 0) {
        const until = distance2(this.#ends[at], end) < 0 ? end : this.#ends[at];
        const length = distance2(cursor, until);
        if (!this.#equals(at, cursor, bytes2, from + distance2(start, cursor), length)) differs = true;
        cursor = until;
      } else {
        const until = at < this.#tail && distance2(this.#starts[at], end) > 0 ? this.#starts[at] : end;
        const offset = keep ? this.#copy(bytes2, from + distance2(start, cursor), distance2(cursor, until)) : -1;
        at = this.#place(at, cursor, until, offset, frame);
        fresh += distance2(cursor, until);
        cursor = until;
      }
      at++;
    }
    return differs ? -1 - fresh : fresh;
  }
  /** Whether the first piece agrees with `length` bytes at `from`, which stand for its front. */
  firstEquals(bytes2, from, length) {
    return this.#equals(this.#head, this.#starts[this.#head], bytes2, from, length);
  }
  /** Forgets the first piece. Its bytes stay where they are until the next `insert` or `release`. */
  dropFirst() {
    const head = this.#head++;
    if (this.#offsets[head] >= 0) this.#heldBytes -= distance2(this.#starts[head], this.#ends[head]);
    if (this.#head === this.#tail) {
      this.#head = this.#tail = this.#ranges = this.#used = 0;
    } else if (this.#starts[head + 1] !== this.#ends[head]) {
      this.#ranges--;
    }
  }
  /** Forgets the bytes but not the ranges: what comes is only counted from now on. */
  dropBytes() {
    this.#offsets.fill(-1, this.#head, this.#tail);
    this.#heldBytes = 0;
    this.release();
  }
  /** Gives the arena back. Only when no piece keeps bytes. */
  release() {
    this.#budget.used -= this.#arena.length;
    this.#arena = noBytes;
    this.#used = 0;
  }
  clear() {
    this.#head = this.#tail = this.#ranges = this.#heldBytes = 0;
    this.release();
  }
  #firstEndingAfter(sequence) {
    if (this.#head === this.#tail || distance2(this.#ends[this.#tail - 1], sequence) >= 0) return this.#tail;
    let low = this.#head;
    let high = this.#tail - 1;
    while (low < high) {
      const middle = low + high >> 1;
      if (distance2(this.#ends[middle], sequence) < 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  #equals(piece, sequence, bytes2, from, length) {
    const offset = this.#offsets[piece];
    if (offset < 0) return true;
    const at = offset + distance2(this.#starts[piece], sequence);
    for (let i = 0; i < length; i++) if (this.#arena[at + i] !== bytes2[from + i]) return false;
    return true;
  }
  /** Puts a piece at index `at`, or makes its neighbour longer. Returns its index. */
  #place(at, start, end, offset, frame) {
    const joinsBefore = at > this.#head && this.#ends[at - 1] === start;
    const joinsAfter = at < this.#tail && this.#starts[at] === end;
    this.#ranges += 1 - (joinsBefore ? 1 : 0) - (joinsAfter ? 1 : 0);
    if (joinsBefore && offset < 0 && this.#offsets[at - 1] < 0) {
      this.#ends[at - 1] = end;
      return at - 1;
    }
    if (this.#tail === this.#starts.length) at -= this.#makePlace();
    if (at < this.#tail) {
      this.#starts.copyWithin(at + 1, at, this.#tail);
      this.#ends.copyWithin(at + 1, at, this.#tail);
      this.#offsets.copyWithin(at + 1, at, this.#tail);
      this.#frames.copyWithin(at + 1, at, this.#tail);
    }
    this.#tail++;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#offsets[at] = offset;
    this.#frames[at] = frame;
    return at;
  }
  /** Shifts the pieces to the front, or doubles the room. Returns by how much they moved. */
  #makePlace() {
    const head = this.#head;
    const { length } = this.#starts;
    const grown = Math.max(firstPieces, head > 0 && head >= length >> 1 ? length : length * 2);
    this.#starts = moved(this.#starts, new Int32Array(grown), head);
    this.#ends = moved(this.#ends, new Int32Array(grown), head);
    this.#offsets = moved(this.#offsets, new Int32Array(grown), head);
    this.#frames = moved(this.#frames, new Float64Array(grown), head);
    this.#tail -= head;
    this.#head = 0;
    return head;
  }
  #copy(bytes2, from, length) {
    if (this.#used + length > this.#arena.length) this.#makeRoom(length);
    const offset = this.#used;
    this.#arena.set(bytes2.subarray(from, from + length), offset);
    this.#used += length;
    this.#heldBytes += length;
    return offset;
  }
  /** Size the arena needs for `length` more bytes: what it has when compacting is enough. */
  #arenaFor(length) {
    const size = this.#arena.length;
    if (this.#used + length <= size || this.#heldBytes + length <= size >> 1) return size;
    let grown = Math.max(size, firstArena);
    while (grown < this.#heldBytes + length || grown === size) grown *= 2;
    return grown;
  }
  #makeRoom(length) {
    const arena = new Uint8Array(this.#arenaFor(length));
    let used = 0;
    for (let piece = this.#head; piece < this.#tail; piece++) {
      const offset = this.#offsets[piece];
      if (offset < 0) continue;
      const size = distance2(this.#starts[piece], this.#ends[piece]);
      arena.set(this.#arena.subarray(offset, offset + size), used);
      this.#offsets[piece] = used;
      used += size;
    }
    this.#budget.used += arena.length - this.#arena.length;
    this.#arena = arena;
    this.#used = used;
  }
};
var nothingHeld = new HeldSegments(new HoldBudget());
function moved(from, to, head) {
  to.set(from.subarray(head));
  return to;
}

// src/stream/assembler.ts
var Arrival = {
  /** It began where the stream stood. */
  InOrder: 0,
  /** It came before its turn and is held. */
  Held: 1,
  /** It filled a hole, wholly or in part. */
  Late: 2,
  /** Nothing new: all of it had come before. */
  Old: 3,
  /** Bytes that had come before, then new ones. */
  Partial: 4,
  /** Behind the end of the stream, or too far ahead to be of it. */
  Outside: 5
};
var Assembler = class {
  // What every segment touches stands first: see Connection.
  next;
  acknowledged;
  ended = false;
  #demand = Demand.More;
  #anchored;
  #finKnown = false;
  #held = nothingHeld;
  /** Distinct payload bytes delivered or, after Skip, counted. */
  bytes = 0;
  /** Bytes that were held and then came again with another content. */
  overlapsDiffer = 0;
  /** Times that a hole was given up because a cap was met. */
  limitHits = 0;
  /** The acknowledgment of the hole that is being waited for, and since when; `#graceFrame` 0 where none is. */
  #graceFrame = 0;
  #moment;
  #consumer;
  #direction;
  #graceAck = 0;
  #graceSeconds = 0;
  #finSequence = 0;
  lost = 0;
  /** Segments that came after later ones. */
  lateSegments = 0;
  #budget;
  /** `anchored`: `next` is known from a SYN; otherwise earlier bytes may still move it back before the first delivery. */
  constructor(consumer, direction2, moment, budget, next, anchored) {
    this.#consumer = consumer;
    this.#direction = direction2;
    this.#moment = moment;
    this.#budget = budget;
    this.next = next;
    this.acknowledged = next;
    this.#anchored = anchored;
  }
  /** The first sequence number became known after the assembler was made. */
  startAt(next) {
    this.next = next;
    this.acknowledged = next;
  }
  /** The consumer still wants bytes of this direction. */
  get isRead() {
    return this.#demand === Demand.More;
  }
  /**
   * Takes a segment: `length` bytes from sequence number `start`, of which `bytes` has those from `from` to `to`.
   * `reach` is how far ahead of what is known a segment may be.
   */
  accept(start, length, bytes2, from, to, reach) {
    if (this.ended) return distance2(start, this.next) >= length ? Arrival.Old : Arrival.Outside;
    if (start === this.next && this.#held.isEmpty && !this.#finKnown) {
      this.#anchored = true;
      this.#deliver(bytes2, from, to, length, this.#moment.frame);
      return Arrival.InOrder;
    }
    if (!this.#anchored) this.#anchor(start);
    return this.#acceptAround(start, length, bytes2, from, to, reach);
  }
  /** The peer acknowledged everything before `sequence`. */
  acknowledge(sequence) {
    if (isBefore(this.acknowledged, sequence)) this.acknowledged = sequence;
    if (isBefore(this.next, this.acknowledged)) this.settle();
    else this.#graceFrame = 0;
  }
  /** Gives up holes whose time has come. Called when the connection moves. */
  settle() {
    if (this.ended || !isBefore(this.next, this.acknowledged)) return;
    const { frame, seconds } = this.#moment;
    if (this.#graceFrame === 0) {
      this.#graceAck = this.acknowledged;
      this.#graceFrame = frame;
      this.#graceSeconds = seconds;
      return;
    }
    if (frame - this.#graceFrame < limits.holeFrames && seconds - this.#graceSeconds < limits.holeSeconds) return;
    this.#graceFrame = 0;
    this.#loseTo(this.#graceAck);
  }
  /** A FIN stands at `sequence`: the stream ends there once it has come so far. */
  finish(sequence) {
    if (this.ended) return;
    this.#finKnown = true;
    this.#finSequence = sequence;
    this.#endIfReached();
  }
  /** No more segments: gives up all holes, hands on what is held, and ends. */
  end(reason) {
    if (this.ended) return;
    const target = this.#held.isEmpty ? this.next : this.#held.lastEnd;
    this.#loseTo(later(target, this.acknowledged));
    if (!this.ended) this.#finishWith(reason);
  }
  /** Before the first delivery of a stream whose start was not captured, the earliest byte known is the start. */
  #anchor(start) {
    const keepAlive = start === advance(this.next, 1) && !isBefore(this.acknowledged, start);
    if (isBefore(start, this.next) || keepAlive) this.next = start;
    if (isBefore(this.acknowledged, this.next)) this.acknowledged = this.next;
    this.#anchored = true;
  }
  #acceptAround(start, length, bytes2, from, to, reach) {
    const old = distance2(start, this.next);
    if (old >= length) return Arrival.Old;
    if (old > 0) {
      this.#merge(bytes2, from + old, to, length - old);
      return Arrival.Partial;
    }
    if (this.#finKnown && !isBefore(start, this.#finSequence)) return Arrival.Outside;
    if (old === 0) {
      const late = !this.#held.isEmpty;
      this.#merge(bytes2, from, to, length);
      if (late) this.lateSegments++;
      return late ? Arrival.Late : Arrival.InOrder;
    }
    if (distance2(later(this.next, this.acknowledged), start) > reach) return Arrival.Outside;
    return this.#hold(start, bytes2, from, to, length);
  }
  /** Delivers a segment that starts at `next`, minding what is held: held bytes came first, so they win. */
  #merge(bytes2, from, to, length) {
    const held = this.#held;
    const { frame } = this.#moment;
    let left = length;
    let at = from;
    if (this.#finKnown) left = Math.min(left, Math.max(0, distance2(this.next, this.#finSequence)));
    while (left > 0 && !this.ended) {
      const room = held.isEmpty ? left : Math.min(left, distance2(this.next, held.firstStart));
      if (room > 0) {
        this.#deliver(bytes2, Math.min(at, to), Math.min(at + room, to), room, frame);
        at += room;
        left -= room;
      }
      if (left > 0 && !held.isEmpty) {
        const overlap = Math.min(left, distance2(held.firstStart, held.firstEnd));
        if (!held.firstEquals(bytes2, at, Math.max(0, Math.min(overlap, to - at)))) this.overlapsDiffer++;
        at += overlap;
        left -= overlap;
        this.#deliverFirst();
      }
    }
    this.#drain();
  }
  #hold(start, bytes2, from, to, length) {
    const captured = Math.min(length, to - from);
    if (captured === 0) return Arrival.Held;
    if (this.#held === nothingHeld) this.#held = new HeldSegments(this.#budget);
    const held = this.#held;
    const late = !held.isEmpty && isBefore(start, held.lastEnd);
    while (!held.hasRoom(captured, this.#demand === Demand.More)) {
      this.limitHits++;
      this.#loseTo(held.isEmpty ? start : held.firstStart);
      if (this.ended || distance2(start, this.next) >= 0) return this.#acceptAround(start, length, bytes2, from, to, 0);
    }
    const end = advance(start, captured);
    const fresh = held.insert(start, end, bytes2, from, this.#moment.frame, this.#demand === Demand.More);
    if (fresh < 0) this.overlapsDiffer++;
    if (fresh === 0 || fresh === -1) return Arrival.Old;
    if (late) this.lateSegments++;
    return late ? Arrival.Late : Arrival.Held;
  }
  #deliver(bytes2, from, to, length, frame) {
    const captured = to - from;
    this.next = advance(this.next, length);
    this.bytes += captured;
    if (this.#demand === Demand.More && captured > 0) {
      this.#obey(this.#consumer.onData(this.#direction, bytes2, from, to, frame));
    }
    if (captured < length) this.#gap(length - captured);
  }
  #deliverFirst() {
    const held = this.#held;
    const length = distance2(this.next, held.firstEnd);
    const offset = held.firstOffset;
    const frame = held.firstFrame;
    held.dropFirst();
    const from = Math.max(0, offset);
    this.#deliver(held.arena, from, from + length, length, frame);
  }
  #drain() {
    const held = this.#held;
    if (held.isEmpty && !this.#finKnown) return;
    this.#endIfReached();
    while (!this.ended && !held.isEmpty && held.firstStart === this.next) {
      this.#deliverFirst();
      this.#endIfReached();
    }
    if (held.isEmpty) held.release();
    if (!isBefore(this.next, this.acknowledged)) this.#graceFrame = 0;
  }
  #loseTo(sequence) {
    const held = this.#held;
    while (!this.ended && isBefore(this.next, sequence)) {
      let length = distance2(this.next, sequence);
      if (!held.isEmpty) length = Math.min(length, distance2(this.next, held.firstStart));
      if (this.#finKnown) length = Math.min(length, distance2(this.next, this.#finSequence));
      if (length <= 0) break;
      this.next = advance(this.next, length);
      this.#gap(length);
      this.#drain();
    }
  }
  #gap(length) {
    this.lost += length;
    if (this.#demand === Demand.More) this.#obey(this.#consumer.onGap(this.#direction, length));
  }
  #obey(demand) {
    if (demand === Demand.More || this.#demand === Demand.Skip) return;
    this.#demand = Demand.Skip;
    this.#held.dropBytes();
  }
  #endIfReached() {
    if (this.#finKnown && !this.ended && !isBefore(this.next, this.#finSequence)) this.#finishWith("fin");
  }
  #finishWith(reason) {
    this.ended = true;
    this.#held.clear();
    this.#consumer.onEnd(this.#direction, reason);
  }
};

// src/stream/orientation.ts
function senderIsClient(packet) {
  const { bytes: bytes2, payloadStart, payloadEnd } = packet;
  const length = payloadEnd - payloadStart;
  if (length >= 6 && bytes2[payloadStart] === 22 && bytes2[payloadStart + 1] === 3) {
    const handshakeType = bytes2[payloadStart + 5];
    if (handshakeType === 1) return true;
    if (handshakeType === 2) return false;
  }
  if (length >= 8) {
    if (startsWith(packet, statusLine)) return false;
    for (const method of methods2) if (startsWith(packet, method)) return true;
  }
  return !isLikelierServer(packet.sourcePort, packet.destinationPort);
}
function isLikelierServer(port, other2) {
  const rank = portRank(port);
  const otherRank = portRank(other2);
  return rank === otherRank ? port < other2 : rank < otherRank;
}
function portRank(port) {
  if (port < 1024) return 0;
  if (servicePorts.has(port)) return 1;
  return port < 32768 ? 2 : 3;
}
function startsWith(packet, text3) {
  for (let at = 0; at < text3.length; at++) if (packet.bytes[packet.payloadStart + at] !== text3[at]) return false;
  return true;
}
var ascii = (text3) => Uint8Array.from(text3, (character) => character.charCodeAt(0));
var statusLine = ascii("HTTP/1.");
var methods2 = ["GET ", "CONNECT ", "POST ", "HEAD ", "PUT ", "OPTIONS "].map(ascii);
var servicePorts = /* @__PURE__ */ new Set([1080, 3e3, 3128, 8e3, 8080, 8081, 8118, 8443, 8888, 9418]);

// src/stream/side.ts
var Side2 = class {
  // What every segment touches stands first: see Connection.
  seen = false;
  known = false;
  synSeen = false;
  /** This end sent an acknowledgment: so there was a peer. */
  acknowledges = false;
  /** The peer acknowledged something. */
  everAcknowledged = false;
  /** No byte before `high` is missing: the assembler has nothing to learn from acknowledgments up to there. */
  isWhole = false;
  assembler = void 0;
  base = 0;
  high = 0;
  acknowledged = 0;
  /** Segments noted so far, to find the next place in the ring of recent ones. */
  noted = 0;
  window = 0;
  largestSegment = 0;
  lastDataFrame = 0;
  lastDataSeconds = 0;
  lastDataNanoseconds = 0;
  finFrame = 0;
  finSequence = 0;
  firstSequence = 0;
  retransmitted = 0;
  reset() {
    this.isWhole = this.seen = this.synSeen = this.known = this.everAcknowledged = this.acknowledges = false;
    this.base = this.high = this.acknowledged = this.window = this.firstSequence = 0;
    this.finFrame = this.finSequence = this.noted = this.retransmitted = this.largestSegment = 0;
    this.lastDataFrame = this.lastDataSeconds = this.lastDataNanoseconds = 0;
    this.assembler = void 0;
  }
  startAt(base) {
    this.known = true;
    this.base = this.high = this.acknowledged = base;
    this.assembler?.startAt(base);
  }
  /** Takes the initial sequence number. A SYN that comes after data cannot move what was delivered. */
  synchronise(sequence) {
    this.synSeen = true;
    this.firstSequence = sequence;
    if (this.assembler === void 0 || !this.known) {
      const acknowledged = this.acknowledged;
      this.startAt(advance(sequence, 1));
      if (this.everAcknowledged) this.acknowledged = later(this.base, acknowledged);
    }
  }
  /** The peer's acknowledgment. Numbers that no window allows are not believed. */
  acknowledge(sequence) {
    if (this.synSeen && !this.acknowledges && isBefore(this.high, sequence)) return;
    this.everAcknowledged = true;
    if (!this.known) this.startAt(sequence);
    if (distance2(this.high, sequence) > maximumWindow || !isBefore(this.acknowledged, sequence)) {
      if (sequence !== this.acknowledged) return;
    }
    this.acknowledged = sequence;
    if (!this.isWhole || isBefore(this.high, sequence)) this.assembler?.acknowledge(sequence);
  }
  /** The FIN came and the peer has acknowledged it. */
  get finAcknowledged() {
    return this.finFrame !== 0 && isBefore(this.finSequence, this.acknowledged);
  }
  /** How far ahead of what is known the peer lets this end send. The scale of the window is not known, so the largest. */
  reach(peer) {
    if (!peer.seen) return maximumWindow;
    return Math.max(65536, Math.min(maximumWindow, peer.window * 16384));
  }
  /** Whether a segment of this end at `sequence` can be of this connection: from what the peer waits for to its window. */
  accepts(sequence, peer) {
    if (!this.known) return true;
    if (isBefore(sequence, this.acknowledged)) return false;
    return distance2(later(this.high, this.acknowledged), sequence) <= Math.max(65535, peer.window);
  }
};
var maximumWindow = 1 << 30;

// src/stream/connection.ts
var Connection = class {
  // What every segment touches stands first, so that it shares lines of memory: among thousands of connections each
  // line that is not in the cache costs as much as all the arithmetic. So in Side and Assembler.
  slot;
  #world;
  #sideA = new Side2();
  #sideB = new Side2();
  /** No more data can come: FIN both ways acknowledged, or a RST. */
  finished = false;
  frames = 0;
  lastFrame = 0;
  endSeconds = 0;
  endNanoseconds = 0;
  /** Interface of the frame that is latest in time. */
  #endInterface = 0;
  interfaceId = 0;
  duplicateFrames = 0;
  consumer = void 0;
  /** The side that sent the first FIN; -1 while there is none. */
  firstFinSide = -1;
  resetFrame = 0;
  #limitReported = false;
  sides = [this.#sideA, this.#sideB];
  id = 0;
  clientSide = 0;
  /** A SYN or SYN-ACK, or payload, has told who the client is. */
  oriented = false;
  firstFrame = 0;
  startSeconds = 0;
  startNanoseconds = 0;
  timed = false;
  syns = 0;
  synAckFrame = 0;
  synAckSeconds = 0;
  synAckNanoseconds = 0;
  /** The side whose RST counted; -1 while there is none. */
  resetSide = -1;
  snappedSegments = 0;
  overlapsDiffer = 0;
  segmentsOutside = 0;
  /** Further interfaces. */
  interfaceIds = void 0;
  icmp = void 0;
  constructor(slot, world) {
    this.slot = slot;
    this.#world = world;
  }
  /** Begins anew, at the current moment. */
  start(id) {
    const { moment } = this.#world;
    this.id = id;
    this.consumer = this.interfaceIds = this.icmp = void 0;
    this.clientSide = 0;
    this.oriented = this.finished = this.#limitReported = false;
    this.firstFrame = this.lastFrame = moment.frame;
    this.startSeconds = this.endSeconds = moment.seconds;
    this.startNanoseconds = this.endNanoseconds = moment.nanoseconds;
    this.timed = moment.timed;
    this.frames = this.syns = this.synAckFrame = this.synAckSeconds = this.synAckNanoseconds = this.resetFrame = 0;
    this.resetSide = this.firstFinSide = -1;
    this.duplicateFrames = this.snappedSegments = this.overlapsDiffer = this.segmentsOutside = 0;
    this.interfaceId = this.#endInterface = moment.interfaceId;
    this.sides[0].reset();
    this.sides[1].reset();
  }
  accept(packet, sideIndex) {
    this.#noteFrame();
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    const known = peer.acknowledged;
    const { flags, payloadLength } = packet;
    const start = (flags & TcpFlag.Syn) !== 0 ? advance(packet.sequence, 1) : packet.sequence;
    const isKeepAlive = payloadLength === 1 && this.#isKeepAlive(sideIndex, start, flags);
    if (this.#isDuplicate(packet, sideIndex, start, known)) {
      this.duplicateFrames++;
      return;
    }
    if ((flags & TcpFlag.Rst) !== 0) {
      this.#acceptReset(packet, sideIndex);
      return;
    }
    this.#noteSegment(packet, sideIndex, side);
    if ((flags & TcpFlag.Ack) !== 0) {
      side.acknowledges = true;
      peer.acknowledge(packet.acknowledgment);
    }
    if (payloadLength > 0) this.#acceptPayload(packet, sideIndex, start, isKeepAlive);
    if ((flags & TcpFlag.Fin) !== 0) this.#acceptFin(advance(start, payloadLength), sideIndex);
    side.assembler?.settle();
    if (this.firstFinSide >= 0 && side.finAcknowledged && peer.finAcknowledged) this.finished = true;
  }
  /** A SYN that is known only by its numbers: it began the connection before the current packet. */
  begin(sideIndex, sequence, syns) {
    const side = this.sides[sideIndex];
    side.seen = true;
    side.synchronise(sequence);
    this.syns = this.frames = syns;
    this.#orient(sideIndex);
  }
  /** Ends both directions, with everything that is still held given out. */
  end(reason) {
    this.sides[this.clientSide].assembler?.end(reason);
    this.sides[this.clientSide ^ 1].assembler?.end(reason);
  }
  /** Drops what a closed connection held of others, until the instance is used again. */
  forget() {
    this.consumer = this.icmp = this.interfaceIds = void 0;
    this.sides[0].assembler = this.sides[1].assembler = void 0;
  }
  /** Something said that the connection is over: a FIN of either side or a RST. */
  get hasEnded() {
    return this.resetFrame !== 0 || this.firstFinSide >= 0;
  }
  #side(index) {
    return index === 0 ? this.#sideA : this.#sideB;
  }
  #peer(index) {
    return index === 0 ? this.#sideB : this.#sideA;
  }
  /**
   * Notes the segment among the recent ones. Only what brings no new byte, and acknowledges none behind `known`, can be
   * a second copy.
   */
  #isDuplicate(packet, sideIndex, start, known) {
    const side = this.#side(sideIndex);
    const { recent, moment } = this.#world;
    const ring = this.slot * 2 + sideIndex;
    const base = side.known ? side.base : start;
    const watched = side.assembler === void 0 || side.assembler.isRead;
    const isDuplicate = !isNews(packet, side, start, known) && (this.#isEcho() || recent.isDuplicate(ring, side.noted, packet, moment, base, this.duplicateFrames > 0));
    recent.note(ring, side.noted++, packet, moment, base, watched);
    return isDuplicate;
  }
  #noteFrame() {
    const { moment } = this.#world;
    this.frames++;
    this.lastFrame = moment.frame;
    const later2 = moment.seconds - this.endSeconds || moment.nanoseconds - this.endNanoseconds;
    if (later2 > 0) {
      this.endSeconds = moment.seconds;
      this.endNanoseconds = moment.nanoseconds;
      this.#endInterface = moment.interfaceId;
    }
    if (moment.interfaceId !== this.interfaceId) this.#noteInterface(moment.interfaceId);
  }
  /** Recorders write interfaces in turn, a block of frames each: time goes back and the same frames come again. */
  #isEcho() {
    const { moment } = this.#world;
    if (moment.interfaceId === this.#endInterface) return false;
    return (moment.seconds - this.endSeconds || moment.nanoseconds - this.endNanoseconds) <= 0;
  }
  #noteInterface(interfaceId) {
    this.interfaceIds ??= [];
    if (this.interfaceIds.length + 1 >= limits.interfacesPerConnection) return;
    if (!this.interfaceIds.includes(interfaceId)) this.interfaceIds.push(interfaceId);
  }
  #noteSegment(packet, sideIndex, side) {
    if (!side.seen && !side.synSeen) side.firstSequence = packet.sequence;
    side.seen = true;
    side.window = packet.window;
    if ((packet.flags & TcpFlag.Syn) !== 0) this.#acceptSyn(packet, sideIndex);
    else if (!side.known) side.startAt(packet.sequence);
  }
  #acceptSyn(packet, sideIndex) {
    const side = this.#side(sideIndex);
    const isAnswer = (packet.flags & TcpFlag.Ack) !== 0;
    if (side.synSeen && side.firstSequence !== packet.sequence) return;
    if (!side.synSeen) side.synchronise(packet.sequence);
    if (!this.oriented) this.#orient(isAnswer ? sideIndex ^ 1 : sideIndex);
    if (!isAnswer && sideIndex === this.clientSide) this.syns++;
    if (isAnswer && this.synAckFrame === 0) {
      if (this.consumer === void 0 && this.firstFinSide < 0) this.#forgetReset();
      const { moment } = this.#world;
      this.synAckFrame = moment.frame;
      this.synAckSeconds = moment.seconds;
      this.synAckNanoseconds = moment.nanoseconds;
    }
  }
  #forgetReset() {
    this.resetFrame = 0;
    this.resetSide = -1;
    this.finished = false;
  }
  #orient(clientSide) {
    this.oriented = true;
    this.clientSide = clientSide;
  }
  /** RFC 9293 §3.8.4 keep-alives, and probes of a closed window, repeat the byte before the next one. */
  #isKeepAlive(sideIndex, start, flags) {
    const side = this.#side(sideIndex);
    if ((flags & (TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst)) !== 0) return false;
    if (!side.seen || advance(start, 1) !== side.high) return false;
    if (!isBefore(side.acknowledged, side.high) || this.#peer(sideIndex).window === 0) return true;
    return !this.#world.recent.has(this.slot * 2 + sideIndex, side.noted, start, 1);
  }
  #acceptReset(packet, sideIndex) {
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    const hasAck = (packet.flags & TcpFlag.Ack) !== 0;
    const answersSyn = peer.synSeen && !side.synSeen && !side.acknowledges;
    const counts = answersSyn ? hasAck && distance2(peer.base, packet.acknowledgment) >= 0 && distance2(peer.high, packet.acknowledgment) <= 0 : side.accepts(packet.sequence, peer);
    if (!side.seen) side.firstSequence = packet.sequence;
    side.seen = true;
    if (!counts || this.resetFrame !== 0) return;
    this.resetFrame = this.#world.moment.frame;
    this.resetSide = sideIndex;
    this.finished = true;
    this.end("reset");
  }
  #acceptFin(end, sideIndex) {
    const side = this.#side(sideIndex);
    const peer = this.#peer(sideIndex);
    if (isBefore(end, side.acknowledged) || distance2(side.high, end) > side.reach(peer)) return;
    side.finSequence = end;
    if (side.finFrame === 0) side.finFrame = this.#world.moment.frame;
    if (this.firstFinSide < 0) this.firstFinSide = sideIndex;
    side.assembler?.finish(end);
  }
  #acceptPayload(packet, sideIndex, start, isKeepAlive) {
    if (this.consumer === void 0) this.#open(packet, sideIndex);
    const side = this.#side(sideIndex);
    const assembler = side.assembler;
    const { bytes: bytes2, payloadStart, payloadEnd, payloadLength } = packet;
    const differed = assembler.overlapsDiffer;
    const reach = side.reach(this.#peer(sideIndex));
    const arrival = assembler.accept(start, payloadLength, bytes2, payloadStart, payloadEnd, reach);
    if (arrival === Arrival.Outside) {
      this.segmentsOutside++;
      return;
    }
    if (isKeepAlive && arrival === Arrival.Old) return;
    const cameBefore = arrival === Arrival.Old || arrival === Arrival.Partial;
    if (cameBefore) side.retransmitted++;
    if (payloadEnd - payloadStart < payloadLength) this.snappedSegments++;
    const differs = assembler.overlapsDiffer !== differed;
    if (differs || cameBefore && this.#contradicts(packet, sideIndex)) this.#noteDifference();
    if (assembler.limitHits > 0 && !this.#limitReported) {
      this.#limitReported = true;
      this.#world.problem(
        this,
        "out-of-order-limit",
        "more out-of-order data than is held: the holes before it count as lost"
      );
    }
    this.#noteData(side, assembler, advance(start, payloadLength), payloadLength);
  }
  #contradicts(packet, sideIndex) {
    const { noted, base } = this.#side(sideIndex);
    return this.#world.recent.contradicts(this.slot * 2 + sideIndex, noted, packet, base);
  }
  #noteDifference() {
    if (this.overlapsDiffer++ > 0) return;
    this.#world.problem(this, "overlap-differs", "bytes came again with another content: the first ones count");
  }
  #noteData(side, assembler, end, length) {
    const { moment } = this.#world;
    side.high = later(side.high, end);
    side.isWhole = assembler.next === side.high;
    side.lastDataFrame = moment.frame;
    side.lastDataSeconds = moment.seconds;
    side.lastDataNanoseconds = moment.nanoseconds;
    if (length > side.largestSegment) side.largestSegment = length;
  }
  #open(packet, sideIndex) {
    const { moment, budget } = this.#world;
    if (!this.oriented) this.#orient(senderIsClient(packet) ? sideIndex : sideIndex ^ 1);
    const consumer = this.#world.opened(this);
    this.consumer = consumer;
    for (const at of [0, 1]) {
      const side = this.sides[at];
      const direction2 = at ^ this.clientSide;
      side.assembler = new Assembler(consumer, direction2, moment, budget, side.base, side.synSeen);
      if (side.known) side.assembler.acknowledge(side.acknowledged);
      if (side.finFrame !== 0) side.assembler.finish(side.finSequence);
    }
  }
};
function isNews(packet, side, start, known) {
  if (!side.seen) return true;
  const { payloadLength } = packet;
  if (payloadLength > 0) return isBefore(side.high, advance(start, payloadLength));
  return (packet.flags & TcpFlag.Ack) !== 0 && isBefore(known, packet.acknowledgment);
}

// src/stream/endpoint-index.ts
var EndpointIndex = class {
  #keys;
  #hashes;
  #table = new Int32Array(firstEntries * 2);
  #mask = firstEntries - 1;
  #used = 0;
  #wanted = new Int32Array(keyWords);
  #seed = Math.random() * 4294967296 | 0;
  #wantedHash = 0;
  /** The side that sent what `find` was last asked for. */
  side = 0;
  constructor(slots) {
    this.#keys = new Int32Array(slots * keyWords);
    this.#hashes = new Int32Array(slots);
  }
  /** The slot, or -1. */
  find(source) {
    return source.addressLength === 4 ? this.#findIpv4(source) : this.#findIpv6(source);
  }
  /** Nearly every packet comes here: the key stays in registers. */
  #findIpv4(source) {
    const { view, sourcePort, destinationPort } = source;
    const from = view.getInt32(source.sourceAddress);
    const to = view.getInt32(source.destinationAddress);
    const isFirst = from < to || from === to && sourcePort <= destinationPort;
    this.side = isFirst ? 0 : 1;
    const one = isFirst ? from : to;
    const other2 = isFirst ? to : from;
    const ports = isFirst ? sourcePort << 16 | destinationPort : destinationPort << 16 | sourcePort;
    const hash = mix(mix(mix(this.#seed, one), other2), ports);
    const table2 = this.#table;
    const keys = this.#keys;
    const mask = this.#mask;
    for (let at = hash & mask; table2[at * 2] !== 0; at = at + 1 & mask) {
      if (table2[at * 2 + 1] !== hash) continue;
      const slot = table2[at * 2] - 1;
      const key = slot * keyWords;
      if (keys[key] !== one || keys[key + 4] !== other2) continue;
      if (keys[key + 8] === ports && keys[key + 9] === 4) return slot;
    }
    this.#wanted.fill(0);
    this.#wanted[0] = one;
    this.#wanted[4] = other2;
    this.#wanted[8] = ports;
    this.#wanted[9] = 4;
    this.#wantedHash = hash;
    return -1;
  }
  #findIpv6(source) {
    this.#wantIpv6(source);
    const table2 = this.#table;
    const mask = this.#mask;
    const hash = this.#wantedHash;
    for (let at = hash & mask; table2[at * 2] !== 0; at = at + 1 & mask) {
      const slot = table2[at * 2] - 1;
      if (table2[at * 2 + 1] === hash && this.#isWanted(slot * keyWords)) return slot;
    }
    return -1;
  }
  #isWanted(key) {
    for (let word2 = 0; word2 < keyWords; word2++) {
      if (this.#keys[key + word2] !== this.#wanted[word2]) return false;
    }
    return true;
  }
  /** Has `add` put the endpoints of a slot once more. */
  want(slot) {
    const from = slot * keyWords;
    for (let word2 = 0; word2 < keyWords; word2++) this.#wanted[word2] = this.#keys[from + word2];
    this.#wantedHash = this.#hashes[slot];
  }
  /** Puts what `find` did not find, or what is wanted, at `slot`. */
  add(slot) {
    this.#keys.set(this.#wanted, slot * keyWords);
    this.#hashes[slot] = this.#wantedHash;
    if (++this.#used * 2 > this.#mask) this.#grow();
    this.#place(slot + 1, this.#wantedHash);
  }
  remove(slot) {
    const table2 = this.#table;
    const mask = this.#mask;
    let free = this.#hashes[slot] & mask;
    while (table2[free * 2] !== slot + 1) free = free + 1 & mask;
    for (let at = free + 1 & mask; table2[at * 2] !== 0; at = at + 1 & mask) {
      const home = table2[at * 2 + 1] & mask;
      if ((at - home & mask) < (at - free & mask)) continue;
      table2[free * 2] = table2[at * 2];
      table2[free * 2 + 1] = table2[at * 2 + 1];
      free = at;
    }
    table2[free * 2] = 0;
    this.#used--;
  }
  #place(entry, hash) {
    const table2 = this.#table;
    let at = hash & this.#mask;
    while (table2[at * 2] !== 0) at = at + 1 & this.#mask;
    table2[at * 2] = entry;
    table2[at * 2 + 1] = hash;
  }
  #grow() {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) this.#place(old[at], old[at + 1]);
  }
  addressLength(slot) {
    return this.#keys[slot * keyWords + 9];
  }
  port(slot, side) {
    const ports = this.#keys[slot * keyWords + 8];
    return side === 0 ? ports >>> 16 : ports & 65535;
  }
  /** The words of an address; of IPv4 only the first counts. */
  address(slot, side, words2) {
    const from = slot * keyWords + side * 4;
    for (let word2 = 0; word2 < 4; word2++) words2[word2] = this.#keys[from + word2];
  }
  addressText(slot, side) {
    this.address(slot, side, addressWords);
    return wordsText(addressWords, 0, this.addressLength(slot));
  }
  #wantIpv6(source) {
    const { view, sourceAddress, destinationAddress, sourcePort, destinationPort } = source;
    const wanted = this.#wanted;
    let order = 0;
    for (let word2 = 0; word2 < 4; word2++) {
      const from = view.getInt32(sourceAddress + word2 * 4);
      const to = view.getInt32(destinationAddress + word2 * 4);
      if (order === 0) order = from < to ? -1 : from > to ? 1 : 0;
      wanted[word2] = from;
      wanted[4 + word2] = to;
    }
    const isFirst = order < 0 || order === 0 && sourcePort <= destinationPort;
    this.side = isFirst ? 0 : 1;
    if (!isFirst) {
      for (let word2 = 0; word2 < 4; word2++) {
        const from = wanted[word2];
        wanted[word2] = wanted[4 + word2];
        wanted[4 + word2] = from;
      }
    }
    wanted[8] = isFirst ? sourcePort << 16 | destinationPort : destinationPort << 16 | sourcePort;
    wanted[9] = 16;
    let hash = this.#seed;
    for (let word2 = 0; word2 < 9; word2++) hash = mix(hash, wanted[word2]);
    this.#wantedHash = hash;
  }
};
function wordsText(words2, from, length) {
  for (let word2 = 0; word2 < 4; word2++) addressView.setInt32(word2 * 4, words2[from + word2]);
  return addressText(addressBytes, 0, length);
}
function mix(hash, word2) {
  const mixed = Math.imul(hash ^ word2, 2654435761);
  return Math.imul(mixed ^ mixed >>> 15, 2246822507) ^ mixed >>> 13;
}
var keyWords = 10;
var firstEntries = 4096;
var addressWords = new Int32Array(4);
var addressBytes = new Uint8Array(16);
var addressView = new DataView(addressBytes.buffer);

// src/stream/finished.ts
function orientByPorts(connection, index) {
  if (connection.oriented) return;
  const { slot } = connection;
  connection.oriented = true;
  connection.clientSide = isLikelierServer(index.port(slot, 0), index.port(slot, 1)) ? 1 : 0;
}
function openedAs(connection) {
  const a = connection.sides[0];
  const b = connection.sides[1];
  if (!a.synSeen && !b.synSeen) return "midstream";
  return connection.synAckFrame !== 0 || a.acknowledges || b.acknowledges ? "handshake" : "syn-only";
}
function closedAs(connection, letGo) {
  const a = connection.sides[0];
  const b = connection.sides[1];
  if (a.finFrame !== 0 && b.finFrame !== 0) return "fin";
  const opened = openedAs(connection);
  if (connection.resetFrame !== 0) {
    return opened === "syn-only" && connection.resetSide !== connection.clientSide ? "refused" : "reset";
  }
  if (connection.firstFinSide >= 0 && isOneSided2(connection)) return "fin";
  return opened === "syn-only" ? "unanswered" : letGo;
}
function isOneSided2(connection) {
  const a = connection.sides[0];
  const b = connection.sides[1];
  return !a.seen && b.acknowledges || !b.seen && a.acknowledges;
}
function closedBySide(connection, closed) {
  if (closed === "reset" || closed === "refused") return connection.resetSide;
  return connection.firstFinSide;
}
function finishedFacts(connection, index, letGo) {
  orientByPorts(connection, index);
  const { slot, clientSide } = connection;
  const serverSide = clientSide ^ 1;
  const client = connection.sides[clientSide];
  const server = connection.sides[serverSide];
  const closed = closedAs(connection, letGo);
  const bySide = closedBySide(connection, closed);
  const pair2 = (pick) => [pick(client), pick(server)];
  return {
    id: connection.id,
    addressLength: index.addressLength(slot),
    clientAddress: index.addressText(slot, clientSide),
    clientPort: index.port(slot, clientSide),
    serverAddress: index.addressText(slot, serverSide),
    serverPort: index.port(slot, serverSide),
    opened: openedAs(connection),
    closed,
    ...bySide >= 0 && { closedBy: bySide ^ clientSide },
    firstFrame: connection.firstFrame,
    lastFrame: connection.lastFrame,
    startSeconds: connection.startSeconds,
    startNanoseconds: connection.startNanoseconds,
    endSeconds: connection.endSeconds,
    endNanoseconds: connection.endNanoseconds,
    timed: connection.timed,
    frames: connection.frames,
    bytes: pair2((side) => side.assembler?.bytes ?? 0),
    lost: pair2((side) => side.assembler?.lost ?? 0),
    retransmittedSegments: client.retransmitted + server.retransmitted,
    outOfOrderSegments: (client.assembler?.lateSegments ?? 0) + (server.assembler?.lateSegments ?? 0),
    duplicateFrames: connection.duplicateFrames,
    synAckFrame: connection.synAckFrame,
    synAckSeconds: connection.synAckSeconds,
    synAckNanoseconds: connection.synAckNanoseconds,
    syns: connection.syns,
    finFrames: pair2((side) => side.finFrame),
    resetFrame: connection.resetFrame,
    lastDataFrames: pair2((side) => side.lastDataFrame),
    lastDataSeconds: pair2((side) => side.lastDataSeconds),
    lastDataNanoseconds: pair2((side) => side.lastDataNanoseconds),
    unacknowledged: [unacknowledged(client, server), unacknowledged(server, client)],
    retransmitted: pair2((side) => side.retransmitted),
    largestSegment: pair2((side) => side.largestSegment),
    oneSided: isOneSided2(connection),
    firstSequence: pair2((side) => side.firstSequence),
    icmp: connection.icmp ?? [],
    snappedSegments: connection.snappedSegments,
    ...connection.segmentsOutside > 0 && { segmentsOutside: connection.segmentsOutside },
    overlapsDiffer: connection.overlapsDiffer,
    interfaceIds: [connection.interfaceId, ...connection.interfaceIds ?? []]
  };
}
function unacknowledged(side, peer) {
  if (side.assembler === void 0 || !peer.seen) return 0;
  return Math.max(0, distance2(side.acknowledged, side.high));
}

// src/stream/idle-order.ts
var IdleOrder = class {
  #before;
  #behind;
  oldest = -1;
  newest = -1;
  length = 0;
  constructor(slots) {
    this.#before = new Int32Array(slots);
    this.#behind = new Int32Array(slots);
  }
  append(slot) {
    this.#before[slot] = this.newest;
    this.#behind[slot] = -1;
    if (this.newest < 0) this.oldest = slot;
    else this.#behind[this.newest] = slot;
    this.newest = slot;
    this.length++;
  }
  remove(slot) {
    const before = this.#before[slot];
    const behind = this.#behind[slot];
    if (before < 0) this.oldest = behind;
    else this.#behind[before] = behind;
    if (behind < 0) this.newest = before;
    else this.#before[behind] = before;
    this.length--;
  }
  touch(slot) {
    if (slot === this.newest) return;
    this.remove(slot);
    this.append(slot);
  }
};

// src/stream/address-book.ts
var AddressBook = class {
  capacity;
  length = 0;
  #entries = new Int32Array(firstEntries2 * entryWords);
  #table = new Int32Array(firstEntries2 * 2);
  #seed = Math.random() * 4294967296 | 0;
  constructor(capacity) {
    this.capacity = capacity;
  }
  /** The ordinal of an address; -1 when it is new and the book is full. */
  intern(words2, length) {
    const mask = this.#table.length - 1;
    let at = this.#hash(words2, 0, length) & mask;
    while (this.#table[at] !== 0) {
      const ordinal2 = this.#table[at] - 1;
      if (this.#is(ordinal2, words2, length)) return ordinal2;
      at = at + 1 & mask;
    }
    if (this.length >= this.capacity) return -1;
    const ordinal = this.length++;
    if (this.length * 2 > this.#table.length) this.#grow();
    const entry = ordinal * entryWords;
    for (let word2 = 0; word2 < 4; word2++) this.#entries[entry + word2] = words2[word2];
    this.#entries[entry + 4] = length;
    this.#enter(ordinal);
    return ordinal;
  }
  text(ordinal) {
    return wordsText(this.#entries, ordinal * entryWords, this.addressLength(ordinal));
  }
  addressLength(ordinal) {
    return this.#entries[ordinal * entryWords + 4];
  }
  #is(ordinal, words2, length) {
    const entry = ordinal * entryWords;
    const entries = this.#entries;
    if (entries[entry] !== words2[0] || entries[entry + 4] !== length) return false;
    return entries[entry + 1] === words2[1] && entries[entry + 2] === words2[2] && entries[entry + 3] === words2[3];
  }
  #hash(words2, from, length) {
    let hash = this.#seed ^ length;
    for (let word2 = from; word2 < from + 4; word2++) hash = mix(hash, words2[word2]);
    return hash;
  }
  #enter(ordinal) {
    const mask = this.#table.length - 1;
    const entry = ordinal * entryWords;
    let at = this.#hash(this.#entries, entry, this.#entries[entry + 4]) & mask;
    while (this.#table[at] !== 0) at = at + 1 & mask;
    this.#table[at] = ordinal + 1;
  }
  #grow() {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#table = new Int32Array(this.#table.length * 2);
    for (let ordinal = 0; ordinal < this.length - 1; ordinal++) this.#enter(ordinal);
  }
};
var entryWords = 5;
var firstEntries2 = 256;

// src/stream/fold.ts
var Fold = class {
  client;
  outcome;
  count = 0;
  #server = "";
  #serverWords = new Int32Array(4);
  #oneServer = true;
  #firstFrame = Infinity;
  #lastFrame = 0;
  /** One bit a port. */
  #ports = new Uint8Array(8192);
  constructor(client, outcome) {
    this.client = client;
    this.outcome = outcome;
  }
  /** The server of the first connection. */
  begin(server, words2) {
    this.#server = server;
    this.#serverWords.set(words2);
  }
  add(serverWords, port, firstFrame, lastFrame) {
    this.count++;
    if (firstFrame < this.#firstFrame) this.#firstFrame = firstFrame;
    if (lastFrame > this.#lastFrame) this.#lastFrame = lastFrame;
    this.#ports[port >> 3] |= 1 << (port & 7);
    for (let word2 = 0; word2 < 4; word2++) {
      if (this.#serverWords[word2] !== serverWords[word2]) this.#oneServer = false;
    }
  }
  facts() {
    return {
      client: this.client,
      ...this.#oneServer && { server: this.#server },
      ports: portRanges(this.#ports),
      outcome: this.outcome,
      count: this.count,
      firstFrame: this.#firstFrame,
      lastFrame: this.#lastFrame
    };
  }
};
function portRanges(bits) {
  const has = (port) => (bits[port >> 3] & 1 << (port & 7)) !== 0;
  let text3 = "";
  for (let port = 0; port < 65536; port++) {
    if (!has(port)) continue;
    const first = port;
    while (port < 65535 && has(port + 1)) port++;
    const range = first === port ? `${first}` : `${first}-${port}`;
    const separator = text3 === "" ? "" : ", ";
    if (text3.length + separator.length + range.length > 97) return `${text3}, \u2026`;
    text3 += separator + range;
  }
  return text3;
}

// src/stream/payload-free.ts
var PayloadFreeConnections = class {
  #limits;
  #index;
  #addresses;
  #chunks = [];
  #rows = 0;
  /** Connections listed, by client ordinal and outcome. */
  #counts = new Uint16Array(1024);
  #details = /* @__PURE__ */ new Map();
  #folds = /* @__PURE__ */ new Map();
  #order = void 0;
  constructor(index, caps = limits) {
    this.#index = index;
    this.#limits = caps;
    this.#addresses = new AddressBook(2 * caps.payloadFreeRows);
  }
  get length() {
    return this.#rows;
  }
  add(connection, letGo) {
    const index = this.#index;
    orientByPorts(connection, index);
    const closed = closedAs(connection, letGo);
    const outcome = closedNames.indexOf(closed);
    const { slot, clientSide } = connection;
    const addressLength = index.addressLength(slot);
    index.address(slot, clientSide, words);
    const client = this.#addresses.intern(words, addressLength);
    if (client < 0 || this.#rows >= this.#limits.payloadFreeRows || !this.#count(client, outcome)) {
      this.#fold(connection, client, outcome);
      return;
    }
    index.address(slot, clientSide ^ 1, words);
    const server = this.#addresses.intern(words, addressLength);
    if (server < 0) {
      this.#fold(connection, client, outcome);
      return;
    }
    this.#write(connection, client, server, closed);
    if (this.#details.size < this.#limits.payloadFreeDetails && hasDetails(connection)) {
      this.#details.set(connection.id, finishedFacts(connection, index, letGo));
    }
  }
  /** All that are listed, by id. Each is made when it is asked for. */
  *list() {
    for (const key of this.#byId()) yield this.#read(key % rowLimit);
  }
  /** The one of that id, if it is listed. Cost: logarithmic. */
  find(id) {
    const order = this.#byId();
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = low + high >> 1;
      if (order[middle] < id * rowLimit) low = middle + 1;
      else high = middle;
    }
    if (low === order.length || Math.floor(order[low] / rowLimit) !== id) return void 0;
    return this.#read(order[low] % rowLimit);
  }
  folded() {
    return [...this.#folds.values()].map((fold) => fold.facts()).sort((a, b) => a.firstFrame - b.firstFrame);
  }
  /** Counts one more; false when there are enough of this client and outcome. */
  #count(client, outcome) {
    const at = client * closedNames.length + outcome;
    if (at >= this.#counts.length) {
      const grown = new Uint16Array(Math.max(at + 1, this.#counts.length * 2));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    if (this.#counts[at] >= this.#limits.payloadFreeFlows) return false;
    this.#counts[at]++;
    return true;
  }
  #fold(connection, client, outcome) {
    const key = client * closedNames.length + outcome;
    let fold = client < 0 ? void 0 : this.#folds.get(key);
    if (fold === void 0) {
      const isFull = client < 0 || this.#folds.size >= this.#limits.foldedClients;
      fold = isFull ? this.#foldAt(outcome - closedNames.length, anyClient, outcome) : this.#foldAt(key, this.#addresses.text(client), outcome);
    }
    const { slot } = connection;
    const serverSide = connection.clientSide ^ 1;
    this.#index.address(slot, serverSide, words);
    const port = this.#index.port(slot, serverSide);
    if (fold.count === 0) fold.begin(this.#index.addressText(slot, serverSide), words);
    fold.add(words, port, connection.firstFrame, connection.lastFrame);
  }
  #foldAt(key, client, outcome) {
    let fold = this.#folds.get(key);
    if (fold === void 0) {
      fold = new Fold(client, closedNames[outcome]);
      this.#folds.set(key, fold);
    }
    return fold;
  }
  #write(connection, client, server, closed) {
    const row = this.#rows++;
    this.#order = void 0;
    if ((row & chunkMask) === 0) this.#chunks.push(new Int32Array(rowWords << chunkBits));
    const chunk = this.#chunks[row >> chunkBits];
    const at = (row & chunkMask) * rowWords;
    const { slot, clientSide, resetFrame, firstFinSide } = connection;
    const bySide = closedBySide(connection, closed);
    chunk[at] = connection.id;
    chunk[at + 1] = connection.firstFrame;
    chunk[at + 2] = connection.lastFrame;
    chunk[at + 3] = connection.startSeconds;
    chunk[at + 4] = connection.startNanoseconds;
    chunk[at + 5] = connection.endSeconds;
    chunk[at + 6] = connection.endNanoseconds;
    chunk[at + 7] = client;
    chunk[at + 8] = server;
    const serverSide = clientSide ^ 1;
    chunk[at + 9] = this.#index.port(slot, clientSide) << 16 | this.#index.port(slot, serverSide);
    chunk[at + 10] = openedNames.indexOf(openedAs(connection)) | closedNames.indexOf(closed) << 2 | (bySide < 0 ? 0 : (bySide ^ clientSide) + 1) << 5 | (connection.timed ? 1 << 7 : 0) | (isOneSided2(connection) ? 1 << 8 : 0) | (resetFrame !== 0 ? 1 << 9 : 0) | connection.interfaceId << 16;
    chunk[at + 11] = connection.frames;
    chunk[at + 12] = connection.synAckFrame;
    chunk[at + 13] = resetFrame !== 0 || firstFinSide < 0 ? resetFrame : connection.sides[firstFinSide].finFrame;
    chunk[at + 14] = connection.sides[clientSide].firstSequence;
    chunk[at + 15] = Math.min(connection.syns, 65535) << 16 | Math.min(connection.duplicateFrames, 65535);
  }
  #read(row) {
    const chunk = this.#chunks[row >> chunkBits];
    const at = (row & chunkMask) * rowWords;
    const id = chunk[at] >>> 0;
    const whole = this.#details.get(id);
    if (whole !== void 0) return whole;
    const flags = chunk[at + 10];
    const closedBy = (flags >> 5 & 3) - 1;
    const endFrame = chunk[at + 13] >>> 0;
    const isReset = (flags & 1 << 9) !== 0;
    const facts = {
      id,
      addressLength: this.#addresses.addressLength(chunk[at + 7]),
      clientAddress: this.#addresses.text(chunk[at + 7]),
      clientPort: chunk[at + 9] >>> 16,
      serverAddress: this.#addresses.text(chunk[at + 8]),
      serverPort: chunk[at + 9] & 65535,
      opened: openedNames[flags & 3],
      closed: closedNames[flags >> 2 & 7],
      firstFrame: chunk[at + 1] >>> 0,
      lastFrame: chunk[at + 2] >>> 0,
      startSeconds: chunk[at + 3] >>> 0,
      startNanoseconds: chunk[at + 4],
      endSeconds: chunk[at + 5] >>> 0,
      endNanoseconds: chunk[at + 6],
      timed: (flags & 1 << 7) !== 0,
      frames: chunk[at + 11],
      bytes: [0, 0],
      lost: [0, 0],
      retransmittedSegments: 0,
      outOfOrderSegments: 0,
      duplicateFrames: chunk[at + 15] & 65535,
      synAckFrame: chunk[at + 12] >>> 0,
      synAckSeconds: 0,
      synAckNanoseconds: 0,
      syns: chunk[at + 15] >>> 16,
      finFrames: isReset ? [0, 0] : [closedBy === 0 ? endFrame : 0, closedBy === 1 ? endFrame : 0],
      resetFrame: isReset ? endFrame : 0,
      lastDataFrames: [0, 0],
      lastDataSeconds: [0, 0],
      lastDataNanoseconds: [0, 0],
      unacknowledged: [0, 0],
      retransmitted: [0, 0],
      largestSegment: [0, 0],
      oneSided: (flags & 1 << 8) !== 0,
      firstSequence: [chunk[at + 14], 0],
      icmp: [],
      snappedSegments: 0,
      overlapsDiffer: 0,
      interfaceIds: [flags >>> 16]
    };
    if (closedBy >= 0) facts.closedBy = closedBy;
    return facts;
  }
  /** Id and row of every row in one number each, so that they sort as numbers. */
  #byId() {
    if (this.#order === void 0) {
      const order = new Float64Array(this.#rows);
      for (let row = 0; row < this.#rows; row++) {
        const id = this.#chunks[row >> chunkBits][(row & chunkMask) * rowWords] >>> 0;
        order[row] = id * rowLimit + row;
      }
      this.#order = order.sort();
    }
    return this.#order;
  }
};
function hasDetails(connection) {
  if (connection.icmp !== void 0 || connection.interfaceIds !== void 0) return true;
  if (connection.interfaceId > 65535) return true;
  return connection.synAckFrame !== 0 || connection.firstFinSide >= 0;
}
var rowWords = 16;
var chunkBits = 12;
var chunkMask = (1 << chunkBits) - 1;
var rowLimit = 2 ** 21;
var anyClient = "*";
var words = new Int32Array(4);

// src/stream/recent.ts
var RecentSegments = class {
  #early = [];
  #further = [];
  /** What `#seek` points into. */
  #words = new Int32Array(0);
  /** Writes down a segment, the one after `noted` others; its content too when that is `watched`. */
  note(ring, noted, packet, moment, base, watched) {
    const at = this.#seek(ring, noted & ringEntries - 1);
    const words2 = this.#words;
    const start = payloadSequence(packet);
    words2[at] = start;
    words2[at + 1] = packet.acknowledgment;
    words2[at + 2] = shape(packet);
    words2[at + 3] = packet.payloadLength;
    words2[at + 4] = origin(packet, moment);
    words2[at + 5] = microseconds(moment);
    if (!watched || packet.payloadLength === 0) {
      words2[at + 6] = words2[at + 7] = unknownContent;
      return;
    }
    const { payloadStart, payloadEnd } = packet;
    words2[at + 6] = contentHash(packet, payloadStart, payloadEnd, isWhole(base, start));
    words2[at + 7] = contentHash(packet, payloadStart, Math.min(payloadEnd, payloadStart + headBytes), true);
  }
  /**
   * Whether the packet is another copy of a frame that was just seen: the same IP packet by its identification, or,
   * where there is none, the same segment at another interface or hop that has seen it more often than this one, or
   * sooner than any retransmission. The last says nothing of bare acknowledgments and RSTs, which hosts repeat at
   * once: they count only with `doubled`, when other frames of the connection came twice.
   */
  isDuplicate(ring, noted, packet, moment, base, doubled) {
    const entries = Math.min(noted, ringEntries);
    const start = payloadSequence(packet);
    const flagsAndWindow = shape(packet);
    const here = origin(packet, moment);
    const atOnce = doubled || takesSequence(packet);
    let copiesHere = 0;
    let elsewhere = here;
    let copiesElsewhere = 0;
    for (let entry = 0; entry < entries; entry++) {
      const at = this.#seek(ring, entry);
      const words2 = this.#words;
      if (!this.#isAlike(at, packet, start, flagsAndWindow)) continue;
      const since = Math.abs(microseconds(moment) - words2[at + 5] | 0);
      const there = words2[at + 4];
      if (there >>> 16 !== here >>> 16 || since > nearMicroseconds(packet)) continue;
      if (!this.#hasContent(at, packet, isWhole(base, start))) continue;
      if (packet.identification !== 0 || atOnce && there === here && since < sameTapMicroseconds) return true;
      if (there === here) copiesHere++;
      else if (elsewhere === here || elsewhere === there) {
        elsewhere = there;
        copiesElsewhere++;
      }
    }
    return copiesHere < copiesElsewhere;
  }
  /** Whether the packet's payload contradicts a segment that came before, as far as hashes can tell. */
  contradicts(ring, noted, packet, base) {
    const entries = Math.min(noted, ringEntries);
    const start = payloadSequence(packet);
    const captured = packet.payloadEnd - packet.payloadStart;
    for (let entry = 0; entry < entries; entry++) {
      const at = this.#seek(ring, entry);
      const words2 = this.#words;
      const length = words2[at + 3];
      const skip = distance2(start, words2[at]);
      if (skip < 0 || words2[at + 6] === unknownContent || (words2[at + 2] & snapped) !== 0) continue;
      const head = Math.min(length, headBytes);
      if (skip + head > captured) continue;
      const from = packet.payloadStart + skip;
      const covers = skip + length <= captured;
      const hash = contentHash(packet, from, from + (covers ? length : head), !covers || isWhole(base, words2[at]));
      if (hash !== words2[at + (covers ? 6 : 7)]) return true;
    }
    return false;
  }
  /** Whether a payload of exactly that place and length is among the last segments. */
  has(ring, noted, sequence, length) {
    for (let entry = Math.min(noted, ringEntries) - 1; entry >= 0; entry--) {
      const at = this.#seek(ring, entry);
      const words2 = this.#words;
      if (words2[at] === sequence && words2[at + 3] === length) return true;
    }
    return false;
  }
  #isAlike(at, packet, start, flagsAndWindow) {
    const words2 = this.#words;
    if (words2[at + 1] !== packet.acknowledgment || words2[at] !== start) return false;
    return words2[at + 2] === flagsAndWindow && words2[at + 3] === packet.payloadLength;
  }
  #hasContent(at, packet, whole) {
    const known = this.#words[at + 6];
    return known === unknownContent || known === contentHash(packet, packet.payloadStart, packet.payloadEnd, whole);
  }
  /** Points `#words` at the array of an entry and returns its offset there. */
  #seek(ring, entry) {
    const chunks = entry < earlyEntries ? this.#early : this.#further;
    const entries = entry < earlyEntries ? earlyEntries : ringEntries - earlyEntries;
    const chunk = ring >> chunkBits2;
    while (chunks.length <= chunk) chunks.push(noWords);
    if (chunks[chunk] === noWords) chunks[chunk] = new Int32Array(entries * entryWords2 << chunkBits2);
    this.#words = chunks[chunk];
    const within = entry < earlyEntries ? entry : entry - earlyEntries;
    return ((ring & chunkMask2) * entries + within) * entryWords2;
  }
};
function nearMicroseconds(packet) {
  return packet.identification !== 0 ? identificationMicroseconds : otherTapMicroseconds;
}
function origin(packet, moment) {
  return packet.identification << 16 | (packet.hopLimit & 255) << 8 | moment.interfaceId & 255;
}
function takesSequence(packet) {
  return packet.payloadLength > 0 || (packet.flags & (TcpFlag.Syn | TcpFlag.Fin)) !== 0;
}
function payloadSequence(packet) {
  return advance(packet.sequence, (packet.flags & TcpFlag.Syn) >> 1);
}
function shape(packet) {
  const cut = packet.payloadEnd - packet.payloadStart < packet.payloadLength ? snapped : 0;
  return packet.flags << 16 | packet.window | cut;
}
function isWhole(base, start) {
  return Math.abs(distance2(base, start)) < limits.comparedBytes;
}
function microseconds(moment) {
  return Math.imul(moment.seconds, 1e6) + (moment.nanoseconds / 1e3 | 0) | 0;
}
function contentHash(packet, from, to, whole) {
  const { view, bytes: bytes2 } = packet;
  let hash = to - from;
  if (hash < 4) {
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes2[at], 16777619);
    return hash | 1;
  }
  const last = to - 4;
  const until = whole || hash <= 64 ? last : from + headBytes;
  for (let at = from; at < until; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 2654435761);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ view.getInt32(last), 2654435761) | 1;
}
var ringEntries = 16;
var entryWords2 = 8;
var earlyEntries = 2;
var chunkBits2 = 9;
var chunkMask2 = (1 << chunkBits2) - 1;
var noWords = new Int32Array(0);
var headBytes = 16;
var snapped = 1 << 30;
var unknownContent = 0;
var identificationMicroseconds = 1e6;
var otherTapMicroseconds = 2e4;
var sameTapMicroseconds = 200;

// src/stream/syn.ts
var SynVerdict = { Same: 0, Anew: 1, Wait: 2 };
function judgeSyn(connection, packet, sideIndex, waiting) {
  const side = connection.sides[sideIndex];
  const peer = connection.sides[sideIndex ^ 1];
  if ((packet.flags & TcpFlag.Ack) !== 0) return judgeAnswer(connection, packet, sideIndex, waiting);
  if (isNumberOf(side, packet.sequence)) return SynVerdict.Same;
  if (connection.hasEnded) return SynVerdict.Anew;
  if (!side.seen) return SynVerdict.Same;
  const unanswered2 = side.synSeen && !side.acknowledges && !peer.seen;
  return unanswered2 ? SynVerdict.Anew : SynVerdict.Wait;
}
function judgeAnswer(connection, packet, sideIndex, waiting) {
  const side = connection.sides[sideIndex];
  const peer = connection.sides[sideIndex ^ 1];
  const { acknowledgment } = packet;
  if (waiting !== void 0 && waiting.side !== sideIndex && acknowledgment === advance(waiting.sequence, 1)) {
    return SynVerdict.Anew;
  }
  if (isNumberOf(side, packet.sequence)) return SynVerdict.Same;
  const answers = !side.synSeen && peer.synSeen && isBetween(peer.base, acknowledgment, peer.high);
  return connection.hasEnded && !answers ? SynVerdict.Anew : SynVerdict.Same;
}
function isNumberOf(side, sequence) {
  return side.synSeen ? side.firstSequence === sequence : side.known && side.base === advance(sequence, 1);
}
function isBetween(low, sequence, high) {
  return !isBefore(sequence, low) && !isBefore(high, sequence);
}
var WaitingSyn = class {
  side;
  sequence;
  firstFrame;
  seconds;
  nanoseconds;
  lastFrame;
  count = 0;
  constructor(side, sequence, moment) {
    this.side = side;
    this.sequence = sequence;
    this.firstFrame = this.lastFrame = moment.frame;
    this.seconds = moment.seconds;
    this.nanoseconds = moment.nanoseconds;
  }
  /** It was answered: `connection` began with it. */
  begin(connection) {
    connection.firstFrame = this.firstFrame;
    connection.startSeconds = this.seconds;
    connection.startNanoseconds = this.nanoseconds;
    connection.begin(this.side, this.sequence, this.count);
  }
  /** It never was: its frames are those of the connection that was open. */
  giveUp(connection) {
    connection.frames += this.count;
    connection.lastFrame = Math.max(connection.lastFrame, this.lastFrame);
  }
};

// src/stream/table.ts
var ConnectionTable = class {
  #moment;
  #sink;
  #limits;
  #index;
  #live;
  #finished;
  #connections = [];
  #freeSlots = [];
  #waitingSyns = /* @__PURE__ */ new Map();
  #payloadFree;
  #world;
  #nextId = 0;
  /** Connections that were let go because too many were open. */
  evicted = 0;
  constructor(moment, sink, caps = limits) {
    const slots = caps.liveConnections + caps.finishedConnections + 2;
    this.#moment = moment;
    this.#sink = sink;
    this.#limits = caps;
    this.#index = new EndpointIndex(slots);
    this.#live = new IdleOrder(slots);
    this.#finished = new IdleOrder(slots);
    this.#payloadFree = new PayloadFreeConnections(this.#index, caps);
    this.#world = {
      moment,
      budget: new HoldBudget(caps),
      recent: new RecentSegments(),
      opened: (connection) => sink.open(this.#identity(connection)),
      problem: (connection, code, detail) => sink.problem?.(code, detail, connection.consumer)
    };
  }
  /** Connections so far: the id that the next one will have. */
  get count() {
    return this.#nextId;
  }
  /** Takes a TCP segment of the frame that the moment stands at. Borrows: lends its payload on, keeps nothing of it. */
  accept(packet) {
    let slot = this.#index.find(packet);
    const side = this.#index.side;
    let connection;
    if (slot < 0) {
      slot = this.#begin();
      connection = this.#connections[slot];
    } else {
      connection = this.#connections[slot];
      if ((packet.flags & synFlag) !== 0) {
        const verdict = judgeSyn(connection, packet, side, this.#waitingSyns.get(slot));
        if (verdict === SynVerdict.Wait) {
          this.#wait(slot, packet, side);
          return;
        }
        if (verdict === SynVerdict.Anew) connection = this.#beginAgain(slot);
      }
    }
    const wasFinished = connection.finished;
    connection.accept(packet, side);
    if (connection.finished === wasFinished) (wasFinished ? this.#finished : this.#live).touch(connection.slot);
    else if (wasFinished) this.#revive(connection.slot);
    else this.#retire(connection.slot);
  }
  /** Notes an ICMP error at the connection whose segment it quotes, if that is followed. `packet` holds the error. */
  icmp(packet, quoted) {
    const { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort } = quoted;
    const endpoints = { addressLength, sourceAddress, destinationAddress, sourcePort, destinationPort };
    const slot = this.#index.find({ view: packet.view, ...endpoints });
    if (slot < 0) return;
    const connection = this.#connections[slot];
    connection.icmp ??= [];
    if (connection.icmp.length >= limits.icmpErrors) return;
    connection.icmp.push({
      type: quoted.type,
      code: quoted.code,
      frame: this.#moment.frame,
      ...quoted.mtu > 0 && { mtu: quoted.mtu },
      from: addressText(packet.bytes, packet.sourceAddress, packet.addressLength)
    });
  }
  /** Ends every connection. The table takes nothing after that. */
  endOfCapture() {
    for (const order of [this.#live, this.#finished]) {
      while (order.oldest >= 0) {
        const connection = this.#connections[order.oldest];
        const silent = this.#moment.seconds - connection.endSeconds;
        this.#close(connection, silent >= limits.idleSeconds ? "idle" : "capture-end");
      }
    }
  }
  /** Connections that carried no byte and are listed one by one, by id. Each is made when it is asked for. */
  payloadFree() {
    return this.#payloadFree.list();
  }
  /** The payload-free connection of that id, if it is listed. Cost: logarithmic. */
  payloadFreeById(id) {
    return this.#payloadFree.find(id);
  }
  get payloadFreeCount() {
    return this.#payloadFree.length;
  }
  /** The payload-free connections that are not listed. */
  folded() {
    return this.#payloadFree.folded();
  }
  /** Takes a slot for the endpoints that the index did not find, or that are wanted. */
  #begin() {
    let slot = this.#freeSlots.pop();
    if (slot === void 0) {
      slot = this.#connections.length;
      this.#connections.push(new Connection(slot, this.#world));
    }
    this.#index.add(slot);
    this.#live.append(slot);
    this.#connections[slot].start(this.#nextId++);
    if (this.#live.length > this.#limits.liveConnections) this.#evict();
    return slot;
  }
  /** The ports of `slot` are used again: closes the connection there and begins the next one in another slot. */
  #beginAgain(slot) {
    const waiting = this.#waitingSyns.get(slot);
    this.#waitingSyns.delete(slot);
    this.#index.want(slot);
    this.#close(this.#connections[slot], "idle");
    const connection = this.#connections[this.#begin()];
    waiting?.begin(connection);
    return connection;
  }
  #wait(slot, packet, side) {
    let waiting = this.#waitingSyns.get(slot);
    if (waiting === void 0 || waiting.side !== side || waiting.sequence !== packet.sequence) {
      waiting?.giveUp(this.#connections[slot]);
      waiting = new WaitingSyn(side, packet.sequence, this.#moment);
      this.#waitingSyns.set(slot, waiting);
    }
    waiting.count++;
    waiting.lastFrame = this.#moment.frame;
  }
  #retire(slot) {
    this.#live.remove(slot);
    this.#finished.append(slot);
    if (this.#finished.length > this.#limits.finishedConnections) {
      this.#close(this.#connections[this.#finished.oldest], "capture-end");
    }
  }
  /** A SYN that was refused is asked again and answered. */
  #revive(slot) {
    this.#finished.remove(slot);
    this.#live.append(slot);
    if (this.#live.length > this.#limits.liveConnections) this.#evict();
  }
  #evict() {
    const connection = this.#connections[this.#live.oldest];
    if (this.evicted++ === 0) {
      const cap = this.#limits.liveConnections;
      const detail = `more than ${cap} connections are open at once: the one idle longest is let go, what follows on it is a flow of its own`;
      this.#sink.problem?.("connection-limit", detail, void 0);
    }
    this.#close(connection, "evicted");
  }
  #close(connection, letGo) {
    const { slot, consumer } = connection;
    this.#waitingSyns.get(slot)?.giveUp(connection);
    this.#waitingSyns.delete(slot);
    if (consumer === void 0) {
      this.#payloadFree.add(connection, letGo);
    } else {
      connection.end(letGo);
      this.#sink.close(finishedFacts(connection, this.#index, letGo), consumer);
      connection.forget();
    }
    (connection.finished ? this.#finished : this.#live).remove(slot);
    this.#index.remove(slot);
    this.#freeSlots.push(slot);
  }
  #identity(connection) {
    const { slot, clientSide } = connection;
    const serverSide = clientSide ^ 1;
    return {
      id: connection.id,
      clientAddress: this.#index.addressText(slot, clientSide),
      clientPort: this.#index.port(slot, clientSide),
      serverAddress: this.#index.addressText(slot, serverSide),
      serverPort: this.#index.port(slot, serverSide),
      synSeen: connection.sides[0].synSeen || connection.sides[1].synSeen
    };
  }
};
var synFlag = 2;

// src/pass.ts
async function readCapture(inputs, options = {}, onProgress = () => void 0) {
  const secrets = options.keyLogs === void 0 ? void 0 : new TlsSecrets(options.keyLogs);
  const pass = await readOnce(inputs, startPass(secrets, true), onProgress);
  const late = lateSecrets(pass);
  if (late === 0) return noteSecrets(pass);
  if (inputs.every((input) => input.reopenable)) {
    return noteSecrets(await readOnce(inputs, startPass(pass.keys, false), onProgress));
  }
  const detail = `the secrets of ${late === 1 ? "a connection" : `${late} connections`} stand behind its packets, and this input cannot be read twice: save the capture to a file and analyze that`;
  pass.problems.note({ layer: "capture", code: "secrets-too-late", frame: 0, detail });
  return noteSecrets(pass);
}
async function readOnce(inputs, pass, onProgress) {
  let position;
  for (const input of inputs) position = await readFile(input, position, pass, onProgress);
  pass.decoder.finish();
  pass.table.endOfCapture();
  return pass;
}
function lateSecrets({ keys, secrets, collector }) {
  if (keys === void 0 || !secrets.some(({ afterFrame }) => afterFrame > 0)) return 0;
  let late = 0;
  for (const { layers } of collector.store.flows()) {
    if (layers.some((layer) => layer.layer === "tls" && keys.cameLateFor(layer))) late++;
  }
  return late;
}
function noteSecrets(pass) {
  for (const { name, complaints } of pass.keys?.sources ?? []) {
    for (const complaint of complaints) {
      pass.problems.note({ layer: "tls", code: "secrets-damaged", frame: 0, detail: `${name}: ${complaint}` });
    }
  }
  return pass;
}
function takeSecrets(pass, { file, type, bytes: bytes2, afterFrame }) {
  if (!pass.takesSecrets || type !== tlsKeyLog) return;
  pass.keys ??= new TlsSecrets();
  pass.keys.add(parseKeyLog(file, bytes2, "capture"), afterFrame);
  pass.collector.secrets = pass.keys;
}
var tlsKeyLog = 1414288203;
function startPass(keys, takesSecrets) {
  const moment = new Moment();
  const problems = new ProblemLog(limits.problemsPerCapture);
  const collector = new Collector(moment, problems, keys);
  return {
    files: [],
    problems,
    secrets: [],
    names: [],
    collector,
    table: new ConnectionTable(moment, collector),
    decoder: new PacketDecoder(),
    time: { startSeconds: 0, startNanoseconds: 0, endSeconds: 0, endNanoseconds: 0, timed: false },
    keys,
    takesSecrets,
    moment,
    frame: new Frame(),
    quoted: new QuotedSegment()
  };
}
async function readFile(input, position, pass, onProgress) {
  const reader = await CaptureReader.open(input, position);
  reader.onSecrets = (block) => takeSecrets(pass, block);
  try {
    do {
      readBlock(reader, pass);
      onProgress(reader.facts.bytes);
    } while (await reader.fill());
  } finally {
    await reader.close();
  }
  pass.files.push(reader.facts);
  pass.secrets.push(...reader.secrets);
  pass.names.push(...reader.names);
  for (const problem of reader.problems) pass.problems.note(problem);
  return reader.position;
}
function readBlock(reader, pass) {
  const { frame, moment, decoder, table: table2, collector, quoted } = pass;
  while (reader.next(frame)) {
    moment.frame = frame.number;
    moment.seconds = frame.seconds;
    moment.nanoseconds = frame.nanoseconds;
    moment.timed = frame.timed;
    moment.interfaceId = frame.interfaceId;
    noteTime(pass.time, frame);
    switch (decoder.decode(frame)) {
      case PacketKind.Tcp:
        table2.accept(decoder.packet);
        break;
      case PacketKind.Udp:
        collector.datagram(decoder.packet);
        break;
      case PacketKind.Icmp:
        if (readIcmpError(decoder.packet, quoted)) table2.icmp(decoder.packet, quoted);
        break;
      default:
        break;
    }
  }
}
function noteTime(time, frame) {
  if (!frame.timed) return;
  if (!time.timed) {
    time.timed = true;
    time.startSeconds = frame.seconds;
    time.startNanoseconds = frame.nanoseconds;
  }
  time.endSeconds = frame.seconds;
  time.endNanoseconds = frame.nanoseconds;
}

// src/cli/young-generation.ts
import { setFlagsFromString } from "node:v8";
function keepYoungGenerationSmall() {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--no-parallel-scavenge");
}

// src/cli/sources.ts
import { readSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

// src/cli/errors.ts
var InputError = class extends Error {
  name = "InputError";
  hint;
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
};
function systemErrorText(error) {
  const code = error.code ?? "";
  return systemErrors[code] ?? (error instanceof Error ? error.message : String(error));
}
var systemErrors = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EMFILE: "too many open files",
  EIO: "the medium cannot be read",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only"
};

// src/cli/nearest.ts
function nearest(text3, candidates) {
  let best;
  let least = Math.max(1, Math.floor(text3.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text3.length) >= least) continue;
    const distance3 = editDistance(text3.toLowerCase(), candidate.toLowerCase());
    if (distance3 < least) {
      least = distance3;
      best = candidate;
    }
  }
  return best;
}
function editDistance(from, to) {
  let beforeLast = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const changed = from[row - 1] === to[column - 1] ? 0 : 1;
      let cost = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + changed);
      const swapped2 = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped2) cost = Math.min(cost, beforeLast[column - 2] + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length];
}

// src/cli/standard-input.ts
var StandardInput = class {
  name = "-";
  reopenable = false;
  failure;
  #onRead;
  constructor(onRead) {
    this.#onRead = onRead;
  }
  open() {
    if (process.stdin.isTTY) {
      const hint = "pipe a capture into it: tcpdump -U -w - | gomodcap -";
      return Promise.reject(new InputError("standard input is a terminal", hint));
    }
    return Promise.resolve(new StreamSource(process.stdin, this.#onRead, (failure) => this.failure = failure));
  }
};
var StreamSource = class {
  #stream;
  #chunks;
  #onRead;
  #fail;
  #interrupt;
  #interrupted = false;
  #rest = new Uint8Array(0);
  constructor(stream, onRead, fail) {
    this.#stream = stream;
    this.#onRead = onRead;
    this.#fail = fail;
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#interrupt = () => {
      this.#interrupted = true;
      setTimeout(() => stream.destroy(), lastWordsMilliseconds).unref();
    };
    process.once("SIGINT", this.#interrupt);
  }
  async read(target) {
    if (this.#rest.length === 0) this.#rest = await this.#nextChunk();
    const taken = this.#rest.subarray(0, target.length);
    target.set(taken);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }
  close() {
    process.off("SIGINT", this.#interrupt);
    this.#stream.destroy();
    return Promise.resolve();
  }
  /** Empty at the end. A stream that fails ends the capture, so that what came before is still reported. */
  async #nextChunk() {
    try {
      const next = await this.#chunks.next();
      if (next.done === true) return new Uint8Array(0);
      this.#onRead(next.value.length);
      return next.value;
    } catch (error) {
      if (!this.#interrupted) this.#fail(systemErrorText(error));
      return new Uint8Array(0);
    }
  }
};
var lastWordsMilliseconds = 500;

// src/cli/sources.ts
async function findCaptures(paths, onRead) {
  const found = { inputs: [], errors: [] };
  for (const path of paths) {
    try {
      if (path === "-") found.inputs.push(new StandardInput(onRead));
      else found.inputs.push(...await capturesAt(path, onRead));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      found.errors.push(error);
    }
  }
  return found;
}
async function capturesAt(path, onRead) {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return [await captureFile(path, found.isFile() ? found.size : void 0, onRead)];
  } catch (error) {
    throw await cannotRead(path, error);
  }
  const paths = await capturesBelow(path);
  if (paths.length > 0)
    return Promise.all(paths.map(async (each) => captureFile(each, (await stat(each)).size, onRead)));
  throw new InputError(
    `${path}: no captures in this folder`,
    "captures end in .pcap, .pcapng, .cap, .gz, .zst or .lz4"
  );
}
async function captureFile(path, size, onRead) {
  if (size !== void 0) await (await open(path)).close();
  return new FileInput(path, size, onRead);
}
async function cannotRead(path, error) {
  const message = `${path}: ${systemErrorText(error)}`;
  if (error.code !== "ENOENT") return new InputError(message);
  const meant = await meantPath(path);
  return new InputError(message, meant === void 0 ? void 0 : `did you mean ${meant}?`);
}
async function meantPath(path) {
  const folder = dirname(path);
  const names3 = await namesIn(folder);
  if (names3.length > 0 || folder === path || folder === ".") {
    const meant2 = nearest(basename(path), names3);
    return meant2 === void 0 ? void 0 : join(folder, meant2);
  }
  const meant = await meantPath(folder);
  return meant === void 0 ? void 0 : join(meant, basename(path));
}
async function namesIn(folder) {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
async function capturesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(async (entry) => (await namesIn(join(folder, entry.name))).map((name) => join(entry.name, name)))
  );
  const names3 = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  const byName = new Intl.Collator("en", { numeric: true });
  return [...names3, ...inside.flat()].filter((name) => captureName.test(name)).sort(byName.compare).map((name) => join(folder, name));
}
var FileInput = class {
  name;
  reopenable;
  size;
  failure;
  #onRead;
  constructor(path, size, onRead) {
    this.name = path;
    this.#onRead = onRead;
    this.reopenable = size !== void 0;
    if (size !== void 0) this.size = size;
  }
  async open() {
    const fail = (failure) => this.failure = failure;
    return new FileSource(await open(this.name), { waits: !this.reopenable, onRead: this.#onRead, fail });
  }
};
var FileSource = class {
  #file;
  #options;
  constructor(file, options) {
    this.#file = file;
    this.#options = options;
  }
  /** A medium that fails ends the capture, so that what came before is still reported. */
  async read(target) {
    try {
      const count3 = this.#options.waits ? (await this.#file.read(target, 0, target.length, null)).bytesRead : readSync(this.#file.fd, target, 0, target.length, null);
      this.#options.onRead(count3);
      return count3;
    } catch (error) {
      this.#options.fail(systemErrorText(error));
      return 0;
    }
  }
  close() {
    return this.#file.close();
  }
};
var captureName = /\.(?:(?:pcap|pcapng|cap|ntar|dmp)\d*(?:\.(?:gz|zst|lz4))?|gz|zst|lz4)$/i;

// ../../s1b/prof.ts
if (process.argv[3] !== "big") keepYoungGenerationSmall();
var bytes = 0;
leftAlone.onData = (_d, _b, s, e) => {
  bytes += e - s;
  return 0;
};
var F = process.argv[2];
for (let i = 0; i < 6; i++) {
  const c = process.cpuUsage();
  const { inputs } = await findCaptures([F], () => {
  });
  await readCapture(inputs, { keyLogs: [parseKeyLog("k", readFileSync(F + ".keys"))] });
  const d = process.cpuUsage(c);
  console.log((d.user / 1e6).toFixed(2), (d.system / 1e6).toFixed(2));
}
