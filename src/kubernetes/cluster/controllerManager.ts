import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { controllers } from '#kubernetes/controllers/registry.ts';
import type { Simulation } from '#sim/simulation.ts';
import { component, type Component } from './component.ts';

/** kube-controller-manager: every controller as its own service account, over one set of informers. */
export function controllerManager(options: {
  simulation: Simulation;
  transport: Transport;
  node: string;
}): Component {
  const { simulation, transport, node } = options;
  return component('kube-controller-manager', node, () => {
    const own = new Client(transport, { name: 'system:kube-controller-manager', groups: [] });
    const informers = new Informers(simulation, own);
    const stops = controllers.map((controller) => {
      const client = new Client(transport, {
        name: `system:serviceaccount:kube-system:${controller.name}`,
        groups: ['system:serviceaccounts'],
      });
      const recorder = new EventRecorder(simulation, client, controller.eventSource ?? controller.name);
      return controller.start({ simulation, client, informers, recorder });
    });
    informers.start();
    return () => {
      for (const stop of stops) stop();
      informers.stop();
    };
  });
}
