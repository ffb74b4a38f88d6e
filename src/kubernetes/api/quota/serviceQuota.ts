// Upstream: pkg/quota/v1/evaluator/core/services.go
import type { Service } from '#generated/types/core.v1.ts';
import type { Quantities, QuotaEvaluator } from './evaluator.ts';

const measured = new Set(['count/services', 'services', 'services.nodeports', 'services.loadbalancers']);

function portsUsed({ spec }: Service): Quantities {
  const ports = spec.ports ?? [];
  if (spec.type === 'NodePort') return { 'services.nodeports': ports.length };
  if (spec.type !== 'LoadBalancer') return {};
  const given = ports.filter(({ nodePort }) => nodePort).length;
  const nodePorts = spec.allocateLoadBalancerNodePorts === false ? given : ports.length;
  return { 'services.nodeports': nodePorts, 'services.loadbalancers': 1 };
}

export const serviceQuota: QuotaEvaluator = {
  countsUpdates: true,
  measures: (resource) => measured.has(resource),
  usage: (object) => ({
    'count/services': 1,
    services: 1,
    'services.nodeports': 0,
    'services.loadbalancers': 0,
    ...portsUsed(object as Service),
  }),
  isInScope: () => false,
  missing: () => null,
};
