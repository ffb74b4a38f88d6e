import type { ControllerRevision, StatefulSet } from '#generated/types/apps.v1.ts';
import type { PersistentVolumeClaim, Pod, PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { ControllerContext } from '../controller.ts';
import type { Expectations } from '../expectations.ts';

/** What the stateful set controller works with. */
export interface Room extends ControllerContext {
  readonly sets: Informer<StatefulSet>;
  readonly podCache: Informer<Pod>;
  readonly revisions: Informer<ControllerRevision>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly expectations: Expectations;
}

/** A revision with the template that it keeps. */
export interface Version {
  readonly name: string;
  readonly template: PodTemplateSpec;
}

/** One sync of one set. */
export interface SetSync {
  readonly room: Room;
  readonly key: string;
  readonly set: StatefulSet;
  /** What pods are of until the rollout reaches them, and what they become. */
  readonly current: Version;
  readonly update: Version;
  /** All pods of the set. */
  readonly pods: readonly Pod[];
  /** One per ordinal that is wanted, from the first; undefined where there is none yet. */
  readonly replicas: (Pod | undefined)[];
  /** Those beyond, from the highest ordinal. */
  readonly condemned: readonly Pod[];
}

/** True where one pod waits for the one before it. */
export function isOrdered({ spec }: StatefulSet): boolean {
  return spec.podManagementPolicy !== 'Parallel';
}
