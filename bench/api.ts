import type { KubeObject } from '../src/kubernetes/api/object.ts';
import type { UserInfo } from '../src/kubernetes/api/request.ts';
import { laterParts } from '../src/kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '../src/kubernetes/apiserver/server.ts';
import { Etcd } from '../src/kubernetes/etcd/etcd.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { cpuSeconds, type Figure } from './figure.ts';

const watchers = 1_000;
/** Writes that each of them sees. */
const fannedOut = 500;

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** Requests over a wire. */
export function apiFigures(): Figure[] {
  return measure('api', user, false);
}

/**
 * The same requests as the cluster's own components send them: their objects are typed, and no rule of HTTP is checked
 * for them. Measure it alone: what runs before it warms the code up.
 */
export function componentFigures(): Figure[] {
  return measure('component', { name: 'system:kube-scheduler', groups: ['system:masters'] }, true);
}

/** Requests of each verb per CPU second, against a store of 5,000 pods with nobody watching. */
function measure(section: string, user: UserInfo, inProcess: boolean): Figure[] {
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
  let patches = 0;
  const rounds: Record<string, (i: number) => void> = {
    create: (i) =>
      void server.handle({
        method: 'POST',
        path: pods,
        body: { metadata: { name: name(i), labels }, spec },
        user,
        inProcess,
      }),
    get: (i) => void server.handle({ method: 'GET', path: `${pods}/${name(i)}`, user, inProcess }),
    ...(!inProcess && {
      'list 500': () => void server.handle({ method: 'GET', path: pods, query: { limit: '500' }, user }),
    }),
    patch: (i) =>
      void server.handle({
        method: 'PATCH',
        path: `${pods}/${name(i % count)}`,
        contentType: merge,
        body: { metadata: { labels: { n: `${patches++}` } } },
        user,
        inProcess,
      }),
  };
  const figures = Object.entries(rounds).map(([verb, round]): Figure => {
    const rounds = verb === 'list 500' ? count / 25 : count;
    const startedS = cpuSeconds();
    for (let i = 0; i < rounds; i++) round(i);
    const value = Math.round(rounds / (cpuSeconds() - startedS));
    return { name: `${section} ${verb}`, value, unit: 'requests per CPU second' };
  });
  if (inProcess) return figures;
  return [...figures, fanOut(simulation, server, (i) => rounds['patch']!(count + i))];
}

/** What it costs to tell a thousand watchers of writes that all of them see. */
function fanOut(simulation: Simulation, server: ApiServer, write: (i: number) => void): Figure {
  let seen = 0;
  for (let i = 0; i < watchers; i++) {
    const { stream } = server.handle({
      method: 'GET',
      path: '/api/v1/namespaces/default/pods',
      query: { watch: 'true', resourceVersion: String(server.storage.etcd.revision) },
      user,
    });
    stream!.open(
      (batch) => (seen += batch.length),
      () => {},
    );
  }
  const startedS = cpuSeconds();
  for (let i = 0; i < fannedOut; i++) {
    write(i % 5);
    simulation.run({ untilMs: simulation.nowMs + 10 });
  }
  if (seen !== watchers * fannedOut)
    throw new Error(`watchers saw ${seen} events of ${watchers * fannedOut}`);
  const value = Math.round(seen / (cpuSeconds() - startedS));
  return { name: `api watch, ${watchers} watchers`, value, unit: 'events per CPU second' };
}
