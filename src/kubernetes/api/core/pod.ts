import type { Pod, PodSpec, PodStatus } from '#generated/types/core.v1.ts';
import { forbidden } from '#kubernetes/apimachinery/fieldErrors.ts';
import { age } from '../age.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { forbidEphemeral } from '../containerValidation.ts';
import { under } from '../fieldChecks.ts';
import { laterRulesOf } from '../laterRules.ts';
import { qosClass } from '../podResources.ts';
import { validatePodOnly, validatePodSpec } from '../podSpecValidation.ts';
import { podCondition } from '../podStatus.ts';
import { summarizePod } from '../podSummary.ts';
import { defaultPodOwnSpec } from '../podTemplate.ts';
import { remembered, withField } from '../sharing.ts';

export type { Pod };

const none = '<none>';

function formatRestarts(pod: Pod, nowMs: number): string {
  const { restarts, lastRestart } = summarizePod(pod);
  return restarts > 0 && lastRestart !== undefined
    ? `${restarts} (${age(lastRestart, nowMs)} ago)`
    : String(restarts);
}

function formatReadinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return none;
  const open = gates.filter(({ conditionType }) => podCondition(pod, conditionType)?.status === 'True');
  return `${open.length}/${gates.length}`;
}

const fields: Readonly<Record<string, (pod: Pod) => string | undefined>> = {
  'spec.nodeName': (pod) => pod.spec.nodeName,
  'spec.restartPolicy': (pod) => pod.spec.restartPolicy,
  'spec.schedulerName': (pod) => pod.spec.schedulerName,
  'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName,
  'spec.hostNetwork': (pod) => String(pod.spec.hostNetwork ?? false),
  'status.phase': (pod) => pod.status.phase,
  'status.podIP': (pod) => pod.status.podIP,
  'status.nominatedNodeName': (pod) => pod.status.nominatedNodeName,
};

// What follows from the spec alone is worked out once for all replicas of a template.
const firstStatus = remembered((spec: PodSpec): PodStatus => ({
  phase: 'Pending',
  qosClass: qosClass(spec),
}));
const validateSpec = remembered((spec: PodSpec) => [
  ...under('spec', validatePodSpec(spec)),
  ...under('spec', validatePodOnly(spec)),
]);

export const pods: Kind<Pod> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Pod',
  hasStatus: true,

  defaults(pod) {
    const next = withField(pod, 'spec', defaultPodOwnSpec(pod.spec));
    return next.spec.resources ? ((laterRulesOf(pods)?.completed?.(next) as Pod | undefined) ?? next) : next;
  },

  prepareForCreate: (pod) => ({ ...pod, status: firstStatus(pod.spec) }),

  validate: ({ spec }) => validateSpec(spec),
  validateNew({ spec }) {
    const errors = under('spec', forbidEphemeral(spec.ephemeralContainers, 'cannot be set on create'));
    const why = 'cannot be set until all schedulingGates have been cleared';
    return spec.nodeName && spec.schedulingGates?.length
      ? [...errors, forbidden('spec.nodeName', why)]
      : errors;
  },

  selectableFields: Object.keys(fields),
  fieldValue: (pod, field) => fields[field]?.(pod) ?? '',

  columns: [
    nameColumn,
    column('Ready', (pod) => {
      const { ready, total } = summarizePod(pod);
      return `${ready}/${total}`;
    }),
    column('Status', (pod) => summarizePod(pod).reason),
    column('Restarts', formatRestarts),
    ageColumn,
    wideColumn('IP', (pod) => pod.status.podIPs?.[0]?.ip || none),
    wideColumn('Node', (pod) => pod.spec.nodeName || none),
    wideColumn('Nominated Node', (pod) => pod.status.nominatedNodeName || none),
    wideColumn('Readiness Gates', formatReadinessGates),
  ],
};
