// Upstream: pkg/scheduler/framework/plugins/helper/normalize_score.go
import { nodeScoreMax } from './framework.ts';

function normalize(scores: Int32Array, count: number, isReversed: boolean): void {
  let most = 0;
  for (let i = 0; i < count; i++) if (scores[i]! > most) most = scores[i]!;
  if (most === 0) {
    if (isReversed) scores.fill(nodeScoreMax, 0, count);
    return;
  }
  for (let i = 0; i < count; i++) {
    const scaled = Math.floor((nodeScoreMax * scores[i]!) / most);
    scores[i] = isReversed ? nodeScoreMax - scaled : scaled;
  }
}

/** Scales scores that are not negative so that the highest becomes 100. */
export function normalizeToMax(scores: Int32Array, count: number): void {
  normalize(scores, count, false);
}

/** As `normalizeToMax`, then turned round: the highest becomes 0, and 0 becomes 100. */
export function normalizeReversed(scores: Int32Array, count: number): void {
  normalize(scores, count, true);
}
