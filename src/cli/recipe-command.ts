import { Argument, Option, type Command } from "commander";
import { commandOf, readWords } from "./arguments.ts";
import { ExitCode, UsageError } from "./errors.ts";
import { Output } from "./output.ts";

type Platform = "linux" | "macos" | "windows";

/** Prints what to run for a capture that answers questions. Throws: UsageError. */
export async function recipeCommand(words: readonly string[]): Promise<ExitCode> {
  let text: string | undefined;
  const program = recipeProgram().action((tool: string | undefined, { platform = here() }: { platform?: Platform }) => {
    text = recipe(platform, tool ?? defaultTools[platform]);
  });
  const help = readWords(program, words);
  await new Output(process.stdout).write([text ?? help]);
  return ExitCode.Done;
}

/** The words that `recipe` knows. */
export function recipeProgram(): Command {
  return commandOf({
    name: "gomodcap recipe",
    usage: "[options] [tool]",
    description: "Prints what to run to get a good capture of go get, with all that belongs beside it.",
    examples: "",
  })
    .addArgument(new Argument("[tool]", "what records (default: the first of the platform)").choices(tools))
    .addOption(new Option("--platform <name>", "where it runs (default: here)").choices(["linux", "macos", "windows"]));
}

function here(): Platform {
  if (process.platform === "win32") return "windows";
  return process.platform === "darwin" ? "macos" : "linux";
}

const tools = ["tcpdump", "dumpcap", "tshark", "ptcpdump", "pktmon"];
const defaultTools: Readonly<Record<Platform, string>> = { linux: "tcpdump", macos: "tcpdump", windows: "dumpcap" };

/* All of TCP, so that a proxy's port is among it whichever it is; DNS; and what routers say of packets they drop. */
const filter = "tcp or udp port 53 or icmp or icmp6";

/** How to record, by platform and tool: the file is capture.pcap or capture.pcapng. */
const recorders: Readonly<Record<string, string>> = {
  "linux tcpdump": `sudo tcpdump -i any -s 0 -U -B 16384 -w capture.pcap '${filter}' &`,
  "linux dumpcap": `sudo dumpcap -i any -s 0 -B 16 -w capture.pcapng -f '${filter}' &`,
  "linux tshark": `sudo tshark -i any -s 0 -B 16 -w capture.pcapng -f '${filter}' &`,
  "linux ptcpdump": `sudo ptcpdump -i any -s 0 -w capture.pcapng '${filter}' &    # knows the process of each packet`,
  "macos tcpdump": `sudo tcpdump -i pktap,all -k NP -s 0 -U -w capture.pcapng '${filter}' &    # knows the process of each packet`,
  "macos dumpcap": `dumpcap -i en0 -s 0 -B 16 -w capture.pcapng -f '${filter}' &    # en0: the interface of your network`,
  "macos tshark": `tshark -i en0 -s 0 -B 16 -w capture.pcapng -f '${filter}' &    # en0: the interface of your network`,
  "windows dumpcap": `$recorder = Start-Process -PassThru -NoNewWindow dumpcap '-i Ethernet -s 0 -B 16 -w capture.pcapng -f "${filter}"'    # dumpcap -D lists interfaces`,
  "windows tshark": `$recorder = Start-Process -PassThru -NoNewWindow tshark '-i Ethernet -s 0 -B 16 -w capture.pcapng -f "${filter}"'    # tshark -D lists interfaces`,
  "windows pktmon": "pktmon start --capture --comp nics --pkt-size 0 --file-name capture.etl    # as administrator",
};

/** Throws: UsageError for a tool that the platform does not have. */
function recipe(platform: Platform, tool: string): string {
  const record = recorders[`${platform} ${tool}`];
  if (record === undefined) {
    const others = tools.filter((name) => `${platform} ${name}` in recorders).join(", ");
    throw new UsageError(`no recipe for ${tool} on ${platform}`, `there is one for ${others}`);
  }
  return platform === "windows" ? powerShell(record, tool) : shell(record);
}

function shell(record: string): string {
  const file = /capture\.\w+/.exec(record)![0];
  return `# 1. An empty place: what caches and go.sum hold already is not asked for, and leaves no packets.
mkdir gomodcap-run && cd gomodcap-run
export GOMODCACHE="$PWD/modcache" GOPATH="$PWD/gopath" GOFLAGS=-mod=mod
export GOTOOLCHAIN=local    # leave it out to see toolchains fetched

# 2. What the run depends on. env.txt may hold passwords of proxies: gomodcap masks them, you should not share them.
go env -json > go-env.json
env | grep -iE '^(go|ssl_cert|git_|request_method=)|_proxy=' > env.txt
git config --get-regexp 'proxy$' > git-config.txt

# 3. Record all of each packet, DNS and the proxy's port included.
${record}
recorder=$!; sleep 2

# 4. The run, in a scratch module, with what it says of its requests.
mkdir scratch && cd scratch && go mod init scratch.invalid/run
go get -x MODULE 2> ../stderr.txt
cd .. && sleep 2 && sudo kill -INT $recorder

# 5. The answer.
gomodcap explain ${file} --env go-env.json --env env.txt --git-config git-config.txt --log stderr.txt
${keys}`;
}

function powerShell(record: string, tool: string): string {
  const stop =
    tool === "pktmon" ? "pktmon stop; pktmon etl2pcap capture.etl --out capture.pcapng" : "Stop-Process $recorder";
  return `# 1. An empty place: what caches and go.sum hold already is not asked for, and leaves no packets.
mkdir gomodcap-run; cd gomodcap-run
$env:GOMODCACHE = "$PWD\\modcache"; $env:GOPATH = "$PWD\\gopath"; $env:GOFLAGS = "-mod=mod"
$env:GOTOOLCHAIN = "local"    # leave it out to see toolchains fetched

# 2. What the run depends on. env.txt may hold passwords of proxies: gomodcap masks them, you should not share them.
cmd /c "go env -json > go-env.json"
cmd /c "set > env.txt"
cmd /c "git config --get-regexp proxy$ > git-config.txt"

# 3. Record all of each packet, DNS and the proxy's port included.
${record}
Start-Sleep 2

# 4. The run, in a scratch module, with what it says of its requests.
mkdir scratch; cd scratch; go mod init scratch.invalid/run
cmd /c "go get -x MODULE 2> ..\\stderr.txt"
cd ..; Start-Sleep 2; ${stop}

# 5. The answer.
gomodcap explain capture.pcapng --env go-env.json --env env.txt --git-config git-config.txt --log stderr.txt
${keys}`;
}

const keys = `
# Keys: the go command writes none, whatever SSLKEYLOGFILE says, so that TLS 1.3 hides certificates and requests; the output
# of -x stands in for the requests. What can be had: SSLKEYLOGFILE for git; the key log of a server or of a proxy that ends
# TLS (gomodcap --keylog FILE); a GOPROXY of http://.
`;
