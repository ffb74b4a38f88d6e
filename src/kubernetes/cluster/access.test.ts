import { expect, test } from 'vitest';
import { laterParts } from '#kubernetes/cluster/laterParts.ts';
import { images } from '#images/registry.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';

const admin = { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };

test('every component may do what it does, from the first request on', () => {
  const simulation = new Simulation({ seed: 'access', startMs: Date.UTC(2026, 0, 5) });
  const nodes = ['a', 'b'].map((name) => ({ name, cpu: '4', memory: '8Gi', podsMax: 110, zone: '' }));
  const cluster = new Cluster({ simulation, nodes });
  cluster.installImages(images);
  cluster.install(laterParts);
  const refused = new Set<string>();
  const { handle } = cluster.apiServer;
  cluster.apiServer.handle = (request: ApiRequest) => {
    const response = handle(request);
    if (response.status === 403 || response.status === 401)
      refused.add((response.body as { message: string }).message);
    return response;
  };
  cluster.start();
  simulation.run({ untilMs: simulation.nowMs + 20_000 });
  const client = new Client((request) => cluster.apiServer.handle(request), admin);
  client.create(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'nginx' }] },
      },
    },
  });
  const send = (path: string, body: object) => {
    const response = client.send({ method: 'POST', path, body });
    expect(response.status, JSON.stringify(response.body)).toBe(201);
  };
  const template = {
    metadata: { labels: { app: 'other' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  };
  const selector = { matchLabels: { app: 'other' } };
  const once = { spec: { ...template.spec, restartPolicy: 'Never' } };
  const batch = '/apis/batch/v1/namespaces/default';
  const apps = '/apis/apps/v1/namespaces/default';
  send(`${apps}/statefulsets`, {
    metadata: { name: 's' },
    spec: { selector, template, serviceName: 's', replicas: 1 },
  });
  send(`${apps}/daemonsets`, { metadata: { name: 'd' }, spec: { selector, template } });
  send('/api/v1/namespaces/default/replicationcontrollers', {
    metadata: { name: 'r' },
    spec: { selector: { app: 'other' }, template, replicas: 1 },
  });
  send(`${batch}/jobs`, { metadata: { name: 'j' }, spec: { template: once, ttlSecondsAfterFinished: 1 } });
  send(`${batch}/cronjobs`, {
    metadata: { name: 'c' },
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: once } } },
  });
  send('/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
    metadata: { name: 'b' },
    spec: { minAvailable: 1, selector },
  });
  send('/api/v1/namespaces/default/resourcequotas', {
    metadata: { name: 'q' },
    spec: { hard: { pods: '50' } },
  });
  send('/api/v1/namespaces/default/persistentvolumeclaims', {
    metadata: { name: 'v' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  simulation.run({ untilMs: simulation.nowMs + 130_000 });
  for (const path of [`${apps}/statefulsets/s`, `${apps}/daemonsets/d`, `${batch}/cronjobs/c`])
    client.send({ method: 'DELETE', path, body: { propagationPolicy: 'Foreground' } });
  client.send({ method: 'DELETE', path: '/api/v1/namespaces/default/replicationcontrollers/r' });
  client.send({ method: 'DELETE', path: '/api/v1/namespaces/default/persistentvolumeclaims/v' });
  cluster.stopNode('b');
  simulation.run({ untilMs: simulation.nowMs + 60_000 });
  cluster.startNode('b');
  simulation.run({ untilMs: simulation.nowMs + 60_000 });
  const web = () => client.list(pods, { namespace: 'default', labelSelector: 'app=web' }).items;
  expect(web().filter(isPodReady)).toHaveLength(3);
  client.delete(deployments, 'default', 'web');
  simulation.run({ untilMs: simulation.nowMs + 400_000 });
  expect(web()).toHaveLength(0);
  expect([...refused]).toEqual([]);
});
