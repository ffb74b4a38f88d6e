import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** Takes a finalizer off an object; one that is gone needs nothing. A stale cache is a Conflict, and tried again. */
export function removeFinalizer<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  object: T,
  finalizer: string,
): void {
  const { namespace = '', name, uid, resourceVersion, finalizers: present = [] } = object.metadata;
  const finalizers = present.filter((entry) => entry !== finalizer);
  const body = { metadata: { uid, resourceVersion, finalizers } };
  try {
    client.patch(kind, namespace, name, { type: 'merge', body });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}
