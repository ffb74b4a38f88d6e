import type { ObjectMeta } from '#generated/types/meta.v1.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { GraphNode } from './ownerGraph.ts';

/** Changes the metadata of the very version that the graph knows; a newer one is a Conflict, and tried again. */
export function writeMetadata(
  client: Client,
  { kind, object }: GraphNode,
  change: Partial<Pick<ObjectMeta, 'ownerReferences' | 'finalizers'>>,
): void {
  const { namespace = '', name, uid, resourceVersion } = object.metadata;
  const body = { metadata: { uid, resourceVersion, ...change } };
  try {
    client.patch(kind, namespace, name, { type: 'merge', body });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

export function removeFinalizer(client: Client, node: GraphNode, finalizer: string): void {
  const finalizers = (node.object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  writeMetadata(client, node, { finalizers });
}
