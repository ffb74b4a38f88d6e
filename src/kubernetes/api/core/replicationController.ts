// Upstream: pkg/apis/core/v1/defaults.go, ValidateReplicationController in pkg/apis/core/validation/validation.go
import type { ReplicationController, ReplicationControllerSpec } from '#generated/types/core.v1.ts';
import { required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { formatLabels, selectorFromSet } from '#kubernetes/apimachinery/labels.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, containerColumns, nameColumn, wideColumn } from '../columns.ts';
import { validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateLastingTemplate } from '../podSpecValidation.ts';
import { defaultPodTemplate } from '../podTemplate.ts';
import { templateWarnings } from '../podWarnings.ts';
import { withDefaults, withField } from '../sharing.ts';
import { validateReplicaCounts } from '../replicaCounts.ts';

export type { ReplicationController };

/** Its selector and its own labels are those of its template, where it does not name them. */
function defaultObject(controller: ReplicationController): ReplicationController {
  const labels = controller.spec.template?.metadata?.labels;
  let spec = withDefaults(controller.spec, { replicas: 1 });
  if (spec.template !== undefined) spec = withField(spec, 'template', defaultPodTemplate(spec.template));
  const next = withField(controller, 'spec', spec);
  if (labels === undefined) return next;
  const hasLabels = Object.keys(next.metadata.labels ?? {}).length > 0;
  const hasSelector = Object.keys(spec.selector ?? {}).length > 0;
  return withField(
    hasLabels ? next : withField(next, 'metadata', { ...next.metadata, labels }),
    'spec',
    hasSelector ? spec : withField(spec, 'selector', labels),
  );
}

function validateSpec(spec: ReplicationControllerSpec): FieldError[] {
  const errors = validateNotNegative('spec.minReadySeconds', spec.minReadySeconds);
  const selector = selectorFromSet(spec.selector);
  if (selector.empty) errors.push(required('spec.selector'));
  errors.push(...validateNotNegative('spec.replicas', spec.replicas));
  const template = validateLastingTemplate(spec.template, selector, 'spec.template', 'ReplicationController');
  return [...errors, ...template];
}

export const replicationControllers: Kind<ReplicationController> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ReplicationController',
  hasStatus: true,
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: (object) => selectorFromSet((object as ReplicationController).spec.selector).toString(),
  },

  defaults: defaultObject,
  prepareForCreate: (controller) => ({ ...controller, status: { replicas: 0 } }),

  validate: ({ spec }) => validateSpec(spec),
  validateStatusUpdate: ({ status }) => [
    ...validateNotNegative('status.observedGeneration', status.observedGeneration),
    ...validateReplicaCounts(status),
  ],

  warnings: ({ metadata, spec }) => templateWarnings(metadata.name, spec.template),

  selectableFields: ['status.replicas'],
  fieldValue: ({ status }) => String(status.replicas),

  columns: [
    nameColumn,
    column('Desired', ({ spec }) => spec.replicas ?? 0, 'integer'),
    column('Current', ({ status }) => status.replicas, 'integer'),
    column('Ready', ({ status }) => status.readyReplicas ?? 0, 'integer'),
    ageColumn,
    ...containerColumns<ReplicationController>(({ spec }) => spec.template?.spec),
    wideColumn('Selector', ({ spec }) => formatLabels(spec.selector)),
  ],
};
