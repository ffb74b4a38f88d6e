import { expect, test } from 'vitest';
import { newestFor, versionErrors } from './versions.ts';

const to = (version: string) => `Specified version to upgrade to "${version}"`;

// Facts: upstream's cmd/kubeadm/app/phases/upgrade/policy_test.go
test.each([
  ['the next minor', 'v1.36.0', 'v1.35.0', 'v1.36.0', ['v1.35.0'], [], []],
  ['the next patch', 'v1.35.1', 'v1.35.0', 'v1.35.1', ['v1.35.0'], [], []],
  ['the same version', 'v1.36.0', 'v1.36.0', 'v1.36.0', ['v1.36.0'], [], []],
  [
    'two minors at once',
    'v1.36.0',
    'v1.34.0',
    'v1.36.0',
    ['v1.34.0'],
    [`${to('v1.36.0')} is too high; kubeadm can upgrade only 1 minor version at a time`],
    [],
  ],
  [
    'a minor that kubeadm does not know',
    'v1.36.0',
    'v1.35.0',
    'v1.35.0',
    ['v1.35.0'],
    [
      `${to('v1.36.0')} is at least one minor release higher than the kubeadm minor release (36 > 35). Such an upgrade is not supported`,
    ],
    [],
  ],
  [
    'a patch that kubeadm does not know',
    'v1.35.2',
    'v1.35.0',
    'v1.35.1',
    ['v1.35.0'],
    [],
    [
      `${to('v1.35.2')} is higher than the kubeadm version "v1.35.1". Upgrade kubeadm first using the tool you used to install kubeadm`,
    ],
  ],
  [
    'a kubeadm that is too new',
    'v1.35.1',
    'v1.35.0',
    'v1.36.0',
    ['v1.35.0'],
    [],
    ['Kubeadm version v1.36.0 can only be used to upgrade to Kubernetes version 1.36'],
  ],
  [
    'two minors down',
    'v1.34.0',
    'v1.36.0',
    'v1.34.0',
    ['v1.34.0'],
    [
      'Specified version to downgrade to "v1.34.0" is too low; kubeadm can downgrade only 1 minor version at a time',
    ],
    [],
  ],
  ['kubelets three minors behind', 'v1.36.0', 'v1.35.0', 'v1.36.0', ['v1.33.0', 'v1.35.0'], [], []],
  [
    'kubelets four minors behind',
    'v1.36.0',
    'v1.35.0',
    'v1.36.0',
    ['v1.32.0', 'v1.35.0', 'v1.32.0'],
    [],
    ['There are kubelets in this cluster that are too old that have these versions [v1.32.0]'],
  ],
])('%s', (_, wanted, cluster, kubeadm, kubelets, mandatory, skippable) => {
  expect(versionErrors({ wanted, cluster, kubeadm, kubelets })).toEqual({ mandatory, skippable });
});

test.each([
  ['v1.36.0', 'v1.36.0'],
  ['v1.35.0', 'v1.35.0'],
  ['v1.33.0', 'v1.35.0'],
])('kubeadm %s knows %s', (kubeadm, version) => {
  const releases = ['v1.36.0', 'v1.35.0'].map((one) => ({ version: one, etcd: '', coredns: '' }));
  expect(newestFor(kubeadm, releases).version).toBe(version);
});
