// Upstream: plugin/pkg/admission/limitranger/admission.go
import type { LimitRange, PersistentVolumeClaim, Pod, PodSpec } from '#generated/types/core.v1.ts';
import { limitRanges } from '#kubernetes/api/core/limitRange.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionShape } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { forbiddenBy } from './forbidden.ts';
import { claimViolations, podViolations } from './limitRangeChecks.ts';
import { type Defaulted, withDefaultResources } from './limitRangeDefaults.ts';

const annotation = 'kubernetes.io/limit-ranger';

/** What was found for a spec while these were the limit ranges of its namespace. */
interface Remembered<T> {
  readonly ranges: readonly LimitRange[];
  readonly answer: T;
}

const defaulted = new WeakMap<PodSpec, Remembered<Defaulted>>();
const judged = new WeakMap<PodSpec, Remembered<string | null>>();

/** The answer for a template's spec, computed once as long as the namespace's limit ranges stay. */
function rememberedIn<T>(
  memory: WeakMap<PodSpec, Remembered<T>>,
  spec: PodSpec,
  ranges: readonly LimitRange[],
  compute: () => T,
): T {
  const known = memory.get(spec);
  if (known?.ranges === ranges) return known.answer;
  const answer = compute();
  memory.set(spec, { ranges, answer });
  return answer;
}

/** Gives containers the requests and limits that their namespace's LimitRanges default, and holds all to them. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  handles: (shape) => isNewPod(shape) || isResize(shape) || shape.kind.plural === 'persistentvolumeclaims',
  admit(object, request, { storage }) {
    if (!isNewPod(request)) return object;
    const ranges = cacheOf(storage, limitRanges).in(request.namespace);
    if (ranges.length === 0) return object;
    const pod = object as Pod;
    const { spec, note } = rememberedIn(defaulted, pod.spec, ranges, () =>
      withDefaultResources(pod.spec, ranges),
    );
    if (spec === pod.spec) return pod;
    const annotations = { ...pod.metadata.annotations, [annotation]: note };
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
  },
  validate(object, request, { storage }) {
    const isPod = isNewPod(request) || isResize(request);
    if (!isPod && !isClaimChange(request)) return;
    const ranges = cacheOf(storage, limitRanges).in(request.namespace);
    if (ranges.length === 0) return;
    const failure = isPod
      ? rememberedIn(judged, (object as Pod).spec, ranges, () =>
          firstFailure(ranges, (range) => podViolations((object as Pod).spec, range)),
        )
      : firstFailure(ranges, (range) => claimViolations(object as PersistentVolumeClaim, range));
    if (failure !== null) throw forbiddenBy(request, failure);
  },
};

function isNewPod({ operation, kind, subresource }: AdmissionShape): boolean {
  return operation === 'CREATE' && kind.plural === 'pods' && kind.group === '' && subresource === '';
}

function isResize({ operation, kind, subresource }: AdmissionShape): boolean {
  return operation === 'UPDATE' && kind.plural === 'pods' && subresource === 'resize';
}

function isClaimChange({ operation, kind, subresource, old }: AdmissionRequest): boolean {
  if (operation === 'DELETE' || kind.plural !== 'persistentvolumeclaims' || subresource !== '') return false;
  return old?.metadata.deletionTimestamp === undefined;
}

/** The sentences of the first limit range that is violated, as one: in brackets where they are several. */
function firstFailure(
  ranges: readonly LimitRange[],
  violationsOf: (range: LimitRange) => readonly string[],
): string | null {
  for (const range of ranges) {
    const violations = violationsOf(range);
    if (violations.length > 0) return violations.length === 1 ? violations[0]! : `[${violations.join(', ')}]`;
  }
  return null;
}
