import { humanDuration } from '#kubernetes/apimachinery/duration.ts';

/** How long ago an RFC 3339 time was, as `kubectl get` prints it; `<unknown>` without one. */
export function age(timestamp: string | undefined, nowMs: number): string {
  return timestamp ? humanDuration(nowMs - Date.parse(timestamp)) : '<unknown>';
}
