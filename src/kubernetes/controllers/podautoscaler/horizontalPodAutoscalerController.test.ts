import { expect, test } from 'vitest';
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { horizontalPodAutoscalers } from '#kubernetes/api/autoscaling/horizontalPodAutoscaler.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodActive, isPodReady } from '#kubernetes/api/podStatus.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { deploymentController } from '../deployment/deploymentController.ts';
import { replicaSetController } from '../replicaset/replicaSetController.ts';
import { TestCluster } from '../testCluster.ts';
import { horizontalPodAutoscalerController } from './horizontalPodAutoscalerController.ts';

/** A Deployment whose pods together use `load` millicores. */
class LoadedCluster extends TestCluster {
  load = 0;

  constructor(
    replicas: number,
    spec: Partial<HorizontalPodAutoscaler['spec']> = {},
    requests = { cpu: '200m' },
  ) {
    super([deploymentController, replicaSetController, horizontalPodAutoscalerController]);
    const labels = { app: 'web' };
    this.client.create<Deployment>(deployments, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'web', image: 'nginx', resources: { requests } }] },
        },
      },
    });
    this.settle();
    this.client.create<HorizontalPodAutoscaler>(horizontalPodAutoscalers, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
          },
        ],
        ...spec,
      },
    });
  }

  serveMetrics(): this {
    const serve = () => {
      const running = this.list(pods).filter((pod) => isPodActive(pod) && isPodReady(pod));
      const usage = { cpu: `${Math.floor(this.load / running.length)}m` };
      const timestamp = formatTime(this.simulation.nowMs);
      const items = running.map(({ metadata }) => ({
        metadata: { name: metadata.name },
        timestamp,
        window: '15s',
        containers: [{ name: 'web', usage }],
      }));
      return { status: 200, warnings: [], latencyMs: 1, body: { items } };
    };
    this.server.extensions.groups.set('metrics.k8s.io', { resources: [], serve });
    return this;
  }

  /** Lets time pass, with a kubelet that makes pods ready. */
  pass(seconds: number): void {
    for (let i = 0; i < seconds; i += 5) {
      this.run(5000);
      for (const pod of this.list(pods)) {
        const { name, deletionTimestamp } = pod.metadata;
        if (deletionTimestamp !== undefined)
          this.client.delete(pods, 'default', name, { gracePeriodSeconds: 0 });
        else if (pod.status.phase === 'Pending') this.setPhase(pod, 'Running');
        else if (pod.status.startTime === undefined) this.#setStartTime(name);
      }
    }
  }

  /** Long ago, so that the pods' use counts at once. */
  #setStartTime(name: string): void {
    const startTime = formatTime(this.simulation.nowMs - 600_000);
    this.patch(pods, name, { status: { startTime } }, 'status');
  }

  get replicas(): number {
    return this.get(deployments, 'web').spec.replicas!;
  }

  get conditions(): string[] {
    return this.get(horizontalPodAutoscalers, 'web').status.conditions!.map(
      ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`,
    );
  }

  /** Events of the autoscaler, which has the name of its target. */
  get told(): string[] {
    return this.events('web').filter((line) => !/Replica ?Set|replica set/.test(line));
  }
}

test('it grows with the load, and tells', () => {
  const cluster = new LoadedCluster(2).serveMetrics();
  cluster.load = 600;
  cluster.pass(10);
  expect(cluster.get(horizontalPodAutoscalers, 'web').status.conditions).toBeUndefined();
  cluster.pass(60);
  expect(cluster.replicas).toBe(6);
  expect(cluster.told).toEqual([
    'Normal SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
    'Normal SuccessfulRescale New size: 6; reason: cpu resource utilization (percentage of request) above target',
  ]);
  cluster.pass(30);
  expect(cluster.get(horizontalPodAutoscalers, 'web').status).toMatchObject({
    currentReplicas: 6,
    desiredReplicas: 6,
    currentMetrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', current: { averageUtilization: 50, averageValue: '100m' } },
      },
    ],
  });
  expect(cluster.conditions).toEqual([
    'AbleToScale True ReadyForNewScale: recommended size matches current size',
    'ScalingActive True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    'ScalingLimited False DesiredWithinRange: the desired count is within the acceptable range',
  ]);
});

test('it shrinks five minutes after the load went', () => {
  const cluster = new LoadedCluster(4).serveMetrics();
  cluster.load = 400;
  cluster.pass(60);
  expect(cluster.replicas).toBe(4);
  cluster.load = 100;
  cluster.pass(240);
  expect(cluster.replicas).toBe(4);
  expect(cluster.conditions[0]).toBe(
    'AbleToScale True ScaleDownStabilized: recent recommendations were higher than current one, applying the highest recent recommendation',
  );
  cluster.pass(120);
  expect(cluster.replicas).toBe(1);
  expect(cluster.told.at(-1)).toBe('Normal SuccessfulRescale New size: 1; reason: All metrics below target');
});

test('a behavior makes it faster or slower', () => {
  const behavior = {
    scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
  };
  const cluster = new LoadedCluster(5, { behavior }).serveMetrics();
  cluster.load = 100;
  cluster.pass(30);
  expect(cluster.replicas).toBe(4);
  expect(cluster.conditions[2]).toBe(
    'ScalingLimited True ScaleDownLimit: the desired replica count is decreasing faster than the maximum scale rate',
  );
  cluster.pass(60);
  expect(cluster.replicas).toBe(3);
});

test.each<[string, number, Partial<HorizontalPodAutoscaler['spec']>, number, string]>([
  [
    'below the minimum',
    1,
    { minReplicas: 3 },
    3,
    'New size: 3; reason: Current number of replicas below Spec.MinReplicas',
  ],
  [
    'above the maximum',
    5,
    { maxReplicas: 2 },
    2,
    'New size: 2; reason: Current number of replicas above Spec.MaxReplicas',
  ],
])('a target %s is brought back without asking metrics', (_what, replicas, spec, expected, message) => {
  const cluster = new LoadedCluster(replicas, spec);
  cluster.pass(16);
  expect(cluster.replicas).toBe(expected);
  expect(cluster.told[0]).toBe(`Normal SuccessfulRescale ${message}`);
});

test('without a metrics API it says so, and leaves the target alone', () => {
  const cluster = new LoadedCluster(2);
  cluster.pass(20);
  const why =
    'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
  expect(cluster.conditions[1]).toBe(
    `ScalingActive False FailedGetResourceMetric: the HPA was unable to compute the replica count: ${why}`,
  );
  expect(cluster.told).toEqual([
    `Warning FailedGetResourceMetric ${why}`,
    `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${why}`,
  ]);
  expect(cluster.replicas).toBe(2);
});

test('pods that ask for nothing cannot be measured by what they ask for', () => {
  const cluster = new LoadedCluster(1, {}, {} as { cpu: string }).serveMetrics();
  cluster.pass(20);
  expect(cluster.conditions[1]).toMatch(
    /failed to get cpu utilization: missing request for cpu in container web of Pod web-\w+-\w+$/,
  );
});

test('a target of size 0 is left alone, and a missing one is told', () => {
  const cluster = new LoadedCluster(0).serveMetrics();
  cluster.pass(20);
  expect(cluster.conditions[1]).toBe(
    'ScalingActive False ScalingDisabled: scaling is disabled since the replica count of the target is zero',
  );
  cluster.client.delete(deployments, 'default', 'web');
  cluster.pass(20);
  expect(cluster.conditions[0]).toBe(
    'AbleToScale False FailedGetScale: the HPA controller was unable to get the target\'s current scale: deployments.apps "web" not found',
  );
});

type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number];
const metric = { name: 'requests' };
const queue = { name: 'queue', selector: { matchLabels: { of: 'work' } } };
const describedObject = { apiVersion: 'v1', kind: 'Service', name: 'front' };

/** Answers both APIs: each pod has 30, the Service and the queue have 60. */
function serveCustomMetrics(cluster: LoadedCluster, asked: string[] = []): LoadedCluster {
  const serve = ({ path, query = {} }: { path: string; query?: object }) => {
    asked.push(`${path} ${JSON.stringify(query)}`);
    const timestamp = formatTime(cluster.simulation.nowMs);
    const isOfPods = path.includes('/pods/*/');
    const names = isOfPods ? cluster.list(pods).map(({ metadata }) => metadata.name) : ['front'];
    const items = names.map((name) => ({
      describedObject: { name },
      timestamp,
      value: isOfPods ? '30' : '60',
    }));
    return { status: 200, warnings: [], latencyMs: 1, body: { items } };
  };
  for (const group of ['custom.metrics.k8s.io', 'external.metrics.k8s.io'])
    cluster.server.extensions.groups.set(group, { resources: [], serve });
  return cluster;
}

test.each<[string, Metric, number, string, object]>([
  [
    'a metric of its pods',
    { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '20' } } },
    3,
    'pods metric requests',
    { type: 'Pods', pods: { metric, current: { averageValue: '30' } } },
  ],
  [
    'a metric of an object',
    { type: 'Object', object: { metric, describedObject, target: { type: 'Value', value: '20' } } },
    6,
    'Service metric requests',
    { type: 'Object', object: { metric, describedObject, current: { value: '60' } } },
  ],
  [
    'an external metric',
    { type: 'External', external: { metric: queue, target: { type: 'AverageValue', averageValue: '20' } } },
    3,
    'external metric queue(&LabelSelector{MatchLabels:map[string]string{of: work,},MatchExpressions:[]LabelSelectorRequirement{},})',
    { type: 'External', external: { metric: queue, current: { averageValue: '30' } } },
  ],
])('it follows %s', (_what, spec, expected, name, status) => {
  const asked: string[] = [];
  const cluster = serveCustomMetrics(new LoadedCluster(2, { metrics: [spec] }), asked);
  cluster.pass(20);
  expect(cluster.conditions[1]).toBe(
    `ScalingActive True ValidMetricFound: the HPA was able to successfully calculate a replica count from ${name}`,
  );
  expect(cluster.get(horizontalPodAutoscalers, 'web').status.currentMetrics).toEqual([status]);
  expect(cluster.told[0]).toMatch(
    new RegExp(`^Normal SuccessfulRescale New size: ${Math.min(expected, 4)}; `),
  );
  expect(asked[0]).toMatch(
    /^\/apis\/(custom\.metrics\.k8s\.io\/v1beta2\/namespaces\/default\/(pods\/\*|services\/front)\/requests|external\.metrics\.k8s\.io\/v1beta1\/namespaces\/default\/queue) /,
  );
});

test.each<[string, Metric, string, string, string]>([
  [
    'of its pods',
    { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '20' } } },
    'FailedGetPodsMetric',
    'unable to get metric requests: unable to fetch metrics from custom metrics API: no known available metric versions found',
    'pods metric value',
  ],
  [
    'of an object',
    { type: 'Object', object: { metric, describedObject, target: { type: 'Value', value: '20' } } },
    'FailedGetObjectMetric',
    'unable to get metric requests: unable to fetch metrics from custom metrics API: no known available metric versions found on Service default/front',
    'object metric value',
  ],
  [
    'of nothing in the cluster',
    { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'Value', value: '20' } } },
    'FailedGetExternalMetric',
    'unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
    'queue external metric value: failed to get external metric queue',
  ],
  [
    'of nothing in the cluster, for each pod',
    {
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '20' } },
    },
    'FailedGetExternalMetric',
    'unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
    'queue external metric value: failed to get queue external metric',
  ],
  [
    'of an object, for each pod',
    {
      type: 'Object',
      object: { metric, describedObject, target: { type: 'AverageValue', averageValue: '20' } },
    },
    'FailedGetObjectMetric',
    'unable to get metric requests: unable to fetch metrics from custom metrics API: no known available metric versions found on Service default/front',
    'object metric value: failed to get requests object metric',
  ],
])('without an adapter it says that there is no metric %s', (_what, spec, reason, why, subject) => {
  const cluster = new LoadedCluster(2, { metrics: [spec] });
  cluster.pass(20);
  expect(cluster.conditions[1]).toBe(
    `ScalingActive False ${reason}: the HPA was unable to compute the replica count: ${why}`,
  );
  expect(cluster.told).toEqual([
    `Warning ${reason} ${why}`,
    `Warning FailedComputeMetricsReplicas invalid metrics (1 invalid out of 1), first error is: failed to get ${subject}: ${why}`,
  ]);
  expect(cluster.get(horizontalPodAutoscalers, 'web').status.currentMetrics).toEqual([{ type: '' }]);
});

const cpuOf = (target: object): Metric => ({ type: 'Resource', resource: { name: 'cpu', target } }) as Metric;
const absent: Metric = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'Value', value: '20' } },
};

// Upstream: TestScaleUpOneMetricInvalid, TestNoScaleDownOneMetricInvalid
test.each<[string, number, number, string]>([
  ['grows by the other', 900, 5, 'ScalingActive True ValidMetricFound'],
  ['does not shrink by the other', 100, 3, 'ScalingActive False FailedGetExternalMetric'],
])('with one metric that fails it %s', (_what, load, replicas, condition) => {
  const metrics = [absent, cpuOf({ type: 'Utilization', averageUtilization: 100 })];
  const cluster = new LoadedCluster(3, { metrics }).serveMetrics();
  cluster.load = load;
  cluster.pass(400);
  expect(cluster.replicas).toBe(replicas);
  expect(cluster.conditions[1]).toContain(condition);
  expect(cluster.get(horizontalPodAutoscalers, 'web').status.currentMetrics?.map(({ type }) => type)).toEqual(
    ['', 'Resource'],
  );
});

test('what several autoscalers follow none of them scales', () => {
  const cluster = new LoadedCluster(2).serveMetrics();
  const { spec } = cluster.get(horizontalPodAutoscalers, 'web');
  cluster.client.create<HorizontalPodAutoscaler>(horizontalPodAutoscalers, {
    metadata: { name: 'other', namespace: 'default' },
    spec,
  });
  cluster.load = 2000;
  cluster.pass(60);
  const why = 'pods by selector app=web are controlled by multiple HPAs: [default/other default/web]';
  expect(cluster.conditions[1]).toBe(`ScalingActive False AmbiguousSelector: ${why}`);
  expect(cluster.told).toContain(`Warning AmbiguousSelector ${why}`);
  expect(cluster.told).toContain(`Warning FailedComputeMetricsReplicas ${why}`);
  const grown = cluster.replicas;
  cluster.pass(60);
  expect(cluster.replicas).toBe(grown);
  cluster.client.delete(horizontalPodAutoscalers, 'default', 'other');
  cluster.pass(60);
  expect(cluster.conditions[1]).toContain('ScalingActive True ValidMetricFound');
});

test.each<[string, Metric, string]>([
  [
    'a container’s share',
    {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'web',
        target: { type: 'Utilization', averageUtilization: 50 },
      },
    },
    'cpu container resource utilization (percentage of request)',
  ],
  [
    'a container’s average',
    {
      type: 'ContainerResource',
      containerResource: {
        name: 'cpu',
        container: 'web',
        target: { type: 'AverageValue', averageValue: '100m' },
      },
    },
    'cpu resource',
  ],
  ['an average of pods', cpuOf({ type: 'AverageValue', averageValue: '100m' }), 'cpu resource'],
])('it follows %s of a resource', (_what, spec, name) => {
  const cluster = new LoadedCluster(2, { metrics: [spec] }).serveMetrics();
  cluster.load = 400;
  cluster.pass(20);
  expect(cluster.told[0]).toBe(`Normal SuccessfulRescale New size: 4; reason: ${name} above target`);
});

test('a container that metrics do not know is told', () => {
  const target = { type: 'Utilization', averageUtilization: 50 };
  const containerResource = { name: 'cpu', container: 'side', target };
  const metrics: Metric[] = [{ type: 'ContainerResource', containerResource }];
  const cluster = new LoadedCluster(1, { metrics }).serveMetrics();
  cluster.load = 400;
  cluster.pass(20);
  expect(cluster.told.at(-1)).toMatch(
    /^Warning FailedComputeMetricsReplicas invalid metrics \(1 invalid out of 1\), first error is: failed to get side container metric value: failed to get cpu utilization: unable to get metrics for resource cpu: /,
  );
});

test.each([
  ['within', '0.5', 2],
  ['beyond', '0.1', 3],
])('a tolerance of its own: %s', (_what, tolerance, replicas) => {
  const cluster = new LoadedCluster(2, { behavior: { scaleUp: { tolerance } } }).serveMetrics();
  cluster.load = 260;
  cluster.pass(60);
  expect(cluster.replicas).toBe(replicas);
});
