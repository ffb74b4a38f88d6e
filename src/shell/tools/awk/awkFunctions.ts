import { formatDate } from '../date.ts';
import { ToolError } from '../tool.ts';
import {
  type AwkArray,
  type AwkState,
  type AwkValue,
  fromOutside,
  regexOf,
  splitText,
  sprintf,
  toNumber,
  toText,
} from './awkState.ts';

/** Functions of plain values. */
export const awkFunctions: Readonly<
  Record<string, (state: AwkState, args: readonly AwkValue[]) => AwkValue>
> = {
  substr(_, [text, start, length]) {
    const first = Math.round(toNumber(start));
    const end = length === undefined ? Infinity : first + Math.round(toNumber(length));
    return toText(text).slice(Math.max(0, first - 1), Math.max(0, end - 1));
  },
  index: (_, [text, part]) => toText(text).indexOf(toText(part)) + 1,
  tolower: (_, [text]) => toText(text).toLowerCase(),
  toupper: (_, [text]) => toText(text).toUpperCase(),
  sprintf: (_, [format, ...rest]) => sprintf(toText(format), rest),
  int: (_, [value]) => Math.trunc(toNumber(value)),
  sqrt: (_, [value]) => Math.sqrt(toNumber(value)),
  rand: (state) => state.process.simulation.random('awk').fraction(),
  srand: () => 0,
  systime: (state) => Math.floor(state.process.simulation.nowMs / 1000),
  strftime: (state, [format, time]) =>
    formatDate(
      toText(format ?? '%c'),
      time === undefined ? state.process.simulation.nowMs : toNumber(time) * 1000,
    ),
  close: () => 0,
  fflush: () => 0,
  exp: notHere('exp'),
  log: notHere('log'),
  sin: notHere('sin'),
  cos: notHere('cos'),
  atan2: notHere('atan2'),
  system: notHere('system'),
};

function notHere(name: string): () => never {
  return () => {
    throw new ToolError(`${name}() is not simulated yet`, 2);
  };
}

/** `match(text, regex)`, with gawk's array of groups as a third argument. */
export function matchText(state: AwkState, text: string, source: string, groups: AwkArray | null): number {
  const match = regexOf(source).exec(text);
  state.set('RSTART', match === null ? 0 : match.start + 1);
  state.set('RLENGTH', match === null ? -1 : match.end - match.start);
  groups?.clear();
  match?.groups.forEach((group, index) => groups?.set(String(index), fromOutside(group ?? '')));
  return match === null ? 0 : match.start + 1;
}

export function splitInto(
  state: AwkState,
  text: string,
  array: AwkArray,
  separator: string | undefined,
): number {
  array.clear();
  const parts = splitText(text, separator ?? state.text('FS'));
  parts.forEach((part, index) => array.set(String(index + 1), fromOutside(part)));
  return parts.length;
}

/** `sub` and `gsub`: the new text, and how many places changed. */
export function substitute(text: string, source: string, template: string, every: boolean): [string, number] {
  let out = '';
  let from = 0;
  let count = 0;
  for (const match of regexOf(source).all(text)) {
    count++;
    const replacement = template.replace(/\\\\|\\&|&/g, (found) =>
      found === '&' ? match.groups[0]! : found.slice(1),
    );
    out += text.slice(from, match.start) + replacement;
    from = match.end;
    if (!every) break;
  }
  return [out + text.slice(from), count];
}
