import { expect, test } from 'vitest';
import type { Event, Pod } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { loadConfiguration } from './configuration/load.ts';
import { makeNode, makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

// What profiles tell their plugins. Upstream: test/integration/scheduler/{scheduler,scoring/priorities}_test.go

/** A scheduler whose second profile, `mine`, is told `text`. */
function world(text: string, ...nodes: readonly Parameters<typeof makeNode>[]): TestScheduler {
  const file = `apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nprofiles:\n- schedulerName: default-scheduler\n- schedulerName: mine\n${text}`;
  const made = new TestScheduler({}, 'test', loadConfiguration(file));
  for (const node of nodes) made.addNode(makeNode(...node));
  return made;
}

const mine = (options: Parameters<typeof makePod>[0]): Pod => makePod({ schedulerName: 'mine', ...options });
const told = (name: string, args: string) => `  pluginConfig:\n  - name: ${name}\n    args: ${args}\n`;
const three: [string][] = [['a'], ['b'], ['c']];

/** Where six pods end that ask for some CPU. */
function spread(made: TestScheduler, schedulerName: string): number[] {
  for (let i = 0; i < 6; i++)
    made.addPod(makePod({ name: `pod-${i}`, schedulerName, requests: { cpu: '500m' } }));
  made.run(2_000);
  const counts = new Map<string, number>();
  for (const node of Object.values(made.placements())) counts.set(node, (counts.get(node) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => a - b);
}

const most = `${told('NodeResourcesFit', '{ scoringStrategy: { type: MostAllocated, resources: [{ name: cpu, weight: 1 }] } }')}  plugins: { score: { disabled: [{ name: NodeResourcesBalancedAllocation }] } }\n`;
const ratio = `${told('NodeResourcesFit', '{ scoringStrategy: { type: RequestedToCapacityRatio, resources: [{ name: cpu, weight: 1 }], requestedToCapacityRatio: { shape: [{ utilization: 0, score: 0 }, { utilization: 100, score: 10 }] } } }')}  plugins: { score: { disabled: [{ name: NodeResourcesBalancedAllocation }] } }\n`;

test.each([
  ['the first profile has the defaults', most, 'default-scheduler', [2, 2, 2]],
  ['MostAllocated packs', most, 'mine', [6]],
  ['a rising RequestedToCapacityRatio packs', ratio, 'mine', [6]],
])('%s', (_, text, schedulerName, expected) => {
  expect(spread(world(text, ...three), schedulerName)).toEqual(expected);
});

test('a pod of a scheduler that is not there waits, and nothing is said of it', () => {
  const made = world('', ['a']);
  made.addPod(makePod({ name: 'lost', schedulerName: 'others' }));
  made.run(400_000);
  expect([made.nodeOf('lost'), made.events('lost'), made.pod('lost').status.conditions]).toEqual([
    '',
    [],
    undefined,
  ]);
  expect(made.scheduler.tryOut(made.pod('lost'))?.message).toBe(
    'no scheduler is named "others": nobody looks at the pod',
  );
});

test('the Events of a profile come from its name', () => {
  const made = world('', ['a']);
  made.addPod(mine({ name: 'x' }));
  made.run();
  const [event] = made.client.list<Event>(events).items;
  expect([event?.reason, event?.source?.component]).toEqual(['Scheduled', 'mine']);
});

test('a filter that is disabled turns nobody away', () => {
  const made = world('  plugins: { filter: { disabled: [{ name: TaintToleration }] } }\n', [
    'a',
    { taints: [{ key: 'k', effect: 'NoSchedule' }] },
  ]);
  made.addPod(mine({ name: 'x' }));
  made.addPod(makePod({ name: 'y' }));
  made.run();
  expect(made.placements()).toEqual({ x: 'a', y: '' });
});

test('addedAffinity counts for every pod of the profile', () => {
  const affinity =
    '{ addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: pool, operator: In, values: [gold] }] }] } } }';
  const made = world(told('NodeAffinity', affinity), ['a'], ['b', { labels: { pool: 'gold' } }]);
  for (const name of ['p', 'q', 'r']) made.addPod(mine({ name }));
  made.run();
  expect(made.placements()).toEqual({ p: 'b', q: 'b', r: 'b' });
  made.addPod(mine({ name: 'large', requests: { cpu: '100' } }));
  made.run();
  expect(made.events('large')[0]).toContain(
    "1 Insufficient cpu, 1 node(s) didn't match scheduler-enforced node affinity.",
  );
});

test('defaultConstraints that must be met keep pods apart that a controller owns', () => {
  const constraints =
    '{ defaultingType: List, defaultConstraints: [{ maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule }] }';
  const made = world(
    told('PodTopologySpread', constraints),
    ['a', { labels: { rack: '1' } }],
    ['b', { labels: { rack: '2' }, taints: [{ key: 'k', effect: 'NoSchedule' }] }],
  );
  made.client.send({
    method: 'POST',
    path: '/api/v1/namespaces/default/services',
    body: { metadata: { name: 's' }, spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } },
  });
  made.run();
  for (const name of ['p', 'q']) {
    made.addPod(mine({ name, labels: { app: 'x' } }));
    made.run();
  }
  expect(made.placements()).toEqual({ p: 'a', q: '' });
  expect(made.events('q')[0]).toContain("1 node(s) didn't match pod topology spread constraints");
});

test('ignored resources are nobody’s business here', () => {
  const made = world(told('NodeResourcesFit', '{ ignoredResourceGroups: [example.com] }'), ['a']);
  const limited = (name: string, schedulerName: string) =>
    makePod({
      name,
      schedulerName,
      containers: [{ name: 'c', image: 'nginx', resources: { limits: { 'example.com/foo': '1' } } }],
    });
  made.addPod(limited('x', 'mine'));
  made.addPod(limited('y', 'default-scheduler'));
  made.run();
  expect(made.placements()).toEqual({ x: 'a', y: '' });
});

test('preemption can be disabled', () => {
  const made = world('  plugins: { postFilter: { disabled: [{ name: DefaultPreemption }] } }\n', ['a']);
  made.addPod(makePod({ name: 'low', requests: { cpu: '3' } }));
  made.run();
  made.addPod(mine({ name: 'high', priority: 10, requests: { cpu: '3' } }));
  made.run();
  expect(made.events('high')).toEqual([
    'Warning FailedScheduling 0/1 nodes are available: 1 Insufficient cpu.',
  ]);
  expect(made.nodeOf('low')).toBe('a');
});
