// Upstream: pod-security-admission/policy/registry.go
import type { PodSpec } from '#generated/types/core.v1.ts';
import { baselineChecks } from './baselineChecks.ts';
import type { Check, CheckedPod, Violation } from './check.ts';
import { type LevelVersion, describeLevel, minorOf } from './policy.ts';
import { restrictedChecks } from './restrictedChecks.ts';

const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

/** By spec and standard: the pods of one template are judged once. */
const remembered = new WeakMap<PodSpec, Map<string, readonly Violation[]>>();

/** All that a pod has wrong by a standard, in upstream's order. */
export function violationsOf(pod: CheckedPod, standard: LevelVersion): readonly Violation[] {
  if (standard.level === 'privileged') return [];
  if (Object.keys(pod.annotations).some((key) => key.startsWith(annotationPrefix)))
    return find(pod, standard);
  let answers = remembered.get(pod.spec);
  if (answers === undefined) {
    answers = new Map();
    remembered.set(pod.spec, answers);
  }
  const key = describeLevel(standard);
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = find(pod, standard);
    answers.set(key, answer);
  }
  return answer;
}

function find(pod: CheckedPod, standard: LevelVersion): readonly Violation[] {
  const minor = minorOf(standard);
  const isRestricted = standard.level === 'restricted';
  const isCovered = ({ coveredSince }: Check) =>
    isRestricted && coveredSince !== undefined && minor >= coveredSince;
  const baseline = baselineChecks.filter((check) => !isCovered(check));
  const checks = isRestricted ? [...baseline, ...restrictedChecks] : baseline;
  return checks
    .filter(({ since }) => minor >= since)
    .map(({ find: findIn }) => findIn(pod, minor))
    .filter((violation) => violation !== null);
}

/** `host namespaces (hostNetwork=true), privileged (…)` */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');
}
