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
  const { finalizers: present = [], ...metadata } = object.metadata;
  const finalizers = present.filter((entry) => entry !== finalizer);
  try {
    client.update(kind, {
      ...object,
      metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }) },
    });
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}
