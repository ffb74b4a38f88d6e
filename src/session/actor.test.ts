import { expect, test } from 'vitest';
import { actorName } from './actor.ts';

test.each([
  ['kubernetes-admin', 'kubernetes-admin'],
  ['system:serviceaccount:kube-system:deployment-controller', 'deployment-controller'],
  ['system:node:node-1', 'kubelet on node-1'],
  ['system:kube-scheduler', 'kube-scheduler'],
  ['', ''],
])('%s is called %s', (user, name) => {
  expect(actorName(user)).toBe(name);
});
