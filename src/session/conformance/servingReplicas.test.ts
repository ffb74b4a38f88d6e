import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { inGroup } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

/** What every "should serve a basic image on each replica" asserts: each pod says its own name. */
async function servesOnEach(group: string, kinds: string, specOf: (labels: object) => object): Promise<void> {
  const core = await f.namespace();
  const labels = { name: 'basic' };
  const template = {
    metadata: { labels },
    spec: {
      containers: [{ name: 'c', image: agnhost, args: ['serve-hostname'], ports: [{ containerPort: 9376 }] }],
    },
  };
  f.create(`${inGroup(core, group)}/${kinds}`, {
    metadata: { name: 'basic' },
    spec: { replicas: 2, template, ...specOf(labels) },
  });
  const path = `${inGroup(core, group)}/${kinds}/basic`;
  await f.until(() => (f.get(path).status as { readyReplicas?: number }).readyReplicas === 2);
  const pods = f.get(`${core}/pods`, { labelSelector: 'name=basic' }).items;
  const [first] = pods;
  for (const { metadata, status } of pods) {
    const { podIP } = status as PodStatus;
    const answer = await f.exec(`${core}/pods/${first!.metadata.name}`, `wget -qO- http://${podIP}:9376/`);
    expect(answer).toBe(metadata.name);
  }
}

// Upstream: test/e2e/apps/replica_set.go
describe('sig-apps/ReplicaSet', () => {
  test('should serve a basic image on each replica with a public image', () =>
    servesOnEach('/apis/apps/v1', 'replicasets', (matchLabels) => ({ selector: { matchLabels } })));
});

// Upstream: test/e2e/apps/rc.go
describe('sig-apps/ReplicationController', () => {
  test('should serve a basic image on each replica with a public image', () =>
    servesOnEach('/api/v1', 'replicationcontrollers', (selector) => ({ selector })));
});
