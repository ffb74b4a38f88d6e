// Upstream: kubectl/pkg/polymorphichelpers/{attachablepodforobject,helpers}.go
import type { Pod } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { selectorFromSet, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { CommandError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { referencesOf } from './targets.ts';

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
    return String(selectorFromSet(selector as Record<string, string>));
  }
  if (!selector) throw new CommandError(`selector for ${object.kind} ${object.metadata.name} not found`);
  return String(selectorOf(selector));
}

/** The pods behind `POD` or `TYPE/NAME`, best first: those that run and are ready come before others. */
export async function podsFor(invocation: Invocation, named: string): Promise<Pod[]> {
  const mapper = await invocation.mapper();
  const pods = mapper.get('', 'pods');
  const [reference] = named.includes('/') ? referencesOf(mapper, [named]) : [{ resource: pods, name: named }];
  const { resource, name = '' } = reference!;
  const { client, namespace } = invocation;
  if (resource === pods) return [await client.get<Pod>(pods, namespace, name)];
  const object = await client.get<Selecting>(resource, namespace, name);
  const { items } = await client.list<Pod>(pods, namespace, { labelSelector: selectorTextOf(object) });
  return sortPods(items);
}

/** Upstream: kubectl/pkg/util/podutils ByLogging: running first, ready first, oldest first. */
export function sortPods(pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod) =>
    (pod.spec.nodeName ? 0 : 4) +
    (pod.status.phase === 'Running' ? 0 : pod.status.phase === 'Pending' ? 1 : 2) +
    (isPodReady(pod) ? 0 : 0.5);
  const created = (pod: Pod) => pod.metadata.creationTimestamp ?? '';
  return [...pods].sort(
    (a, b) => rank(a) - rank(b) || (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0),
  );
}

/** The container that a pod's annotation or order makes the default; with a note when there is a choice. */
export function defaultContainer(pod: Pod): { name: string; note: string } {
  const wanted = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  if (wanted && all.some(({ name }) => name === wanted)) return { name: wanted, note: '' };
  const name = pod.spec.containers[0]!.name;
  if (all.length === 1) return { name, note: '' };
  const list = [
    ...pod.spec.containers.map((container) => container.name),
    ...(pod.spec.initContainers ?? []).map((container) => `${container.name} (init)`),
  ];
  return { name, note: `Defaulted container ${JSON.stringify(name)} out of: ${list.join(', ')}\n` };
}
