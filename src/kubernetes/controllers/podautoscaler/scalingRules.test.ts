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

/** Rules of a number of pods and a share, each with its period in seconds; 0 leaves one out. */
function rules(pods: number, podsPeriod: number, percent: number, percentPeriod: number): HPAScalingRules {
  const policies = [
    { type: 'Pods', value: pods, periodSeconds: podsPeriod },
    { type: 'Percent', value: percent, periodSeconds: percentPeriod },
  ].filter(({ value }) => value !== 0);
  return { selectPolicy: 'Max', policies };
}
/** What the API server makes of a behavior that says nothing. */
const upByDefault = rules(4, 15, 100, 15);
const downByDefault = rules(0, 0, 100, 15);
/** Changes in the middle of equal parts of the last two minutes. */
const spread = (...changes: number[]) =>
  changes.map((replicas, i) => ({
    replicas,
    atMs: nowMs - 120_000 + ((i + 0.5) * 120_000) / changes.length,
  }));
const events = spread(1, 5, 9);
const four = spread(8, 12, 9, 11);

// Facts from upstream's TestScalingWithRules.
test.each<[string, Scaling, HPAScalingRules, HPAScalingRules, number, string]>([
  [
    'within the bounds',
    scalingOf(5, 7, { min: 3, max: 8 }),
    upByDefault,
    downByDefault,
    7,
    'DesiredWithinRange',
  ],
  ['below the least', scalingOf(3, 1, { min: 2, max: 8 }), upByDefault, downByDefault, 2, 'TooFewReplicas'],
  ['to none', scalingOf(1, 0, { min: 0, max: 10 }), upByDefault, downByDefault, 0, 'DesiredWithinRange'],
  [
    'from above the most',
    scalingOf(20, 1000, { max: 10 }),
    upByDefault,
    downByDefault,
    10,
    'TooManyReplicas',
  ],
  [
    'above the most',
    scalingOf(100, 1000, { min: 100, max: 150 }),
    upByDefault,
    downByDefault,
    150,
    'TooManyReplicas',
  ],
  [
    'by one percent, rounded up',
    scalingOf(3, 1000, { max: 2000 }),
    rules(0, 0, 1, 60),
    downByDefault,
    4,
    'ScaleUpLimit',
  ],
  ['by twenty pods', scalingOf(1000, 3, { min: 3 }), upByDefault, rules(20, 60, 0, 0), 980, 'ScaleDownLimit'],
  ['to twice by default', scalingOf(10, 50), upByDefault, downByDefault, 20, 'ScaleUpLimit'],
  [
    'by pods where they are more',
    scalingOf(10, 500),
    rules(100, 60, 100, 60),
    downByDefault,
    110,
    'ScaleUpLimit',
  ],
  [
    'by a share where it is more',
    scalingOf(10, 500),
    rules(2, 60, 100, 60),
    downByDefault,
    20,
    'ScaleUpLimit',
  ],
  ['as far as it wants', scalingOf(10, 50), rules(100, 60, 0, 0), downByDefault, 50, 'DesiredWithinRange'],
  ['as fast as pods allow', scalingOf(10, 50), rules(30, 60, 0, 0), downByDefault, 40, 'ScaleUpLimit'],
  ['as fast as a share allows', scalingOf(10, 50), rules(0, 0, 200, 60), downByDefault, 30, 'ScaleUpLimit'],
  [
    'down by pods, not by percent',
    scalingOf(100, 2),
    upByDefault,
    rules(20, 60, 1, 60),
    80,
    'ScaleDownLimit',
  ],
  ['down by two pods', scalingOf(100, 2), upByDefault, rules(2, 60, 1, 60), 98, 'ScaleDownLimit'],
  ['down to one', scalingOf(10, 0), upByDefault, rules(100, 60, 0, 0), 1, 'TooFewReplicas'],
  ['down to the least', scalingOf(10, 2, { min: 5 }), upByDefault, rules(0, 0, 100, 60), 5, 'TooFewReplicas'],
  ['down as fast as pods allow', scalingOf(10, 2), upByDefault, rules(5, 60, 0, 0), 5, 'ScaleDownLimit'],
  ['down by half', scalingOf(10, 5), upByDefault, rules(0, 0, 50, 60), 5, 'DesiredWithinRange'],
  [
    'up to the most, whatever came before',
    scalingOf(100, 500, { max: 200, added: events }),
    rules(300, 60, 0, 0),
    downByDefault,
    200,
    'TooManyReplicas',
  ],
  [
    'up by a large share to the most',
    scalingOf(100, 500, { max: 200, added: events }),
    rules(0, 0, 10_000, 60),
    downByDefault,
    200,
    'TooManyReplicas',
  ],
  [
    'nowhere after more than the policy allows',
    scalingOf(100, 500, { added: events }),
    rules(5, 120, 0, 0),
    downByDefault,
    100,
    'ScaleUpLimit',
  ],
  [
    'up from where the period began',
    scalingOf(100, 500, { added: events }),
    rules(150, 120, 0, 0),
    downByDefault,
    235,
    'ScaleUpLimit',
  ],
  [
    'up by a share of where it began',
    scalingOf(100, 500, { added: events }),
    rules(0, 0, 200, 120),
    downByDefault,
    255,
    'ScaleUpLimit',
  ],
  [
    'down at once by default',
    scalingOf(10, 5, { removed: events }),
    upByDefault,
    downByDefault,
    5,
    'DesiredWithinRange',
  ],
  [
    'down to one after some',
    scalingOf(100, 0, { removed: events }),
    upByDefault,
    rules(115, 120, 0, 0),
    1,
    'TooFewReplicas',
  ],
  [
    'down to five after some',
    scalingOf(100, 0, { min: 5, removed: events }),
    upByDefault,
    rules(130, 120, 0, 0),
    5,
    'TooFewReplicas',
  ],
  [
    'down by all after some',
    scalingOf(100, 2, { min: 5, removed: events }),
    upByDefault,
    rules(0, 0, 100, 120),
    5,
    'TooFewReplicas',
  ],
  [
    'nowhere down after more than allowed',
    scalingOf(100, 2, { removed: events }),
    upByDefault,
    rules(5, 120, 0, 0),
    100,
    'ScaleDownLimit',
  ],
  [
    'down by half of where it began',
    scalingOf(100, 0, { removed: spread(2, 4, 6) }),
    upByDefault,
    rules(0, 0, 50, 120),
    56,
    'ScaleDownLimit',
  ],
  [
    'nowhere down after thirty',
    scalingOf(100, 0, { removed: spread(10, 10, 10) }),
    upByDefault,
    rules(0, 0, 10, 120),
    100,
    'ScaleDownLimit',
  ],
  [
    'below nothing, so as far as it wants',
    scalingOf(10, 5, { removed: spread(10, 10, 10) }),
    upByDefault,
    rules(0, 0, 1000, 120),
    5,
    'DesiredWithinRange',
  ],
  [
    'up, one period',
    scalingOf(100, 200, { added: four }),
    rules(1000, 60, 0, 0),
    downByDefault,
    200,
    'DesiredWithinRange',
  ],
  [
    'up, two periods',
    scalingOf(100, 200, { added: four }),
    rules(1000, 30, 100, 60),
    downByDefault,
    200,
    'DesiredWithinRange',
  ],
  [
    'down, one period',
    scalingOf(100, 5, { removed: four }),
    upByDefault,
    rules(1000, 60, 0, 0),
    5,
    'DesiredWithinRange',
  ],
  [
    'down, two periods',
    scalingOf(100, 5, { removed: four }),
    upByDefault,
    rules(1000, 120, 100, 60),
    5,
    'DesiredWithinRange',
  ],
  // A share is a number of Go's: 100 and a tenth of it is a little more than 110, and 100 less 80 % a little less than 20.
  [
    'up by ten percent of a hundred',
    scalingOf(100, 500),
    rules(0, 0, 10, 60),
    downByDefault,
    111,
    'ScaleUpLimit',
  ],
  [
    'down by eighty percent of a hundred',
    scalingOf(100, 1),
    upByDefault,
    rules(0, 0, 80, 60),
    19,
    'ScaleDownLimit',
  ],
])('with rules it goes %s', (_what, scaling, rulesUp, rulesDown, replicas, reason) => {
  expect(limitByBehavior(scaling, rulesUp, rulesDown)).toMatchObject({ replicas, reason });
});

