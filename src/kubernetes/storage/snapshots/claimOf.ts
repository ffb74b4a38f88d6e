import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import type { VolumeSnapshot } from './snapshotKinds.ts';

/** The claim that a snapshot is taken of, if there is one. */
export function claimOf(
  { informers }: SnapshotContext,
  { metadata, spec }: VolumeSnapshot,
): PersistentVolumeClaim | undefined {
  const name = spec.source.persistentVolumeClaimName;
  if (name === undefined) return undefined;
  return informers.of(persistentVolumeClaims).get(`${metadata.namespace}/${name}`);
}

export function missingClaim({ spec }: VolumeSnapshot): string {
  const name = spec.source.persistentVolumeClaimName ?? '';
  return `failed to retrieve PVC ${name} from the lister: "persistentvolumeclaim \\"${name}\\" not found"`;
}
