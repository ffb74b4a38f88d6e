import { expect, test } from 'vitest';
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { RandomStream } from '#sim/random.ts';
import { garbageCollectorController } from '../garbagecollector/garbageCollectorController.ts';
import { pvcProtectionController } from '../pvcprotection/pvcProtectionController.ts';
import { TestCluster } from '../testCluster.ts';
import { statefulSetController } from './statefulSetController.ts';

const labels = { app: 'db' };
const revisionLabel = 'controller-revision-hash';

interface Policies {
  readonly management: 'OrderedReady' | 'Parallel';
  readonly partition: number;
  readonly whenScaled: 'Retain' | 'Delete';
}

const ordinalOf = ({ metadata: { name } }: Pod) => Number(name.slice(name.lastIndexOf('-') + 1));
const isHealthy = (pod: Pod | undefined) =>
  pod !== undefined && pod.metadata.deletionTimestamp === undefined && isPodReady(pod);

/** One set to which everything that upstream's tests do happens at random, watched step by step. */
class Run {
  readonly cluster = new TestCluster([
    statefulSetController,
    garbageCollectorController,
    pvcProtectionController,
  ]);
  readonly violations: string[] = [];
  readonly #random: RandomStream;
  readonly #policies: Policies;
  #replicas = 3;
  #image = 0;

