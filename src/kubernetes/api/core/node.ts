import type { Node } from '#generated/types/core.v1.ts';
import { forbidden } from '#kubernetes/apimachinery/fieldErrors.ts';
import { under } from '../fieldChecks.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { validateTaints } from '../placementValidation.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { Node };

const rolePrefix = 'node-role.kubernetes.io/';

/** The roles that a node's labels give it, sorted. */
export function nodeRoles(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

/** The first address of a type, such as `InternalIP`. */
export function nodeAddress(node: Node, type: string): string | undefined {
  return node.status.addresses?.find((address) => address.type === type)?.address;
}

/** True when the node's Ready condition is True. */
export function isNodeReady(node: Node): boolean {
  return node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function formatStatus(node: Node): string {
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return node.spec.unschedulable ? `${status},SchedulingDisabled` : status;
}

export const nodes: Kind<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.Node',
  hasStatus: true,
  countsGenerations: false,

  defaults(node) {
    const whole = withDefaults(node, { status: {} });
    const { capacity, allocatable } = whole.status;
    return capacity === undefined || allocatable !== undefined
      ? whole
      : withField(whole, 'status', { ...whole.status, allocatable: capacity });
  },

  validate: ({ spec }) => under('spec.taints', validateTaints(spec.taints ?? [])),

  validateUpdate({ spec }, old) {
    const mayNotChange = (name: string) => `node updates may not change ${name} except from "" to valid`;
    const errors = [];
    if (old.spec.podCIDR && spec.podCIDR !== old.spec.podCIDR)
      errors.push(forbidden('spec.podCIDRs', mayNotChange('podCIDR')));
    if (old.spec.providerID && spec.providerID !== old.spec.providerID)
      errors.push(forbidden('spec.providerID', mayNotChange('providerID')));
    return errors;
  },

  selectableFields: ['spec.unschedulable'],
  fieldValue: ({ spec }) => String(spec.unschedulable ?? false),

  columns: [
    nameColumn,
    column('Status', formatStatus),
    column('Roles', (node) => nodeRoles(node).join(',') || '<none>'),
    ageColumn,
    column('Version', ({ status }) => status.nodeInfo?.kubeletVersion ?? ''),
    wideColumn('Internal-IP', (node) => nodeAddress(node, 'InternalIP') ?? '<none>'),
    wideColumn('External-IP', (node) => nodeAddress(node, 'ExternalIP') ?? '<none>'),
    wideColumn('OS-Image', ({ status }) => status.nodeInfo?.osImage || '<unknown>'),
    wideColumn('Kernel-Version', ({ status }) => status.nodeInfo?.kernelVersion || '<unknown>'),
    wideColumn('Container-Runtime', ({ status }) => status.nodeInfo?.containerRuntimeVersion || '<unknown>'),
  ],
};
