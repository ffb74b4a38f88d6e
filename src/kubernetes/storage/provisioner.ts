// Upstream: sig-storage-lib-external-provisioner/controller/controller.go
import type { Node, PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import {
  bindingAnnotations,
  classNameOf,
  isDelayed,
  withoutAnnotations,
} from '#kubernetes/api/volumeBinding.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { DriverContext } from './driver.ts';

const workers = 4;
/** Upstream: RetryPeriod of the claims' queue, first and last. */
const retryInitialMs = 1_000;
const retryMaxMs = 300_000;

/** A volume cannot be made; the message goes into the claim's ProvisioningFailed event. */
export class ProvisionError extends Error {
  override name = 'ProvisionError';
}

/** What a driver is asked for. */
export interface VolumeRequest {
  readonly name: string;
  readonly claim: PersistentVolumeClaim;
  readonly storageClass: StorageClass;
  /** The node that the scheduler chose; undefined for claims that wait for none. */
  readonly node: Node | undefined;
}

/** Makes and deletes volumes of one provisioner. */
export interface VolumeMaker {
  readonly provisioner: string;
  /** How long it takes to make one. */
  readonly provisionMs: number;
  readonly finalizer?: string;
  /** Whether it can make what a claim names that is not another claim. */
  takes?(claim: PersistentVolumeClaim): boolean;
  /** The volume's own part of the spec. Throws ProvisionError. */
  provision(request: VolumeRequest): {
    readonly spec: PersistentVolume['spec'];
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Deletes the data. False where that cannot be done now. */
  delete(volume: PersistentVolume): boolean;
}

/** Makes volumes for the claims that ask `maker` for one, and deletes those that are released. */
export function startProvisioner(context: DriverContext, maker: VolumeMaker): void {
  const { simulation, client, informers, recorder } = context;
  const { provisioner } = maker;
  const claims = informers.of(persistentVolumeClaims);
  const volumes = informers.of(persistentVolumes);
  const classes = informers.of(storageClasses);
  const nodeCache = informers.of(nodes);
  const beganMs = new Map<string, number>();
  const failures = new Map<string, number>();
  const claimQueue = new WorkQueue({ simulation, client, workers, reconcile: syncClaim });
  const volumeQueue = new WorkQueue({ simulation, client, workers, reconcile: syncVolume });
  claims.onChange((now) => {
    if (now !== undefined) claimQueue.add(keyOf(now));
  });
  volumes.onChange((now) => {
    if (now !== undefined) volumeQueue.add(now.metadata.name);
  });

  function syncClaim(key: string): Again | void {
    const claim = claims.get(key);
    if (claim === undefined || !isAskedFor(claim)) return;
    const storageClass = classes.get(classNameOf(claim));
    if (storageClass === undefined) return;
    const selected = claim.metadata.annotations?.[bindingAnnotations.selectedNode];
    if (isDelayed(storageClass) && selected === undefined) return;
    if (claim.spec.dataSourceRef?.apiGroup && maker.takes?.(claim) !== true) return leaveToPopulator(claim);
    const { uid } = claim.metadata;
    const name = `pvc-${uid}`;
    if (volumes.get(name) !== undefined) return;
    const node = selected === undefined ? undefined : nodeCache.get(selected);
    if (selected !== undefined && node === undefined) return reschedule(claim, selected);
    const began = beganMs.get(uid);
    if (began === undefined) {
      beganMs.set(uid, simulation.nowMs);
      recorder.event(
        claim,
        'Normal',
        'Provisioning',
        `External provisioner is provisioning volume for claim "${key}"`,
      );
      return { afterMs: maker.provisionMs };
    }
    if (simulation.nowMs < began + maker.provisionMs)
      return { afterMs: began + maker.provisionMs - simulation.nowMs };
    try {
      const request = { name, claim, storageClass, node };
      createVolume(request, maker.provision(request));
    } catch (error) {
      if (!(error instanceof ProvisionError)) throw error;
      return failed(claim, storageClass, error);
    }
    beganMs.delete(uid);
    failures.delete(uid);
    recorder.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`);
  }

  /** What no driver knows is for somebody else to fill: there is nobody, see notSimulated. */
  function leaveToPopulator(claim: PersistentVolumeClaim): void {
    const message = 'Assuming an external populator will provision the volume';
    recorder.event(claim, 'Normal', 'Provisioning', message);
  }

  function isAskedFor({ metadata, spec }: PersistentVolumeClaim): boolean {
    const asked =
      metadata.annotations?.[bindingAnnotations.provisioner] ??
      metadata.annotations?.[bindingAnnotations.betaProvisioner];
    return asked === provisioner && !spec.volumeName && metadata.deletionTimestamp === undefined;
  }

  function createVolume(
    { name, claim, storageClass }: VolumeRequest,
    made: ReturnType<VolumeMaker['provision']>,
  ): void {
    const { namespace = '', uid, resourceVersion, name: claimName } = claim.metadata;
    const { mountOptions, reclaimPolicy = 'Delete' } = storageClass;
    try {
      client.create(persistentVolumes, {
        metadata: {
          name,
          annotations: { [bindingAnnotations.provisionedBy]: provisioner, ...made.annotations },
          ...(maker.finalizer && { finalizers: [maker.finalizer] }),
        },
        spec: {
          accessModes: claim.spec.accessModes ?? [],
          volumeMode: claim.spec.volumeMode ?? 'Filesystem',
          persistentVolumeReclaimPolicy: reclaimPolicy,
          storageClassName: storageClass.metadata.name,
          ...(mountOptions && { mountOptions }),
          ...(claim.spec.volumeAttributesClassName && {
            volumeAttributesClassName: claim.spec.volumeAttributesClassName,
          }),
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            namespace,
            name: claimName,
            uid,
            resourceVersion,
          },
          ...made.spec,
        },
      });
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
    }
  }

  /** Says why, and tries again later each time, on the same node: another could not help. */
  function failed(
    claim: PersistentVolumeClaim,
    { metadata }: StorageClass,
    { message }: ProvisionError,
  ): Again {
    const { uid } = claim.metadata;
    const count = failures.get(uid) ?? 0;
    failures.set(uid, count + 1);
    const what = `failed to provision volume with StorageClass "${metadata.name}": ${message}`;
    recorder.event(claim, 'Warning', 'ProvisioningFailed', what);
    beganMs.delete(uid);
    return { afterMs: Math.min(retryInitialMs * 2 ** Math.min(count, 20), retryMaxMs) };
  }

  /** Upstream: ProvisioningReschedule. The chosen node is gone: the scheduler is to choose another. */
  function reschedule(claim: PersistentVolumeClaim, node: string): void {
    beganMs.delete(claim.metadata.uid);
    recorder.event(claim, 'Warning', 'ProvisioningFailed', `node "${node}" not found`);
    client.update(persistentVolumeClaims, withoutAnnotations(claim, [bindingAnnotations.selectedNode]));
  }

  function syncVolume(name: string): Again | void {
    const volume = volumes.get(name);
    if (
      volume === undefined ||
      volume.metadata.annotations?.[bindingAnnotations.provisionedBy] !== provisioner
    )
      return;
    const { phase } = volume.status;
    if (volume.spec.persistentVolumeReclaimPolicy !== 'Delete' || phase !== 'Released') {
      if (volume.metadata.deletionTimestamp !== undefined && phase !== 'Bound') letGo(volume);
      return;
    }
    if (!maker.delete(volume)) return { afterMs: retryInitialMs * 10 };
    if (volume.metadata.deletionTimestamp === undefined) client.delete(persistentVolumes, '', name);
    else letGo(volume);
  }

  function letGo({ metadata }: PersistentVolume): void {
    const left = metadata.finalizers?.filter((entry) => entry !== maker.finalizer);
    if (left?.length === metadata.finalizers?.length) return;
    client.patch(persistentVolumes, '', metadata.name, {
      type: 'merge',
      body: {
        metadata: { finalizers: left?.length ? left : null, resourceVersion: metadata.resourceVersion },
      },
    });
  }
}
