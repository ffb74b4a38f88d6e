// Upstream: sigs.k8s.io/kustomize/api/internal/builtins/SortOrderTransformer.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { groupVersionOf } from './resource.ts';

const first = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function rankOf(kind: string): number {
  const at = first.indexOf(kind);
  if (at >= 0) return at - first.length;
  return last.includes(kind) ? 1 + last.indexOf(kind) : 0;
}

function sortTextOf(object: KubeObject): string {
  const [group, version] = groupVersionOf(object);
  const { namespace, name } = object.metadata;
  return [group || '~G', version, object.kind, namespace || '~X', name].join('_');
}

/** What must be there first comes first. */
export function inOrder(a: KubeObject, b: KubeObject): number {
  return rankOf(a.kind) - rankOf(b.kind) || (sortTextOf(a) < sortTextOf(b) ? -1 : 1);
}
