import { expect, test } from 'vitest';
import type { Pod, ResourceQuota } from '#generated/types/core.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import { milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { TestCluster } from '../testCluster.ts';
import { resourceQuotaController } from './resourceQuotaController.ts';

type Amounts = Readonly<Record<string, string>>;

function addQuota(cluster: TestCluster, hard: Amounts, more: Partial<ResourceQuota['spec']> = {}): void {
  cluster.client.create<ResourceQuota>(resourceQuotas, {
    metadata: { name: 'q', namespace: 'default' },
    spec: { hard, ...more },
  });
}

function addPod(cluster: TestCluster, name: string, cpu = '500m'): Pod {
  return cluster.client.create<Pod>(pods, {
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }] },
  });
}

const statusOf = (cluster: TestCluster) => cluster.get(resourceQuotas, 'q').status;

test('what is there already is counted when a quota comes', () => {
  const cluster = new TestCluster([resourceQuotaController]);
  addPod(cluster, 'a');
  addPod(cluster, 'b', '700m');
  const hard = { pods: '5', 'requests.cpu': '2', 'count/configmaps': '3', 'limits.memory': '1Gi' };
  addQuota(cluster, hard);
  cluster.run();
  expect(statusOf(cluster)).toEqual({
    hard,
    used: { pods: '2', 'requests.cpu': '1200m', 'count/configmaps': '0', 'limits.memory': '0' },
  });
});

test('what goes away is given back, what has ended too', () => {
  const cluster = new TestCluster([resourceQuotaController]);
  addQuota(cluster, { pods: '2', 'count/pods': '9', cpu: '2' });
  cluster.run();
  addPod(cluster, 'a');
  addPod(cluster, 'b');
  expect(statusOf(cluster).used).toEqual({ pods: '2', 'count/pods': '2', cpu: '1' });
  expect(() => addPod(cluster, 'c')).toThrow(StatusError);
  cluster.run();
  cluster.setPhase(cluster.get(pods, 'a'), 'Succeeded');
  cluster.run();
  expect(statusOf(cluster).used).toEqual({ pods: '1', 'count/pods': '2', cpu: '500m' });
  cluster.client.delete(pods, 'default', 'a');
  cluster.client.delete(pods, 'default', 'b');
  cluster.run();
  expect(statusOf(cluster).used).toEqual({ pods: '0', 'count/pods': '0', cpu: '0' });
});

test('a quota whose limits change counts what it names now', () => {
  const cluster = new TestCluster([resourceQuotaController]);
  addQuota(cluster, { pods: '2' });
  cluster.run();
  cluster.client.create(configMaps, { metadata: { name: 'a', namespace: 'default' } });
  cluster.patch(resourceQuotas, 'q', { spec: { hard: { pods: '3', configmaps: '4' } } });
  cluster.run();
  expect(statusOf(cluster)).toEqual({
    hard: { pods: '3', configmaps: '4' },
    used: { pods: '0', configmaps: '1' },
  });
  cluster.client.delete(configMaps, 'default', 'a');
  cluster.run();
  expect(statusOf(cluster).used).toEqual({ pods: '0', configmaps: '0' });
});

test('scopes choose what is counted', () => {
  const cluster = new TestCluster([resourceQuotaController]);
  addPod(cluster, 'burstable');
  cluster.client.create<Pod>(pods, {
    metadata: { name: 'best-effort', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  });
  addQuota(cluster, { pods: '5' }, { scopes: ['BestEffort'] });
  cluster.run();
  expect(statusOf(cluster).used).toEqual({ pods: '1' });
});

test('whatever is made and taken away, no quota is exceeded, and the books are right when all is still', () => {
  const cluster = new TestCluster([resourceQuotaController]);
  addQuota(cluster, { pods: '6', 'requests.cpu': '2', 'count/configmaps': '3' });
  cluster.run();
  const random = cluster.simulation.random('test');
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  };
  const anyPod = () => random.pick(cluster.list(pods));
  const acts: (() => void)[] = [
    () => addPod(cluster, `p${random.below(20)}`, `${100 * (1 + random.below(8))}m`),
    () => addPod(cluster, `p${random.below(20)}`, '200m'),
    () => cluster.client.delete(pods, 'default', anyPod().metadata.name),
    () => cluster.setPhase(anyPod(), 'Failed'),
    () =>
      cluster.client.create(configMaps, { metadata: { name: `c${random.below(9)}`, namespace: 'default' } }),
    () => cluster.client.delete(configMaps, 'default', `c${random.below(9)}`),
  ];
  for (let i = 0; i < 400; i++) {
    const hasPods = cluster.list(pods).length > 0;
    attempt(random.pick(hasPods ? acts : acts.slice(0, 2)));
    cluster.run(random.below(30));
    const living = cluster.list(pods).filter(({ status }) => status.phase === 'Pending');
    const cpu = living.reduce(
      (sum, { spec }) => sum + milliValue(spec.containers[0]!.resources!.requests!['cpu']),
      0,
    );
    expect(living.length).toBeLessThanOrEqual(6);
    expect(cpu).toBeLessThanOrEqual(2000);
    expect(cluster.list(configMaps).length).toBeLessThanOrEqual(3);
  }
  cluster.run(5000);
  const living = cluster.list(pods).filter(({ status }) => status.phase === 'Pending');
  expect(statusOf(cluster).used).toMatchObject({
    pods: String(living.length),
    'count/configmaps': String(cluster.list(configMaps).length),
  });
});
