import { describe, expect, it } from "vitest";
import type { Story, StoryModule } from "../../src/flow/story.ts";
import { renderGrid, type GridColumn } from "../../src/report/grid.ts";
import { renderStoryCsv } from "../../src/report/story-csv.ts";
import { renderStoryMarkdown } from "../../src/report/story-markdown.ts";
import { renderStory, renderStorySection } from "../../src/report/story-text.ts";
import { modulesSentence } from "../../src/report/story-words.ts";
import { plainStyle } from "../../src/report/style.ts";
import { finding, sampleAnalysis } from "../build/analysis.ts";

const served = {
  servedBy: "proxy.golang.org:443",
  status: 200,
  bytes: 70,
  frame: 12,
  flow: 1,
  grade: "decrypted",
} as const;
const fetched: StoryModule = {
  client: "192.0.2.10",
  module: "example.com/a-module-with-a-rather-long-path/v2",
  version: "v2.0.0",
  outcome: "fetched",
  info: served,
  mod: served,
  zip: { ...served, bytes: 2_500_000, redirectedTo: "storage.googleapis.com:443" },
  checksum: { servedBy: "sum.golang.org:443", mirrored: false, status: 200, grade: "decrypted" },
  walks: [
    {
      files: ["mod", "zip"],
      steps: [
        {
          entry: "https://a.example",
          outcome: "not-found",
          answer: "404 Not Found",
          goesOn: true,
          rule: "a comma lets 404 and 410 go on to the next entry",
          frame: 10,
          grade: "decrypted",
        },
        {
          entry: "https://proxy.golang.org",
          outcome: "served",
          answer: "200 OK",
          goesOn: false,
          frame: 12,
          grade: "decrypted",
        },
      ],
    },
  ],
  seconds: 0.25,
};
const failed: StoryModule = {
  client: "192.0.2.10",
  module: "example.com/\u001b[31mb",
  version: "v1.0.0",
  outcome: "failed",
  info: { servedBy: "a.example:443", status: 403, grade: "decrypted" },
  walks: [
    {
      files: ["info"],
      steps: [
        {
          entry: "https://a.example",
          outcome: "refused",
          answer: "403 Forbidden",
          goesOn: false,
          rule: "it is the last entry",
          grade: "decrypted",
        },
      ],
    },
  ],
  goError: "example.com/b@v1.0.0: reading https://a.example/x: 403 Forbidden",
};
const listed: StoryModule = { client: "192.0.2.10", module: fetched.module, outcome: "part", list: served, walks: [] };
const story: Story = {
  grade: "decrypted",
  because: "requests were read after decryption",
  proxyList: "https://a.example,https://proxy.golang.org",
  modules: [fetched, failed, listed],
  databases: [{ name: "sum.golang.org", steps: [], servedBy: "sum.golang.org:443", lookups: 1, tiles: 3 }],
  places: [
    {
      host: "a.example",
      port: 443,
      role: "module-proxy",
      label: "proxied",
      route: "direct",
      flows: 2,
      firstFlow: 0,
      firstFrame: 1,
      bytes: 900,
      requests: 2,
    },
  ],
  errors: [],
};
const analysis = sampleAnalysis({ story });
const text = (width: number): string =>
  [...renderStory(analysis, { width, style: plainStyle, verbose: false })].join("");

describe("the sentence on modules", () => {
  const sentence = (...modules: StoryModule[]): string => modulesSentence({ ...story, modules }, true);

  it("counts them, and says through what they came and what failed", () => {
    const failure = { wanted: "info", entry: "https://a.example", answer: "403 Forbidden", grade: "seen" } as const;
    const lost = { ...failed, module: "example.com/b", failure };
    expect(sentence(fetched, lost, listed)).toBe(
      "1 module fetched through proxy.golang.org, storage.googleapis.com, 1 failed: example.com/b@v1.0.0 (403 Forbidden).",
    );
    expect(modulesSentence({ ...story, modules: [lost] }, false)).toBe("1 module failed: example.com/b@v1.0.0.");
    expect(sentence(fetched, { ...fetched, version: "v2.1.0" })).toBe(
      "2 modules fetched through proxy.golang.org, storage.googleapis.com.",
    );
    expect(sentence(lost, { ...lost, version: "v1.1.0" })).toBe(
      "2 modules failed: example.com/b@v1.0.0, example.com/b@v1.1.0.",
    );
    expect(sentence(listed)).toBe("");
  });
});

