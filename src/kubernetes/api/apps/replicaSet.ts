import type { ReplicaSet, ReplicaSetSpec } from '#generated/types/apps.v1.ts';
import { formatLabelSelector, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { validateImmutable, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { withDefaults, withField } from '../sharing.ts';
import { compiledSelector, validateSelector } from '../workloadValidation.ts';

export type { ReplicaSet };

function defaultSpec(spec: ReplicaSetSpec): ReplicaSetSpec {
  const next = withDefaults(spec, { replicas: 1 });
  return withField(next, 'template', defaultPodTemplate(next.template));
}

export const replicaSets: Kind<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  hasStatus: true,
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: (object) => selectorOf((object as ReplicaSet).spec.selector).toString(),
  },

  defaults: (replicaSet) => withField(replicaSet, 'spec', defaultSpec(replicaSet.spec)),
  prepareForCreate: (replicaSet) => ({ ...replicaSet, status: { replicas: 0 } }),

  // Upstream: ValidateReplicaSetSpec, which does say "deployment".
  validate: ({ spec }) => [
    ...validateNotNegative('spec.replicas', spec.replicas),
    ...validateNotNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateSelector(spec.selector, 'deployment'),
    ...validateLastingTemplate(spec.template, compiledSelector(spec.selector), 'spec.template', 'ReplicaSet'),
  ],
  validateUpdate: ({ spec }, old) => validateImmutable('spec.selector', spec.selector, old.spec.selector),

  columns: [
    nameColumn,
    column('Desired', ({ spec }) => spec.replicas ?? 0, 'integer'),
    column('Current', ({ status }) => status.replicas, 'integer'),
    column('Ready', ({ status }) => status.readyReplicas ?? 0, 'integer'),
    ageColumn,
    ...containerColumns<ReplicaSet>(({ spec }) => spec.template?.spec),
    wideColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector)),
  ],
};
