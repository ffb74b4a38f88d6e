// Upstream: ValidatePersistentVolumeSpec and ValidatePersistentVolumeUpdate in pkg/apis/core/validation/validation.go
import type { PersistentVolumeSpec } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { invalidFor, under, validateImmutable, validatePositiveQuantity } from './fieldChecks.ts';
import { validateAccessModes, validateVolumeMode } from './persistentVolumes.ts';
import { validateNodeTerm } from './placementValidation.ts';
import { validateCommonSource } from './volumeValidation.ts';
import { validateSource } from './volumeSources.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

/** The order in which upstream looks for sources: the second one found is the one too many. */
const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;

function validateCapacity({ capacity }: PersistentVolumeSpec): FieldError[] {
  const errors: FieldError[] = [];
  const names = Object.keys(capacity ?? {});
  if (names.length === 0) errors.push(required('capacity'));
  if (capacity?.['storage'] === undefined || names.length > 1)
    errors.push(notSupported('capacity', capacity, ['storage']));
  for (const name of names) errors.push(...validatePositiveQuantity(`capacity[${name}]`, capacity![name]!));
  return errors;
}

function validateAffinity({ nodeAffinity }: PersistentVolumeSpec): FieldError[] {
  if (nodeAffinity === undefined) return [];
  const terms = nodeAffinity.required?.nodeSelectorTerms;
  if (nodeAffinity.required === undefined)
    return [required('nodeAffinity.required', 'must specify required node constraints')];
  if (!terms?.length)
    return [required('nodeAffinity.required.nodeSelectorTerms', 'must have at least one node selector term')];
  return terms.flatMap((term, index) =>
    under(`nodeAffinity.required.nodeSelectorTerms[${index}]`, validateNodeTerm(term)),
  );
}

/** The sources that persistent volumes share with pods' volumes. */
function pickCommon({ hostPath, nfs }: PersistentVolumeSpec): Parameters<typeof validateCommonSource>[1] {
  return { ...(hostPath && { hostPath }), ...(nfs && { nfs }) };
}

function validateSources(spec: PersistentVolumeSpec): FieldError[] {
  const [first, ...others] = sources.filter((name) => spec[name] !== undefined);
  if (first === undefined) return [required('', 'must specify a volume type')];
  const errors = [
    ...under(first, validateSource(first, spec, true)),
    ...under(first, validateCommonSource(first, pickCommon(spec))),
    ...others.map((name) => forbidden(name, 'may not specify more than 1 volume type')),
  ];
  if (first === 'local' && !spec.nodeAffinity?.required)
    errors.push(required('nodeAffinity', 'Local volume requires node affinity'));
  return errors;
}

/** What is wrong with the spec of a volume; fields are relative to it. */
export function validateVolumeSpec(spec: PersistentVolumeSpec): FieldError[] {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, hostPath, storageClassName } = spec;
  const errors: FieldError[] = accessModes.length === 0 ? [required('accessModes')] : [];
  errors.push(...validateAccessModes(accessModes), ...validateCapacity(spec));
  if (policy && !reclaimPolicies.includes(policy))
    errors.push(notSupported('persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  errors.push(...validateAffinity(spec), ...validateSources(spec));
  if (hostPath && /^\/+$/.test(hostPath.path) && policy === 'Recycle')
    errors.push(
      forbidden('persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
    );
  if (storageClassName)
    errors.push(...invalidFor('storageClassName', storageClassName, checkDns1123Subdomain(storageClassName)));
  errors.push(...validateVolumeMode(spec.volumeMode));
  const attributes = spec.volumeAttributesClassName;
  if (attributes === undefined) return errors;
  if (attributes === '') errors.push(required('volumeAttributesClassName', 'an empty string is disallowed'));
  else errors.push(...invalidFor('volumeAttributesClassName', attributes, checkDns1123Subdomain(attributes)));
  if (!spec.csi) errors.push(required('csi', 'has to be specified when using volumeAttributesClassName'));
  return errors;
}

/** A volume keeps its source, its mode and, once it has one, its affinity. */
export function validateVolumeUpdate(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): FieldError[] {
  const errors: FieldError[] = [];
  const sourceOf = (from: PersistentVolumeSpec) => sources.map((name) => from[name]);
  // A CSI volume that could not be expanded may be given the secret for it.
  const { controllerExpandSecretRef, ...csi } = spec.csi ?? {};
  const lent =
    old.csi && spec.csi && controllerExpandSecretRef && !old.csi.controllerExpandSecretRef
      ? { ...spec, csi: csi as NonNullable<PersistentVolumeSpec['csi']> }
      : spec;
  if (!deepEqual(sourceOf(lent), sourceOf(old)))
    errors.push(
      forbidden('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'),
    );
  errors.push(...validateImmutable('volumeMode', spec.volumeMode, old.volumeMode));
  if (old.nodeAffinity && !deepEqual(spec.nodeAffinity, old.nodeAffinity))
    errors.push(
      invalidValue(
        'nodeAffinity',
        spec.nodeAffinity ?? null,
        'field is immutable, except for updating from beta label to GA',
      ),
    );
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  return errors;
}
