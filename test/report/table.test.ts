import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../src/flow/model.ts";
import { chooseColumns, flowRow, narrowest } from "../../src/report/columns.ts";
import { displayWidth } from "../../src/report/layout.ts";
import { colourStyle, plainStyle } from "../../src/report/style.ts";
import { headingLines, renderTable, renderWhole, rowLine, wholeTableRows } from "../../src/report/table.ts";
import { sampleFlows } from "../build/analysis.ts";
import { judgedFlow, target } from "../build/flows.ts";

const origin = "2026-12-01T10:00:00.000000000Z";
const render = (flows: Iterable<Flow>, width: number): string[] =>
  [...renderTable(flows, { width, style: plainStyle, origin })].join("").split("\n").slice(0, -1);

describe("renderTable", () => {
  it("prints nothing without flows", () => {
    expect(render([], 80)).toEqual([]);
  });

  it("fits any terminal, and says more on a wider one", () => {
    const flows = [...sampleFlows(), judgedFlow({ id: 5, target: target(`${"a".repeat(60)}.example:8443`) })];
    const lengths = [narrowest, 30, 40, 50, 60, 70, 80, 100, 120, 160, 200].map((width) => {
      const lines = render(flows, width);
      expect(lines).toHaveLength(flows.length + 2);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      return lines[0].split(/ +/).length;
    });
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });

  it("names the client only when there are several", () => {
    const other = judgedFlow({ id: 9, client: { address: "192.0.2.11", port: 1 } });
    expect(render(sampleFlows(), 200)[0]).not.toContain("client");
    expect(render([...sampleFlows(), other], 200)[0]).toContain("client");
  });

  it("flows when it is long, without holding the flows", () => {
    let made = 0;
    const many = function* (): Iterable<Flow> {
      for (let id = 0; id < wholeTableRows * 5; id++, made++) yield judgedFlow({ id });
    };
    const pieces = renderTable(many(), { width: 80, style: plainStyle, origin })[Symbol.iterator]();
    for (let lines = 0; lines < 10; lines++) pieces.next();
    expect(made).toBeLessThan(wholeTableRows + 20);
    let lines = 10;
    while (pieces.next().done !== true) lines++;
    expect(lines).toBe(wholeTableRows * 5 + 1);
  });

  it("looks the same laid out as a whole and flowing, with colours and without", () => {
    const names = fc.array(fc.stringMatching(/^[a-z漢é]{1,30}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(names, fc.integer({ min: 40, max: 200 }), (hosts, width) => {
        const rows = hosts.map((host, id) => flowRow(judgedFlow({ id, target: target(`${host}:443`) }), origin));
        const columns = chooseColumns(rows, width, true);
        for (const style of [plainStyle, colourStyle]) {
          const flowing = headingLines(columns, style) + rows.map((row) => rowLine(row, columns, style)).join("");
          expect(renderWhole(rows, columns, style)).toBe(flowing);
        }
      }),
      { seed: 5, numRuns: 40 },
    );
  });
});
