import type { Secret } from '#generated/types/core.v1.ts';
import { encodeBase64 } from '../base64.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { withDefaults } from '../sharing.ts';

export type { Secret };

/** `stringData` is write-only: its texts move into `data`, encoded. */
function mergeStringData(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (stringData === undefined) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)] as const);
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}

export const secrets: Kind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.Secret',
  hasStatus: false,
  defaults: (secret) => withDefaults(mergeStringData(secret), { type: 'Opaque' }),
  selectableFields: ['type'],
  fieldValue: (secret) => secret.type ?? '',
  columns: [
    nameColumn,
    column('Type', ({ type }) => type ?? ''),
    column('Data', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],
};
