import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";

/**
 * Sets V8 up for a long capture, with those of its flags that it reads whenever it needs them, so that they can be set in
 * a running process.
 *
 * Functions are optimized after a third of the usual work: most of ours run a second or two, a good part of which would
 * go by before. Measured on a capture of 1 GB, a twentieth of the time.
 *
 * The young generation is held small: see boundYoungGeneration. A heap that has become large grows by half between two
 * collections instead of to a multiple: measured with 40,000 flows, 63 MB less at the peak.
 *
 * Returns what is to be called from time to time: it looks how large the heap has become.
 */
export function prepareForLongRun(): () => void {
  setFlagsFromString("--interrupt-budget=20000");
  const watchYoung = boundYoungGeneration();
  let isSmall = true;
  return () => {
    watchYoung();
    if (isSmall && getHeapStatistics().total_heap_size > largeHeapBytes) {
      setFlagsFromString("--heap-growing-percent=50");
      isSmall = false;
    }
  };
}

/**
 * The heap's young generation grows to 4 MiB and no further (--max-semi-space-size is read only before the heap exists).
 * Left alone it grows to 48 MiB while flows are described: measured on a capture of 1 GB with 4,000 flows, 33 MB more at
 * the peak. Held at its first size, a quarter of this, it is collected so often that a tenth of the time goes to it. So
 * small a generation is collected by one thread: waiting for helpers takes longer than the work where all processors are
 * busy.
 *
 * Returns what is to be called from time to time: it looks how large the generation has become.
 */
export function boundYoungGeneration(): () => void {
  setFlagsFromString("--no-parallel-scavenge");
  const first = youngBytes();
  let grows = first < wantedYoungBytes;
  setFlagsFromString(`--semi-space-growth-factor=${grows ? Math.floor(wantedYoungBytes / first) : 1}`);
  return () => {
    if (!grows || youngBytes() === first) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    grows = false;
  };
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? wantedYoungBytes;
}

/** Both halves, as V8 counts it. */
const wantedYoungBytes = 8 << 20;

/** More than the flows of most captures take. */
const largeHeapBytes = 40 << 20;
