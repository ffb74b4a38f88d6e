import type { KubeObject } from '#kubernetes/api/object.ts';
import { decode } from '#kubernetes/api/schema.ts';
import type { AdmissionRequest } from '../context.ts';

/** An object that a policy or webhook has patched: read against its schema, its defaults filled in again. */
export function completed(object: KubeObject, { kind }: AdmissionRequest): KubeObject {
  const { object: read } = decode(kind, object, 'Ignore');
  return kind.defaults?.(read) ?? read;
}
