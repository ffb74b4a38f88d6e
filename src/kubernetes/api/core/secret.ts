import type { Secret } from '#generated/types/core.v1.ts';
import { forbidden, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkConfigMapKey } from '#kubernetes/apimachinery/names.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { encodeBase64 } from '../base64.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults } from '../sharing.ts';
import { dataLengthMax } from './configMap.ts';

export type { Secret };

/** `stringData` is write-only: its texts move into `data`, encoded. */
function mergeStringData(secret: Secret): Secret {
  const { stringData, ...rest } = secret;
  if (stringData === undefined) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)] as const);
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}

/** Keys that secrets of a type must have; of a list of lists, one of each. */
const keysOfType: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
};

const serviceAccountAnnotation = 'kubernetes.io/service-account.name';

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

  validate({ type = '', data = {}, metadata }) {
    const errors = [];
    let length = 0;
    for (const [key, value] of Object.entries(data)) {
      errors.push(...invalidFor(`data[${key}]`, key, checkConfigMapKey(key)));
      length += (value.length / 4) * 3;
    }
    if (length > dataLengthMax) errors.push(tooLong('data', dataLengthMax));
    for (const keys of keysOfType[type] ?? []) {
      if (keys.some((key) => data[key] !== undefined)) continue;
      errors.push(...keys.map((key) => required(`data[${key}]`)));
    }
    if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[serviceAccountAnnotation])
      errors.push(required(`metadata.annotations[${serviceAccountAnnotation}]`));
    return errors;
  },

  validateUpdate(secret, old) {
    const errors = validateImmutable('type', secret.type, old.type);
    if (!old.immutable) return errors;
    const why = 'field is immutable when `immutable` is set';
    const changed = (['immutable', 'data'] as const).filter((field) => !deepEqual(secret[field], old[field]));
    return [...errors, ...changed.map((field) => forbidden(field, why))];
  },

  selectableFields: ['type'],
  fieldValue: (secret) => secret.type ?? '',
  columns: [
    nameColumn,
    column('Type', ({ type }) => type ?? ''),
    column('Data', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],
};
