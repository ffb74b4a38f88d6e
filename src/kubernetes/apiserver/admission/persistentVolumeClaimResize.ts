// Upstream: plugin/pkg/admission/storage/persistentvolume/resize/admission.go
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import type { AdmissionPlugin, ServerContext } from '../context.ts';
import { forbiddenBy } from './forbidden.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** A claim grows only where its class says that its volumes can. That it must be bound says validation before. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  handles: ({ operation, kind, subresource }) =>
    operation === 'UPDATE' && kind.plural === 'persistentvolumeclaims' && subresource === '',
  validate(object, request, context) {
    const claim = object as PersistentVolumeClaim;
    const old = request.old as PersistentVolumeClaim;
    if (compareQuantities(sizeOf(claim), sizeOf(old)) <= 0) return;
    if (isResizable(claim, old, context)) return;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw forbiddenBy(request, why);
  },
};

function sizeOf({ spec }: PersistentVolumeClaim): string | number {
  return spec.resources?.requests?.['storage'] ?? 0;
}

function classOf({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.[classAnnotation] ?? spec.storageClassName ?? '';
}

function isResizable(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  { storage }: ServerContext,
): boolean {
  const name = classOf(claim);
  if (name === '' || name !== classOf(old)) return false;
  const found = storage.get(storageClasses, '', name) as StorageClass | undefined;
  return found?.allowVolumeExpansion === true;
}
