import { expect, test } from 'vitest';
import { CommandLine } from './commandLine.ts';
import { humanBytes, table } from './table.ts';

test.each([
  [['etcdctl', 'get', '/a', '--prefix', '--limit', '2'], ['get', '/a'], { prefix: 'true', limit: '2' }],
  [
    ['etcdctl', '--endpoints=https://x:2379', '-w', 'table', 'member', 'list'],
    ['member', 'list'],
    { 'write-out': 'table' },
  ],
  [['etcdctl', 'get', '--keys-only', '/a'], ['get', '/a'], { 'keys-only': 'true', cacert: '/ca.crt' }],
])('%s', (args, words, flags) => {
  const line = new CommandLine(args, new Map([['ETCDCTL_CACERT', '/ca.crt']]));
  expect(line.words).toEqual(words);
  for (const [name, value] of Object.entries(flags)) expect(line.text(name)).toBe(value);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [36_864, '37 kB'],
  [2_100_000, '2.1 MB'],
  [94_000_000, '94 MB'],
])('%d bytes are %s', (bytes, text) => expect(humanBytes(bytes)).toBe(text));

test('numbers stand to the right, heads in the middle', () => {
  expect(
    table(
      ['NAME', 'KEYS'],
      [
        ['a', '12'],
        ['longer', '3456789'],
      ],
    ),
  ).toBe(
    [
      '+--------+---------+',
      '|  NAME  |  KEYS   |',
      '+--------+---------+',
      '| a      |      12 |',
      '| longer | 3456789 |',
      '+--------+---------+',
      '',
    ].join('\n'),
  );
});
