import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { isJobFinished, jobs } from './job.ts';

const template = { spec: { containers: [{ name: 'c', image: 'x:1' }], restartPolicy: 'Never' } };
const generated = {
  'batch.kubernetes.io/controller-uid': 'u-1',
  'batch.kubernetes.io/job-name': 'x',
  'controller-uid': 'u-1',
  'job-name': 'x',
};

test.each<[string, object, object]>([
  ['one run', {}, { parallelism: 1, completions: 1, backoffLimit: 6 }],
  ['a work queue', { parallelism: 3 }, { parallelism: 3, backoffLimit: 6 }],
  ['no second try', { backoffLimit: 0, completions: 2 }, { parallelism: 1, completions: 2, backoffLimit: 0 }],
])('defaults of %s', (_name, given, expected) => {
  const job = created(jobs, { spec: { template, ...given } });
  const { template: filled, ...rest } = job.spec;
  expect(rest).toEqual({
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    manualSelector: false,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } },
    ...expected,
  });
  expect(filled.metadata?.labels).toEqual(generated);
  expect(job.metadata.labels).toEqual(generated);
  expect(job.status).toEqual({});
  expect(jobs.defaults!(job)).toBe(job);
});

test('labels of its own stay', () => {
  const job = created(jobs, { metadata: { labels: { a: 'b' } }, spec: { template } });
  expect(job.metadata.labels).toEqual({ a: 'b' });
});

test.each<[string, object, string[]]>([
  ['good', { template }, []],
  [
    'pods that never end',
    { template: { spec: { containers: template.spec.containers } } },
    ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
  ],
  [
    'less than nothing',
    { template, backoffLimit: -1, parallelism: -1 },
    [
      'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
      'spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0',
    ],
  ],
  [
    'an index without end',
    { template, completionMode: 'Indexed', parallelism: 2 },
    ['spec.completions: Required value: when completion mode is Indexed'],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(jobs, { spec })).toEqual(errors);
});

test('what a job is about stays, how wide it runs may change', () => {
  expect(
    updateErrors(jobs, { spec: { template } }, { spec: { template, completions: 5, parallelism: 1 } }),
  ).toEqual(['spec.completions: Invalid value: 5: field is immutable']);
  const wider = { template, completions: 1, parallelism: 4 };
  expect(updateErrors(jobs, { spec: { template } }, { spec: wider })).toEqual([]);
});

test.each<[object, object, object]>([
  [{}, {}, { Status: 'Running', Completions: '0/1', Duration: '' }],
  [{}, { startTime: '2026-01-01T00:58:00Z' }, { Status: 'Running', Duration: '2m' }],
  [
    {},
    {
      startTime: '2026-01-01T00:10:00Z',
      completionTime: '2026-01-01T00:10:09Z',
      succeeded: 1,
      conditions: [{ type: 'Complete', status: 'True' }],
    },
    { Status: 'Complete', Completions: '1/1', Duration: '9s' },
  ],
  [{}, { conditions: [{ type: 'Failed', status: 'True' }] }, { Status: 'Failed' }],
  [{}, { conditions: [{ type: 'Suspended', status: 'True' }] }, { Status: 'Suspended' }],
  [{ parallelism: 3 }, { succeeded: 2 }, { Completions: '2/1 of 3' }],
])('%j with %j', (spec, status, expected) => {
  const job = stored(jobs, { spec: { template, ...spec }, status });
  expect(cells(jobs, job)).toMatchObject(expected);
  expect(isJobFinished(job)).toBe(['Complete', 'Failed'].includes(String(cells(jobs, job)['Status'])));
});
