// Upstream: pkg/quota/v1/evaluator/core/persistent_volume_claims.go
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { isScopeOfValue } from './quotaScopes.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const measured = new Set(['count/persistentvolumeclaims', 'persistentvolumeclaims', 'requests.storage']);
const ofClass = /\.storageclass\.storage\.k8s\.io\/(persistentvolumeclaims|requests\.storage)$/;

/** What is asked for, or what is already set aside while it shrinks back. */
function sizeOf({ spec, status }: PersistentVolumeClaim): string | number | undefined {
  const asked = spec.resources?.requests?.['storage'];
  const allocated = status?.allocatedResources?.['storage'];
  if (asked === undefined || allocated === undefined) return asked;
  return compareQuantities(asked, allocated) < 0 ? allocated : asked;
}

export const claimQuota: QuotaEvaluator = {
  countsUpdates: true,
  measures: (resource) => measured.has(resource) || ofClass.test(resource),
  usage(object) {
    const claim = object as PersistentVolumeClaim;
    const storage = sizeOf(claim);
    const name = claim.metadata.annotations?.[classAnnotation] ?? claim.spec.storageClassName ?? '';
    const usage: Record<string, string | number> = {
      'count/persistentvolumeclaims': 1,
      persistentvolumeclaims: 1,
    };
    if (storage !== undefined) usage['requests.storage'] = storage;
    if (name === '') return usage;
    const prefix = `${name}.storageclass.storage.k8s.io/`;
    usage[`${prefix}persistentvolumeclaims`] = 1;
    if (storage !== undefined) usage[`${prefix}requests.storage`] = storage;
    return usage;
  },
  isInScope: (scope, object) =>
    scope.scopeName === 'VolumeAttributesClass' &&
    isScopeOfValue(scope, (object as PersistentVolumeClaim).spec.volumeAttributesClassName),
  missing: () => null,
};
