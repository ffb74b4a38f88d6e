import { expect, test } from 'vitest';
import { cells, created } from '../testing/kindTable.ts';
import { endpoints } from './endpoints.ts';

const addresses = (count: number) => Array.from({ length: count }, (_, i) => ({ ip: `10.0.0.${i + 1}` }));

test.each<[object[], string]>([
  [[], '<none>'],
  [[{ addresses: addresses(1), ports: [{ port: 80 }] }], '10.0.0.1:80'],
  [[{ addresses: addresses(2) }], '10.0.0.1,10.0.0.2'],
  [[{ notReadyAddresses: addresses(2), ports: [{ port: 80 }] }], '<none>'],
  [[{ addresses: addresses(4), ports: [{ port: 80 }] }], '10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...'],
])('%j shows %s', (subsets, text) => {
  expect(cells(endpoints, created(endpoints, { subsets }))['Endpoints']).toBe(text);
});

test('ports speak TCP where nothing else is said', () => {
  const object = created(endpoints, { subsets: [{ addresses: addresses(1), ports: [{ port: 80 }] }] });
  expect(object.subsets![0]!.ports).toEqual([{ port: 80, protocol: 'TCP' }]);
});
