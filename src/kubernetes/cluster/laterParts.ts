import { laterParts as laterServerParts } from '#kubernetes/apiserver/laterParts.ts';
import { RepeatedWrites } from '#kubernetes/apiserver/repeatedWrites.ts';
import { laterControllers } from '#kubernetes/controllers/laterControllers.ts';
import { beatsTogether } from '#kubernetes/node/beatsTogether.ts';
import { laterParts as kubelet } from '#kubernetes/node/laterParts.ts';
import { laterParts as scheduler } from '#kubernetes/scheduler/laterParts.ts';
import { serveAlphaKinds } from './alphaKinds.ts';
import { askKubelets } from './askKubelets.ts';
import { answerHttp } from './apiServerPort.ts';
import { serveCustomMetrics } from './customMetrics.ts';
import type { ClusterParts } from './cluster.ts';
import { followNodes } from './followNodes.ts';
import { printLogs } from './componentLogs.ts';
import { enforceNetworkPolicies } from './enforceNetworkPolicies.ts';
import { furnishHosts } from './hosts/furnishHosts.ts';
import { addControlPlanes } from './highAvailability.ts';
import { installAccess } from './installAccess.ts';
import { installStorage } from './installStorage.ts';
import { installObjects } from './installObjects.ts';
import { installKubeadmConfig } from './kubeadmConfig.ts';
import { leaderElection } from './leaderElection.ts';
import { preferHinted, zoneLabel } from '#kubernetes/node/topologyHints.ts';
import { webhookTransport } from './webhookTransport.ts';

/** What a cluster can start without; plugged in when its nodes are Ready, or before the first input. */
export const laterParts: ClusterParts = {
  server: laterServerParts,
  controllers: laterControllers,
  installObjects,
  webhookTransport,
  kubelet,
  scheduler,
  furnish(cluster, system) {
    serveCustomMetrics(cluster);
    printLogs(cluster);
    const isBalanced = (cluster.options.controlPlanes ?? 1) > 1;
    installKubeadmConfig(
      system,
      cluster.version,
      isBalanced ? cluster.serverUrl.replace('https://', '') : '',
    );
    const { members, addHost } = furnishHosts(cluster);
    for (const name of addControlPlanes(cluster, members, system)) addHost(name);
    const { front, name } = cluster.controlPlanes[0]!;
    enforceNetworkPolicies(cluster, system.user);
    cluster.nodes.services.prefer = preferHinted(
      (node) => cluster.nodes.kubelets.get(node)?.labels[zoneLabel],
    );
    installStorage((request) => front.handle(request, name), system, cluster.nodes.fleet);
    followNodes(cluster);
    const writes = cluster.apiServer.write((context, ms) => new RepeatedWrites(context, ms));
    writes.isServing = () =>
      cluster.controlPlanes.some(({ front }) => front.isRunning) && !cluster.network.isDivided;
    cluster.nodes.fleet.heartbeats.beginTogether = beatsTogether(writes);
    const serve = serveAlphaKinds(cluster, system);
    for (const plane of cluster.controlPlanes) plane.onServerStart = serve;
    for (const plane of cluster.controlPlanes)
      plane.installElection(
        leaderElection({
          simulation: cluster.simulation,
          transport: (request) => plane.front.handle(request, plane.name),
          writes,
          log: (name, line) => plane.log(name, line),
          exit: (name, code) => plane.exit(name, code),
        }),
      );
  },
  askKubelets,
  answerHttp,
  installAccess,
};
