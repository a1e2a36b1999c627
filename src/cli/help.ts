/** What a command says of itself. */
export interface Help {
  /** As it is called: `gomodcap check`. */
  readonly name: string;
  /** What follows the name. */
  readonly usage: string;
  readonly description: string;
  /** Below its options. */
  readonly examples: string;
}

/** What may stand before the captures, and what it is for. */
const commands = {
  story: "what go did: modules, who served them, what failed",
  explain: "what the settings prescribe, and what happened",
  compare: "what a setting changed: two captures by meaning",
  snapshot: "what a capture means, in a small file to compare with",
  check: "stored captures against what is expected of them",
  slim: "a capture small enough to store, without credentials",
  env: "which Go settings count here, and what is wrong with them",
  recipe: "what to run to get a good capture",
  completion: "a script that completes words, for bash, zsh or fish",
};
export type CommandWord = keyof typeof commands;
export const commandWords = Object.keys(commands) as readonly CommandWord[];

/** Below the options of `--help`. */
const examples = `
Commands, each with --help of its own:
${Object.entries(commands)
  .map(([word, does]) => `  ${word.padEnd(10)}  ${does}`)
  .join("\n")}

Examples:
  $ gomodcap capture.pcapng
      one line a flow, then what went wrong, worst first

  $ gomodcap capture.pcapng --env go-env.json --env env.txt
      judge by the configuration of that machine: go env -json > go-env.json; env > env.txt

  $ gomodcap capture.pcapng --flow 3
      everything about flow 3: stages, proxy, TLS, certificates as sent, what is missing

  $ gomodcap capture.pcapng --keylog tls.keys
      decrypt TLS with the secrets that a client, proxy or server wrote (SSLKEYLOGFILE); those that a
      pcapng carries are used without being asked for

  $ gomodcap story capture.pcapng --env go-env.json
      what go did: modules and who served them, the way through GOPROXY, checksums, its error

  $ gomodcap capture.pcapng --roots corp-ca.pem --certs out/
      judge certificates with your own trust anchors, write those of the servers to out/

  $ gomodcap capture.pcapng --keylog tls.keys --gosum go.sum --json | jq .checksums
      prove the checksum of each download, by the checksum database's log and by go.sum

  $ gomodcap capture.pcapng --json | jq '.findings[].title'
      for programs; the schema is in the package: gomodcap/schema/analysis.json

  $ gomodcap slim capture.pcapng -o small.pcapng
      the same capture, small enough to store, without credentials and addresses

  $ sudo tcpdump -i any -U -w - 'tcp or port 53' | gomodcap -
      watch a run of go get, press Ctrl-C when it is done

  $ gomodcap --concat run.pcap0 run.pcap1 run.pcap2
      the pieces of one run (tcpdump -C or -G) as one capture

Captures are pcap or pcapng files, also compressed (gzip, zstd, lz4), folders of them, or - for standard
input. Without other words certificates are judged with Mozilla's trust anchors at the time of the packets.

Exit codes: 0 done, 2 usage, 3 an input was unreadable or damaged (what was read is reported), 70 a defect.
`;

const storyExamples = `
Examples:
  $ gomodcap story capture.pcapng --env go-env.json
      who served each module, and the entries of GOPROXY as they were tried

  $ go get -x example.com/m@latest 2> stderr.txt; gomodcap story capture.pcapng --env go-env.json --env stderr.txt
      what TLS hides is taken from the output of the command

  $ gomodcap story capture.pcapng --json | jq '.modules[] | select(.outcome == "failed")'
      for programs: the story of the schema, alone

Where requests are not visible, the story is told from hosts, their order and sizes, and says so.
`;

const explainExamples = `
Examples:
  $ go env -json > go-env.json; env > env.txt; go get -x MODULE 2> stderr.txt
      beside the capture: gomodcap recipe says how to take it

  $ gomodcap explain capture.pcapng --env go-env.json --env env.txt
      each host and flow: as configured, contradicts, or cannot be told, and why; then what is wrong

  $ gomodcap explain capture.pcapng --env go-env.json --env env.txt --log stderr.txt
      ties the requests of the command to flows, and its error to what explains it

  $ gomodcap explain capture.pcapng --env folder/ --json | jq '.explanation.hosts[] | select(.verdict == "contradicts")'
      for programs: explained of the schema

Caches and a complete go.sum spare requests, so that nothing follows from a host that was not asked.
`;

const comparisonExamples = `
Examples:
  $ gomodcap compare before.pcap after.pcap --as "GOSUMDB=off" direct
      what the setting changed: hosts, routes, labels, certificates, requests

  $ gomodcap compare before/capture.pcap after/capture.pcap --env-before before/ --env-after after/
      each judged by its own configuration

  $ gomodcap compare expected.yaml capture.pcap
      a capture with what gomodcap snapshot kept of another

  $ gomodcap compare yesterday/ today/ --format markdown
      captures of the same name in two folders, pair by pair

Ports, addresses, times and counts are no differences, nor is what one capture cannot show: that is said to be
not comparable. Certificates that one capture shows prove what is missing in the other.

Exit codes: 0 no difference in meaning, 1 a difference, 2 usage, 3 an input was unreadable or damaged.
`;

