// Upstream: pod-security-admission/policy/check_*.go, those of level restricted
import type { Container } from '#generated/types/core.v1.ts';
import { findSeccomp } from './baselineChecks.ts';
import {
  type Check,
  type CheckedPod,
  containersOf,
  containersPhrase,
  hasOwnUsers,
  isWindows,
  namesOf,
  plural,
  quoted,
  quotedSet,
  settersPhrase,
  type Violation,
} from './check.ts';

function findEscalation({ spec }: CheckedPod, minor: number): Violation | null {
  if (isWindows(spec, minor)) return null;
  const names = namesOf(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return null;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersPhrase(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

function addedCapabilities({ securityContext }: Container): string[] {
  return (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
}

function findCapabilities({ spec }: CheckedPod, minor: number): Violation | null {
  if (isWindows(spec, minor)) return null;
  const keeping = namesOf(
    spec,
    ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'),
  );
  const adding = namesOf(spec, (container) => addedCapabilities(container).length > 0);
  const details: string[] = [];
  if (keeping.length > 0)
    details.push(`${containersPhrase(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  if (adding.length > 0) {
    const added = quotedSet(containersOf(spec).flatMap(addedCapabilities));
    details.push(`${containersPhrase(adding)} must not include ${added} in securityContext.capabilities.add`);
  }
  return details.length === 0 ? null : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

const allowedVolumes = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

function findVolumes({ spec }: CheckedPod): Violation | null {
  const bad = (spec.volumes ?? []).flatMap(({ name, ...source }) => {
    const [type] = Object.keys(source);
    return type === undefined || allowedVolumes.has(type) ? [] : [{ name, type }];
  });
  if (bad.length === 0) return null;
  const names = bad.map(({ name }) => name);
  const types = new Set(bad.map(({ type }) => type));
  const uses = plural(names.length, 'uses', 'use');
  return {
    reason: 'restricted volume types',
    detail: `${plural(names.length, 'volume')} ${quoted(names)} ${uses} ${plural(types.size, 'restricted volume type')} ${quotedSet(types)}`,
  };
}

function findRoot({ spec }: CheckedPod, minor: number): Violation | null {
  if (minor >= 34 && hasOwnUsers(spec)) return null;
  const own = spec.securityContext?.runAsNonRoot;
  const reason = 'runAsNonRoot != true';
  const explicit = namesOf(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const setters = settersPhrase(own === false, explicit);
  if (setters !== '') return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (own === true) return null;
  const implicit = namesOf(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (implicit.length === 0) return null;
  return {
    reason,
    detail: `pod or ${containersPhrase(implicit)} must set securityContext.runAsNonRoot=true`,
  };
}

function findRootUser({ spec }: CheckedPod, minor: number): Violation | null {
  if (minor >= 34 && hasOwnUsers(spec)) return null;
  const names = namesOf(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  const setters = settersPhrase(spec.securityContext?.runAsUser === 0, names);
  return setters === '' ? null : { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
}

function findUnconfined(pod: CheckedPod, minor: number): Violation | null {
  const { spec } = pod;
  if (isWindows(spec, minor)) return null;
  const explicit = findSeccomp(pod);
  if (explicit !== null) return explicit;
  if (spec.securityContext?.seccompProfile !== undefined) return null;
  const names = namesOf(spec, ({ securityContext }) => securityContext?.seccompProfile === undefined);
  if (names.length === 0) return null;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersPhrase(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}

/** What the standard `restricted` asks beyond `baseline`. In the order of upstream's names. */
export const restrictedChecks: readonly Check[] = [
  { since: 8, find: findEscalation },
  { since: 22, find: findCapabilities },
  { since: 0, find: findVolumes },
  { since: 0, find: findRoot },
  { since: 23, find: findRootUser },
  { since: 19, find: findUnconfined },
];
