import type { KubeObject } from '../src/kubernetes/api/object.ts';
import type { Session } from '../src/session/session.ts';

/** What is left of the commands of a transcript: kinds that people write, not what controllers make of them. */
const paths = [
  '/api/v1/namespaces',
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/secrets',
  '/api/v1/namespaces/default/services',
  '/api/v1/namespaces/default/serviceaccounts',
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/batch/v1/namespaces/default/jobs',
  '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
];

const user = { name: 'conformance', groups: ['system:masters'] };
const everywhere = new Set([
  'kubernetes',
  'kube-root-ca.crt',
  'kube-system',
  'kube-public',
  'kube-node-lease',
]);

/** The objects that a transcript leaves behind, one a line, without what every run and every server adds. */
export function objectsOf({ cluster }: Session): string {
  return paths
    .flatMap((path) => {
      const { status, body } = cluster.apiServer.handle({ method: 'GET', path, user, observer: true });
      if (status !== 200) return [];
      const { kind, items } = body as { kind: string; items: readonly KubeObject[] };
      return items
        .filter(({ metadata }) => !everywhere.has(metadata.name))
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
