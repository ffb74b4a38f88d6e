// Upstream: kubelet/pkg/cri/streaming/portforward, containerd's portforward
import type { ForwardedConnection, PortForwardStream } from '#kubernetes/api/request.ts';
import { ByteConversation } from '#world/network/byteConversation.ts';
import type { PodWorker } from './podWorker.ts';
import type { NodeContext } from './nodeContext.ts';

/** Joins a client to the ports of a pod, as a process inside it reaches them. */
export function openPortForward(node: NodeContext, worker: PodWorker): PortForwardStream {
  const { simulation } = node;
  return {
    open() {},
    close() {},
    connect(port, client) {
      const { pod, address } = worker;
      const connection = node.networkStack(pod, address).connect('127.0.0.1', port);
      if (connection.outcome === 'open')
        return wired(
          new ByteConversation(simulation, connection, { ...client, end: () => client.end(null) }),
        );
      simulation.after(0, () => client.end(refusal(port, pod.metadata.uid)));
      return { write() {}, close() {} };
    },
  };
}

function wired(conversation: ByteConversation): ForwardedConnection {
  return { write: (bytes) => conversation.write(bytes), close: () => conversation.close() };
}

/** In containerd's words; it names the sandbox, which here has the pod's uid. */
function refusal(port: number, uid: string): string {
  return `error forwarding port ${port} to pod ${uid}, uid : failed to execute portforward in network namespace "/var/run/netns/cni-${uid}": failed to connect to localhost:${port} inside namespace "${uid}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
}
