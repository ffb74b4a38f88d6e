/** A line of a difference: in both, only before, or only after. */
export interface DiffLine {
  readonly type: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Beyond this many cells of the table the texts are shown as wholly different. */
const cellsMax = 4_000_000;

/** The shortest difference between two texts, by the longest common subsequence of their lines. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [a, b] = [splitLines(before), splitLines(after)];
  if (a.length * b.length > cellsMax)
    return [
      ...a.map((text): DiffLine => ({ type: 'removed', text })),
      ...b.map((text): DiffLine => ({ type: 'added', text })),
    ];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ type: 'same', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ type: 'removed', text: a[i] ?? '' });
      i += 1;
    } else {
      lines.push({ type: 'added', text: b[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/u, '').split('\n');
}

/** Only the changed lines with a few around them; null stands for what was left out. */
export function withContext(lines: readonly DiffLine[], around: number): (DiffLine | null)[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.type === 'same') return;
    for (let at = index - around; at <= index + around; at += 1) near.add(at);
  });
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, index) => {
    if (near.has(index)) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}
