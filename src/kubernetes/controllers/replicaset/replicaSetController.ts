// Upstream: pkg/controller/replicaset/replica_set.go
import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { Controller } from '../controller.ts';
import { startReplicas } from '../replicas.ts';
import type { SetKind } from '../setKind.ts';

const setKind: SetKind = {
  kind: replicaSets,
  selectorOf: (set) => selectorOf((set as ReplicaSet).spec.selector),
  tellsTerminating: true,
};

/** Keeps as many pods of its template as a ReplicaSet asks for. */
export const replicaSetController: Controller = {
  name: 'replicaset-controller',
  start: (context) => startReplicas(context, setKind),
};
