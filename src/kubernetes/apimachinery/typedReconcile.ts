// Upstream: sigs.k8s.io/structured-merge-diff/typed/reconcile_schema.go
import { type FieldSet, fieldSet, leaf } from './fieldSet.ts';
import type { TypedSchema } from './typedSchema.ts';

/**
 * The set in a schema where parts have become atomic since it was written: who had something in one has all of it now.
 * The very same where nothing has. What has become granular stays with whoever had all of it, as one field.
 */
export function withAtomicParts(schema: TypedSchema, set: FieldSet): FieldSet {
  if (set.keys.length === 0) return set;
  if (isAtomic(schema)) return leaf;
  const children = set.children.map((child, at) => {
    const inner = schemaAt(schema, set.keys[at]!);
    return inner === undefined ? child : withAtomicParts(inner, child);
  });
  return children.every((child, at) => child === set.children[at])
    ? set
    : fieldSet(set.owned, set.keys, children);
}

function isAtomic(schema: TypedSchema): boolean {
  switch (schema.is) {
    case 'struct':
    case 'map':
      return schema.atomic;
    case 'list':
      return schema.type === 'atomic';
    default:
      return false;
  }
}

function schemaAt(schema: TypedSchema, key: string): TypedSchema | undefined {
  switch (schema.is) {
    case 'struct':
      return schema.field(key.slice(2))?.schema;
    case 'map':
    case 'list':
      return schema.of;
    default:
      return undefined;
  }
}
