// Upstream: validateVolumeSource and ValidateVolumeMounts in pkg/apis/core/validation/validation.go
import type { Container, PodSpec, Volume, VolumeMount } from '#generated/types/core.v1.ts';
import {
  forbidden,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { validateClaimSpec } from './claimValidation.ts';
import { under, validateEnum } from './fieldChecks.ts';
import { validateAnnotations } from './objectMeta.ts';
import { validateDownwardApi, validateProjected } from './projectedVolumes.ts';
import { validateSource } from './volumeSources.ts';

type ClaimTemplate = NonNullable<NonNullable<Volume['ephemeral']>['volumeClaimTemplate']>;

function validateClaimTemplate({ metadata = {}, spec }: ClaimTemplate): FieldError[] {
  const others = Object.keys(metadata).filter((field) => field !== 'labels' && field !== 'annotations');
  return [
    ...validateAnnotations(metadata.annotations, 'metadata.annotations'),
    ...validateLabels(metadata.labels, 'metadata.labels'),
    ...others.map((field) => forbidden(`metadata.${field}`, 'cannot be set')),
    ...under('spec', validateClaimSpec(spec ?? {})),
  ];
}

function validateVolume(volume: Volume): FieldError[] {
  const { emptyDir, downwardAPI, projected, ephemeral, image } = volume;
  const errors: FieldError[] = [];
  if (emptyDir?.sizeLimit !== undefined && parseQuantity(emptyDir.sizeLimit).nanos < 0n)
    errors.push(forbidden('emptyDir.sizeLimit', 'SizeLimit field must be a valid resource quantity'));
  if (downwardAPI) errors.push(...under('downwardAPI', validateDownwardApi(downwardAPI)));
  if (projected) errors.push(...under('projected', validateProjected(projected)));
  if (ephemeral) {
    const template = ephemeral.volumeClaimTemplate;
    const field = 'ephemeral.volumeClaimTemplate';
    errors.push(...(template ? under(field, validateClaimTemplate(template)) : [required(field)]));
  }
  if (image) {
    if (!image.reference) errors.push(required('image.reference'));
    const policies = ['Always', 'IfNotPresent', 'Never'];
    errors.push(...validateEnum('image.pullPolicy', image.pullPolicy, policies));
  }
  for (const name of Object.keys(volume)) errors.push(...under(name, validateSource(name, volume, false)));
  return errors;
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

/** Upstream names no index in the paths of these two. */
function validateMountModes(mount: VolumeMount, { securityContext }: Container): FieldError[] {
  const { mountPropagation: propagation, recursiveReadOnly: recursion, readOnly } = mount;
  const errors: FieldError[] = [];
  if (propagation !== undefined && !propagations.includes(propagation))
    errors.push(notSupported('volumeMounts.mountPropagation', propagation, propagations));
  if (propagation === 'Bidirectional' && !securityContext?.privileged) {
    const why = 'Bidirectional mount propagation is available only to privileged containers';
    errors.push(forbidden('volumeMounts.mountPropagation', why));
  }
  const field = 'volumeMounts.recursiveReadOnly';
  if (recursion === undefined || recursion === 'Disabled') return errors;
  if (!recursions.includes(recursion)) return [...errors, notSupported(field, recursion, recursions)];
  if (!readOnly) errors.push(forbidden(field, 'may only be specified when readOnly is true'));
  if (propagation !== undefined && propagation !== 'None')
    errors.push(forbidden(field, 'may only be specified when mountPropagation is None or not specified'));
  return errors;
}

function validateMounts(container: Container, volumes: readonly Volume[]): FieldError[] {
  const { volumeMounts = [], volumeDevices = [] } = container;
  return volumeMounts.flatMap((mount, index) => {
    const { name, mountPath, subPath, subPathExpr } = mount;
    const errors: FieldError[] = [];
    const path = `volumeMounts[${index}]`;
    if (volumeDevices.some((device) => device.name === name))
      errors.push(invalidValue(`${path}.name`, name, 'must not already exist in volumeDevices'));
    if (volumeDevices.some(({ devicePath }) => devicePath === mountPath)) {
      const why = 'must not already exist as a path in volumeDevices';
      errors.push(invalidValue(`${path}.mountPath`, mountPath, why));
    }
    const isImage = volumes.some((volume) => volume.name === name && volume.image !== undefined);
    for (const [field, value] of Object.entries({ subPath, subPathExpr }))
      if (isImage && value)
        errors.push(invalidValue(`${path}.${field}`, value, 'not allowed in image volume sources'));
    return [...errors, ...validateMountModes(mount, container)];
  });
}

function validateDevices(
  { volumeMounts = [], volumeDevices = [] }: Container,
  volumes: readonly Volume[],
): FieldError[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return volumeDevices.flatMap(({ name, devicePath }, index) => {
    const errors: FieldError[] = [];
    const volume = volumes.find((candidate) => candidate.name === name);
    if (!name) errors.push(required('name'));
    if (names.has(name)) errors.push(invalidValue('name', name, 'must be unique'));
    if (volume === undefined) errors.push(notFoundValue('name', name));
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalidValue('name', name, why));
    }
    if (!devicePath) errors.push(required('devicePath'));
    if (paths.has(devicePath)) errors.push(invalidValue('devicePath', devicePath, 'must be unique'));
    if (devicePath?.split('/').includes('..'))
      errors.push(invalidValue('devicePath', devicePath, "can not contain backsteps ('..')"));
    if (volumeMounts.some((mount) => mount.name === name))
      errors.push(invalidValue('name', name, 'must not already exist in volumeMounts'));
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath)) {
      const why = 'must not already exist as a path in volumeMounts';
      errors.push(invalidValue('devicePath', devicePath, why));
    }
    names.add(name);
    paths.add(devicePath);
    return under(`volumeDevices[${index}]`, errors);
  });
}

/** What is wrong with volumes of the rarer kinds and with how containers use them. */
export function checkVolumes(spec: PodSpec): FieldError[] {
  const { volumes = [] } = spec;
  return [
    ...volumes.flatMap((volume, index) => under(`volumes[${index}]`, validateVolume(volume))),
    ...(['containers', 'initContainers', 'ephemeralContainers'] as const).flatMap((list) =>
      (spec[list] ?? []).flatMap((container, index) =>
        under(`${list}[${index}]`, [
          ...validateMounts(container, volumes),
          ...validateDevices(container, volumes),
        ]),
      ),
    ),
  ];
}
