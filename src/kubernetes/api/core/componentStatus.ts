// Upstream: pkg/printers/internalversion/printers.go printComponentStatus
import type { ComponentCondition, ComponentStatus } from '#generated/types/core.v1.ts';
import type { Kind } from '../kind.ts';

const words: Readonly<Record<string, string>> = { True: 'Healthy', False: 'Unhealthy' };

function healthOf({ conditions = [] }: ComponentStatus): Partial<ComponentCondition> {
  return conditions.findLast(({ type }) => type === 'Healthy') ?? {};
}

/** How the parts of the control plane answer when they are asked for their health: computed with every read. */
export const componentStatuses: Kind<ComponentStatus> = {
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  singular: 'componentstatus',
  shortNames: ['cs'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.ComponentStatus',
  hasStatus: false,
  verbs: ['get', 'list'],
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    { name: 'Name', type: 'string', format: 'name', priority: 0, value: ({ metadata }) => metadata.name },
    {
      name: 'Status',
      type: 'string',
      description: 'Status of the component conditions',
      priority: 0,
      value: (object) => words[healthOf(object).status ?? ''] ?? 'Unknown',
    },
    {
      name: 'Message',
      type: 'string',
      description: 'Message of the component conditions',
      priority: 0,
      value: (object) => healthOf(object).message ?? '',
    },
    {
      name: 'Error',
      type: 'string',
      description: 'Error of the component conditions',
      priority: 0,
      value: (object) => healthOf(object).error ?? '',
    },
  ],
};
