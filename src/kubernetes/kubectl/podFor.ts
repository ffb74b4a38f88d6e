// Upstream: kubectl/pkg/polymorphichelpers/{attachablepodforobject,helpers}.go
import type { Pod } from '#generated/types/core.v1.ts';
import { isPodReady, podCondition } from '#kubernetes/api/podStatus.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { selectorFromSet, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { Timeout } from './apiStream.ts';
import { CommandError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { assertBuiltIn } from './replicaSets.ts';
import { readReferences } from './targets.ts';

interface Selecting extends KubeObject {
  readonly spec?: { readonly selector?: object };
}

/** The selector of a workload or service, in string form. */
function selectorTextOf(object: Selecting): string {
  const { selector } = object.spec ?? {};
  if (object.kind === 'Service' || object.kind === 'ReplicationController') {
    if (!selector)
      throw new CommandError(
        `invalid service '${object.metadata.name}': Service is defined without a selector`,
      );
    return selectorFromSet(selector as Record<string, string>).toString();
  }
  if (!selector)
    throw new CommandError(
      `cannot attach to *unstructured.Unstructured: selector for ${object.kind} ${object.metadata.name} not found`,
    );
  return selectorOf(selector).toString();
}

/**
 * The pods behind `POD` or `TYPE/NAME`, best first: those that run and are ready come before others. Where
 * there is none yet it waits for `timeoutMs`.
 */
export async function podsFor(
  invocation: Invocation,
  named: string,
  timeoutMs: number,
  active = false,
): Promise<Pod[]> {
  const pods = (await invocation.mapper()).get('', 'pods');
  const [reference] = named.includes('/')
    ? await readReferences(invocation, [named])
    : [{ resource: pods, name: named }];
  const { resource, name = '' } = reference!;
  const { client, namespace } = invocation;
  if (resource === pods) return [await client.get<Pod>(pods, namespace, name)];
  const owner = await client.get<Selecting>(resource, namespace, name);
  assertBuiltIn(owner);
  const labelSelector = selectorTextOf(owner);
  const { metadata, items } = await client.list<Pod>(pods, namespace, { labelSelector });
  if (items.length > 0) return sortPods(items, active);
  try {
    const query = { labelSelector, resourceVersion: metadata.resourceVersion };
    const deadlineMs = invocation.nowMs + timeoutMs;
    for await (const { type, object } of client.watch(pods, namespace, query, { deadlineMs })) {
      if (type === 'ADDED') return [object as Pod];
    }
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
  }
  throw new CommandError('timed out waiting for the condition');
}

/**
 * Placed first, running first, ready first, longest ready first, oldest first. Upstream: kubectl/pkg/util/podutils
 * ByLogging; ActivePods, which exec and attach use, also prefers pods that are not being deleted.
 */
function sortPods(pods: readonly Pod[], active: boolean): Pod[] {
  const phases: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };
  const rank = (pod: Pod) =>
    (pod.spec.nodeName ? 0 : 16) +
    (phases[pod.status.phase ?? ''] ?? 3) * 4 +
    (isPodReady(pod) ? 0 : 2) +
    (active && pod.metadata.deletionTimestamp ? 1 : 0);
  const since = (pod: Pod) =>
    `${podCondition(pod, 'Ready')?.lastTransitionTime ?? '9'} ${pod.metadata.creationTimestamp ?? ''}`;
  return [...pods].sort(
    (a, b) => rank(a) - rank(b) || (since(a) < since(b) ? -1 : since(a) > since(b) ? 1 : 0),
  );
}

/** The container that a pod's annotation or order makes the default; with a note when there is a choice. */
export function defaultContainer(pod: Pod): { name: string; note: string } {
  const wanted = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...containers, ...ephemeralContainers, ...initContainers];
  if (wanted && all.some(({ name }) => name === wanted)) return { name: wanted, note: '' };
  const name = containers[0]!.name;
  if (all.length === 1) return { name, note: '' };
  const list = [
    ...containers.map((container) => container.name),
    ...ephemeralContainers.map((container) => `${container.name} (ephem)`),
    ...initContainers.map((container) => `${container.name} (init)`),
  ];
  return { name, note: `Defaulted container ${JSON.stringify(name)} out of: ${list.join(', ')}\n` };
}
