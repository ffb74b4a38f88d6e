// Upstream: pkg/controller/job/success_policy.go
import type { Job } from '#generated/types/batch.v1.ts';
import { parseIndexes } from './completionIndexes.ts';

/** The first rule of the job's success policy that its succeeded indexes meet; -1 for none. */
export function metSuccessRule({ spec }: Job, succeeded: ReadonlySet<number>): number {
  if (succeeded.size === 0) return -1;
  return (spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && succeeded.size >= succeededCount;
    const asked = [...parseIndexes(succeededIndexes, spec.completions ?? 0)];
    const met = asked.filter((index) => succeeded.has(index)).length;
    return met >= (succeededCount ?? asked.length);
  });
}
