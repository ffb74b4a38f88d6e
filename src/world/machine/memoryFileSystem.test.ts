import { expect, test } from 'vitest';
import { FileError, resolvePath } from './fileSystem.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { MountedFileSystem } from './mountedFileSystem.ts';

const clock = { nowMs: 1000 };

function failure(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
  return 'none';
}

function sample(): MemoryFileSystem {
  const files = new MemoryFileSystem(clock, { sizeMax: 5_000 });
  files.makeDirectory('/home/me', { parents: true });
  files.write('/home/me/a.txt', 'hello\n');
  return files;
}

test('reads, appends, lists and stamps', () => {
  const files = sample();
  clock.nowMs = 2000;
  files.append('/home/me/a.txt', 'again\n');
  files.append('/home/me/b.txt', 'new');
  expect(files.read('/home/me/a.txt')).toBe('hello\nagain\n');
  expect(files.list('/home/me')).toEqual(['a.txt', 'b.txt']);
  expect(files.status('/home/me/a.txt')).toMatchObject({ type: 'file', size: 12, modifiedMs: 2000 });
  expect(files.status('/nowhere')).toBeNull();
  files.write('/dev/null', 'gone');
  expect(files.read('/dev/null')).toBe('');
});

test.each<[string, (files: MemoryFileSystem) => void]>([
  ['ENOENT', (files) => files.read('/x')],
  ['ENOENT', (files) => files.write('/x/y', '')],
  ['EISDIR', (files) => files.read('/home')],
  ['EISDIR', (files) => files.write('/home', '')],
  ['ENOTDIR', (files) => files.list('/home/me/a.txt')],
  ['ENOTDIR', (files) => files.read('/home/me/a.txt/b')],
  ['EEXIST', (files) => files.makeDirectory('/home/me')],
  ['EEXIST', (files) => files.makeDirectory('/home/me/a.txt', { parents: true })],
  ['ENOENT', (files) => files.makeDirectory('/p/q')],
  ['ENOTEMPTY', (files) => files.remove('/home')],
  ['EINVAL', (files) => files.rename('/home', '/home/me/home')],
  ['ENOSPC', (files) => files.write('/home/me/a.txt', 'x'.repeat(5_000))],
  ['none', (files) => files.remove('/home', { recursive: true })],
])('%s', (code, act) => {
  expect(failure(() => act(sample()))).toBe(code);
});

test('space that is freed can be used again', () => {
  const files = sample();
  const before = files.size;
  files.write('/home/me/big', 'x'.repeat(3_000));
  expect(failure(() => files.write('/home/me/big2', 'x'.repeat(3_000)))).toBe('ENOSPC');
  files.remove('/home/me/big');
  expect(files.size).toBe(before);
  files.write('/home/me/big2', 'x'.repeat(3_000));
});

test('a rename moves a tree and replaces a file', () => {
  const files = sample();
  files.write('/home/me/b.txt', 'b');
  files.rename('/home/me/b.txt', '/home/me/a.txt');
  files.rename('/home/me', '/you');
  expect(files.read('/you/a.txt')).toBe('b');
  expect(files.list('/home')).toEqual([]);
});

test('a fork shares until either side writes', () => {
  const files = sample();
  const fork = files.fork();
  fork.write('/home/me/a.txt', 'theirs');
  files.write('/home/me/c.txt', 'ours');
  expect(files.read('/home/me/a.txt')).toBe('hello\n');
  expect(fork.status('/home/me/c.txt')).toBeNull();
});

test('a mounted tree hides what is below it, and may be read-only', () => {
  const files = new MountedFileSystem(sample());
  const volume = new MemoryFileSystem(clock);
  volume.write('/token', 'secret');
  files.mount('/var/run/secrets', volume, { readOnly: true });
  files.mount('/home/me', new MemoryFileSystem(clock));
  expect(files.read('/var/run/secrets/token')).toBe('secret');
  expect(files.list('/var/run')).toEqual(['secrets']);
  expect(files.list('/home/me')).toEqual([]);
  files.write('/home/me/x', '1');
  expect(failure(() => files.write('/var/run/secrets/token', ''))).toBe('EROFS');
  expect(failure(() => files.remove('/var/run', { recursive: true }))).toBe('EBUSY');
  expect(failure(() => files.rename('/home/me/x', '/x'))).toBe('EXDEV');
});

test.each([
  ['/a', 'b', '/a/b'],
  ['/a/b', '../c/./d//', '/a/c/d'],
  ['/a', '/x/..', '/'],
  ['/', '../..', '/'],
])('%s + %s = %s', (base, path, expected) => {
  expect(resolvePath(base, path)).toBe(expected);
});
