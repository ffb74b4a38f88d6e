import type { KubeObject } from '../src/kubernetes/api/object.ts';
import type { Session } from '../src/session/session.ts';

/** What is left of the commands of a transcript: kinds that people write, not what controllers make of them. */
const paths = [
  '/api/v1/namespaces',
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/secrets',
  '/api/v1/namespaces/default/services',
  '/api/v1/namespaces/default/serviceaccounts',
  '/api/v1/namespaces/default/limitranges',
  '/api/v1/namespaces/default/persistentvolumeclaims',
  '/api/v1/namespaces/default/resourcequotas',
  '/apis/apps/v1/namespaces/default/daemonsets',
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/apps/v1/namespaces/default/statefulsets',
  '/apis/batch/v1/namespaces/default/cronjobs',
  '/apis/batch/v1/namespaces/default/jobs',
  '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
  '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  '/apis/scheduling.k8s.io/v1/priorityclasses',
  '/apis/storage.k8s.io/v1/storageclasses',
  '/apis/example.com/v1/namespaces/default/widgets',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
];

const user = { name: 'conformance', groups: ['system:masters'] };
/** What every cluster has from the start. */
const everywhere =
  /^((system|kubeadm|csi-disk|local-path)[:-].*|kubernetes|kube-root-ca\.crt|kube-(system|public|node-lease)|cluster-admin|admin|edit|view|standard|cloud-disk)$/;

/** The objects that a transcript leaves behind, one a line, without what every run and every server adds. */
export function objectsOf({ cluster }: Session): string {
  return paths
    .flatMap((path) => {
      const { status, body } = cluster.apiServer.handle({ method: 'GET', path, user, observer: true });
      if (status !== 200) return [];
      const { kind, items } = body as { kind: string; items: readonly KubeObject[] };
      return items
        .filter(({ metadata }) => !everywhere.test(metadata.name))
        .map((object) => `${kind.replace(/List$/, '')} ${written(object)}`);
    })
    .join('\n');
}

function written(object: KubeObject): string {
  const { name, labels, annotations, finalizers } = object.metadata;
  const { apiVersion: _, kind: __, status: ___, ...rest } = object as KubeObject & { status?: unknown };
  return `${name} ${JSON.stringify(sorted({ ...rest, metadata: { labels, annotations, finalizers } }))}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]),
  );
}
