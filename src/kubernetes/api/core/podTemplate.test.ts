import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { podTemplates } from './podTemplate.ts';

const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }] },
};

test('it is defaulted as the templates of workloads are, and shows what it makes', () => {
  const object = created(podTemplates, { template });
  expect(object.template?.spec?.restartPolicy).toBe('Always');
  expect(podTemplates.defaults!(object)).toBe(object);
  expect(cells(podTemplates, object)).toEqual({
    Name: 'x',
    Containers: 'c',
    Images: 'x:1',
    'Pod Labels': 'app=a',
  });
});

test.each<[string, object, string[]]>([
  ['good', template, []],
  ['nothing', {}, ['template.spec.containers: Required value']],
])('%s', (_name, given, errors) => {
  expect(createErrors(podTemplates, { template: given })).toEqual(errors);
});
