// Upstream: kubernetes-csi/external-attacher/pkg/controller/csi_handler.go
import type { VolumeAttachment } from '#generated/types/storage.v1.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { volumeAttachments } from '#kubernetes/api/storage/volumeAttachment.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { DriverContext } from './driver.ts';

const workers = 10;
/** What the cloud takes to plug a disk in or out. */
const attachMs = 1_500;
const detachMs = 1_000;
/** A disk that another machine has is asked for again. */
const retryMs = 2_000;

/** Plugs disks into machines and out again, as the VolumeAttachments of `driver` say. */
export function startAttacher({ simulation, client, informers, disks }: DriverContext, driver: string): void {
  const finalizer = `external-attacher/${driver.replaceAll('.', '-')}`;
  const attachments = informers.of(volumeAttachments);
  const volumes = informers.of(persistentVolumes);
  const beganMs = new Map<string, number>();
  const queue = new WorkQueue({ simulation, client, workers, reconcile });
  attachments.onChange((now, before) => {
    const { metadata, spec } = (now ?? before)!;
    if (spec.attacher !== driver) return;
    if (now === undefined) beganMs.delete(metadata.name);
    else queue.add(metadata.name);
  });

  function reconcile(name: string): Again | void {
    const attachment = attachments.get(name);
    if (attachment === undefined) return;
    const isLeaving = attachment.metadata.deletionTimestamp !== undefined;
    if (!isLeaving && attachment.status?.attached) {
      beganMs.delete(name);
      return;
    }
    const began = beganMs.get(name);
    const lastsMs = isLeaving ? detachMs : attachMs;
    if (began === undefined) {
      beganMs.set(name, simulation.nowMs);
      if (!isLeaving) mark(attachment);
      return { afterMs: lastsMs };
    }
    const leftMs = began + lastsMs - simulation.nowMs;
    if (leftMs > 0) return { afterMs: leftMs };
    return isLeaving ? detach(attachment) : attach(attachment);
  }

  function mark(attachment: VolumeAttachment): void {
    const { metadata, spec } = attachment;
    if (metadata.finalizers?.includes(finalizer)) return;
    client.patch(volumeAttachments, '', metadata.name, {
      type: 'merge',
      body: {
        metadata: {
          finalizers: [...(metadata.finalizers ?? []), finalizer],
          annotations: { 'csi.alpha.kubernetes.io/node-id': spec.nodeName },
        },
      },
    });
  }

  const diskOf = ({ spec }: VolumeAttachment) =>
    disks.get(volumes.get(spec.source.persistentVolumeName ?? '')?.spec.csi?.volumeHandle ?? '');

  function attach(attachment: VolumeAttachment): Again | void {
    const disk = diskOf(attachment);
    const { nodeName } = attachment.spec;
    if (disk === undefined || (disk.attachedTo ?? nodeName) !== nodeName) {
      const why =
        disk === undefined
          ? 'rpc error: code = NotFound desc = no such disk'
          : `rpc error: code = FailedPrecondition desc = disk ${disk.handle} is attached to ${disk.attachedTo}`;
      const attachError = { message: why, time: formatTime(simulation.nowMs) };
      if (attachment.status?.attachError?.message !== why)
        client.updateStatus(volumeAttachments, { ...attachment, status: { attached: false, attachError } });
      return { afterMs: retryMs };
    }
    disk.attachedTo = nodeName;
    beganMs.delete(attachment.metadata.name);
    client.updateStatus(volumeAttachments, { ...attachment, status: { attached: true } });
  }

  function detach(attachment: VolumeAttachment): void {
    const disk = diskOf(attachment);
    if (disk?.attachedTo === attachment.spec.nodeName) disk.attachedTo = null;
    const left = attachment.metadata.finalizers?.filter((entry) => entry !== finalizer) ?? [];
    client.patch(volumeAttachments, '', attachment.metadata.name, {
      type: 'merge',
      body: { metadata: { finalizers: left.length > 0 ? left : null } },
    });
  }
}
