import type { PodSpec } from '#generated/types/core.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { podDisruptionBudgets } from '#kubernetes/api/policy/podDisruptionBudget.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { RandomStream } from '#sim/random.ts';

/** Quotas are asked about in here. */
export const quotaNamespace = 'limited';

/** Makes a mix of workloads, some of which cannot all have what they ask for. */
export function createWorkloads(client: Client, random: Pick<RandomStream, 'below'>): void {
  const count = (from: number, to: number) => from + random.below(to - from + 1);
  const spread = random.below(2) === 0;
  deployment(client, 'web', 'default', count(2, 8), {
    ...podOf('nginx', `${count(1, 6)}00m`),
    ...(spread && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    }),
  });
  client.create(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }] },
  });
  client.create(podDisruptionBudgets, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
  });
  statefulSet(client, 'db', count(1, 3), random.below(2) === 0);
  if (random.below(2) === 0) daemonSet(client, 'agent');
  if (random.below(2) === 0) job(client, 'batch', count(1, 6), count(1, 3));
  client.create(namespaces, { metadata: { name: quotaNamespace }, spec: {} });
  client.create(resourceQuotas, {
    metadata: { name: 'quota', namespace: quotaNamespace },
    spec: { hard: { pods: '3', 'requests.cpu': '1', 'requests.memory': '300Mi' } },
  });
  const requests = { cpu: `${count(1, 5)}00m`, memory: `${count(5, 20)}0Mi` };
  deployment(
    client,
    'greedy',
    quotaNamespace,
    count(2, 6),
    podOf('nginx', requests.cpu, { resources: { requests } }),
  );
}

function podOf(image: string, cpu: string, more: object = {}): PodSpec {
  return { containers: [{ name: 'main', image, resources: { requests: { cpu } }, ...more }] };
}

function deployment(client: Client, name: string, namespace: string, replicas: number, spec: PodSpec): void {
  const labels = { app: name };
  client.create(deployments, {
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

function statefulSet(client: Client, name: string, replicas: number, isParallel: boolean): void {
  const labels = { app: name };
  client.create(services, {
    metadata: { name, namespace: 'default' },
    spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80, protocol: 'TCP' }] },
  });
  client.create(statefulSets, {
    metadata: { name, namespace: 'default' },
    spec: {
      serviceName: name,
      replicas,
      podManagementPolicy: isParallel ? 'Parallel' : 'OrderedReady',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podOf('nginx', '200m') },
    },
  });
}

function daemonSet(client: Client, name: string): void {
  const labels = { app: name };
  client.create(daemonSets, {
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podOf('nginx', '50m') },
    },
  });
}

function job(client: Client, name: string, completions: number, parallelism: number): void {
  client.create(jobs, {
    metadata: { name, namespace: 'default' },
    spec: {
      completions,
      parallelism,
      backoffLimit: 1000,
      template: {
        metadata: {},
        spec: { ...podOf('busybox', '100m', { command: ['sleep', '45'] }), restartPolicy: 'OnFailure' },
      },
    },
  });
}
