import type { AnyKind } from '#kubernetes/api/kind.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { csiNodes } from '#kubernetes/api/storage/csiNode.ts';
import { csiStorageCapacities } from '#kubernetes/api/storage/csiStorageCapacity.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { volumeAttachments } from '#kubernetes/api/storage/volumeAttachment.ts';
import type { ClusterEvent, Plugin } from './framework.ts';
import { nodeVolumeLimits } from './plugins/nodeVolumeLimits.ts';
import type { PluginContext } from './pluginContext.ts';
import { volumeBinding } from './plugins/volumeBinding.ts';
import { volumeRestrictions } from './plugins/volumeRestrictions.ts';
import { volumeZone } from './plugins/volumeZone.ts';
import { VolumeListers } from './volumeListers.ts';

/** What happens to each kind that waiting pods may be helped by: added, changed, deleted. */
const events: readonly (readonly [kind: AnyKind, ...names: (ClusterEvent | null)[]])[] = [
  [persistentVolumeClaims, 'ClaimAdd', 'ClaimUpdate', null],
  [persistentVolumes, 'VolumeAdd', 'VolumeUpdate', null],
  [storageClasses, 'StorageClassAdd', 'StorageClassUpdate', null],
  [csiNodes, 'CsiNodeAdd', 'CsiNodeUpdate', null],
  [csiStorageCapacities, 'CapacityAdd', 'CapacityUpdate', null],
  [volumeAttachments, null, null, 'AttachmentDelete'],
];

/** The plugins that look at pods' volumes; what happens to volumes is told to the pods that wait. */
export function volumePlugins({ client, informers, cache, move }: PluginContext): readonly Plugin[] {
  const listers = new VolumeListers(informers, cache);
  for (const [kind, added, changed, deleted] of events)
    informers.of(kind).onChange((now, before) => {
      const event = now === undefined ? deleted : before === undefined ? added : changed;
      if (event) move(event, before, now);
    });
  return [
    volumeRestrictions(listers),
    nodeVolumeLimits(listers),
    volumeBinding({ client, listers }),
    volumeZone(listers),
  ];
}
