// Upstream: pkg/apis/apps/v1/defaults.go, pkg/apis/apps/validation/validation.go
import type { DaemonSet, DaemonSetSpec } from '#generated/types/apps.v1.ts';
import { formatLabels, formatLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { withDefaults, withField } from '../sharing.ts';
import { compiledSelector, validateSelector } from '../workloadValidation.ts';

export type { DaemonSet };

/** How many templates a DaemonSet has had. Deprecated, but still set. */
const generationAnnotation = 'deprecated.daemonset.template.generation';

function defaultSpec(spec: DaemonSetSpec): DaemonSetSpec {
  const strategy = withDefaults(spec.updateStrategy ?? {}, { type: 'RollingUpdate' });
  const rolling = withDefaults(strategy.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 });
  const updateStrategy =
    strategy.type === 'RollingUpdate' ? withField(strategy, 'rollingUpdate', rolling) : strategy;
  const next = withDefaults(withField(spec, 'updateStrategy', updateStrategy), { revisionHistoryLimit: 10 });
  return withField(next, 'template', defaultPodTemplate(next.template));
}

export const daemonSets: Kind<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.DaemonSet',
  hasStatus: true,

  defaults: (daemonSet) => withField(daemonSet, 'spec', defaultSpec(daemonSet.spec)),

  prepareForCreate: (daemonSet) => ({
    ...daemonSet,
    metadata: {
      ...daemonSet.metadata,
      annotations: { ...daemonSet.metadata.annotations, [generationAnnotation]: '1' },
    },
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  }),

  // A selector that is missing only matches nothing. What else can be wrong is in daemonSetChecks.ts.
  validate: ({ spec }) => [
    ...(spec.selector === undefined ? [] : validateSelector(spec.selector, 'daemonset')),
    ...validateLastingTemplate(spec.template, compiledSelector(spec.selector), 'spec.template', 'DaemonSet'),
  ],
  validateUpdate: ({ spec }, old) => validateImmutable('spec.selector', spec.selector, old.spec.selector),

  columns: [
    nameColumn,
    column('Desired', ({ status }) => status.desiredNumberScheduled, 'integer'),
    column('Current', ({ status }) => status.currentNumberScheduled, 'integer'),
    column('Ready', ({ status }) => status.numberReady, 'integer'),
    column('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0, 'integer'),
    column('Available', ({ status }) => status.numberAvailable ?? 0, 'integer'),
    column('Node Selector', ({ spec }) => formatLabels(spec.template.spec?.nodeSelector)),
    ageColumn,
    ...containerColumns<DaemonSet>(({ spec }) => spec.template.spec),
    wideColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector)),
  ],
};
