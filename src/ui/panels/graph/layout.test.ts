import { expect, test } from 'vitest';
import type { Row } from '#protocol/rows.ts';
import {
  fixtureComponent,
  fixtureEdge,
  fixtureNode,
  fixturePod,
  fixtureWorkload,
} from '#ui/testing/fixtureRows.ts';
import { groupLanes } from './grouping.ts';
import { Layouts, placeOf, sameValue } from './flows.ts';
import { layoutNetwork } from './layoutNetwork.ts';
import { layoutNodes, type Box } from './layoutNodes.ts';
import { layoutWorkloads } from './layoutWorkloads.ts';
import { buildModel, compareNames } from './model.ts';
import { nearest } from './moveFocus.ts';
import { assignSlots, stepUp } from './slots.ts';
import { textScale, zoomBand } from './zoom.ts';

const model = (rows: readonly Row[]) => buildModel(rows, { showSystem: true });
const nodes = [0, 1, 2].map((index) => fixtureNode(index));
const podsOn = (node: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => fixturePod(`${node}-p${from + index}`, node));
const places = (boxes: readonly Box[]) =>
  new Map(
    boxes.flatMap((box) => [
      [box.id, `${box.x},${box.y}`] as const,
      ...box.pods.map((pod) => [pod.id, `${pod.x},${pod.y}`] as const),
    ]),
  );

test('slots are kept, freed ones are filled lowest first', () => {
  const before = assignSlots(undefined, ['a', 'b', 'c']);
  expect([...assignSlots(before, ['c', 'd', 'a', 'e'])]).toEqual([
    ['c', 2],
    ['a', 0],
    ['d', 1],
    ['e', 3],
  ]);
});

test.each([
  [[6, 12], 0, 0, 6],
  [[6, 12], 7, 0, 12],
  [[6, 12], 2, 12, 12],
  [[6, 12], 30, 0, 36],
])('steps %j hold %i after %i with %i', (steps, needed, before, expected) => {
  expect(stepUp(steps, needed, before)).toBe(expected);
});

test('nothing moves when a pod comes or goes', () => {
  const rows = [...nodes, ...podsOn('worker-1', 3), ...podsOn('worker-2', 2)];
  const before = layoutNodes(model(rows), null);
  const changed = [...rows.filter((row) => !row.id.endsWith('worker-1-p1')), fixturePod('new', 'worker-2')];
  const after = layoutNodes(model(changed), before.memory);
  const [old, now] = [places(before.nodes), places(after.nodes)];
  for (const row of changed) if (old.has(row.id)) expect(now.get(row.id)).toBe(old.get(row.id));
  expect(now.has('pods/default/new')).toBe(true);
});

test('a node that comes or goes moves no other', () => {
  const before = layoutNodes(model(nodes), null);
  const after = layoutNodes(model([...nodes.slice(0, 2), fixtureNode(3)]), before.memory);
  const [old, now] = [places(before.nodes), places(after.nodes)];
  expect(now.get('nodes/worker-1')).toBe(old.get('nodes/worker-1'));
  expect(now.get('nodes/worker-3')).toBe(old.get('nodes/worker-2'));
});

test('boxes never overlap, and hold their pods', () => {
  for (const count of [1, 4, 9, 40, 200]) {
    const many = Array.from({ length: count }, (_, index) => fixtureNode(index));
    const rows = [
      ...many,
      fixtureComponent('etcd', null),
      ...podsOn('worker-1', 30),
      ...podsOn('worker-2', 7),
    ];
    const { nodes: boxes, controlPlane, tray } = layoutNodes(model(rows), null);
    const all = [...boxes, controlPlane, tray];
    for (const [at, a] of all.entries()) {
      for (const b of all.slice(at + 1))
        expect(
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
        ).toBe(true);
      for (const pod of a.pods) expect(pod.x + a.podWidth <= a.width && pod.y + 30 <= a.height).toBe(true);
    }
  }
});

test('the tray shows what fits and counts the rest', () => {
  const waiting = Array.from({ length: 40 }, (_, index) => fixturePod(`w${index}`, null, 'pending'));
  const { tray, trayHidden } = layoutNodes(model([...nodes, ...waiting]), null);
  expect(tray.pods.length + trayHidden).toBe(40);
  expect(tray.pods.length).toBeGreaterThan(0);
});

const web = fixtureWorkload('Deployment', 'web', '');
const set = (name: string, revision: number, desired: number) =>
  fixtureWorkload('ReplicaSet', name, '', { owner: web.id, revision, desired });
const workloads: Row[] = [
  web,
  set('web-1', 1, 0),
  set('web-2', 2, 0),
  set('web-3', 3, 0),
  set('web-4', 4, 2),
  fixturePod('web-4-a', 'worker-1', 'running', { owner: 'replicasets/default/web-4' }),
  fixtureWorkload('Service', 'web', ''),
  fixtureEdge('services/default/web', 'pods/default/web-4-a', 'selects', 1000),
  fixturePod('alone', 'worker-1'),
];

