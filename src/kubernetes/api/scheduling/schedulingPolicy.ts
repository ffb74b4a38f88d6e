// Upstream: pkg/apis/scheduling/v1alpha2/zz_generated.validations.go
import type { PodGroupSchedulingPolicy } from '#generated/types/scheduling.v1alpha2.ts';
import { invalidWhole, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

/** A group is scheduled in one way: as many pods at once as it takes, or each for itself. */
export function validateSchedulingPolicy(path: string, policy: PodGroupSchedulingPolicy): FieldError[] {
  const { basic, gang } = policy;
  if (basic === undefined && gang === undefined)
    return [invalidWhole(path, 'must specify one of: `basic`, `gang`')];
  if (basic !== undefined && gang !== undefined)
    return [invalidValue(path, '{`basic`, `gang`}', 'must specify exactly one of: `basic`, `gang`')];
  if (gang === undefined || gang.minCount >= 1) return [];
  return [invalidValue(`${path}.gang.minCount`, gang.minCount, 'must be greater than or equal to 1')];
}
