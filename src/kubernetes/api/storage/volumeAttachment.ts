// Upstream: pkg/apis/storage/validation/validation.go
import type { VolumeAttachment, VolumeAttachmentSource } from '#generated/types/storage.v1.ts';
import { forbidden, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor } from '../fieldChecks.ts';
import { validateImmutableAs } from '../internalForm.ts';
import type { Kind } from '../kind.ts';
import { validateDriverName } from './storageChecks.ts';

export type { VolumeAttachment };

function validateSource(source: VolumeAttachmentSource = {}): FieldError[] {
  const { inlineVolumeSpec, persistentVolumeName } = source;
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined)
    return [required('spec.source', one)];
  if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined)
    return [forbidden('spec.source', one)];
  return persistentVolumeName === ''
    ? [required('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName')]
    : [];
}

export const volumeAttachments: Kind<VolumeAttachment> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  singular: 'volumeattachment',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.VolumeAttachment',
  hasStatus: true,
  prepareForCreate: (attachment) => ({ ...attachment, status: { attached: false } }),
  validate: ({ spec: { attacher, source, nodeName } }) => [
    ...validateDriverName('spec.attacher', attacher),
    ...validateSource(source),
    ...invalidFor('spec.nodeName', nodeName ?? '', checkDns1123Subdomain(nodeName ?? '')),
  ],
  validateUpdate: ({ spec }, old) =>
    validateImmutableAs('storage.v1.VolumeAttachmentSpec', 'spec', spec, old.spec),
  columns: [
    nameColumn,
    column('Attacher', ({ spec }) => spec.attacher),
    column('PV', ({ spec }) => spec.source.persistentVolumeName ?? ''),
    column('Node', ({ spec }) => spec.nodeName),
    column('Attached', ({ status }) => status?.attached ?? false, 'boolean'),
    ageColumn,
  ],
};
