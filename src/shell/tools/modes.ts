import type { FileStatus } from '#world/machine/fileSystem.ts';
import { ToolError } from './tool.ts';

/** `-rw-r--r--`, as `ls -l` and `stat` print it. */
export function formatMode({ type, device, mode }: Pick<FileStatus, 'type' | 'device' | 'mode'>): string {
  const part = (shift: number, special: number, letter: string) => {
    const bits = mode >> shift;
    const x = (bits & 1) !== 0;
    const last = (mode & special) === 0 ? (x ? 'x' : '-') : x ? letter : letter.toUpperCase();
    return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
  };
  const kind = type === 'directory' ? 'd' : device === undefined ? '-' : device[0]!;
  return `${kind}${part(6, 0o4000, 's')}${part(3, 0o2000, 's')}${part(0, 0o1000, 't')}`;
}

const who: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const letters: Readonly<Record<string, number>> = {
  r: 0o444,
  w: 0o222,
  x: 0o111,
  s: 0o6000,
  t: 0o1000,
};
/** What the usual umask takes away where nobody is named. */
const umask = 0o022;

/** What `chmod` makes of a mode: `755`, `u+x,go-w`, `a=rX`. Throws ToolError. */
export function parseMode(text: string): (status: Pick<FileStatus, 'type' | 'mode'>) => number {
  if (/^[0-7]{1,4}$/.test(text)) return () => Number.parseInt(text, 8);
  const clauses = text.split(',').map((clause) => {
    const match = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/.exec(clause);
    if (match === null) throw new ToolError(`invalid mode: ‘${text}’`);
    const [, named = '', actions = ''] = match;
    const range = Array.from(named || 'a').reduce((bits, letter) => bits | who[letter]!, 0);
    return { range: named === '' ? range & ~umask : range, actions: actions.match(/[-+=][^-+=]*/g)! };
  });
  return ({ type, mode: before }) => {
    let mode = before;
    for (const { range, actions } of clauses)
      for (const action of actions) {
        const bits = bitsOf(action.slice(1), mode, type === 'directory') & range;
        if (action[0] === '+') mode |= bits;
        else if (action[0] === '-') mode &= ~bits;
        else mode = (mode & ~(range & 0o777)) | bits;
      }
    return mode;
  };
}

function bitsOf(text: string, mode: number, isDirectory: boolean): number {
  if (text === 'u' || text === 'g' || text === 'o') {
    const shift = { u: 6, g: 3, o: 0 }[text];
    return ((mode >> shift) & 7) * 0o111;
  }
  return Array.from(text).reduce((bits, letter) => {
    if (letter === 'X') return isDirectory || (mode & 0o111) !== 0 ? bits | 0o111 : bits;
    return bits | letters[letter]!;
  }, 0);
}
