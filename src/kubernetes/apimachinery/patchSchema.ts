import { badRequest } from './statusError.ts';

/** What a strategic merge must know of one field. */
export interface PatchField {
  /** Lists with `merge` are merged, all others replaced; objects with `replace` are replaced, all others merged. */
  readonly strategy?: 'merge' | 'replace';
  /** Whether a diff names the fields that shall stay, so that all others are cleared: for unions. */
  readonly retainKeys?: boolean;
  /** The field that identifies an element of a merged list of objects. */
  readonly mergeKey?: string;
  /** The type of the object, or of a list's elements; undefined for scalars and for what has no schema. */
  readonly value?: PatchSchema | undefined;
}

/** A type, as far as a strategic merge must know it. */
export interface PatchSchema {
  /** As error sentences name it: `PodSpec`. */
  readonly name: string;
  /** The rules of a field, undefined where the type has none of that name. A map has every name. */
  field(name: string): PatchField | undefined;
}

const free: PatchField = {};

/** The rules of a field. Throws a BadRequest where the type has no such field. */
export function patchFieldOf(schema: PatchSchema | undefined, name: string): PatchField {
  if (!schema) return free;
  const field = schema.field(name);
  if (field) return field;
  const json = JSON.stringify(name);
  throw badRequest(`unable to find api field in struct ${schema.name} for the json field ${json}`);
}
