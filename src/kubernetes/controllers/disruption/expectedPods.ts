// Upstream: pkg/controller/disruption/disruption.go getExpectedPodCount, getExpectedScale
import type { Pod } from '#generated/types/core.v1.ts';
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { ControllerContext } from '../controller.ts';
import { controllerOf } from '../controllerRef.ts';
import { scaledValue } from '../intOrPercent.ts';

/** How many pods there should be, how many of them healthy, and which pods nobody manages. */
export interface Expected {
  readonly expected: number;
  readonly healthy: number;
  readonly unmanaged: readonly Pod[];
}

/** The number of pods cannot be told; the sentence says why. */
export class UnknownScale extends Error {
  override name = 'UnknownScale';
}

/** Reads a budget's numbers as counts of pods. Throws UnknownScale. */
export function expectedPods(
  context: ControllerContext,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): Expected {
  const { maxUnavailable, minAvailable } = spec;
  if (maxUnavailable !== undefined) {
    const { expected, unmanaged } = expectedScale(context, pods);
    const healthy = Math.max(0, expected - scaledValue(maxUnavailable, expected, 'up'));
    return { expected, healthy, unmanaged };
  }
  if (typeof minAvailable === 'number')
    return { expected: pods.length, healthy: minAvailable, unmanaged: [] };
  if (minAvailable === undefined) return { expected: 0, healthy: 0, unmanaged: [] };
  const { expected, unmanaged } = expectedScale(context, pods);
  return { expected, healthy: scaledValue(minAvailable, expected, 'up'), unmanaged };
}

/** The sum of what the controllers of the pods want, each counted once. */
function expectedScale(
  context: ControllerContext,
  pods: readonly Pod[],
): { readonly expected: number; readonly unmanaged: readonly Pod[] } {
  const scales = new Map<string, number>();
  const seen = new Set<string>();
  const unmanaged: Pod[] = [];
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (reference === undefined) {
      unmanaged.push(pod);
      continue;
    }
    if (seen.has(reference.uid)) continue;
    seen.add(reference.uid);
    const { uid, scale } = scaleOf(context, pod.metadata.namespace ?? '', reference);
    scales.set(uid, scale);
  }
  return { expected: [...scales.values()].reduce((sum, scale) => sum + scale, 0), unmanaged };
}

/** What a controller wants: a ReplicaSet of a Deployment wants what the Deployment does. */
function scaleOf(
  context: ControllerContext,
  namespace: string,
  reference: OwnerReference,
): { readonly uid: string; readonly scale: number } {
  const kind = context.kinds.findKind(reference.apiVersion, reference.kind);
  if (kind === undefined) return { uid: reference.uid, scale: 0 };
  if (kind.scale === undefined) {
    const name = kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
    throw new UnknownScale(`${name} does not implement the scale subresource`);
  }
  const above =
    reference.kind === 'ReplicaSet' ? deploymentOf(context, namespace, reference.name) : undefined;
  if (above !== undefined) return scaleOf(context, namespace, above);
  const found = ifThere(() => context.client.getScale(kind, namespace, reference.name));
  const isSame = found?.metadata?.uid === reference.uid;
  return { uid: reference.uid, scale: isSame ? (found?.spec?.replicas ?? 0) : 0 };
}

function deploymentOf(
  { client }: ControllerContext,
  namespace: string,
  name: string,
): OwnerReference | undefined {
  const set = ifThere(() => client.get(replicaSets, namespace, name));
  return set === null ? undefined : controllerOf(set);
}

function ifThere<T>(get: () => T): T | null {
  try {
    return get();
  } catch (error) {
    if (isStatus(error, 'NotFound')) return null;
    throw error;
  }
}
