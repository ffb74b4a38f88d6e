import type { KubeObject } from '#kubernetes/api/object.ts';

/** `pods/default/web`, `nodes/node-1`: a row's id. */
export function rowId(plural: string, namespace: string | undefined, name: string): string {
  return namespace ? `${plural}/${namespace}/${name}` : `${plural}/${name}`;
}

function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
}

/** Plurals of the kinds that own others. */
const ownerPlurals: Record<string, string> = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  ReplicationController: 'replicationcontrollers',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
  Node: 'nodes',
};

/**
 * What every row says of its object. `customOwner` names the resource of an owner that is a custom one, by its group and
 * kind.
 */
export function rowBase(
  plural: string,
  { metadata }: KubeObject,
  customOwner?: (group: string, kind: string) => string | undefined,
) {
  const { name, namespace, uid, creationTimestamp, labels } = metadata;
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  const ownerPlural =
    controller &&
    (ownerPlurals[controller.kind] ?? customOwner?.(groupOf(controller.apiVersion), controller.kind));
  return {
    id: rowId(plural, namespace, name),
    uid,
    name,
    namespace: namespace ?? '',
    createdMs: Date.parse(creationTimestamp),
    labels: labels ?? {},
    owner: ownerPlural
      ? rowId(ownerPlural, ownerPlural === 'nodes' ? undefined : namespace, controller.name)
      : null,
  };
}
