import { controllerRevisions } from './apps/controllerRevision.ts';
import { daemonSets } from './apps/daemonSet.ts';
import { deployments } from './apps/deployment.ts';
import { replicaSets } from './apps/replicaSet.ts';
import { horizontalPodAutoscalers } from './autoscaling/horizontalPodAutoscaler.ts';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalPodAutoscalerV1.ts';
import { jobs } from './batch/job.ts';
import { leases } from './coordination/lease.ts';
import { configMaps } from './core/configMap.ts';
import { endpoints } from './core/endpoints.ts';
import { events } from './core/event.ts';
import { namespaces } from './core/namespace.ts';
import { nodes } from './core/node.ts';
import { pods } from './core/pod.ts';
import { secrets } from './core/secret.ts';
import { serviceAccounts } from './core/serviceAccount.ts';
import { services } from './core/service.ts';
import { endpointSlices } from './discovery/endpointSlice.ts';
import { newEvents } from './events/event.ts';
import type { AnyKind } from './kind.ts';
import { laterKinds } from './laterKinds.ts';
import { ingresses } from './networking/ingress.ts';
import { ingressClasses } from './networking/ingressClass.ts';
import { priorityClasses } from './scheduling/priorityClass.ts';

/**
 * Every kind the server knows (D7), in discovery's order. It decides which kind a bare name means when two
 * groups or versions have it (the first), and the order of `kubectl get all`.
 */
export const kinds: readonly AnyKind[] = [
  configMaps,
  endpoints,
  events,
  namespaces,
  nodes,
  pods,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  horizontalPodAutoscalers,
  horizontalPodAutoscalersV1,
  jobs,
  leases,
  endpointSlices,
  newEvents,
  ingressClasses,
  ingresses,
  priorityClasses,
  ...laterKinds,
];

const byResource = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
const byKind = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]));

/** The kind behind a URL's group (`''` for core), version and plural name. */
export function findResource(group: string, version: string, plural: string): AnyKind | undefined {
  return byResource.get(`${group}/${version}/${plural}`);
}

/** The kind that an object's `apiVersion` and `kind` name. */
export function findKind(apiVersion: string, kind: string): AnyKind | undefined {
  return byKind.get(apiVersion.includes('/') ? `${apiVersion}/${kind}` : `/${apiVersion}/${kind}`);
}

/**
 * The kind that a user means by a plural, singular, short or kind name, with or without its group and
 * version: `deploy`, `Deployment`, `deployments.apps`, `deployments.v1.apps`. The first in discovery's order.
 */
export function findByName(name: string): AnyKind | undefined {
  const lower = name.toLowerCase();
  return kinds.find((kind) => namesOf(kind).includes(lower)) ?? findQualified(lower);
}

/**
 * The kinds of a category such as `all`, in discovery's order, each in its preferred version; empty when there
 * is no such category.
 */
export function findCategory(category: string): readonly AnyKind[] {
  const members = kinds.filter(({ categories }) => categories.includes(category.toLowerCase()));
  return members.filter(
    ({ group, plural }, index) =>
      members.findIndex((other) => other.group === group && other.plural === plural) === index,
  );
}

function namesOf(kind: AnyKind): string[] {
  return [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames];
}

function findQualified(name: string): AnyKind | undefined {
  return kinds.find((kind) =>
    namesOf(kind).some(
      (own) => name === `${own}.${kind.group}` || name === `${own}.${kind.version}.${kind.group}`,
    ),
  );
}
