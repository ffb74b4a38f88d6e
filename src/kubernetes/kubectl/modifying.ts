import type { KubeObject } from '#kubernetes/api/object.ts';
import { throwAll } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { patchBetween } from './objectPatch.ts';
import type { Target } from './target.ts';
import { targetsOf, type Selection } from './targets.ts';
import { dryRunOf, dryRunQuery, resultPrinter } from './writing.ts';

/**
 * Fetches what the arguments name, lets `change` make each object anew, sends the difference as a patch, and
 * prints `operation`. Objects that come back as they were are left alone and nothing is said of them.
 */
export async function modifyTargets(
  invocation: Invocation,
  selection: Selection,
  operation: string,
  change: (target: Target) => KubeObject | Promise<KubeObject>,
): Promise<void> {
  const { flags, client } = invocation;
  const dryRun = await dryRunOf(invocation);
  const print = resultPrinter(invocation, dryRun);
  const { targets, errors } = await targetsOf(invocation, {
    all: flags.bool('all'),
    labelSelector: flags.text('selector'),
    fieldSelector: flags.text('field-selector'),
    allNamespaces: flags.bool('all-namespaces'),
    fetch: !flags.bool('local'),
    ...selection,
  });
  for (const target of targets) {
    const { resource, namespace, name, source } = target;
    try {
      const live =
        source === '' || flags.bool('local') ? target.object : await client.get(resource, namespace, name);
      const changed = await change({ ...target, object: live });
      const { patch, type } = patchBetween(live, changed);
      const local = dryRun === 'client' || flags.bool('local');
      if (Object.keys(patch).length === 0 && !local) continue;
      const query = { ...dryRunQuery(dryRun), fieldManager: flags.text('field-manager') || undefined };
      await print(
        local ? changed : await client.patch(resource, namespace, name, patch, { type, query }),
        operation,
      );
    } catch (error) {
      errors.push(error);
    }
  }
  throwAll(errors);
}
