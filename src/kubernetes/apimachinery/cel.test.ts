import { expect, test } from 'vitest';
import { celValue, compileCel } from './cel.ts';

const pods = [
  { metadata: { name: 'a', labels: { app: 'web' } }, status: { phase: 'Running', restarts: 2 } },
  { metadata: { name: 'b', labels: {} }, status: { phase: 'Pending' } },
];

test.each([
  ['pods.size() == 2', true],
  ['pods.exists(p, p.metadata.name == "b" && p.status.phase == "Pending")', true],
  ['pods.filter(p, has(p.status.restarts)).map(p, p.status.restarts + 1) == [3]', true],
  ['pods.all(p, has(p.metadata.labels.app))', false],
  ['"web" in pods[0].metadata.labels.map(k, pods[0].metadata.labels[k])', true],
])('%s is %s', (text, expected) => {
  expect(compileCel(text)({ pods: celValue(pods) })).toBe(expected);
});

test('a missing field and a broken expression say so', () => {
  expect(() => compileCel('pods[1].status.restarts > 0')({ pods: celValue(pods) })).toThrow('restarts');
  expect(() => compileCel('pods.exists(p, ')).toThrow();
});

test('an object is converted once', () => {
  expect(celValue(pods[0])).toBe(celValue(pods[0]));
});
