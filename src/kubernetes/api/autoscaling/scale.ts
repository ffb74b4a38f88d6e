// Upstream: pkg/printers/internalversion/printers.go printScale
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { AnyKind } from '../kind.ts';
import type { KubeObject } from '../object.ts';

const replicasOf = (object: KubeObject) => object as KubeObject & Scale;

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
  columns: [
    nameColumn,
    column('Desired', (object) => replicasOf(object).spec?.replicas ?? 0, 'integer'),
    column('Available', (object) => replicasOf(object).status?.replicas ?? 0, 'integer'),
    ageColumn,
  ],
};
