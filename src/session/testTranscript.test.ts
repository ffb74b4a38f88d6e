import { expect, test } from 'vitest';
import { comparable, parseTranscript, printTranscript } from './testTranscript.ts';

const text = `# Why.

@write a.yaml
a: 1

b: 2
----

kubectl get pods
----
No resources found

# Output with blank lines.
kubectl get all
----
----
one

two
----
----
`;

test('a transcript is read and written back as it was', () => {
  const blocks = parseTranscript(text);
  expect(blocks.map(({ act }) => act)).toEqual([
    '@write a.yaml\na: 1\n\nb: 2',
    'kubectl get pods',
    'kubectl get all',
  ]);
  expect(blocks.map(({ output }) => output)).toEqual(['', 'No resources found', 'one\n\ntwo']);
  expect(printTranscript(blocks)).toBe(text);
});

test.each([
  ['pod/web-cf4cd4db7-2jgxl  1/1', 'pod/web-86c57db685-9hh4x 1/1', true],
  ['web-86c57db685   3', 'web-cf4cd4db7    3', true],
  ['pod IP 10.244.1.2  node-1', 'pod IP 10.244.13.20 node-1', true],
  [
    'web-cf4cd4db7-2jgxl  1/1\nweb-cf4cd4db7-9hh4x  0/1\n',
    'web-cf4cd4db7-2jgxl  0/1\nweb-cf4cd4db7-9hh4x  1/1\n',
    true,
  ],
  [
    'web-cf4cd4db7-2jgxl  1/1\nweb-cf4cd4db7-9hh4x  0/1\n',
    'web-cf4cd4db7-2jgxl  0/1\nweb-cf4cd4db7-9hh4x  0/1\n',
    false,
  ],
  ['web 1/1 96s', 'web 1/1 1m37s', true],
  ['web 1/1 12m', 'web 1/1 14m', false],
  ['web 1/1', 'web 0/1', false],
  ['on node-1', 'on node-2', false],
  ['nginx-deployment 2/2', 'apache-deployment 2/2', false],
])('%s and %s compare alike: %s', (a, b, alike) => {
  expect(comparable(a) === comparable(b)).toBe(alike);
});
