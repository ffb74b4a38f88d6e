// Upstream: sigs.k8s.io/structured-merge-diff/merge/update.go Apply, apimachinery/pkg/util/managedfields/internal
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import {
  difference,
  type FieldSet,
  intersection,
  noFields,
  pathsOf,
  recursiveDifference,
  union,
} from '#kubernetes/apimachinery/fieldSet.ts';
import { pathText } from '#kubernetes/apimachinery/fieldsV1.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { fieldsOf } from '#kubernetes/apimachinery/typedCompare.ts';
import { mergeTyped, removeFields, withNamedFields } from '#kubernetes/apimachinery/typedMerge.ts';
import { withAtomicParts } from '#kubernetes/apimachinery/typedReconcile.ts';
import type { Fields } from '#kubernetes/apimachinery/typedSchema.ts';
import type { ServerContext } from '../context.ts';
import { compareObjects, resetFields, schemaOf, stripped } from './objectFields.ts';
import { type Owner, ownedBy, Owners } from './owners.ts';
import type { Writer } from './ownership.ts';
import { convert, kindInVersion } from './versions.ts';

/** One manager's fields that others have and that it would change. */
export interface Conflict {
  readonly writer: Writer;
  readonly fields: FieldSet;
}

export interface Application {
  readonly kind: AnyKind;
  /** The object as it is, in the request's version; one of a new object has no fields. */
  readonly live: KubeObject;
  /** The applied configuration, valid. */
  readonly config: KubeObject;
  /** No set may be positional. */
  readonly owners: Owners;
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

export interface Applied {
  /** The merged object, before defaults. */
  readonly object: KubeObject;
  readonly owners: Owners;
  /** What was taken from others, or must not be. */
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges a configuration into an object: what the manager applied before and no longer does goes, unless somebody
 * else owns it. Conflicts are for the caller to refuse; the result is what force makes of them.
 */
export function applyConfiguration(application: Application, context: ServerContext): Applied {
  const { kind, live, config, manager, subresource, time } = application;
  const schema = schemaOf(kind);
  const isSelf = ({ writer }: Owner) =>
    writer.operation === 'Apply' && writer.manager === manager && writer.subresource === subresource;
  const known = application.owners.list.map((owner) => reconciled(owner, kind));
  const others = known.filter((owner) => !isSelf(owner));
  const last = known.find(isSelf);
  const claimed = fieldsOf(schema, config);
  const fields = recursiveDifference(claimed, resetFields(kind, claimed, subresource));
  const writer: Writer = { manager, operation: 'Apply', apiVersion: apiVersionOf(kind), subresource };
  const self: Owner = { writer, time, fields };
  const merged = mergeTyped(schema, live, config) as KubeObject;
  const object = last === undefined ? merged : prune(merged, last, [...others, self], kind, context);
  const { changed, removed } = compareObjects(
    kind,
    live as unknown as Fields,
    object as unknown as Fields,
    subresource,
    true,
  );
  const conflicts: Conflict[] = [];
  const list: Owner[] = [];
  for (const owner of others) {
    const lost = lostBy(owner, { changed, removed }, application, object, context);
    if (lost === null) continue;
    const taken = intersection(owner.fields, lost.changed);
    if (taken !== noFields) conflicts.push({ writer: owner.writer, fields: taken });
    const kept = difference(difference(owner.fields, taken), lost.removed);
    if (kept !== noFields) list.push(kept === owner.fields ? owner : { ...owner, fields: kept });
  }
  // Upstream takes what is removed from the applier too, though it cannot own what it does not apply.
  const own = difference(difference(fields, removed), stripped);
  if (own !== noFields) list.push({ ...self, fields: own });
  return { object, owners: new Owners(list), conflicts };
}

/** An owner as its fields count today: the schema of a custom resource may have changed since. */
function reconciled(owner: Owner, kind: AnyKind): Owner {
  if (kind.custom === undefined || owner.writer.apiVersion !== apiVersionOf(kind)) return owner;
  const fields = withAtomicParts(schemaOf(kind), owner.fields);
  return fields === owner.fields ? owner : { ...owner, fields };
}

/** What changed in the version in which an owner knows the object; null where that is no longer served. */
function lostBy(
  { writer }: Owner,
  here: { readonly changed: FieldSet; readonly removed: FieldSet },
  { kind, live, subresource }: Application,
  object: KubeObject,
  context: ServerContext,
): { readonly changed: FieldSet; readonly removed: FieldSet } | null {
  if (writer.apiVersion === apiVersionOf(kind)) return here;
  const other = kindInVersion(kind, writer.apiVersion, context);
  if (other === undefined) return null;
  const [before, after] = [live, object].map((each) => convert(each, kind, other) as unknown as Fields);
  return compareObjects(other, before!, after!, subresource, true);
}

/** Takes out what the manager applied last and nobody owns now. */
function prune(
  merged: KubeObject,
  last: Owner,
  owners: readonly Owner[],
  kind: AnyKind,
  context: ServerContext,
): KubeObject {
  const version = kindInVersion(kind, last.writer.apiVersion, context);
  if (version === undefined) return merged;
  const schema = schemaOf(version);
  const whole = convert(merged, kind, version);
  const named = (fields: FieldSet) => withNamedFields(schema, fields);
  const pruned = removeFields(schema, whole, named(last.fields), true) ?? {};
  const wholeFields = named(fieldsOf(schema, whole));
  const owned = named(ownedBy(owners.filter((owner) => owner.writer.apiVersion === last.writer.apiVersion)));
  const withOwned = removeFields(
    schema,
    whole,
    difference(wholeFields, union(named(fieldsOf(schema, pruned)), owned)),
    true,
  );
  const gone = difference(wholeFields, named(fieldsOf(schema, withOwned)));
  // Only what it applied itself goes: items that nobody owns stay.
  const result = removeFields(schema, whole, intersection(gone, named(last.fields))) ?? {};
  return convert(result as KubeObject, version, kind);
}

/** What the server answers to conflicts. Upstream: internal/conflict.go */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const each = conflicts
    .toSorted((a, b) => (sortKey(a.writer) < sortKey(b.writer) ? -1 : 1))
    .map(({ writer, fields }) => ({ who: writerText(writer), paths: pathsOf(fields).map(pathText) }));
  const causes = each.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`
      : `Apply failed with ${causes.length} conflicts: ${each
          .flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)])
          .join('\n')}`;
  return new StatusError('Conflict', message, { causes });
}

function sortKey({ manager, operation, apiVersion, subresource }: Writer): string {
  return JSON.stringify({ manager, operation, apiVersion, subresource });
}

function writerText({ manager, operation, apiVersion, subresource }: Writer): string {
  const who = JSON.stringify(manager) + (subresource && ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}
