// Upstream: cmd/kubeadm/app/phases/{kubeconfig,bootstraptoken,addons,uploadconfig,kubelet}
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  Subject,
} from '#generated/types/rbac.v1.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import type { New } from '#kubernetes/api/object.ts';
import { rule } from '#kubernetes/apiserver/access/bootstrapPolicy/rule.ts';

const group = (name: string): Subject => ({ kind: 'Group', name });
const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });
const bootstrappers = group('system:bootstrappers:kubeadm:default-node-token');
const nodes = group('system:nodes');
const requests = 'system:certificates.k8s.io:certificatesigningrequests';
const metrics = 'metrics.k8s.io';

function bind(name: string, role: string, subject: Subject): New<ClusterRoleBinding> {
  return {
    metadata: { name },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
}

const configReaders: readonly {
  readonly namespace: string;
  readonly name: string;
  readonly configMap: string;
  readonly subjects: readonly Subject[];
}[] = [
  {
    namespace: 'kube-public',
    name: 'kubeadm:bootstrap-signer-clusterinfo',
    configMap: 'cluster-info',
    subjects: [{ kind: 'User', name: 'system:anonymous' }],
  },
  { namespace: 'kube-system', name: 'kube-proxy', configMap: 'kube-proxy', subjects: [bootstrappers] },
  {
    namespace: 'kube-system',
    name: 'kubeadm:kubelet-config',
    configMap: 'kubelet-config',
    subjects: [nodes, bootstrappers],
  },
  {
    namespace: 'kube-system',
    name: 'kubeadm:nodes-kubeadm-config',
    configMap: 'kubeadm-config',
    subjects: [bootstrappers, nodes],
  },
];

/** What kubeadm and the addons that it installs add to the roles and bindings of every cluster. */
export const kubeadmPolicy: {
  readonly clusterRoles: readonly New<ClusterRole>[];
  readonly clusterRoleBindings: readonly New<ClusterRoleBinding>[];
  readonly roles: readonly New<Role>[];
  readonly roleBindings: readonly New<RoleBinding>[];
} = {
  clusterRoles: [
    { metadata: { name: 'kubeadm:get-nodes' }, rules: [rule('get', '-', 'nodes')] },
    {
      metadata: { name: 'system:coredns' },
      rules: [
        rule('list watch', '-', 'endpoints services pods namespaces'),
        rule('list watch', 'discovery.k8s.io', 'endpointslices'),
      ],
    },
    {
      metadata: {
        name: 'system:aggregated-metrics-reader',
        labels: Object.fromEntries(
          ['admin', 'edit', 'view'].map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, 'true']),
        ),
      },
      rules: [rule('get list watch', metrics, 'pods nodes')],
    },
  ],
  clusterRoleBindings: [
    bind('kubeadm:cluster-admins', 'cluster-admin', group('kubeadm:cluster-admins')),
    bind('kubeadm:get-nodes', 'kubeadm:get-nodes', bootstrappers),
    bind('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', bootstrappers),
    bind('kubeadm:node-autoapprove-bootstrap', `${requests}:nodeclient`, bootstrappers),
    bind('kubeadm:node-autoapprove-certificate-rotation', `${requests}:selfnodeclient`, nodes),
    bind('kubeadm:node-proxier', 'system:node-proxier', account('kube-proxy')),
    bind('system:coredns', 'system:coredns', account('coredns')),
  ],
  roles: configReaders.map(({ namespace, name, configMap }) => ({
    metadata: { name, namespace },
    rules: [rule('get', '-', 'configmaps', configMap)],
  })),
  roleBindings: configReaders.map(({ namespace, name, subjects }) => ({
    metadata: { name, namespace },
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name },
    subjects,
  })),
};
