import type { Controller } from './controller.ts';
import { deploymentController } from './deployment/deploymentController.ts';
import { garbageCollectorController } from './garbagecollector/garbageCollectorController.ts';
import { replicaSetController } from './replicaset/replicaSetController.ts';

/** What kube-controller-manager runs, in upstream's order. Upstream: NewControllerDescriptors */
export const controllers: readonly Controller[] = [
  garbageCollectorController,
  deploymentController,
  replicaSetController,
];
