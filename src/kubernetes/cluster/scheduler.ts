import type { Pod } from '#generated/types/core.v1.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import type { Explanation } from '#kubernetes/scheduler/decisions.ts';
import { type RunningScheduler, startScheduler } from '#kubernetes/scheduler/scheduler.ts';
import type { SchedulerParts } from '#kubernetes/scheduler/schedulerParts.ts';
import type { Trial } from '#kubernetes/scheduler/tryOut.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Component } from './component.ts';
import { type Elect, ElectedComponent } from './electedComponent.ts';
import { componentUser } from './users.ts';

/** kube-scheduler with the default profile. */
export class Scheduler {
  readonly #elected: ElectedComponent;
  readonly #later: SchedulerParts = {};
  /** Null while the component is stopped. */
  #running: RunningScheduler | null = null;

  constructor(options: { simulation: Simulation; transport: Transport; kinds: KindSet; node: string }) {
    const { simulation, transport, kinds, node } = options;
    this.#elected = new ElectedComponent('kube-scheduler', node, () => {
      const client = new Client(transport, componentUser('kube-scheduler'), 'kube-scheduler');
      const informers = new Informers(simulation, client);
      const recorder = new EventRecorder(simulation, client, 'default-scheduler');
      const running = startScheduler({
        simulation,
        client,
        kinds,
        informers,
        recorder,
        later: this.#later,
      });
      this.#running = running;
      informers.start();
      return () => {
        this.#running = null;
        running.stop();
        informers.stop();
      };
    });
  }

  get component(): Component {
    return this.#elected.component;
  }

  /** From now on it takes part in an election. */
  installElection(elect: Elect): void {
    this.#elected.install(elect);
  }

  /** Adds what it could start without. */
  install(parts: SchedulerParts): void {
    Object.assign(this.#later, parts);
    this.#running?.furnish();
  }

  /** How it came to what it did last with a pod (`namespace/name`); undefined when it has not, or has forgotten. */
  explain(podKey: string): Explanation | undefined {
    return this.#running?.explain(podKey);
  }

  /** What it would do with a pod as this is now; undefined while it is stopped. */
  tryOut(pod: Pod): Trial | undefined {
    return this.#running?.tryOut(pod);
  }
}
