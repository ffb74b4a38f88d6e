import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { splitKey } from '#kubernetes/api/object.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informers } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Simulation } from '#sim/simulation.ts';

export function startScheduler(context: {
  simulation: Simulation;
  client: Client;
  informers: Informers;
  recorder: EventRecorder;
}) {
  const { simulation, client, informers, recorder } = context;
  const podInformer = informers.of(pods);
  const nodeInformer = informers.of(nodes);
  let next = 0;
  const queue = new WorkQueue({
    simulation,
    client,
    workers: 1,
    reconcile: (key) => {
      const pod = podInformer.get(key);
      if (!pod || pod.spec.nodeName) return;
      const fit = [...nodeInformer.list()].filter(
        (node) => !node.spec.taints?.length && !node.spec.unschedulable,
      );
      if (fit.length === 0) return { afterMs: 1000 };
      const node = fit[next++ % fit.length]!;
      const { namespace, name } = splitKey(key);
      client.subresource(pods, namespace, name, 'binding', {
        target: { kind: 'Node', name: node.metadata.name },
      });
      recorder.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${node.metadata.name}`);
    },
  });
  podInformer.onChange(
    (pod) => pod && !pod.spec.nodeName && queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`),
  );
  return { stop: () => queue.stop() };
}
