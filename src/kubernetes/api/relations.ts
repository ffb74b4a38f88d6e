import type { Service, Pod, PodSpec } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import type { Event } from '#generated/types/core.v1.ts';
import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import type { Ingress } from '#generated/types/networking.v1.ts';
import type { KubeObject } from './object.ts';
import { remembered } from './sharing.ts';

/** How one object points at others. Each is an edge of the graph, from the object to what it names. */
export type RelationType =
  | 'owner'
  | 'selector'
  | 'scaleTarget'
  | 'backend'
  | 'service'
  | 'endpoint'
  | 'node'
  | 'mount'
  | 'environment'
  | 'serviceAccount'
  | 'about';

/** A pointer at one object by name, or at all of a kind that have `labels`. */
export interface Relation {
  readonly type: RelationType;
  /** `''` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `''` for cluster-scoped objects. */
  readonly namespace: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** True for the one owner that controls the object. */
  readonly controller?: boolean;
}

/** The label by which a slice says whose endpoints it holds. Upstream: discovery/v1/well_known_labels.go. */
const serviceNameLabel = 'kubernetes.io/service-name';

function groupOf(apiVersion: string | undefined): string {
  const slash = apiVersion?.indexOf('/') ?? -1;
  return slash < 0 ? '' : apiVersion!.slice(0, slash);
}

function core(type: RelationType, kind: string, namespace: string, name: string): Relation {
  return { type, group: '', kind, namespace, name };
}

function owners({ metadata }: KubeObject): Relation[] {
  return (metadata.ownerReferences ?? []).map(({ apiVersion, kind, name, controller }) => ({
    type: 'owner',
    group: groupOf(apiVersion),
    kind,
    namespace: kind === 'Node' ? '' : (metadata.namespace ?? ''),
    name,
    ...(controller && { controller }),
  }));
}

/** ConfigMaps and Secrets that a pod spec mounts or takes its environment from, each once per way. */
export function podSpecRelations(spec: PodSpec, namespace: string): Relation[] {
  const found = new Map<string, Relation>();
  const add = (type: RelationType, kind: string, name: string | undefined) => {
    if (name) found.set(`${type}/${kind}/${name}`, core(type, kind, namespace, name));
  };
  for (const { configMap, secret, projected } of spec.volumes ?? []) {
    add('mount', 'ConfigMap', configMap?.name);
    add('mount', 'Secret', secret?.secretName);
    for (const source of projected?.sources ?? []) {
      add('mount', 'ConfigMap', source.configMap?.name);
      add('mount', 'Secret', source.secret?.name);
    }
  }
  for (const { env = [], envFrom = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const { valueFrom } of env) {
      add('environment', 'ConfigMap', valueFrom?.configMapKeyRef?.name);
      add('environment', 'Secret', valueFrom?.secretKeyRef?.name);
    }
    for (const { configMapRef, secretRef } of envFrom) {
      add('environment', 'ConfigMap', configMapRef?.name);
      add('environment', 'Secret', secretRef?.name);
    }
  }
  return [...found.values()];
}

function ofPod(object: KubeObject): Relation[] {
  const { spec, metadata } = object as Pod;
  const namespace = metadata.namespace ?? '';
  return [
    ...(spec.nodeName ? [core('node', 'Node', '', spec.nodeName)] : []),
    ...(spec.serviceAccountName
      ? [core('serviceAccount', 'ServiceAccount', namespace, spec.serviceAccountName)]
      : []),
    ...podSpecRelations(spec, namespace),
  ];
}

function ofService(object: KubeObject): Relation[] {
  const { spec, metadata } = object as Service;
  if (!spec.selector || Object.keys(spec.selector).length === 0) return [];
  const namespace = metadata.namespace ?? '';
  return [{ type: 'selector', group: '', kind: 'Pod', namespace, labels: spec.selector }];
}

function ofEndpointSlice(object: KubeObject): Relation[] {
  const { metadata, endpoints = [] } = object as EndpointSlice;
  const namespace = metadata.namespace ?? '';
  const service = metadata.labels?.[serviceNameLabel];
  const targets = endpoints.flatMap(({ targetRef }) =>
    targetRef?.kind === 'Pod' && targetRef.name
      ? [core('endpoint', 'Pod', targetRef.namespace ?? namespace, targetRef.name)]
      : [],
  );
  return service ? [core('service', 'Service', namespace, service), ...targets] : targets;
}

function ofAutoscaler(object: KubeObject): Relation[] {
  const { spec, metadata } = object as HorizontalPodAutoscaler;
  const { apiVersion, kind, name } = spec.scaleTargetRef;
  const namespace = metadata.namespace ?? '';
  return [{ type: 'scaleTarget', group: groupOf(apiVersion), kind, namespace, name }];
}

function ofIngress(object: KubeObject): Relation[] {
  const { spec, metadata } = object as Ingress;
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  const backends = [spec.defaultBackend, ...paths.map(({ backend }) => backend)];
  const names = backends.flatMap((backend) => (backend?.service ? [backend.service.name] : []));
  return [...new Set(names)].map((name) => core('backend', 'Service', metadata.namespace ?? '', name));
}

function ofEvent(object: KubeObject): Relation[] {
  const { apiVersion, kind, name, namespace = '' } = (object as Event).involvedObject;
  return kind && name ? [{ type: 'about', group: groupOf(apiVersion), kind, namespace, name }] : [];
}

/** By group and kind, what an object points at beside its owners. */
const table: Readonly<Record<string, (object: KubeObject) => Relation[]>> = {
  '/Pod': ofPod,
  '/Service': ofService,
  '/Event': ofEvent,
  'discovery.k8s.io/EndpointSlice': ofEndpointSlice,
  'autoscaling/HorizontalPodAutoscaler': ofAutoscaler,
  'networking.k8s.io/Ingress': ofIngress,
};

/** What an object points at, whether or not it exists. Remembered per object. */
export const relationsOf = remembered((object: KubeObject): readonly Relation[] => {
  const ofKind = table[`${groupOf(object.apiVersion)}/${object.kind}`];
  return [...owners(object), ...(ofKind?.(object) ?? [])];
});
