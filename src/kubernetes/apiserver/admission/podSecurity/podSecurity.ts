// Upstream: pod-security-admission/admission/admission.go
import type { CronJob } from '#generated/types/batch.v1.ts';
import type { Namespace, Pod, PodTemplate, PodTemplateSpec } from '#generated/types/core.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { invalid } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../../context.ts';
import { forbiddenBy } from '../forbidden.ts';
import { checkedPod } from './check.ts';
import { describeViolations, violationsOf } from './evaluate.ts';
import { type LevelVersion, type Policy, compareLevels, describeLevel, policyOf } from './policy.ts';

/** So many pods are looked at when a namespace's level rises. Upstream: defaultNamespaceMaxPodsToCheck */
const podsToCheckMax = 3000;

type TemplateOf = (object: KubeObject) => PodTemplateSpec | undefined;

const inSpec: TemplateOf = (object) =>
  (object as KubeObject & { readonly spec?: { readonly template?: PodTemplateSpec } }).spec?.template;

/** Where each kind of workload keeps the template of its pods. */
const templateOf: Readonly<Record<string, TemplateOf>> = {
  podtemplates: (object) => (object as PodTemplate).template,
  cronjobs: (object) => (object as CronJob).spec?.jobTemplate.spec?.template,
  replicationcontrollers: inSpec,
  replicasets: inSpec,
  deployments: inSpec,
  statefulsets: inSpec,
  daemonsets: inSpec,
  jobs: inSpec,
};

/**
 * Holds pods to the Pod Security Standard that their namespace's labels name: enforced on pods, warned of on pods and
 * on the templates of workloads. What `audit` asks for would stand in an audit log, which nobody reads here.
 */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  handles({ operation, kind: { plural }, subresource }) {
    if (operation === 'DELETE') return false;
    if (plural === 'pods') return ['', 'ephemeralcontainers', 'resize'].includes(subresource);
    return subresource === '' && (plural === 'namespaces' || templateOf[plural] !== undefined);
  },
  validate(object, request, context) {
    const { plural } = request.kind;
    if (plural === 'namespaces') checkNamespace(object as Namespace, request, context);
    else if (plural === 'pods') checkPod(object as Pod, request, context);
    else if (request.warnings !== undefined) {
      const template = templateOf[plural]!(object!);
      if (template?.spec !== undefined) warn(policyIn(request, context), template, request.warnings);
    }
  },
};

function policyIn({ namespace }: AdmissionRequest, { storage }: ServerContext): Policy {
  return policyOf(storage.get(namespaces, '', namespace)?.metadata.labels);
}

function checkPod(pod: Pod, request: AdmissionRequest, context: ServerContext): void {
  const policy = policyIn(request, context);
  if (policy.enforce.level === 'privileged' && policy.warn.level === 'privileged') return;
  if (request.operation === 'UPDATE' && !isSignificantUpdate(pod, request.old as Pod)) return;
  const violations = violationsOf(checkedPod(pod.metadata, pod.spec), policy.enforce);
  if (violations.length > 0) {
    const level = describeLevel(policy.enforce);
    throw forbiddenBy(request, `violates PodSecurity "${level}": ${describeViolations(violations)}`);
  }
  if (request.warnings !== undefined) warn(policy, pod, request.warnings);
}

function warn({ warn: level }: Policy, { metadata, spec }: PodTemplateSpec, warnings: string[]): void {
  if (level.level === 'privileged') return;
  const violations = violationsOf(checkedPod(metadata, spec!), level);
  if (violations.length > 0)
    warnings.push(`would violate PodSecurity "${describeLevel(level)}": ${describeViolations(violations)}`);
}

/** Of what may change in a pod, only images matter, and containers that are added. */
function isSignificantUpdate({ spec }: Pod, { spec: old }: Pod): boolean {
  if (spec === old) return false;
  const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
  return lists.some((list) => {
    const before: readonly { readonly image?: string }[] = old[list] ?? [];
    const after: readonly { readonly image?: string }[] = spec[list] ?? [];
    return after.length !== before.length || after.some(({ image }, i) => image !== before[i]!.image);
  });
}

function checkNamespace(namespace: Namespace, request: AdmissionRequest, context: ServerContext): void {
  const { name, labels } = namespace.metadata;
  const policy = policyOf(labels);
  if (request.operation === 'CREATE') {
    if (policy.errors.length > 0) throw invalid('', 'Namespace', name, policy.errors);
    return;
  }
  const before = policyOf(request.old?.metadata.labels);
  const messagesOf = ({ errors }: Policy) =>
    errors.map(({ field, message }) => `${field}: ${message}`).join();
  if (policy.errors.length > 0 && messagesOf(policy) !== messagesOf(before)) {
    throw invalid('', 'Namespace', name, policy.errors);
  }
  if (request.warnings === undefined || !isStricter(policy.enforce, before.enforce)) return;
  request.warnings.push(...existingViolations(name, policy.enforce, context));
}

function isStricter(next: LevelVersion, before: LevelVersion): boolean {
  if (next.level === 'privileged') return false;
  return next.version !== before.version || compareLevels(next.level, before.level) > 0;
}

/** What a namespace's pods would be refused for, were they created now. */
function existingViolations(namespace: string, level: LevelVersion, { storage }: ServerContext): string[] {
  const all = storage.list(pods, namespace).items as Pod[];
  const byReason = new Map<string, string[]>();
  for (const { metadata, spec } of all.slice(0, podsToCheckMax)) {
    const violations = violationsOf(checkedPod(metadata, spec), level);
    if (violations.length === 0) continue;
    const reason = violations.map((violation) => violation.reason).join(', ');
    byReason.set(reason, [...(byReason.get(reason) ?? []), metadata.name]);
  }
  const lines = [...byReason].map(([reason, [first, ...others]]) => {
    const more = others.length === 1 ? '1 other pod' : `${others.length} other pods`;
    return others.length === 0 ? `${first}: ${reason}` : `${first} (and ${more}): ${reason}`;
  });
  const standard = describeLevel(level);
  return [
    ...(all.length > podsToCheckMax
      ? [
          `new PodSecurity enforce level only checked against the first ${podsToCheckMax} of ${all.length} existing pods`,
        ]
      : []),
    ...(lines.length > 0
      ? [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${standard}"`]
      : []),
    ...lines.sort(),
  ];
}
