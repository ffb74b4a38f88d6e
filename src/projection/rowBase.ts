import type { KubeObject } from '#kubernetes/api/object.ts';

/** `pods/default/web`, `nodes/node-1`: a row's id. */
export function rowId(plural: string, namespace: string | undefined, name: string): string {
  return namespace ? `${plural}/${namespace}/${name}` : `${plural}/${name}`;
}

/** Plurals of the kinds that own others. */
const ownerPlurals: Record<string, string> = {
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  Job: 'jobs',
  CronJob: 'cronjobs',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
  Node: 'nodes',
};

/** What every row says of its object. */
export function rowBase(plural: string, { metadata }: KubeObject) {
  const { name, namespace, uid, creationTimestamp, labels } = metadata;
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  const ownerPlural = controller && ownerPlurals[controller.kind];
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
