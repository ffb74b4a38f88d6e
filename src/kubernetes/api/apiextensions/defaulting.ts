// Upstream: apiextensions-apiserver/pkg/apiserver/schema/defaulting/{algorithm,prunenulls}.go
import { isFields, type JsonSchema, schemaOfField } from './jsonSchema.ts';
import { mapList } from './pruning.ts';

/**
 * The value with what its schema gives by default where a field is missing, or null although it may not be; the very
 * same where nothing is missing.
 */
export function withDefaults(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : mapList(value, (entry) => withDefaults(entry, items));
  }
  if (!isFields(value)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [name, own] of Object.entries(schema.properties ?? {})) {
    const before = value[name];
    const isMissing = before === undefined || (before === null && own.nullable !== true);
    if (isMissing && own.default !== undefined) (changed ??= { ...value })[name] = own.default;
  }
  const filled = changed ?? value;
  for (const [name, before] of Object.entries(filled)) {
    const own = schemaOfField(schema, name);
    if (own === undefined) continue;
    const after = withDefaults(before, own);
    if (after !== before) (changed ??= { ...value })[name] = after;
  }
  return changed ?? value;
}
