import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Service } from '#generated/types/core.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { bootControllers } from './bootControllers.ts';
import { laterControllers } from './laterControllers.ts';
import { TestCluster } from './testCluster.ts';

const controllers = [...bootControllers, ...laterControllers];
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('every folder holds one controller of the registry', () => {
  expect(new Set(controllers.map(({ name }) => name)).size).toBe(controllers.length);
  expect(folders).toHaveLength(controllers.length);
});

test.each(folders)('%s has tests beside it', (folder) => {
  const tests = readdirSync(`${import.meta.dirname}/${folder}`).filter((name) =>
    name.endsWith('Controller.test.ts'),
  );
  expect(tests).toHaveLength(1);
});

test('all together come to rest: a cluster that nothing happens in writes nothing', () => {
  const cluster = new TestCluster(controllers);
  const labels = { app: 'web' };
  const container = { name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  cluster.client.create<Deployment>(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 3, selector: { matchLabels: labels }, template },
  });
  cluster.client.create<Service>(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  cluster.client.create<Job>(jobs, {
    metadata: { name: 'once', namespace: 'default' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'busybox' }] } } },
  });
  cluster.client.create(namespaces, { metadata: { name: 'shop' }, spec: {} });
  cluster.settle();
  for (const pod of cluster.list(pods)) {
    const ip = '10.244.0.9';
    cluster.patch(pods, pod.metadata.name, { status: { podIP: ip, podIPs: [{ ip }] } }, 'status');
  }
  cluster.client.delete(namespaces, '', 'shop');
  cluster.run(60_000);
  const { etcd } = cluster.server.storage;
  const { revision } = etcd;
  cluster.run(20 * 60_000);
  expect(etcd.revision).toBe(revision);
  expect(cluster.has(namespaces, 'shop')).toBe(false);
  cluster.client.delete(deployments, 'default', 'web');
  cluster.client.delete(jobs, 'default', 'once');
  cluster.run(30_000);
  expect(cluster.list(pods)).toEqual([]);
});
