import { TlsDecoder } from "../../src/protocol/tls/decoder.ts";
import type { TlsFacts } from "../../src/protocol/tls/facts.ts";
import { parseKeyLog } from "../../src/protocol/tls/key-log.ts";
import { TlsSecrets } from "../../src/protocol/tls/secrets.ts";
import { Demand, type Direction } from "../../src/stream/consumer.ts";
import { RecordingContext, type RecordingConsumer } from "./tls.ts";

/** Bytes of a direction; a number: so many are missing. */
export type Turn = readonly [direction: Direction, bytes: Uint8Array | number];

function secretsOf(keyLog: string): TlsSecrets {
  return new TlsSecrets([parseKeyLog("keys", Buffer.from(keyLog))]);
}

/** Feeds the turns to a decoder, with the secrets of a key log where there is one, each in pieces; lent blocks are overwritten after each call. */
export function decodeTls(
  turns: readonly Turn[],
  keyLog: string | undefined,
  pieces: (bytes: Uint8Array, turn: number) => readonly number[] = () => [],
): { facts: TlsFacts; context: RecordingContext; inner: RecordingConsumer; skipped: readonly boolean[] } {
  const context = new RecordingContext(keyLog === undefined ? undefined : secretsOf(keyLog));
  const decoder = new TlsDecoder(context);
  const skipped = [false, false];
  turns.forEach(([direction, bytes], turn) => {
    context.moment.frame = turn + 1;
    if (typeof bytes === "number") {
      if (!skipped[direction]) skipped[direction] = decoder.onGap(direction, bytes) === Demand.Skip;
      return;
    }
    let start = 0;
    for (const end of [...pieces(bytes, turn), bytes.length]) {
      const lent = bytes.slice(start, end);
      start = end;
      if (skipped[direction] || lent.length === 0) continue;
      skipped[direction] = decoder.onData(direction, lent, 0, lent.length, turn + 1) === Demand.Skip;
      lent.fill(0xdb);
    }
  });
  decoder.onEnd(0, "fin");
  decoder.onEnd(1, "fin");
  return { facts: decoder.facts, context, inner: context.inner, skipped };
}
