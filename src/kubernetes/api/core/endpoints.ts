import type { Endpoints, EndpointSubset } from '#generated/types/core.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { Endpoints };

/** So many addresses the Endpoints column names before it says how many more there are. */
const shownMax = 3;

/** Upstream: formatEndpoints in pkg/printers/internalversion/printers.go. */
function formatEndpoints(subsets: readonly EndpointSubset[] | undefined): string {
  const all = (subsets ?? []).flatMap(({ addresses, ports }) =>
    ports === undefined || ports.length === 0
      ? (addresses ?? []).map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          (addresses ?? []).map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`),
        ),
  );
  if (all.length === 0) return '<none>';
  const shown = all.slice(0, shownMax).join(',');
  return all.length > shownMax ? `${shown} + ${all.length - shownMax} more...` : shown;
}

export const endpoints: Kind<Endpoints> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Endpoints',
  hasStatus: false,
  defaults: (object) =>
    withField(
      object,
      'subsets',
      mapList(object.subsets, (subset) =>
        withField(
          subset,
          'ports',
          mapList(subset.ports, (port) => withDefaults(port, { protocol: 'TCP' })),
        ),
      ),
    ),
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  columns: [nameColumn, column('Endpoints', ({ subsets }) => formatEndpoints(subsets)), ageColumn],
};
