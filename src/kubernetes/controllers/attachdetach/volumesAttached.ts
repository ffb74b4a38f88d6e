// Upstream: pkg/controller/volume/attachdetach/statusupdater/node_status_updater.go
import type { Node, PersistentVolume } from '#generated/types/core.v1.ts';
import type { VolumeAttachment } from '#generated/types/storage.v1.ts';
import { attachableName } from '#kubernetes/api/attachableVolumes.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Informer } from '#kubernetes/client/informer.ts';

/** Keeps in each node's status what is attached to it: that is where its kubelet reads it. */
export class VolumesAttached {
  readonly #client: Client;
  readonly #nodes: Informer<Node>;
  readonly #attachments: Informer<VolumeAttachment>;
  readonly #volume: (name: string) => PersistentVolume | undefined;

  constructor(
    client: Client,
    nodeCache: Informer<Node>,
    attachments: Informer<VolumeAttachment>,
    volume: (name: string) => PersistentVolume | undefined,
  ) {
    this.#client = client;
    this.#nodes = nodeCache;
    this.#attachments = attachments;
    this.#volume = volume;
  }

  /** An attachment of the node has changed. */
  changed(node: string): void {
    this.#write(node, null);
  }

  /** What is about to be detached goes from the status first. */
  remove({ metadata, spec }: VolumeAttachment): void {
    this.#write(spec.nodeName, metadata.name);
  }

  #write(node: string, except: string | null): void {
    const present = this.#nodes.get(node);
    if (present === undefined) return;
    const names: string[] = [];
    for (const { metadata, spec, status } of this.#attachments.by('node', node)) {
      if (!status?.attached || metadata.deletionTimestamp !== undefined || metadata.name === except) continue;
      const volume = this.#volume(spec.source.persistentVolumeName ?? '');
      const name = volume && attachableName(volume);
      if (name) names.push(name);
    }
    const volumesAttached = names.sort().map((name) => ({ name, devicePath: '' }));
    if (deepEqual(volumesAttached, present.status.volumesAttached ?? [])) return;
    const body = { status: { volumesAttached: volumesAttached.length > 0 ? volumesAttached : null } };
    try {
      this.#client.patch(nodes, '', node, { type: 'merge', body, subresource: 'status' });
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}
