// Upstream: pkg/controller/job/pod_failure_policy.go
import type { Job } from '#generated/types/batch.v1.ts';
import type { ContainerStatus, Pod } from '#generated/types/core.v1.ts';

type Rule = NonNullable<Job['spec']['podFailurePolicy']>['rules'][number];

/** What the first rule that matches a failed pod wants, with the sentence why where it fails the job. */
export interface FailureVerdict {
  readonly action: string;
  readonly message: string;
}

/** The first container that ended with a code that the rule means. */
function matchExitCodes({ onExitCodes }: Rule, { status }: Pod): ContainerStatus | undefined {
  if (onExitCodes === undefined) return undefined;
  const { containerName, operator, values } = onExitCodes;
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    ({ name, state }) => {
      const code = state?.terminated?.exitCode ?? 0;
      if (code === 0 || (containerName && containerName !== name)) return false;
      return values.includes(code) === (operator === 'In');
    },
  );
}

function matchConditions({ onPodConditions = [] }: Rule, { status }: Pod): string | undefined {
  return onPodConditions.find((pattern) =>
    status.conditions?.some(
      ({ type, status: value }) => type === pattern.type && value === (pattern.status ?? 'True'),
    ),
  )?.type;
}

/** What a job's policy says of a failed pod; null where no rule matches, and the failure counts as ever. */
export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict | null {
  const { namespace = '', name } = pod.metadata;
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const tail = `matching ${rule.action} rule at index ${index}`;
    if (rule.onExitCodes !== undefined) {
      const container = matchExitCodes(rule, pod);
      if (container === undefined) continue;
      const code = container.state?.terminated?.exitCode;
      const message = `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${code} ${tail}`;
      return { action: rule.action, message };
    }
    const type = matchConditions(rule, pod);
    if (type !== undefined)
      return { action: rule.action, message: `Pod ${namespace}/${name} has condition ${type} ${tail}` };
  }
  return null;
}

/** Whether a failed pod counts towards the limits: not where a rule says that it is to be ignored. */
export function isCountedFailure(job: Job, pod: Pod): boolean {
  return job.spec.podFailurePolicy === undefined || judgeFailure(job, pod)?.action !== 'Ignore';
}
