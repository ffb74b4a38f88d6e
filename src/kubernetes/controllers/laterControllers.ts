import type { Controller } from './controller.ts';
import { jobController } from './job/jobController.ts';
import { horizontalPodAutoscalerController } from './podautoscaler/horizontalPodAutoscalerController.ts';
import { podGarbageCollectorController } from './podgc/podGarbageCollectorController.ts';
import { ttlAfterFinishedController } from './ttlafterfinished/ttlAfterFinishedController.ts';

/** The controllers that a cluster can start without: they begin when its second load has arrived. */
export const laterControllers: readonly Controller[] = [
  podGarbageCollectorController,
  jobController,
  horizontalPodAutoscalerController,
  ttlAfterFinishedController,
];
