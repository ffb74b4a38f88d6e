import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { Kind } from '../kind.ts';
import type { KubeObject } from '../object.ts';

/** What clients read and write of anything that can be scaled: it is stored nowhere. */
export const scales: Kind<Scale & KubeObject> = {
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
