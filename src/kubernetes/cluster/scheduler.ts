import type { Pod } from '#generated/types/core.v1.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import type { CallExtender } from '#kubernetes/scheduler/extenderCalls.ts';
import type { Explanation } from '#kubernetes/scheduler/decisions.ts';
import { type RunningScheduler, startScheduler } from '#kubernetes/scheduler/scheduler.ts';
import type { SchedulerParts } from '#kubernetes/scheduler/schedulerParts.ts';
import type { Trial } from '#kubernetes/scheduler/tryOut.ts';
import type { SchedulerConfiguration } from '#kubernetes/scheduler/configuration/configuration.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { Component } from './component.ts';
import { dialFailure } from './dialFailure.ts';
import { type Elect, ElectedComponent } from './electedComponent.ts';
import { componentUser } from './users.ts';

/** kube-scheduler. */
export class Scheduler {
  readonly #elected: ElectedComponent;
  readonly #later: SchedulerParts = {};
  /** What its file said when its process started; null for the defaults. */
  #configuration: SchedulerConfiguration | null = null;
  /** What its process runs in; null before the second load knows of containers. */
  #container: ContainerScope | null = null;
  /** Null while the component is stopped. */
  #running: RunningScheduler | null = null;

  constructor(options: { simulation: Simulation; transport: Transport; kinds: KindSet; node: string }) {
    const { simulation, transport, kinds, node } = options;
    this.#elected = new ElectedComponent('kube-scheduler', node, () => {
      const client = new Client(transport, componentUser('kube-scheduler'), 'kube-scheduler');
      const informers = new Informers(simulation, client);
      const running = startScheduler({
        simulation,
        client,
        kinds,
        informers,
        recorderFor: (name) => new EventRecorder(simulation, client, name),
        later: this.#later,
        configuration: this.#configuration,
        callExtender: (url, body, timeoutMs) => this.#callExtender(url, body, timeoutMs),
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

  /** Its process starts in a container; a number is the exit code of one that cannot go on. */
  configure(container: ContainerScope): number | void {
    const read = this.#later.configure?.({
      args: container.args,
      nowMs: container.simulation.nowMs,
      read: (path) => {
        const { files } = container;
        return files.status(path)?.type === 'file' ? files.read(path) : null;
      },
      log: (text) => container.log(text),
    });
    if (typeof read === 'number') return read;
    this.#configuration = read ?? null;
    this.#container = container;
  }

  /** Posts to a server from the machine that it runs on. */
  #callExtender: CallExtender = (url, body, timeoutMs) => {
    const parsed = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url);
    if (parsed === null) return { error: 'unsupported protocol scheme ""', latencyMs: 0 };
    const [, scheme, host = '', given, path = '/'] = parsed;
    const port = Number(given ?? (scheme === 'https' ? 443 : 80));
    const headers = { host: `${host}:${port}`, 'content-type': 'application/json' };
    const exchange = this.#container!.network.request(host, port, { method: 'POST', path, headers, body });
    const late = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
    if (exchange.outcome !== 'answered') {
      const failure = dialFailure(exchange, port, host);
      return failure.latencyMs > timeoutMs ? { error: late, latencyMs: timeoutMs } : failure;
    }
    const { response, latencyMs } = exchange;
    if (latencyMs > timeoutMs) return { error: late, latencyMs: timeoutMs };
    return { status: response.status, body: response.body, latencyMs };
  };

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
