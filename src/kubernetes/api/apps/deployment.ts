import type { Deployment, DeploymentSpec } from '#generated/types/apps.v1.ts';
import { formatLabelSelector, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { validateImmutable, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { withDefaults, withField } from '../sharing.ts';
import { compiledSelector, validateSelector } from '../workloadValidation.ts';

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

  // What else can be wrong is in deploymentChecks.ts.
  validate: ({ spec: { replicas, selector, template } }) => [
    ...validateNotNegative('spec.replicas', replicas),
    ...validateSelector(selector, 'deployment'),
    ...validateLastingTemplate(template, compiledSelector(selector), 'spec.template', 'ReplicaSet'),
  ],
  validateUpdate: ({ spec }, old) => validateImmutable('spec.selector', spec.selector, old.spec.selector),

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
