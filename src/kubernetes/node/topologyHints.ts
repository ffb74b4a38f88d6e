// Upstream: pkg/proxy/topology.go
import type { Backend } from './serviceRules.ts';
import type { Preference } from './serviceTable.ts';

export const zoneLabel = 'topology.kubernetes.io/zone';

/**
 * Keeps traffic on its node or in its zone as endpoints hint, where all of them do and one is for this node: those on
 * the node first. A zone without endpoints of its own uses all. `zoneOf` is the zone of a node.
 */
export function preferHinted(zoneOf: (node: string) => string | undefined): Preference {
  return (backends, node) => {
    if (backends[0]?.hints === undefined) return backends;
    const zone = zoneOf(node);
    return (
      hinted(backends, node, ({ hints }) => hints?.forNodes) ??
      hinted(backends, zone, ({ hints }) => hints?.forZones) ??
      backends
    );
  };
}

/** The backends that are hinted for a place; undefined where one has no such hint, or none is for the place. */
function hinted(
  backends: readonly Backend[],
  place: string | undefined,
  places: (backend: Backend) => readonly { readonly name: string }[] | undefined,
): readonly Backend[] | undefined {
  if (place === undefined || !backends.every((backend) => (places(backend)?.length ?? 0) > 0))
    return undefined;
  const own = backends.filter((backend) => places(backend)!.some(({ name }) => name === place));
  return own.length > 0 ? own : undefined;
}
