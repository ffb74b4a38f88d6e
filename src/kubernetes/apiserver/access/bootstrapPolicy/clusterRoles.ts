// Upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go ClusterRoles
import type { PolicyRule } from '#generated/types/rbac.v1.ts';
import { nodeRules } from './nodeRules.ts';
import { events, paths, read, rule, write } from './rule.ts';

/** A role of every cluster: its rules, or the label by which it gathers those of others. */
export interface BootstrapRole {
  readonly rules?: readonly PolicyRule[];
  /** Gathers the rules of roles that aggregate to this. */
  readonly gathers?: string;
  /** The roles that gather its rules. */
  readonly aggregatesTo?: string;
}

const certificates = 'certificates.k8s.io';
const readWrite = `${read} ${write}`;

const podAccess = 'pods/attach pods/exec pods/portforward pods/proxy';
const workloads = 'daemonsets deployments replicasets';
const extensions = `${workloads} deployments/scale ingresses networkpolicies replicasets/scale replicationcontrollers/scale`;

const toAdmin: readonly PolicyRule[] = [
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule(readWrite, 'rbac.authorization.k8s.io', 'roles rolebindings'),
];

const toEdit: readonly PolicyRule[] = [
  rule(read, '-', `${podAccess} secrets services/proxy`),
  rule('impersonate', '-', 'serviceaccounts'),
  rule(write, '-', `pods ${podAccess}`),
  rule('create', '-', 'pods/eviction'),
  rule(
    write,
    '-',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
  ),
  rule('create', '-', 'serviceaccounts/token'),
  rule(
    write,
    'apps',
    `${workloads} deployments/rollback deployments/scale replicasets/scale statefulsets statefulsets/scale`,
  ),
  rule(write, 'autoscaling', 'horizontalpodautoscalers'),
  rule(write, 'batch', 'cronjobs jobs'),
  rule(write, 'extensions', `${extensions} deployments/rollback`),
  rule(write, 'policy', 'poddisruptionbudgets'),
  rule(write, 'networking.k8s.io', 'ingresses networkpolicies'),
  rule(readWrite, 'coordination.k8s.io', 'leases'),
];

const toView: readonly PolicyRule[] = [
  rule(
    read,
    '-',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  rule(
    read,
    '-',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  rule(read, '-', 'namespaces'),
  rule(read, 'discovery.k8s.io', 'endpointslices'),
  rule(
    read,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ),
  rule(read, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  rule(read, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  rule(
    read,
    'extensions',
    `${extensions} daemonsets/status deployments/status ingresses/status replicasets/status`,
  ),
  rule(read, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  rule(read, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
];

const controllerManager: readonly PolicyRule[] = [
  events,
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
  rule('create', '-', 'secrets serviceaccounts'),
  rule('delete', '-', 'secrets'),
  rule('get', '-', 'configmaps namespaces secrets serviceaccounts'),
  rule('update', '-', 'secrets serviceaccounts'),
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  rule('list watch', '*', '*'),
  rule('create', '-', 'serviceaccounts/token'),
];

const scheduler: readonly PolicyRule[] = [
  events,
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
  rule(read, '-', 'nodes'),
  rule(`${read} delete`, '-', 'pods'),
  rule('create', '-', 'bindings pods/binding'),
  rule('patch update', '-', 'pods/status'),
  rule(read, '-', 'replicationcontrollers services'),
  rule(read, 'apps extensions', 'replicasets'),
  rule(read, 'apps', 'statefulsets'),
  rule(read, 'policy', 'poddisruptionbudgets'),
  rule(read, '-', 'persistentvolumeclaims persistentvolumes'),
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  rule(read, 'storage.k8s.io', 'csinodes'),
  rule(read, '-', 'namespaces'),
  rule(read, 'storage.k8s.io', 'csidrivers'),
  rule(read, 'storage.k8s.io', 'csistoragecapacities'),
  rule(read, 'storage.k8s.io', 'volumeattachments'),
];

const approve = (signer: string) => ({
  rules: [rule('approve', certificates, 'signers', `kubernetes.io/${signer}`)],
});

export const bootstrapClusterRoles: Readonly<Record<string, BootstrapRole>> = {
  'cluster-admin': { rules: [rule('*', '*', '*'), paths('*', '*')] },
  admin: { gathers: 'admin' },
  edit: { gathers: 'edit', aggregatesTo: 'admin' },
  view: { gathers: 'view', aggregatesTo: 'edit' },
  'system:aggregate-to-admin': { rules: toAdmin, aggregatesTo: 'admin' },
  'system:aggregate-to-edit': { rules: toEdit, aggregatesTo: 'edit' },
  'system:aggregate-to-view': { rules: toView, aggregatesTo: 'view' },
  'system:auth-delegator': {
    rules: [
      rule('create', 'authentication.k8s.io', 'tokenreviews'),
      rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    ],
  },
  'system:basic-user': {
    rules: [
      rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [rule('create', certificates, 'certificatesigningrequests/nodeclient')],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [rule('create', certificates, 'certificatesigningrequests/selfnodeclient')],
  },
  'system:certificates.k8s.io:kube-apiserver-client-approver': approve('kube-apiserver-client'),
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': approve(
    'kube-apiserver-client-kubelet',
  ),
  'system:certificates.k8s.io:kubelet-serving-approver': approve('kubelet-serving'),
  'system:certificates.k8s.io:legacy-unknown-approver': approve('legacy-unknown'),
  'system:discovery': {
    rules: [
      paths(
        'get',
        '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/',
      ),
    ],
  },
  'system:heapster': {
    rules: [rule(read, '-', 'events namespaces nodes pods'), rule(read, 'extensions', 'deployments')],
  },
  'system:kube-aggregator': { rules: [rule(read, '-', 'endpoints services')] },
  'system:kube-controller-manager': { rules: controllerManager },
  'system:kube-dns': { rules: [rule('list watch', '-', 'endpoints services')] },
  'system:kube-scheduler': { rules: scheduler },
  'system:kubelet-api-admin': {
    rules: [
      rule(read, '-', 'nodes'),
      rule('proxy', '-', 'nodes'),
      rule('*', '-', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
    ],
  },
  'system:monitoring': {
    rules: [paths('get', '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*')],
  },
  'system:node': { rules: nodeRules },
  'system:node-bootstrapper': {
    rules: [rule('create get list watch', certificates, 'certificatesigningrequests')],
  },
  'system:node-problem-detector': {
    rules: [rule('get', '-', 'nodes'), rule('patch', '-', 'nodes/status'), events],
  },
  'system:node-proxier': {
    rules: [
      rule('list watch', '-', 'endpoints services'),
      rule(read, '-', 'nodes'),
      events,
      rule('list watch', 'discovery.k8s.io', 'endpointslices'),
    ],
  },
  'system:persistent-volume-provisioner': {
    rules: [
      rule(`${read} create delete`, '-', 'persistentvolumes'),
      rule(`${read} update`, '-', 'persistentvolumeclaims'),
      rule(read, 'storage.k8s.io', 'storageclasses'),
      rule('watch', '-', 'events'),
      events,
    ],
  },
  'system:public-info-viewer': { rules: [paths('get', '/healthz /livez /readyz /version /version/')] },
  'system:service-account-issuer-discovery': {
    rules: [paths('get', '/.well-known/openid-configuration /openid/v1/jwks')],
  },
  'system:volume-scheduler': {
    rules: [
      rule(`${read} patch update`, '-', 'persistentvolumes'),
      rule(read, 'storage.k8s.io', 'storageclasses'),
      rule(`${read} patch update`, '-', 'persistentvolumeclaims'),
    ],
  },
};
