import { expect, test } from 'vitest';
import type { HPAScalingRules } from '#generated/types/autoscaling.v2.ts';
import { type Scaling, limitByBehavior, limitPlainly, stabilize, stabilizeDown } from './scalingRules.ts';

const nowMs = 1_000_000;

function scalingOf(current: number, desired: number, more: Partial<Scaling> = {}): Scaling {
  return { current, desired, min: 1, max: 1000, nowMs, recommendations: [], added: [], removed: [], ...more };
}

/** Samples by seconds ago. */
const ago = (samples: Readonly<Record<number, number>>) =>
  Object.entries(samples).map(([seconds, replicas]) => ({ replicas, atMs: nowMs - Number(seconds) * 1000 }));

// Upstream: horizontal_test.go TestConvertDesiredReplicasWithRules
test.each<[string, Scaling, number, string]>([
  ['within the bounds', scalingOf(7, 10, { min: 8, max: 15 }), 10, 'DesiredWithinRange'],
  ['too few', scalingOf(7, 3, { min: 8, max: 15 }), 8, 'TooFewReplicas'],
  ['too many', scalingOf(1, 9, { min: 1, max: 2 }), 2, 'TooManyReplicas'],
  ['more than double', scalingOf(7, 1000, { max: 1000 }), 14, 'ScaleUpLimit'],
  ['four at least', scalingOf(1, 1000, { max: 1000 }), 4, 'ScaleUpLimit'],
])('without a behavior, %s', (_what, scaling, replicas, reason) => {
  expect(limitPlainly(scaling)).toMatchObject({ replicas, reason });
});

// Upstream: TestScalingWithRules and the tables beside it
const up = (type: string, value: number, periodSeconds = 60): HPAScalingRules => ({
  selectPolicy: 'Max',
  policies: [{ type, value, periodSeconds }],
});
test.each<[string, Scaling, HPAScalingRules, number, string]>([
  ['pods', scalingOf(100, 500), up('Pods', 10), 110, 'ScaleUpLimit'],
  ['percent', scalingOf(100, 500), up('Percent', 5), 105, 'ScaleUpLimit'],
  [
    'what was added counts',
    scalingOf(108, 500, { added: ago({ 50: 8 }) }),
    up('Pods', 10),
    110,
    'ScaleUpLimit',
  ],
  [
    'what was added long ago does not',
    scalingOf(108, 500, { added: ago({ 70: 8 }) }),
    up('Pods', 10),
    118,
    'ScaleUpLimit',
  ],
  ['the bound', scalingOf(100, 500, { max: 105 }), up('Pods', 10), 105, 'TooManyReplicas'],
  ['disabled', scalingOf(100, 500), { selectPolicy: 'Disabled' }, 100, 'ScaleUpLimit'],
  [
    'the most of several',
    scalingOf(2, 500),
    { selectPolicy: 'Max', policies: [...up('Pods', 4).policies!, ...up('Percent', 100).policies!] },
    6,
    'ScaleUpLimit',
  ],
  [
    'the least of several',
    scalingOf(2, 500),
    { selectPolicy: 'Min', policies: [...up('Pods', 4).policies!, ...up('Percent', 100).policies!] },
    4,
    'ScaleUpLimit',
  ],
])('growing: %s', (_what, scaling, rules, replicas, reason) => {
  expect(limitByBehavior(scaling, rules, {})).toMatchObject({ replicas, reason });
});

test.each<[string, Scaling, HPAScalingRules, number, string]>([
  ['pods', scalingOf(100, 10), up('Pods', 10), 90, 'ScaleDownLimit'],
  ['percent', scalingOf(100, 10), up('Percent', 5), 95, 'ScaleDownLimit'],
  [
    'what was removed counts',
    scalingOf(95, 10, { removed: ago({ 10: 5 }) }),
    up('Pods', 10),
    90,
    'ScaleDownLimit',
  ],
  ['the bound', scalingOf(100, 10, { min: 95 }), up('Pods', 10), 95, 'TooFewReplicas'],
  ['disabled', scalingOf(100, 10), { selectPolicy: 'Disabled' }, 100, 'ScaleDownLimit'],
  ['not at all', scalingOf(100, 100), up('Pods', 10), 100, 'DesiredWithinRange'],
])('shrinking: %s', (_what, scaling, rules, replicas, reason) => {
  expect(limitByBehavior(scaling, {}, rules)).toMatchObject({ replicas, reason });
});

// Upstream: TestNormalizeDesiredReplicas, TestScalingWithStabilization
test.each<[string, Scaling, number]>([
  ['goes up at once', scalingOf(4, 6, { recommendations: ago({ 10: 4 }) }), 6],
  ['waits to go down', scalingOf(4, 2, { recommendations: ago({ 10: 4 }) }), 4],
  ['goes down after the window', scalingOf(4, 2, { recommendations: ago({ 301: 4, 200: 3 }) }), 3],
])('without a behavior it %s', (_what, scaling, replicas) => {
  expect(stabilizeDown(scaling).replicas).toBe(replicas);
});

test.each<[string, Scaling, number, number, number, string]>([
  [
    'up to the lowest of the window',
    scalingOf(4, 10, { recommendations: ago({ 10: 6, 100: 5 }) }),
    60,
    0,
    6,
    'ScaleUpStabilized',
  ],
  [
    'down to the highest of the window',
    scalingOf(10, 2, { recommendations: ago({ 10: 6, 100: 8 }) }),
    0,
    60,
    6,
    'ScaleDownStabilized',
  ],
  [
    'at once without windows',
    scalingOf(10, 2, { recommendations: ago({ 10: 6 }) }),
    0,
    0,
    2,
    'ScaleDownStabilized',
  ],
])('with windows it goes %s', (_what, scaling, upSeconds, downSeconds, replicas, reason) => {
  const windows = { upMs: upSeconds * 1000, downMs: downSeconds * 1000 };
  expect(stabilize(scaling, windows)).toMatchObject({ replicas, reason });
});
