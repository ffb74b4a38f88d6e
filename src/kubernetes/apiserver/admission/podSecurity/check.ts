// Upstream: pod-security-admission/policy/{checks,helpers,visitor}.go
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import type { ObjectMeta } from '#generated/types/meta.v1.ts';

/** What a check looks at: a pod, or the template of one. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of a Pod Security Standard. */
export interface Check {
  /** The first minor version of Kubernetes whose standard has it. */
  readonly since: number;
  /** From this minor version on, a stricter check takes its place in the standard `restricted`. */
  readonly coveredSince?: number;
  /** What is wrong by the standard of a minor version, `Infinity` for the latest; null when nothing is. */
  find(pod: CheckedPod, minor: number): Violation | null;
}

export function checkedPod(metadata: Partial<ObjectMeta> | undefined, spec: PodSpec): CheckedPod {
  return { annotations: metadata?.annotations ?? {}, spec };
}

/** Every container, in the order in which upstream visits them. */
export function containersOf({
  initContainers = [],
  containers,
  ephemeralContainers = [],
}: PodSpec): readonly Container[] {
  return [...initContainers, ...containers, ...(ephemeralContainers as readonly Container[])];
}

/** The names of the containers that `isBad` is true of. */
export function namesOf(spec: PodSpec, isBad: (container: Container) => boolean): readonly string[] {
  return containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** `"a", "b"` */
export function quoted(values: Iterable<string>): string {
  return [...values].map((value) => JSON.stringify(value)).join(', ');
}

/** `"a", "b"` in the order of a sorted set. */
export function quotedSet(values: Iterable<string>): string {
  return quoted([...new Set(values)].sort());
}

/** `container "a"`, `containers "a", "b"` */
export function containersPhrase(names: readonly string[]): string {
  return `${plural(names.length, 'container')} ${quoted(names)}`;
}

/** Who sets something: `pod and containers "a", "b"`; '' for nobody. */
export function settersPhrase(isPod: boolean, names: readonly string[]): string {
  return [...(isPod ? ['pod'] : []), ...(names.length > 0 ? [containersPhrase(names)] : [])].join(' and ');
}

/** Windows has other means: since 1.25 some Linux fields are not asked of its pods. */
export function isWindows({ os }: PodSpec, minor: number): boolean {
  return minor >= 25 && os?.name === 'windows';
}

/** A pod with users of its own is root of nothing. Upstream: relaxPolicyForUserNamespacePod */
export function hasOwnUsers({ hostUsers }: PodSpec): boolean {
  return hostUsers === false;
}