// Facts from upstream's TestNormalizeDesiredReplicas.
test.each<[string, Readonly<Record<number, number>>, number, number]>([
  ['nothing before', {}, 5, 5],
  ['more before', { 120: 4, 60: 5 }, 3, 5],
  ['less before', { 120: 1, 60: 2 }, 3, 3],
  ['more long before', { 600: 10, 540: 9 }, 3, 3],
  ['more before, and more still long before', { 600: 10, 60: 4, 120: 5, 540: 9 }, 3, 5],
])('of recommendations the highest of five minutes holds: %s', (_what, before, desired, replicas) => {
  expect(stabilizeDown(scalingOf(10, desired, { recommendations: ago(before) })).replicas).toBe(replicas);
});

// Facts from upstream's TestNormalizeDesiredReplicasWithBehavior.
test.each<[string, Readonly<Record<number, number>>, number, number, number, number, number]>([
  ['nothing before', {}, 100, 5, 0, 0, 5],
  ['down, to the highest', { 120: 4, 60: 5 }, 100, 3, 0, 180, 5],
  ['up, to the lowest', { 120: 4, 60: 5 }, 1, 7, 300, 0, 4],
  ['down, without a window of its own', { 120: 1, 60: 2 }, 100, 3, 300, 0, 3],
  ['up, without a window of its own', { 120: 4, 60: 5 }, 1, 3, 0, 300, 3],
  ['down, long ago', { 600: 10, 540: 9 }, 100, 3, 0, 0, 3],
  ['up, long ago', { 600: 10, 540: 9 }, 1, 100, 0, 0, 100],
  ['down, some of it long ago', { 600: 10, 60: 4, 120: 5, 540: 9 }, 100, 3, 0, 180, 5],
  ['up, some of it long ago', { 6000: 10, 60: 6, 120: 5, 180: 9 }, 1, 100, 300, 0, 5],
])('windows: %s', (_what, before, current, desired, upSeconds, downSeconds, replicas) => {
  const windows = { upMs: upSeconds * 1000, downMs: downSeconds * 1000 };
  const scaling = scalingOf(current, desired, { recommendations: ago(before) });
  expect(stabilize(scaling, windows).replicas).toBe(replicas);
});
