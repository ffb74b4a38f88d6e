import type { Image } from '#world/machine/image.ts';
import { agnhost } from './agnhost/agnhost.ts';
import { alpine } from './alpine.ts';
import { busybox } from './busybox.ts';
import { cuda, cudaFromNvidia, cudaSample } from './cuda.ts';
import { curlImage } from './curlImage.ts';
import { debian, debianBase, ubuntu } from './debian.ts';
import { helloWorld } from './helloWorld.ts';
import { hpaExample } from './hpaExample.ts';
import { httpd } from './httpd.ts';
import { ingressNginx } from './ingressNginx/controller.ts';
import { jessieDnsutils } from './jessieDnsutils.ts';
import { k8sDemo } from './k8sDemo.ts';
import { loadGenerator } from './loadGenerator.ts';
import { metallbController, metallbSpeaker } from './metallb/images.ts';
import { mlServing } from './mlServing.ts';
import { nginx } from './nginx.ts';
import { nvidiaDevicePlugin } from './nvidiaDevicePlugin.ts';
import { pause } from './pause.ts';
import { privateApp } from './privateApp.ts';
import { prometheusAdapter } from './prometheusAdapter.ts';
import { redis } from './redis.ts';
import { snapshotController } from './snapshotController.ts';
import { schedulerExtender } from './schedulerExtender.ts';
import { stress, vishStress } from './stress.ts';
import { failingTraining, training } from './training.ts';
import { trainingOperator } from './trainingOperator.ts';
import { weatherService, weatherServiceLatest } from './weatherService.ts';

/** Every simulated image. A new one is a file and a line here. */
export const images: readonly Image[] = [
  agnhost,
  alpine,
  busybox,
  cuda,
  cudaFromNvidia,
  cudaSample,
  curlImage,
  debian,
  debianBase,
  failingTraining,
  helloWorld,
  hpaExample,
  httpd,
  ingressNginx,
  jessieDnsutils,
  k8sDemo,
  loadGenerator,
  metallbController,
  metallbSpeaker,
  mlServing,
  nginx,
  nvidiaDevicePlugin,
  pause,
  privateApp,
  prometheusAdapter,
  redis,
  schedulerExtender,
  snapshotController,
  stress,
  training,
  trainingOperator,
  ubuntu,
  vishStress,
  weatherService,
  weatherServiceLatest,
];
