import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('what is not said has its usual value', () => {
  expect(readOptions([])).toEqual({
    port: 6443,
    host: '127.0.0.1',
    http: false,
    nodes: null,
    seed: 'podarium',
    scenario: 'empty',
    speed: 1,
    kubeconfig: null,
    record: null,
    replay: null,
  });
});

test('every option is read', () => {
  const line =
    '--port 8080 --nodes 5 --seed x --scenario hpa-under-load --speed max --http --kubeconfig k --record r --replay p';
  expect(readOptions(line.split(' '))).toMatchObject({
    port: 8080,
    nodes: 5,
    seed: 'x',
    scenario: 'hpa-under-load',
    speed: 'max',
    http: true,
    kubeconfig: 'k',
    record: 'r',
    replay: 'p',
  });
});

test.each([
  ['--port', 'x', '--port takes a number from 0 to 65535, not "x".'],
  ['--nodes', '-1', "Option '--nodes' argument is ambiguous"],
  ['--nodes', '9999', '--nodes takes a number from 0 to 5000, not "9999".'],
  ['--speed', 'fast', '--speed takes a number from 0 to 10000, or max, not "fast".'],
  ['--colour', 'red', "Unknown option '--colour'"],
])('%s %s is refused', (flag, value, sentence) => {
  expect(() => readOptions([flag, value])).toThrow(sentence);
});
