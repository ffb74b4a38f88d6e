import { expect, test } from 'vitest';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { describeColumn } from './columnDescriptions.ts';

/** As recorded: `table/…`. */
test.each([
  ['Pod', 'Ready', 'The aggregate readiness state of this pod for accepting traffic.'],
  ['Deployment', 'Ready', 'Number of the pod with ready state'],
  ['Deployment', 'Images', 'Images referenced by each container in the template.'],
  ['Namespace', 'Status', 'The status of the namespace'],
  ['Ingress', 'Ports', 'Ports of TLS configurations that open'],
  ['PersistentVolumeClaim', 'StorageClass', 'StorageClass of the pvc'],
  ['Nothing', 'constructor', ''],
])('%s %s: %s', (kind, column, text) => {
  expect(describeColumn(kind, column)).toBe(text);
});

test('columns that repeat a field say what its documentation says', () => {
  expect(describeColumn('Service', 'Type')).toMatch(/^type determines how the Service is exposed\./);
  expect(describeColumn('Event', 'Last Seen')).toMatch(/^The time at which the most recent occurrence/);
  expect(describeColumn('Lease', 'Age')).toMatch(/^CreationTimestamp is a timestamp/);
});

test('no column of the kinds that learners meet first is without a word', () => {
  const met = ['pods', 'services', 'deployments', 'replicasets', 'daemonsets', 'jobs', 'nodes', 'configmaps'];
  const silent = builtInKinds.all
    .filter(({ plural }) => met.includes(plural))
    .flatMap(({ kind, columns }) =>
      columns.filter(({ name }) => describeColumn(kind, name) === '').map(({ name }) => `${kind} ${name}`),
    );
  expect(silent).toEqual([]);
});
