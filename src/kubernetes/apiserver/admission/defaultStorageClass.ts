// Upstream: plugin/pkg/admission/storage/storageclass/setdefault/admission.go
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import type { AdmissionPlugin } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { defaultClassOf } from './defaultClass.ts';

const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** A claim that names no class gets the default one; one that names '' wants none. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'persistentvolumeclaims' && subresource === '',
  admit(object, _request, { storage }) {
    const claim = object as PersistentVolumeClaim;
    const { annotations } = claim.metadata;
    if (claim.spec?.storageClassName !== undefined || annotations?.[classAnnotation] !== undefined)
      return object;
    const found = defaultClassOf(cacheOf(storage, storageClasses).in(''), defaultAnnotations);
    if (found === undefined) return object;
    return { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } };
  },
};
