import { expect, test } from 'vitest';
import { cells, created, createErrors, statusErrors, stored } from '../testing/kindTable.ts';
import { replicationControllers } from './replicationController.ts';

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }] },
};

test('its selector and labels are those of its template', () => {
  const controller = created(replicationControllers, { spec: { template } });
  expect(controller.spec).toMatchObject({ replicas: 1, selector: { app: 'a' } });
  expect(controller.metadata.labels).toEqual({ app: 'a' });
  expect(controller.spec.template?.spec?.restartPolicy).toBe('Always');
  expect(controller.status).toEqual({ replicas: 0 });
  expect(replicationControllers.defaults!(controller)).toBe(controller);
});

test('labels and a selector of its own stay', () => {
  const given = { metadata: { labels: { b: 'c' } }, spec: { selector: { app: 'a' }, template } };
  const controller = created(replicationControllers, given);
  expect(controller.metadata.labels).toEqual({ b: 'c' });
});

test.each<[string, object, string[]]>([
  ['good', { template }, []],
  ['no template', {}, ['spec.selector: Required value', 'spec.template: Required value']],
  [
    'a selector that misses the template',
    { selector: { app: 'b' }, template },
    [
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ],
  ],
  [
    'fewer than none, and pods that end',
    { replicas: -1, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
    [
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(replicationControllers, { spec })).toEqual(errors);
});

test('a status counts no part beyond its whole, and may go back to a generation', () => {
  const old = { spec: { template }, status: { replicas: 1, observedGeneration: 3 } };
  expect(statusErrors(replicationControllers, old, { replicas: 1, readyReplicas: 2 })).toEqual([
    'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
  ]);
});

test('columns and fields', () => {
  const controller = stored(replicationControllers, {
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 1 },
  });
  expect(cells(replicationControllers, controller, true)).toEqual({
    Name: 'x',
    Desired: 2,
    Current: 2,
    Ready: 1,
    Age: '60m',
    Containers: 'c',
    Images: 'x:1',
    Selector: 'app=a',
  });
  expect(replicationControllers.fieldValue!(controller, 'status.replicas')).toBe('2');
});
