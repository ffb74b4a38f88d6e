import type { AnyKind } from '../kind.ts';

/** What clients read and write of anything that can be scaled: it is stored nowhere. */
export const scales: AnyKind = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  singular: 'scale',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.autoscaling.v1.Scale',
  hasStatus: true,
  columns: [],
};
