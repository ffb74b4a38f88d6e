// Upstream: pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go
import type { StatefulSet, StatefulSetSpec, StatefulSetStatus } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec, Volume } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { validateClaimSpec } from '../claimValidation.ts';
import { ageColumn, column, containerColumns, nameColumn } from '../columns.ts';
import { defaultClaim } from '../core/persistentVolumeClaim.ts';
import {
  countOrPercentNumber,
  invalidFor,
  under,
  validateAtMost100Percent,
  validateCountOrPercent,
  validateNotNegative,
} from '../fieldChecks.ts';
import { internalForm } from '../internalForm.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { templateWarnings } from '../podWarnings.ts';
import { validateNotDecremented } from '../replicaCounts.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';
import { compiledSelector, validateSelector } from '../workloadValidation.ts';

export type { StatefulSet };

const retain = { whenDeleted: 'Retain', whenScaled: 'Retain' } as const;

function defaultSpec(spec: StatefulSetSpec): StatefulSetSpec {
  const strategy = withDefaults(spec.updateStrategy ?? {}, { type: 'RollingUpdate' });
  const rolling = withDefaults(strategy.rollingUpdate ?? {}, { partition: 0, maxUnavailable: 1 });
  const updateStrategy =
    strategy.type === 'RollingUpdate' ? withField(strategy, 'rollingUpdate', rolling) : strategy;
  const next = withDefaults(withField(spec, 'updateStrategy', updateStrategy), {
    podManagementPolicy: 'OrderedReady',
    persistentVolumeClaimRetentionPolicy: retain,
    replicas: 1,
    revisionHistoryLimit: 10,
  });
  const policy = next.persistentVolumeClaimRetentionPolicy!;
  const kept = withField(next, 'persistentVolumeClaimRetentionPolicy', withDefaults(policy, retain));
  const claimed = withField(
    kept,
    'volumeClaimTemplates',
    mapList(kept.volumeClaimTemplates, (claim) =>
      defaultClaim(withDefaults(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' })),
    ),
  );
  return withField(claimed, 'template', defaultPodTemplate(claimed.template));
}

function validateStrategy({ updateStrategy = {} }: StatefulSetSpec): FieldError[] {
  const field = 'spec.updateStrategy';
  const { type, rollingUpdate } = updateStrategy;
  if (!type) return [required(field)];
  if (type === 'OnDelete') {
    const why = "only allowed for updateStrategy 'RollingUpdate'";
    const shown = internalForm('apps.v1.RollingUpdateStatefulSetStrategy', rollingUpdate);
    return rollingUpdate ? [invalidValue(`${field}.rollingUpdate`, shown, why)] : [];
  }
  if (type !== 'RollingUpdate') {
    const shown = internalForm('apps.v1.StatefulSetUpdateStrategy', updateStrategy);
    return [invalidValue(field, shown, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  const { partition, maxUnavailable } = rollingUpdate ?? {};
  const path = `${field}.rollingUpdate.maxUnavailable`;
  return [
    ...validateNotNegative(`${field}.rollingUpdate.partition`, partition),
    ...validateCountOrPercent(path, maxUnavailable),
    ...(maxUnavailable !== undefined && countOrPercentNumber(maxUnavailable) === 0
      ? [invalidValue(path, maxUnavailable, 'cannot be 0')]
      : []),
    ...validateAtMost100Percent(path, maxUnavailable),
  ];
}

function validateRetention({ persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec): FieldError[] {
  if (policy === undefined) return [];
  const values = ['Retain', 'Delete'];
  return (['whenDeleted', 'whenScaled'] as const)
    .filter((field) => !values.includes(policy[field] ?? ''))
    .map((field) =>
      notSupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, policy[field] ?? '', values),
    );
}

/** The pod spec as its pods will have it: a claim of the set takes the place of a volume of that name. */
function withClaimedVolumes({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const spec = template?.spec ?? { containers: [] };
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const claimed: Volume[] = volumeClaimTemplates.map(
    ({ metadata: { name = '' } = {} }: { metadata?: { name?: string } }) => ({
      name,
      persistentVolumeClaim: { claimName: name },
    }),
  );
  const others = (spec.volumes ?? []).filter(({ name }) => claimed.every((volume) => volume.name !== name));
  return { ...template, spec: { ...spec, volumes: [...others, ...claimed] } };
}

function validateClaims({ volumeClaimTemplates = [] }: StatefulSetSpec): FieldError[] {
  return volumeClaimTemplates.flatMap(({ metadata, spec }, index) =>
    under(`spec.volumeClaimTemplates[${index}]`, [
      ...(metadata?.name
        ? invalidFor('metadata.name', metadata.name, checkDns1123Subdomain(metadata.name))
        : [required('metadata.name')]),
      ...under('spec', validateClaimSpec(spec)),
    ]),
  );
}

function validateSpec(spec: StatefulSetSpec): FieldError[] {
  const { podManagementPolicy: policy, ordinals, serviceName, selector } = spec;
  const errors: FieldError[] = [];
  if (!policy) errors.push(required('spec.podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    errors.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
  if (serviceName)
    errors.push(...invalidFor('spec.serviceName', serviceName, checkDns1123Label(serviceName)));
  return [
    ...errors,
    ...validateStrategy(spec),
    ...validateRetention(spec),
    ...validateNotNegative('spec.replicas', spec.replicas),
    ...validateNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateNotNegative('spec.ordinals.start', ordinals?.start),
    ...validateNotNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...validateSelector(selector, 'statefulset'),
    ...validateLastingTemplate(
      withClaimedVolumes(spec),
      compiledSelector(selector),
      'spec.template',
      'StatefulSet',
    ),
    ...validateClaims(spec),
  ];
}

const updatable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

function validateSpecUpdate(spec: StatefulSetSpec, old: StatefulSetSpec): FieldError[] {
  const kept: Record<string, unknown> = { ...spec };
  for (const field of updatable) kept[field] = old[field];
  if (deepEqual(kept, old)) return [];
  const list = updatable.map((field) => `'${field}'`);
  const named = `${list.slice(0, -1).join(', ')} and ${list.at(-1)!}`;
  return [forbidden('spec', `updates to statefulset spec for fields other than ${named} are forbidden`)];
}

const counts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;

function validateStatus(status: StatefulSetStatus, old: StatefulSetStatus): FieldError[] {
  const whole = status.replicas ?? 0;
  const errors = (['replicas', ...counts, 'observedGeneration', 'collisionCount'] as const).flatMap((field) =>
    validateNotNegative(`status.${field}`, status[field]),
  );
  for (const field of counts) {
    const part = status[field] ?? 0;
    if (part > whole)
      errors.push(invalidValue(`status.${field}`, part, 'cannot be greater than status.replicas'));
  }
  const available = status.availableReplicas ?? 0;
  if (available > (status.readyReplicas ?? 0))
    errors.push(
      invalidValue('status.availableReplicas', available, 'cannot be greater than status.readyReplicas'),
    );
  return [...errors, ...validateNotDecremented(status.collisionCount, old.collisionCount)];
}

export const statefulSets: Kind<StatefulSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  hasStatus: true,
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: (object) => selectorOf((object as StatefulSet).spec.selector).toString(),
  },

  defaults: (set) => withField(set, 'spec', defaultSpec(set.spec)),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0, availableReplicas: 0 } }),

  validate: ({ spec }) => validateSpec(spec),
  validateUpdate: ({ spec }, old) => validateSpecUpdate(spec, old.spec),
  validateStatusUpdate: ({ status }, old) => validateStatus(status, old.status),

  warnings: ({ metadata, spec }) => templateWarnings(metadata.name, spec.template),

  columns: [
    nameColumn,
    column(
      'Ready',
      ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      'string',
      'Number of the pod with ready state',
    ),
    ageColumn,
    ...containerColumns<StatefulSet>(({ spec }) => spec.template.spec),
  ],
};