const snapshotExamples = `
Examples:
  $ gomodcap snapshot capture.pcapng --keylog tls.keys -o expected.yaml
      keep what the run meant: routes, labels, requests, certificates and their verdicts

  $ gomodcap compare expected.yaml tomorrow.pcapng --keylog tomorrow.keys
      what differs from it

The same traffic gives the same file: times, ports, client addresses and counts are not in it. It carries the trust
anchors that its certificates were judged with, so that no verdict changes with another version of Node.

Exit codes: 0 done, 2 usage, 3 an input was unreadable or damaged (what was read is kept).
`;

/** What `gomodcap slim` says of itself. */
export const slimHelp: Help = {
  name: "gomodcap slim",
  usage: "[options] <capture> -o <file>",
  description: "Makes a capture small enough to store and fit to share; its report stays the same.",
  examples: `
Examples:
  $ gomodcap slim run.pcapng -o captures/a/capture.pcapng
      for a repository: a module download of 50 MB becomes less than 1 MB

  $ gomodcap slim run.pcapng -o capture.pcapng --keep-keys --keylog tls.keys
      with the secrets of its connections inside, so that requests stay visible

  $ gomodcap slim run.pcapng --keep-addresses -o - | gomodcap - --json
      through a pipe

Handshakes and the dialogues with proxies stay whole. What is encrypted behind them and long answers are cut or left
out, and comments say how much, so that gomodcap tells the frames, bytes and losses of the original; Wireshark shows
the same connections. Credentials in clear text are overwritten, addresses become others of their kind. Host names and
paths stay: read what you share. Checksums of modules are proved by what was cut, so slimmed captures prove none.

Exit codes: 0 done, 2 usage, 3 the capture was unreadable or damaged (what could be read is written).
`,
};

/** What is told of captures: all about the flows, what the Go command did, how two differ, or what to keep of one. */
export const views = {
  report: {
    name: "gomodcap",
    description: "Reads a packet capture of go get and says where each flow went, through what, and what failed.",
    usage: "[options] <capture...>",
    examples,
  },
  story: {
    name: "gomodcap story",
    usage: "[options] <capture...>",
    description: "Tells what the go command did: modules, who served them, how GOPROXY was walked, what failed.",
    examples: storyExamples,
  },
  explain: {
    name: "gomodcap explain",
    usage: "[options] <capture...>",
    description: "Sets what GOPROXY, GOSUMDB, HTTPS_PROXY and their kin prescribe beside what the capture shows.",
    examples: explainExamples,
  },
  compare: {
    name: "gomodcap compare",
    usage: "[options] <before> <after>",
    description: "Says what differs in meaning between two captures, worst first, and what that tells of the settings.",
    examples: comparisonExamples,
  },
  snapshot: {
    name: "gomodcap snapshot",
    usage: "[options] <capture...>",
    description: "Keeps what a capture means in a small YAML file, to be compared with later captures.",
    examples: snapshotExamples,
  },
} as const satisfies Readonly<Record<string, Help>>;

/** What `gomodcap check` says of itself. */
export const checkHelp: Help = {
  name: "gomodcap check",
  usage: "[options] [path...]",
  description: "Holds stored captures against what is expected of them: the expect.yaml beside each, or one policy.",
  examples: `
Examples:
  $ gomodcap check captures/
      every folder that has a capture.* and an expect.yaml

  $ gomodcap check --propose capture.pcap > expect.yaml
      a first policy, by what is seen in the capture

  $ gomodcap check runs/ --policy egress.yaml
      one policy for all captures

  $ gomodcap check captures/ --format github --format junit=check.xml
      for CI: annotations and a job summary, and a file of results (also sarif, gitlab, tap, markdown, json)

  $ gomodcap check captures/ --update
      writes the snapshots that policies name anew, and shows what changed

Keys (tls.keys), settings (go-env.json, env.json, stderr.txt) and trust anchors (roots.pem) beside a capture are used
unless its policy names others. What a capture does not show is no proof: a rule that cannot tell fails, unless the
policy says unknown: allow. The schema for editors is in the package: gomodcap/schema/policy.json

Exit codes: 0 all holds, 1 something is broken or cannot be told, 2 usage or a mistake in a policy, 3 an input was
unreadable or damaged.
`,
};

/** What a call without arguments says. */
export const shortHelp = `gomodcap reads a packet capture of go get and says where each flow went, and what failed.

Usage: gomodcap [options] <capture...>

  $ gomodcap capture.pcapng                    what happened
  $ gomodcap capture.pcapng --flow 3           everything about one flow
  $ gomodcap capture.pcapng --env go-env.json  judged by your Go configuration
  $ gomodcap story capture.pcapng              what go did, module by module
  $ gomodcap explain capture.pcapng --env .    what the settings prescribe, and what happened
  $ gomodcap compare before.pcap after.pcap    what a setting changed
  $ gomodcap check captures/                   stored captures against what is expected of them
  $ gomodcap env                               which Go settings count here, and what is wrong with them
  $ gomodcap slim run.pcap -o small.pcapng     fit to store and to share
  $ sudo tcpdump -i any -U -w - | gomodcap -   straight from the wire

All options and more examples: gomodcap --help
`;
