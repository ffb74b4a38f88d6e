import type { Deployment, DeploymentSpec } from '#generated/types/apps.v1.ts';
import { forbidden, invalidValue, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import { formatLabelSelector, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import {
  countOrPercentNumber,
  validateAtMost100Percent,
  validateCountOrPercent,
  validateImmutable,
  validateNotNegative,
} from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { withDefaults, withField } from '../sharing.ts';
import { compiledSelector, validateReplicaCounts, validateSelector } from '../workloadValidation.ts';

export type { Deployment };

// Upstream: SetDefaults_Deployment in pkg/apis/apps/v1/defaults.go
function defaultSpec(spec: DeploymentSpec): DeploymentSpec {
  const strategy = withDefaults(spec.strategy ?? {}, { type: 'RollingUpdate' });
  const rolling =
    strategy.type === 'RollingUpdate'
      ? withField(
          strategy,
          'rollingUpdate',
          withDefaults(strategy.rollingUpdate ?? {}, { maxSurge: '25%', maxUnavailable: '25%' }),
        )
      : strategy;
  const next = withDefaults(withField(spec, 'strategy', rolling), {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  return withField(next, 'template', defaultPodTemplate(next.template));
}

// Upstream: ValidateDeploymentStrategy in pkg/apis/apps/validation/validation.go
function validateStrategy({ strategy = {} }: DeploymentSpec): FieldError[] {
  const { type, rollingUpdate = {} } = strategy;
  const field = 'spec.strategy';
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return strategy.rollingUpdate ? [forbidden(`${field}.rollingUpdate`, why)] : [];
  }
  if (type !== 'RollingUpdate') {
    const shown = { Type: type, RollingUpdate: strategy.rollingUpdate ?? null };
    return [notSupported(field, shown, ['Recreate', 'RollingUpdate'])];
  }
  const { maxUnavailable, maxSurge } = rollingUpdate;
  const path = `${field}.rollingUpdate.maxUnavailable`;
  const errors = [
    ...validateCountOrPercent(path, maxUnavailable),
    ...validateCountOrPercent(`${field}.rollingUpdate.maxSurge`, maxSurge),
  ];
  if (countOrPercentNumber(maxUnavailable) === 0 && countOrPercentNumber(maxSurge) === 0)
    errors.push(invalidValue(path, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0'));
  return [...errors, ...validateAtMost100Percent(path, maxUnavailable)];
}

function validateSpec(spec: DeploymentSpec): FieldError[] {
  const { replicas, selector, template, minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds } =
    spec;
  const errors = [
    ...validateNotNegative('spec.replicas', replicas),
    ...validateSelector(selector, 'deployment'),
    ...validateLastingTemplate(template, compiledSelector(selector), 'spec.template', 'ReplicaSet'),
    ...validateStrategy(spec),
    ...validateNotNegative('spec.minReadySeconds', minReadySeconds),
    ...validateNotNegative('spec.revisionHistoryLimit', revisionHistoryLimit),
    ...validateNotNegative('spec.progressDeadlineSeconds', progressDeadlineSeconds),
  ];
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= (minReadySeconds ?? 0))
    errors.push(
      invalidValue(
        'spec.progressDeadlineSeconds',
        progressDeadlineSeconds,
        'must be greater than minReadySeconds',
      ),
    );
  return errors;
}

export const deployments: Kind<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.Deployment',
  hasStatus: true,
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: (object) => selectorOf((object as Deployment).spec.selector).toString(),
  },

  defaults: (deployment) => withField(deployment, 'spec', defaultSpec(deployment.spec)),
  prepareForCreate: (deployment) => ({ ...deployment, status: {} }),

  validate: ({ spec }) => validateSpec(spec),
  validateUpdate: ({ spec }, old) => validateImmutable('spec.selector', spec.selector, old.spec.selector),
  validateStatusUpdate: ({ status }) => validateReplicaCounts(status),

  columns: [
    nameColumn,
    column('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    column('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    column('Available', ({ status }) => status.availableReplicas ?? 0),
    ageColumn,
    ...containerColumns<Deployment>(({ spec }) => spec.template.spec),
    wideColumn('Selector', ({ spec }) => formatLabelSelector(spec.selector)),
  ],
};
