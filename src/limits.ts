/**
 * Every cap of the program: its unit and why it is that large. Meeting one is a Problem, never silence. Times are
 * capture time, not ours.
 */
export const limits = {
  /** Bytes of one read from the input: few enough to stay in a cache. */
  readBlock: 1 << 20,
  /** Bytes of one pcapng block or pcap record; Wireshark refuses packets over 256 KiB, a block of names may be longer. */
  captureBlock: 16 << 20,
  /** Captured bytes of a pcap record, unless the file sets a larger snap length: MAXIMUM_SNAPLEN of libpcap. */
  capturedLength: 256 << 10,
  /** Link types listed for one file, its comments, comments of one frame, and characters of all text kept of a file. */
  linkTypes: 64,
  captureComments: 256,
  frameComments: 64,
  /** Characters told of a frame's comment: a sentence or two. */
  frameCommentText: 256,
  captureText: 1 << 20,
  /** Window of a zstd frame: what zstd itself accepts unless asked. */
  zstdWindow: 128 << 20,
  /** Bytes of pcapng secrets kept for decryption, over all blocks. */
  secrets: 4 << 20,
  /** Interfaces of one pcapng section; a real recorder has a few dozen. */
  interfaces: 4096,
  /** Process blocks of one pcapng section, and processes of a capture. */
  recordedProcesses: 4096,
  /** Ends of connections of which the process is known, and processes that took turns at one. */
  ownedConnections: 65_536,
  processesOfEnd: 4,
  /** Names taken from pcapng name resolution blocks. */
  resolvedNames: 65_536,
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
  liveConnections: 65_536,
  /** Finished connections remembered, so that their late segments do not look like new ones: they come within seconds. */
  finishedConnections: 4096,
  /** A hole that the peer has acknowledged is lost after so many frames or seconds: captures show ACKs before data. */
  holeFrames: 1000,
  holeSeconds: 3,
  /** A connection that was left open and silent for so long when the capture ended was idle. */
  idleSeconds: 300,
  /** First bytes of a direction of which retransmissions are compared whole; later ones by samples. */
  comparedBytes: 8 << 10,
  /** ICMP errors and interfaces noted for one connection. */
  icmpErrors: 8,
  interfacesPerConnection: 8,
  /** Payload-free flows of one client and one outcome that are listed; the rest are folded. */
  payloadFreeFlows: 1000,
  /** Payload-free flows that are listed in all, and clients that are told apart among them; 60 bytes each. */
  payloadFreeRows: 1 << 20,
  /** Payload-free flows of which everything is kept; of the others, what fits a row of 60 bytes. */
  payloadFreeDetails: 16_384,
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
  /** Bytes of a text file that an option names: a key log of a browser's months, what a long build printed. */
  textFileBytes: 64 << 20,
  /** Connections whose secrets are taken from one key log. */
  keyLogConnections: 262_144,
  /** Protected bytes of a direction held until its keys can be known (early data, hellos out of order), and of all. */
  heldRecords: 128 << 10,
  heldRecordsTotal: 64 << 20,
  /** Protected records at a time of which a piece has come and the rest has not; 18 kB each. */
  openRecords: 4096,
  /** Numbers tried for the first record behind a loss: 256 records of 16 KiB are more than a receive window. */
  sequenceTrials: 256,
  /** Secrets tried in a pass on connections whose ClientHello is missing, about a second in all. */
  secretTrials: 50_000,
  /** TLS alerts kept for one connection; a real one sends two. */
  alerts: 16,
  /** Bytes looked through for TLS records after a loss: three records, the largest allowed. */
  resynchronize: 64 << 10,
  /** Bytes of an HTTP request or response head. */
  httpHead: 64 << 10,
  /** HTTP exchanges kept for one flow, and requests that wait for their answer at a time. */
  httpExchanges: 4096,
  /** Bytes kept of an answer in another protocol than was asked in: enough to tell a status line, an alert, a greeting. */
  strangeAnswer: 32,
  /** Characters kept of one HTTP field or target, and of all of a flow: module URLs stay below 1 KiB. */
  httpText: 4096,
  httpTextTotal: 1 << 20,
  /** Bytes of one field section of HTTP/2 undone, 32 more a field (RFC 7541 §4.1): a byte may stand for a large field. */
  fieldSection: 256 << 10,
  /** Bytes of the table that compresses fields in one direction; browsers ask for 64 KiB, all others for 4. */
  hpackTable: 64 << 10,
  /** Streams of one HTTP/2 connection open at a time; servers allow 100 to 250. */
  http2Streams: 4096,
  /** GOAWAY frames kept of one connection: a graceful end has two. */
  goAways: 8,
  /** Bytes of a chunk-size line with its extensions, which nobody uses. */
  httpChunkLine: 4096,
  /** Bytes kept of one answer that is read after the pass: a long list of versions, a page with go-import tags. */
  keptContent: 64 << 10,
  /** Bytes of an error's text: Go prints 8 lines of 81 of it. */
  keptErrorText: 1024,
  /** Bytes kept of the contents of a capture: lookups and tiles of a thousand modules are a tenth of it. */
  keptContentTotal: 16 << 20,
  /** Contents looked at a time: each zip file has a window of 64 KiB. */
  watchedContents: 256,
  /** Bytes of a go.mod file, and of the content of a module zip: Go's own limits. */
  modFile: 16 << 20,
  zipContent: 500 << 20,
  /** Bytes that are unpacked of all zip files of a capture: half a minute; a zip bomb is a thousand times its size. */
  zipContentTotal: 8 * 2 ** 30,
  /** Of them before there is anything to compare with: a twentieth of a second. */
  zipContentAtFirst: 4 << 20,
  /** Entries and bytes of names held of zip files: a large module has 20,000. */
  zipEntries: 262_144,
  zipNameBytes: 16 << 20,
  /** Lookups that are judged, different heads of one checksum database, and tiles listed as not seen. */
  checksumLookups: 4096,
  treeHeads: 256,
  missingTiles: 8,
  /** Checksums of modules that are listed. */
  checksumRecords: 16_384,
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
  dnsMessages: 65_536,
  dnsAnswers: 64,
  /** Addresses that DNS answers gave, and names of one address, kept to name flows. */
  dnsAddresses: 262_144,
  dnsNamesPerAddress: 64,
  /** Bytes of a DNS message over TCP. */
  dnsMessage: 65_535,
  /** Signature checks for one certification path, as in Go's x509.verify (maxChainSignatureChecks). */
  signatureChecks: 100,
  /** Parsed certificates remembered from capture to capture, and bytes of one: real ones stay below 4 KiB. */
  rememberedCertificates: 256,
  rememberedCertificate: 8 << 10,
  /** Comparisons of names with name constraints for one path: Go's default until it could search them (1.25). */
  constraintComparisons: 250_000,
  /** Sizes of known certificates that are added up to explain what encrypted messages differ by. */
  certificateSizes: 256,
  /** Targets of one side of a comparison. */
  comparedTargets: 10_000,
  /** Names in a list of a proposed policy: a run speaks to a handful of hosts, one without a proxy to some dozens. */
  proposedNames: 256,
  /** Characters of a snapshot or policy: the parser takes about 100 B for each, and what people keep is under 100,000. */
  yamlCharacters: 4 << 20,
  /** Lists and maps within each other in these: a condition in a policy is five deep. */
  yamlDepth: 64,
  /** Flows up to which the descriptions of all are held between the walks over them: about 3 kB each. */
  describedFlows: 4096,
  /** Texts of one kind that a JSON report keeps for the next flow: a certificate takes about 1 kB. */
  keptTexts: 2048,
  /** Requests that are compared with each other to fold doubled ones and follow redirects; about 300 B each. */
  linkedRequests: 65_536,
  /** Modules told one by one, and requests remembered for one of them. */
  storyModules: 2000,
  storyRequests: 256,
  /** Hosts, repositories and checksum databases told one by one. */
  storyPlaces: 256,
  /** Requests of the log of a command that are tied to flows one by one. */
  explainedRequests: 1024,
  /** Characters read of a line of a command's log: URLs stay below 1 KiB. */
  logLine: 4096,
  /** Requests and error lines read from the log of a command. */
  loggedRequests: 65_536,
  /** Content of one answer in clear text beyond which slimming cuts it: what is read of texts, a small module. */
  slimContent: 64 << 10,
  /** Segments that slimming may leave out at a time; 24 bytes each until it is decided. */
  slimRun: 1 << 20,
  /** Bytes between the content of answers that the comment of one frame may hold: a tenth of what an option may. */
  slimRecords: 6000,
  /** Bytes beside content with which slimming leaves a record out: chunks of half a KiB, frames of one. */
  slimLiterals: 256,
  /** Credentials and addresses in clear text that slimming writes over; about 200 bytes each. */
  slimEdits: 1 << 20,
  /** Problems kept for one flow and for the capture; the rest are counted. */
  problemsPerFlow: 32,
  problemsPerCapture: 256,
  /** Findings of one analysis; the flows and frames listed in one, the rest are counted. */
  findings: 1000,
  findingFlows: 50,
  /** Places, and connections to them that failed, remembered until it is known whether another address family worked. */
  findingPlaces: 10_000,
  findingFrames: 20,
} as const;
