import { laterParts as laterServerParts } from '#kubernetes/apiserver/laterParts.ts';
import { laterControllers } from '#kubernetes/controllers/laterControllers.ts';
import { laterParts as kubelet } from '#kubernetes/node/laterParts.ts';
import { openPortForward } from '#kubernetes/node/portForward.ts';
import { answerHttp } from './apiServerPort.ts';
import type { ClusterParts } from './cluster.ts';
import { installAccess } from './installAccess.ts';
import { installObjects } from './installObjects.ts';
import { webhookTransport } from './webhookTransport.ts';

/** What a cluster can start without; plugged in when its nodes are Ready, or before the first input. */
export const laterParts: ClusterParts = {
  server: laterServerParts,
  controllers: laterControllers,
  installObjects,
  webhookTransport,
  kubelet,
  openPortForward,
  answerHttp,
  installAccess,
};
