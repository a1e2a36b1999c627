import { describe, expect, it } from "vitest";
import type { CaptureReport } from "../../src/flow/model.ts";
import { Summarizer } from "../../src/gomod/summary.ts";
import { judgedFlow, stack, tls } from "../build/flows.ts";

const capture: CaptureReport = {
  files: [
    {
      name: "x",
      format: "pcap",
      compression: "none",
      linkTypes: ["ETHERNET"],
      frames: 10,
      bytes: 1000,
      firstFrame: 1,
      snapLength: 96,
      snappedFrames: 4,
      damaged: false,
    },
  ],
  frames: 10,
  bytes: 1000,
  problems: [],
  notUnderstood: { arp: 2 },
  interfaceDrops: 0,
  folded: [{ client: "192.0.2.1", outcome: "refused", count: 1, firstFrame: 1, lastFrame: 2 }],
  datagrams: { dns: 0, quic: 1, other: 0 },
};
const unknownGround = { grade: "unknown", because: "x" } as const;
const known = { grade: "inferred", because: "x" } as const;

function summaryOf(...flows: Parameters<typeof judgedFlow>[0][]): ReturnType<Summarizer["conclude"]> {
  const summarizer = new Summarizer();
  for (const flow of flows) summarizer.observe(judgedFlow(flow));
  return summarizer.conclude(capture);
}

describe("Summarizer", () => {
  it("counts labels, and leaves out noise and what was captured twice", () => {
    const summary = summaryOf(
      { label: "sumdb", labelEvidence: known, noise: false },
      { label: "proxied", labelEvidence: known, noise: false },
      { label: "proxied", labelEvidence: known, noise: false, sameAs: 0 },
      { label: "proxied", labelEvidence: known, noise: false, upstreamOf: 0 },
      { label: "other", labelEvidence: known, noise: true },
    );
    expect(summary.labels).toEqual({ sumdb: 1, proxied: 1, direct: 0, other: 0 });
    expect(summary).toMatchObject({ noise: 1, goTraffic: true });
    expect(summary.instead).toBeUndefined();
  });

  it("counts what only the client's program speaks for", () => {
    const direct = { label: "direct", labelEvidence: unknownGround, noise: false } as const;
    expect(summaryOf(direct, { ...direct, labelEvidence: known })).toMatchObject({
      labels: { direct: 2 },
      doubtful: 1,
    });
    expect(summaryOf({ ...direct, noise: true })).not.toHaveProperty("doubtful");
  });

  it("says how much is missing of how many flows", () => {
    const lossy = { lost: { clientToServer: 0, serverToClient: 1460 } };
    expect(summaryOf(lossy, lossy, {}).blind).toEqual([
      "2920 bytes of 2 flows went over the wire and are not in the capture: what stood there is not known",
    ]);
  });

  it("says what a capture begins or ends in the midst of, and takes no hanging flow for that", () => {
    const end = "2026-11-21T01:42:45.000000000Z";
    const at = (seconds: number) => [
      { stage: "hello" as const, frame: 4, time: `2026-11-21T01:42:${seconds}.000000000Z` },
    ];
    const open = { closed: "capture-end", label: "sumdb", labelEvidence: known } as const;
    const summaryAt = (...flows: Parameters<typeof judgedFlow>[0][]): ReturnType<Summarizer["conclude"]> => {
      const summarizer = new Summarizer(end);
      for (const flow of flows) summarizer.observe(judgedFlow(flow));
      return summarizer.conclude(capture);
    };
    const cut = summaryAt({ ...open, stage: "established" }, { ...open, stage: "hello", stages: at(44) });
    expect(cut).toMatchObject({
      underWay: 2,
      blind: ["it ends in the midst of 2 flows: what came later is not there"],
    });
    const asked = { closed: "unanswered", label: "sumdb", labelEvidence: known, stage: "tcp", end } as const;
    expect(summaryAt({ ...asked, syns: 1 }).underWay).toBe(1);
    expect(summaryAt({ ...asked, syns: 2 }).underWay).toBeUndefined();
    const whole = [
      { ...open, stage: "hello", stages: at(40) },
      { ...open, noise: true },
      { ...open, oneSided: true },
    ] as const;
    expect(summaryAt(...whole).underWay).toBeUndefined();
    expect(summaryAt({ opened: "midstream", label: "sumdb", labelEvidence: known })).toMatchObject({
      joined: 1,
      blind: ["it begins in the midst of 1 flow: what came before is not there"],
    });
  });

  it("does not take a lone TLS library for Go, and says what is there", () => {
    const lone = {
      label: "direct",
      labelEvidence: unknownGround,
      noise: false,
      tls: [tls({ clientStack: stack("openssl") })],
    } as const;
    const summary = summaryOf(lone, lone, {
      label: "other",
      labelEvidence: known,
      noise: true,
      layers: ["ssh"],
      tls: [],
    });
    expect(summary.goTraffic).toBe(false);
    expect(summary.instead).toMatch(
      /^2 flows of TLS by .*, 1 flow of ssh, 1 connection without payload, 1 UDP datagram \(quic\), 2 frames not understood \(arp\)$/,
    );
  });

  it("takes Go's own hello for Go even where its target is unknown", () => {
    const go = {
      label: "direct",
      labelEvidence: unknownGround,
      noise: false,
      tls: [tls({ clientStack: stack("go") })],
    } as const;
    expect(summaryOf(go).goTraffic).toBe(true);
  });

  it("says what a snap length and a missing direction hide", () => {
    const { blind } = summaryOf({
      label: "direct",
      labelEvidence: known,
      noise: false,
      snappedSegments: 2,
      oneSided: true,
    });
    expect(blind.join("\n")).toMatch(
      /snap length of 96 bytes cut 4 of 10 frames.*-s 0\n1 of 1 flows were captured in one direction/s,
    );
  });
});
