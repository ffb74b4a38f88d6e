import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { Client } from '#kubernetes/client/client.ts';
import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import type { RandomStream } from '#sim/random.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from '../cluster.ts';
import { laterParts } from '../laterParts.ts';
import { checkConverged } from './converged.ts';
import { lookMs, Watch } from './invariants.ts';
import { createWorkloads } from './workloads.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };
const startMs = Date.UTC(2026, 0, 5);
const nodeNames = ['node-1', 'node-2', 'node-3', 'node-4'];
const componentNames = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'];
const faultsMax = 14;
/** Between two faults, and until a thing that was broken is mended. */
const pauseMaxMs = 60_000;
const brokenMaxMs = 400_000;
/** After the last is mended, until everything must be well: evictions, back-offs of five minutes. */
const settleMs = 20 * 60_000;

export interface FaultRun {
  /** What was broken and mended, and when. */
  readonly log: readonly string[];
  /** What did not hold; empty where all is well. */
  readonly violations: readonly string[];
}

/** Something that is broken now. */
interface Broken {
  readonly what: string;
  readonly untilMs: number;
  mend(): void;
}

/**
 * One cluster with a mix of workloads in which all kinds of things break at any time, as the seed says. `hop` is one
 * macrotask of the host (D2).
 */
export async function runFaults(seed: string, hop: () => Promise<void>): Promise<FaultRun> {
  return new Run(seed, hop).run();
}

class Run {
  readonly #simulation: Simulation;
  readonly #cluster: Cluster;
  readonly #client: Client;
  readonly #random: RandomStream;
  readonly #hop: () => Promise<void>;
  readonly #watch: Watch;
  readonly #log: string[] = [];
  #broken: Broken[] = [];

  constructor(seed: string, hop: () => Promise<void>) {
    this.#hop = hop;
    const simulation = new Simulation({ seed, startMs });
    this.#simulation = simulation;
    this.#random = simulation.random('faults');
    const size = { cpu: '2', memory: '4Gi', podsMax: 12 };
    const cluster = new Cluster({
      simulation,
      nodes: nodeNames.map((name, i) => ({ ...size, name, zone: `zone-${i % 2}` })),
    });
    this.#cluster = cluster;
    this.#client = new Client(cluster.apiServer.handle, admin);
    cluster.installImages(images);
    cluster.start();
    this.#watch = new Watch(cluster);
  }

  async run(): Promise<FaultRun> {
    await this.#until(startMs + 1_000);
    this.#cluster.install(laterParts);
    await this.#until(startMs + 10_000);
    createWorkloads(this.#client, this.#random);
    const faults = 2 + this.#random.below(faultsMax - 1);
    for (let i = 0; i < faults; i++) {
      await this.#wait(this.#random.below(pauseMaxMs));
      this.#breakSomething();
    }
    while (this.#broken.length > 0) await this.#wait(lookMs);
    await this.#wait(settleMs);
    return { log: this.#log, violations: [...this.#watch.violations, ...checkConverged(this.#cluster)] };
  }

  async #until(untilMs: number): Promise<void> {
    while (this.#simulation.run({ untilMs }) === 'hop') await this.#hop();
  }

  /** Lets time go on; mends what is due, and looks at what must always hold. */
  async #wait(ms: number): Promise<void> {
    const endMs = this.#simulation.nowMs + ms;
    while (this.#simulation.nowMs < endMs) {
      await this.#until(Math.min(endMs, this.#simulation.nowMs + lookMs));
      const due = this.#broken.filter(({ untilMs }) => untilMs <= this.#simulation.nowMs);
      this.#broken = this.#broken.filter((one) => !due.includes(one));
      for (const { what, mend } of due) {
        this.#note(`mend: ${what}`);
        mend();
      }
      this.#watch.look();
    }
  }

  #breakSomething(): void {
    const acts = [
      () => this.#deletePod(),
      () => this.#deletePod(),
      () => this.#killContainer(),
      () => this.#switchOff(),
      () => this.#stopKubelet(),
      () => this.#cutOff(),
      () => this.#slowDown(),
      () => this.#stopComponent(),
      () => this.#exitComponent(),
      () => this.#cordon(),
      () => this.#restart(),
      () => this.#evict(),
      () => this.#rollOut(),
      () => this.#scale(),
      () => this.#deleteNode(),
    ];
    this.#pick(acts)();
  }

  #deletePod(): void {
    const victims = this.#list();
    if (victims.length === 0) return;
    const { namespace = '', name } = this.#pick(victims).metadata;
    const force = this.#random.below(4) === 0;
    this.#note(`delete pod ${namespace}/${name}${force ? ' at once' : ''}`);
    this.#try(() => this.#client.delete(pods, namespace, name, force ? { gracePeriodSeconds: 0 } : {}));
  }

