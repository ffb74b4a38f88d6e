import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cache } from './cache.ts';
import { PodGroups } from './podGroups.ts';
import { selectorFromSet } from '#kubernetes/apimachinery/labels.ts';
import { makeNode, makePod, nodeInfo } from './testObjects.ts';

const bound = (name: string, nodeName: string, cpu = '1') => makePod({ name, nodeName, requests: { cpu } });

test('an assumed pod counts until it is confirmed, forgotten or gone', () => {
  const cache = new Cache();
  cache.setNode(makeNode('n'));
  const node = cache.node('n')!;
  cache.assume(bound('a', 'n'));
  expect([node.requestedCpu, cache.isAssumed('default/a')]).toEqual([1000, true]);
  cache.setPod(bound('a', 'n'));
  expect([node.requestedCpu, cache.isAssumed('default/a')]).toEqual([1000, false]);
  cache.forget('default/a');
  expect(node.requestedCpu).toBe(1000);
  cache.assume(bound('b', 'n'));
  cache.forget('default/b');
  expect(node.requestedCpu).toBe(1000);
  cache.removePod('default/a');
  expect([node.requestedCpu, node.pods.size]).toEqual([0, 0]);
});

test('an assumed pod that comes back on another node is there', () => {
  const cache = new Cache();
  for (const name of ['m', 'n']) cache.setNode(makeNode(name));
  cache.assume(bound('a', 'm'));
  cache.setPod(bound('a', 'n'));
  expect([cache.node('m')!.requestedCpu, cache.node('n')!.requestedCpu]).toEqual([0, 1000]);
});

test('pods that come before their node are counted on it', () => {
  const cache = new Cache();
  cache.setPod(bound('a', 'n'));
  expect(cache.node('n')).toBeUndefined();
  expect(cache.order).toEqual([]);
  cache.setNode(makeNode('n'));
  expect(cache.node('n')!.requestedCpu).toBe(1000);
});

test('a node that comes back finds the pods it had', () => {
  const cache = new Cache();
  cache.setNode(makeNode('n'));
  cache.setPod(bound('a', 'n'));
  cache.removeNode('n');
  expect(cache.order).toEqual([]);
  cache.setNode(makeNode('n'));
  expect(cache.node('n')!.requestedCpu).toBe(1000);
});

test('a heartbeat changes no generation, a status of a pod neither', () => {
  const cache = new Cache();
  const node = makeNode('n');
  cache.setNode(node);
  const pod = bound('a', 'n');
  cache.setPod(pod);
  const before = cache.generation;
  cache.setNode({ ...node, status: { ...node.status, conditions: [{ type: 'Ready', status: 'True' }] } });
  cache.setPod({ ...pod, status: { phase: 'Running' } });
  expect(cache.generation).toBe(before);
  cache.setNode({ ...node, spec: { unschedulable: true } });
  expect(cache.generation).toBe(before + 1);
  expect(cache.node('n')!.node!.spec.unschedulable).toBe(true);
});

test('sums and counts equal those from scratch, whatever came and went', () => {
  const step = fc.record({
    pod: fc.nat(8),
    node: fc.constantFrom('l', 'm', 'n'),
    act: fc.constantFrom('set', 'remove', 'terminate', 'lose', 'node'),
    label: fc.constantFrom('x', 'y'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const cache = new Cache();
      const groups = new PodGroups();
      cache.observe(groups);
      const selector = selectorFromSet({ app: 'x' });
      const early = groups.countsOf('default', selector);
      for (const { pod, node, act, label } of steps) {
        const name = `p${pod}`;
        const made = makePod({ name, nodeName: node, labels: { app: label }, requests: { cpu: pod } });
        if (act === 'set') cache.setPod(made);
        if (act === 'terminate')
          cache.setPod({ ...made, metadata: { ...made.metadata, deletionTimestamp: 'x' } });
        if (act === 'remove') cache.removePod(`default/${name}`);
        if (act === 'lose') cache.removeNode(node);
        if (act === 'node') cache.setNode(makeNode(node));
      }
      for (const info of cache.order) {
        const pods = [...info.pods.values()];
        const fresh = nodeInfo(info.node!, ...pods);
        expect(info.requestedCpu).toBe(fresh.requestedCpu);
        expect(info.nonZeroMemory).toBe(fresh.nonZeroMemory);
        const matching = pods.filter(
          ({ metadata }) => metadata.labels?.['app'] === 'x' && metadata.deletionTimestamp === undefined,
        );
        expect(early.on(info.slot)).toBe(matching.length);
      }
    }),
    { seed: 3 },
  );
});
