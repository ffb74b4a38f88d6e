// Upstream: pkg/kubelet/kuberuntime/logs/logs.go
import type { LogEntry } from './containerLog.ts';
import type { PodLogOptions } from './podLogOptions.ts';

/** The lines that a request asks for, as text. */
export function selectLog(entries: readonly LogEntry[], options: PodLogOptions, nowMs: number): string {
  const sinceMs = sinceOf(options, nowMs);
  let chosen = sinceMs === undefined ? entries : entries.filter(({ atMs }) => atMs >= sinceMs);
  if (options.tailLines !== undefined) chosen = lastLines(chosen, options.tailLines);
  const text = chosen.map((entry, i) => formatEntry(entry, options, chosen[i - 1])).join('');
  return options.limitBytes === undefined ? text : text.slice(0, options.limitBytes);
}

/** One entry as it is sent; with `timestamps` each line begins with its time. */
export function formatEntry(
  { atMs, text }: LogEntry,
  { timestamps }: PodLogOptions,
  before?: LogEntry,
): string {
  const isLineStart = before === undefined || before.text.endsWith('\n');
  return timestamps && isLineStart ? `${nanoTime(atMs)} ${text}` : text;
}

function sinceOf({ sinceSeconds, sinceTime }: PodLogOptions, nowMs: number): number | undefined {
  return sinceSeconds === undefined ? sinceTime : nowMs - sinceSeconds * 1000;
}

/** The entries of the last `count` lines; a line may be in several entries. */
function lastLines(entries: readonly LogEntry[], count: number): readonly LogEntry[] {
  let lines = 0;
  for (let at = entries.length - 1; at >= 0; at--) {
    const isLineStart = at === 0 || entries[at - 1]!.text.endsWith('\n');
    if (lines === count) return entries.slice(at + 1);
    if (isLineStart) lines++;
  }
  return count === 0 ? [] : entries;
}

/** RFC 3339 with nanoseconds, as container runtimes stamp lines. */
function nanoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z');
}