describe("renderStory", () => {
  it("tells modules, the way through GOPROXY, the database, hosts and the error", () => {
    const told = text(200);
    expect(told).toMatch(
      /^capture\.pcap: requests were read after decryption \(decrypted\)\nGOPROXY=https:\/\/a\.example,/,
    );
    expect(told).toMatch(
      /\/v2@v2\.0\.0 +proxy\.golang\.org, storage\.googleapis\.com +70 B +70 B +2\.5 MB +asked +250 ms +fetched\n/,
    );
    expect(told).toMatch(/b@v1\.0\.0 +- +403 +- +- +- +- +failed\n/);
    expect(told.indexOf("1 https://a.example: 403 Forbidden; stops: it is the last entry")).toBeLessThan(
      told.indexOf("1 https://a.example: 404 Not Found (frame 10); a comma lets 404 and 410 go on to the next entry"),
    );
    expect(told).toContain("sum.golang.org: 1 lookup and 3 tiles at sum.golang.org");
    expect(told).toContain(
      "go: example.com/b@v1.0.0: reading https://a.example/x: 403 Forbidden (by the answers seen)",
    );
  });

  it("calls routes as the table of flows does, and requests hidden only where some were made, and a place by IPv6 in brackets", () => {
    const place = { ...story.places[0], route: "http-connect", requests: 0 } as const;
    const places = [place, { ...place, host: "2001:db8::b", port: 8443, failure: "the proxy answered 407" }];
    const told = [
      ...renderStory(sampleAnalysis({ story: { ...story, places } }), {
        width: 200,
        style: plainStyle,
        verbose: false,
      }),
    ].join("");
    expect(told).toMatch(/ CONNECT +\d+ +hidden /);
    expect(told).toMatch(/^\[2001:db8::b\]:8443.* CONNECT +\d+ +- .*the proxy answered 407$/m);
  });

  it("says what to do about a module that was lost: the remedies of the findings on that answer", () => {
    const failure = { wanted: "info", entry: "https://a.example", answer: "no", frame: 9, grade: "seen" } as const;
    const lost = { ...story, modules: [{ ...failed, failure }] };
    const findings = [
      finding({ severity: "error", frames: [8, 9], remedy: "Mend it." }),
      finding({ severity: "error", frames: [7], remedy: "Mend another." }),
      finding({ severity: "note", frames: [9], remedy: "Nothing." }),
    ];
    const told = sampleAnalysis({ story: lost, findings });
    const options = { width: 80, style: plainStyle, verbose: false };
    expect([...renderStory(told, options)].join("")).toMatch(/\nWhat to do\n {4}Mend it\.\n$/);
    expect([...renderStoryMarkdown(told)].join("")).toMatch(/### What to do\n\n- Mend it\\?\.\n/);
    expect([...renderStorySection(told, options)].join("")).not.toContain("What to do");
  });

  it("fits into any width, and writes nothing that acts on a terminal", () => {
    for (const width of [60, 80, 120]) {
      expect(
        Math.max(
          ...text(width)
            .split("\n")
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(width);
    }
    for (const all of [
      text(80),
      [...renderStoryMarkdown(analysis)].join(""),
      [...renderStoryCsv(analysis, true)].join(""),
    ]) {
      expect(all).not.toContain("\u001b");
      expect(all).toContain("x1b");
    }
  });

  it("never cuts what identifies a module, and puts it on a line of its own where the terminal is narrow", () => {
    const long = { ...fetched, module: `example.com/${"long/".repeat(40)}end` };
    for (const width of [60, 80, 200]) {
      const analysisOfLong = sampleAnalysis({ story: { ...story, modules: [fetched, long] } });
      const told = [...renderStory(analysisOfLong, { width, style: plainStyle, verbose: false })].join("");
      for (const { module, version } of [fetched, long]) expect(told).toContain(`\n${module}@${version!}\n`);
    }
    expect(text(80)).toContain(`\n${fetched.module}@v2.0.0\n`);
    expect(text(200)).toContain(`\n${fetched.module}@v2.0.0  `);
  });

  it("names flow, frame and grade of each file when asked", () => {
    const told = [...renderStory(analysis, { width: 120, style: plainStyle, verbose: true })].join("");
    expect(told).toContain(".mod       200, 70 B from proxy.golang.org (flow 1, frame 12, decrypted)");
    expect(told).toContain("sum        200 from sum.golang.org (decrypted)");
    expect(told).toContain(".info      403 from a.example (decrypted)");
    expect(told).toContain("inferred   a pattern that fits");
    expect(text(120)).not.toContain("flow 1, frame 12");
  });

  it("has a short form where requests are visible only", () => {
    const section = [...renderStorySection(analysis, { width: 80, style: plainStyle, verbose: false })].join("");
    expect(section).toContain("GOPROXY as walked");
    expect(section).not.toContain("Hosts");
    const hidden = sampleAnalysis({ story: { ...story, modules: [] } });
    expect([...renderStorySection(hidden, { width: 80, style: plainStyle, verbose: false })]).toEqual([]);
  });
});

describe("renderGrid", () => {
  const columns: readonly GridColumn[] = [
    { name: "long", side: "left", least: 4 },
    { name: "n", side: "right", spare: 1 },
    { name: "none", side: "left" },
  ];
  const rows = [[{ text: "abcdefgh" }, { text: "1" }, { text: "-" }]];
  const grid = (width: number): string => [...renderGrid(columns, rows, width, plainStyle)].join("");

  it.each([
    [40, "long      n\n────────  ─\nabcdefgh  1\n"],
    [9, "long    n\n──────  ─\nabcde…  1\n"],
    [6, "long\n──────\nabcde…\n"],
  ])("in %i cells", (width, expected) => {
    expect(grid(width)).toBe(expected);
  });
});
