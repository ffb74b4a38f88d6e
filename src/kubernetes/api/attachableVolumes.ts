// Upstream: pkg/volume/util/util.go GetUniqueVolumeName, pkg/volume/csi/csi_attacher.go getAttachmentName
import type { PersistentVolume } from '#generated/types/core.v1.ts';
import { hex, sha256 } from '#kubernetes/apimachinery/sha256.ts';

/** How nodes call a volume that has to be attached first; null for one that has not. */
export function attachableName({ spec }: PersistentVolume): string | null {
  return spec.csi ? `kubernetes.io/csi/${spec.csi.driver}^${spec.csi.volumeHandle}` : null;
}

/** What the names of attachments by the attach/detach controller begin with. */
export const attachmentPrefix = 'csi-';

/** The name of the object that attaches a volume to a node. */
export function attachmentName(handle: string, driver: string, node: string): string {
  return `${attachmentPrefix}${hex(sha256(`${handle}${driver}${node}`)).toLowerCase()}`;
}
