// Upstream: pkg/printers/internalversion/printers.go
import type { PodSpec } from '#generated/types/core.v1.ts';
import { age } from './age.ts';
import type { Column } from './kind.ts';
import type { KubeObject } from './object.ts';

type Cell = string | number | boolean;

/** A column that is always shown. */
export function column<T>(
  name: string,
  value: (object: T, nowMs: number) => Cell,
  type: Column<T>['type'] = 'string',
  description?: string,
): Column<T> {
  return { name, type, priority: 0, value, ...(description !== undefined && { description }) };
}

/** A column of `-o wide`. */
export function wideColumn<T>(
  name: string,
  value: (object: T, nowMs: number) => Cell,
  type: Column<T>['type'] = 'string',
  description?: string,
): Column<T> {
  return { ...column(name, value, type, description), priority: 1 };
}

export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  value: (object) => object.metadata.name,
};

export const ageColumn: Column<KubeObject> = column('Age', (object, nowMs) =>
  age(object.metadata.creationTimestamp, nowMs),
);

/** `Containers` and `Images`, which every kind with a pod template shows with `-o wide`. */
export function containerColumns<T>(podSpec: (object: T) => PodSpec | undefined): Column<T>[] {
  const containers = (object: T) => podSpec(object)?.containers ?? [];
  return [
    wideColumn(
      'Containers',
      (object) =>
        containers(object)
          .map(({ name }) => name)
          .join(','),
      'string',
      'Names of each container in the template.',
    ),
    wideColumn(
      'Images',
      (object) =>
        containers(object)
          .map(({ image }) => image ?? '')
          .join(','),
      'string',
      'Images referenced by each container in the template.',
    ),
  ];
}
