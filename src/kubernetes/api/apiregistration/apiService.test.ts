import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { apiServices } from './apiService.ts';

const metadata = { name: 'v1.apps' };
const spec = { group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 };
const service = { name: 'metrics-server', namespace: 'kube-system' };

test.each<[string, object, string[]]>([
  ['good', { metadata, spec }, []],
  [
    'another name',
    { metadata: { name: 'apps' }, spec },
    ['metadata.name: Invalid value: "apps": must be `spec.version+"."+spec.group`: "v1.apps"'],
  ],
  [
    'no priorities',
    { metadata, spec: { group: 'apps', version: 'v1' } },
    [
      'spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000',
      'spec.versionPriority: Invalid value: 0: must be positive and less than 1000',
    ],
  ],
  [
    'a service without a namespace',
    { metadata, spec: { ...spec, service: { name: 'x' } } },
    ['spec.service.namespace: Required value'],
  ],
  [
    'a local one that trusts',
    { metadata, spec: { ...spec, insecureSkipTLSVerify: true } },
    ['spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(apiServices, manifest)).toEqual(errors);
});

test('columns', () => {
  expect(cells(apiServices, created(apiServices, { metadata, spec }))).toEqual({
    Name: 'v1.apps',
    Service: 'Local',
    Available: 'True',
    Age: '60m',
  });
  const remote = { metadata, spec: { ...spec, service } };
  expect(created(apiServices, remote).spec.service).toEqual({ ...service, port: 443 });
  expect(cells(apiServices, created(apiServices, remote))['Available']).toBe('Unknown');
  const conditions = [{ type: 'Available', status: 'False', reason: 'ServiceNotFound' }];
  expect(cells(apiServices, stored(apiServices, { ...remote, status: { conditions } }))).toMatchObject({
    Service: 'kube-system/metrics-server',
    Available: 'False (ServiceNotFound)',
  });
});
