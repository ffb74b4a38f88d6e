import { beforeAll, describe, expect, test } from 'vitest';
import { keepsStatus } from './testing/apiOperations.ts';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

// Upstream: test/e2e/storage/{persistent_volumes,csi_inline}.go
describe('sig-storage/CSI + PV + StorageClass + VolumeAttachment APIs', () => {
  const volume = (name: string, labels: object = {}) => ({
    metadata: { name, labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'e2e-none',
      hostPath: { path: '/tmp/e2e' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['none'] }] },
          ],
        },
      },
    },
  });
  const claim = (name: string, labels: object = {}) => ({
    metadata: { name, labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'e2e-other',
      resources: { requests: { storage: '1Gi' } },
    },
  });
  const volumes = '/api/v1/persistentvolumes';

  test('PersistentVolumes should run through the lifecycle of a PV and a PVC', async () => {
    const claims = `${await f.namespace()}/persistentvolumeclaims`;
    const labels = { e2e: 'life' };
    for (const [path, object] of [
      [volumes, volume('pv-life', labels)],
      [claims, claim('pvc-life', labels)],
    ] as const) {
      const { name } = object.metadata;
      f.create(path, object);
      expect(f.names(path, 'e2e=life')).toEqual([name]);
      f.patch(`${path}/${name}`, { metadata: { labels: { [name]: 'patched' } } });
      const read = f.get(`${path}/${name}`);
      expect(read.metadata.labels).toMatchObject({ [name]: 'patched' });
      const updated = { ...read.metadata.labels, [name]: 'updated' };
      f.update(`${path}/${name}`, { ...read, metadata: { ...read.metadata, labels: updated } });
      expect(f.names(path, `${name}=updated`)).toEqual([name]);
      f.delete(path, undefined, { labelSelector: `${name}=updated` });
      await f.until(() => !f.has(`${path}/${name}`));
      f.create(path, object);
      f.delete(`${path}/${name}`);
      await f.until(() => !f.has(`${path}/${name}`));
    }
  });

  test('PersistentVolumes should apply changes to a pv/pvc status', async () => {
    const claims = `${await f.namespace()}/persistentvolumeclaims`;
    f.create(volumes, volume('pv-status'));
    f.create(claims, claim('pvc-status'));
    await f.pass(5);
    keepsStatus(f, `${volumes}/pv-status`, { message: 'StatusPatched', reason: 'E2E' }, 'annotated');
    const condition = { type: 'StatusPatched', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    keepsStatus(f, `${claims}/pvc-status`, { conditions: [condition] }, 'annotated');
  });

  test('CSIInlineVolumes should support CSIVolumeSource in Pod API', async () => {
    const path = `${await f.namespace()}/pods`;
    const csi = { driver: 'e2e.example.com', volumeAttributes: { attribute: 'value' } };
    const labels = { e2e: 'csi-inline' };
    f.create(path, {
      metadata: { name: 'pod-csi-inline-volumes', labels },
      spec: {
        containers: [
          { name: 'c', image: 'registry.k8s.io/pause:3.10', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        ],
        volumes: [{ name: 'v', csi }],
      },
    });
    expect(f.get(`${path}/pod-csi-inline-volumes`).spec).toMatchObject({
      volumes: expect.arrayContaining([{ name: 'v', csi }]) as unknown,
    });
    expect(f.names('/api/v1/pods', 'e2e=csi-inline')).toEqual(['pod-csi-inline-volumes']);
    f.patch(`${path}/pod-csi-inline-volumes`, { metadata: { labels: { patched: 'true' } } });
    expect(f.names(path, 'patched=true')).toEqual(['pod-csi-inline-volumes']);
    f.delete(`${path}/pod-csi-inline-volumes`);
    await f.until(() => f.names(path).length === 0);
  });
});
