import { expect, test } from 'vitest';
import { cells, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { nodes } from './node.ts';

const status = (ready: string | undefined) => ({
  conditions: ready === undefined ? [] : [{ type: 'Ready', status: ready }],
  addresses: [{ type: 'InternalIP', address: '10.0.0.2' }],
  nodeInfo: {
    kubeletVersion: 'v1.36.0',
    osImage: 'Debian 13',
    kernelVersion: '6.12',
    containerRuntimeVersion: 'containerd://2.1',
  },
});

test.each<[string | undefined, object, string]>([
  ['True', {}, 'Ready'],
  ['False', {}, 'NotReady'],
  ['Unknown', {}, 'NotReady'],
  [undefined, {}, 'Unknown'],
  ['True', { unschedulable: true }, 'Ready,SchedulingDisabled'],
])('Ready=%s with %j shows %s', (ready, spec, text) => {
  const node = stored(nodes, { spec, status: status(ready) });
  expect(cells(nodes, node)['Status']).toBe(text);
});

test.each([
  [{}, '<none>'],
  [{ 'node-role.kubernetes.io/control-plane': '' }, 'control-plane'],
  [{ 'node-role.kubernetes.io/b': '', 'kubernetes.io/role': 'a' }, 'a,b'],
])('the labels %j give the roles %s', (labels, roles) => {
  const node = stored(nodes, { metadata: { labels }, status: status('True') });
  expect(cells(nodes, node)['Roles']).toBe(roles);
});

test('wide columns', () => {
  expect(cells(nodes, stored(nodes, { status: status('True') }), true)).toMatchObject({
    Version: 'v1.36.0',
    'Internal-IP': '10.0.0.2',
    'External-IP': '<none>',
    'OS-Image': 'Debian 13',
    'Kernel-Version': '6.12',
    'Container-Runtime': 'containerd://2.1',
  });
});

test('allocatable is the capacity where nothing else is said', () => {
  const node = nodes.defaults!(stored(nodes, { status: { capacity: { cpu: '4' } } }));
  expect(node.status.allocatable).toEqual({ cpu: '4' });
});

test('taints are checked', () => {
  const taints = [
    { key: 'a', effect: 'NoSchedule' },
    { key: 'a', effect: 'NoSchedule' },
    { key: 'b', effect: 'Never' },
  ];
  expect(createErrors(nodes, { spec: { taints } })).toEqual([
    'spec.taints[1]: Duplicate value: {"Key":"a","Value":"","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
    'spec.taints[2].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
  ]);
});

test('a node keeps its pod range', () => {
  expect(
    updateErrors(nodes, { spec: { podCIDR: '10.1.0.0/24' } }, { spec: { podCIDR: '10.2.0.0/24' } }),
  ).toEqual(['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']);
});

test.each([
  [{}, 'false'],
  [{ unschedulable: true }, 'true'],
])('spec.unschedulable of %j selects as %s', (spec, value) => {
  expect(nodes.fieldValue!(stored(nodes, { spec }), 'spec.unschedulable')).toBe(value);
});