  constructor(seed: string, policies: Policies) {
    this.#random = new RandomStream(seed, 'statefulset');
    this.#policies = policies;
    const { management, partition, whenScaled } = policies;
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    this.cluster.client.create<StatefulSet>(statefulSets, {
      metadata: { name: 'db', namespace: 'default' },
      spec: {
        replicas: this.#replicas,
        serviceName: 'db',
        podManagementPolicy: management,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled },
        selector: { matchLabels: labels },
        template: this.#template,
        volumeClaimTemplates: [claim] as unknown as NonNullable<StatefulSet['spec']['volumeClaimTemplates']>,
      },
    });
  }

  get #template() {
    return { metadata: { labels }, spec: { containers: [{ name: 'c', image: `v${this.#image}` }] } };
  }

  run(steps: number): void {
    this.#look('created');
    for (let i = 0; i < steps; i++) this.#look(this.#act());
    // Everything gets well again, one pod after the other.
    for (let i = 0; i < 30; i++) {
      for (const pod of this.cluster.list(pods))
        if (pod.status.phase === 'Running' && !isPodReady(pod)) this.cluster.setPhase(pod, 'Running');
      this.cluster.settle();
    }
    this.#checkEnd();
  }

  #act(): string {
    const all = this.cluster.list(pods);
    const pod = all[this.#random.below(Math.max(1, all.length))];
    const kind = this.#random.below(10);
    if (kind === 0) {
      this.#replicas = this.#random.below(6);
      this.cluster.patch(statefulSets, 'db', { spec: { replicas: this.#replicas } });
      return `scaled to ${this.#replicas}`;
    }
    if (kind === 1) {
      this.#image = this.#random.below(3);
      this.cluster.patch(statefulSets, 'db', { spec: { template: this.#template } });
      return `image v${this.#image}`;
    }
    if (pod === undefined) return 'nothing';
    const { name } = pod.metadata;
    if (kind === 2) {
      this.cluster.client.delete(pods, 'default', name);
      return `deleted ${name}`;
    }
    if (pod.status.phase === 'Failed') return 'nothing';
    if (kind === 3) {
      this.cluster.setPhase(pod, 'Failed', false);
      return `failed ${name}`;
    }
    this.cluster.setPhase(pod, 'Running', kind !== 4);
    return `${kind === 4 ? 'unready' : 'ready'} ${name}`;
  }

  /** Lets the controller work, and looks at what it did. */
  #look(what: string): void {
    const acted = new Map(this.cluster.list(pods).map((pod) => [ordinalOf(pod), pod]));
    this.cluster.run();
    const now = new Map(this.cluster.list(pods).map((pod) => [ordinalOf(pod), pod]));
    const tell = (text: string) => this.violations.push(`after ${what}: ${text}`);
    for (const [ordinal, pod] of now) this.#checkIdentity(ordinal, pod, tell);
    if (this.#policies.management === 'OrderedReady') checkOrder(acted, now, tell);
    const { partition } = this.#policies;
    for (const [ordinal, pod] of now) {
      const old = acted.get(ordinal);
      const isReplaced = old !== undefined && old.metadata.uid !== pod.metadata.uid;
      const isUpdated =
        isReplaced && old.metadata.labels?.[revisionLabel] !== pod.metadata.labels?.[revisionLabel];
      if (isUpdated && ordinal < partition && isHealthy(old))
        tell(`updated db-${ordinal} below the partition`);
    }
  }

  /** What a pod is does not change: its name, host name, label and claim. */
  #checkIdentity(ordinal: number, { metadata, spec }: Pod, tell: (text: string) => void): void {
    const claims = (spec.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
    const name = `db-${ordinal}`;
    if (spec.hostname !== name || spec.subdomain !== 'db') tell(`${name} is called ${spec.hostname}`);
    if (metadata.labels?.['apps.kubernetes.io/pod-index'] !== String(ordinal)) tell(`${name} has no index`);
    if (metadata.labels?.['statefulset.kubernetes.io/pod-name'] !== name) tell(`${name} has no name`);
    if (!claims.includes(`data-${name}`)) tell(`${name} uses ${claims.join()}`);
  }

  #checkEnd(): void {
    const tell = (text: string) => this.violations.push(`at the end: ${text}`);
    const { status } = this.cluster.get(statefulSets, 'db');
    const all = [...this.cluster.list(pods)].sort((a, b) => ordinalOf(a) - ordinalOf(b));
    const wanted = Array.from({ length: this.#replicas }, (_, i) => `db-${i}`);
    const names = all.map(({ metadata }) => metadata.name);
    if (String(names) !== String(wanted)) tell(`pods ${names.join(' ')}, not ${wanted.join(' ')}`);
    for (const pod of all) {
      const ordinal = ordinalOf(pod);
      const isNew = pod.metadata.labels?.[revisionLabel] === status.updateRevision;
      if (ordinal >= this.#policies.partition && !isNew) tell(`db-${ordinal} has an old revision`);
    }
    if ((status.readyReplicas ?? 0) !== this.#replicas) tell(`${status.readyReplicas} are ready`);
    const claims = this.cluster.list(persistentVolumeClaims).map(({ metadata }) => metadata.name);
    for (const name of wanted) if (!claims.includes(`data-${name}`)) tell(`${name} has no claim`);
    if (this.#policies.whenScaled === 'Delete' && claims.length !== this.#replicas)
      tell(`claims ${claims.join(' ')} are left`);
  }
}

/** With OrderedReady a pod is made when all before it are healthy, and taken away last first, one at a time. */
function checkOrder(
  acted: ReadonlyMap<number, Pod>,
  now: ReadonlyMap<number, Pod>,
  tell: (text: string) => void,
): void {
  const uidOf = (pod: Pod | undefined) => pod?.metadata.uid;
  for (const [ordinal, pod] of now) {
    if (uidOf(acted.get(ordinal)) === uidOf(pod)) continue;
    for (let lower = 0; lower < ordinal; lower++)
      if (!isHealthy(now.get(lower))) tell(`made db-${ordinal} while db-${lower} is not ready`);
  }
}

const policies = (['OrderedReady', 'Parallel'] as const).flatMap((management) =>
  [0, 2].flatMap((partition) =>
    (['Retain', 'Delete'] as const).map((whenScaled): Policies => ({ management, partition, whenScaled })),
  ),
);

// Upstream: stateful_set_control_test.go, whose invariants hold for every combination of policies.
test.each(policies)('$management, partition $partition, $whenScaled: whatever happens', (own) => {
  for (const seed of ['a', 'b', 'c', 'd', 'e']) {
    const run = new Run(seed, own);
    run.run(40);
    expect(run.violations, `seed ${seed}`).toEqual([]);
  }
});
