// Upstream: pkg/apis/storage/{v1/defaults.go,validation/validation.go}, pkg/registry/storage/csidriver/strategy.go
import type { CSIDriver, CSIDriverSpec } from '#generated/types/storage.v1.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { validateDriverName } from './storageChecks.ts';

export type { CSIDriver };

const tokenSecondsMin = 10 * 60;
const tokenSecondsMax = 2 ** 32;
const updatePeriodSecondsMin = 10;
const lifecycleModes = ['Ephemeral', 'Persistent'];
const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];

function validateTokenRequests(requests: NonNullable<CSIDriverSpec['tokenRequests']>): FieldError[] {
  const audiences = new Set<string>();
  return requests.flatMap(({ audience, expirationSeconds }, index) => {
    const path = `spec.tokenRequests[${index}]`;
    const errors = audiences.has(audience) ? [duplicate(`${path}.audience`, audience)] : [];
    audiences.add(audience);
    if (expirationSeconds === undefined) return errors;
    const refuse = (why: string) =>
      errors.push(invalidValue(`${path}.expirationSeconds`, expirationSeconds, why));
    if (expirationSeconds < tokenSecondsMin) refuse('may not specify a duration less than 10 minutes');
    if (expirationSeconds > tokenSecondsMax) refuse('may not specify a duration larger than 2^32 seconds');
    return errors;
  });
}

function validateSpec(spec: CSIDriverSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['attachRequired', 'podInfoOnMount', 'storageCapacity'] as const)
    if (spec[field] === undefined) errors.push(required(`spec.${field}`));
  errors.push(...validateEnum('spec.fsGroupPolicy', spec.fsGroupPolicy, groupPolicies));
  errors.push(...validateTokenRequests(spec.tokenRequests ?? []));
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!lifecycleModes.includes(mode))
      errors.push(notSupported('spec.volumeLifecycleModes', mode, lifecycleModes));
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < updatePeriodSecondsMin)
    errors.push(
      invalidValue(
        'spec.nodeAllocatableUpdatePeriodSeconds',
        period,
        `must be greater than or equal to ${updatePeriodSecondsMin} seconds`,
      ),
    );
  return errors;
}

export const csiDrivers: Kind<CSIDriver> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  singular: 'csidriver',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.CSIDriver',
  hasStatus: false,
  defaults: (driver) =>
    withField(
      driver,
      'spec',
      withDefaults(driver.spec, {
        attachRequired: true,
        podInfoOnMount: false,
        storageCapacity: false,
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
        volumeLifecycleModes: ['Persistent'],
        requiresRepublish: false,
        seLinuxMount: false,
      }),
    ),
  validate: ({ metadata, spec }) => [
    ...validateDriverName('metadata.name', metadata.name),
    ...validateSpec(spec),
  ],
  validateUpdate: ({ spec }, { spec: old }) =>
    (['attachRequired', 'fsGroupPolicy', 'volumeLifecycleModes'] as const).flatMap((field) =>
      validateImmutable(`spec.${field}`, spec[field], old[field]),
    ),
  columns: [
    nameColumn,
    column('AttachRequired', ({ spec }) => spec.attachRequired ?? true, 'boolean'),
    column('PodInfoOnMount', ({ spec }) => spec.podInfoOnMount ?? false, 'boolean'),
    column('StorageCapacity', ({ spec }) => spec.storageCapacity ?? false, 'boolean'),
    column('TokenRequests', ({ spec }) =>
      spec.tokenRequests?.length ? spec.tokenRequests.map(({ audience }) => audience).join(',') : '<unset>',
    ),
    column('RequiresRepublish', ({ spec }) => spec.requiresRepublish ?? false, 'boolean'),
    column('Modes', ({ spec }) => (spec.volumeLifecycleModes ?? []).join(',') || '<none>'),
    ageColumn,
  ],
};
