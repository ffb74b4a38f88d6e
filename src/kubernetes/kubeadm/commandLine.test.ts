import { expect, test } from 'vitest';
import { parse } from './commandLine.ts';

const names = { yes: 'alone', ttl: 'valued' } as const;

test.each([
  [['v1.36.0', '-y'], ['v1.36.0'], { yes: 'true' }],
  [['--ttl', '2h', '--yes'], [], { ttl: '2h', yes: 'true' }],
  [['--ttl=2h', 'create'], ['create'], { ttl: '2h' }],
])('%s', (args, words, flags) => {
  const line = parse(args, names);
  expect(line.words).toEqual(words);
  expect(Object.fromEntries(line.flags)).toEqual(flags);
});

test.each([
  [['--now'], 'unknown flag: --now'],
  [['-x'], "unknown shorthand flag: 'x' in -x"],
])('%s is refused', (args, message) => {
  expect(() => parse(args, names)).toThrow(message);
});
