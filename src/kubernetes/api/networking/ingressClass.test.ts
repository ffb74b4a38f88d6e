import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
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

test('a controller is a path with a domain', () => {
  expect(createErrors(ingressClasses, { spec: { controller: 'nginx' } })).toEqual([
    'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as \'acme.io/foo\')',
  ]);
});
