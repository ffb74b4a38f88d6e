// Upstream: GNU diff -u, which kubectl diff calls

/** Lines of unchanged text around a change. */
const contextLines = 3;
/** Beyond this many pairs of lines the differing middles are shown as one change. */
const pairsMax = 4_000_000;

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
}

/** The steps from one text to the other, with as many common lines as there can be. */
function steps(before: readonly string[], after: readonly string[]): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  const left = before.slice(start, before.length - end);
  const right = after.slice(start, after.length - end);
  const same = (lines: readonly string[]): Step[] => lines.map((line) => ({ sign: ' ', line }));
  return [
    ...same(before.slice(0, start)),
    ...middle(left, right),
    ...same(before.slice(before.length - end)),
  ];
}

function middle(left: readonly string[], right: readonly string[]): Step[] {
  const columns = right.length + 1;
  const small = left.length * right.length <= pairsMax;
  // common[i * columns + j] counts the longest common part of left from i and right from j.
  const common = new Uint32Array(small ? (left.length + 1) * columns : 0);
  const at = (i: number, j: number) => common[i * columns + j] ?? 0;
  if (small) {
    for (let i = left.length - 1; i >= 0; i--) {
      for (let j = right.length - 1; j >= 0; j--) {
        common[i * columns + j] =
          left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  const found: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (small && i < left.length && j < right.length && left[i] === right[j]) {
      found.push({ sign: ' ', line: left[i++]! });
      j++;
    } else if (i < left.length && (j >= right.length || at(i + 1, j) >= at(i, j + 1)))
      found.push({ sign: '-', line: left[i++]! });
    else found.push({ sign: '+', line: right[j++]! });
  }
  return found;
}

/** The hunks of a unified diff without its heading; `''` where the texts are equal. */
export function unifiedDiff(before: string, after: string): string {
  const lines = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const all = steps(lines(before), lines(after));
  const changed = all.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  let output = '';
  for (let at = 0; at < changed.length;) {
    let last = at;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= contextLines * 2) last++;
    const from = Math.max(0, changed[at]! - contextLines);
    const to = Math.min(all.length, changed[last]! + contextLines + 1);
    output += hunk(all, from, to);
    at = last + 1;
  }
  return output;
}

function hunk(all: readonly Step[], from: number, to: number): string {
  const count = (list: readonly Step[], sign: '-' | '+') =>
    list.filter((step) => step.sign !== (sign === '-' ? '+' : '-')).length;
  const own = all.slice(from, to);
  const range = (sign: '-' | '+') => {
    const length = count(own, sign);
    const start = count(all.slice(0, from), sign) + (length === 0 ? 0 : 1);
    return length === 1 ? `${sign}${start}` : `${sign}${start},${length}`;
  };
  return `@@ ${range('-')} ${range('+')} @@\n${own.map(({ sign, line }) => `${sign}${line}\n`).join('')}`;
}
