import { describe, expect, it } from "vitest";
import { analyze } from "../../src/analyze.ts";
import type { Analysis } from "../../src/flow/model.ts";
import { limits } from "../../src/limits.ts";
import { TrustAnchors } from "../../src/pki/anchors.ts";
import { bytesInput } from "../build/inputs.ts";
import { concat, ethernet, ipv4, ipv6, tcp, type TcpFields } from "../build/packet.ts";
import { pcapFile } from "../build/pcap.ts";
import { PcapngBuilder, type PcapngOption } from "../build/pcapng.ts";

const ng = new PcapngBuilder();
const start = concat(ng.section(), ng.interface());

const flags = { outbound: [2, ng.u32(2)], inbound: [2, ng.u32(1)] } as const satisfies Record<string, PcapngOption>;
const [syn, synAck] = [{ flags: 2 }, { flags: 0x12, sourcePort: 443, destinationPort: 40000, acknowledgment: 1001 }];

/** A segment of 192.0.2.1 port 40000 to 192.0.2.2 port 443, or back, with the options of its packet. */
function packet(fields: TcpFields, ...options: PcapngOption[]): Uint8Array {
  const back = fields.sourcePort === 443 ? { source: "c0000202", destination: "c0000201" } : {};
  return ng.enhanced({ bytes: ethernet(0x0800, ipv4(tcp(new Uint8Array(0), fields), back)), options });
}

async function analysisOf(bytes: Uint8Array): Promise<Analysis> {
  return analyze([bytesInput(bytes)], { anchors: TrustAnchors.fromPem([], "none") });
}

async function processes(...blocks: Uint8Array[]): Promise<unknown[]> {
  const analysis = await analysisOf(concat(start, ...blocks));
  return [...analysis.flows()].map(({ process }) => process);
}

const comment = (text: string): PcapngOption => [1, text];

describe("the process of a flow", () => {
  it("is read from the comments of ptcpdump, as it wrote them first and as it writes them now", async () => {
    const args = "Args: git clone https://user:secret@example.com/m";
    const told = [
      [`PID: 4711\nCmd: /usr/bin/git\n${args}`, { name: "git", pid: 4711, path: "/usr/bin/git", frame: 1 }],
      [`PID: 7\nCommand: go\n${args}`, { name: "go", pid: 7, frame: 1 }],
      [
        "PID: 8\r\nCmd: C:\\Go\\bin\\go.exe\r\nArgs: ",
        { name: "go.exe", pid: 8, path: "C:\\Go\\bin\\go.exe", frame: 1 },
      ],
    ] as const;
    for (const [text, process] of told) {
      expect(await processes(packet(syn, flags.outbound, comment(text)))).toEqual([process]);
    }
  });

  it.each([
    "PID: 0\nCmd: go",
    "PID: x\nCmd: go",
    "a remark",
    "ParentPID: 7\nParentCmd: go",
    "PID: 7\nCmd: ",
    "PID: 7",
    "",
  ])("is not told by %j", async (text) =>
    expect(await processes(packet(syn, flags.outbound, comment(text)))).toEqual([undefined]),
  );

  it("is read from the process blocks of Apple, by their ordinal in the section", async () => {
    const block = (pid: number, name: string): Uint8Array => ng.block(0x80000001, ng.u32(pid), ng.options([[2, name]]));
    const blocks = [block(1, "launchd"), block(501, "git-remote-http")];
    expect(await processes(...blocks, packet(syn, flags.outbound, [0x8001, ng.u32(1)]))).toEqual([
      { name: "git-remote-http", pid: 501, frame: 1 },
    ]);
    expect(await processes(...blocks, packet(syn, [0x8001, ng.u32(2)]))).toEqual([undefined]);
  });

  it("is read from the PKTAP header", async () => {
    const frame = ethernet(0x0800, ipv4(tcp(new Uint8Array(0), syn)));
    const file = (pid: number, name: string, direction: number): Uint8Array => {
      const header = Buffer.alloc(76);
      header.writeUInt32LE(76, 0);
      header.writeUInt32LE(1, 4);
      header.writeUInt32LE(1, 8);
      header.writeUInt32LE(direction, 36);
      header.writeInt32LE(pid, 52);
      header.write(name, 56);
      return pcapFile([{ seconds: 0, fraction: 0, bytes: concat(header, frame) }], { linkType: 258 });
    };
    const of = async (...told: [number, string, number]): Promise<unknown> =>
      (await analysisOf(file(...told))).flow(0)?.process;
    expect(await of(77, "go", 2)).toEqual({ name: "go", pid: 77, frame: 1 });
    expect(await of(77, "go", 1)).toBeUndefined();
    expect(await of(-1, "", 2)).toBeUndefined();
    expect(await of(5, "kernel_task", 2)).toBeUndefined();
  });

  it("is the client's, whichever end was recorded", async () => {
    const go = comment("PID: 7\nCmd: go");
    const squid = comment("PID: 8\nCmd: squid");
    expect(await processes(packet(syn), packet(synAck, flags.inbound, go))).toEqual([{ name: "go", pid: 7, frame: 2 }]);
    expect(await processes(packet(syn, flags.inbound, squid))).toEqual([undefined]);
    expect(await processes(packet(syn), packet(synAck, squid))).toEqual([undefined]);
    const loopback = [packet(syn, flags.outbound, go), packet(synAck, flags.outbound, squid)];
    expect(await processes(...loopback)).toEqual([{ name: "go", pid: 7, frame: 1 }]);
  });

  it("knows IPv6 too", async () => {
    const bytes = ethernet(0x86dd, ipv6(tcp(new Uint8Array(0), syn)));
    const options = [comment("PID: 7\nCmd: go")];
    expect(await processes(ng.enhanced({ bytes, options }))).toEqual([{ name: "go", pid: 7, frame: 1 }]);
  });

  it("stays bounded where every packet names another", async () => {
    const many = Array.from({ length: 2 * limits.recordedProcesses }, (_, at) =>
      packet({ flags: 2, sourcePort: at % 8 }, comment(`PID: ${at + 1}\nCmd: p${at}`)),
    );
    expect((await processes(...many)).length).toBeGreaterThan(0);
  });
});

describe("a process tells go, git and others apart for certain", () => {
  const flowOf = async (name: string): Promise<unknown> => {
    const named = packet(syn, flags.outbound, comment(`PID: 9\nCmd: /bin/${name}`));
    const { label, labelEvidence } = (await analysisOf(concat(start, named))).flow(0)!;
    return [label, labelEvidence.grade];
  };

  it.each(["go", "go1.22.3"])("%s", async (name) => {
    expect(await flowOf(name)).toEqual(["proxied", "inferred"]);
  });

  it.each(["git-remote-https", "hg"])("%s", async (name) => {
    expect(await flowOf(name)).toEqual(["direct", "inferred"]);
  });

  it.each(["firefox", "gopls", "goreleaser"])("%s", async (name) => {
    expect(await flowOf(name)).toEqual(["other", "seen"]);
  });
});
