import type { AnyKind } from '../kind.ts';

/** Which node a pod is to run on: it is created and never read. */
export const bindings: AnyKind = {
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  singular: 'binding',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Binding',
  hasStatus: false,
  verbs: ['create'],
  columns: [],
};
