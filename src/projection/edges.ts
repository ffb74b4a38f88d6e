import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import type { Ingress } from '#generated/types/networking.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { EdgeRow } from '#protocol/rows.ts';
import { rowId } from './rowBase.ts';

type Edge = Pick<EdgeRow, 'from' | 'to' | 'relation'>;

function sliceEdges(slice: EndpointSlice): Edge[] {
  const { namespace, labels } = slice.metadata;
  const service = labels?.['kubernetes.io/service-name'];
  if (!service) return [];
  return (slice.endpoints ?? []).flatMap(({ targetRef }) =>
    targetRef?.kind === 'Pod'
      ? [
          {
            from: rowId('services', namespace, service),
            to: rowId('pods', targetRef.namespace, targetRef.name!),
            relation: 'selects' as const,
          },
        ]
      : [],
  );
}

const scalable: Record<string, string> = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
};

function autoscalerEdges({ metadata, spec }: HorizontalPodAutoscaler): Edge[] {
  const plural = scalable[spec.scaleTargetRef.kind];
  if (!plural) return [];
  return [
    {
      from: rowId('horizontalpodautoscalers', metadata.namespace, metadata.name),
      to: rowId(plural, metadata.namespace, spec.scaleTargetRef.name),
      relation: 'scales',
    },
  ];
}

function ingressEdges({ metadata, spec }: Ingress): Edge[] {
  const backends = [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap((rule) => rule.http?.paths.map((path) => path.backend) ?? []),
  ];
  const names = new Set(
    backends.map((backend) => backend?.service?.name).filter((name) => name !== undefined),
  );
  return [...names].map((name) => ({
    from: rowId('ingresses', metadata.namespace, metadata.name),
    to: rowId('services', metadata.namespace, name),
    relation: 'routes',
  }));
}

/** Which arrows an object of each kind draws. */
const edgesByPlural: Record<string, (object: KubeObject) => Edge[]> = {
  endpointslices: (object) => sliceEdges(object as EndpointSlice),
  horizontalpodautoscalers: (object) => autoscalerEdges(object as HorizontalPodAutoscaler),
  ingresses: (object) => ingressEdges(object as Ingress),
};

/** Plurals of the kinds that draw arrows. */
export const edgePlurals: ReadonlySet<string> = new Set(Object.keys(edgesByPlural));

export function edgesOf(plural: string, object: KubeObject | undefined): EdgeRow[] {
  if (object === undefined) return [];
  return edgesByPlural[plural]!(object).map((edge) => ({
    ...edge,
    type: 'edge',
    id: `${edge.relation}:${edge.from}>${edge.to}`,
    milliRequests: 0,
    milliErrors: 0,
  }));
}
