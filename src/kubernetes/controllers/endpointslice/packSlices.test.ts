import { expect, test } from 'vitest';
import type { Endpoint, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { packSlices } from './packSlices.ts';

function endpointsFrom(first: number, count: number, ready = true): Endpoint[] {
  return Array.from({ length: count }, (_, i) => ({
    addresses: [`10.0.${Math.floor((first + i) / 256)}.${(first + i) % 256}`],
    conditions: { ready },
    targetRef: { uid: String(first + i) },
  }));
}

const sliceOf = (name: string, endpoints: readonly Endpoint[]) =>
  ({ metadata: { name }, endpoints }) as unknown as EndpointSlice;

interface Row {
  readonly existing: Readonly<Record<string, readonly Endpoint[]>>;
  readonly desired: readonly Endpoint[];
  readonly created?: readonly number[];
  readonly updated?: Readonly<Record<string, number>>;
  readonly deleted?: readonly string[];
}

// Upstream: reconciler_test.go
test.each<[string, Row]>([
  ['nothing changes', { existing: { a: endpointsFrom(0, 3) }, desired: endpointsFrom(0, 3) }],
  ['250 make three slices', { existing: {}, desired: endpointsFrom(0, 250), created: [100, 100, 50] }],
  [
    'a few more fill a slice that has room for all of them',
    {
      existing: { a: endpointsFrom(0, 90), b: endpointsFrom(90, 60) },
      desired: endpointsFrom(0, 170),
      updated: { b: 80 },
    },
  ],
  [
    'more than any slice has room for make a new one',
    {
      existing: { a: endpointsFrom(0, 62), b: endpointsFrom(62, 61) },
      desired: endpointsFrom(0, 170),
      created: [47],
    },
  ],
  [
    'what changes anyway is filled first',
    {
      existing: { a: endpointsFrom(0, 62), b: endpointsFrom(62, 61) },
      desired: [...endpointsFrom(1, 122), ...endpointsFrom(200, 38)],
      updated: { a: 99 },
    },
  ],
  [
    'slices that lose all endpoints go, others are not moved together',
    {
      existing: { a: endpointsFrom(0, 10), b: endpointsFrom(10, 10), c: endpointsFrom(20, 10) },
      desired: [...endpointsFrom(0, 5), ...endpointsFrom(20, 10)],
      updated: { a: 5 },
      deleted: ['b'],
    },
  ],
  [
    'a changed condition stays in its place',
    { existing: { a: endpointsFrom(0, 2) }, desired: endpointsFrom(0, 2, false), updated: { a: 2 } },
  ],
])('%s', (_what, { existing, desired, created = [], updated = {}, deleted = [] }) => {
  const slices = Object.entries(existing).map(([name, endpoints]) => sliceOf(name, endpoints));
  const packing = packSlices(slices, desired);
  expect(packing.created.map(({ length }) => length)).toEqual(created);
  const sizes = packing.updated.map(({ slice, endpoints }) => [slice.metadata.name, endpoints.length]);
  expect(Object.fromEntries(sizes)).toEqual(updated);
  expect(packing.deleted.map(({ metadata }) => metadata.name)).toEqual(deleted);
});
