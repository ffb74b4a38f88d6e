// Upstream: apimachinery/pkg/util/managedfields/internal/stripmeta.go, pkg/registry/*/strategy.go GetResetFields
import { customApplySchema } from '#kubernetes/api/apiextensions/applySchema.ts';
import { applySchemaOf } from '#kubernetes/api/applySchema.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import {
  type FieldSet,
  fieldSet,
  fieldSetOf,
  noFields,
  recursiveDifference,
  union,
} from '#kubernetes/apimachinery/fieldSet.ts';
import { writesStatus } from '../requestInfo.ts';
import {
  type Comparison,
  compareField,
  Difference,
  writtenOut,
} from '#kubernetes/apimachinery/typedCompare.ts';
import { type Fields, nameElement, type TypedSchema } from '#kubernetes/apimachinery/typedSchema.ts';

const metadataSchema = applySchemaOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');

/** Fields of metadata that the server owns: they never have a manager. */
const serverOwned = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/** What no manager owns: see `serverOwned`. */
export const stripped: FieldSet = [
  fieldSetOf('f:apiVersion'),
  fieldSetOf('f:kind'),
  fieldSet(true, ['f:metadata'], [fieldSetOf()]),
  ...[...serverOwned].map((name) => fieldSetOf('f:metadata', nameElement(name))),
].reduce(union);

/** What server-side apply must know of a kind. */
export function schemaOf(kind: AnyKind): TypedSchema {
  return kind.custom ? customApplySchema(kind.custom) : applySchemaOf(kind.schema);
}

/** Parts of the status that one of the doors to it does not take. */
const keptParts: Readonly<Record<string, FieldSet>> = {
  'certificatesigningrequests approval': fieldSetOf('f:status', 'f:certificate'),
  'certificatesigningrequests status': fieldSetOf('f:status', 'f:conditions'),
};

function keptPartOf({ plural }: AnyKind, subresource: string): FieldSet {
  return subresource === '' ? noFields : (keptParts[`${plural} ${subresource}`] ?? noFields);
}

/** True for a top-level field that a write through this door does not take: it stays as it was, and is not owned. */
function isReset(kind: AnyKind, name: string, subresource: string): boolean {
  if (writesStatus(subresource)) return name !== 'status';
  return name === 'status' && kind.hasStatus;
}

/** The set of what a write through this door does not take, for what is applied. */
export function resetFields(kind: AnyKind, fields: FieldSet, subresource: string): FieldSet {
  return fields.keys
    .filter((key) => isReset(kind, key.slice(2), subresource))
    .map((key) => fieldSetOf(key))
    .reduce(union, keptPartOf(kind, subresource));
}

/**
 * What differs between two objects of a kind, as far as it has owners and a write through this door takes it.
 * Throws UniqueListChanged unless `explicit`.
 */
export function compareObjects(
  kind: AnyKind,
  before: Fields,
  after: Fields,
  subresource: string,
  explicit = false,
): Comparison {
  const schema = schemaOf(kind);
  const difference = new Difference();
  const visit = (name: string) => {
    if (before[name] === after[name] || name === 'apiVersion' || name === 'kind') return;
    if (isReset(kind, name, subresource)) return;
    difference.add(
      nameElement(name),
      name === 'metadata'
        ? compareMetadata(before[name] as Fields, after[name] as Fields)
        : compareTop(schema, name, before[name], after[name], explicit),
    );
  };
  if (writesStatus(subresource)) visit('status');
  else {
    for (const name in after) visit(name);
    for (const name in before) if (!(name in after)) visit(name);
  }
  const { changed, removed } = difference.end();
  const kept = keptPartOf(kind, subresource);
  if (kept === noFields) return { changed, removed };
  return { changed: recursiveDifference(changed, kept), removed: recursiveDifference(removed, kept) };
}

const unchanged: Comparison = { changed: noFields, removed: noFields };

function compareTop(
  schema: TypedSchema,
  name: string,
  before: unknown,
  after: unknown,
  explicit: boolean,
): Comparison {
  if (schema.is !== 'struct') return compareField({ is: 'deduced' }, before, after, false, explicit);
  const field = schema.field(name);
  if (field === undefined) return unchanged;
  if (name !== 'spec' || before !== undefined || typeof after !== 'object' || after === null)
    return compareField(field.schema, before, after, field.present, explicit);
  // Replicas share what they were made with: its fields are looked for once.
  const known = appeared.get(after);
  if (known?.schema === field.schema) return known.comparison;
  const comparison = compareField(field.schema, before, after, field.present, explicit);
  appeared.set(after, { schema: field.schema, comparison });
  return comparison;
}

const appeared = new WeakMap<object, { readonly schema: TypedSchema; readonly comparison: Comparison }>();

/** The few fields of metadata that have owners. */
const ownedNames = ['annotations', 'finalizers', 'generateName', 'labels', 'ownerReferences'] as const;

function compareMetadata(before: Fields = {}, after: Fields = {}): Comparison {
  if (metadataSchema.is !== 'struct') return unchanged;
  const difference = new Difference();
  for (const name of ownedNames) {
    if (before[name] === after[name]) continue;
    const field = metadataSchema.field(name)!;
    difference.add(field.key, compareField(field.schema, before[name], after[name], field.present, true));
  }
  return difference.end();
}

/** The set with items that it names by their place named by their keys in `object`. */
export function explicitFields(kind: AnyKind, fields: FieldSet, object: KubeObject): FieldSet {
  return writtenOut(schemaOf(kind), fields, object);
}
