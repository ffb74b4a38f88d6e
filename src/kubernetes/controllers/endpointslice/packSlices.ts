// Upstream: staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping
import type { Endpoint, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';

/** Upstream: --max-endpoints-per-slice */
export const endpointsPerSliceMax = 100;

/** How the slices of one group of ports must change. */
export interface Packing {
  /** Endpoints of slices that are to be created. */
  readonly created: Endpoint[][];
  readonly updated: { readonly slice: EndpointSlice; readonly endpoints: readonly Endpoint[] }[];
  readonly deleted: EndpointSlice[];
}

/** An endpoint is the same as long as its pod is. */
function identityOf({ addresses, targetRef }: Endpoint): string {
  return targetRef?.uid ?? addresses.join(',');
}

/**
 * Puts `desired` into slices with as few writes as it can: endpoints stay where they are, new ones fill slices
 * that change anyway, then a slice that has room for all that are left, then new slices.
 */
export function packSlices(existing: readonly EndpointSlice[], desired: readonly Endpoint[]): Packing {
  const left = new Map(desired.map((endpoint) => [identityOf(endpoint), endpoint]));
  const kept = existing.map((slice) => keepDesired(slice, left));
  for (const entry of kept) {
    if (entry.isChanged && entry.endpoints.length > 0) fill(entry.endpoints, left);
  }
  const created: Endpoint[][] = [];
  while (left.size > 0) {
    const roomy = kept.find(
      (entry) => !entry.isChanged && entry.endpoints.length + left.size <= endpointsPerSliceMax,
    );
    if (roomy !== undefined) roomy.isChanged = true;
    else created.push([]);
    fill(roomy?.endpoints ?? created.at(-1)!, left);
  }
  return {
    created,
    updated: kept.filter(({ isChanged, endpoints }) => isChanged && endpoints.length > 0),
    deleted: kept.filter(({ endpoints }) => endpoints.length === 0).map(({ slice }) => slice),
  };
}

interface Kept {
  readonly slice: EndpointSlice;
  readonly endpoints: Endpoint[];
  isChanged: boolean;
}

/** What stays of a slice, brought up to date, and taken out of what is left to place. */
function keepDesired(slice: EndpointSlice, left: Map<string, Endpoint>): Kept {
  const endpoints: Endpoint[] = [];
  let isChanged = false;
  for (const present of slice.endpoints ?? []) {
    const identity = identityOf(present);
    const wanted = left.get(identity);
    if (wanted === undefined || endpoints.length >= endpointsPerSliceMax) {
      isChanged = true;
      continue;
    }
    left.delete(identity);
    const isSame = deepEqual(present, wanted);
    endpoints.push(isSame ? present : wanted);
    if (!isSame) isChanged = true;
  }
  return { slice, endpoints, isChanged };
}

function fill(endpoints: Endpoint[], left: Map<string, Endpoint>): void {
  for (const [identity, endpoint] of left) {
    if (endpoints.length >= endpointsPerSliceMax) return;
    endpoints.push(endpoint);
    left.delete(identity);
  }
}
