// Upstream: k8s.io/ingress-nginx/{cmd/nginx,internal/ingress/{controller,status}}
import type { Pod, Service } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import type { Ingress, IngressClass } from '#generated/types/networking.v1.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import { messageOf, send } from '../apiAccess.ts';
import { defineImage, definePort, defineServer, mb, mib } from '../image.ts';
import { and, debianTools, network } from '../tools.ts';
import { serve } from './proxy.ts';
import { type Routes, routesOf } from './routes.ts';

const component = 'nginx-ingress-controller';
const startMs = 2_500;
/** Between two looks at everything; nginx is reloaded where something has changed. */
const syncMs = 1_000;
/** Upstream: how often status is written. */
const statusMs = 60_000;
const version = 'v1.13.3';

function listOf(container: ContainerScope, path: string): readonly unknown[] | null {
  const answer = send(container, component, 'GET', path);
  if (answer.status < 400) return (answer.body as { items: readonly unknown[] }).items;
  container.log(`E ${path}: ${messageOf(answer)}\n`);
  return null;
}

/** Reads what routes are made of, and begins again after a while as long as the container runs. */
function sync(container: ContainerScope): void {
  const { memory, simulation } = container;
  if (memory.get('ended') === true) return;
  const ingresses = listOf(container, '/apis/networking.k8s.io/v1/ingresses') as readonly Ingress[] | null;
  const classes = listOf(container, '/apis/networking.k8s.io/v1/ingressclasses') as
    | readonly IngressClass[]
    | null;
  const services = listOf(container, '/api/v1/services') as readonly Service[] | null;
  const slices = listOf(container, '/apis/discovery.k8s.io/v1/endpointslices') as
    | readonly EndpointSlice[]
    | null;
  if (ingresses && classes && services && slices) {
    const before = memory.get('routes') as Routes | undefined;
    const routes = routesOf({ ingresses, classes, services, slices });
    memory.set('routes', routes);
    announce(container, routes, before);
    writeStatus(container, routes, services);
  }
  simulation.after(syncMs, () => sync(container));
}

/** An event for each Ingress that is new or has changed. */
function announce(container: ContainerScope, routes: Routes, before: Routes | undefined): void {
  const known = new Map(before?.ingresses.map(({ metadata }) => [metadata.uid, metadata.generation]));
  for (const { metadata } of routes.ingresses) {
    if (known.get(metadata.uid) === metadata.generation) continue;
    const { name, namespace = '', uid } = metadata;
    const { simulation } = container;
    const nanoseconds =
      BigInt(Math.floor(simulation.nowMs)) * 1_000_000n +
      BigInt(simulation.random('ingress-events').below(1_000_000));
    const now = `${new Date(simulation.nowMs).toISOString().slice(0, 19)}Z`;
    send(container, component, 'POST', `/api/v1/namespaces/${namespace}/events`, {
      metadata: { name: `${name}.${nanoseconds.toString(16)}`, namespace },
      involvedObject: { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', namespace, name, uid },
      source: { component },
      type: 'Normal',
      reason: 'Sync',
      message: 'Scheduled for sync',
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
}

/** Tells in each Ingress where this controller is reached: at a Service's load balancer, or at its node. */
function writeStatus(container: ContainerScope, routes: Routes, services: readonly Service[]): void {
  const { memory, simulation } = container;
  const dueMs = (memory.get('status due') as number | undefined) ?? 0;
  const address = addressOf(container, services);
  const wanted = address === undefined ? [] : [{ ip: address }];
  const stale = routes.ingresses.filter(
    ({ status }) =>
      JSON.stringify((status?.loadBalancer?.ingress ?? []).map(({ ip }) => ({ ip }))) !==
      JSON.stringify(wanted),
  );
  const isNew = stale.some(({ status }) => status?.loadBalancer?.ingress === undefined);
  if (stale.length === 0 || (!isNew && simulation.nowMs < dueMs)) return;
  memory.set('status due', simulation.nowMs + statusMs);
  for (const { metadata } of stale) {
    const path = `/apis/networking.k8s.io/v1/namespaces/${metadata.namespace}/ingresses/${metadata.name}/status`;
    send(container, component, 'PATCH', path, { status: { loadBalancer: { ingress: wanted } } });
  }
}

function addressOf(container: ContainerScope, services: readonly Service[]): string | undefined {
  const flag = '--publish-service=';
  const named = container.args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
  const [namespace, name] = (named ?? '').split('/');
  const published = services.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
  )?.status?.loadBalancer?.ingress?.[0]?.ip;
  if (published !== undefined) return published;
  const { environment } = container;
  const own = `/api/v1/namespaces/${environment.get('POD_NAMESPACE')}/pods/${environment.get('POD_NAME')}`;
  const answer = send(container, component, 'GET', own);
  return answer.status < 400 ? (answer.body as Pod).status.hostIP : undefined;
}

const cost = { cpuMicros: 150, latencyMs: 0.4, memoryBytes: 8192 };

const server = defineServer({
  startMs,
  cpuIdleMillicores: 3,
  memoryIdleBytes: 90 * mib,
  onTerminate: { afterMs: 1_000, exitCode: 0 },
  onStart: (container) => void container.simulation.after(startMs, () => sync(container)),
  onEnd: ({ memory }) => void memory.set('ended', true),
  startLog: () =>
    [
      '-------------------------------------------------------------------------------',
      'NGINX Ingress controller',
      `  Release:       ${version}`,
      '  Repository:    https://github.com/kubernetes/ingress-nginx',
      '  nginx version: nginx/1.27.1',
      '',
      '-------------------------------------------------------------------------------',
      '',
      '',
    ].join('\n'),
  ports: [
    definePort({
      port: 80,
      cost,
      isSteady: false,
      handle: (request, container) => serve(request, container, false),
    }),
    definePort({
      port: 443,
      cost,
      isSteady: false,
      handle: (request, container) => serve(request, container, true),
    }),
    definePort({
      port: 10_254,
      handle: () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' }),
    }),
  ],
});

/** ingress-nginx: the server that Ingresses of its class are for. */
export const ingressNginx = defineImage({
  name: 'registry.k8s.io/ingress-nginx/controller',
  tags: [version, 'v1.12.1', 'v1.11.3', 'v1.10.1'],
  sizeBytes: 116 * mb,
  entrypoint: ['/usr/bin/dumb-init', '--'],
  command: ['/nginx-ingress-controller'],
  programs: and(debianTools, network('curl')),
  serverFor: (args) => (args.some((arg) => arg.endsWith('nginx-ingress-controller')) ? server : undefined),
});
