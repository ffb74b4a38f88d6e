import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import type { CSINode, StorageClass } from '#generated/types/storage.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { csiDrivers } from '#kubernetes/api/storage/csiDriver.ts';
import { csiNodes } from '#kubernetes/api/storage/csiNode.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { makePod } from './testObjects.ts';
import { TestScheduler } from './testScheduler.ts';

/** A pod with a volume for each claim. */
export function podWith(name: string, ...claims: string[]): Pod {
  return makePod({
    name,
    volumes: claims.map((claimName) => ({ name: `v-${claimName}`, persistentVolumeClaim: { claimName } })),
  });
}

/** A scheduler with volumes: what the binder would do is done by the test. */
export class TestVolumes extends TestScheduler {
  addClass(name: string, mode: StorageClass['volumeBindingMode'], more: Partial<StorageClass> = {}): void {
    this.client.create(storageClasses, {
      metadata: { name },
      provisioner: 'disk.example.com',
      volumeBindingMode: mode!,
      ...more,
    });
  }

  addClaim(name: string, spec: Partial<PersistentVolumeClaim['spec']> = {}): PersistentVolumeClaim {
    return this.client.create(persistentVolumeClaims, {
      metadata: { name, namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        storageClassName: 'late',
        ...spec,
      },
    });
  }

  /** A volume that is Available. */
  addVolume(name: string, spec: Partial<PersistentVolume['spec']> = {}, labels = {}): void {
    const volume = this.client.create(persistentVolumes, {
      metadata: { name, labels },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'late',
        csi: { driver: 'disk.example.com', volumeHandle: name },
        ...spec,
      },
    });
    this.client.updateStatus(persistentVolumes, { ...volume, status: { phase: 'Available' } });
  }

  /** Plays the binder: the claim has its volume. */
  bind(claimName: string, volumeName: string): void {
    const claim = this.client.get(persistentVolumeClaims, 'default', claimName);
    const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
    const bound = this.client.update(persistentVolumeClaims, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName },
    });
    this.client.updateStatus(persistentVolumeClaims, { ...bound, status: { phase: 'Bound' } });
    const volume = this.client.get(persistentVolumes, '', volumeName);
    const { uid } = claim.metadata;
    if (volume.spec.claimRef === undefined)
      this.client.update(persistentVolumes, {
        ...volume,
        spec: { ...volume.spec, claimRef: { namespace: 'default', name: claimName, uid } },
      });
  }

  /** A claim that has its volume. */
  addBound(name: string, volume: Partial<PersistentVolume['spec']> = {}, labels = {}): void {
    this.addVolume(`pv-${name}`, volume, labels);
    this.addClaim(name, { ...(volume.accessModes && { accessModes: volume.accessModes }) });
    this.bind(name, `pv-${name}`);
  }

  /** How many disks a node takes. */
  limit(node: string, count: number): void {
    const drivers: CSINode['spec']['drivers'] = [
      { name: 'disk.example.com', nodeID: node, allocatable: { count } },
    ];
    this.client.create(csiNodes, { metadata: { name: node }, spec: { drivers } });
  }

  addDriver(storageCapacity: boolean): void {
    this.client.create(csiDrivers, { metadata: { name: 'disk.example.com' }, spec: { storageCapacity } });
  }

  claim(name: string): PersistentVolumeClaim {
    return this.client.get(persistentVolumeClaims, 'default', name);
  }

  /** The node of a pod, or the reasons in the Event that says that it has none. */
  outcome(name: string): string {
    const node = this.nodeOf(name);
    if (node !== '') return node;
    const told = this.events(name).at(-1) ?? '';
    return told.replace(/^.*?nodes are available: /, '').replace(/\. preemption: .*$/, '');
  }
}

/** What holds a volume to the nodes with a label. */
export function onNodes(key: string, ...values: string[]): Partial<PersistentVolume['spec']> {
  return {
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values }] }] },
    },
  };
}
