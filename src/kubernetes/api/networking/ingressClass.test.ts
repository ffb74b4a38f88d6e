import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { ingressClasses } from './ingressClass.ts';

test('columns and defaults', () => {
  const parameters = { apiGroup: 'example.com', kind: 'Params', name: 'p' };
  const ingressClass = created(ingressClasses, { spec: { controller: 'example.com/c', parameters } });
  expect(ingressClass.spec.parameters?.scope).toBe('Cluster');
  expect(cells(ingressClasses, ingressClass)).toEqual({
    Name: 'x',
    Controller: 'example.com/c',
    Parameters: 'Params.example.com/p',
    Age: '60m',
  });
});

const parameters = { kind: 'Params', name: 'p' };

test.each<[string, object, string[]]>([
  ['good', { controller: 'a.io/b' }, []],
  ['no controller', {}, ['spec.controller: Required value']],
  [
    'no path',
    { controller: 'nginx' },
    ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    'a strange path',
    { controller: 'a.io/b c' },
    [
      "spec.controller: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
    ],
  ],
  [
    'parameters of nothing',
    { controller: 'a.io/b', parameters: {} },
    ['spec.parameters.kind: Required value', 'spec.parameters.name: Required value'],
  ],
  [
    'a namespace where there is none',
    { controller: 'a.io/b', parameters: { ...parameters, namespace: 'n' } },
    ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
  ],
  [
    'no namespace',
    { controller: 'a.io/b', parameters: { ...parameters, scope: 'Namespace' } },
    ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(ingressClasses, { spec })).toEqual(errors);
});

test('the controller stays', () => {
  expect(
    updateErrors(ingressClasses, { spec: { controller: 'a.io/b' } }, { spec: { controller: 'a.io/c' } }),
  ).toEqual(['spec.controller: Invalid value: "a.io/c": field is immutable']);
});