  #killContainer(): void {
    const kubelet = this.#cluster.nodes.kubelets.get(this.#pick(nodeNames))!;
    const slots = [...kubelet.workers.values()].flatMap(({ slots: own }) => own);
    if (slots.length === 0) return;
    this.#note(`kill a container on ${kubelet.name}`);
    this.#pick(slots).container?.kill();
  }

  #switchOff(): void {
    const name = this.#pick([...nodeNames, 'control-plane']);
    this.#breakFor(`${name} is off`, {
      act: () => this.#cluster.stopNode(name),
      mend: () => this.#cluster.startNode(name),
    });
  }

  #restart(): void {
    const name = this.#pick(nodeNames);
    this.#note(`restart ${name}`);
    if (this.#isBroken(name)) return;
    this.#cluster.stopNode(name);
    this.#cluster.startNode(name);
  }

  #stopKubelet(): void {
    const name = this.#pick(nodeNames);
    const kubelet = this.#cluster.component('kubelet', name)!;
    this.#breakFor(`the kubelet of ${name} is stopped`, {
      act: () => kubelet.stop(),
      mend: () => kubelet.start(),
    });
  }

  #cutOff(): void {
    const name = this.#pick(nodeNames);
    this.#breakFor(`${name} is cut off`, {
      act: () => this.#cluster.isolate(name, true),
      mend: () => this.#cluster.isolate(name, false),
    });
  }

  #slowDown(): void {
    const name = this.#pick(nodeNames);
    const kubelet = this.#cluster.nodes.kubelets.get(name)!;
    const factor = 2 + this.#random.below(99);
    this.#breakFor(`${name} is ${factor} times slower`, {
      act: () => kubelet.slow(factor),
      mend: () => kubelet.slow(1),
    });
  }

  #stopComponent(): void {
    const name = this.#pick(componentNames);
    this.#breakFor(`${name} is stopped`, {
      act: () => this.#cluster.stopComponent(name, null),
      mend: () => this.#cluster.startComponent(name, null),
    });
  }

  #exitComponent(): void {
    const name = this.#pick(componentNames);
    this.#note(`${name} exits`);
    this.#cluster.controlPlanes[0]!.exit(name, 137);
  }

  #cordon(): void {
    const name = this.#pick(nodeNames);
    const cordon = (unschedulable: boolean) =>
      this.#try(() =>
        this.#client.patch(nodes, '', name, { type: 'merge', body: { spec: { unschedulable } } }),
      );
    this.#breakFor(`${name} is cordoned`, { act: () => cordon(true), mend: () => cordon(false) });
  }

  #evict(): void {
    const victims = this.#list();
    if (victims.length === 0) return;
    const { namespace = '', name } = this.#pick(victims).metadata;
    this.#note(`evict pod ${namespace}/${name}`);
    this.#try(() => this.#client.subresource(pods, namespace, name, 'eviction', { metadata: { name } }));
  }

  #rollOut(): void {
    this.#note('roll web out');
    const annotations = { at: String(this.#simulation.nowMs) };
    const body = { spec: { template: { metadata: { annotations } } } };
    this.#try(() => this.#client.patch(deployments, 'default', 'web', { type: 'merge', body }));
  }

  #scale(): void {
    const replicas = this.#random.below(9);
    this.#note(`scale web to ${replicas}`);
    const body = { spec: { replicas } };
    this.#try(() => this.#client.patch(deployments, 'default', 'web', { type: 'merge', body }));
  }

  /** A kubelet registers its node when it starts, and not before. */
  #deleteNode(): void {
    const name = this.#pick(nodeNames);
    const kubelet = this.#cluster.component('kubelet', name)!;
    this.#breakFor(`${name} is deleted`, {
      act: () => this.#try(() => this.#client.delete(nodes, '', name)),
      mend: () => {
        kubelet.stop();
        kubelet.start();
      },
    });
  }

  #breakFor(what: string, { act, mend }: { act(): void; mend(): void }): void {
    const subject = what.split(' ').find((word) => word.includes('-')) ?? what;
    if (this.#isBroken(subject)) return;
    const lastsMs = 1_000 + this.#random.below(brokenMaxMs);
    this.#note(`${what} for ${Math.round(lastsMs / 1000)} s`);
    this.#broken.push({ what, untilMs: this.#simulation.nowMs + lastsMs, mend });
    act();
  }

  #isBroken(subject: string): boolean {
    return this.#broken.some(({ what }) => what.includes(subject));
  }

  #list(): readonly { readonly metadata: { readonly namespace?: string; readonly name: string } }[] {
    return this.#cluster.apiServer.storage.list(pods, '').items;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)]!;
  }

  /** What the API refuses while something is broken was not to be. */
  #try(act: () => unknown): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #note(text: string): void {
    const seconds = Math.round((this.#simulation.nowMs - startMs) / 1000);
    this.#log.push(`${seconds} s: ${text}`);
  }
}
