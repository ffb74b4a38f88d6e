import type { Client } from '#kubernetes/client/client.ts';
import { KubeletServer } from '#kubernetes/node/kubeletServer.ts';
import { openPortForward } from '#kubernetes/node/portForward.ts';
import { metricsResources, ResourceMetrics } from '#kubernetes/node/resourceMetrics.ts';
import type { Cluster } from './cluster.ts';

/** Lets the API server ask kubelets for logs and sessions; metrics-server asks them what pods and nodes use. */
export function askKubelets({ nodes, apiServer }: Cluster, system: Client): ResourceMetrics {
  const { subresources, groups } = apiServer.extensions;
  const server = new KubeletServer(nodes.fleet, system);
  server.openPortForward = openPortForward;
  for (const name of ['log', 'exec', 'attach', 'portforward']) subresources.set(`pods/${name}`, server.serve);
  const metrics = new ResourceMetrics(nodes.fleet);
  groups.set('metrics.k8s.io', { resources: metricsResources, serve: metrics.serve });
  return metrics;
}
