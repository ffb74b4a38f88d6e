import { expect, test } from 'vitest';
import { array, bool, duration, int, parseFlags, strings, text } from './flags.ts';

const known = [
  text('output', '', { short: 'o' }),
  text('namespace', '', { short: 'n' }),
  bool('all', '', { short: 'A' }),
  bool('stdin', '', { short: 'i' }),
  bool('tty', '', { short: 't' }),
  int('replicas', '', { short: 'r', initial: '1' }),
  strings('verb', ''),
  array('env', '', { short: 'e' }),
  duration('timeout', ''),
  text('dry-run', '', { initial: 'none', alone: 'unchanged' }),
];

test.each([
  ['-ojson pods', { output: 'json' }, ['pods']],
  ['pods -o json -A web', { output: 'json', all: 'true' }, ['pods', 'web']],
  ['-it web -n=x', { stdin: 'true', tty: 'true', namespace: 'x' }, ['web']],
  ['--output=yaml --all=false', { output: 'yaml', all: 'false' }, []],
  ['--dry-run web', { 'dry-run': 'unchanged' }, ['web']],
  ['--dry_run=client', { 'dry-run': 'client' }, []],
  ['', { replicas: '1', output: '' }, []],
])('%s', (line, values, args) => {
  const parsed = parseFlags(
    known,
    line.split(' ').filter((word) => word !== ''),
  );
  expect(parsed.args).toEqual(args);
  for (const [name, value] of Object.entries(values)) expect(parsed.flags.text(name)).toBe(value);
});

test('lists split at commas or not, durations are read, and what follows -- is left alone', () => {
  const { flags, args, dashAt } = parseFlags(known, [
    '--verb=a,b',
    '--verb',
    'c',
    '-e',
    'X=1,2',
    '--timeout=1m30s',
    'pod',
    '--',
    'ls',
    '-o',
  ]);
  expect(flags.list('verb')).toEqual(['a', 'b', 'c']);
  expect(flags.list('env')).toEqual(['X=1,2']);
  expect(flags.durationMs('timeout')).toBe(90_000);
  expect([args, dashAt]).toEqual([['pod', 'ls', '-o'], 1]);
});

test.each([
  ['--nope', 'unknown flag: --nope'],
  ['-iz', "unknown shorthand flag: 'z' in -z"],
  ['-o', "flag needs an argument: 'o' in -o"],
  ['--output', 'flag needs an argument: --output'],
  ['--=x', 'bad flag syntax: --=x'],
  [
    '--replicas=x',
    'invalid argument "x" for "-r, --replicas" flag: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  [
    '--all=maybe',
    'invalid argument "maybe" for "-A, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  ['--timeout=5', 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
])('%s', (line, message) => expect(() => parseFlags(known, line.split(' '))).toThrow(message));
