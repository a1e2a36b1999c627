import { cpSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { dataFolder, generate, generateRoot } from "./generate.js";

/**
 * The figures: for each the commands to run, by name, and the rows to judge, each a value that must not pass its budget.
 * A row is left out when a command that it needs is not installed.
 */
export const figures = {
  /** 1 GB, 4,000 TLS flows over 200 valid chains. */
  big: {
    commands({ program, scale }) {
      const file = generate("big", scale);
      return { ...ours(program, file, "--roots", generateRoot()), ...peers(file), dd: dd(file) };
    },
    rows: (medians) =>
      forms.flatMap((form) => [
        timeRatio(medians, form, "tshark", 1 / 40),
        timeRatio(medians, form, "ndpiReader", 0.7),
        timeRatio(medians, form, "dd", 8),
        peak(medians, form, 130),
      ]),
  },
  /** 100 MB of 80-byte packets. */
  small: {
    commands({ program, scale }) {
      const file = generate("small", scale);
      return { ...ours(program, file), ndpiReader: ndpi(file) };
    },
    rows: (medians) => forms.map((form) => timeRatio(medians, form, "ndpiReader", 1)),
  },
  /** 500 MB of module zips over HTTP/2 in TLS 1.3, with keys. */
  encrypted: {
    commands({ program, scale }) {
      const file = generate("encrypted", scale);
      const keys = `${file}.keys`;
      return {
        "--json": command(program, file, "--json", "--keylog", keys),
        tshark: ["tshark", "-r", file, "-o", `tls.keylog_file:${keys}`],
        openssl: ["openssl", "speed", "-mr", "-seconds", "1", "-evp", "aes-128-gcm", "-bytes", "16384"],
      };
    },
    read: { openssl: (output) => Number(/^\+F:.*:([\d.]+)$/m.exec(output)[1]) },
    rows: (medians, scale) => [
      timeRatio(medians, "--json", "tshark", 1 / 10),
      {
        what: "time of --json / openssl speed",
        needs: ["--json", "openssl"],
        value: () => (medians["--json"].seconds * medians.openssl.read) / (encryptedBytes * scale),
        budget: 5,
      },
      peak(medians, "--json", 200),
    ],
  },
  /** Opening the records of 33 MB of TLS 1.3, against a loop that does nothing else. */
  decrypt: {
    commands: () => ({ stage: ["node", "bench/decrypt.js"] }),
    read: { stage: Number },
    rows: (medians) => [
      { what: "time of decrypting / bare loop", needs: ["stage"], value: () => medians.stage.read, budget: 1 / 0.7 },
    ],
  },
  /** A module of 50 MB, slimmed. */
  slim: {
    commands({ program, scale }) {
      const file = generate("download", scale);
      return { slim: command(program, "slim", file, "-o", `${file}.slim.pcapng`) };
    },
    rows: (medians, scale) => [
      {
        what: "size of slim / capture",
        needs: ["slim"],
        value: () =>
          statSync(`${generate("download", scale)}.slim.pcapng`).size / statSync(generate("download", scale)).size,
        budget: 0.02,
      },
      peak(medians, "slim", 150),
    ],
  },
  /** Ten times the bytes with as many flows: no more than ten times the time, and as much memory. */
  growth: {
    commands: ({ program, scale }) => ({
      "1 GB": command(program, generate("big", scale), "--json"),
      "10 GB": command(program, generate("big10", scale), "--json"),
    }),
    rows: (medians) => [timeRatio(medians, "10 GB", "1 GB", 11), peakRatio(medians, "10 GB", "1 GB", 1.1)],
  },
  /** 36,000 flows more in as many bytes. */
  flows: {
    commands: ({ program, scale }) => ({
      "4,000 flows": command(program, generate("big", scale), "--json"),
      "40,000 flows": command(program, generate("flows", scale), "--json"),
    }),
    rows: (medians, scale) => [
      {
        what: "kB a further flow",
        needs: ["4,000 flows", "40,000 flows"],
        value: () => ((medians["40,000 flows"].megabytes - medians["4,000 flows"].megabytes) * 1000) / (36_000 * scale),
        budget: 1,
      },
    ],
  },
  /** 1 GB against 1 GB: twice the work of one, and little for setting them side by side. */
  compare: {
    commands({ program, scale }) {
      const file = generate("big", scale);
      const roots = ["--roots", generateRoot()];
      return {
        plain: command(program, file, ...roots),
        compare: command(program, "compare", file, file, ...roots),
      };
    },
    rows: (medians) => [timeRatio(medians, "compare", "plain", 2.2), peakRatio(medians, "compare", "plain", 2.2)],
  },
  "scan-one": scan("scan-one"),
  "scan-many": scan("scan-many"),
  "scan-refused": scan("scan-refused"),
  /** 200 stored captures of 50 to 200 kB, each with its policy. */
  check: {
    commands: ({ program }) => ({ check: command(program, "check", storedCaptures(200)) }),
    rows: (medians) => [
      { what: "time of check, s", needs: ["check"], value: () => medians.check.seconds, budget: 3 },
      peak(medians, "check", 250),
    ],
  },
  /** What settings cost, alone and beside a report: on the capture of `start` with what lies beside it, and on 1 GB. */
  explain: {
    commands({ program, scale }) {
      const small = captureNearest(200_000);
      const large = generate("big", scale);
      return {
        ...withSettings(program, "small", [small], dirname(small)),
        ...withSettings(program, "1 GB", [large, "--roots", generateRoot()], settingsFile()),
      };
    },
    rows: (medians) =>
      ["small", "1 GB"].flatMap((size) => [
        timeRatio(medians, `explain, ${size}`, `--json, ${size}`, 1.1),
        timeRatio(medians, `--env, ${size}`, `--json, ${size}`, 1.1),
      ]),
  },
  /** The whole process on the shipped capture that is nearest to 200 kB. */
  start: {
    commands({ program }) {
      const file = captureNearest(200_000);
      return { ...ours(program, file), node: ["node", "-e", "0"], tshark: ["tshark", "-r", file] };
    },
    rows: (medians) =>
      forms.flatMap((form) => [timeRatio(medians, form, "node", 2.5), timeRatio(medians, form, "tshark", 1)]),
  },
};

const forms = ["--json", "plain"];
/** Of the capture at scale 1. */
const encryptedBytes = 500e6;

function scan(name) {
  return {
    commands: ({ program, scale }) => ours(program, generate(name, scale)),
    rows: (medians) => forms.map((form) => peak(medians, form, 400)),
  };
}

function ours(program, file, ...flags) {
  return { "--json": command(program, file, "--json", ...flags), plain: command(program, file, ...flags) };
}

function command(program, ...words) {
  return [...program.split(" "), ...words];
}

function withSettings(program, size, words, settings) {
  const env = ["--json", "--env", settings];
  return {
    [`--json, ${size}`]: command(program, ...words, "--json"),
    [`explain, ${size}`]: command(program, "explain", ...words, ...env),
    [`--env, ${size}`]: command(program, ...words, ...env),
  };
}

/** The environment of a run that fetches modules from their own hosts, as `big` has it. */
function settingsFile() {
  const file = `${dataFolder}/environ.txt`;
  writeFileSync(file, "HOME=/home/gopher\nGOPROXY=direct\nGOSUMDB=off\nNO_PROXY=.corp.example,10.0.0.0/8\n");
  return file;
}

function peers(file) {
  const fields = ["-e", "tls.handshake.extensions_server_name", "-e", "tls.handshake.certificate"];
  return { ndpiReader: ndpi(file), tshark: ["tshark", "-2", "-r", file, "-T", "fields", ...fields] };
}

function ndpi(file) {
  return ["ndpiReader", "-q", "-i", file];
}

function dd(file) {
  return ["dd", "bs=1M", `if=${file}`, "of=/dev/null"];
}

function timeRatio(medians, name, other, budget) {
  const value = () => medians[name].seconds / medians[other].seconds;
  return { what: `time of ${name} / ${other}`, needs: [name, other], value, budget };
}

function peakRatio(medians, name, other, budget) {
  const value = () => medians[name].megabytes / medians[other].megabytes;
  return { what: `peak of ${name} / ${other}`, needs: [name, other], value, budget };
}

function peak(medians, name, budget) {
  return { what: `peak of ${name}, MB`, needs: [name], value: () => medians[name].megabytes, budget };
}

/** A folder of so many copies of shipped captures, with what stands beside them. */
function storedCaptures(count) {
  const folder = new URL("../captures/", import.meta.url).pathname;
  const size = (name) => statSync(`${folder}${name}/capture.pcap`, { throwIfNoEntry: false })?.size ?? 0;
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const fitting = folders.map(({ name }) => name).filter((name) => size(name) >= 50_000 && size(name) <= 200_000);
  const stored = `${dataFolder}/check`;
  for (let at = 0; at < count; at++) {
    cpSync(folder + fitting[at % fitting.length], `${stored}/${String(at).padStart(3, "0")}`, { recursive: true });
  }
  return stored;
}

function captureNearest(size) {
  const folder = new URL("../captures/", import.meta.url).pathname;
  const paths = readdirSync(folder, { recursive: true }).filter((path) => /\.pcap(ng)?$/.test(path));
  const distance = (path) => Math.abs(statSync(folder + path).size - size);
  return folder + paths.sort((a, b) => distance(a) - distance(b))[0];
}
