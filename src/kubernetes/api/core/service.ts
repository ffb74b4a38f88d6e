import type { Service, ServicePort, ServiceSpec } from '#generated/types/core.v1.ts';
import { formatLabels } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { isExternallyAccessible, validateService, validateServiceUpdate } from '../serviceValidation.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { Service };

const none = '<none>';
/** How long a client sticks to its endpoint with `sessionAffinity: ClientIP`. Upstream: core/v1/types.go. */
const clientAffinitySeconds = 10_800;

// Upstream: SetDefaults_Service in pkg/apis/core/v1/defaults.go
function defaultSpec(spec: ServiceSpec): ServiceSpec {
  let next = withDefaults(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (next.sessionAffinity === 'None') next = withField(next, 'sessionAffinityConfig', undefined);
  if (
    next.sessionAffinity === 'ClientIP' &&
    next.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
  )
    next = { ...next, sessionAffinityConfig: { clientIP: { timeoutSeconds: clientAffinitySeconds } } };
  next = withField(
    next,
    'ports',
    mapList(next.ports, (port) => {
      const { targetPort } = port;
      const targeted = targetPort === 0 || targetPort === '' ? { ...port, targetPort: port.port } : port;
      return withDefaults(targeted, { protocol: 'TCP', targetPort: port.port });
    }),
  );
  if (isExternallyAccessible(next)) next = withDefaults(next, { externalTrafficPolicy: 'Cluster' });
  if (next.type !== 'ExternalName') next = withDefaults(next, { internalTrafficPolicy: 'Cluster' });
  if (next.type === 'LoadBalancer' && next.allocateLoadBalancerNodePorts === undefined)
    next = { ...next, allocateLoadBalancerNodePorts: true };
  return next;
}

/** An address of a load balancer is one of its own, unless it says otherwise. */
function defaultIngress(service: Service): Service {
  const balancer = (service.status as Service['status'] | undefined)?.loadBalancer;
  if (service.spec.type !== 'LoadBalancer' || !balancer?.ingress) return service;
  const ingress = mapList(balancer.ingress, (one) => (one.ip ? withDefaults(one, { ipMode: 'VIP' }) : one));
  return ingress === balancer.ingress
    ? service
    : { ...service, status: { ...service.status, loadBalancer: { ...balancer, ingress } } };
}

function formatExternalIp({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type !== 'LoadBalancer') return external.join(',') || none;
  const ingress = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  const addresses = [...new Set(ingress.filter((address) => address !== ''))].sort();
  return [...addresses, ...external].join(',') || '<pending>';
}

function formatPort({ port, nodePort, protocol }: ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

export const services: Kind<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Service',
  hasStatus: true,
  countsGenerations: false,

  defaults: (service) => defaultIngress(withField(service, 'spec', defaultSpec(service.spec))),
  prepareForCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),

  checkName: checkDns1123Label,
  validate: validateService,
  validateUpdate: validateServiceUpdate,

  selectableFields: ['spec.clusterIP', 'spec.type'],
  fieldValue: ({ spec }, field) => (field === 'spec.type' ? spec.type : spec.clusterIP) ?? '',

  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec.type ?? ''),
    column('Cluster-IP', ({ spec }) => spec.clusterIPs?.[0] ?? none),
    column('External-IP', formatExternalIp),
    column('Port(s)', ({ spec }) => (spec.ports ?? []).map(formatPort).join(',') || none),
    ageColumn,
    wideColumn('Selector', ({ spec }) => formatLabels(spec.selector)),
  ],
};
