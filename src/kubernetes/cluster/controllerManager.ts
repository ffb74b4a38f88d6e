import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { bootControllers } from '#kubernetes/controllers/bootControllers.ts';
import type { Controller, Signing } from '#kubernetes/controllers/controller.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Component } from './component.ts';
import { type Elect, ElectedComponent } from './electedComponent.ts';
import { accountUser, componentUser } from './users.ts';

/** Whose the fields are that any of the controllers writes. */
const program = 'kube-controller-manager';

/** kube-controller-manager: every controller as its own service account, over one set of informers. */
export class ControllerManager {
  readonly #elected: ElectedComponent;
  readonly #simulation: Simulation;
  readonly #transport: Transport;
  readonly #kinds: KindSet;
  readonly #signing: Signing;
  #controllers: readonly Controller[] = bootControllers;
  /** Null while the component is stopped. */
  #running: { readonly informers: Informers; readonly stops: (() => void)[] } | null = null;

  constructor(options: {
    simulation: Simulation;
    transport: Transport;
    kinds: KindSet;
    node: string;
    signing: Signing;
  }) {
    this.#signing = options.signing;
    this.#simulation = options.simulation;
    this.#transport = options.transport;
    this.#kinds = options.kinds;
    this.#elected = new ElectedComponent('kube-controller-manager', options.node, () => this.#begin());
  }

  get component(): Component {
    return this.#elected.component;
  }

  /** Whether its controllers work, and it does not only wait for its turn. */
  get isLeading(): boolean {
    return this.#elected.isLeading;
  }

  /** From now on it takes part in an election. */
  installElection(elect: Elect): void {
    this.#elected.install(elect);
  }

  /** Adds controllers; they start at once where the component runs, and with it from then on. */
  install(controllers: readonly Controller[]): void {
    this.#controllers = [...this.#controllers, ...controllers];
    for (const controller of controllers) this.#start(controller);
  }

  /** The service accounts that its controllers run as. */
  get accounts(): readonly string[] {
    return [...new Set(this.#controllers.map(({ name, account = name }) => account))]
      .filter((account) => account !== null)
      .sort();
  }

  #begin(): () => void {
    const own = new Client(this.#transport, componentUser('kube-controller-manager'), program);
    const informers = new Informers(this.#simulation, own);
    const running = { informers, stops: [] };
    this.#running = running;
    for (const controller of this.#controllers) this.#start(controller);
    informers.start();
    return () => {
      this.#running = null;
      for (const stop of running.stops as (() => void)[]) stop();
      informers.stop();
    };
  }

  #start(controller: Controller): void {
    if (this.#running === null) return;
    const { informers, stops } = this.#running;
    const simulation = this.#simulation;
    const { name, account = name } = controller;
    const user = account === null ? componentUser('kube-controller-manager') : accountUser(account);
    const client = new Client(this.#transport, user, program);
    const recorder = new EventRecorder(simulation, client, controller.eventSource ?? controller.name);
    const signing = this.#signing;
    stops.push(controller.start({ simulation, client, kinds: this.#kinds, signing, informers, recorder }));
  }
}
