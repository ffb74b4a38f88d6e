// Upstream: difflib of Python, as github.com/pmezard/go-difflib has it

/** A run of equal lines: of the old text from `from`, of the new from `newFrom`. */
interface Match {
  readonly from: number;
  readonly newFrom: number;
  readonly size: number;
}

/** Lines [from, to) of the old text and [newFrom, newTo) of the new: the same, or the one in the other's place. */
interface Step {
  readonly isEqual: boolean;
  readonly from: number;
  readonly to: number;
  readonly newFrom: number;
  readonly newTo: number;
}

/** From so many lines on, what stands in more than a hundredth of them is no place to match texts at. */
const popularFrom = 200;

/** By line, where it stands in the new text. */
function placesOf(after: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of after.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  if (after.length >= popularFrom) {
    const most = Math.floor(after.length / 100) + 1;
    for (const [line, at] of places) if (at.length > most) places.delete(line);
  }
  return places;
}

/** The runs of lines that both texts have, by the longest first, then what is left of it and right of it. */
function matchesOf(before: readonly string[], after: readonly string[]): Match[] {
  const places = placesOf(after);

  function longest(low: number, high: number, newLow: number, newHigh: number): Match {
    let [from, newFrom, size] = [low, newLow, 0];
    let lengths = new Map<number, number>();
    for (let index = low; index < high; index++) {
      const next = new Map<number, number>();
      for (const at of places.get(before[index]!) ?? []) {
        if (at < newLow) continue;
        if (at >= newHigh) break;
        const length = (lengths.get(at - 1) ?? 0) + 1;
        next.set(at, length);
        if (length > size) [from, newFrom, size] = [index - length + 1, at - length + 1, length];
      }
      lengths = next;
    }
    while (from > low && newFrom > newLow && before[from - 1] === after[newFrom - 1]) {
      from--;
      newFrom--;
      size++;
    }
    while (from + size < high && newFrom + size < newHigh && before[from + size] === after[newFrom + size])
      size++;
    return { from, newFrom, size };
  }

  function within(low: number, high: number, newLow: number, newHigh: number): Match[] {
    if (low >= high || newLow >= newHigh) return [];
    const match = longest(low, high, newLow, newHigh);
    if (match.size === 0) return [];
    return [
      ...within(low, match.from, newLow, match.newFrom),
      match,
      ...within(match.from + match.size, high, match.newFrom + match.size, newHigh),
    ];
  }

  return within(0, before.length, 0, after.length);
}

function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  const steps: Step[] = [];
  let [at, newAt] = [0, 0];
  const end = { from: before.length, newFrom: after.length, size: 0 };
  for (const { from, newFrom, size } of [...matchesOf(before, after), end]) {
    if (at < from || newAt < newFrom)
      steps.push({ isEqual: false, from: at, to: from, newFrom: newAt, newTo: newFrom });
    [at, newAt] = [from + size, newFrom + size];
    const last = steps.at(-1);
    // Runs that touch are one.
    if (size > 0 && last?.isEqual) steps[steps.length - 1] = { ...last, to: at, newTo: newAt };
    else if (size > 0) steps.push({ isEqual: true, from, to: at, newFrom, newTo: newAt });
  }
  return steps;
}

/** The steps by hunk, with at most `context` equal lines around what differs. */
function hunksOf(steps: readonly Step[], context: number): Step[][] {
  const hunks: Step[][] = [];
  let hunk: Step[] = [];
  for (const [index, step] of steps.entries()) {
    const { from, to, newFrom, newTo, isEqual } = step;
    if (!isEqual) {
      hunk.push(step);
      continue;
    }
    const head = { ...step, to: Math.min(to, from + context), newTo: Math.min(newTo, newFrom + context) };
    const tail = {
      ...step,
      from: Math.max(from, to - context),
      newFrom: Math.max(newFrom, newTo - context),
    };
    const isLast = index === steps.length - 1;
    if (index === 0) hunk.push(tail);
    else if (isLast) hunk.push(head);
    else if (to - from <= context * 2) hunk.push(step);
    else {
      hunks.push([...hunk, head]);
      hunk = [tail];
    }
  }
  return [...hunks, hunk].filter((steps) => steps.some(({ isEqual }) => !isEqual));
}

function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return String(from + 1);
  return `${count === 0 ? from : from + 1},${count}`;
}

/** A unified diff's hunks as Go programs write them, which match otherwise than GNU diff; no lines name the files. */
export function matchedHunks(before: readonly string[], after: readonly string[], context = 3): string {
  const line = (mark: string) => (text: string) => `${mark}${text}\n`;
  return hunksOf(stepsBetween(before, after), context)
    .map((hunk) => {
      const [first, last] = [hunk[0]!, hunk.at(-1)!];
      const body = hunk.flatMap(({ isEqual, from, to, newFrom, newTo }) =>
        isEqual
          ? before.slice(from, to).map(line(' '))
          : [...before.slice(from, to).map(line('-')), ...after.slice(newFrom, newTo).map(line('+'))],
      );
      const heading = `@@ -${range(first.from, last.to)} +${range(first.newFrom, last.newTo)} @@\n`;
      return heading + body.join('');
    })
    .join('');
}
