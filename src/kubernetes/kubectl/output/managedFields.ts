// Upstream: cli-runtime/pkg/printers/managedfields.go

/** An object, or a list of them, without what it says of its fields' owners: people read the rest. */
export function withoutManagedFields(object: unknown): unknown {
  const { items, metadata } = object as {
    items?: readonly unknown[];
    metadata?: { managedFields?: unknown };
  };
  if (items) return { ...(object as object), items: items.map(withoutManagedFields) };
  if (metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...kept } = metadata;
  return { ...(object as object), metadata: kept };
}
