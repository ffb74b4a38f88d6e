// Upstream: GNU diff

/** Lines that differ; past this the middle is shown as replaced whole, so that the work stays bounded. */
const editsMax = 2_000;

export interface Change {
  /** Lines [from, to) of the old text became lines [newFrom, newTo) of the new. */
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** What was changed between two texts, by Myers' algorithm. */
export function changesBetween(before: readonly string[], after: readonly string[]): Change[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const kept = commonLines(old, now);
  const changes: Change[] = [];
  let [from, newFrom] = [0, 0];
  for (const [at, newAt] of [...kept, [old.length, now.length] as const]) {
    if (at > from || newAt > newFrom) {
      changes.push({ from: from + start, to: at + start, newFrom: newFrom + start, newTo: newAt + start });
    }
    [from, newFrom] = [at + 1, newAt + 1];
  }
  return changes;
}

/** Pairs of equal lines that a shortest edit keeps. */
function commonLines(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(old.length + now.length, editsMax); edits++) {
    const next = new Map<number, number>();
    trace.push(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down =
        diagonal === -edits ||
        (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
      let x = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return walkBack(trace, old, now);
    }
    furthest = next;
  }
  return [];
}

function walkBack(
  trace: readonly Map<number, number>[],
  old: readonly string[],
  now: readonly string[],
): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  let [x, y] = [old.length, now.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits]!;
    const diagonal = x - y;
    const down =
      diagonal === -edits ||
      (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
    const previous = down ? diagonal + 1 : diagonal - 1;
    const [startX, startY] = [furthest.get(previous) ?? 0, (furthest.get(previous) ?? 0) - previous];
    while (x > startX && y > startY && x > 0 && y > 0) kept.push([--x, --y]);
    [x, y] = [startX, startY];
  }
  return kept.reverse();
}

/** A unified diff's hunks, without the two lines that name the files. */
export function unifiedHunks(before: readonly string[], after: readonly string[], context = 3): string {
  let out = '';
  const changes = changesBetween(before, after);
  for (let index = 0; index < changes.length;) {
    let last = index;
    while (last + 1 < changes.length && changes[last + 1]!.from - changes[last]!.to <= context * 2) last++;
    const first = changes[index]!;
    const start = Math.max(0, first.from - context);
    const newStart = first.newFrom - (first.from - start);
    const end = Math.min(before.length, changes[last]!.to + context);
    const newEnd = changes[last]!.newTo + (end - changes[last]!.to);
    out += `@@ -${range(start, end)} +${range(newStart, newEnd)} @@\n`;
    let at = start;
    for (const change of changes.slice(index, last + 1)) {
      for (; at < change.from; at++) out += ` ${before[at]}\n`;
      for (; at < change.to; at++) out += `-${before[at]}\n`;
      for (let line = change.newFrom; line < change.newTo; line++) out += `+${after[line]}\n`;
    }
    for (; at < end; at++) out += ` ${before[at]}\n`;
    index = last + 1;
  }
  return out;
}

function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return String(from + 1);
  return `${count === 0 ? from : from + 1},${count}`;
}
