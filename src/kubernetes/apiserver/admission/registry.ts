import { assert } from '#sim/assert.ts';
import type { AdmissionPlugin } from '../context.ts';
import { defaultTolerationSeconds } from './defaultTolerationSeconds.ts';
import { namespaceLifecycle } from './namespaceLifecycle.ts';
import { priority } from './priority.ts';
import { serviceAccount } from './serviceAccount.ts';

/** The plugins that a cluster cannot start without. */
export const bootPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  priority,
  defaultTolerationSeconds,
];

/** Which plugin is asked before which. Upstream: pkg/kubeapiserver/options/plugins.go AllOrderedPlugins */
const order = [
  'NamespaceLifecycle',
  'LimitRanger',
  'ServiceAccount',
  'NodeRestriction',
  'TaintNodesByCondition',
  'PodSecurity',
  'Priority',
  'DefaultTolerationSeconds',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PersistentVolumeClaimResize',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
  // Upstream asks this past all plugins, in the registry.
  'RoleEscalation',
];

/** The plugins in the order in which they are asked. */
export function inOrder(plugins: readonly AdmissionPlugin[]): readonly AdmissionPlugin[] {
  for (const { name } of plugins) assert(order.includes(name), `admission plugin ${name} has no place`);
  return plugins.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
