import type { KubeObject } from '#kubernetes/api/object.ts';

/** The class that one of the annotations marks as the default; of several the newest, then the first by name. */
export function defaultClassOf<T extends KubeObject>(
  classes: readonly T[],
  annotations: readonly string[],
): T | undefined {
  return classes
    .filter(({ metadata }) => annotations.some((name) => metadata.annotations?.[name] === 'true'))
    .toSorted(({ metadata: a }, { metadata: b }) => {
      if (a.creationTimestamp !== b.creationTimestamp)
        return a.creationTimestamp > b.creationTimestamp ? -1 : 1;
      return a.name < b.name ? -1 : 1;
    })[0];
}
