import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { startScheduler } from '#kubernetes/scheduler/scheduler.ts';
import type { Simulation } from '#sim/simulation.ts';
import { component, type Component } from './component.ts';
import { componentUser } from './users.ts';

/** kube-scheduler with the default profile. */
export function scheduler(options: {
  simulation: Simulation;
  transport: Transport;
  kinds: KindSet;
  node: string;
}): Component {
  const { simulation, transport, kinds, node } = options;
  return component('kube-scheduler', node, () => {
    const client = new Client(transport, componentUser('kube-scheduler'), 'kube-scheduler');
    const informers = new Informers(simulation, client);
    const recorder = new EventRecorder(simulation, client, 'default-scheduler');
    const running = startScheduler({ simulation, client, kinds, informers, recorder });
    informers.start();
    return () => {
      running.stop();
      informers.stop();
    };
  });
}
