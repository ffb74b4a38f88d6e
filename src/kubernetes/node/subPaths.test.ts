import { expect, test } from 'vitest';
import { checkSubPaths } from './subPaths.ts';

test.each([
  ['$(A)/x', undefined],
  ['$(Z)$(B)$(Z)', 'missing value for B, Z'],
  ['/$(A)', 'error SubPath `/a` must not be an absolute path'],
  ['$(A)/..', "unable to provision SubPath `a/..`: must not contain '..'"],
])('%s', (subPathExpr, message) => {
  const environment = new Map([
    ['A', 'a'],
    ['B', ''],
  ]);
  const container = { name: 'c', volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr }] };
  const check = () => checkSubPaths(container, () => environment);
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(message);
});
