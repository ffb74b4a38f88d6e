import { expect, test } from 'vitest';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

test('a cluster has the objects of flow control, aggregation and its range of addresses', () => {
  const cluster = new Cluster({ simulation: new Simulation({ seed: 's', startMs: 0 }), nodes: [] });
  cluster.install(laterParts);
  const rows = (path: string): (string | number)[][] => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const user = { name: 'admin', groups: ['system:masters'] };
    const { body } = cluster.apiServer.handle({ method: 'GET', path, accept, user });
    return (body as { rows: { cells: (string | number)[] }[] }).rows.map(({ cells }) => cells);
  };
  const flowControl = '/apis/flowcontrol.apiserver.k8s.io/v1';
  expect(
    rows(`${flowControl}/flowschemas`).map(([name, level, place]) => `${name} ${level} ${place}`),
  ).toEqual([
    'catch-all catch-all 10000',
    'endpoint-controller workload-high 150',
    'exempt exempt 1',
    'global-default global-default 9900',
    'kube-controller-manager workload-high 800',
    'kube-scheduler workload-high 800',
    'kube-system-service-accounts workload-high 900',
    'probes exempt 2',
    'service-accounts workload-low 9000',
    'system-leader-election leader-election 100',
    'system-node-high node-high 400',
    'system-nodes system 500',
    'workload-leader-election leader-election 200',
  ]);
  expect(rows(`${flowControl}/flowschemas`)[0]!.slice(3)).toEqual(['ByUser', '0s', 'False']);
  expect(
    rows(`${flowControl}/prioritylevelconfigurations`).map(([name, , shares]) => `${name} ${shares}`),
  ).toEqual([
    'catch-all 5',
    'exempt <none>',
    'global-default 20',
    'leader-election 10',
    'node-high 40',
    'system 30',
    'workload-high 40',
    'workload-low 100',
  ]);
  const services = rows('/apis/apiregistration.k8s.io/v1/apiservices');
  expect(services).toContainEqual(['v1.', 'Local', 'True', '0s']);
  expect(services).toContainEqual(['v2.autoscaling', 'Local', 'True', '0s']);
  expect(services).toContainEqual(['v1beta1.metrics.k8s.io', 'kube-system/metrics-server', 'True', '0s']);
  expect(services.map(([name]) => name)).not.toContain('v1.apiregistration.k8s.io');
  expect(rows('/apis/networking.k8s.io/v1/servicecidrs')).toEqual([['kubernetes', '10.96.0.0/12', '0s']]);
});
