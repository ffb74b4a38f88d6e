import { beforeAll, describe, expect, test } from 'vitest';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { keepsStatus, supportsApiOperations } from './testing/apiOperations.ts';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const supports = (path: string, object: object, status?: object) => () =>
  supportsApiOperations(f, { path, object, ...(status !== undefined && { status }) });

const inNamespace = (group: string, resource: string, object: object, status?: object) => async () => {
  const path = (await f.namespace()).replace('/api/v1', group) + `/${resource}`;
  await supportsApiOperations(f, {
    path,
    object,
    ...(status !== undefined && { status, marks: 'annotated' }),
  });
};

const lastTransitionTime = '2026-01-01T00:00:00Z';
const container = { name: 'c', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53' };
const template = { metadata: { labels: { app: 'e2e' } }, spec: { containers: [container] } };

// Upstream: test/e2e/apimachinery/flowcontrol.go
describe('sig-api-machinery/API priority and fairness', () => {
  const api = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const condition = { type: 'foo', status: 'True', reason: 'r', message: 'm', lastTransitionTime };

  test(
    'should support FlowSchema API operations',
    supports(
      `${api}/flowschemas`,
      {
        spec: {
          matchingPrecedence: 10_000,
          priorityLevelConfiguration: { name: 'global-default' },
          distinguisherMethod: { type: 'ByUser' },
          rules: [
            {
              subjects: [{ kind: 'User', user: { name: 'example-e2e-non-existent-user' } }],
              nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
            },
          ],
        },
      },
      { conditions: [condition] },
    ),
  );

  test(
    'should support PriorityLevelConfiguration API operations',
    supports(
      `${api}/prioritylevelconfigurations`,
      {
        spec: {
          type: 'Limited',
          limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } },
        },
      },
      { conditions: [condition] },
    ),
  );
});

// Upstream: test/e2e/apimachinery/validatingadmissionpolicy.go
describe('sig-api-machinery/ValidatingAdmissionPolicy', () => {
  const api = '/apis/admissionregistration.k8s.io/v1';
  test(
    'should support ValidatingAdmissionPolicy API operations',
    supports(
      `${api}/validatingadmissionpolicies`,
      {
        spec: {
          matchConstraints: {
            namespaceSelector: { matchLabels: { none: 'here' } },
            resourceRules: [
              {
                apiGroups: ['apps'],
                apiVersions: ['v1'],
                operations: ['CREATE'],
                resources: ['deployments'],
              },
            ],
          },
          validations: [{ expression: 'object.spec.replicas <= 100', message: 'bounded' }],
        },
      },
      {
        conditions: [
          { type: 'PatchStatusFailed', status: 'False', reason: 'e2e', message: 'm', lastTransitionTime },
        ],
      },
    ),
  );

  test(
    'should support ValidatingAdmissionPolicyBinding API operations',
    supports(`${api}/validatingadmissionpolicybindings`, {
      spec: { policyName: 'replicalimit-policy.example.com', validationActions: ['Deny'] },
    }),
  );
});

describe('sig-apps/CronJob', () => {
  // Upstream: test/e2e/apps/cronjob.go
  test(
    'should support CronJob API operations',
    inNamespace(
      '/apis/batch/v1',
      'cronjobs',
      {
        spec: {
          schedule: '0 0 1 1 *',
          concurrencyPolicy: 'Allow',
          jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'OnFailure' } } } },
        },
      },
      { lastScheduleTime: lastTransitionTime },
    ),
  );
});

// Upstream: test/e2e/apps/controller_revision.go
describe('sig-apps/ControllerRevision', () => {
  test(
    'should manage the lifecycle of a ControllerRevision',
    inNamespace('/apis/apps/v1', 'controllerrevisions', { data: { spec: { template } }, revision: 2 }),
  );
});

