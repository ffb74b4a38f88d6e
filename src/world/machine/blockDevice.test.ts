import { expect, test } from 'vitest';
import { BlockDevice } from './blockDevice.ts';
import { FileError } from './fileSystem.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';

function device(bytes = 1024) {
  const disk = new MemoryFileSystem({ nowMs: 0 });
  disk.bytesMax = bytes;
  return new BlockDevice(disk);
}

test.each<[string, (device: BlockDevice) => void, string]>([
  ['nothing', () => {}, ''],
  ['from its beginning', (d) => d.write('/', 'abc'), 'abc'],
  ['over what is there', (d) => (d.write('/', 'abc'), d.write('/', 'X')), 'Xbc'],
  ['on from where the last text ended', (d) => (d.write('/', 'é'), d.append('/', 'b')), 'éb'],
  ['anywhere', (d) => d.overwrite('/', 2, 'x'), '\0\0x'],
  ['zeros over what is there', (d) => (d.write('/', 'abc'), d.reserve('/', 2)), '\0\0c'],
])('what is written: %s', (_name, act, text) => {
  const one = device();
  act(one);
  expect(one.read()).toBe(text);
});

test.each<[string, (device: BlockDevice) => void, string]>([
  ['past its end', (d) => d.overwrite('/', 1020, 'abcde'), 'ENOSPC'],
  ['zeros past its end', (d) => d.reserve('/', 1025), 'ENOSPC'],
  ['as a directory', (d) => d.list('/'), 'ENOTDIR'],
  ['what is below it', (d) => d.status('/x'), 'ENOTDIR'],
  ['away', (d) => d.remove('/'), 'EBUSY'],
])('what cannot be had: %s', (_name, act, code) => {
  expect(() => act(device())).toThrow(FileError);
  try {
    act(device());
  } catch (error) {
    expect((error as FileError).code).toBe(code);
  }
});
