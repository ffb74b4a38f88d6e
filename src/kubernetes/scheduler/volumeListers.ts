// Upstream: pkg/scheduler/framework/plugins/volumebinding/assume_cache.go, pkg/scheduler/backend/cache/snapshot.go StorageInfos
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '#generated/types/core.v1.ts';
import type { CSIDriver, CSINode, CSIStorageCapacity, StorageClass } from '#generated/types/storage.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { csiDrivers } from '#kubernetes/api/storage/csiDriver.ts';
import { csiNodes } from '#kubernetes/api/storage/csiNode.ts';
import { csiStorageCapacities } from '#kubernetes/api/storage/csiStorageCapacity.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { claimNameOf } from '#kubernetes/api/volumeBinding.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { Cache } from './cache.ts';

/** A pod's volume with the name of the claim behind it. */
export interface Claimed {
  readonly volume: Volume;
  readonly name: string;
}

/** The volumes of a pod that have a claim. */
export function claimedBy(pod: Pod): readonly Claimed[] {
  const { volumes } = pod.spec;
  if (volumes === undefined) return none;
  const claimed: Claimed[] = [];
  for (const volume of volumes) {
    const name = claimNameOf(pod, volume);
    if (name !== undefined) claimed.push({ volume, name });
  }
  return claimed;
}

const none: readonly Claimed[] = [];

/** Objects as the scheduler has just decided that they will be, until they are seen newer. */
class AssumeCache<T extends KubeObject> {
  readonly #informer: Informer<T>;
  readonly #assumed = new Map<string, T>();

  constructor(informer: Informer<T>) {
    this.#informer = informer;
    informer.onChange((now, before) => {
      const key = keyOf((now ?? before)!);
      const assumed = this.#assumed.get(key);
      if (assumed === undefined) return;
      if (now === undefined || revision(now) > revision(assumed)) this.#assumed.delete(key);
    });
  }

  get(key: string): T | undefined {
    return this.#assumed.get(key) ?? this.#informer.get(key);
  }

  /** As the API has it. */
  getApi(key: string): T | undefined {
    return this.#informer.get(key);
  }

  *list(): IterableIterator<T> {
    for (const object of this.#informer.list()) yield this.#assumed.get(keyOf(object)) ?? object;
  }

  assume(object: T): void {
    this.#assumed.set(keyOf(object), object);
  }

  restore(key: string): void {
    this.#assumed.delete(key);
  }
}

const revision = ({ metadata }: KubeObject) => Number(metadata.resourceVersion);

/** What the volume plugins know of the cluster's storage. */
export class VolumeListers {
  readonly volumes: AssumeCache<PersistentVolume>;
  readonly claims: AssumeCache<PersistentVolumeClaim>;
  readonly classes: Informer<StorageClass>;
  readonly nodes: Informer<CSINode>;
  readonly drivers: Informer<CSIDriver>;
  readonly capacities: Informer<CSIStorageCapacity>;
  /** How many pods that have a node use which claim, by its key. */
  readonly #uses = new Map<string, number>();

  constructor(informers: Informers, cache: Cache) {
    this.volumes = new AssumeCache(informers.of(persistentVolumes));
    this.claims = new AssumeCache(informers.of(persistentVolumeClaims));
    this.classes = informers.of(storageClasses);
    this.nodes = informers.of(csiNodes);
    this.drivers = informers.of(csiDrivers);
    this.capacities = informers.of(csiStorageCapacities);
    cache.observe({
      podAdded: (pod) => this.#count(pod, 1),
      podRemoved: (pod) => this.#count(pod, -1),
    });
  }

  /** How many pods that have a node use a claim. */
  usesOf(key: string): number {
    return this.#uses.get(key) ?? 0;
  }

  claimOf({ metadata }: Pod, name: string): PersistentVolumeClaim | undefined {
    return this.claims.get(`${metadata.namespace ?? ''}/${name}`);
  }

  #count(pod: Pod, step: 1 | -1): void {
    for (const { name } of claimedBy(pod)) {
      const key = `${pod.metadata.namespace ?? ''}/${name}`;
      const count = this.usesOf(key) + step;
      if (count === 0) this.#uses.delete(key);
      else this.#uses.set(key, count);
    }
  }
}
