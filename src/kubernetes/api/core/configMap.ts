import type { ConfigMap } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkConfigMapKey } from '#kubernetes/apimachinery/names.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';

export type { ConfigMap };

/** Upstream: MaxSecretSize, 1 MiB. Counted in characters here. */
export const dataLengthMax = 1024 * 1024;

const count = (map: object | undefined) => (map ? Object.keys(map).length : 0);

export const configMaps: Kind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ConfigMap',
  hasStatus: false,

  validate({ data = {}, binaryData = {} }) {
    const errors = [];
    let length = 0;
    for (const [key, value] of Object.entries(data)) {
      errors.push(...invalidFor(`data[${key}]`, key, checkConfigMapKey(key)));
      if (binaryData[key] !== undefined)
        errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
      length += value.length;
    }
    for (const [key, value] of Object.entries(binaryData)) {
      errors.push(...invalidFor(`binaryData[${key}]`, key, checkConfigMapKey(key)));
      length += (value.length / 4) * 3;
    }
    if (length > dataLengthMax) errors.push(tooLong('[]', dataLengthMax));
    return errors;
  },

  validateUpdate(configMap, old) {
    if (!old.immutable) return [];
    const why = 'field is immutable when `immutable` is set';
    return (['immutable', 'data', 'binaryData'] as const)
      .filter((field) => !deepEqual(configMap[field], old[field]))
      .map((field) => forbidden(field, why));
  },

  columns: [nameColumn, column('Data', ({ data, binaryData }) => count(data) + count(binaryData)), ageColumn],
};
