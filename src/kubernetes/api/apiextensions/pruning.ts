// Upstream: apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
import { childPath, isFields, type JsonSchema, schemaOfField } from './jsonSchema.ts';

/** What every object has, whatever its schema says. */
const envelope = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The value without the fields that its schema does not know; the very same where it knows all. The paths of what was
 * taken out are added to `pruned`, in the order of the document.
 */
export function prune(value: unknown, schema: JsonSchema, pruned: string[], path = ''): unknown {
  const isRoot = path === '';
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return mapList(value, (entry, index) => prune(entry, items, pruned, `${path}[${index}]`));
  }
  if (!isFields(value)) return value;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const isOpen = schema.additionalProperties === true;
  let changed: Record<string, unknown> | undefined;
  for (const [name, before] of Object.entries(value)) {
    if ((isRoot || schema['x-kubernetes-embedded-resource']) && envelope.has(name)) continue;
    const own = schemaOfField(schema, name);
    const at = childPath(path, name);
    if (own === undefined) {
      if (keeps || isOpen) continue;
      pruned.push(at);
      delete (changed ??= { ...value })[name];
      continue;
    }
    const after = prune(before, own, pruned, at);
    if (after !== before) (changed ??= { ...value })[name] = after;
  }
  return changed ?? value;
}

/** The list with each entry mapped; the very same when none changed. */
export function mapList(list: readonly unknown[], map: (entry: unknown, index: number) => unknown): unknown {
  let changed: unknown[] | undefined;
  for (const [index, before] of list.entries()) {
    const after = map(before, index);
    if (after !== before) (changed ??= list.slice())[index] = after;
  }
  return changed ?? list;
}
