import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { csiNodes } from './csiNode.ts';

const driver = { name: 'ebs.csi.aws.com', nodeID: 'i-1', topologyKeys: ['zone'] };

test.each<[string, object[], string[]]>([
  ['good', [driver], []],
  ['no driver', [], []],
  ['one driver twice', [driver, driver], ['spec.drivers[1].name: Duplicate value: "ebs.csi.aws.com"']],
  [
    'all wrong',
    [{ name: '', nodeID: '', allocatable: { count: -1 }, topologyKeys: ['zone', 'zone'] }],
    [
      'spec.drivers[0].name: Required value',
      'spec.drivers[0].nodeID: Required value',
      'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
      'spec.drivers[0].topologyKeys: Duplicate value: "zone"',
    ],
  ],
])('%s', (_name, drivers, errors) => {
  expect(createErrors(csiNodes, { spec: { drivers } })).toEqual(errors);
});

test('a driver comes and goes, but does not change', () => {
  const spec = { drivers: [driver] };
  expect(updateErrors(csiNodes, { spec }, { spec: { drivers: [] } })).toEqual([]);
  expect(
    updateErrors(csiNodes, { spec }, { spec: { drivers: [{ ...driver, allocatable: { count: 3 } }] } }),
  ).toEqual([]);
  expect(updateErrors(csiNodes, { spec }, { spec: { drivers: [{ ...driver, nodeID: 'i-2' }] } })).toEqual([
    'spec.drivers: Invalid value: {"name":"ebs.csi.aws.com","nodeID":"i-2","topologyKeys":["zone"]}: field is immutable',
  ]);
});

test('columns', () => {
  expect(cells(csiNodes, created(csiNodes, { spec: { drivers: [driver] } }))).toEqual({
    Name: 'x',
    Drivers: 1,
    Age: '60m',
  });
});
