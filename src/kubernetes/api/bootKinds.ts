import { controllerRevisions } from './apps/controllerRevision.ts';
import { daemonSets } from './apps/daemonSet.ts';
import { deployments } from './apps/deployment.ts';
import { replicaSets } from './apps/replicaSet.ts';
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
import type { AnyKind } from './kind.ts';
import { priorityClasses } from './scheduling/priorityClass.ts';

/** The kinds that a cluster needs until its nodes are Ready. */
export const bootKinds: readonly AnyKind[] = [
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
  leases,
  endpointSlices,
  priorityClasses,
];
