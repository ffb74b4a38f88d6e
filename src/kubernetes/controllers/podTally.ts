import type { Pod } from '#generated/types/core.v1.ts';
import { isPodReady, isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { type Selector, matches } from '#kubernetes/apimachinery/labels.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { controlledBy, controllerOf } from './controllerRef.ts';
import type { ReplicatedSet, SetKind } from './setKind.ts';

/** How many pods of a set are what. */
export interface PodCounts {
  readonly active: number;
  readonly terminating: number;
  readonly fullyLabeled: number;
  readonly ready: number;
  /** Pods that the set controls, and that its selector selects no more: they are to be released. */
  readonly unselected: number;
}

interface Tally {
  /** The spec that the counts were made by. */
  readonly spec: ReplicatedSet['spec'];
  readonly selector: Selector;
  readonly counts: { -readonly [K in keyof PodCounts]: number };
}

/**
 * Counts of the pods of every set, kept up to date with each pod's change: a status of fifty thousand pods
 * costs no look at all of them. Invariant: the counts of a set are those of its pods in the cache.
 */
export class PodTallies {
  readonly #pods: Informer<Pod>;
  readonly #setKind: SetKind;
  readonly #tallies = new Map<string, Tally>();

  /** `pods` must be indexed by controller. */
  constructor(pods: Informer<Pod>, setKind: SetKind) {
    this.#pods = pods;
    this.#setKind = setKind;
    pods.onChange((now, before) => {
      if (before !== undefined) this.#count(before, -1);
      if (now !== undefined) this.#count(now, 1);
    });
  }

  of(set: ReplicatedSet): PodCounts {
    const { uid } = set.metadata;
    let tally = this.#tallies.get(uid);
    const isSame =
      tally !== undefined &&
      tally.spec.selector === set.spec.selector &&
      tally.spec.template === set.spec.template;
    if (tally === undefined || !isSame) {
      const counts = { active: 0, terminating: 0, fullyLabeled: 0, ready: 0, unselected: 0 };
      tally = { spec: set.spec, selector: this.#setKind.selectorOf(set), counts };
      for (const pod of controlledBy(this.#pods, set)) countIn(tally, pod, 1);
      this.#tallies.set(uid, tally);
    }
    return tally.counts;
  }

  forget(uid: string): void {
    this.#tallies.delete(uid);
  }

  #count(pod: Pod, sign: 1 | -1): void {
    const tally = this.#tallies.get(controllerOf(pod)?.uid ?? '');
    if (tally !== undefined) countIn(tally, pod, sign);
  }
}

function countIn({ spec, selector, counts }: Tally, pod: Pod, sign: 1 | -1): void {
  const { labels, deletionTimestamp } = pod.metadata;
  if (!selector.matches(labels)) {
    counts.unselected += sign;
    return;
  }
  if (isPodTerminal(pod)) return;
  if (deletionTimestamp !== undefined) {
    counts.terminating += sign;
    return;
  }
  counts.active += sign;
  const wanted = spec.template?.metadata?.labels;
  if (wanted === undefined || matches(wanted, labels)) counts.fullyLabeled += sign;
  if (isPodReady(pod)) counts.ready += sign;
}
