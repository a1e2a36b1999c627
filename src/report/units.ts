/** Bytes as people read them: `999 B`, `12.3 kB`, `4.5 GB`; powers of 1000. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let scaled = bytes;
  let unit = -1;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled < 99.95 ? scaled.toFixed(1) : scaled.toFixed(0)} ${units[unit]}`;
}

/** A span of time as people read it: `0.4 ms`, `45 ms`, `1.23 s`, `2 m 05 s`. */
export function durationText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  if (seconds === 0) return "0 ms";
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "-" : "";
  if (size < 0.00995) return `${sign}${(size * 1000).toFixed(1)} ms`;
  if (size < 0.9995) return `${sign}${(size * 1000).toFixed(0)} ms`;
  if (size < 9.995) return `${sign}${size.toFixed(2)} s`;
  if (size < 60) return `${sign}${size.toFixed(1)} s`;
  const whole = Math.round(size);
  return `${sign}${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
}

const units = ["kB", "MB", "GB", "TB", "PB"];
