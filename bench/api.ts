import type { KubeObject } from '../src/kubernetes/api/object.ts';
import { laterParts } from '../src/kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '../src/kubernetes/apiserver/server.ts';
import { Etcd } from '../src/kubernetes/etcd/etcd.ts';
import { Simulation } from '../src/sim/simulation.ts';
import type { Figure } from './figure.ts';

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** Requests of each verb per CPU second, against a store of 5,000 pods with nobody watching. */
export function apiFigures(): Figure[] {
  const simulation = new Simulation({ seed: 'bench', startMs: 0 });
  const server = new ApiServer({ simulation, etcd: new Etcd<KubeObject>(simulation) });
  server.install(laterParts);
  server.handle({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: 'default' } },
    user,
  });
  server.handle({
    method: 'POST',
    path: '/api/v1/namespaces/default/serviceaccounts',
    body: { metadata: { name: 'default' } },
    user,
  });
  const pods = '/api/v1/namespaces/default/pods';
  const labels = { app: 'web' };
  const spec = { containers: [{ name: 'c', image: 'nginx' }] };
  const count = 5_000;
  const merge = 'application/merge-patch+json';
  const name = (i: number) => `web-${i}`;
  const rounds: Record<string, (i: number) => void> = {
    create: (i) =>
      void server.handle({
        method: 'POST',
        path: pods,
        body: { metadata: { name: name(i), labels }, spec },
        user,
      }),
    get: (i) => void server.handle({ method: 'GET', path: `${pods}/${name(i)}`, user }),
    patch: (i) =>
      void server.handle({
        method: 'PATCH',
        path: `${pods}/${name(i)}`,
        contentType: merge,
        body: { metadata: { labels: { n: `${i}` } } },
        user,
      }),
  };
  return Object.entries(rounds).map(([verb, round]) => {
    const before = process.cpuUsage();
    for (let i = 0; i < count; i++) round(i);
    const { user: cpu, system } = process.cpuUsage(before);
    return {
      name: `api ${verb}`,
      value: Math.round(count / ((cpu + system) / 1e6)),
      unit: 'requests per CPU second',
    };
  });
}
