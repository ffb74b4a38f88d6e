import type { PodSpec } from '#generated/types/core.v1.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

/** One more thing that can be wrong with a pod spec; fields are relative to it. */
export type PodSpecCheck = (spec: PodSpec) => readonly FieldError[];

const checks: PodSpecCheck[] = [];

/**
 * Adds checks of what a cluster's own first pods do not use. They come with the kinds that a cluster can start
 * without, before anybody else writes.
 */
export function addPodSpecChecks(more: readonly PodSpecCheck[]): void {
  checks.push(...more);
}

/** What the added checks say. */
export function checkPodSpec(spec: PodSpec): FieldError[] {
  return checks.flatMap((check) => check(spec));
}
