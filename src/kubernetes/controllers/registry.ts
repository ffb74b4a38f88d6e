import type { Controller } from './controller.ts';
import { daemonSetController } from './daemonset/daemonSetController.ts';
import { deploymentController } from './deployment/deploymentController.ts';
import { endpointsController } from './endpoints/endpointsController.ts';
import { endpointSliceController } from './endpointslice/endpointSliceController.ts';
import { garbageCollectorController } from './garbagecollector/garbageCollectorController.ts';
import { jobController } from './job/jobController.ts';
import { laterControllers } from './laterControllers.ts';
import { namespaceController } from './namespace/namespaceController.ts';
import { nodeIpamController } from './nodeipam/nodeIpamController.ts';
import { nodeLifecycleController } from './nodelifecycle/nodeLifecycleController.ts';
import { podGarbageCollectorController } from './podgc/podGarbageCollectorController.ts';
import { horizontalPodAutoscalerController } from './podautoscaler/horizontalPodAutoscalerController.ts';
import { replicaSetController } from './replicaset/replicaSetController.ts';
import { rootCaCertPublisherController } from './rootcacertpublisher/rootCaCertPublisherController.ts';
import { serviceAccountController } from './serviceaccount/serviceAccountController.ts';
import { taintEvictionController } from './tainteviction/taintEvictionController.ts';
import { ttlAfterFinishedController } from './ttlafterfinished/ttlAfterFinishedController.ts';

/** What kube-controller-manager runs, in upstream's order. Upstream: NewControllerDescriptors */
export const controllers: readonly Controller[] = [
  endpointsController,
  endpointSliceController,
  podGarbageCollectorController,
  namespaceController,
  serviceAccountController,
  garbageCollectorController,
  daemonSetController,
  jobController,
  deploymentController,
  replicaSetController,
  horizontalPodAutoscalerController,
  nodeIpamController,
  nodeLifecycleController,
  taintEvictionController,
  ttlAfterFinishedController,
  rootCaCertPublisherController,
  ...laterControllers,
];
