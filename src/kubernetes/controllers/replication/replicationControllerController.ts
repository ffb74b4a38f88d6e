// Upstream: pkg/controller/replication/{replication_controller,conversion}.go
import type { ReplicationController } from '#generated/types/core.v1.ts';
import { replicationControllers } from '#kubernetes/api/core/replicationController.ts';
import { selectorFromSet } from '#kubernetes/apimachinery/labels.ts';
import type { Controller } from '../controller.ts';
import { startReplicas } from '../replicas.ts';
import type { SetKind } from '../setKind.ts';

const setKind: SetKind = {
  kind: replicationControllers,
  selectorOf: (set) => selectorFromSet((set as ReplicationController).spec.selector),
  tellsTerminating: false,
};

/** Keeps as many pods of its template as a ReplicationController asks for, as its successor does. */
export const replicationControllerController: Controller = {
  name: 'replicationcontroller-controller',
  account: 'replication-controller',
  eventSource: 'replication-controller',
  start: (context) => startReplicas(context, setKind),
};
