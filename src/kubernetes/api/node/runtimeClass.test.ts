import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { runtimeClasses } from './runtimeClass.ts';

const toleration = { key: 'gvisor', operator: 'Exists' };

test.each<[string, object, string[]]>([
  ['good', { handler: 'runsc', overhead: { podFixed: { cpu: '250m' } } }, []],
  [
    'a handler that is no label',
    { handler: 'Run_sc' },
    [
      "handler: Invalid value: \"Run_sc\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'overhead below nothing',
    { handler: 'runsc', overhead: { podFixed: { cpu: '-1' } } },
    ['overhead.podFixed[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    'one toleration twice',
    { handler: 'runsc', scheduling: { tolerations: [toleration, toleration] } },
    ['scheduling.tolerations[1]: Duplicate value: {"key":"gvisor","operator":"Exists"}'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(runtimeClasses, manifest)).toEqual(errors);
});

test('the handler stays; columns', () => {
  expect(updateErrors(runtimeClasses, { handler: 'runsc' }, { handler: 'kata' })).toEqual([
    'handler: Invalid value: "kata": field is immutable',
  ]);
  expect(cells(runtimeClasses, created(runtimeClasses, { handler: 'runsc' }))).toEqual({
    Name: 'x',
    Handler: 'runsc',
    Age: '60m',
  });
});
