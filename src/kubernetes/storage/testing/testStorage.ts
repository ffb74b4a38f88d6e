import type { Event, Node, PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject, New } from '#kubernetes/api/object.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { laterParts } from '#kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import { DiskStore } from '#world/machine/diskStore.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { diskDriverName } from '../diskDriver.ts';
import type { DriverContext } from '../driver.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };

type Source = Pick<PersistentVolume['spec'], 'csi' | 'hostPath' | 'volumeMode'>;

/** An API server with the cloud's disks, and the drivers that a test starts; whoever binds claims is the test. */
export class TestStorage {
  readonly simulation = new Simulation({ seed: 'test', startMs: Date.UTC(2026, 0, 1) });
  readonly server: ApiServer;
  readonly client: Client;
  readonly disks = new DiskStore(this.simulation);
  readonly nodeFiles = new Map<string, MemoryFileSystem>();
  readonly driver: DriverContext;

  constructor(start: (driver: DriverContext) => void) {
    const { simulation } = this;
    const etcd = new Etcd<KubeObject>(simulation);
    this.server = new ApiServer({ simulation, etcd });
    this.server.install(laterParts);
    this.client = new Client(this.server.handle, admin);
    this.client.create(namespaces, { metadata: { name: 'default' }, spec: {} });
    const informers = new Informers(simulation, this.client);
    this.driver = {
      simulation,
      client: this.client,
      informers,
      recorder: new EventRecorder(simulation, this.client, 'driver'),
      disks: this.disks,
      nodeFiles: (node) => this.nodeFiles.get(node) ?? null,
    };
    start(this.driver);
    informers.start();
  }

  pass(seconds: number): void {
    this.simulation.run({ untilMs: this.simulation.nowMs + seconds * 1000 });
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string): T | undefined {
    try {
      return this.client.get(kind, kind.namespaced ? 'default' : '', name);
    } catch (error) {
      if (isStatus(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  node(name: string, labels: Readonly<Record<string, string>> = {}): Node {
    this.nodeFiles.set(name, new MemoryFileSystem(this.simulation));
    return this.client.create<Node>(nodes, { metadata: { name, labels }, spec: {} });
  }

  claim(
    name: string,
    spec: Partial<PersistentVolumeClaim['spec']> = {},
    annotations: Readonly<Record<string, string>> = {},
  ): PersistentVolumeClaim {
    return this.client.create<PersistentVolumeClaim>(persistentVolumeClaims, {
      metadata: { name, namespace: 'default', annotations },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'cloud-disk',
        resources: { requests: { storage: '1Gi' } },
        ...spec,
      },
    });
  }

  /** A claim with a disk of the same name behind it, bound as the binder leaves them. */
  boundClaim(
    name: string,
    source: Source = { csi: { driver: diskDriverName, volumeHandle: name, fsType: 'ext4' } },
  ) {
    const capacity = { storage: '1Gi' };
    this.disks.create(name, 1024 ** 3, '');
    const { volumeMode = 'Filesystem' } = source;
    const claim = this.claim(name, { volumeName: `pv-${name}`, volumeMode });
    const volume: New<PersistentVolume> = {
      metadata: { name: `pv-${name}` },
      spec: {
        capacity,
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'cloud-disk',
        claimRef: { namespace: 'default', name, uid: claim.metadata.uid },
        ...source,
      },
    };
    const made = this.client.create(persistentVolumes, volume);
    this.client.updateStatus(persistentVolumes, { ...made, status: { phase: 'Bound' } });
    return this.client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: { phase: 'Bound', capacity },
    });
  }

  /** The Events of an object, oldest first. */
  events(name: string): string[] {
    return this.client
      .list<Event>(events)
      .items.filter(({ involvedObject }) => involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
  }

  /** How often an object's Events with this reason happened, the repeated ones counted. */
  count(name: string, reason: string): number {
    return this.client
      .list<Event>(events)
      .items.filter((event) => event.involvedObject.name === name && event.reason === reason)
      .reduce((sum, { count = 1 }) => sum + count, 0);
  }
}
