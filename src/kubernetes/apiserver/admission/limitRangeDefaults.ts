// Upstream: plugin/pkg/admission/limitranger/admission.go mergePodResourceRequirements
import type { Container, LimitRange, LimitRangeItem, PodSpec } from '#generated/types/core.v1.ts';

type Quantities = Readonly<Record<string, string | number>>;

/** A spec with the resources that were missing, and the sentence that tells what was added. */
export interface Defaulted {
  readonly spec: PodSpec;
  readonly note: string;
}

/** A range may be stored without its list: in Go that is an empty one. */
export function limitsOf({ spec }: LimitRange): readonly LimitRangeItem[] {
  return (spec as LimitRange['spec'] | undefined)?.limits ?? [];
}

/** Each limit range in turn fills in what is still missing; the note is of the last that did. */
export function withDefaultResources(spec: PodSpec, ranges: readonly LimitRange[]): Defaulted {
  let next: Defaulted = { spec, note: '' };
  for (const range of ranges) next = withDefaultsOf(next, range);
  return next;
}

function withDefaultsOf({ spec, note }: Defaulted, range: LimitRange): Defaulted {
  const items = limitsOf(range).filter(({ type }) => type === 'Container');
  const requests: Quantities = Object.assign({}, ...items.map((item) => item.defaultRequest));
  const limits: Quantities = Object.assign({}, ...items.map((item) => item.default));
  const told: string[] = [];
  const fill = (what: string) => (container: Container) => complete(container, requests, limits, what, told);
  const containers = spec.containers.map(fill('container'));
  const initContainers = spec.initContainers?.map(fill('init container'));
  if (told.length === 0) return { spec, note };
  return {
    spec: { ...spec, containers, ...(initContainers && { initContainers }) },
    note: `LimitRanger plugin set: ${told.join('; ')}`,
  };
}

function complete(
  container: Container,
  requests: Quantities,
  limits: Quantities,
  what: string,
  told: string[],
): Container {
  const { resources = {} } = container;
  const missingOf = (defaults: Quantities, present: Quantities = {}) =>
    Object.keys(defaults)
      .filter((name) => present[name] === undefined)
      .sort();
  const missingRequests = missingOf(requests, resources.requests);
  const missingLimits = missingOf(limits, resources.limits);
  if (missingRequests.length > 0)
    told.push(`${missingRequests.join(', ')} request for ${what} ${container.name}`);
  if (missingLimits.length > 0) told.push(`${missingLimits.join(', ')} limit for ${what} ${container.name}`);
  if (missingRequests.length + missingLimits.length === 0) return container;
  return {
    ...container,
    resources: {
      ...resources,
      ...(missingLimits.length > 0 && { limits: { ...limits, ...resources.limits } }),
      ...(missingRequests.length > 0 && { requests: { ...requests, ...resources.requests } }),
    },
  };
}
