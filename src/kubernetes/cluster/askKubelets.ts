import type { Client } from '#kubernetes/client/client.ts';
import { KubeletServer } from '#kubernetes/node/kubeletServer.ts';
import { openPortForward } from '#kubernetes/node/portForward.ts';
import { metricsResources, ResourceMetrics } from '#kubernetes/node/resourceMetrics.ts';
import { apiServerStack } from './apiServerStack.ts';
import type { Cluster } from './cluster.ts';
import { podLocation, serviceLocation } from './proxy/location.ts';
import { proxyToKubelet } from './proxy/nodeProxy.ts';
import { proxyTo } from './proxy/proxy.ts';

/**
 * Lets the API server ask kubelets for logs and sessions, and servers in pods for what they serve; metrics-server asks
 * kubelets what pods and nodes use.
 */
export function askKubelets(
  { nodes, apiServer, network, simulation }: Cluster,
  system: Client,
): ResourceMetrics {
  const { subresources, groups } = apiServer.extensions;
  const server = new KubeletServer(nodes.fleet, system);
  server.openPortForward = openPortForward;
  for (const name of ['log', 'exec', 'attach', 'portforward']) subresources.set(`pods/${name}`, server.serve);
  const stack = apiServerStack(network);
  subresources.set('nodes/proxy', proxyToKubelet(system, nodes.fleet));
  subresources.set('pods/proxy', proxyTo(podLocation(system), stack));
  subresources.set('services/proxy', proxyTo(serviceLocation(system, simulation), stack));
  const metrics = new ResourceMetrics(nodes.fleet);
  groups.set('metrics.k8s.io', { resources: metricsResources, serve: metrics.serve });
  return metrics;
}
