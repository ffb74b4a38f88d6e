import { expect, test } from 'vitest';
import { certificateSigningRequests } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { clusterRoleBindings } from '#kubernetes/api/rbac/clusterRoleBinding.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { Client } from '#kubernetes/client/client.ts';
import { installAccess } from '#kubernetes/cluster/installAccess.ts';
import { TestCluster } from '../testCluster.ts';
import { certificateApprovingController } from './certificateApprovingController.ts';

// Upstream: pkg/controller/certificates/approver/sarapprove_test.go
test.each<[string, string, string, string | undefined]>([
  [
    'a kubelet may renew its own',
    'system:node:mine',
    'system:nodes',
    'Auto approving self kubelet client certificate after SubjectAccessReview.',
  ],
  [
    'a bootstrap token may ask for the first',
    'system:bootstrap:abc',
    'system:bootstrappers:kubeadm:default-node-token',
    'Auto approving kubelet client certificate after SubjectAccessReview.',
  ],
  ['nobody else', 'jane', 'dev', undefined],
])('%s', (_name, name, group, message) => {
  const controller = { ...certificateApprovingController, name: 'certificate-controller' };
  const cluster = new TestCluster([controller]);
  for (const namespace of ['kube-system', 'kube-public'])
    cluster.client.create(namespaces, { metadata: { name: namespace }, spec: {} });
  installAccess(cluster.server, cluster.client);
  // Whether somebody may create requests at all is another question.
  cluster.client.create(clusterRoleBindings, {
    metadata: { name: 'test' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-bootstrapper' },
    subjects: [{ kind: 'Group', name: group }],
  });
  const client = new Client(cluster.server.handle, { name, groups: [group, 'system:authenticated'] });
  client.create(certificateSigningRequests, {
    metadata: { name: 'x' },
    spec: {
      request: requests.node,
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['client auth', 'digital signature'],
    },
  });
  cluster.run();
  const { status } = cluster.get(certificateSigningRequests, 'x');
  expect(status.conditions?.[0]?.message).toBe(message);
});
