// Upstream: pkg/controller/volume/attachdetach/{attach_detach_controller.go,reconciler/reconciler.go}
import type { PersistentVolume, Pod } from '#generated/types/core.v1.ts';
import type { VolumeAttachment } from '#generated/types/storage.v1.ts';
import { attachableName, attachmentName, attachmentPrefix } from '#kubernetes/api/attachableVolumes.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { csiDrivers } from '#kubernetes/api/storage/csiDriver.ts';
import { volumeAttachments } from '#kubernetes/api/storage/volumeAttachment.ts';
import { claimNameOf } from '#kubernetes/api/volumeBinding.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { multiAttachMessage } from './multiAttach.ts';
import { NodesInUse } from './nodesInUse.ts';
import { VolumesAttached } from './volumesAttached.ts';

const workers = 1;

/** Attaches volumes to the nodes of the pods that want them, and detaches them when nobody there does. */
export const attachDetachController: Controller = {
  name: 'persistentvolume-attach-detach-controller',
  account: 'attachdetach-controller',
  eventSource: 'attachdetach-controller',
  start({ simulation, client, informers, recorder }) {
    const claims = informers.of(persistentVolumeClaims);
    const volumes = informers.of(persistentVolumes);
    const podCache = informers.of(pods);
    const nodeCache = informers.of(nodes);
    const attachments = informers.of(volumeAttachments);
    const drivers = informers.of(csiDrivers);
    podCache.addIndex('claim', claimKeysOf);
    attachments.addIndex('volume', ({ spec }) => [spec.source.persistentVolumeName ?? '']);
    attachments.addIndex('node', ({ spec }) => [spec.nodeName]);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncVolume });
    const inUse = new NodesInUse(simulation);
    const attached = new VolumesAttached(client, nodeCache, attachments, (name) => volumes.get(name));
    /** What was said about which pod already, by volume. */
    const reported = new Map<string, Set<string>>();

    podCache.onChange((now, before) => {
      for (const key of new Set([...claimKeysOf(now), ...claimKeysOf(before)])) {
        const volume = claims.get(key)?.spec.volumeName;
        if (volume) queue.add(volume);
      }
    });
    volumes.onChange((now) => {
      if (now?.spec.csi) queue.add(now.metadata.name);
    });
    attachments.onChange((now, before) => {
      const { spec } = (now ?? before)!;
      if (now?.status?.attached && !before?.status?.attached) attachedNow(now);
      if (now?.status?.attachError && !before?.status?.attachError) attachFailed(now);
      queue.add(spec.source.persistentVolumeName ?? '');
      attached.changed(spec.nodeName);
    });
    nodeCache.onChange((now, before) => {
      const { name } = (now ?? before)!.metadata;
      inUse.nodeChanged(now, before);
      for (const { spec } of attachments.by('node', name)) queue.add(spec.source.persistentVolumeName ?? '');
    });

    /** The pods on nodes that want a volume. */
    function podsOf({ spec: { claimRef } }: PersistentVolume): Pod[] {
      const key = `${claimRef?.namespace ?? ''}/${claimRef?.name ?? ''}`;
      if (claims.get(key)?.metadata.uid !== claimRef?.uid) return [];
      return [...podCache.by('claim', key)].filter((pod) => pod.spec.nodeName && !hasEnded(pod));
    }

    function syncVolume(name: string): Again | void {
      const volume = volumes.get(name);
      const present = [...attachments.by('volume', name)].filter(isOwn);
      const wanting = volume && isAttachable(volume) ? podsOf(volume) : [];
      const wantedOn = new Set(wanting.map(({ spec }) => spec.nodeName!));
      let againMs = Infinity;
      for (const attachment of present) {
        const waitMs = wantedOn.has(attachment.spec.nodeName)
          ? inUse.wanted(attachment)
          : detach(attachment, volume);
        againMs = Math.min(againMs, waitMs);
      }
      for (const node of wantedOn) {
        const isPresent = present.some(({ spec }) => spec.nodeName === node);
        if (!isPresent) attach(volume!, node, present, wanting);
      }
      if (againMs !== Infinity) return { afterMs: againMs };
    }

    function isAttachable({ spec: { csi } }: PersistentVolume): boolean {
      return csi !== undefined && drivers.get(csi.driver)?.spec.attachRequired !== false;
    }

    /** Ms until it may be detached; Infinity once it is, or when nothing but an event can help. */
    function detach(attachment: VolumeAttachment, volume: PersistentVolume | undefined): number {
      if (attachment.metadata.deletionTimestamp !== undefined) return Infinity;
      const node = nodeCache.get(attachment.spec.nodeName);
      const waitMs = inUse.waitMs(attachment, volume === undefined ? null : attachableName(volume), node);
      if (waitMs > 0) return waitMs;
      attached.remove(attachment);
      client.delete(volumeAttachments, '', attachment.metadata.name);
      return Infinity;
    }

    function attach(
      volume: PersistentVolume,
      node: string,
      present: readonly VolumeAttachment[],
      wanting: readonly Pod[],
    ): void {
      const { name } = volume.metadata;
      const here = wanting.filter(({ spec }) => spec.nodeName === node);
      const isShared = volume.spec.accessModes?.some(
        (mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany',
      );
      if (present.length > 0 && !isShared) {
        const others = wanting.filter(({ spec }) => spec.nodeName !== node);
        for (const pod of here) {
          if (!isNews(name, pod)) continue;
          recorder.event(pod, 'Warning', 'FailedAttachVolume', multiAttachMessage(name, pod, others));
        }
        return;
      }
      reported.delete(name);
      const { driver, volumeHandle } = volume.spec.csi!;
      try {
        client.create(volumeAttachments, {
          metadata: { name: attachmentName(volumeHandle, driver, node) },
          spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: name } },
        });
      } catch (error) {
        if (!isStatus(error, 'AlreadyExists')) throw error;
      }
    }

    function isNews(volume: string, { metadata: { uid } }: Pod): boolean {
      const known = reported.get(volume) ?? new Set<string>();
      reported.set(volume, known);
      if (known.has(uid)) return false;
      known.add(uid);
      return true;
    }

    function podsWaitingFor({ spec }: VolumeAttachment): Pod[] {
      const volume = volumes.get(spec.source.persistentVolumeName ?? '');
      return volume === undefined ? [] : podsOf(volume).filter((pod) => pod.spec.nodeName === spec.nodeName);
    }

    function attachedNow(attachment: VolumeAttachment): void {
      const name = attachment.spec.source.persistentVolumeName;
      const message = `AttachVolume.Attach succeeded for volume "${name}" `;
      for (const pod of podsWaitingFor(attachment))
        recorder.event(pod, 'Normal', 'SuccessfulAttachVolume', message);
    }

    function attachFailed(attachment: VolumeAttachment): void {
      const name = attachment.spec.source.persistentVolumeName;
      const message = `AttachVolume.Attach failed for volume "${name}" : ${attachment.status?.attachError?.message ?? ''}`;
      for (const pod of podsWaitingFor(attachment))
        recorder.event(pod, 'Warning', 'FailedAttachVolume', message);
    }
    return () => queue.stop();
  },
};

/** One that somebody else made is never detached: upstream keeps account only of what it attached itself. */
function isOwn({ metadata }: VolumeAttachment): boolean {
  return metadata.name.startsWith(attachmentPrefix);
}

function claimKeysOf(pod: Pod | undefined): string[] {
  return (pod?.spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod!, volume);
    return name === undefined ? [] : [`${pod!.metadata.namespace ?? ''}/${name}`];
  });
}

/** A pod that is over, or deleted with nothing of it running, needs no volumes. Upstream: IsPodTerminated */
function hasEnded(pod: Pod): boolean {
  if (isPodTerminal(pod)) return true;
  if (pod.metadata.deletionTimestamp === undefined) return false;
  return (pod.status.containerStatuses ?? []).every(({ state }) => state?.running === undefined);
}
