import { expect, it } from "vitest";
import { limits } from "../../../src/limits.ts";
import { RecordGatherer, type RecordOpener } from "../../../src/protocol/tls/record-gatherer.ts";
import { TlsSecrets } from "../../../src/protocol/tls/secrets.ts";
import { Moment } from "../../../src/stream/consumer.ts";

const byte = new Uint8Array(1);

/** Hands records of one byte to a new direction, each in a segment of its own. */
function holdSmall(secrets: TlsSecrets, count: number): RecordGatherer {
  const moment = new Moment();
  const opener: RecordOpener = { openRecord: () => undefined, brokenRecord: () => undefined };
  const gatherer = new RecordGatherer(0, moment, secrets, opener);
  for (let frame = 1; frame <= count; frame++) {
    moment.frame = frame;
    gatherer.recordStart(23, 1);
    gatherer.recordBytes(byte, 0, 1, frame);
    gatherer.recordEnd(frame);
  }
  return gatherer;
}

it("counts what records take besides their bytes, and gives all of it back", () => {
  const secrets = new TlsSecrets();
  const each = 8000;
  const gatherers: RecordGatherer[] = [];
  for (let held = 1; held > 0;) {
    const gatherer = holdSmall(secrets, each);
    gatherers.push(gatherer);
    held = gatherer.held;
  }
  const records = gatherers.reduce((sum, { held }) => sum + held, 0);
  expect(records * 100).toBeLessThan(limits.heldRecordsTotal);
  expect(records).toBeGreaterThan(100_000);
  for (const gatherer of gatherers) gatherer.forget();
  expect(secrets.hold(limits.heldRecordsTotal)).toBe(true);
});
