import { expect, test } from 'vitest';
import type { Recipe } from './recipe.ts';
import { isInput, linkLengthMax, readShareLink, writeShareLink } from './shareLink.ts';

const recipe: Recipe = {
  scenario: 'empty',
  seed: 'a seed',
  inputs: [
    {
      atMs: 1_767_225_600_000,
      afterEvent: 312,
      input: { type: 'terminalInput', terminal: 1, text: 'kubectl get pods\n' },
    },
    {
      atMs: 1_767_225_600_016.667,
      afterEvent: 340,
      input: { type: 'writeFile', path: 'ü.yaml', text: 'kind: "Pod"\n' },
    },
    {
      atMs: 1_767_225_609_000,
      afterEvent: 9000,
      input: { type: 'fault', fault: { type: 'stopNode', node: 'node-1' } },
    },
  ],
  end: { atMs: 1_767_225_610_000, afterEvent: 9100, hash: 'abcd', build: '0.1.0' },
};

test('a link gives back the recipe it was made from', () => {
  expect(readShareLink(`#${writeShareLink(recipe)}`)).toEqual({ type: 'recipe', recipe });
});

test('a link keeps every moment exactly, however finely the clock ran', () => {
  let atMs = 1_767_603_600_000;
  const inputs = Array.from({ length: 500 }, (_, i) => {
    atMs += ((i * 7919) % 1009) / 3;
    return { atMs, afterEvent: i, input: { type: 'step' as const } };
  });
  const exact = { ...recipe, inputs };
  expect(readShareLink(writeShareLink(exact))).toEqual({ type: 'recipe', recipe: exact });
});

test('an hour of typing fits into a link', () => {
  const inputs = Array.from({ length: 120 }, (_, i) => ({
    atMs: 1_767_225_600_000 + i * 30_000,
    afterEvent: i * 4321,
    input: {
      type: 'terminalInput' as const,
      terminal: 1,
      text: `kubectl scale deployment web-${i % 7} --replicas=${i}\n`,
    },
  }));
  expect(writeShareLink({ ...recipe, inputs }).length).toBeLessThan(linkLengthMax);
});

const link = writeShareLink(recipe);
const bomb = writeShareLink({ ...recipe, seed: 'x'.repeat(5 * 1024 * 1024) });

test.each([
  ['nothing', '', 'part of it is missing'],
  ['half of it', link.slice(0, link.length >> 1), 'cannot be read'],
  ['other characters', `${link.slice(0, 20)}!!`, 'part of it is missing'],
  ['a newer format', link.replace('v2.', 'v9.'), 'newer Podarium'],
  ['an older format', link.replace('v2.', 'v1.'), 'older Podarium'],
  ['a bomb', bomb, 'cannot be read'],
])('a link with %s says what to do', (_name, fragment, words) => {
  const read = readShareLink(fragment);
  expect(read.type).toBe('unreadable');
  expect(read.type === 'unreadable' && read.message).toContain(words);
});

test.each([
  [{ type: 'terminalInput', terminal: 1, text: 'x' }, true],
  [{ type: 'terminalInput', terminal: 1, text: 7 }, false],
  [{ type: 'fault', fault: { type: 'killPod', namespace: 'a', name: 'b' } }, true],
  [{ type: 'fault', fault: { type: 'slowNode', node: 'a', factor: 50 } }, true],
  [{ type: 'fault', fault: { type: 'slowNode', node: 'a', factor: 0 } }, false],
  [{ type: 'fault', fault: { type: 'slowNode', node: 'a', factor: 1e9 } }, false],
  [{ type: 'fault', fault: { type: 'slowNode', node: 'a' } }, false],
  [{ type: 'fault', fault: { type: 'format', disk: 'c' } }, false],
  [{ type: 'speed', speed: 60 }, true],
  [{ type: 'speed', speed: 61 }, false],
  [{ type: 'eval', text: '1' }, false],
  [
    { type: 'request', id: 1, request: { method: 'GET', path: '/api', user: { name: 'a', groups: [] } } },
    true,
  ],
  [
    {
      type: 'request',
      id: 1,
      request: {
        method: 'GET',
        path: '/api/v1/nodes/a/proxy/',
        user: { name: 'a', groups: [] },
        http: { method: 'OPTIONS', search: '?a=b', headers: { accept: '*/*' } },
      },
    },
    true,
  ],
  [{ type: 'request', id: 1, request: { method: 'GET', path: '/api' } }, false],
  [
    { type: 'request', id: 1, request: { method: 'GET', path: '/api', user: { name: 'a', groups: 'b' } } },
    false,
  ],
  [
    {
      type: 'request',
      id: 1,
      request: { method: 'GET', path: '/api', user: { name: 'a', groups: [] }, inProcess: true },
    },
    false,
  ],
  [{ type: 'stream', id: 1, act: { do: 'connect', connection: 0, port: 80 } }, true],
  [{ type: 'stream', id: 1, act: { do: 'connect', connection: 0.5, port: 80 } }, false],
  [{ type: 'stream', id: 1, act: { do: 'toString' } }, false],
  [null, false],
])('%j is an input: %s', (value, expected) => {
  expect(isInput(value)).toBe(expected);
});
