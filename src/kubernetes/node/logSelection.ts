// Upstream: pkg/kubelet/kuberuntime/logs/logs.go
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { LogEntry } from './containerLog.ts';

/** The query of a log request, as the URL has it. */
export type LogQuery = Readonly<Record<string, string>>;

/** The lines that a request asks for, as text. */
export function selectLog(entries: readonly LogEntry[], query: LogQuery, nowMs: number): string {
  const sinceMs = sinceOf(query, nowMs);
  let chosen = sinceMs === undefined ? entries : entries.filter(({ atMs }) => atMs >= sinceMs);
  const tail = query['tailLines'] === undefined ? -1 : Number(query['tailLines']);
  if (tail >= 0) chosen = lastLines(chosen, tail);
  const text = chosen.map((entry, i) => formatEntry(entry, query, chosen[i - 1])).join('');
  const limit = query['limitBytes'];
  return limit === undefined ? text : text.slice(0, Number(limit));
}

/** One entry as it is sent; with `timestamps` each line begins with its time. */
export function formatEntry({ atMs, text }: LogEntry, query: LogQuery, before?: LogEntry): string {
  const isLineStart = before === undefined || before.text.endsWith('\n');
  return query['timestamps'] === 'true' && isLineStart ? `${nanoTime(atMs)} ${text}` : text;
}

function sinceOf({ sinceSeconds, sinceTime }: LogQuery, nowMs: number): number | undefined {
  if (sinceSeconds !== undefined) return nowMs - Number(sinceSeconds) * 1000;
  return sinceTime === undefined ? undefined : parseTime(sinceTime);
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
