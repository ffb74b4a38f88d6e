// Upstream: etcd's server/etcdserver/bootstrap.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { restore, SnapshotError, type Snapshots } from '#kubernetes/etcd/snapshots.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { Cluster } from '../cluster.ts';
import { etcdDataDirectory } from '../staticPods.ts';

/** What a data directory holds whose data are the cluster's present ones. */
const present = 'the data of the member that runs\n';
/** Upstream: --event-ttl. */
const eventTtlMs = 3_600_000;

/** The data directories of etcd's members: files on their nodes. A member serves what is in the one it starts on. */
export class DataDirectories {
  readonly #cluster: Cluster;
  readonly #snapshots: Snapshots<KubeObject>;
  /** By node, where its present data are on the host. */
  readonly #present = new Map<string, string>();

  constructor(cluster: Cluster, snapshots: Snapshots<KubeObject>) {
    this.#cluster = cluster;
    this.#snapshots = snapshots;
  }

  /** Makes the directory that a node's member has used until now. */
  prepare(node: string): void {
    this.#present.set(node, etcdDataDirectory);
    const files = this.#files(node);
    files.makeDirectory(`${etcdDataDirectory}/member/snap`, { parents: true });
    files.makeDirectory(`${etcdDataDirectory}/member/wal`, { parents: true });
    files.write(databaseIn(etcdDataDirectory), present);
  }

  /** A member starts; a number is the exit code of one that cannot use its directory. */
  open(node: string, container: ContainerScope): number | void {
    const directory = this.#directoryOf(node, container);
    const files = this.#files(node);
    const path = databaseIn(directory);
    const text = files.status(path)?.type === 'file' ? files.read(path) : null;
    if (text === present && this.#present.get(node) === directory) return;
    if (text === null) {
      container.log(`Podarium does not simulate an etcd that begins with nothing: ${path} is not there\n`);
      return 1;
    }
    const others = this.#cluster.controlPlanes.filter(({ name }) => name !== node);
    if (others.some(({ name }) => this.#cluster.etcdProcesses.serves(name))) {
      container.log('request cluster ID mismatch: the other members serve other data\n');
      return 1;
    }
    try {
      this.#restore(node, directory, text);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      container.log(`failed to open database: ${error.message}\n`);
      return 1;
    }
  }

  /** What was there until now stays where it was, for who goes back to it. */
  #restore(node: string, directory: string, text: string): void {
    const { etcd, controlPlanes } = this.#cluster;
    const snapshot = this.#snapshots.read(text);
    const files = this.#files(node);
    const before = databaseIn(this.#present.get(node)!);
    if (files.status(before)?.type === 'file' && files.read(before) === present)
      files.write(before, this.#snapshots.save());
    const lease = etcd.grant(eventTtlMs);
    restore(etcd, snapshot, atRevision, (key) => (key.startsWith('/registry/events/') ? lease : 0));
    this.#present.set(node, directory);
    files.write(databaseIn(directory), present);
    for (const { front } of controlPlanes) front.endStreams();
  }

  /** Where the container's `--data-dir` is on its node. */
  #directoryOf(node: string, { args }: ContainerScope): string {
    const inside = args.find((arg) => arg.startsWith('--data-dir='))?.slice('--data-dir='.length);
    const directory = inside ?? etcdDataDirectory;
    const { spec } = this.#kubelet(node).workerOf('kube-system', `etcd-${node}`)!.pod;
    const mount = spec.containers[0]!.volumeMounts?.find(({ mountPath }) => mountPath === directory);
    return spec.volumes?.find(({ name }) => name === mount?.name)?.hostPath?.path ?? directory;
  }

  #kubelet(node: string) {
    return this.#cluster.nodes.kubelets.get(node)!;
  }

  #files(node: string) {
    return this.#kubelet(node).volumes.hostFiles;
  }
}

function databaseIn(directory: string): string {
  return `${directory}/member/snap/db`;
}

function atRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
