import { describe, expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { protectedRecords, RecordLog, recordSizes } from "../../../src/protocol/tls/record-log.ts";

describe("the log of encrypted records", () => {
  it("gives them back in order of arrival", () => {
    const log = new RecordLog();
    log.note(1, 22, 40, 5);
    log.note(0, 23, 18_432, 6);
    log.note(1, 23, 0, 7);
    expect(log.records()).toEqual([
      { direction: 1, contentType: 22, length: 40, frame: 5 },
      { direction: 0, contentType: 23, length: 18_432, frame: 6 },
      { direction: 1, contentType: 23, length: 0, frame: 7 },
    ]);
    expect(protectedRecords(log.records(), 1)).toHaveLength(1);
  });

  it("keeps a fixed number of each direction", () => {
    const log = new RecordLog();
    for (let count = 0; count < limits.recordLengths * 3; count++) log.note(0, 23, 100, count);
    log.note(1, 23, 100, 0);
    expect(log.counts).toEqual([limits.recordLengths, 1]);
    expect(log.records()).toHaveLength(limits.recordLengths + 1);
  });

  it.each([
    [0x1301, { overhead: 17, finished: [53], alert: 19 }],
    [0x1302, { overhead: 17, finished: [69], alert: 19 }],
    [0x1303, { overhead: 17, finished: [53], alert: 19 }],
    [0x1304, { overhead: 17, finished: [53], alert: 19 }],
    [0x1305, { overhead: 9, finished: [45], alert: 11 }],
    [undefined, { overhead: 17, finished: [53, 69], alert: 19 }],
    [0x13ff, { overhead: 17, finished: [53, 69], alert: 19 }],
  ])("knows the records of suite %s by their lengths", (suite, sizes) => {
    expect(recordSizes(suite)).toEqual(sizes);
  });
});