// Upstream: test/e2e/auth/certificates.go
describe('sig-auth/Certificates API', () => {
  test('should support CSR API operations', async () => {
    const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    const spec = {
      request: requests.jane,
      signerName: 'example.com/e2e',
      usages: ['digital signature', 'client auth'],
    };
    await supportsApiOperations(f, { path, object: { spec } });
    f.create(path, { metadata: { name: 'e2e-csr' }, spec });
    const condition = { type: 'Approved', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
    const read = f.get(`${path}/e2e-csr/approval`);
    f.update(`${path}/e2e-csr/approval`, { ...read, status: { conditions: [condition] } });
    expect(f.get(`${path}/e2e-csr`).status).toMatchObject({ conditions: [condition] });
  });
});

// Upstream: test/e2e/network/ingress.go, ingressclass.go
describe('sig-network/Ingress API', () => {
  test(
    'should support creating Ingress API operations',
    inNamespace(
      '/apis/networking.k8s.io/v1',
      'ingresses',
      { spec: { defaultBackend: { service: { name: 'default-backend', port: { number: 80 } } } } },
      { loadBalancer: { ingress: [{ ip: '169.1.1.1' }] } },
    ),
  );

  test(
    'IngressClass API should support creating IngressClass API operations',
    supports('/apis/networking.k8s.io/v1/ingressclasses', { spec: { controller: 'example.com/controller' } }),
  );
});

// Upstream: test/e2e/network/endpointslice.go
describe('sig-network/EndpointSlice', () => {
  test(
    'should support creating EndpointSlice API operations',
    inNamespace('/apis/discovery.k8s.io/v1', 'endpointslices', {
      addressType: 'IPv4',
      endpoints: [{ addresses: ['1.2.3.4', '5.6.7.8'] }],
    }),
  );
});

// Upstream: test/e2e/common/node/runtimeclass.go
describe('sig-node/RuntimeClass', () => {
  test(
    'should support RuntimeClasses API operations',
    supports('/apis/node.k8s.io/v1/runtimeclasses', { handler: 'test-handler' }),
  );
});

// Upstream: test/e2e/common/node/podtemplates.go
describe('sig-node/PodTemplates', () => {
  const core = '/api/v1';
  test('should run the lifecycle of PodTemplates', inNamespace(core, 'podtemplates', { template }));

  test('should delete a collection of pod templates', async () => {
    const path = `${await f.namespace()}/podtemplates`;
    const labels = { 'podtemplate-set': 'true' };
    for (const name of ['test-1', 'test-2', 'test-3'])
      f.create(path, { metadata: { name, labels }, template });
    f.delete(path, undefined, { labelSelector: 'podtemplate-set=true' });
    await f.until(() => f.names(path, 'podtemplate-set=true').length === 0);
  });

  test('should replace a pod template', async () => {
    const path = `${await f.namespace()}/podtemplates`;
    const made = f.create(path, { metadata: { name: 'pt' }, template });
    const annotations = { updated: 'true' };
    const body = { ...made, metadata: { ...made.metadata, annotations } };
    expect(f.update(`${path}/pt`, body).metadata.annotations).toEqual(annotations);
  });
});

// Upstream: test/e2e/scheduling/preemption.go
describe('sig-scheduling/SchedulerPreemption', () => {
  test('PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods', () => {
    const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
    const [p1, p2] = [1000, 1100].map((value, index) =>
      f.create(path, { metadata: { name: `p${index + 1}` }, value }),
    );
    // A value is there for good, a description is not.
    for (const method of ['PATCH', 'PUT'] as const)
      expect(f.failure(method, `${path}/p1`, { ...p1, value: 10 })).toContain(
        'value: Forbidden: may not be changed in an update.',
      );
    expect(f.patch(`${path}/p1`, { description: 'patched' })).toMatchObject({ description: 'patched' });
    expect(f.update(`${path}/p2`, { ...p2, description: 'put' })).toMatchObject({
      description: 'put',
      value: 1100,
    });
    expect(f.get(`${path}/p1`)).toMatchObject({ value: 1000 });
    expect(f.names(path)).toEqual(expect.arrayContaining(['p1', 'p2']));
  });
});

// Upstream: test/e2e/storage/csi_inline.go, csinodes.go, csistoragecapacity.go, storageclass.go, volume_attachment.go
describe('sig-storage/CSI + PV + StorageClass + VolumeAttachment APIs', () => {
  const api = '/apis/storage.k8s.io/v1';
  test(
    'CSIInlineVolumes should run through the lifecycle of a CSIDriver',
    supports(`${api}/csidrivers`, {
      spec: { podInfoOnMount: true, volumeLifecycleModes: ['Persistent', 'Ephemeral'] },
    }),
  );

  test(
    'CSINodes should run through the lifecycle of a csinode',
    supports(`${api}/csinodes`, {
      spec: { drivers: [{ name: 'e2e-driver', nodeID: 'e2e-node', topologyKeys: ['zone'] }] },
    }),
  );

  test(
    'CSIStorageCapacity should support CSIStorageCapacities API operations',
    inNamespace(api, 'csistoragecapacities', { storageClassName: 'example-storage-class', capacity: '1Gi' }),
  );

  test(
    'StorageClasses should run through the lifecycle of a StorageClass',
    supports(`${api}/storageclasses`, { provisioner: 'e2e-fake-provisioner' }),
  );

  const attachment = {
    spec: { attacher: 'e2e-test', nodeName: 'node-1', source: { persistentVolumeName: 'pv-1' } },
  };
  test(
    'VolumeAttachment should run through the lifecycle of a VolumeAttachment',
    supports(`${api}/volumeattachments`, attachment),
  );

  test('VolumeAttachment should apply changes to a volumeattachment status', () => {
    f.create(`${api}/volumeattachments`, { metadata: { name: 'va-status' }, ...attachment });
    keepsStatus(f, `${api}/volumeattachments/va-status`, { attached: true });
  });
});