test('a lane is an owner with its ReplicaSets, newest first, and the latest of the empty ones', () => {
  const [lane, bare] = groupLanes(model(workloads));
  expect(lane?.groups.map((group) => group.owner?.name)).toEqual(['web-4', 'web-3', 'web-2']);
  expect(lane?.services.map((row) => row.name)).toEqual(['web']);
  expect(bare?.groups[0]?.pods.map((pod) => pod.name)).toEqual(['alone']);
});

test('a Job owns its pods itself: one box, no line to itself', () => {
  const job = fixtureWorkload('Job', 'train', '');
  const rows = [job, fixturePod('train-x', 'worker-1', 'succeeded', { owner: job.id })];
  const layout = layoutWorkloads(model(rows), null);
  expect(layout.groups.map((box) => box.id)).toEqual([job.id]);
  expect(layout.cards).toEqual([]);
  expect(layout.lines).toEqual([]);
});

test('lanes keep their order when one is added, and boxes of lanes do not overlap', () => {
  const before = layoutWorkloads(model(workloads), null);
  const after = layoutWorkloads(
    model([...workloads, fixtureWorkload('Deployment', 'aaa', '', { createdMs: 0 })]),
    before.memory,
  );
  expect(places(after.groups).get('bare-pods')).toBe(places(before.groups).get('bare-pods'));
  const boxes = [...after.cards, ...after.groups];
  for (const [at, a] of boxes.entries())
    for (const b of boxes.slice(at + 1))
      expect(
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
      ).toBe(true);
});

test('the network view joins senders, Services and the pods that answer', () => {
  const rows = [
    ...workloads,
    fixtureWorkload('Ingress', 'shop', ''),
    fixtureEdge('ingresss/default/shop', 'services/default/web', 'routes', 5),
    fixtureEdge('pods/default/alone', 'services/default/web', 'routes', 5),
  ];
  const layout = layoutNetwork(model(rows), null);
  expect(layout.flows.map((flow) => flow.from)).toEqual(['ingresss/default/shop', 'pods/default/alone']);
  expect(layout.endpoints[0]?.pods.map((pod) => pod.id)).toEqual(['pods/default/web-4-a']);
  expect(layout.endpoints[0]?.edges).toEqual(['selects:services/default/web>pods/default/web-4-a']);
});

test('system pods can be left out', () => {
  const rows = [
    ...nodes,
    fixturePod('etcd', 'worker-1', 'running', { system: true, namespace: 'kube-system' }),
  ];
  expect(buildModel(rows, { showSystem: false }).pods).toEqual([]);
  expect(layoutNodes(model(rows), null).nodes[1]?.systemPods).toEqual(['pods/kube-system/etcd']);
});

test('names are ordered as people count', () => {
  expect(['n-10', 'n-2', 'n', 'm-3'].sort(compareNames)).toEqual(['m-3', 'n', 'n-2', 'n-10']);
});

test('arrow keys take the nearest in their direction', () => {
  const points = [
    { x: 10, y: 0 },
    { x: 5, y: 40 },
    { x: -5, y: 0 },
  ];
  expect(nearest({ x: 0, y: 0 }, points, [1, 0])).toBe(0);
  expect(nearest({ x: 0, y: 0 }, points, [0, 1])).toBe(1);
  expect(nearest({ x: 0, y: 0 }, points, [0, -1])).toBeNull();
});

test.each([
  [2, 'near', 0.62],
  [1, 'middle', 1],
  [0.6, 'middle', 1.65],
  [0.1, 'far', 3.4],
])('at zoom %f the band is %s and text is scaled by about %f', (zoom, band, scale) => {
  expect(zoomBand(zoom)).toBe(band);
  expect(Math.abs(textScale(zoom, 1) - scale)).toBeLessThan(0.12);
});

test('boxes that nothing happened to are the same objects, so React skips them', () => {
  const layouts = new Layouts();
  const rows = [...nodes, ...podsOn('worker-1', 2)];
  const before = layouts.lay('nodes', model(rows), 1);
  const after = layouts.lay('nodes', model([...rows, fixturePod('new', 'worker-2')]), 1);
  const same = after.nodes.filter((flow) => before.nodes.includes(flow)).map((flow) => flow.id);
  expect(same).toEqual(['unscheduled', 'nodes/control-plane', 'nodes/worker-1']);
  expect(placeOf(after.nodes, 'pods/default/new')).not.toBeNull();
});

test.each([
  [{ a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }] }, true],
  [{ a: [1] }, { a: [1, 2] }, false],
  [{ a: 1 }, { b: 1 }, false],
  [null, {}, false],
])('%j and %j are the same: %s', (a, b, expected) => {
  expect(sameValue(a, b)).toBe(expected);
});

test('a control plane of several nodes has a line for each component', () => {
  const heightOf = (...of: readonly string[]) =>
    layoutNodes(model([...nodes, ...of.map((node) => fixtureComponent('etcd', node))]), null).controlPlane
      .height;
  expect(heightOf('a', 'b', 'c')).toBeGreaterThan(heightOf('a'));
});
