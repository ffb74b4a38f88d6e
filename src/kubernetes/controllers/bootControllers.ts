import type { Controller } from './controller.ts';
import { daemonSetController } from './daemonset/daemonSetController.ts';
import { deploymentController } from './deployment/deploymentController.ts';
import { endpointsController } from './endpoints/endpointsController.ts';
import { endpointSliceController } from './endpointslice/endpointSliceController.ts';
import { garbageCollectorController } from './garbagecollector/garbageCollectorController.ts';
import { namespaceController } from './namespace/namespaceController.ts';
import { nodeIpamController } from './nodeipam/nodeIpamController.ts';
import { nodeLifecycleController } from './nodelifecycle/nodeLifecycleController.ts';
import { replicaSetController } from './replicaset/replicaSetController.ts';
import { rootCaCertPublisherController } from './rootcacertpublisher/rootCaCertPublisherController.ts';
import { serviceAccountController } from './serviceaccount/serviceAccountController.ts';
import { taintEvictionController } from './tainteviction/taintEvictionController.ts';

/** The controllers that a cluster needs until its nodes are Ready, in upstream's order. Upstream: NewControllerDescriptors */
export const bootControllers: readonly Controller[] = [
  endpointsController,
  endpointSliceController,
  namespaceController,
  serviceAccountController,
  garbageCollectorController,
  daemonSetController,
  deploymentController,
  replicaSetController,
  nodeIpamController,
  nodeLifecycleController,
  taintEvictionController,
  rootCaCertPublisherController,
];
