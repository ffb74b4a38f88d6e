import '../laterChecks.ts';
import { apiVersionOf, type Kind } from '../kind.ts';
import '../laterDefinitions.ts';
import type { KubeObject } from '../object.ts';
import { decode } from '../schema.ts';
import { validateCreate, validateStatusUpdate, validateUpdate } from '../validation.ts';

/** The server's clock in these tests. */
export const nowMs = Date.parse('2026-01-01T01:00:00Z');

/** What an object has once the server has taken it; `manifest` may set more. */
function metadataOf(kind: { readonly namespaced: boolean }, given: object): KubeObject['metadata'] {
  return {
    name: 'x',
    ...(kind.namespaced && { namespace: 'default' }),
    uid: 'u-1',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...given,
  };
}

/** A manifest decoded, defaulted and prepared, as a create leaves it in the store. */
export function created<T extends KubeObject>(kind: Kind<T>, manifest: object): T {
  const { metadata = {}, ...rest } = manifest as { metadata?: object };
  const body = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: metadataOf(kind, metadata),
    ...rest,
  };
  const { object } = decode(kind, body);
  const defaulted = kind.defaults?.(object) ?? object;
  return kind.prepareForCreate?.(defaulted) ?? defaulted;
}

/** As `created`, with a status and what else a create would reset. */
export function stored<T extends KubeObject>(kind: Kind<T>, manifest: object): T {
  const { status } = manifest as { status?: object };
  const object = created(kind, manifest);
  return status === undefined ? object : { ...object, status };
}

function texts(errors: readonly { readonly field: string; readonly message: string }[]): string[] {
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

/** What the server says is wrong with a manifest that shall be created. */
export function createErrors<T extends KubeObject>(kind: Kind<T>, manifest: object): string[] {
  return texts(validateCreate(kind, created(kind, manifest)));
}

/** What the server says when `next` shall replace what `manifest` made. */
export function updateErrors<T extends KubeObject>(kind: Kind<T>, manifest: object, next: object): string[] {
  return texts(validateUpdate(kind, stored(kind, next), stored(kind, manifest)));
}

/** What the server says when `status` shall be the status of what `manifest` made. */
export function statusErrors<T extends KubeObject>(
  kind: Kind<T>,
  manifest: object,
  status: object,
): string[] {
  const old = stored(kind, manifest);
  return texts(validateStatusUpdate(kind, { ...old, status }, old));
}

/** The cells of `kubectl get`, by the column's name; with `-o wide` all of them. */
export function cells<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  wide = false,
): Record<string, string | number | boolean> {
  const shown = kind.columns.filter(({ priority }) => wide || priority === 0);
  return Object.fromEntries(shown.map((column) => [column.name, column.value(object, nowMs)]));
}
