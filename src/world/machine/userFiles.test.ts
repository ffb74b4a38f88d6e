import { expect, test } from 'vitest';
import { FileError } from './fileSystem.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { mayAccess, UserFiles } from './userFiles.ts';

const me = { uid: 1000, gid: 3000, groups: [2000, 3000] };
const shown = ({ mode, uid, gid }: { mode: number; uid: number; gid: number }) =>
  `${mode.toString(8)} ${uid}:${gid}`;

/** A root with directories that are root's, everybody's, the group's and the user's own. */
function disk() {
  const files = new MemoryFileSystem({ nowMs: 0 });
  const add = (path: string, mode: number, uid = 0, gid = 0) => {
    files.makeDirectory(path);
    files.write(`${path}/f`, 'text');
    files.setAccess(path, { mode, uid, gid });
  };
  add('/root', 0o700);
  add('/etc', 0o755);
  add('/tmp', 0o1777);
  add('/shared', 0o2775, 0, 2000);
  add('/home', 0o755, 1000, 3000);
  files.write('/etc/secret', 'hidden');
  files.setAccess('/etc/secret', { mode: 0o640, gid: 2000 });
  files.write('/etc/shadow', 'hidden');
  files.setAccess('/etc/shadow', { mode: 0o400 });
  return files;
}

test.each<[string, number, number, number, number, boolean]>([
  ['the owner by the first digit', 0o400, 1000, 0, 4, true],
  ['the owner, though others may', 0o044, 1000, 0, 4, false],
  ['a group', 0o640, 0, 2000, 4, true],
  ['a group that may only read', 0o640, 0, 2000, 2, false],
  ['others', 0o604, 0, 0, 4, true],
  ['others, refused', 0o770, 0, 0, 1, false],
])('%s', (_name, mode, uid, gid, bits, may) => {
  expect(mayAccess({ mode, uid, gid }, me, bits)).toBe(may);
});

test('root may all but run what nobody may', () => {
  const root = { uid: 0, gid: 0, groups: [0] };
  expect(mayAccess({ mode: 0, uid: 5, gid: 5 }, root, 6)).toBe(true);
  expect(mayAccess({ mode: 0o644, uid: 5, gid: 5 }, root, 1)).toBe(false);
  expect(mayAccess({ mode: 0o100, uid: 5, gid: 5 }, root, 1)).toBe(true);
});

test.each<[string, (files: UserFiles) => unknown, unknown]>([
  ['reads what others may', (files) => files.read('/etc/f'), 'text'],
  ['reads by its group', (files) => files.read('/etc/secret'), 'hidden'],
  ['reads no more than that', (files) => files.read('/etc/shadow'), 'EACCES'],
  ['enters no directory of root', (files) => files.status('/root/f'), 'EACCES'],
  ['lists none either', (files) => files.list('/root'), 'EACCES'],
  ['writes nothing of others', (files) => files.write('/etc/f', 'x'), 'EACCES'],
  ['makes nothing in what is not its own', (files) => files.write('/etc/new', 'x'), 'EACCES'],
  ['nor a directory', (files) => files.makeDirectory('/etc/a/b', { parents: true }), 'EACCES'],
  ['makes its own in what is everybody’s', (files) => files.write('/tmp/new', 'x'), '644 1000:3000'],
  ['with the group of a shared directory', (files) => files.write('/shared/new', 'x'), '644 1000:2000'],
  ['directories there hand it on', (files) => files.makeDirectory('/shared/new'), '2755 1000:2000'],
  ['removes nothing of others from /tmp', (files) => files.remove('/tmp/f'), 'EPERM'],
  ['but from where no such bit is set', (files) => files.remove('/shared/f'), null],
  [
    'removes no tree with something of others',
    (files) => files.remove('/etc', { recursive: true }),
    'EACCES',
  ],
  ['renames where it may write', (files) => files.rename('/home/f', '/home/new'), '644 0:0'],
  ['and nowhere else', (files) => files.rename('/home/f', '/etc/new'), 'EACCES'],
  ['changes modes of its own only', (files) => files.setAccess('/etc/f', { mode: 0o777 }), 'EPERM'],
  ['gives nothing away', (files) => files.setAccess('/home', { uid: 0 }), 'EPERM'],
  ['but to a group that it is in', (files) => files.setAccess('/home', { gid: 2000 }), undefined],
  ['writes to devices', (files) => files.write('/dev/null', 'x'), undefined],
])('a user %s', (_name, act, expected) => {
  const whole = disk();
  const files = new UserFiles(whole, me);
  const outcome = () => {
    try {
      return act(files);
    } catch (error) {
      if (error instanceof FileError) return error.code;
      throw error;
    }
  };
  const result = outcome();
  const made = ['/tmp/new', '/shared/new', '/home/new'].find((path) => whole.status(path) !== null);
  if (made !== undefined) expect(shown(whole.status(made)!)).toBe(expected);
  else if (expected === null) expect(whole.status('/shared/f')).toBeNull();
  else expect(result).toBe(expected);
});

test('a write keeps mode and owner, and a fork has its own', () => {
  const files = disk();
  const copy = files.fork();
  copy.setAccess('/etc/f', { mode: 0o600, uid: 5 });
  copy.write('/etc/f', 'more');
  expect(shown(copy.status('/etc/f')!)).toBe('600 5:0');
  expect(shown(files.status('/etc/f')!)).toBe('644 0:0');
});
