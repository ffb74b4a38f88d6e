// Upstream: kubectl/pkg/cmd/wait/delete.go
import { Timeout } from './apiStream.ts';
import { CommandError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import type { Target } from './target.ts';

/** What `--timeout=0` means to delete and wait: a week. */
export const weekMs = 168 * 3_600_000;

/** Waits until the object is deleted, or was replaced by another of its name. Throws at the deadline. */
export async function waitUntilGone(
  invocation: Invocation,
  { resource, namespace, name }: Pick<Target, 'resource' | 'namespace' | 'name'>,
  uid: string | undefined,
  deadlineMs: number,
): Promise<void> {
  const { client } = invocation;
  const fieldSelector = `metadata.name=${name}`;
  try {
    for (;;) {
      const found = await client.find(resource, namespace, name);
      if (found === null || (uid !== undefined && found.metadata.uid !== uid)) return;
      const { metadata, items } = await client.list(resource, namespace, { fieldSelector });
      if (items.length === 0) return;
      const query = { fieldSelector, resourceVersion: metadata.resourceVersion };
      for await (const event of client.watch(resource, namespace, query, { deadlineMs })) {
        if (event.type === 'DELETED') return;
        if (event.type === 'ERROR') break;
      }
    }
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
    throw new CommandError(`timed out waiting for the condition on ${resource.plural}/${name}`);
  }
}
