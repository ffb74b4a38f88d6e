import type { Controller } from './controller.ts';
import { replicaSetController } from './replicaset/replicaSetController.ts';

/** What kube-controller-manager runs, in upstream's order. Upstream: NewControllerDescriptors */
export const controllers: readonly Controller[] = [replicaSetController];
