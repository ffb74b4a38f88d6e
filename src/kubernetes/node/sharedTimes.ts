import type { ContainerState } from '#generated/types/core.v1.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';

/** Past so many entries a table of shared values starts anew. */
const sharedMax = 1024;
const seconds = new Map<number, string>();
const running = new Map<string, ContainerState>();

/** RFC 3339 of a time; the same second is the same string, so that thousands of pods share it (D4). */
export function sharedTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  let text = seconds.get(second);
  if (text === undefined) {
    if (seconds.size >= sharedMax) seconds.clear();
    text = formatTime(ms);
    seconds.set(second, text);
  }
  return text;
}

/** `{ running: { startedAt } }`, one object per second. */
export function runningSince(ms: number): ContainerState {
  const startedAt = sharedTime(ms);
  let state = running.get(startedAt);
  if (state === undefined) {
    if (running.size >= sharedMax) running.clear();
    state = { running: { startedAt } };
    running.set(startedAt, state);
  }
  return state;
}
