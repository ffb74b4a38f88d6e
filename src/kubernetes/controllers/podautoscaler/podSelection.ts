// Upstream: pkg/controller/podautoscaler/horizontal.go validateAndParseSelector
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { HorizontalPodAutoscaler } from '#generated/types/autoscaling.v2.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import type { Selector } from '#kubernetes/apimachinery/labels.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { MetricFailure } from './metricFailure.ts';
import type { Room } from './room.ts';

/** The pods of a target, and the selector that says which these are. */
export interface Selection {
  readonly labelSelector: string;
  readonly pods: readonly Pod[];
}

/** Throws MetricFailure where the target's selector is none, or its pods follow another autoscaler too. */
export function selectionOf(room: Room, autoscaler: HorizontalPodAutoscaler, scale: Scale): Selection {
  const labelSelector = scale.status?.selector ?? '';
  if (labelSelector === '') {
    room.recorder.event(autoscaler, 'Warning', 'SelectorRequired', 'selector is required');
    const message = "the HPA target's scale is missing a selector";
    throw new MetricFailure('InvalidSelector', message, 'selector is required');
  }
  const fail = (reason: string, message: string) => {
    room.recorder.event(autoscaler, 'Warning', reason, message);
    return new MetricFailure(reason, message);
  };
  const selector = parsed(labelSelector);
  if (typeof selector === 'string') {
    const why = `couldn't convert selector into a corresponding internal selector object: ${selector}`;
    throw fail('InvalidSelector', why);
  }
  room.selectors.set(keyOf(autoscaler), selector);
  const { namespace } = autoscaler.metadata;
  const pods = [...room.podCache.list()].filter(
    ({ metadata }) => metadata.namespace === namespace && selector.matches(metadata.labels),
  );
  const all = followersOf(room, pods);
  if (all.length > 1) {
    const why = `pods by selector ${labelSelector} are controlled by multiple HPAs: [${all.join(' ')}]`;
    throw fail('AmbiguousSelector', why);
  }
  return { labelSelector, pods };
}

function parsed(text: string): Selector | string {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return error.message;
  }
}

/** The autoscalers of a namespace that follow one of its pods, as far as their selectors are known yet. */
function followersOf({ selectors }: Room, pods: readonly Pod[]): string[] {
  if (selectors.size < 2 || pods.length === 0) return [];
  const prefix = `${pods[0]!.metadata.namespace}/`;
  return [...selectors]
    .filter(
      ([key, selector]) =>
        key.startsWith(prefix) && pods.some(({ metadata }) => selector.matches(metadata.labels)),
    )
    .map(([key]) => key)
    .sort();
}
