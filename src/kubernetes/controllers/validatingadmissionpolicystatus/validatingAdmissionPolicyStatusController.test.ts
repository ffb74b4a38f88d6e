import { expect, test } from 'vitest';
import type { ValidatingAdmissionPolicy } from '#generated/types/admissionregistration.v1.ts';
import { validatingAdmissionPolicies } from '#kubernetes/api/admissionregistration/validatingAdmissionPolicy.ts';
import { TestCluster } from '../testCluster.ts';
import { validatingAdmissionPolicyStatusController } from './validatingAdmissionPolicyStatusController.ts';

test('a policy is looked at once for each of its generations', () => {
  const cluster = new TestCluster([validatingAdmissionPolicyStatusController]);
  const resourceRules = [
    { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
  ] as const;
  const spec = (expression: string) => ({
    matchConstraints: { resourceRules },
    validations: [{ expression }],
  });
  const policy = () => cluster.client.get<ValidatingAdmissionPolicy>(validatingAdmissionPolicies, '', 'p');
  cluster.client.create(validatingAdmissionPolicies, { metadata: { name: 'p' }, spec: spec('true') });
  cluster.run();
  expect(policy().status).toEqual({ observedGeneration: 1, typeChecking: {} });
  cluster.client.update(validatingAdmissionPolicies, { ...policy(), spec: spec('1 < 2') });
  cluster.run();
  expect(policy().status.observedGeneration).toBe(2);
  const { revision } = cluster.server.storage.etcd;
  cluster.run(60_000);
  expect(cluster.server.storage.etcd.revision).toBe(revision);
});
