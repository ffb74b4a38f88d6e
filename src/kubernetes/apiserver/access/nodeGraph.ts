// Upstream: plugin/pkg/auth/authorizer/node/{graph,graph_populator}.go
import type { Container, Pod, PodSpec, Volume } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { type Etcd, prefixEnd } from '#kubernetes/etcd/etcd.ts';

const prefix = '/registry/pods/';

/** What a pod refers to in its own namespace, by name. */
export interface References {
  readonly configMaps: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
  readonly serviceAccount: string;
}

interface Remembered extends References {
  readonly volumes: PodSpec['volumes'];
  readonly initContainers: PodSpec['initContainers'];
}

/**
 * Which objects the pods of each node refer to. Pods of one template share what they refer to, so that a node counts
 * templates and not pods: a pod that comes or goes costs two look-ups.
 */
export class NodeGraph {
  /** By `node/namespace`: how many pods there refer to what. */
  readonly #byPlace = new Map<string, Map<References, number>>();
  readonly #remembered = new WeakMap<readonly Container[], Remembered>();

  readonly #own = new Map<string, References>();

  constructor(etcd: Etcd<KubeObject>) {
    for (const { value } of etcd.range({ from: prefix, end: prefixEnd(prefix) }).kvs)
      this.#count(value as Pod, 1);
    etcd.watch(
      etcd.revision,
      (event) => {
        const before = event.previous?.value as Pod | undefined;
        const after = event.value as Pod | undefined;
        if (before?.spec.nodeName === after?.spec.nodeName && before?.metadata.uid === after?.metadata.uid)
          return;
        if (before !== undefined) this.#count(before, -1);
        if (after !== undefined) this.#count(after, 1);
      },
      [prefix],
    );
  }

  /** True when some pod on the node refers to what `is` says yes to. */
  some(node: string, namespace: string, is: (references: References) => boolean): boolean {
    for (const references of this.#byPlace.get(`${node}/${namespace}`)?.keys() ?? [])
      if (is(references)) return true;
    return false;
  }

  #count(pod: Pod, step: 1 | -1): void {
    const { nodeName } = pod.spec;
    // A mirror pod refers to nothing: it could name whatever its node wants to read.
    if (!nodeName || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return;
    const place = `${nodeName}/${pod.metadata.namespace}`;
    let counts = this.#byPlace.get(place);
    if (counts === undefined) {
      counts = new Map();
      this.#byPlace.set(place, counts);
    }
    const references = this.#referencesOf(pod);
    if (step < 0) this.#own.delete(pod.metadata.uid);
    const count = (counts.get(references) ?? 0) + step;
    if (count > 0) counts.set(references, count);
    else counts.delete(references);
    if (counts.size === 0) this.#byPlace.delete(place);
  }

  #referencesOf({ metadata, spec }: Pod): References {
    if (spec.volumes?.some(({ ephemeral }) => ephemeral)) return this.#ownReferencesOf(metadata, spec);
    const known = this.#remembered.get(spec.containers);
    const isSame =
      known?.volumes === spec.volumes &&
      known?.initContainers === spec.initContainers &&
      known?.serviceAccount === (spec.serviceAccountName ?? '');
    if (known !== undefined && isSame) return known;
    const { volumes, initContainers } = spec;
    const references = { ...readReferences(spec), volumes, initContainers };
    this.#remembered.set(spec.containers, references);
    return references;
  }

  /** The claims of ephemeral volumes bear their pod's name: such a pod shares what it refers to with no other. */
  #ownReferencesOf(metadata: Pod['metadata'], spec: PodSpec): References {
    const known = this.#own.get(metadata.uid);
    if (known !== undefined) return known;
    const references = withEphemeral(readReferences(spec), metadata, spec);
    this.#own.set(metadata.uid, references);
    return references;
  }
}

function withEphemeral(
  references: References,
  { name }: Pod['metadata'],
  { volumes = [] }: PodSpec,
): References {
  const claims = volumes.flatMap((volume) => (volume.ephemeral ? [`${name}-${volume.name}`] : []));
  return { ...references, claims: new Set([...references.claims, ...claims]) };
}

function readReferences(spec: PodSpec): References {
  const configMaps = new Set<string>();
  const secrets = new Set((spec.imagePullSecrets ?? []).map(({ name = '' }) => name));
  const claims = new Set<string>();
  for (const { env = [], envFrom = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const { configMapRef, secretRef } of envFrom) {
      if (configMapRef?.name) configMaps.add(configMapRef.name);
      if (secretRef?.name) secrets.add(secretRef.name);
    }
    for (const { valueFrom } of env) {
      if (valueFrom?.configMapKeyRef?.name) configMaps.add(valueFrom.configMapKeyRef.name);
      if (valueFrom?.secretKeyRef?.name) secrets.add(valueFrom.secretKeyRef.name);
    }
  }
  const visit = ({ configMap, secret, persistentVolumeClaim, projected }: Partial<Volume>) => {
    if (configMap?.name) configMaps.add(configMap.name);
    if (secret?.secretName) secrets.add(secret.secretName);
    if (persistentVolumeClaim) claims.add(persistentVolumeClaim.claimName);
    for (const source of projected?.sources ?? []) {
      if (source.configMap?.name) configMaps.add(source.configMap.name);
      if (source.secret?.name) secrets.add(source.secret.name);
    }
  };
  for (const volume of spec.volumes ?? []) visit(volume);
  return { configMaps, secrets, claims, serviceAccount: spec.serviceAccountName ?? '' };
}
