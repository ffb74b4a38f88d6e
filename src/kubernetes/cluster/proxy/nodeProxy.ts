// Upstream: pkg/registry/core/node/rest/proxy.go, pkg/kubelet/server/server.go
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Extension } from '#kubernetes/apiserver/context.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { NodeFleet } from '#kubernetes/node/nodeFleet.ts';

const kubeletPort = 10_250;
const latencyMs = 5;

/** Answers `nodes/NAME/proxy/PATH` with what the node's kubelet has to say at its own port: its health, and its pods. */
export function proxyToKubelet(client: Client, { kubelets, network }: NodeFleet): Extension {
  return (_request, info) => {
    const [name = '', port = String(kubeletPort), ...more] = info.name.replace(/^https?:/, '').split(':');
    if (more.length > 0) throw badRequest(`invalid node request ${JSON.stringify(info.name)}`);
    client.get(nodes, '', name);
    const kubelet = kubelets.get(name);
    const isCut = kubelet?.isUp !== true || network.isIsolated(name);
    if (isCut || !kubelet.isRunning || Number(port) !== kubeletPort) {
      const why = isCut ? 'i/o timeout' : 'connect: connection refused';
      const where = `${kubelet?.hostIp ?? name}:${port}`;
      throw new StatusError('ServiceUnavailable', `error trying to reach service: dial tcp ${where}: ${why}`);
    }
    const plain = (status: number, body: string) => ({ status, warnings: [], body, latencyMs });
    switch (info.rest.join('/').replace(/\/$/, '')) {
      case 'healthz':
        return plain(200, 'ok');
      case 'pods': {
        const { items } = client.list(pods, { fieldSelector: `spec.nodeName=${name}` });
        return { ...plain(200, ''), body: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items } };
      }
      default:
        return plain(404, '404 page not found\n');
    }
  };
}
